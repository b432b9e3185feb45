"""What can't be opened is told of in a sentence, the others are read, and nothing waits, dies or fills the memory."""

from __future__ import annotations

import gzip
import os
import random
import shutil
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from dualtaskseg.data.fingerprint import extract_fingerprint
from dualtaskseg.data.scan_search import DICOM, find_scans, problem_of, scans_of
from dualtaskseg.errors import InputError
from dualtaskseg.io.image_error import ImageError
from dualtaskseg.io.images import header_metadata, read_geometry, read_image
from dualtaskseg.io.memory_check import check_room
from dualtaskseg.io.writing import write_image
from mutations import read_in_child, write_mutations
from strangerfiles import AFFINE, RAW, enhanced, meta, nifti, nrrd, series

ANNEX = "../.git/annex/objects/aa/bb/MD5E-s100--0.nii.gz"
POINTERS = {
    "annex": b"/annex/objects/MD5E-s100--0.nii.gz\n",
    "lfs": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 100\n",
}
only_on_unix = pytest.mark.skipif(os.name != "posix", reason="needs links, pipes and names as Unix has them")


def error_of(path: Path, read=read_image) -> ImageError:
    with pytest.raises(ImageError) as caught:
        read(path)
    assert caught.value.remedy and caught.value.exit_code == 2
    str(caught.value).encode("utf-8")
    return caught.value


# --- what was not fetched


@only_on_unix
@pytest.mark.parametrize("name", ["a.nii.gz", "a.nrrd", "a.mha", "a.dcm", "series"])
def test_links_that_lead_nowhere(tmp_path: Path, name: str):
    """bids-validator issue 1050, nipoppy pull request 895: git-annex's links were overlooked."""
    (tmp_path / name).symlink_to(ANNEX)
    for read in (read_image, read_geometry, header_metadata):
        error = error_of(tmp_path / name, read)
        assert error.code == "not-fetched"
        assert "a link that leads nowhere" in str(error) and "datalad get" in str(error)
    (tmp_path / "loop.nii").symlink_to("loop.nii")
    assert error_of(tmp_path / "loop.nii").code == "not-fetched"


@pytest.mark.parametrize("kind", POINTERS)
def test_placeholders(tmp_path: Path, kind: str):
    """datalad-handbook pull request 216, reproin issue 69: unlocked files that were not fetched."""
    for name in ("a.nii.gz", "a.nrrd", "a.mha", "a.dcm", "a.tif"):
        (tmp_path / name).write_bytes(POINTERS[kind])
        assert error_of(tmp_path / name).code == "not-fetched"


@only_on_unix
@pytest.mark.parametrize("kind", ["link", *POINTERS])
@pytest.mark.parametrize("named", ["003.dcm", "IM003", "0003"])
def test_slices_that_were_not_fetched(tmp_path: Path, kind: str, named: str):
    """datalad-handbook pull request 216: at the end of a series, the slice would be missing without a gap."""
    series(tmp_path / "s")
    gone = tmp_path / "s" / named
    (tmp_path / "s" / "009.dcm").unlink()
    gone.unlink(missing_ok=True)
    gone.symlink_to(ANNEX) if kind == "link" else gone.write_bytes(POINTERS[kind])
    for read in (read_image, read_geometry):
        error = error_of(tmp_path / "s", read)
        assert error.code == "not-fetched" and named in str(error)


@only_on_unix
@pytest.mark.parametrize("kind", ["link", *POINTERS])
def test_a_series_of_which_nothing_was_fetched(tmp_path: Path, kind: str):
    """datalad-handbook pull request 216: a folder of links only is a scan, not nothing."""
    (tmp_path / "all" / "s").mkdir(parents=True)
    for number in range(3):
        file = tmp_path / "all" / "s" / f"{number}.dcm"
        file.symlink_to(ANNEX) if kind == "link" else file.write_bytes(POINTERS[kind])
    assert error_of(tmp_path / "all" / "s").code == "not-fetched"
    found = list(find_scans(tmp_path / "all"))
    assert [(one.path.name, one.kind) for one in found] == [("s", DICOM)]
    assert "etch its content" in problem_of(found[0])
    assert scans_of([tmp_path / "all"]) == [tmp_path / "all" / "s"]


@only_on_unix
def test_scans_to_segment_that_were_not_fetched(tmp_path: Path):
    """bids-validator issue 1050, for the folder to be segmented: two links to the same nowhere are two scans."""
    for name in ("a.nii.gz", "b.nii.gz"):
        (tmp_path / name).symlink_to(ANNEX)
    nifti(tmp_path / "c.nii.gz", AFFINE, AFFINE)
    assert [path.name for path in scans_of([tmp_path])] == ["a.nii.gz", "b.nii.gz", "c.nii.gz"]
    assert [path.name for path in scans_of(sorted(tmp_path.iterdir()))] == ["a.nii.gz", "b.nii.gz", "c.nii.gz"]
    problems = [problem_of(one) for one in find_scans(tmp_path)]
    assert [bool(problem) for problem in problems] == [True, True, False]


# --- what is no file


@only_on_unix
@pytest.mark.parametrize("name", ["a.nii.gz", "a.nrrd", "a.mha", "a.dcm", "a.tif", "IM1"])
def test_pipes_are_not_opened(tmp_path: Path, name: str):
    """A named pipe among the scans made the program wait for ever."""
    (tmp_path / "s").mkdir()
    os.mkfifo(tmp_path / "s" / name)
    for read in (read_image, read_geometry, header_metadata):
        error = error_of(tmp_path / "s" / name, read)
        assert error.code == "special" and "is no file but a named pipe" in str(error)
    series(tmp_path / "s")
    assert read_image(tmp_path / "s").GetSize()[2] == 10
    found = [(one.kind, bool(problem_of(one))) for one in find_scans(tmp_path)]
    assert found[0] == (DICOM, False)
    to_segment = scans_of([tmp_path / "s"])  # a pipe named like an image is told of in its turn
    assert to_segment in ([tmp_path / "s"], [tmp_path / "s", tmp_path / "s" / name])


@only_on_unix
@pytest.mark.parametrize("kind", ["pipe", "device", "link"])
@pytest.mark.parametrize("name", ["a.nhdr", "a.mhd", "a.hdr"])
def test_pipes_as_data_files_are_not_opened(tmp_path: Path, name: str, kind: str):
    """The same, where a header names the file with the voxels."""
    sitk.WriteImage(sitk.GetImageFromArray(RAW), str(tmp_path / name), False)
    data = next(file for file in tmp_path.iterdir() if file.name != name)
    data.unlink()
    os.mkfifo(data) if kind == "pipe" else data.symlink_to("/dev/zero" if kind == "device" else ANNEX)
    for read in (read_image, read_geometry, header_metadata):
        error = error_of(tmp_path / name, read)
        assert error.code == ("not-fetched" if kind == "link" else "special") and data.name in str(error)


@only_on_unix
def test_devices_are_not_opened(tmp_path: Path):
    """/dev/zero has no end."""
    (tmp_path / "a.nii").symlink_to("/dev/zero")
    assert "is no file but a device" in str(error_of(tmp_path / "a.nii"))


# --- names


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no such names")
def test_names_that_are_not_utf_8(tmp_path: Path):
    """A name from an old disk ended the whole process in the reading library; the others were not read."""
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    for path in (Path(f"{odd}.nrrd"), Path(f"{odd}.nii"), Path(f"{odd}.dcm"), odd / "a.nii"):
        path.parent.mkdir(exist_ok=True)
        nifti(tmp_path / "plain.nii", AFFINE, AFFINE).rename(path)
        for read in (read_image, read_geometry, header_metadata):
            error = error_of(path, read)
            assert error.code == "name" and "is not UTF-8" in str(error) and "caf" in str(error)
    shutil.rmtree(odd)
    series(tmp_path / "s").rename(odd)
    assert error_of(odd).code == "name"
    with pytest.raises(InputError, match="not UTF-8"):
        write_image(read_image(nifti(tmp_path / "b.nii", AFFINE, AFFINE)), Path(f"{odd}.nii"))
    problems = {one.path.name: problem_of(one) for one in find_scans(tmp_path)}
    assert not problems["b.nii"] and sum(map(bool, problems.values())) == len(problems) - 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no such names")
def test_a_slice_whose_name_is_not_utf_8(tmp_path: Path):
    """It belongs to the series, so without it the scan would not be whole."""
    series(tmp_path)
    (tmp_path / "009.dcm").rename(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.dcm"))
    assert error_of(tmp_path).code == "name"


# --- broken headers


def test_lines_that_make_no_sense(tmp_path: Path):
    """A line of 1000 letters that makes no sense in an NRRD header crashed the reading library."""
    lines = (
        "nonsense {}",
        "sizes {}",
        "spacings: {}",
        "{}: 3",
        "space units: {}",
        "kinds: {}",
        "type: {}",
        "space: {}",
    )
    paths = []
    for number, line in enumerate(lines):
        for length in (20, 900, 999, 1000, 1001, 1100, 5000, 100_000):
            path = nrrd(tmp_path / f"{number}_{length}.nrrd", line.format("x" * length))
            paths.append(path)
    faults, _ = read_in_child(paths)
    assert faults == []
    for path in paths:
        if int(path.stem.split("_")[1]) >= 900:
            assert error_of(path).code == "damaged"


def damaged_copies(folder: Path) -> list[Path]:
    """Forty damaged copies of a file of each kind, and of a slice within its series."""
    (folder / "whole").mkdir()
    slices = series(folder / "whole" / "slices")
    made = [
        (nrrd(folder / "whole" / "a.nrrd", "Segment0_Name:=Liver", "content: x"), 420),
        (meta(folder / "whole" / "a.mha"), 300),
        (nifti(folder / "whole" / "a.nii", AFFINE, AFFINE), 352),
        (nifti(folder / "whole" / "a.nii.gz", AFFINE, AFFINE), 4000),
        (enhanced(folder / "whole" / "a.dcm", [(1.0 + n, 2.0) for n in range(10)]), 6000),
        (slices / "003.dcm", 1100),
    ]
    paths = []
    for path, head in made:
        copies = write_mutations(path, folder / path.name, 40, random.Random(path.name).randrange(1000), head)
        paths += copies
        if path.parent == slices:
            for place in copies:
                for other in ("000.dcm", "006.dcm", "009.dcm"):
                    shutil.copy(slices / other, place.parent)
            paths += [place.parent for place in copies]
    return paths


def test_damaged_files_neither_crash_nor_fill_the_memory(tmp_path: Path):
    """Mutations: 11 of 240 damaged NRRD files crashed, one byte of a DICOM slice took 1.5 GB and kept it."""
    faults, peak = read_in_child(damaged_copies(tmp_path))
    assert faults == []
    assert peak < 400  # MiB, of which the libraries take 130


def test_a_type_of_value_that_is_none(tmp_path: Path):
    """One damaged byte (UI became WI in the file's own group) kept 1.48 GB for ever at each reading."""
    folder = series(tmp_path)
    for file in folder.iterdir():
        content = file.read_bytes()
        at = content.index(b"\x02\x00\x03\x00UI")
        file.write_bytes(content[: at + 4] + b"WI" + content[at + 6 :])
    faults, peak = read_in_child([folder] * 3)
    assert faults == [] and peak < 400
    error = error_of(folder)
    assert error.code == "truncated" and "000.dcm" in str(error)


def test_compressed_files_are_unpacked_as_far_as_their_header_tells(tmp_path: Path):
    """2.6 MB that unpack to 2.7 GB took 5.2 GB."""
    header = bytearray(nifti(tmp_path / "a.nii", AFFINE, AFFINE).read_bytes()[:352])
    with gzip.open(tmp_path / "long.nii.gz", "wb", 1) as stream:  # a small scan, and then zeros without end
        stream.write((tmp_path / "a.nii").read_bytes())
        for _ in range(160):
            stream.write(bytes(1 << 20))
    struct.pack_into("<4h", header, 40, 3, 1400, 1400, 700)
    (tmp_path / "huge.nii.gz").write_bytes(gzip.compress(bytes(header) + bytes(1 << 20)))
    faults, peak = read_in_child([tmp_path / "long.nii.gz", tmp_path / "huge.nii.gz"])
    assert faults == [] and peak < 300
    assert "unpacks to far more than its header tells" in str(error_of(tmp_path / "long.nii.gz"))
    assert "far more voxels than it holds" in str(error_of(tmp_path / "huge.nii.gz"))
    with pytest.raises(ImageError, match="too large for this computer's memory, with 1400x1400x700 voxels"):
        check_room(tmp_path / "gone.nii.gz", (1400, 1400, 700), 2)


def test_facts_tell_of_them_and_go_on(tmp_path: Path):
    """The same in the facts that checks and trainings begin with."""
    from dualtaskseg.contract.dataset import LABELED, Case

    (tmp_path / "gone.nii.gz").symlink_to(ANNEX)
    facts = extract_fingerprint(
        Case("a", nifti(tmp_path / "a.nii", AFFINE, AFFINE), tmp_path / "gone.nii.gz", LABELED), []
    )
    assert [problem.code for problem in facts.problems] == ["not-fetched"]
    assert facts.mean == pytest.approx(float(np.mean(RAW)))
