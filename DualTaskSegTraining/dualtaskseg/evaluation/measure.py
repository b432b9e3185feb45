"""The numbers that people report of segmentations: volumes and diameters of every structure, one row a case."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dualtaskseg.contract.issue import Issue
from dualtaskseg.contract.prediction import PredictionRecord
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.assumed import Assumed, left_open
from dualtaskseg.data.labels import read_named_label, voxel_values
from dualtaskseg.data.outlines import outline_of
from dualtaskseg.data.seen import companion
from dualtaskseg.errors import InputError
from dualtaskseg.evaluation.pairing import Pairs, label_folder, label_volumes, only_one
from dualtaskseg.evaluation.segment_names import Names, names_of, names_of_segments
from dualtaskseg.evaluation.sizes import Size, size_of
from dualtaskseg.io.geometry import geometry_of
from dualtaskseg.io.label_images import read_label
from dualtaskseg.io.paths import file_stem
from dualtaskseg.names import listed
from dualtaskseg.progress import ignore
from dualtaskseg.tablecells import csv_text

if TYPE_CHECKING:
    import SimpleITK

FIGURES = tuple(column.name for column in fields(Size))
DECIMALS = {"volume_ml": 4}
LENGTH_DECIMALS = 2
NOTHING = Size(0.0, math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class CaseSizes:
    """How large the structures of one case are.

    Attributes:
        case: its name.
        sizes: by the structure's name; one that is absent has no volume, and undefined diameters.
        predicted_dice: forecast of the Dice with the true outline; None where no model made it, or it isn't known.
        agreement: Dice of the two networks' masks; None as above.
    """

    case: str
    sizes: dict[str, Size]
    predicted_dice: float | None = None
    agreement: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """As JSON values; undefined figures are null."""
        return {
            "case": self.case,
            "segments": [{"segment": name, **_figures(size)} for name, size in self.sizes.items()],
            "predicted_dice": _rounded(self.predicted_dice, 4),
            "agreement": _rounded(self.agreement, 4),
        }


@dataclass
class Measurements:
    """What was measured in a set of label maps.

    Attributes:
        cases: in the order of their names.
        problems: the cases that could not be measured.
        notes: what else the user should know, one sentence each.
    """

    cases: list[CaseSizes] = field(default_factory=list)
    problems: list[Issue] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_csv(self) -> str:
        """One row a case, see :func:`sizes_table`."""
        return csv_text(*sizes_table(self.cases))

    def to_dict(self) -> dict[str, Any]:
        """Everything as one JSON document."""
        return {
            "format": 1,
            "cases": [case.to_dict() for case in self.cases],
            "problems": [problem.to_dict("case", "what", "remedy") for problem in self.problems],
            "notes": self.notes,
        }


def sizes_table(cases: Sequence[CaseSizes]) -> tuple[list[str], list[list[Any]]]:
    """One row a case: its name, the figures of each structure, the forecast of quality.

    A structure that only other cases have counts as absent. The forecast's columns are there where any case has one.

    Returns:
        the columns, such as ``Liver volume_ml``, and the rows; undefined figures are None.
    """
    names = list(dict.fromkeys(name for case in cases for name in case.sizes))
    forecasts = [
        name for name in ("predicted_dice", "agreement") if any(getattr(case, name) is not None for case in cases)
    ]
    columns = ["case", *(f"{name} {figure}" for name in names for figure in FIGURES), *forecasts]
    rows = []
    for case in cases:
        figures = [value for name in names for value in _figures(case.sizes.get(name, NOTHING)).values()]
        rows.append([case.case, *figures, *(_rounded(getattr(case, name), 4) for name in forecasts)])
    return columns, rows


def measure_labels(
    place: Path | str, segments: Sequence[Segment] = (), on_progress: Callable[[int, int], None] = ignore
) -> Measurements:
    """Measures the structures in a label map, or in all label maps of a folder.

    What values mean is found as in a comparison, see :func:`~dualtaskseg.evaluation.segment_names.names_of`. A case
    that can't be measured is listed in ``problems`` and the others go on.

    Args:
        place: a file; a folder of them; or the root of a dataset that keeps them in ``labelsTr`` or ``labels``.
        segments: what values mean, where it is known better than from the files.
        on_progress: called with the number of cases done and their total.

    Raises:
        InputError: there is no label map, or the segment names can't be read.
    """
    place = Path(place)
    if place.is_dir():
        folder = label_folder(place)
        volumes = label_volumes(folder)
        if not volumes:
            raise InputError(f"{place} holds no label maps", "Give the folder that holds files such as NAME.nii.gz")
    else:
        folder, volumes = place.parent, {file_stem(place): [place]}
    names = (
        names_of_segments(segments) if segments else names_of(folder, Pairs({n: ([], at) for n, at in volumes.items()}))
    )
    found = Measurements(notes=list(names.notes))
    assumed, partly = Assumed(), []
    on_progress(0, len(volumes))
    for done, (case, files) in enumerate(sorted(volumes.items()), start=1):
        try:
            sizes, is_partly = _sizes_in(only_one(files), names, assumed)
            found.cases.append(CaseSizes(case, sizes))
            partly += [case] if is_partly else []
        except InputError as error:
            found.problems.append(Issue.of(error, case=case))
        on_progress(done, len(volumes))
    if partly:
        found.notes.append(
            f"{listed(partly, 5)} {'is' if len(partly) == 1 else 'are'} outlined in part: only that was measured"
        )
    found.notes += assumed.notes()
    return found


def measured_prediction(case: str, record: PredictionRecord, segments: Sequence[Segment] = ()) -> CaseSizes:
    """The structures of a prediction, with the forecast of its quality.

    Args:
        segments: the model's, where the record does not have them.

    Raises:
        InputError: its label map can't be read.
    """
    wanted = {segment.value: segment.name for segment in record.segments or segments}
    return CaseSizes(case, _sizes(read_label(record.label), wanted), record.predicted_dice, record.agreement)


def measured_mask(file: Path | str) -> Size:
    """The structure in a file that holds it alone: everything but zero is inside.

    Raises:
        InputError: the file can't be read as a label.
    """
    import SimpleITK

    image = read_label(file)
    return size_of(SimpleITK.GetArrayViewFromImage(image), geometry_of(image))


def _sizes_in(file: Path, names: Names, assumed: Assumed) -> tuple[dict[str, Size], bool]:
    """The structures in a file, and whether it is outlined in part."""
    names.require_known(file)
    image, is_named = read_named_label(file, names.meaning)
    assumed.add(f"{file.parent.name}/{file.name}", left_open(image))
    outline = outline_of(image, is_named, file, companion(file), names.unseen_value)
    wanted = names.of(voxel_values(outline.label) - {0})
    return _sizes(outline.label, wanted), outline.seen is not None


def _sizes(image: SimpleITK.Image, wanted: Mapping[int, str]) -> dict[str, Size]:
    import SimpleITK

    label, geometry = SimpleITK.GetArrayViewFromImage(image), geometry_of(image)
    return {name: size_of(label == value, geometry) for value, name in wanted.items()}


def _figures(size: Size) -> dict[str, float | None]:
    return {name: _rounded(getattr(size, name), DECIMALS.get(name, LENGTH_DECIMALS)) for name in FIGURES}


def _rounded(figure: float | None, decimals: int) -> float | None:
    return None if figure is None or math.isnan(figure) else round(figure, decimals)
