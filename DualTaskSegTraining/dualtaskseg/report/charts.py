"""Curves over the training's steps as inline SVG, readable in light and dark, on screen and on paper."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dualtaskseg.report.words import text as safe

HEIGHT = 300.0
LEFT, TOP, BOTTOM = 50.0, 28.0, 50.0
UNIT_END = 124.0  # where the vertical axis's title ends
MOST_POINTS = 300  # of a curve; more can't be seen and would make the page heavy
SMOOTHED_PART = 0.04  # of a curve's points, on either side, that a smoothed point averages
LOGARITHMIC_FROM = 25.0  # ratio of the largest to the smallest smoothed value
LABEL_DISTANCE = 14.0


@dataclass(frozen=True)
class Series:
    """One curve.

    Attributes:
        name: as in the legend.
        short: beside the curve's end; the name where empty.
        x: steps, ascending.
        y: values; not finite where there is none.
        color: a CSS color.
        smoothed: draw the values faintly and their running mean strongly; else draw the values.
        marker: 0..3, the shape that marks each value, so that curves can be told apart without colors; None for none.
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    color: str
    smoothed: bool = True
    marker: int | None = None
    short: str = ""

    @property
    def finite(self) -> tuple[np.ndarray, np.ndarray]:
        known = np.isfinite(self.y)
        return self.x[known], self.y[known]


@dataclass(frozen=True)
class Timeline:
    """What the step axes of all charts share.

    Attributes:
        last: the last step of the training so far.
        steps: steps at which the time is known, ascending; may be empty.
        seconds: the time trained by then.
        mutual_start: the step at which the networks began to teach each other, or None.
        events: steps at which something happened, in the order of the list beside the charts.
    """

    last: float
    steps: np.ndarray
    seconds: np.ndarray
    mutual_start: float | None = None
    events: tuple[float, ...] = ()

    def minutes(self, step: float) -> float | None:
        """Minutes trained at a step, or None where it isn't known."""
        if not len(self.steps):
            return None
        return float(np.interp(step, [0.0, *self.steps], [0.0, *self.seconds])) / 60


@dataclass(frozen=True)
class Extent:
    """The horizontal extent of a chart.

    Attributes:
        width: of the whole drawing.
        right: where the curves' area ends; names and units stand beyond.
        last: the step there.
    """

    width: float
    right: float
    last: float

    def place(self, steps: np.ndarray | float) -> np.ndarray:
        """Horizontal coordinates."""
        return LEFT + np.asarray(steps, dtype=float) / self.last * (self.right - LEFT)


@dataclass(frozen=True)
class Scale:
    """The vertical axis.

    Attributes:
        low, high: its ends.
        ticks: values with a line and a figure.
        logarithmic: equal distances are equal ratios.
        percent: figures are percentages.
    """

    low: float
    high: float
    ticks: tuple[float, ...]
    logarithmic: bool = False
    percent: bool = False

    def place(self, values: np.ndarray | float) -> np.ndarray:
        """Vertical coordinates, values beyond the ends at the ends."""
        values = np.clip(values, self.low, self.high)
        if self.logarithmic:
            part = (np.log(values) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
        else:
            part = (values - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP)


def loss_scale(series: Sequence[Series]) -> Scale:
    """Logarithmic where the smoothed values span much and all are positive; else as :func:`linear_scale`."""
    smooth = np.concatenate([smoothed(one.finite[1]) for one in series])
    raw = np.concatenate([one.finite[1] for one in series])
    low, high = float(smooth.min()), float(max(smooth.max(), np.percentile(raw, 98)))
    if raw.min() > 0 and high / low >= LOGARITHMIC_FROM:
        low = max(
            min(low, float(np.percentile(raw, 2))), high / 1e5
        )  # far below, a curve is as good as 0 and would press the others together
        ticks = _logarithmic_ticks(low, high)
        return Scale(min(low, ticks[0]) * 0.95, max(high, ticks[-1]) * 1.05, ticks, logarithmic=True)
    return linear_scale(series)


def linear_scale(series: Sequence[Series]) -> Scale:
    """Equal distances, from 0 where no value is negative."""
    values = np.concatenate([one.finite[1] for one in series])
    return _linear_scale(min(float(values.min()), 0.0), float(np.percentile(values, 99.5)))


def dice_scale(series: Sequence[Series]) -> Scale:
    """From a round figure below all values to 1, for overlap figures."""
    lowest = min(float(one.finite[1].min()) for one in series)
    low = next((start for start in (0.9, 0.8, 0.7, 0.5) if lowest >= start + 0.02), 0.0)
    step = {0.9: 0.02, 0.8: 0.05, 0.7: 0.05, 0.5: 0.1, 0.0: 0.2}[low]
    return Scale(low, 1.0, tuple(round(low + i * step, 2) for i in range(round((1 - low) / step) + 1)))


def share_scale(series: Sequence[Series]) -> Scale:
    """Percentages from 0, for parts of a whole."""
    scale = _linear_scale(0.0, max(float(one.finite[1].max()) for one in series))
    return Scale(scale.low, scale.high, scale.ticks, percent=True)


def _linear_scale(low: float, high: float) -> Scale:
    step = _round_step((high - low) / 4 if high > low else max(abs(high), 1.0) / 4)
    first, last = math.floor(low / step + 1e-9), max(math.ceil(high / step - 1e-9), math.floor(low / step) + 1)
    ticks = tuple(i * step for i in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def _logarithmic_ticks(low: float, high: float) -> tuple[float, ...]:
    """Ticks within the ends at 1, 2, 5 of each power of ten, or only at the powers where these are many."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    factors = (1, 2, 5) if math.log10(high / low) < 2.2 else (1,)
    ticks = [factor * 10.0**decade for decade in decades for factor in factors]
    return tuple(tick for tick in ticks if low * 0.8 <= tick <= high * 1.25)


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that isn't smaller."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= least * (1 - 1e-9))


def smoothed(values: np.ndarray) -> np.ndarray:
    """The running mean, centered, so that it doesn't lag.

    At the beginning, where losses fall steeply, it reaches about equally far back and ahead; at the end, where they
    hardly change, it averages what there is, so that the last value isn't a single measurement.
    """
    half = round(SMOOTHED_PART * len(values))
    if half < 1:
        return values
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    index = np.arange(len(values))
    back = np.minimum(half, index)
    ahead = np.minimum(np.maximum(back, min(half, 3)), len(values) - 1 - index)
    means = (sums[index + ahead + 1] - sums[index - back]) / (ahead + back + 1)
    return np.clip(means, values.min(), values.max())  # rounding must not make a positive loss 0


def curve_chart(
    series: Sequence[Series], scale: Scale, timeline: Timeline, unit: str, description: str, is_small: bool = False
) -> str:
    """A chart as an ``<svg>`` element.

    Args:
        series: the curves; each has at least one finite value.
        scale: the vertical axis.
        timeline: the horizontal axis.
        unit: the vertical axis's title.
        description: for those who can't see it.
        is_small: a narrow chart without the curves' names, for a single curve.
    """
    last = max([timeline.last, *(float(one.x[-1]) for one in series), 1.0])
    extent = Extent(372, 288, last) if is_small else Extent(560, 418, last)
    parts = [
        f'<svg class="chart" viewBox="0 0 {extent.width:g} {HEIGHT:g}" role="img" aria-label="{safe(description)}">',
        _vertical_axis(scale, unit, extent),
        _horizontal_axis(extent, timeline),
        _mutual_mark(extent, timeline),
    ]
    parts += [_faint_line(one, scale, extent) for one in series if one.smoothed]
    parts += [_strong_line(one, scale, extent) for one in series]
    parts += [_event_marks(extent, timeline), _end_labels(series, scale, extent, has_names=not is_small)]
    return "".join([*parts, "</svg>"])


def figure(value: float) -> str:
    """A value with two or three digits: ``1.23``, ``0.123``, ``0.0012``, ``1.2e-05``."""
    return f"{value:.3g}" if abs(value) >= 0.1 else f"{value:.2g}"


def _tick_text(value: float, percent: bool) -> str:
    return f"{100 * value:g}%" if percent else f"{value:g}"


def _vertical_axis(scale: Scale, unit: str, extent: Extent) -> str:
    parts = [f'<text class="unit" x="8" y="{TOP - 12:g}">{safe(unit)}</text>']
    for tick in scale.ticks:
        y = float(scale.place(tick))
        css_class = "base" if tick == scale.low and not scale.logarithmic else "grid"
        parts.append(f'<path class="{css_class}" d="M{LEFT:g} {y:.1f}H{extent.right:g}"/>')
        text = _tick_text(round(tick, 10), scale.percent)
        parts.append(f'<text class="tick" x="{LEFT - 8:g}" y="{y + 4:.1f}" text-anchor="end">{text}</text>')
    return "".join(parts)


def _horizontal_axis(extent: Extent, timeline: Timeline) -> str:
    bottom, last = HEIGHT - BOTTOM, extent.last
    step = math.ceil(_round_step(last / (extent.right - LEFT) * 64))
    parts = [f'<path class="base" d="M{LEFT:g} {bottom:g}H{extent.right:g}"/>']
    has_time = timeline.minutes(last) is not None
    for tick in np.arange(0, last + 1e-9, step):
        x = float(extent.place(tick))
        parts.append(f'<path class="base" d="M{x:.1f} {bottom:g}v4"/>')
        parts.append(f'<text class="tick" x="{x:.1f}" y="{bottom + 17:g}" text-anchor="middle">{tick:,.0f}</text>')
        if has_time:
            time = _time_text(timeline.minutes(tick), timeline.minutes(last))
            parts.append(f'<text class="time" x="{x:.1f}" y="{bottom + 32:g}" text-anchor="middle">{time}</text>')
    title_x = extent.right + 30
    parts.append(f'<text class="unit" x="{title_x:g}" y="{bottom + 17:g}">steps</text>')
    if has_time:
        parts.append(
            f'<text class="unit" x="{title_x:g}" y="{bottom + 32:g}">{_time_unit(timeline.minutes(last))}</text>'
        )
    return "".join(parts)


def _time_unit(whole_minutes: float) -> str:
    return "hours" if whole_minutes >= 180 else "minutes" if whole_minutes >= 3 else "seconds"


def _time_text(minutes: float, whole_minutes: float) -> str:
    parts = {"hours": 60.0, "minutes": 1.0, "seconds": 1 / 60}[_time_unit(whole_minutes)]
    decimals = 1 if whole_minutes / parts < 20 else 0
    return f"{minutes / parts:.{decimals}f}" if minutes else "0"


def _mutual_mark(extent: Extent, timeline: Timeline) -> str:
    """Where mutual learning began."""
    if timeline.mutual_start is None:
        return ""
    x = float(extent.place(timeline.mutual_start))
    is_late = x > LEFT + 0.5 * (extent.right - LEFT)
    anchor, text_x = ("end", x) if is_late else ("start", max(x, UNIT_END))
    return (
        f'<path class="mutual" d="M{x:.1f} {TOP - 8:g}V{HEIGHT - BOTTOM:g}"/>'
        f'<text class="mutual" x="{text_x:.1f}" y="{TOP - 12:g}" text-anchor="{anchor}">mutual learning begins</text>'
    )


def _event_marks(extent: Extent, timeline: Timeline) -> str:
    """The numbers of events above the horizontal axis, as in the list beside the charts."""
    bottom = HEIGHT - BOTTOM
    parts, groups = [], []
    for number, step in enumerate(timeline.events, 1):
        x = float(extent.place(step))
        parts.append(f'<path class="event" d="M{x:.1f} {bottom:g}v-9"/>')
        if groups and x - groups[-1][0] < LABEL_DISTANCE:
            groups[-1][1].append(number)
        else:
            groups.append((x, [number]))
    for x, numbers in groups:
        label = str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"
        parts.append(f'<text class="event" x="{x:.1f}" y="{bottom - 12:g}" text-anchor="middle">{label}</text>')
    return "".join(parts)


def _faint_line(one: Series, scale: Scale, extent: Extent) -> str:
    """The values as measured; of very many, the smallest and the largest of each stretch."""
    x, y = one.finite
    if len(x) > 2 * MOST_POINTS:
        stretches = np.array_split(np.arange(len(x)), MOST_POINTS)
        chosen = np.unique([i for s in stretches for i in (s[y[s].argmin()], s[y[s].argmax()])])
        x, y = x[chosen], y[chosen]
    return f'<path class="raw" style="stroke:{one.color}" d="{_line(extent.place(x), scale.place(y))}"/>'


def _strong_line(one: Series, scale: Scale, extent: Extent) -> str:
    x, y = one.finite
    if one.smoothed:
        y = smoothed(y)
        if len(x) > MOST_POINTS:
            chosen = np.unique(np.linspace(0, len(x) - 1, MOST_POINTS).round().astype(int))
            x, y = x[chosen], y[chosen]
    places_x, places_y = extent.place(x), scale.place(y)
    parts = []
    if len(x) > 1:
        parts.append(f'<path class="curve" style="stroke:{one.color}" d="{_line(places_x, places_y)}"/>')
    if len(x) == 1 or one.marker is not None:
        for step, value, left, top in zip(x, y, places_x, places_y, strict=True):
            title = f"{safe(one.name)}, step {step:,.0f}: {value:.3f}"
            marker = _marker(one.marker or 0, float(left), float(top))
            parts.append(f'<path class="marker" style="fill:{one.color}" d="{marker}"><title>{title}</title></path>')
    return "".join(parts)


def _line(x: np.ndarray, y: np.ndarray) -> str:
    return "M" + "L".join(f"{left:.1f} {top:.1f}" for left, top in zip(x, y, strict=True))


def _marker(shape: int, x: float, y: float) -> str:
    """Path data of a circle, square, triangle or diamond around a point."""
    return (
        f"M{x - 4:.1f} {y:.1f}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
        f"M{x - 3.6:.1f} {y - 3.6:.1f}h7.2v7.2h-7.2z",
        f"M{x:.1f} {y - 4.8:.1f}l4.6 8h-9.2z",
        f"M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z",
    )[shape % 4]


def _end_labels(series: Sequence[Series], scale: Scale, extent: Extent, has_names: bool) -> str:
    """Each curve's name and last value beside its end, moved apart where they would overlap."""
    ends = []
    for one in series:
        x, y = one.finite
        value = float(smoothed(y)[-1]) if one.smoothed else float(y[-1])
        ends.append((float(scale.place(value)), float(extent.place(x[-1])), value, one))
    ends.sort(key=lambda end: end[0])
    places = _apart([end[0] for end in ends], TOP, HEIGHT - BOTTOM)
    parts = []
    for place, (y, x, value, one) in zip(places, ends, strict=True):
        left = extent.right + 14
        if abs(place - y) > 3 or left - x > 16:
            parts.append(
                f'<path class="leader" style="stroke:{one.color}" d="M{x + 6:.1f} {y:.1f}L{left - 3:g} {place:.1f}"/>'
            )
        text = _tick_text(float(figure(value)), scale.percent) if one.marker is None else f"{value:.3f}"
        name = f" {safe(_short(one.short or one.name))}" if has_names else ""
        parts.append(
            f'<text class="end" style="fill:{one.color}" x="{left:g}" y="{place + 4:.1f}">'
            f'<tspan class="value">{text}</tspan>{name}</text>'
        )
    return "".join(parts)


def _apart(wanted: Sequence[float], low: float, high: float) -> list[float]:
    """Ascending places at least a label's height apart, near the wanted ones."""
    places = list(wanted)
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + LABEL_DISTANCE)
    overlap = places[-1] - high if places else 0
    if overlap > 0:
        places[-1] -= overlap
        for i in range(len(places) - 2, -1, -1):
            places[i] = min(places[i], places[i + 1] - LABEL_DISTANCE)
    return places


def _short(name: str, length: int = 12) -> str:
    return name if len(name) <= length else name[: length - 1].rstrip() + "…"
