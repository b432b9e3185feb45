"""Curves over the training's steps: scales, and where each mark of a chart stands. The template draws them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

HEIGHT = 300.0
LEFT, TOP, BOTTOM = 50.0, 28.0, 250.0  # the curves' area; figures and titles stand around it
LARGE, SMALL = (560.0, 418.0), (372.0, 288.0)  # width of a chart, and where its curves' area ends
UNIT_END = 124.0  # where the vertical axis's title ends
MOST_POINTS = 300  # of a curve; more can't be seen and would make the page heavy
SMOOTHED_PART = 0.04  # of a curve's points, on either side, that a smoothed point averages
LOGARITHMIC_FROM = 25.0  # ratio of the largest to the smallest smoothed value
LABEL_DISTANCE = 14.0
LONGEST_LABEL = 12  # letters


@dataclass(frozen=True)
class Series:
    """The values of one curve.

    Attributes:
        x: steps, ascending.
        y: values; not finite where there is none.
        smoothed: draw the values faintly and their running mean strongly; else draw the values.
        has_dots: mark each value, which has three decimals.
        short: beside the curve's end; the name where empty.
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    color: str
    smoothed: bool = True
    has_dots: bool = False
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
class Scale:
    """The vertical axis.

    Attributes:
        ticks: values with a line and a figure.
        logarithmic: equal distances are equal ratios.
    """

    low: float
    high: float
    ticks: tuple[float, ...]
    logarithmic: bool = False

    def y_of(self, values: np.ndarray | float) -> np.ndarray:
        """Vertical coordinates, values beyond the ends at the ends."""
        values = np.clip(values, self.low, self.high)
        if self.logarithmic:
            part = (np.log(values) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
        else:
            part = (values - self.low) / (self.high - self.low)
        return BOTTOM - part * (BOTTOM - TOP)


@dataclass(frozen=True)
class Label:
    """A word or figure of a chart: where it stands, and for a tick of the time axis the time below it."""

    at: float
    text: str
    time: str = ""


@dataclass(frozen=True)
class Dot:
    """One value of a curve."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Curve:
    """A curve as it is drawn.

    Attributes:
        name, color: as those of the series.
        raw: path data of the values as measured, empty where the line is them.
        line: path data, empty for a single value.
        end: the last value and where it stands.
        short: what the curve is called there.
    """

    name: str
    color: str
    raw: str
    line: str
    dots: tuple[Dot, ...]
    end: Label
    short: str


@dataclass(frozen=True)
class Chart:
    """Where everything of a chart stands.

    Attributes:
        width, right: of the whole drawing, and where the curves' area ends.
        is_small: a narrow chart without the curves' names, for a single curve.
        logarithmic: its vertical axis.
        ends: each curve's last value, for those who can't see the chart.
        curves: from the first to the last.
        values: the vertical axis.
        steps: the horizontal axis.
        time_unit: of the times below the steps; empty where they aren't known.
        mutual: where mutual learning began, and where and on which side of it the words stand; or None.
        events: where something happened.
        event_numbers: those of the list beside the charts.
    """

    width: float
    right: float
    is_small: bool
    logarithmic: bool
    ends: str
    curves: tuple[Curve, ...]
    values: tuple[Label, ...]
    steps: tuple[Label, ...]
    time_unit: str
    mutual: tuple[float, float, str] | None
    events: tuple[float, ...]
    event_numbers: tuple[Label, ...]
    height: float = HEIGHT
    left: float = LEFT
    top: float = TOP
    bottom: float = BOTTOM


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
    low, high = min(float(values.min()), 0.0), float(np.percentile(values, 99.5))
    step = _round_step((high - low) / 4 if high > low else max(abs(high), 1.0) / 4)
    first, last = math.floor(low / step + 1e-9), max(math.ceil(high / step - 1e-9), math.floor(low / step) + 1)
    ticks = tuple(i * step for i in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def dice_scale(series: Sequence[Series]) -> Scale:
    """From a round figure below all values to 1, for overlap figures."""
    lowest = min(float(one.finite[1].min()) for one in series)
    low = next((start for start in (0.9, 0.8, 0.7, 0.5) if lowest >= start + 0.02), 0.0)
    step = {0.9: 0.02, 0.8: 0.05, 0.7: 0.05, 0.5: 0.1, 0.0: 0.2}[low]
    return Scale(low, 1.0, tuple(round(low + i * step, 2) for i in range(round((1 - low) / step) + 1)))


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


def chart_of(series: Sequence[Series], scale: Scale, timeline: Timeline, is_small: bool = False) -> Chart:
    """A chart of curves.

    Args:
        series: the curves; each has at least one finite value.
        scale: the vertical axis.
        timeline: the horizontal axis.
        is_small: a narrow chart without the curves' names, for a single curve.
    """
    width, right = SMALL if is_small else LARGE
    last = max([timeline.last, *(float(one.x[-1]) for one in series), 1.0])

    def across(steps: np.ndarray | float) -> np.ndarray:
        return LEFT + np.asarray(steps, dtype=float) / last * (right - LEFT)

    step = math.ceil(_round_step(last / (right - LEFT) * 64))
    minutes = timeline.minutes(last)
    events = tuple(float(across(event)) for event in timeline.events)
    values = [(one.finite[1], smoothed(one.finite[1]) if one.smoothed else one.finite[1]) for one in series]
    ends = _apart([float(scale.y_of(strong[-1])) for _, strong in values])
    return Chart(
        width=width,
        right=right,
        is_small=is_small,
        logarithmic=scale.logarithmic,
        ends="; ".join(f"{one.name} {raw[-1]:.3g} at the end" for one, (raw, _) in zip(series, values, strict=True)),
        curves=tuple(
            _curve(one, strong, end, scale, across) for one, (_, strong), end in zip(series, values, ends, strict=True)
        ),
        values=tuple(Label(float(scale.y_of(tick)), f"{round(tick, 10):g}") for tick in scale.ticks),
        steps=tuple(
            Label(float(across(tick)), f"{tick:,.0f}", _time_text(timeline.minutes(tick), minutes))
            for tick in np.arange(0, last + 1e-9, step)
        ),
        time_unit="" if minutes is None else _time_unit(minutes),
        mutual=_mutual(float(across(timeline.mutual_start)), right) if timeline.mutual_start is not None else None,
        events=events,
        event_numbers=_event_numbers(events),
    )


def _time_unit(whole_minutes: float) -> str:
    return "hours" if whole_minutes >= 180 else "minutes" if whole_minutes >= 3 else "seconds"


def _time_text(minutes: float | None, whole_minutes: float | None) -> str:
    if minutes is None or whole_minutes is None:
        return ""
    parts = {"hours": 60.0, "minutes": 1.0, "seconds": 1 / 60}[_time_unit(whole_minutes)]
    decimals = 1 if whole_minutes / parts < 20 else 0
    return f"{minutes / parts:.{decimals}f}" if minutes else "0"


def _mutual(x: float, right: float) -> tuple[float, float, str]:
    return (x, x, "end") if x > LEFT + 0.5 * (right - LEFT) else (x, max(x, UNIT_END), "start")


def _event_numbers(events: Sequence[float]) -> tuple[Label, ...]:
    """One label for events that are too near to each other for one each."""
    groups: list[tuple[float, list[int]]] = []
    for number, x in enumerate(events, 1):
        if groups and x - groups[-1][0] < LABEL_DISTANCE:
            groups[-1][1].append(number)
        else:
            groups.append((x, [number]))
    return tuple(
        Label(x, str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}") for x, numbers in groups
    )


def _curve(one: Series, strong: np.ndarray, end: float, scale: Scale, across: Callable[..., np.ndarray]) -> Curve:
    x, y = one.finite
    left, top = across(x), scale.y_of(strong)
    line, dots = "", ()
    if len(x) > 1:
        chosen = np.unique(np.linspace(0, len(x) - 1, min(len(x), MOST_POINTS)).round().astype(int))
        chosen = chosen if one.smoothed else np.arange(len(x))
        line = _line(left[chosen], top[chosen])
    if len(x) == 1 or one.has_dots:
        dots = tuple(
            Dot(float(at), float(above), f"{one.name}, step {step:,.0f}: {value:.3f}")
            for step, value, at, above in zip(x, strong, left, top, strict=True)
        )
    value = float(strong[-1])
    figure = f"{value:.3f}" if one.has_dots else f"{float(f'{value:.3g}' if abs(value) >= 0.1 else f'{value:.2g}'):g}"
    raw = _raw_line(left, scale.y_of(y), y) if one.smoothed else ""
    name = one.short or one.name
    short = name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1].rstrip() + "…"
    return Curve(one.name, one.color, raw, line, dots, Label(end, figure), short)


def _raw_line(left: np.ndarray, top: np.ndarray, values: np.ndarray) -> str:
    """The values as measured; of very many, the smallest and the largest of each stretch."""
    if len(values) > 2 * MOST_POINTS:
        stretches = np.array_split(np.arange(len(values)), MOST_POINTS)
        chosen = np.unique([i for s in stretches for i in (s[values[s].argmin()], s[values[s].argmax()])])
        left, top = left[chosen], top[chosen]
    return _line(left, top)


def _line(x: np.ndarray, y: np.ndarray) -> str:
    return "M" + "L".join(f"{left:.1f} {top:.1f}" for left, top in zip(x, y, strict=True))


def _apart(wanted: Sequence[float]) -> list[float]:
    """Heights at least a label's height apart, near the wanted ones and in the same order from top to bottom."""
    order = np.argsort(wanted, kind="stable")
    heights = np.array(wanted)[order]
    for i in range(1, len(heights)):
        heights[i] = max(heights[i], heights[i - 1] + LABEL_DISTANCE)
    heights[-1] = min(heights[-1], BOTTOM)
    for i in range(len(heights) - 2, -1, -1):
        heights[i] = min(heights[i], heights[i + 1] - LABEL_DISTANCE)
    return heights[np.argsort(order)].tolist()
