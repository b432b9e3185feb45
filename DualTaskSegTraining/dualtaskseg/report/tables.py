"""The report's tables: the validation figures of each segment, and the figures of each scan."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from dualtaskseg.evaluation.tables import UNDEFINED
from dualtaskseg.report.content import ROLES, CaseFigures, ReportContent
from dualtaskseg.report.words import finite, listed, number, shown, swatch, text

LONG_TABLE = 25  # rows; a longer table scrolls in itself


def segment_table(content: ReportContent) -> str:
    """The finished model's Dice on the validation scans; empty where there are none."""
    cases = content.cases_of("validation")
    rows = []
    for segment in content.segments:
        name = str(segment["name"])
        rows.append((f"{swatch(segment)} <bdi>{text(name)}</bdi>", finite(case.dice.get(name) for case in cases)))
    if len(rows) != 1:
        rows.append(("All together", finite(case.union for case in cases)))
    if not any(values for _, values in rows):
        return ""
    heads = "".join(
        f'<th class="number" scope="col">{head}</th>' for head in ("Mean", "SD", "Lowest", "Highest", "Scans")
    )
    body = "".join(f'<tr><th scope="row">{name}</th>{_statistics(values)}</tr>' for name, values in rows)
    return (
        '<div class="card chart-card"><h3>Dice on the validation scans</h3>'
        "<p>The finished model against the given outlines, on scans it did not learn from.</p>"
        f'<div class="table-box"><table><thead><tr><th scope="col">Segment</th>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div></div>"
    )


def _statistics(values: Sequence[float]) -> str:
    known = np.array(values)
    figures = [
        shown(float(known.mean())) if len(known) else UNDEFINED,
        shown(float(known.std(ddof=1))) if len(known) > 1 else UNDEFINED,
        shown(float(known.min())) if len(known) else UNDEFINED,
        shown(float(known.max())) if len(known) else UNDEFINED,
        str(len(known)),
    ]
    return "".join(f'<td class="number">{figure}</td>' for figure in figures)


def case_table(content: ReportContent) -> str:
    """The figures of each scan; empty where there are none."""
    if not content.cases:
        return ""
    names = [str(segment["name"]) for segment in content.segments]
    columns: list[tuple[str, Callable[[CaseFigures], float]]] = [
        (name, lambda case, name=name: number(case.dice.get(name))) for name in names
    ]
    if len(names) != 1:
        columns.append(("all segments", lambda case: number(case.union)))
    columns = [(f"Dice, {title}", value) for title, value in columns]
    columns.append(("Expected Dice", lambda case: number(case.expected_dice)))
    columns.append(("Networks agree", lambda case: number(case.agreement)))
    columns = [column for column in columns if any(math.isfinite(column[1](case)) for case in content.cases)]
    cases = sorted(content.cases, key=_table_order)
    heads = "".join(f'<th class="number" scope="col">{text(title)}</th>' for title, _ in columns)
    body = "".join(
        f'<tr><th scope="row"><bdi>{text(case.name)}</bdi></th><td class="role">{text(case.role)}</td>'
        + "".join(_cell(value(case)) for _, value in columns)
        + "</tr>"
        for case in cases
    )
    long = " long" if len(cases) > LONG_TABLE else ""
    return (
        f"<p>{_table_note(content)}</p>"
        f'<div class="card table-box{long}" tabindex="0"><table class="sortable"><thead><tr><th scope="col">Scan</th>'
        f'<th scope="col">Role</th>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _table_order(case: CaseFigures) -> tuple[int, float]:
    """By role; the unlabeled scans on which the networks agree least come first, they are worth a look."""
    role = case.role
    place = ROLES.index(role) if role in ROLES else len(ROLES)
    agreement = number(case.agreement) if role == "unlabeled" else 0.0
    return place, agreement if math.isfinite(agreement) else math.inf


def _cell(value: float) -> str:
    known = f' data-value="{value:.6g}"' if math.isfinite(value) else ""
    return f'<td class="number"{known}>{shown(value)}</td>'


def _table_note(content: ReportContent) -> str:
    notes = []
    listed_of = [
        f"{len(content.cases_of(role))} of the {content.scans[role]} {role}"
        for role in ROLES
        if len(content.cases_of(role)) < content.scans.get(role, 0)
    ]
    if listed_of:
        notes.append(f"The table has {listed(listed_of)} scans.")
    learned = [case for case in content.cases_of("labeled") if finite([case.union, *case.dice.values()])]
    if learned:
        notes.append("The model learned from the labeled scans: on new ones its Dice will be lower than on these.")
    doubtful = [case for case in content.cases_of("unlabeled") if math.isfinite(number(case.agreement))]
    if len(doubtful) > 3:
        least = sorted(doubtful, key=_table_order)[:3]
        names = listed([f"{case.name} ({shown(number(case.agreement), 2)})" for case in least])
        notes.append(
            f"The two networks agree least on {text(names)}: look at these first, they are worth outlining next."
        )
    return " ".join(notes)
