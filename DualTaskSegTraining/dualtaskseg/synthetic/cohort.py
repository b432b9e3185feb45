"""A synthetic cohort on disk, for the demo, the tests and as sample data: labeled, unlabeled and held-out scans.

The scans come from :mod:`dualtaskseg.synthetic.phantom`; this module chooses their grids and formats and writes them.
"""

from __future__ import annotations

import contextlib
import csv
import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dualtaskseg.contract.segment import Segment
from dualtaskseg.contract.terminology import TISSUE, Code, Terminology
from dualtaskseg.errors import InputError
from dualtaskseg.files import read_json, temporary_folder, write_json, write_text
from dualtaskseg.progress import ignore
from dualtaskseg.remedies import system_faults
from dualtaskseg.synthetic.phantom import ORGAN, SIZE, SLICE_RATIO, SMALLEST_SIZE, VEIN, check_size, make_scan

if TYPE_CHECKING:
    import SimpleITK

__all__ = ["SEGMENTS", "CohortPaths", "make_scan", "write_cohort", "write_dicom_series"]

VERSION = 1  # of the generator: raise it when the same seed no longer gives the same voxels
KIND = "synthetic cohort of DualTaskSeg"
FORMATS = (".nii.gz", ".nrrd", ".nii.gz", "dicom", ".nii.gz", ".mha", ".nii.gz")  # in turn; "dicom" is a folder


def _tissue(code: str, meaning: str) -> str:
    return Terminology(TISSUE.category, Code("SCT", code, meaning)).to_entry()


SEGMENTS = (
    Segment("Organ", ORGAN, (221, 130, 101), _tissue("113343008", "Organ")),
    Segment("Vein", VEIN, (0, 151, 206), _tissue("29092000", "Vein")),
)

README = """This cohort is made up: no scan shows a person, and the anatomy does not exist.

dataset/          scans to train with (cases.csv lists them; a case without a label is unlabeled)
held_out/         scans and labels that no training has seen, to measure a model on
hidden_labels/    the true labels of the unlabeled scans, for research; training must not see them
"""


@dataclass(frozen=True)
class CohortPaths:
    """Where a cohort lies.

    Attributes:
        dataset: the folder with ``cases.csv``, ready to be trained with.
        held_out_images: NIfTI scans that belong to no training.
        held_out_labels: their labels, under the same names.
        hidden_labels: the true labels of the unlabeled cases, ``NAME.nii.gz``. For research only.
    """

    dataset: Path
    held_out_images: Path
    held_out_labels: Path
    hidden_labels: Path


def write_cohort(
    folder: Path | str,
    labeled: int = 4,
    unlabeled: int = 16,
    held_out: int = 6,
    seed: int = 0,
    size: tuple[int, int, int] = SIZE,
    look_alikes: bool = True,
    on_progress: Callable[[int, int], None] = ignore,
) -> CohortPaths:
    """Writes a cohort in mixed formats, grids and orientations; the same arguments give the same voxels.

    Case k is the same scan however many cases have a label. All is written aside first and moved into place at the
    end, so an interrupted call leaves no half cohort. A cohort of the same arguments that lies there is used as it is.

    Args:
        folder: where to write: new, empty, or holding the same cohort.
        labeled: cases with a label; they come first.
        held_out: scans outside the dataset, to measure a model on.
        size: typical voxels in (z, y, x); the scans differ around it, anisotropic ones have fewer slices.
        look_alikes: see :func:`~dualtaskseg.synthetic.phantom.make_scan`; without them little training goes far.

    Raises:
        InputError: the folder holds something else, the counts or size make no sense, or writing fails.
    """
    folder = Path(folder)
    with contextlib.suppress(RuntimeError):  # no such user, or none has a home: a name as any other
        folder = folder.expanduser()
    size = tuple(int(n) for n in size)
    check_size(size)
    if min(labeled, unlabeled, held_out, seed) < 0 or labeled + unlabeled == 0:
        raise InputError(
            "A synthetic cohort needs at least one case, and no count or seed below zero", "Give other numbers"
        )
    request = {
        "kind": KIND,
        "version": VERSION,
        "seed": seed,
        "labeled": labeled,
        "unlabeled": unlabeled,
        "held_out": held_out,
        "size": list(size),
        "look_alikes": look_alikes,
    }
    remedy = "Check the free space and the permissions, or choose another folder"
    with system_faults(f"The synthetic cohort can't be written to {folder}", remedy):
        if _is_there(folder, request):
            return _paths(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with temporary_folder(folder) as temporary:
            _fill(temporary, request, on_progress)
            if folder.is_dir():
                folder.rmdir()  # it is empty; Windows does not rename onto a folder
            temporary.rename(folder)
    return _paths(folder)


def _paths(folder: Path) -> CohortPaths:
    return CohortPaths(
        dataset=folder / "dataset",
        held_out_images=folder / "held_out" / "images",
        held_out_labels=folder / "held_out" / "labels",
        hidden_labels=folder / "hidden_labels",
    )


def _is_there(folder: Path, request: dict) -> bool:
    """Returns whether the folder holds exactly the requested cohort; False where it is absent or empty.

    Raises:
        InputError: it holds something that writing would destroy.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return False
    try:
        found = read_json(folder / "cohort.json")
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise InputError(
            f"{folder} already exists and is not a synthetic cohort, so it was left as it is",
            "Choose a new or empty folder",
        )
    found = {"look_alikes": True, **found}  # those of earlier versions have no say
    if {key: found.get(key) for key in request} != request:
        raise InputError(
            f"{folder} holds another synthetic cohort (other seed, counts, size or version)",
            "Choose another folder, or delete this one",
        )
    missing = [name for name in found.get("files", []) if not (folder / name).is_file()]
    if missing:
        raise InputError(
            f"The synthetic cohort in {folder} is incomplete: {missing[0]} is missing",
            "Delete the folder and try again",
        )
    return True


def _fill(folder: Path, request: dict, on_progress: Callable[[int, int], None]) -> None:
    paths = _paths(folder)
    rows = []
    training = request["labeled"] + request["unlabeled"]
    total = training + request["held_out"]
    for index in range(training):
        name = f"case_{index + 1:02d}"
        scan, label = _cohort_scan(request, "training", index)
        image_path = _write_case(scan, paths.dataset, name, FORMATS[index % len(FORMATS)], request["seed"])
        has_label = index < request["labeled"]
        _write_image(label, (paths.dataset / "labels" if has_label else paths.hidden_labels) / f"{name}.nii.gz")
        rows.append((image_path, f"labels/{name}.nii.gz" if has_label else "", name))
        on_progress(index + 1, total)
    for index in range(request["held_out"]):
        scan, label = _cohort_scan(request, "held out", index)
        _write_image(scan, paths.held_out_images / f"held_out_{index + 1:02d}.nii.gz")
        _write_image(label, paths.held_out_labels / f"held_out_{index + 1:02d}.nii.gz")
        on_progress(training + index + 1, total)
    for part in (paths.dataset, paths.held_out_images.parent):
        write_json(part / "segments.json", [segment.to_dict() for segment in SEGMENTS])
    write_text(folder / "README.txt", README)
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows([("image", "label", "name"), *rows])
    write_text(paths.dataset / "cases.csv", table.getvalue())
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    write_json(folder / "cohort.json", {**request, "files": files})


def _cohort_scan(request: dict, group: str, index: int) -> tuple[SimpleITK.Image, SimpleITK.Image]:
    """Makes scan ``index`` of a group; it depends on the cohort's seed and size, not on its counts."""
    key = np.random.SeedSequence((request["seed"], {"training": 0, "held out": 1}[group], index))
    scan_seed = int(key.generate_state(1)[0])
    rng = np.random.default_rng(key.spawn(1)[0])
    anisotropic, oblique = index % 4 == 3, index % 5 in (1, 3)
    depth, height, width = (max(SMALLEST_SIZE, round(n * rng.uniform(0.92, 1.12))) for n in request["size"])
    if anisotropic:
        depth = max(SMALLEST_SIZE, round(depth / SLICE_RATIO))
    return make_scan(scan_seed, (depth, height, width), anisotropic, oblique, request["look_alikes"])


def _write_case(scan: SimpleITK.Image, dataset: Path, name: str, kind: str, seed: int) -> str:
    """Writes a scan in the given format and returns its path relative to the dataset folder."""
    if kind == "dicom":
        write_dicom_series(scan, dataset / "images" / name, seed, name)
        return f"images/{name}"
    _write_image(scan, dataset / "images" / f"{name}{kind}")
    return f"images/{name}{kind}"


def _write_image(image: SimpleITK.Image, path: Path) -> None:
    import SimpleITK

    path.parent.mkdir(parents=True, exist_ok=True)
    writer = SimpleITK.ImageFileWriter()
    writer.SetFileName(str(path))
    writer.SetUseCompression(path.suffix != ".dcm")
    writer.KeepOriginalImageUIDOn()
    try:
        writer.Execute(image)
    except RuntimeError as error:
        raise InputError(
            f"The file {path.name} can't be written into {path.parent}", "Check the free space and the permissions"
        ) from error


def _uid(*parts: object) -> str:
    """A DICOM UID that depends only on ``parts`` (a name-based UUID under 2.25, PS3.5 B.2)."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, '/'.join(map(str, ('dualtaskseg', VERSION, *parts)))).int}"


def _number(value: float) -> str:
    """A decimal string as DICOM wants it, 16 characters at most."""
    return f"{value:.9g}"


def write_dicom_series(scan: SimpleITK.Image, folder: Path, seed: int, patient: str) -> None:
    """Writes a scan (int16) as a folder with one MR series, one file a slice.

    Args:
        seed: goes into the unique identifiers, so that they are the same each time.

    Raises:
        InputError: the files can't be written.
    """
    direction = np.array(scan.GetDirection()).reshape(3, 3)
    spacing = _number(scan.GetSpacing()[2])
    series = {
        "0008|0008": "DERIVED\\SECONDARY",
        "0008|0016": "1.2.840.10008.5.1.4.1.1.4",  # MR Image Storage
        "0008|0020": "20240101",
        "0008|0030": "120000",
        "0008|0060": "MR",
        "0008|0070": "DualTaskSeg",
        "0008|103e": "Synthetic MR",
        "0010|0010": "Synthetic^Cohort",
        "0010|0020": patient,
        "0010|0040": "O",
        "0018|0020": "RM",
        "0018|0021": "NONE",
        "0018|0023": "3D",
        "0018|0050": spacing,
        "0018|0088": spacing,
        "0018|5100": "HFS",
        "0020|000d": _uid(seed, patient, "study"),
        "0020|000e": _uid(seed, patient, "series"),
        "0020|0010": "1",
        "0020|0011": "1",
        "0020|0037": "\\".join(map(_number, (*direction[:, 0], *direction[:, 1]))),
        "0020|0052": _uid(seed, patient, "frame of reference"),
        "0028|1052": "0",
        "0028|1053": "1",
    }
    folder.mkdir(parents=True)
    for index in range(scan.GetSize()[2]):
        piece = scan[:, :, index : index + 1]
        for tag, value in series.items():
            piece.SetMetaData(tag, value)
        piece.SetMetaData("0008|0018", _uid(seed, patient, "slice", index))
        piece.SetMetaData("0020|0013", str(index + 1))
        piece.SetMetaData("0020|0032", "\\".join(map(_number, piece.GetOrigin())))
        _write_image(piece, folder / f"slice_{index + 1:03d}.dcm")
