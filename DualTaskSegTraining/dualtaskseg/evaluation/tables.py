"""Figures as plain text for the terminal: an evaluation per segment with the cases worth a look, and measurements."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dualtaskseg.evaluation.compare import MEASURES, Evaluation, Statistics
from dualtaskseg.evaluation.measure import CaseSizes
from dualtaskseg.terminal import counted, one_line

DECIMALS = {"dice": 4, "jaccard": 4, "hd95_mm": 2, "assd_mm": 2, "hd_mm": 2}
TITLES = {"dice": "Dice", "jaccard": "Jaccard", "hd95_mm": "HD95 mm", "assd_mm": "ASSD mm", "hd_mm": "HD mm"}
UNDEFINED = "–"


def evaluation_text(evaluation: Evaluation) -> str:
    """Returns the counts, a table per segment and the five worst cases, for a terminal."""
    parts = [_counts(evaluation)]
    if evaluation.rows:
        parts += [_summary_table(evaluation), _undefined(evaluation), _worst_table(evaluation)]
    return "\n\n".join(part for part in parts if part)


def sizes_text(cases: Sequence[CaseSizes]) -> str:
    """Returns a line for each structure of each case."""
    lines = [["Case", "Structure", "Volume mL", "Axial mm", "across it", "In 3D mm"]]
    for case in cases:
        for name, size in case.sizes.items():
            diameters = (size.axial_mm, size.perpendicular_mm, size.largest_mm)
            lengths = (UNDEFINED if math.isnan(length) else f"{length:.1f}" for length in diameters)
            lines.append([one_line(case.case), one_line(name), f"{size.volume_ml:.4g}", *lengths])
    return _aligned(lines)


def _counts(evaluation: Evaluation) -> str:
    lines = [f"{counted(evaluation.compared, 'case')} compared."]
    if evaluation.problems:
        lines.append(f"{counted(len(evaluation.problems), 'case')} could not be compared.")
    missing = len(evaluation.missing_predictions)
    if missing:
        lines.append(f"{counted(missing, 'reference')} {'has' if missing == 1 else 'have'} no prediction.")
    if evaluation.missing_references:
        lines.append(f"Predictions without reference: {', '.join(evaluation.missing_references)}.")
    return "\n".join(lines)


def _summary_table(evaluation: Evaluation) -> str:
    header = ["Segment", "Dice mean ± SD", "median", "min", "Jaccard", "HD95 mm", "max", "ASSD mm", "HD mm"]
    lines = [header]
    for segment, measures in evaluation.summary().items():
        dice, hd95 = measures["dice"], measures["hd95_mm"]
        lines.append(
            [
                segment,
                _mean(dice, "dice"),
                _number(dice.median, "dice"),
                _number(dice.minimum, "dice"),
                _mean(measures["jaccard"], "jaccard"),
                _mean(hd95, "hd95_mm"),
                _number(hd95.maximum, "hd95_mm"),
                _mean(measures["assd_mm"], "assd_mm"),
                _mean(measures["hd_mm"], "hd_mm"),
            ]
        )
    return _aligned(lines)


def _undefined(evaluation: Evaluation) -> str:
    """Says where distances are missing from the means."""
    lines = [
        f"{segment}: in {counted(measures['hd95_mm'].undefined, 'case')} either the prediction or the reference is"
        " empty; HD95, ASSD and HD leave them out."
        for segment, measures in evaluation.summary().items()
        if measures["hd95_mm"].undefined
    ]
    return "\n".join(lines)


def _worst_table(evaluation: Evaluation) -> str:
    worst = evaluation.worst_cases()
    lines = [["Lowest Dice", *TITLES.values()]]
    lines += [[row.case, *(_number(getattr(row.score, measure), measure) for measure in MEASURES)] for row in worst]
    return _aligned(lines)


def _mean(figures: Statistics, measure: str) -> str:
    mean = _number(figures.mean, measure)
    return mean if math.isnan(figures.sd) else f"{mean} ± {_number(figures.sd, measure)}"


def _number(figure: float, measure: str) -> str:
    return UNDEFINED if math.isnan(figure) else f"{figure:.{DECIMALS[measure]}f}"


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    """Columns of even width: the first to the left, the others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
