"""Reading and writing scans: whatever is wrong with a file is named, and nothing is read wrongly in silence."""

from __future__ import annotations

import gzip
import math
import os
import random
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK
from childmemory import number_printed_by, only_on_linux
from dualtaskseg.errors import InputError
from dualtaskseg.io.file_headers import check_file, files_of
from dualtaskseg.io.geometry import Geometry, geometry_of
from dualtaskseg.io.image_error import ImageError
from dualtaskseg.io.image_notes import MODALITY_KEY, UNIT_KEY
from dualtaskseg.io.images import output_stem, read_geometry, read_image
from dualtaskseg.io.label_images import read_label
from dualtaskseg.io.writing import write_image

STRANGE = "Ünïcode ß 空 dir"
FORMATS = ("a.nii.gz", "a.nii", "a.hdr", "a.nrrd", "a.nhdr", "a.mha", "a.mhd")
SINGLE_FILES = ("a.nii.gz", "a.nii", "a.nrrd", "a.mha")


def noise(shape: tuple[int, ...] = (12, 15, 10), seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 1000, shape).astype(np.int16)


def save(path: Path, array: np.ndarray, spacing: tuple[float, ...] = (0.5, 0.75, 2.0), compress: bool = True) -> Path:
    image = SimpleITK.GetImageFromArray(array, isVector=False)
    image.SetSpacing(spacing[: image.GetDimension()] + (1.0,) * (image.GetDimension() - 3))
    path.parent.mkdir(parents=True, exist_ok=True)
    SimpleITK.WriteImage(image, str(path), compress)
    return path


def patch_nifti(path: Path, offset: int, layout: str, *values: float) -> Path:
    """Overwrites bytes of a .nii.gz file's header."""
    content = bytearray(gzip.decompress(path.read_bytes()))
    struct.pack_into(layout, content, offset, *values)
    path.write_bytes(gzip.compress(bytes(content)))
    return path


def error_of(path: Path, read=read_image) -> ImageError:
    with pytest.raises(ImageError) as caught:
        read(path)
    assert caught.value.exit_code == 2
    assert caught.value.remedy
    return caught.value


# --- what can be read


@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_read_unchanged(tmp_path: Path, name: str, compress: bool):
    path = save(tmp_path / STRANGE / name, noise(), compress=compress)
    image = read_image(path)
    assert (SimpleITK.GetArrayFromImage(image) == noise()).all()
    assert image.GetPixelID() == SimpleITK.sitkInt16
    assert image.GetSpacing() == (0.5, 0.75, 2.0)
    assert read_geometry(path) == geometry_of(image)


def test_number_types_are_kept(tmp_path: Path):
    for kind in (np.uint8, np.int16, np.uint16, np.int32, np.float32, np.float64):
        array = (noise() % 200).astype(kind)
        image = read_image(save(tmp_path / f"{np.dtype(kind).name}.nrrd", array))
        assert SimpleITK.GetArrayViewFromImage(image).dtype == kind


def test_a_sequence_of_one_volume_is_a_volume(tmp_path: Path):
    path = save(tmp_path / "a.nrrd", noise((1, 12, 15, 10)))
    image = read_image(path)
    assert (SimpleITK.GetArrayFromImage(image) == noise((1, 12, 15, 10))[0]).all()
    assert read_geometry(path) == geometry_of(image)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("name", FORMATS)
def test_voxels_that_are_no_number_are_kept(tmp_path: Path, name: str, compress: bool, kind: type):
    """The reading library makes them 0 in NIfTI files, where they could then be found no more."""
    array = noise((40, 100, 100)).astype(kind)  # several blocks of the stream
    array[0, 0, 1], array[3, 4, 5], array[-1, -1, -1] = math.nan, math.inf, -math.inf
    again = SimpleITK.GetArrayFromImage(read_image(save(tmp_path / name, array, compress=compress)))
    assert np.array_equal(again, array, equal_nan=True)
    assert again.dtype == kind


def test_a_gzip_file_in_several_parts_is_whole(tmp_path: Path):
    path = save(tmp_path / "a.nii.gz", noise())
    content = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(content[:2000]) + gzip.compress(content[2000:]) + bytes(512))
    assert (SimpleITK.GetArrayFromImage(read_image(path)) == noise()).all()


@only_on_linux
def test_a_file_that_unpacks_to_much_more_than_its_size_is_checked_in_little_memory(tmp_path: Path):
    path = save(tmp_path / "zeros.nii.gz", np.zeros((64, 512, 512), np.int16))
    assert path.stat().st_size < 200_000
    script = (
        "import sys; from pathlib import Path; from dualtaskseg.io.file_headers import check_file\n"
        "before = peak_memory()\n"
        "check_file(Path(sys.argv[1]))\n"
        "print((peak_memory() - before) / 2**20)"
    )
    assert number_printed_by(script, path) < 20  # MiB; unpacked it is 32


def test_patient_data_does_not_stay_in_the_image(tmp_path: Path):
    folder = dicom_series(tmp_path / "series")
    assert read_image(folder).GetMetaDataKeys() == (MODALITY_KEY,)
    save(tmp_path / "a.nrrd", noise())
    content = (tmp_path / "a.nrrd").read_bytes().replace(b"NRRD0004\n", b"NRRD0004\nPatientName:=Doe^Jane\n", 1)
    (tmp_path / "a.nrrd").write_bytes(content)
    assert b"Doe^Jane" in content
    assert read_image(tmp_path / "a.nrrd").GetMetaDataKeys() == (UNIT_KEY,)


# --- files that are missing or damaged


@pytest.mark.parametrize("name", FORMATS)
def test_missing_file(tmp_path: Path, name: str):
    error = error_of(tmp_path / STRANGE / name)
    assert error.code == "missing"
    assert f"{tmp_path / STRANGE / name} does not exist" in str(error)
    assert error_of(tmp_path / STRANGE / name, read_geometry).code == "missing"


@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("lost", [1, 3, 100, 2000])
@pytest.mark.parametrize("name", SINGLE_FILES)
def test_truncated_file(tmp_path: Path, capfd: pytest.CaptureFixture, name: str, lost: int, compress: bool):
    path = save(tmp_path / name, noise(), compress=compress)
    content = path.read_bytes()
    path.write_bytes(content[:-lost])
    error = error_of(path)
    assert error.code == "truncated"
    assert f"{path} is cut short" in str(error)
    assert "Copy or download the file again" in str(error)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("length", [0, 40, 100])
@pytest.mark.parametrize("name", SINGLE_FILES)
def test_truncated_header(tmp_path: Path, capfd: pytest.CaptureFixture, name: str, length: int):
    path = save(tmp_path / name, noise())
    path.write_bytes(path.read_bytes()[:length])
    for read in (read_image, read_geometry):
        error = error_of(path, read)
        assert error.code == "truncated"
        assert str(path) in str(error)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("header", "data"), [("a.hdr", "a.img.gz"), ("a.nhdr", "a.raw.gz"), ("a.mhd", "a.zraw"), ("a.mhd", "a.raw")]
)
def test_file_of_two_parts(tmp_path: Path, header: str, data: str):
    path = save(tmp_path / header, noise(), compress=not data.endswith("raw") or data == "a.zraw")
    voxels = tmp_path / data
    if not voxels.exists():
        voxels = next(file for file in tmp_path.iterdir() if file != path)
    assert files_of(path) == [path, voxels]
    voxels.write_bytes(voxels.read_bytes()[:-5])
    error = error_of(path)
    assert error.code == "truncated"
    assert str(voxels) in str(error)
    voxels.unlink()
    error = error_of(path)
    assert error.code == "missing"
    assert voxels.with_suffix("").stem in str(error)


@pytest.mark.parametrize("name", ["a.nii.gz", "a.nrrd", "a.mha"])
def test_one_flipped_bit_in_a_compressed_file(tmp_path: Path, name: str):
    path = save(tmp_path / name, noise((30, 40, 40)))
    content = bytearray(path.read_bytes())
    for position in (len(content) // 2, len(content) - 3000, len(content) - 6):
        damaged = bytearray(content)
        damaged[position] ^= 4
        path.write_bytes(damaged)
        error = error_of(path)
        assert error.code in ("damaged", "truncated")
        assert str(path) in str(error)


def test_text_is_no_scan(tmp_path: Path):
    for name in ("notes.txt", "notes.nii.gz", "notes.nrrd", "notes.mha", "notes.dcm"):
        (tmp_path / name).write_text("This is not a scan.\n" * 100, encoding="utf-8")
        error = error_of(tmp_path / name)
        assert str(tmp_path / name) in str(error)
        assert "itk" not in str(error).lower().replace(str(tmp_path).lower(), "")


def test_compressed_file_without_gz_in_its_name(tmp_path: Path):
    (tmp_path / "a.nii").write_bytes(save(tmp_path / "b.nii.gz", noise()).read_bytes())
    error = error_of(tmp_path / "a.nii")
    assert "compressed" in str(error)
    assert "Rename it to end in .nii.gz" in str(error)


def test_a_header_with_a_size_of_nothing(tmp_path: Path):
    error = error_of(patch_nifti(save(tmp_path / "a.nii.gz", noise()), 42, "<h", -3))
    assert error.code == "damaged"


def test_folder_that_can_not_be_a_scan(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    error = error_of(tmp_path / "empty")
    assert f"The folder {tmp_path / 'empty'} holds no DICOM scan" in str(error)


# --- files of the wrong kind


def test_sequence_of_volumes(tmp_path: Path):
    for name in ("a.nii.gz", "a.nrrd"):
        for read in (read_image, read_geometry):
            error = error_of(save(tmp_path / name, noise((4, 12, 15, 10))), read)
            assert error.code == "4d"
            assert "is a sequence of 4 volumes (10x15x12x4)" in str(error)


@pytest.mark.parametrize("name", ["rgb.nii.gz", "rgb.nrrd", "rgb.mha"])
def test_color(tmp_path: Path, name: str):
    image = SimpleITK.GetImageFromArray((noise((12, 15, 10, 3)) % 255).astype(np.uint8), isVector=True)
    SimpleITK.WriteImage(image, str(tmp_path / name))
    for read in (read_image, read_geometry):
        error = error_of(tmp_path / name, read)
        assert error.code == "color"
        assert f"{tmp_path / name} has 3 values for each voxel" in str(error)


def test_complex_numbers(tmp_path: Path):
    SimpleITK.WriteImage(SimpleITK.Image([10, 15, 12], SimpleITK.sitkComplexFloat32), str(tmp_path / "a.nii.gz"))
    assert error_of(tmp_path / "a.nii.gz").code == "color"


def test_flat_image(tmp_path: Path):
    for name, array in (
        ("a.png", noise((20, 30)).astype(np.uint8)),
        ("b.nrrd", noise((20, 30))),
        ("c.nii.gz", noise((1, 20, 30))),
    ):
        error = error_of(save(tmp_path / name, array))
        assert error.code == "2d"
        assert "is a flat image (30x20" in str(error)


# --- voxel sizes and axes


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("value", [0.0, -0.75, math.nan, math.inf])
def test_impossible_spacing_in_nifti(tmp_path: Path, axis: int, value: float):
    path = patch_nifti(save(tmp_path / "a.nii.gz", noise()), 80 + 4 * axis, "<f", value)
    for read in (read_image, read_geometry):
        error = error_of(path, read)
        assert error.code == "spacing"
        assert f"{path} has an impossible voxel size of" in str(error)
        assert f"{value:g}" in str(error)


def test_impossible_spacing_in_nifti_2_and_other_byte_order(tmp_path: Path):
    first = gzip.decompress(save(tmp_path / "a.nii.gz", noise()).read_bytes())
    header = bytearray(544)
    struct.pack_into(">i", header, 0, 540)
    header[4:12] = b"n+2\0\r\n\x1a\n"
    struct.pack_into(">hh", header, 12, 4, 16)
    struct.pack_into(">8q", header, 16, 3, 10, 15, 12, 1, 1, 1, 1)
    struct.pack_into(">8d", header, 104, 1, 0.5, 0.75, 2, 0, 0, 0, 0)
    struct.pack_into(">q", header, 168, 544)
    body = np.frombuffer(first[352:], "<i2").astype(">i2").tobytes()
    path = tmp_path / "second.nii"
    path.write_bytes(bytes(header) + body)
    check_file(path)
    path.write_bytes(bytes(header) + body[:-1])
    assert error_of(path).code == "truncated"
    struct.pack_into(">d", header, 112, 0.0)
    path.write_bytes(bytes(header) + body)
    assert error_of(path).code == "spacing"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("a.nrrd", b"(0.5,0,0)", b"(0,0,0)"),
        ("a.nhdr", b"(0,0.75,0)", b"(0,nan,0)"),
        ("a.mha", b"ElementSpacing = 0.5 0.75 2", b"ElementSpacing = 0.5 0 2"),
        ("a.mhd", b"ElementSpacing = 0.5 0.75 2", b"ElementSpacing = 0.5 0.75 -2"),
    ],
)
def test_impossible_spacing_in_text_headers(tmp_path: Path, name: str, old: bytes, new: bytes):
    path = save(tmp_path / name, noise())
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))
    for read in (read_image, read_geometry):
        assert error_of(path, read).code == "spacing"


def test_sheared_nifti(tmp_path: Path):
    path = save(tmp_path / "a.nii.gz", noise())
    patch_nifti(path, 252, "<hh", 0, 1)
    patch_nifti(path, 280, "<4f", -0.5, 0.3, 0, 0)
    for read in (read_image, read_geometry):
        error = error_of(path, read)
        assert error.code == "sheared"
        assert f"The axes of {path} are not at right angles" in str(error)


def test_sheared_nrrd(tmp_path: Path):
    path = save(tmp_path / "a.nrrd", noise())
    path.write_bytes(path.read_bytes().replace(b"(0,0.75,0)", b"(0.2,0.75,0)", 1))
    for read in (read_image, read_geometry):
        assert error_of(path, read).code == "sheared"


# --- grids


def test_describe():
    plain = Geometry((35, 51, 35), (1.0, 1.0, 1.0), (0.0, -3.25, 0.0))
    assert plain.describe() == "35x51x35 voxels of 1x1x1 mm, origin (0, -3.25, 0) mm, not rotated"
    turned = Geometry((35, 51, 35), (0.4297, 1.0, 6.5), (0.0, 0.0, 0.0), (0.0, 1.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0, 1.0))
    assert "0.4297x1x6.5 mm" in turned.describe()
    assert "direction (0 1 0; -1 0 0; 0 0 1)" in turned.describe()


def test_position_is_that_of_the_reading_library():
    image = SimpleITK.Image([10, 15, 12], SimpleITK.sitkUInt8)
    image.SetSpacing((0.5, 0.75, 2))
    image.SetOrigin((3, 4, 5))
    image.SetDirection((0.0, 0.6, -0.8, 1.0, 0.0, 0.0, 0.0, -0.8, -0.6))
    assert geometry_of(image).position((3, 4, 5)) == pytest.approx(image.TransformIndexToPhysicalPoint((3, 4, 5)))


def test_same_grid_allows_for_rounding_only():
    grid = Geometry((512, 512, 30), (0.4297, 0.4297, 5.0), (-100.0, 20.0, 3.0))
    assert grid.same_grid(Geometry((512, 512, 30), (0.4296875, 0.4296875, 5.0), (-100.00001, 20.0, 3.0)))
    assert not grid.same_grid(Geometry((512, 512, 29), (0.4297, 0.4297, 5.0), (-100.0, 20.0, 3.0)))
    assert not grid.same_grid(Geometry((512, 512, 30), (0.4297, 0.4297, 5.1), (-100.0, 20.0, 3.0)))
    assert not grid.same_grid(Geometry((512, 512, 30), (0.4297, 0.4297, 5.0), (-100.0, 20.2, 3.0)))
    flipped = (-1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    assert not grid.same_grid(Geometry((512, 512, 30), (0.4297, 0.4297, 5.0), (-100.0, 20.0, 3.0), flipped))


def test_output_stem(tmp_path: Path):
    assert output_stem("/x/hippocampus_001.nii.gz") == "hippocampus_001"
    assert output_stem("scan.v2.SEG.NRRD") == "scan.v2"
    assert output_stem("IM0001") == "IM0001"
    (tmp_path / "series 1.2").mkdir()
    assert output_stem(tmp_path / "series 1.2") == "series 1.2"


# --- labels


def test_label_of_floats_with_whole_numbers(tmp_path: Path):
    array = (noise() % 3).astype(np.float32)
    label = read_label(save(tmp_path / "a.nii.gz", array))
    assert label.GetPixelID() == SimpleITK.sitkInt32
    assert (SimpleITK.GetArrayFromImage(label) == array).all()


@pytest.mark.parametrize("value", [0.5, math.nan, math.inf, -math.inf, 1e12])
def test_label_with_values_that_are_not_whole(tmp_path: Path, value: float):
    array = (noise() % 3).astype(np.float64)
    array[4, 5, 6] = value
    path = save(tmp_path / "a.nii.gz", array)
    error = error_of(path, read_label)
    assert error.code == "not-whole"
    assert f"{path} holds values that are not whole numbers or too large, such as {value:g}" in str(error)


def test_label_on_another_grid_names_both(tmp_path: Path):
    scan = geometry_of(read_image(save(tmp_path / "scan.nii.gz", noise())))
    path = save(tmp_path / "label.nii.gz", noise((12, 15, 11)) % 2)
    with pytest.raises(InputError) as caught:
        read_label(path, like=scan)
    assert "11x15x12 voxels of 0.5x0.75x2 mm" in str(caught.value)
    assert "10x15x12 voxels of 0.5x0.75x2 mm" in str(caught.value)
    moved = save(tmp_path / "moved.nii.gz", noise() % 2, spacing=(0.5, 0.75, 2.1))
    with pytest.raises(InputError, match=r"0\.5x0\.75x2\.1 mm"):
        read_label(moved, like=scan)


def test_label_gets_exactly_the_grid_of_its_scan(tmp_path: Path):
    label = save(tmp_path / "label.nii.gz", noise() % 2, spacing=(0.5000001, 0.75, 2.0))
    scan = Geometry((10, 15, 12), (0.5, 0.75, 2.0), (0.0, 0.0, 1e-5))
    assert geometry_of(read_label(label, like=scan)) == scan


def test_segmentation_file_of_slicer(tmp_path: Path):
    array = (noise() % 3).astype(np.uint8)
    label = read_label(save(tmp_path / "a.seg.nrrd", array))
    assert (SimpleITK.GetArrayFromImage(label) == array).all()
    layers = SimpleITK.GetImageFromArray(np.stack([array, array], axis=-1), isVector=True)
    SimpleITK.WriteImage(layers, str(tmp_path / "layers.seg.nrrd"))
    error = error_of(tmp_path / "layers.seg.nrrd", read_label)
    assert error.code == "several-layers"
    assert "must not overlap" in str(error)


# --- DICOM


def dicom_series(
    folder: Path, depth: int = 8, series: int = 1, description: str = "T1", seed: int = 0, modality: str = "MR"
) -> Path:
    """Writes an oblique series with GDCM, its files named in another order than that of the slices."""
    folder.mkdir(parents=True, exist_ok=True)
    volume = SimpleITK.GetImageFromArray(noise((depth, 15, 10), seed))
    volume.SetSpacing((0.5, 0.75, 3.0))
    volume.SetOrigin((-10.0, 5.0, 2.0))
    volume.SetDirection((1.0, 0.0, 0.0, 0.0, 0.8, -0.6, 0.0, 0.6, 0.8))
    writer = SimpleITK.ImageFileWriter()
    writer.KeepOriginalImageUIDOn()
    names = list(range(depth))
    random.Random(seed).shuffle(names)
    direction = volume.GetDirection()
    for index in range(depth):
        plane = volume[:, :, index]
        position = volume.TransformIndexToPhysicalPoint((0, 0, index))
        tags = {
            "0008|0008": "ORIGINAL\\PRIMARY\\AXIAL",
            "0008|0016": "1.2.840.10008.5.1.4.1.1.4",
            "0008|0018": f"1.2.3.{series}.{index + 1}",
            "0008|0060": modality,
            "0008|103e": description,
            "0010|0010": "Doe^Jane",
            "0020|000d": "1.2.3",
            "0020|000e": f"1.2.3.{series}",
            "0020|0013": str(names[index] + 1),
            "0020|0032": "\\".join(f"{value:.6f}" for value in position),
            "0020|0037": "\\".join(str(direction[at]) for at in (0, 3, 6, 1, 4, 7)),
            "0018|0050": "3",
        }
        for key, value in tags.items():
            plane.SetMetaData(key, value)
        writer.SetFileName(str(folder / f"series{series}_{names[index]:03d}.dcm"))
        writer.Execute(plane)
    return folder


def edit_slices(folder: Path, edit) -> Path:
    """Changes DICOM headers; ``edit`` gets the dataset and the slice's place from 0."""
    files = sorted(folder.glob("*.dcm"), key=lambda file: float(pydicom.dcmread(file).ImagePositionPatient[2]))
    for index, file in enumerate(files):
        dataset = pydicom.dcmread(file)
        edit(dataset, index)
        dataset.save_as(file)
    return folder


@pytest.mark.parametrize("suffix", [".dcm", ""])
def test_dicom_series_with_shuffled_file_names(tmp_path: Path, suffix: str):
    folder = dicom_series(tmp_path / STRANGE)
    for file in list(folder.iterdir()):
        file.rename(file.with_suffix(suffix))
    (folder / "._hidden.dcm").write_bytes(b"left by another system")
    (folder / "README").write_text("no slice", encoding="utf-8")
    image = read_image(folder)
    assert (SimpleITK.GetArrayFromImage(image) == noise((8, 15, 10))).all()
    assert image.GetSpacing() == pytest.approx((0.5, 0.75, 3.0))
    assert image.GetDirection() == pytest.approx((1.0, 0.0, 0.0, 0.0, 0.8, -0.6, 0.0, 0.6, 0.8))
    assert image.GetMetaData(MODALITY_KEY) == "MR"
    assert read_geometry(folder).same_grid(geometry_of(image), tolerance=1e-4)


def test_two_series_in_a_folder(tmp_path: Path):
    dicom_series(tmp_path, series=1, description="T1 axial")
    dicom_series(tmp_path, series=2, description="Größe", depth=5)
    for read in (read_image, read_geometry):
        error = error_of(tmp_path, read)
        assert error.code == "several-series"
        assert "holds 2 DICOM series" in str(error)
        assert "T1 axial, 8 images, 1.2.3.1" in str(error)
        assert "5 images, 1.2.3.2" in str(error)
        assert "Doe" not in str(error)
        assert "folder of its own" in str(error)


def test_a_segmentation_beside_the_series_does_no_harm(tmp_path: Path):
    dicom_series(tmp_path, series=1)
    dicom_series(tmp_path, series=2, depth=2, modality="SEG")
    for file in tmp_path.glob("series2*"):
        dataset = pydicom.dcmread(file)
        dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.66.4"
        dataset.save_as(file)
    assert read_image(tmp_path).GetSize() == (10, 15, 8)


@pytest.mark.parametrize("place", [0, 3, 7])
@pytest.mark.parametrize("length", [0, 200, 400, -40])
def test_truncated_slice(tmp_path: Path, place: int, length: int):
    """Also the first or the last one, whose loss leaves no gap."""
    dicom_series(tmp_path)
    file = sorted(tmp_path.glob("*.dcm"), key=lambda one: float(pydicom.dcmread(one).ImagePositionPatient[2]))[place]
    file.write_bytes(file.read_bytes()[:length])
    error = error_of(tmp_path)
    assert error.code == "truncated"
    assert file.name in str(error)


def test_missing_slice(tmp_path: Path):
    dicom_series(tmp_path)
    files = sorted(tmp_path.glob("*.dcm"), key=lambda one: float(pydicom.dcmread(one).ImagePositionPatient[2]))
    files[4].unlink()
    for read in (read_image, read_geometry):
        error = error_of(tmp_path, read)
        assert error.code == "missing-slices"
        assert "6 mm lie between" in str(error)
        assert files[3].name in str(error)
        assert files[5].name in str(error)


def test_repeated_positions(tmp_path: Path):
    def edit(dataset, index):
        dataset.ImagePositionPatient = [0, 0, 3.0 * (index // 2)]
        dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]

    error = error_of(edit_slices(dicom_series(tmp_path), edit))
    assert "holds 4 images of places that others show" in str(error)


def test_tilted_gantry(tmp_path: Path):
    def edit(dataset, index):
        dataset.ImagePositionPatient = [0, 0.5 * index, 3.0 * index]
        dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]

    error = error_of(edit_slices(dicom_series(tmp_path), edit))
    assert "tilted gantry" in str(error)


def test_uneven_slices(tmp_path: Path):
    def edit(dataset, index):
        dataset.ImagePositionPatient = [0, 0, 3.0 * index if index < 4 else 9.0 + 4.2 * (index - 3)]
        dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]

    error = error_of(edit_slices(dicom_series(tmp_path), edit))
    assert "unevenly spaced (3 to 4.2 mm)" in str(error)


@pytest.mark.parametrize("tag", ["ImagePositionPatient", "ImageOrientationPatient"])
def test_slices_without_a_place(tmp_path: Path, tag: str):
    error = error_of(edit_slices(dicom_series(tmp_path), lambda dataset, _: delattr(dataset, tag)))
    assert "does not say where in the body" in str(error)


def test_pixels_without_a_size(tmp_path: Path):
    error = error_of(edit_slices(dicom_series(tmp_path), lambda dataset, _: delattr(dataset, "PixelSpacing")))
    assert "gives nothing as the size of its pixels" in str(error)
    zero = edit_slices(dicom_series(tmp_path / "zero"), lambda dataset, _: setattr(dataset, "PixelSpacing", [0, 0.5]))
    assert error_of(zero).code == "spacing"


def test_slices_of_another_size(tmp_path: Path):
    def edit(dataset, index):
        if index == 3:
            dataset.Rows = 5
            dataset.PixelData = dataset.PixelData[: 5 * 10 * 2]

    error = error_of(edit_slices(dicom_series(tmp_path), edit))
    assert "do not belong to one volume" in str(error)


def test_one_slice_instead_of_its_folder(tmp_path: Path):
    file = next(dicom_series(tmp_path).glob("*.dcm"))
    error = error_of(file)
    assert error.code == "one-slice"
    assert "Give the folder that holds its series" in str(error)


def test_file_with_several_frames(tmp_path: Path):
    path = save(tmp_path / "multi" / "frames.dcm", noise((6, 15, 10)).astype(np.uint16))
    for place in (path, path.parent):
        assert (SimpleITK.GetArrayFromImage(read_image(place)) == noise((6, 15, 10))).all()
        assert read_geometry(place).size == (10, 15, 6)


def test_real_series(real_data: Path):
    for name, size in (
        ("brain_t1post_oblique", (512, 512, 22)),
        ("hippocampus_crop_1", (35, 51, 32)),
        ("hippocampus_crop_2", (36, 48, 35)),
    ):
        image = read_image(real_data / "dicom" / name)
        assert image.GetSize() == size
        assert read_geometry(real_data / "dicom" / name).same_grid(geometry_of(image), tolerance=1e-3)
        for index in (0, size[2] - 1):  # each file's voxels lie where the file says
            middle = image.TransformIndexToPhysicalPoint((0, 0, index))
            positions = [pydicom.dcmread(file).ImagePositionPatient for file in (real_data / "dicom" / name).iterdir()]
            assert min(math.dist(middle, position) for position in positions) < 0.01


def test_copy_of_a_real_series_with_a_damaged_slice(real_data: Path, tmp_path: Path):
    folder = tmp_path / "copy"
    shutil.copytree(real_data / "dicom" / "brain_t1post_oblique", folder)
    file = folder / "000011.dcm"
    file.write_bytes(file.read_bytes()[:-1000])
    error = error_of(folder)
    assert "000011.dcm can't be read" in str(error)
    assert "Chrisjen" not in str(error)


# --- writing


@pytest.mark.parametrize("name", ["a.nii.gz", "a.nrrd", "a.mha"])
def test_written_image_is_the_same_when_read(tmp_path: Path, name: str):
    image = SimpleITK.GetImageFromArray(noise())
    image.SetSpacing((0.5, 0.75, 2.0))
    path = tmp_path / STRANGE / "new" / name
    write_image(image, path)
    again = read_image(path)
    assert (SimpleITK.GetArrayFromImage(again) == noise()).all()
    assert geometry_of(again) == geometry_of(image)
    assert [file.name for file in path.parent.iterdir()] == [name]


def test_written_image_is_compressed(tmp_path: Path):
    for name in ("a.nii.gz", "a.nrrd"):
        write_image(SimpleITK.Image([100, 100, 100], SimpleITK.sitkInt16), tmp_path / name)
        assert (tmp_path / name).stat().st_size < 20_000


def test_unknown_format(tmp_path: Path):
    with pytest.raises(InputError, match="unknown format") as caught:
        write_image(SimpleITK.Image([5, 5, 5], SimpleITK.sitkUInt8), tmp_path / "a.xyz")
    assert "End the name in .nii.gz or .nrrd" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_folder_that_can_not_be_written(tmp_path: Path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="can't be written"):
        write_image(SimpleITK.Image([5, 5, 5], SimpleITK.sitkUInt8), tmp_path / "file" / "a.nii.gz")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits on file size need a Unix system")
def test_full_disk(tmp_path: Path):
    """Limits on the size of files stand for the full disk; the file that was there before stays as it was."""
    scan = save(tmp_path / "scan.nii.gz", noise((60, 50, 50)))
    (tmp_path / "out").mkdir()
    paths = [save(tmp_path / "out" / name, noise((4, 5, 6))) for name in ("a.nii.gz", "a.nii", "a.nrrd", "a.mha")]
    before = [path.read_bytes() for path in paths]
    script = (
        "import resource, signal, sys, numpy, SimpleITK\n"
        "from dualtaskseg.io.writing import write_image\n"
        "from dualtaskseg.errors import InputError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "image = SimpleITK.GetImageFromArray(numpy.random.default_rng(0).random((60, 50, 50)))\n"
        "for size in (0, 100, 2_000, 100_000):\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))\n"
        "    for path in sys.argv[2:]:\n"
        "        for scan in (None, sys.argv[1]):\n"
        "            try:\n"
        "                write_image(image, path, scan=scan)\n"
        "            except InputError as error:\n"
        "                print(error)\n"
    )
    command = [sys.executable, "-c", script, str(scan), *map(str, paths)]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    told = result.stdout.splitlines()
    assert len(told) == 4 * len(paths) * 2
    for path, content in zip(paths, before, strict=True):
        assert sum(line.startswith(f"{path} can't be written") for line in told) == 4 * 2
        assert path.read_bytes() == content
    assert sorted((tmp_path / "out").iterdir()) == sorted(paths)


def test_reading_needs_no_heavy_library():
    script = (
        "import sys, dualtaskseg.io.images, dualtaskseg.data.checks, dualtaskseg.commands.check\n"
        "print([name for name in ('SimpleITK', 'torch', 'monai', 'scipy', 'pydicom') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert result.stdout.strip() == "[]"


def test_type_tables_agree_with_the_reading_library(tmp_path: Path):
    """A wrong width would make every file of that type look cut short, or hide that it is."""
    for kind in (
        np.int8,
        np.uint8,
        np.int16,
        np.uint16,
        np.int32,
        np.uint32,
        np.int64,
        np.uint64,
        np.float32,
        np.float64,
    ):
        for name in ("a.nrrd", "a.mha", "a.nii"):
            path = save(tmp_path / name, noise().astype(kind), compress=False)
            check_file(path)
            path.write_bytes(path.read_bytes()[:-1])
            with pytest.raises(ImageError, match="cut short"):
                check_file(path)
