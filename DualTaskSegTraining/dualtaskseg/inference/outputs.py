"""Segments one scan into files, and what the files are called: the same for commands and graphical programs."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dualtaskseg.contract.prediction import PredictionRecord
from dualtaskseg.inference.ranking import factor_of, forecast
from dualtaskseg.inference.results import Guard, write_result
from dualtaskseg.io.images import output_stem, read_image
from dualtaskseg.io.paths import LONGEST_NAME
from dualtaskseg.names import endings, free_name, safe_segment_names
from dualtaskseg.progress import ignore, never

if TYPE_CHECKING:
    from dualtaskseg.inference.predictor import Predictor

SUFFIX = ".nii.gz"
NUMBER_ROOM = 8  # bytes for what tells equal names apart

OnProgress = Callable[[int, int], None]


@dataclass(frozen=True)
class Scan:
    """A scan to segment.

    Attributes:
        path: a file, or a folder with one DICOM series.
        name: unique among the scans, also where case is ignored; the results are named after it.
    """

    path: Path
    name: str

    def output_name(self, kind: str = "", segment: str = "") -> str:
        """File name of a result: ``NAME.nii.gz`` for the mask, else such as ``NAME_sdm_SEGMENT.nii.gz``."""
        return "_".join(part for part in (self.name, kind, segment) if part) + SUFFIX


def named_scans(paths: Sequence[Path], segments: Sequence[str]) -> tuple[list[Scan], list[str]]:
    """Gives scans names such that no two results have the same.

    Args:
        paths: from :func:`dualtaskseg.data.scan_search.scans_of`.
        segments: names of the model's segments, fit for file names.

    Returns:
        the scans, and sentences about those that could not be called after their file alone.
    """
    stems = [output_stem(path) for path in paths]
    counts = Counter(stem.casefold() for stem in stems)
    room = LONGEST_NAME - max(len(os.fsencode(name)) for name in _all_names(Scan(Path(), ""), segments)) - NUMBER_ROOM
    scans: list[Scan] = []
    notes: list[str] = []
    taken: set[str] = set()
    left: dict[str, Iterator[str]] = {}

    def is_taken(name: str) -> bool:
        return bool(taken & _all_names(Scan(Path(), name), segments))

    for path, stem in zip(paths, stems, strict=True):
        parent = Path(os.path.realpath(path)).parent.name
        wanted = _shortened(stem if counts[stem.casefold()] == 1 else f"{parent}_{stem}", room)
        name = free_name(wanted, is_taken, left=left.setdefault(wanted.casefold(), endings()))
        scan = Scan(path, name)
        taken.update(_all_names(scan, segments))
        scans.append(scan)
        if scan.name != stem:
            is_long = len(os.fsencode(stem)) > room
            why = "its name is too long for them" if is_long else "another scan's would be called the same"
            notes.append(f"The results of {path} are called {scan.name}, since {why}")
    return scans, notes


def _shortened(name: str, room: int) -> str:
    """The name, without its middle where it has more bytes than there is room for."""
    if len(os.fsencode(name)) <= room:
        return name
    start, end = name, name
    while len(os.fsencode(start)) > (room - 3) * 2 // 3:
        start = start[:-1]
    while len(os.fsencode(end)) > (room - 3) // 3:
        end = end[1:]
    return f"{start}...{end}"


def _all_names(scan: Scan, segments: Sequence[str]) -> set[str]:
    """All file names that results of a scan may have, as disks compare them that ignore case."""
    names = [scan.output_name(), scan.output_name("uncertainty")]
    names += [scan.output_name(kind, segment) for kind in ("sdm", "probability") for segment in segments]
    return {name.casefold() for name in names}


@dataclass(frozen=True)
class OutputFiles:
    """The files that the results of one scan go to.

    Attributes:
        label: the mask, with the dataset's label values.
        sdm: signed distances by segment name; empty unless wanted.
        probability: the same, probabilities.
        uncertainty: None unless wanted.
    """

    label: Path
    sdm: dict[str, Path]
    probability: dict[str, Path]
    uncertainty: Path | None

    @classmethod
    def named(
        cls,
        name_of: Callable[[str, str], Path],
        segments: Sequence[str],
        sdm: bool = False,
        probability: bool = False,
        uncertainty: bool = False,
    ) -> OutputFiles:
        """Files by what is wanted.

        Args:
            name_of: the file of a kind of result, such as ``"sdm"``, and of a segment; both are empty for the mask.
        """
        safe = list(zip(segments, safe_segment_names(segments), strict=True))
        return cls(
            label=name_of("", ""),
            sdm={name: name_of("sdm", part) for name, part in safe if sdm},
            probability={name: name_of("probability", part) for name, part in safe if probability},
            uncertainty=name_of("uncertainty", "") if uncertainty else None,
        )

    def all(self) -> list[Path]:
        """Every file, the mask first."""
        volumes = [*self.sdm.values(), *self.probability.values()]
        return [self.label, *volumes, *([self.uncertainty] if self.uncertainty else [])]


def segment_to_files(
    predictor: Predictor,
    scan: Path,
    files: OutputFiles,
    guard: Guard,
    series_uid: str = "",
    compress: bool = True,
    on_progress: OnProgress = ignore,
    on_write: OnProgress = ignore,
    should_stop: Callable[[], bool] = never,
) -> PredictionRecord:
    """Segments a scan and writes its results, the mask last: where it is, all is.

    Args:
        scan: a file, or a folder with one DICOM series.
        files: where the results go, and so which are wanted.
        guard: asked once more before anything is written, as somebody may have corrected an earlier result meanwhile.

    Raises:
        Exception: anything; see :func:`dualtaskseg.inference.scan_errors.explained`.
    """
    began = time.monotonic()
    image = read_image(scan, series_uid)
    prediction = predictor.predict(
        image,
        sdm=bool(files.sdm),
        probability=bool(files.probability),
        uncertainty=files.uncertainty is not None,
        on_progress=on_progress,
        should_stop=should_stop,
    )
    del image  # writing needs memory too
    guard.check([(scan, files.all())], series_uid)
    volumes = [(lambda name=name: prediction.sdm.volume(name), file) for name, file in files.sdm.items()]
    volumes += [
        (lambda name=name: prediction.probability.volume(name), file) for name, file in files.probability.items()
    ]
    if files.uncertainty:
        volumes += [(lambda: prediction.uncertainty_map.volume("uncertainty"), files.uncertainty)]
    volumes += [(lambda: prediction.label_volume, files.label)]
    for done, (volume_of, file) in enumerate(volumes):
        on_write(done, len(volumes))
        write_result(volume_of(), file, compress, scan)
    summary, model = prediction.summary, predictor.description
    return PredictionRecord(
        label=files.label,
        sdm=files.sdm,
        uncertainty=files.uncertainty,
        segments=model.segments,
        agreement=summary.agreement,
        expected_dice=summary.expected_dice,
        predicted_dice=forecast(summary, factor_of(model)),
        disagreement=summary.disagreement,
        volume_ml=summary.volume_ml,
        warnings=summary.warnings,
        seconds=time.monotonic() - began,
        device=str(predictor.device),
        model=str(predictor.folder),
        model_name=model.name,
        weights_sha256=model.weights_sha256,
    )
