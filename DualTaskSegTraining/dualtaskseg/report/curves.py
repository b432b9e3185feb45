"""The report's curves: losses, validation Dice, learning rate, and what happened on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dualtaskseg.evaluation.metrics import UNION
from dualtaskseg.report.charts import (
    Scale,
    Series,
    Timeline,
    curve_chart,
    dice_scale,
    linear_scale,
    loss_scale,
    share_scale,
)
from dualtaskseg.report.content import ReportContent
from dualtaskseg.report.history import History
from dualtaskseg.report.words import number, sentence, text

MOST_CURVES = 6  # of validation Dice


def dice_chart(content: ReportContent, history: History) -> str:
    """Validation Dice over the training; empty where none was measured."""
    names = [str(segment["name"]) for segment in content.segments]
    series = [history.dice(name, color=f"var(--segment{i})", marker=i) for i, name in enumerate(names, 1)]
    series = [one for one in series if one]
    left_out = len(series) - MOST_CURVES
    if left_out > 0:
        series = sorted(series, key=lambda one: one.finite[1][-1])[:MOST_CURVES]
    whole = history.dice(UNION, color="var(--text)", short="all", marker=0)
    if whole and len(names) != 1:
        series.append(replace(whole, name="All segments together"))
    elif whole and not series:
        series.append(whole)
    if not series:
        return ""
    below = (
        "Mean over the validation scans during the training. No step was chosen by it: the model is the one at the end."
    )
    if left_out > 0:
        below += f" The {MOST_CURVES} segments with the lowest values are drawn, {left_out} are not."
    return _chart_card("Dice during the training", below, series, dice_scale(series), history.timeline, "Dice")


def learning(history: History) -> str:
    """Losses and what else shows how the training went, and the events on the way; empty where nothing is known."""
    terms = " It may rise where the networks begin to teach each other: terms are added." if history.is_mutual else ""
    large = [
        _loss_chart(
            history,
            "Learning from the outlines",
            "How far each network's mask is from the given outlines, and its distances from the true ones.",
            [
                ("probability_supervised", "Probability network, mask", "probability", "Probability"),
                ("distance_supervised", "Distance network, mask", "distance", "Distance"),
                ("distance_regression", "Distance network, distances", "regression", "Distances"),
            ],
        ),
        _loss_chart(
            history,
            "Learning from each other",
            "How far each network is from what the other says of the unlabeled scans.",
            [
                ("probability_taught", "Probability network, taught", "probability", "Probability"),
                ("distance_taught", "Distance network, taught", "distance", "Distance"),
                ("consistency", "Squared difference of the two", "regression", "Difference"),
            ],
        ),
    ]
    small = [
        _small_chart(history, "loss", "Whole loss", f"The weighted sum that is made small.{terms}", loss_scale),
        _small_chart(
            history,
            "pseudo_share",
            "Voxels that teach",
            "Part of the unlabeled voxels on which a network is sure enough to teach the other.",
            share_scale,
        ),
        _small_chart(
            history, "rate", "Learning rate", "How large the training's steps are.", linear_scale, smoothed=False
        ),
    ]
    if not any([*large, *small, history.events]):
        return ""
    charts = [
        f'<div class="charts{css_class}">{"".join(cards)}</div>'
        for css_class, cards in (("", large), (" small-charts", small))
        if any(cards)
    ]
    note = (
        "<p>A loss is an error: lower is better. Thin lines are what was measured, thick lines their running mean, the "
        "figures at the right its last value.</p>"
        if charts
        else ""
    )
    return f"{note}{''.join(charts)}{_events(history)}"


def _loss_chart(history: History, title: str, below: str, columns: Sequence[tuple[str, str, str, str]]) -> str:
    series = [
        history.column(key, name=name, color=f"var(--{color})", short=short) for key, name, color, short in columns
    ]
    series = [one for one in series if one]
    if not series:
        return ""
    scale = loss_scale(series)
    unit = "loss (logarithmic)" if scale.logarithmic else "loss"
    return _chart_card(title, below, series, scale, history.timeline, unit)


def _small_chart(
    history: History,
    key: str,
    title: str,
    below: str,
    scale_of: Callable[[Sequence[Series]], Scale],
    smoothed: bool = True,
) -> str:
    series = history.column(key, name=title, color="var(--neutral)", smoothed=smoothed)
    if not series:
        return ""
    scale = scale_of([series])
    unit = "logarithmic" if scale.logarithmic else ""
    return _chart_card(title, below, [series], scale, history.timeline, unit, is_small=True)


def _chart_card(
    title: str,
    below: str,
    series: Sequence[Series],
    scale: Scale,
    timeline: Timeline,
    unit: str,
    is_small: bool = False,
) -> str:
    ends = "; ".join(f"{one.name} {one.finite[1][-1]:.3g} at the end" for one in series)
    drawing = curve_chart(series, scale, timeline, unit, f"{title}. {ends}", is_small)
    legend = "".join(f"<li>{_line_key(one)}<bdi>{text(one.name)}</bdi></li>" for one in series)
    legend = f'<ul class="legend">{legend}</ul>' if len(series) > 1 else ""
    return (
        f'<figure class="card chart-card"><h3>{text(title)}</h3><p>{text(below)}</p>{legend}'
        f'<div class="chart-scroll">{drawing}</div></figure>'
    )


def _line_key(series: Series) -> str:
    return (
        '<svg width="22" height="10" aria-hidden="true">'
        f'<path d="M0 5h22" style="stroke:{series.color};stroke-width:2.4"/></svg>'
    )


def _events(history: History) -> str:
    if not history.events:
        return ""
    rows = "".join(
        f"<li>Step {number(row['iteration']):,.0f}: {text(sentence(row.get('text', '')))}</li>"
        for row in history.events
    )
    return f'<div class="card block alone"><h3>On the way</h3><ol class="plain">{rows}</ol></div>'
