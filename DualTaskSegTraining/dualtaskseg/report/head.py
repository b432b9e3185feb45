"""The head of the report: what came out, how good it is, and that every mask must be looked at."""

from __future__ import annotations

import math

import numpy as np

from dualtaskseg.evaluation.metrics import UNION
from dualtaskseg.evaluation.tables import counted
from dualtaskseg.progress import format_duration
from dualtaskseg.report.content import ReportContent
from dualtaskseg.report.history import History
from dualtaskseg.report.words import finite, listed, sentence, shown, text

FEW = 5  # validation scans; with fewer, a mean says little


def head(content: ReportContent, history: History) -> str:
    """Title, the one or two sentences to take away, the figures to remember, warnings."""
    outcome_class = "finished" if content.outcome == "finished" else "other"
    created = f"<span>{text(content.created)}</span>" if content.created else ""
    research = (
        "<p><strong>For research, not for diagnosis or treatment.</strong> This model is no medical device. "
        "It can be wrong on any scan, also where its figures are good: look at every mask before you use it.</p>"
    )
    warnings = "".join(f"<li>{text(sentence(warning))}</li>" for warning in content.warnings)
    warned = f'<div class="notice"><strong>Please note</strong><ul>{warnings}</ul></div>' if warnings else ""
    return (
        f"<header><h1>{text(content.title)}</h1>"
        f'<div class="meta"><span class="pill {outcome_class}">{text(content.outcome)}</span>{created}</div>'
        f'<p class="lead">{_what_came_out(content)} {_how_good(content, history)}</p>'
        f"{_tiles(content, history)}"
        f'<div class="notice research">{research}</div>{warned}</header>'
    )


def _what_came_out(content: ReportContent) -> str:
    names = [str(segment["name"]) for segment in content.segments]
    what = f"A model that outlines {text(listed(names))}" if names else "A model"
    counts = {role: content.scans.get(role, 0) for role in ("labeled", "unlabeled")}
    sources = [f"{count} {role}" for role, count in counts.items() if count]
    if sources:
        is_one = sum(counts.values()) == 1
        what += f", learned from {listed(sources)} {'scan' if is_one else 'scans'}"
    early = "" if content.outcome == "finished" else f" Its training was not completed ({text(content.outcome)})."
    return f"{what}.{early}"


def _validation_dice(content: ReportContent, history: History) -> tuple[list[float], float]:
    """The whole structure's Dice of each validation scan, and the mean, which may be all that is known."""
    values = finite(case.union for case in content.cases_of("validation"))
    if values:
        return values, float(np.mean(values))
    series = history.dice(UNION, color="")
    return [], float(series.finite[1][-1]) if series else math.nan


def _how_good(content: ReportContent, history: History) -> str:
    values, mean = _validation_dice(content, history)
    if math.isfinite(mean):
        scans = f"the {counted(len(values), 'labeled scan')}" if len(values) != 1 else "the one labeled scan"
        scans = scans if values else "the labeled scans"
        few = " With so few scans this is a rough figure." if values and len(values) < FEW else ""
        return (
            f"On {scans} kept back to check it, its masks overlap the given outlines with a mean Dice of "
            f"<strong>{shown(mean, 2)}</strong> (1 would be identical).{few}"
        )
    unmeasured = "How good it is has not been measured: no labeled scan was kept back to check it."
    expected = finite(case.expected_dice for case in content.cases_of("unlabeled"))
    if expected:
        return (
            f"{unmeasured} From how well its two networks agree, a Dice of about "
            f"<strong>{shown(float(np.mean(expected)), 2)}</strong> is expected on the unlabeled scans (1 would be "
            "identical): a forecast, not a measurement."
        )
    return unmeasured


def _tiles(content: ReportContent, history: History) -> str:
    tiles = []
    values, mean = _validation_dice(content, history)
    if math.isfinite(mean):
        of = f"mean Dice on {counted(len(values), 'validation scan')}" if values else "mean Dice on validation scans"
        span = f"measured; from {shown(min(values))} to {shown(max(values))}" if len(values) > 1 else "measured"
        tiles.append((shown(mean), of, span))
    unlabeled = content.cases_of("unlabeled")
    expected = finite(case.expected_dice for case in unlabeled)
    if expected:
        span = f"; from {shown(min(expected))} to {shown(max(expected))}" if len(expected) > 1 else ""
        of = f"mean expected Dice on {counted(len(expected), 'unlabeled scan')}"
        tiles.append((shown(float(np.mean(expected))), of, f"forecast, not measured{span}"))
    if content.scans:
        labeled, without, validation = (content.scans.get(role, 0) for role in ("labeled", "unlabeled", "validation"))
        kept = f"{counted(validation, 'labeled scan')} kept back" if validation else "none kept back"
        if without:
            tiles.append((f"{labeled} + {without}", "labeled + unlabeled scans learned from", kept))
        else:
            tiles.append((f"{labeled}", "labeled scans learned from", kept))
    if math.isfinite(history.seconds):
        tiles.append(
            (
                format_duration(history.seconds),
                "of training",
                f"{history.last:,.0f} {'step' if history.last == 1 else 'steps'}",
            )
        )
    if not tiles:
        return ""
    cards = "".join(
        f'<div class="card tile"><b>{text(big)}</b><span>{text(what)}</span><small>{text(more)}</small></div>'
        for big, what, more in tiles
    )
    return f'<div class="tiles">{cards}</div>'
