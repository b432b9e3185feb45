"""What the page shows, computed from what the report tells. ``report.html.j2`` holds the words around it."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dualtaskseg.evaluation.metrics import UNION
from dualtaskseg.evaluation.tables import UNDEFINED
from dualtaskseg.progress import format_duration
from dualtaskseg.report.charts import Chart, chart_of, dice_scale, linear_scale, loss_scale
from dualtaskseg.report.content import ROLES, CaseFigures, ReportContent
from dualtaskseg.report.history import History
from dualtaskseg.report.pictures import Picture, look_of, picture_of
from dualtaskseg.report.words import enumerated, finite, number, shown
from dualtaskseg.terminal import counted

FEW = 5  # validation scans; with fewer, a mean says little
LONG_TABLE = 25  # rows; a longer table scrolls in itself
MOST_CURVES = 6  # of validation Dice
SHOWN_AS = {"label": "given outline"}
LIGHT_SURFACE, DARK_SURFACE = (255, 255, 255), (27, 31, 36)
LEAST_CONTRAST = 3.0  # of graphics against their ground, WCAG 2.1, 1.4.11


@dataclass(frozen=True)
class SegmentView:
    """A segment: its own color as CSS, and that of its lines on light and dark ground."""

    name: str
    color: str
    on_light: str
    on_dark: str


@dataclass(frozen=True)
class Quality:
    """How good the model is, as far as that is known.

    Attributes:
        values: the whole structure's Dice of each validation scan.
        mean: of them, or of the last validation of the training, or NaN.
    """

    values: list[float]
    mean: float
    expected: list[float]

    @property
    def scans(self) -> str:
        """The validation scans in words."""
        if not self.values:
            return "the labeled scans"
        return f"the {counted(len(self.values), 'labeled scan')}" if len(self.values) != 1 else "the one labeled scan"

    @property
    def is_rough(self) -> bool:
        return 0 < len(self.values) < FEW

    @property
    def is_measured(self) -> bool:
        return math.isfinite(self.mean)

    @property
    def mean_expected(self) -> float:
        return float(np.mean(self.expected)) if self.expected else math.nan


@dataclass(frozen=True)
class CaseRow:
    """A row of the table of scans; NaN where a column has no figure for it."""

    name: str
    role: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class ReportView:
    """Everything on the page, in its order.

    Attributes:
        segments: in the order of their label values.
        sources: the scans learned from in words, empty where they aren't known; ``is_one_scan``: there is one only.
        tiles: figures to remember, what they are, and more about them.
        segment_rows: name, color and validation figures of each segment and of all together.
        looks: the outlines' looks, and what each means.
        columns: titles of the table of scans; ``rows``: its rows, ``is_long``: there are many.
        missing: how many scans of a role the table lacks, in words.
        least_agreed: the unlabeled scans to be looked at first.
        dice, from_labels, from_each_other, loss, rate: charts; None where nothing is known.
        not_drawn: how many segments the Dice chart lacks.
        events: steps, and what happened.
    """

    content: ReportContent
    segments: list[SegmentView]
    names: str
    sources: str
    is_one_scan: bool
    quality: Quality
    tiles: list[tuple[str, str, str]]
    segment_rows: list[tuple[str, str, list[str]]]
    looks: dict[str, str]
    pictures: list[Picture]
    columns: list[str]
    rows: list[CaseRow]
    is_long: bool
    missing: str
    has_learned_from_table: bool
    least_agreed: str
    is_mutual: bool
    dice: Chart | None
    not_drawn: int
    from_labels: Chart | None
    from_each_other: Chart | None
    loss: Chart | None
    rate: Chart | None
    events: list[tuple[str, str]]


def view_of(content: ReportContent) -> ReportView:
    """What the page shows."""
    history = History(content.metrics)
    segments = [
        SegmentView(
            segment.name,
            css_color(segment.color),
            readable(segment.color, LIGHT_SURFACE),
            readable(segment.color, DARK_SURFACE),
        )
        for segment in content.segments
    ]
    names = [segment.name for segment in segments]
    counts = {role: content.scans.get(role, 0) for role in ("labeled", "unlabeled")}
    quality = _quality(content, history)
    columns, rows = _case_table(content, names)
    tints = {value: segment.color for value, segment in enumerate(segments, 1)} if len(segments) > 1 else {}
    unlabeled = [case for case in content.cases_of("unlabeled") if math.isfinite(number(case.agreement))]
    least = sorted(unlabeled, key=_table_order)[:3] if len(unlabeled) > 3 else []
    dice, not_drawn = _dice_chart(history, names)
    return ReportView(
        content=content,
        segments=segments,
        names=enumerated(names),
        sources=enumerated([f"{count} {role}" for role, count in counts.items() if count]),
        is_one_scan=sum(counts.values()) == 1,
        quality=quality,
        tiles=_tiles(content, history, quality),
        segment_rows=_segment_rows(content.cases_of("validation"), segments),
        looks=_looks(content),
        pictures=[picture_of(picture, tints) for picture in content.pictures],
        columns=columns,
        rows=rows,
        is_long=len(rows) > LONG_TABLE,
        missing=enumerated(
            [
                f"{len(content.cases_of(role))} of the {content.scans[role]} {role}"
                for role in ROLES
                if len(content.cases_of(role)) < content.scans.get(role, 0)
            ]
        ),
        has_learned_from_table=any(finite([case.union, *case.dice.values()]) for case in content.cases_of("labeled")),
        least_agreed=enumerated([f"{case.name} ({shown(number(case.agreement), 2)})" for case in least]),
        is_mutual=history.is_mutual,
        dice=dice,
        not_drawn=not_drawn,
        from_labels=_losses(
            history,
            ("probability_supervised", "Probability network, mask", "probability", "Probability"),
            ("distance_supervised", "Distance network, mask", "distance", "Distance"),
            ("distance_regression", "Distance network, distances", "regression", "Distances"),
        ),
        from_each_other=_losses(
            history,
            ("probability_taught", "Probability network, taught", "probability", "Probability"),
            ("distance_taught", "Distance network, taught", "distance", "Distance"),
            ("consistency", "Squared difference of the two", "regression", "Difference"),
        ),
        loss=_losses(history, ("loss", "Whole loss", "neutral", ""), is_small=True),
        rate=_rate(history),
        events=[(f"{number(row['iteration']):,.0f}", str(row.get("text", ""))) for row in history.events],
    )


def _quality(content: ReportContent, history: History) -> Quality:
    values = finite(case.union for case in content.cases_of("validation"))
    during = history.dice(UNION)
    mean = float(np.mean(values)) if values else float(during.finite[1][-1]) if during else math.nan
    return Quality(values, mean, finite(case.expected_dice for case in content.cases_of("unlabeled")))


def _tiles(content: ReportContent, history: History, quality: Quality) -> list[tuple[str, str, str]]:
    tiles = []
    if quality.is_measured:
        values = quality.values
        of = f"mean Dice on {counted(len(values), 'validation scan')}" if values else "mean Dice on validation scans"
        tiles.append((shown(quality.mean), of, f"measured{_span(values)}"))
    if quality.expected:
        of = f"mean predicted Dice on {counted(len(quality.expected), 'unlabeled scan')}"
        tiles.append((shown(quality.mean_expected), of, f"forecast, not measured{_span(quality.expected)}"))
    if content.scans:
        labeled, without, validation = (content.scans.get(role, 0) for role in ("labeled", "unlabeled", "validation"))
        kept = f"{counted(validation, 'labeled scan')} kept back" if validation else "none kept back"
        if without:
            tiles.append((f"{labeled} + {without}", "labeled + unlabeled scans learned from", kept))
        else:
            tiles.append((f"{labeled}", "labeled scans learned from", kept))
    if math.isfinite(history.seconds):
        steps = f"{history.last:,.0f} {'step' if history.last == 1 else 'steps'}"
        tiles.append((format_duration(history.seconds), "of training", steps))
    return tiles


def _span(values: Sequence[float]) -> str:
    return f"; from {shown(min(values))} to {shown(max(values))}" if len(values) > 1 else ""


def _segment_rows(cases: Sequence[CaseFigures], segments: Sequence[SegmentView]) -> list[tuple[str, str, list[str]]]:
    """Mean, standard deviation, lowest, highest and number of the finished model's Dice; empty where there is none."""
    rows = [(one.name, one.color, finite(case.dice.get(one.name) for case in cases)) for one in segments]
    if len(rows) != 1:
        rows.append(("All together", "", finite(case.union for case in cases)))
    return [(name, color, _statistics(values)) for name, color, values in rows] if any(row[2] for row in rows) else []


def _statistics(values: Sequence[float]) -> list[str]:
    if not values:
        return [*[UNDEFINED] * 4, "0"]
    std = shown(float(np.std(values, ddof=1))) if len(values) > 1 else UNDEFINED
    return [shown(float(np.mean(values))), std, shown(min(values)), shown(max(values)), str(len(values))]


def _case_table(content: ReportContent, names: Sequence[str]) -> tuple[list[str], list[CaseRow]]:
    """The columns that hold any figure, and the scans' rows."""
    columns: dict[str, Callable[[CaseFigures], object]] = {
        f"Dice, {name}": lambda case, name=name: case.dice.get(name) for name in names
    }
    if len(names) != 1:
        columns["Dice, all segments"] = lambda case: case.union
    columns["Predicted Dice"] = lambda case: case.expected_dice
    columns["Networks agree"] = lambda case: case.agreement
    known = {title: value for title, value in columns.items() if finite(value(case) for case in content.cases)}
    cases = sorted(content.cases, key=_table_order)
    rows = [CaseRow(case.name, case.role, tuple(number(value(case)) for value in known.values())) for case in cases]
    return list(known), rows


def _table_order(case: CaseFigures) -> tuple[int, float]:
    """By role; the unlabeled scans on which the networks agree least come first, they are worth a look."""
    order = ROLES.index(case.role) if case.role in ROLES else len(ROLES)
    agreement = number(case.agreement) if case.role == "unlabeled" else 0.0
    return order, agreement if math.isfinite(agreement) else math.inf


def _looks(content: ReportContent) -> dict[str, str]:
    """What each look of an outline means."""
    sources: dict[str, list[str]] = {}
    for source in sorted({source for picture in content.pictures for source in picture.outlines}):
        sources.setdefault(look_of(source), []).append(SHOWN_AS.get(source, source))
    return {look: " / ".join(sources[look]) for look in sorted(sources)}


def _dice_chart(history: History, names: Sequence[str]) -> tuple[Chart | None, int]:
    """Validation Dice over the training, and how many segments have no room in it."""
    curves = [history.dice(name, color=f"var(--segment{i})") for i, name in enumerate(names, 1)]
    series = [one for one in curves if one]
    not_drawn = max(0, len(series) - MOST_CURVES)
    if not_drawn:
        series = sorted(series, key=lambda one: one.finite[1][-1])[:MOST_CURVES]
    whole = history.dice(UNION, color="var(--text)", short="all")
    if whole and len(names) != 1:
        series.append(replace(whole, name="All segments together"))
    elif whole and not series:
        series.append(whole)
    return chart_of(series, dice_scale(series), history.timeline) if series else None, not_drawn


def _losses(history: History, *columns: tuple[str, str, str, str], is_small: bool = False) -> Chart | None:
    """Curves by their keys, names, colors and short names."""
    curves = [history.column(key, name, f"var(--{color})", short=short) for key, name, color, short in columns]
    series = [one for one in curves if one]
    return chart_of(series, loss_scale(series), history.timeline, is_small) if series else None


def _rate(history: History) -> Chart | None:
    series = history.column("rate", "Learning rate", "var(--neutral)", smoothed=False)
    return chart_of([series], linear_scale([series]), history.timeline, is_small=True) if series else None


# --- colors, as they are, and so that lines of them stand out in light and dark


def css_color(color: Sequence[float]) -> str:
    """Red, green, blue of 0..255 as CSS."""
    return f"rgb({','.join(str(min(max(round(part), 0), 255)) for part in color)})"


def readable(color: Sequence[int], surface: Sequence[int]) -> str:
    """The color, made darker or lighter until it stands out from a surface, as ``#rrggbb``.

    Args:
        color: red, green, blue of 0..255.
        surface: the same, what it is seen on.
    """
    red, green, blue = (min(max(int(part), 0), 255) for part in color)
    hue, lightness, saturation = colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)
    step = -0.02 if _luminance(surface) > 0.5 else 0.02
    while contrast((red, green, blue), surface) < LEAST_CONTRAST and 0 <= lightness + step <= 1:
        lightness += step
        red, green, blue = (round(255 * part) for part in colorsys.hls_to_rgb(hue, lightness, saturation))
    return f"#{red:02x}{green:02x}{blue:02x}"


def contrast(one: Sequence[int], other: Sequence[int]) -> float:
    """Contrast ratio of two colors, 1..21, as WCAG 2.1 defines it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: Sequence[int]) -> float:
    def linear(part: float) -> float:
        part /= 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
