"""Compares segmentations with their references: one pair, or two folders; figures as CSV and JSON."""

from __future__ import annotations

import math
import os
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dualtaskseg.contract.issue import Issue
from dualtaskseg.data.assumed import Assumed, left_open
from dualtaskseg.data.label_arrays import value_counts
from dualtaskseg.data.labels import read_named_label, voxel_values
from dualtaskseg.data.outlines import Outline, outline_of
from dualtaskseg.errors import InputError
from dualtaskseg.evaluation.metrics import BOTH_EMPTY, UNION, SegmentScore, score_masks, without_surfaces
from dualtaskseg.evaluation.pairing import Pairs, label_folder, match_folders, only_one
from dualtaskseg.evaluation.segment_names import Names, names_of
from dualtaskseg.io.access import as_stored
from dualtaskseg.io.geometry import Geometry, geometry_of
from dualtaskseg.io.label_images import reordered
from dualtaskseg.names import listed
from dualtaskseg.progress import ignore
from dualtaskseg.tablecells import csv_text

if TYPE_CHECKING:
    import SimpleITK

MEASURES = ("dice", "jaccard", "hd95_mm", "assd_mm", "hd_mm")
COLUMNS = ("case", "segment", *(column.name for column in fields(SegmentScore)))
HARDLY_MET, MOSTLY_MET = 0.1, 0.5  # Dice of a segment with its own reference, and with another's, that is told
OTHER_GRID_REMEDY = "Segment the very image that the reference was drawn on, or resample one of the two"
MAX_WORKERS = 4  # each holds two label volumes in memory


@dataclass(frozen=True)
class Row:
    """The figures of one segment (or of all segments together) in one case."""

    case: str
    segment: str
    score: SegmentScore


@dataclass(frozen=True)
class Statistics:
    """One measure of one segment over the cases where it is defined.

    Attributes:
        mean, median, minimum, maximum: NaN where there is no case.
        sd: sample standard deviation (n - 1); NaN where there are fewer than two cases.
        count: the number of cases where the measure is defined.
        undefined: the number of cases left out, where exactly one of the two masks is empty.
    """

    mean: float
    sd: float
    median: float
    minimum: float
    maximum: float
    count: int
    undefined: int


@dataclass
class Evaluation:
    """What a comparison of two folders found.

    Attributes:
        segments: name of every label value that was compared.
        rows: the figures, sorted by case: each segment in order, then all segments together where there is more than
            one.
        problems: the cases that could not be compared.
        missing_predictions: names of references that have no prediction.
        missing_references: names of predictions that have no reference.
        notes: what else the user should know, one sentence each.
    """

    segments: dict[int, str]
    rows: list[Row] = field(default_factory=list)
    problems: list[Issue] = field(default_factory=list)
    missing_predictions: list[str] = field(default_factory=list)
    missing_references: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def compared(self) -> int:
        """The number of cases with figures."""
        return len({row.case for row in self.rows})

    def summary(self) -> dict[str, dict[str, Statistics]]:
        """Statistics over the cases, per segment and per measure of ``MEASURES``."""
        scores: dict[str, list[SegmentScore]] = {}
        for row in self.rows:
            scores.setdefault(row.segment, []).append(row.score)
        return {
            segment: {measure: describe(getattr(score, measure) for score in of_segment) for measure in MEASURES}
            for segment, of_segment in scores.items()
        }

    def worst_cases(self, count: int = 5) -> list[Row]:
        """The cases with the lowest Dice of the whole (all segments together), worst first."""
        whole = UNION if len(self.segments) > 1 else next(iter(self.segments.values()), UNION)
        return sorted((row for row in self.rows if row.segment == whole), key=lambda row: row.score.dice)[:count]

    def to_csv(self) -> str:
        """The rows as CSV with a header, one line per case and segment; undefined figures are empty fields."""
        return csv_text(
            COLUMNS, ([row.case, row.segment, *_without_nan(asdict(row.score)).values()] for row in self.rows)
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything as one JSON document; undefined figures are null."""
        return {
            "format": 1,
            "segments": {str(value): name for value, name in self.segments.items()},
            "cases": [
                {"case": row.case, "segment": row.segment, **_without_nan(asdict(row.score))} for row in self.rows
            ],
            "summary": [
                {"segment": segment, **{name: _without_nan(asdict(figures)) for name, figures in measures.items()}}
                for segment, measures in self.summary().items()
            ],
            "references_without_prediction": self.missing_predictions,
            "predictions_without_reference": self.missing_references,
            "problems": [problem.to_dict("case", "what", "remedy") for problem in self.problems],
            "notes": self.notes,
        }


def describe(figures: Iterable[float]) -> Statistics:
    """Describes one measure over the cases; NaN means undefined, is left out and counted."""
    figures = list(figures)
    defined = [figure for figure in figures if not math.isnan(figure)]
    return Statistics(
        mean=statistics.fmean(defined) if defined else math.nan,
        sd=statistics.stdev(defined) if len(defined) > 1 else math.nan,
        median=statistics.median(defined) if defined else math.nan,
        minimum=min(defined, default=math.nan),
        maximum=max(defined, default=math.nan),
        count=len(defined),
        undefined=len(figures) - len(defined),
    )


def evaluate_pair(
    prediction: SimpleITK.Image, reference: SimpleITK.Image, segments: Mapping[int, str], case: str = ""
) -> list[Row]:
    """Compares a predicted label volume with its reference.

    Args:
        prediction: label values on the reference's grid.
        segments: name of every label value to compare. Other values count as background.

    Returns:
        One row per segment, in the order given, and one for their union when there is more than one segment.

    Raises:
        InputError: the two grids differ.
    """
    import SimpleITK

    _require_same_grid(prediction, reference)
    spacing = geometry_of(reference).spacing_zyx
    # Views, not copies, of the images' memory; both images live until the end of this function.
    predicted, true = SimpleITK.GetArrayViewFromImage(prediction), SimpleITK.GetArrayViewFromImage(reference)
    rows = [
        Row(case, name, score_masks(predicted == value, true == value, spacing)) for value, name in segments.items()
    ]
    if len(segments) > 1:
        values = list(segments)
        rows.append(Row(case, UNION, score_masks(np.isin(predicted, values), np.isin(true, values), spacing)))
    return rows


def evaluate_folders(
    prediction_dir: Path | str, reference_dir: Path | str, on_progress: Callable[[int, int], None] = ignore
) -> Evaluation:
    """Compares every prediction in a folder with the reference of the same name.

    How names are matched says ``pairing.match_folders``, where segment names come from ``segment_names.names_of``;
    without names every label value found in any case is a segment. Files that name their values, such as 3D Slicer's
    ``.seg.nrrd``, are compared by these names. A case that can't be compared is listed in ``problems`` and the others
    go on.

    Args:
        reference_dir: folder of reference label volumes, or the root of a dataset that keeps them in ``labelsTr`` or
            ``labels``.
        on_progress: called with the number of cases done and their total.

    Raises:
        InputError: a folder is missing or unreadable, no names match, or the segment names can't be read.
    """
    reference_dir, prediction_dir = label_folder(as_stored(Path(reference_dir))), as_stored(Path(prediction_dir))
    pairs = match_folders(prediction_dir, reference_dir)
    names = names_of(reference_dir, pairs, prediction_dir)
    results = _evaluate_cases(pairs, names, on_progress)
    return _gather(results, names, pairs)


@dataclass
class _CaseResult:
    case: str
    rows: list[Row] = field(default_factory=list)
    values: set[int] = field(default_factory=set)
    problem: Issue | None = None
    assumed: Assumed = field(default_factory=Assumed)
    is_partly: bool = False


def _evaluate_cases(pairs: Pairs, names: Names, on_progress: Callable[[int, int], None]) -> list[_CaseResult]:
    """Evaluates the cases side by side (SimpleITK and numpy let other threads run); results in the order of names."""
    pool = ThreadPoolExecutor(min(MAX_WORKERS, os.cpu_count() or 1))
    try:
        on_progress(0, len(pairs.matched))
        futures = [pool.submit(_evaluate_case, case, pairs, names) for case in pairs.matched]
        for done, future in enumerate(as_completed(futures), start=1):
            future.result()  # an error that isn't the case's fault ends the work here
            on_progress(done, len(futures))
        return [future.result() for future in futures]
    finally:
        pool.shutdown(cancel_futures=True)


def _evaluate_case(case: str, pairs: Pairs, names: Names) -> _CaseResult:
    predictions, references = pairs.matched[case]
    try:
        files = only_one(predictions), only_one(references)
        names.require_known(files[0], names.of_predictions)
        names.require_known(files[1])
        prediction, _ = read_named_label(files[0], names.meaning, beside=names.of_predictions)
        reference, is_named = read_named_label(files[1], names.meaning)
        assumed = Assumed()
        for file, image in zip(files, (prediction, reference), strict=True):
            assumed.add(f"{file.parent.name}/{file.name}", left_open(image))
        prediction = _on_grid_of_reference(files[0], prediction, geometry_of(reference))
        outline = outline_of(reference, is_named, files[1], pairs.seen.get(case), names.unseen_value)
        if outline.seen is not None:
            reference, prediction = outline.label, _where_seen(prediction, outline)
        values = (voxel_values(prediction) | voxel_values(reference)) - {0}
        rows = evaluate_pair(prediction, reference, names.of(values), case)
        assumed.add(case, _exchanged(prediction, reference, names.of(values), rows))
        if outline.seen is not None:
            rows = [replace(row, score=without_surfaces(row.score)) for row in rows]
        return _CaseResult(case, rows, values, assumed=assumed, is_partly=outline.seen is not None)
    except InputError as error:
        return _CaseResult(case, problem=Issue.of(error, case=case))


def _on_grid_of_reference(path: Path, label: SimpleITK.Image, reference: Geometry) -> SimpleITK.Image:
    label = reordered(label, reference)
    if not geometry_of(label).same_grid(reference):
        raise InputError(
            f"The prediction {path} and its reference lie on different grids: {geometry_of(label).describe()} and "
            f"{reference.describe()}",
            OTHER_GRID_REMEDY,
        )
    return label


def _exchanged(
    prediction: SimpleITK.Image, reference: SimpleITK.Image, segments: Mapping[int, str], rows: Sequence[Row]
) -> Iterator[str]:
    """Segments of the prediction that lie not on their own but on another segment of the reference.

    Numbers that two files give to segments in another order look like that, and no file says so.
    """
    import SimpleITK

    missed = [value for (value, _), row in zip(segments.items(), rows, strict=False) if row.score.dice < HARDLY_MET]
    if len(segments) < 2 or not missed:
        return
    predicted, true = SimpleITK.GetArrayViewFromImage(prediction), SimpleITK.GetArrayViewFromImage(reference)
    sizes = value_counts(true)
    for value in missed:
        met = true[predicted == value]
        overlaps, count = value_counts(met) if met.size else {}, met.size
        for other, overlap in overlaps.items():
            if other in segments and other != value and 2 * overlap > MOSTLY_MET * (count + sizes[other]):
                yield (
                    f"what is called {segments[value]} in the prediction lies where the reference has "
                    f"{segments[other]}; if the two number or name the same structures differently, name them in "
                    "segments.json"
                )


def _where_seen(label: SimpleITK.Image, outline: Outline) -> SimpleITK.Image:
    """A label on the outline's grid, background where nobody looked."""
    import SimpleITK

    return SimpleITK.Mask(label, outline.seen)


def _gather(results: list[_CaseResult], names: Names, pairs: Pairs) -> Evaluation:
    values = set().union(*(result.values for result in results))
    segments = names.of(values)
    evaluation = Evaluation(
        segments,
        missing_predictions=pairs.missing_predictions,
        missing_references=pairs.missing_references,
        notes=list(names.notes),
    )
    assumed = Assumed()
    for result in results:
        if result.problem is None:
            evaluation.rows += _with_absent_segments(result, segments)
            assumed.update(result.assumed)
        else:
            evaluation.problems.append(result.problem)
    nameless = ", ".join(map(str, sorted(values - set(segments))))
    if nameless:
        evaluation.notes.append(f"Label value {nameless} has no name in the dataset and counts as background")
    if not segments and evaluation.rows == [] and not evaluation.problems:
        evaluation.notes.append("Neither the predictions nor the references hold a segment")
    partly = [result.case for result in results if result.is_partly]
    if partly:
        evaluation.notes.append(
            f"{listed(partly, 5)} {'is' if len(partly) == 1 else 'are'} outlined in part: compared where somebody "
            "looked, without distances between surfaces"
        )
    evaluation.notes += assumed.notes()
    return evaluation


def _with_absent_segments(result: _CaseResult, segments: dict[int, str]) -> list[Row]:
    """Adds rows for segments that other cases have and this one has not, neither predicted nor in the reference."""
    scores = {row.segment: row.score for row in result.rows}
    if len(scores) < 2:  # one segment found: the union is that segment
        scores[UNION] = next(iter(scores.values()), BOTH_EMPTY)
    wanted = [*segments.values(), UNION] if len(segments) > 1 else list(segments.values())
    return [Row(result.case, segment, scores.get(segment, BOTH_EMPTY)) for segment in wanted]


def _require_same_grid(prediction: SimpleITK.Image, reference: SimpleITK.Image) -> None:
    predicted, true = geometry_of(prediction), geometry_of(reference)
    if not predicted.same_grid(true):
        raise InputError(
            f"The prediction and its reference lie on different grids: {predicted.describe()} and {true.describe()}",
            OTHER_GRID_REMEDY,
        )


def _without_nan(figures: dict[str, float]) -> dict[str, float | None]:
    return {name: None if math.isnan(figure) else round(figure, 6) for name, figure in figures.items()}
