"""NRRD, MetaImage, TIFF and others: units are honored, and what a format can't tell is refused or said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
import tifffile
from dualtaskseg.io.file_headers import files_of
from dualtaskseg.io.headers import NO_ORIENTATION
from dualtaskseg.io.image_error import ImageError
from dualtaskseg.io.image_notes import assumptions, is_unit_assumed
from dualtaskseg.io.images import read_geometry, read_image
from strangerfiles import RAW, array_of, meta, nrrd


def error_of(path: Path, read=read_image) -> ImageError:
    with pytest.raises(ImageError) as caught:
        read(path)
    assert caught.value.remedy
    return caught.value


UNITS = [
    *(("mm", 1.0), ("millimeters", 1.0), ("cm", 10.0), ("m", 1000.0), ("microns", 1e-3), ("um", 1e-3), ("µm", 1e-3)),
    ("micrometre", 1e-3),
]


@pytest.mark.parametrize(("unit", "factor"), UNITS)
def test_nrrd_in_other_units(tmp_path: Path, unit: str, factor: float):
    """ANTsPy issue 514: 0.38 microns became 0.38 mm, a volume 10^9 times too large."""
    path = nrrd(tmp_path / "a.nrrd", f'space units: "{unit}" "{unit}" "{unit}"')
    image = read_image(path)
    assert image.GetSpacing() == pytest.approx(tuple(step * factor for step in (1.5, 1.25, 2.0)))
    assert image.GetOrigin() == pytest.approx(tuple(step * factor for step in (-17.0, 9.0, 33.0)))
    assert read_geometry(path).spacing == image.GetSpacing()
    assert np.array_equal(array_of(image), RAW)


@pytest.mark.parametrize("units", ['"pixel" "pixel" "pixel"', '"mm" "mm" "um"', '"furlong" "furlong" "furlong"'])
def test_nrrd_in_unknown_units(tmp_path: Path, units: str):
    """ANTsPy issue 514: a unit that isn't understood is not mm."""
    assert error_of(nrrd(tmp_path / "a.nrrd", f"space units: {units}")).code == "unit"


@pytest.mark.parametrize(("unit", "factor"), [("um", 1e-3), ("mm", 1.0), ("cm", 10.0), ("?", 1.0)])
def test_metaimage_in_other_units(tmp_path: Path, unit: str, factor: float):
    """ANTsPy issue 514, in the format that has a field for it."""
    image = read_image(meta(tmp_path / "a.mha", DistanceUnits=unit))
    assert image.GetSpacing() == pytest.approx(tuple(step * factor for step in (1.5, 1.25, 2.0)))
    assert error_of(meta(tmp_path / "b.mha", DistanceUnits="furlong")).code == "unit"


def test_plain_tiff_stacks_are_refused(tmp_path: Path):
    """SimpleITK issue 586, ITK issue 148, nnU-Net issues 2304 and 2542: the slice distance became 1 mm."""
    image = sitk.GetImageFromArray(RAW)
    image.SetSpacing((1.5, 1.25, 2.0))
    sitk.WriteImage(image, str(tmp_path / "a.tif"))
    tifffile.imwrite(tmp_path / "b.tiff", RAW)
    for name in ("a.tif", "b.tiff"):
        for read in (read_image, read_geometry):
            error = error_of(tmp_path / name, read)
            assert error.code == "spacing-unknown" and "size of its voxels in mm" in str(error)


@pytest.mark.parametrize(
    ("unit", "factor"), [("mm", 1.0), ("micron", 1e-3), ("um", 1e-3), ("cm", 10.0), ("inch", 25.4)]
)
@pytest.mark.parametrize("order", ["<", ">"])
def test_tiff_stacks_of_imagej(tmp_path: Path, unit: str, factor: float, order: str):
    """nnU-Net issue 2542: ImageJ's 1.5 x 1.25 x 2 mm became 1 x 1 x 1 mm."""
    path = tmp_path / "a.tif"
    told = {"axes": "ZYX", "unit": unit, "spacing": 2.0}
    tifffile.imwrite(path, RAW, imagej=True, resolution=(1 / 1.5, 1 / 1.25), metadata=told, byteorder=order)
    image = read_image(path)
    assert image.GetSpacing() == pytest.approx((1.5 * factor, 1.25 * factor, 2.0 * factor), rel=1e-5)
    assert np.array_equal(array_of(image), RAW)
    assert read_geometry(path).spacing == image.GetSpacing()


@pytest.mark.parametrize(
    "told",
    [
        {"axes": "ZYX", "unit": "mm"},
        {"axes": "ZYX", "spacing": 2.0},
        {"axes": "ZYX", "unit": "pixel", "spacing": 2.0},
        {"axes": "TYX", "unit": "mm", "spacing": 2.0},
    ],
    ids=["no distance", "no unit", "pixels", "times"],
)
def test_tiff_stacks_of_imagej_that_leave_something_open(tmp_path: Path, told: dict):
    """nnU-Net issue 2304: frames in time are no slices, pixels are no mm."""
    tifffile.imwrite(tmp_path / "a.tif", RAW, imagej=True, resolution=(1 / 1.5, 1 / 1.25), metadata=told)
    assert error_of(tmp_path / "a.tif").code in ("spacing-unknown", "4d")


def test_tiff_stacks_of_ome(tmp_path: Path):
    """nnU-Net issue 2542, for the other program whose files tell their voxel size."""
    sizes = {"PhysicalSizeX": 1.5, "PhysicalSizeY": 1.25, "PhysicalSizeZ": 2.0}
    units = dict.fromkeys((f"{key}Unit" for key in sizes), "mm")
    tifffile.imwrite(tmp_path / "a.ome.tif", RAW, metadata={"axes": "ZYX", **sizes, **units})
    assert read_image(tmp_path / "a.ome.tif").GetSpacing() == pytest.approx((1.5, 1.25, 2.0))
    tifffile.imwrite(tmp_path / "b.ome.tif", RAW, metadata={"axes": "ZYX", **sizes})  # then they are in microns
    assert read_image(tmp_path / "b.ome.tif").GetSpacing() == pytest.approx((0.0015, 0.00125, 0.002))
    del sizes["PhysicalSizeZ"]
    tifffile.imwrite(tmp_path / "c.ome.tif", RAW, metadata={"axes": "ZYX", **sizes})
    assert error_of(tmp_path / "c.ome.tif").code == "spacing-unknown"


def test_what_else_is_assumed_is_said(tmp_path: Path):
    """Slicer issue 8694: files that do not say where left is."""
    image = sitk.GetImageFromArray(RAW)
    sitk.WriteImage(image, str(tmp_path / "a.vtk"))
    assert "mm, and axes to the left, back and up, are assumed" in assumptions(read_image(tmp_path / "a.vtk"))[0]
    path = nrrd(tmp_path / "a.nrrd")
    assert not assumptions(read_image(path))
    content = path.read_bytes()
    path.write_bytes(content.replace(b"space: left-posterior-superior", b"space: scanner-xyz"))
    assert "does not say how it lies in the body" in assumptions(read_image(path))[0]
    spacings = content.replace(b"space: left-posterior-superior\n", b"").replace(
        b"space directions: (1.5,0,0) (0,1.25,0) (0,0,2)", b"spacings: 1.5 1.25 2"
    )
    path.write_bytes(spacings.replace(b"space origin: (-17,9,33)\n", b""))
    image = read_image(path)
    assert image.GetSpacing() == (1.5, 1.25, 2.0)
    assert "does not say how it lies in the body" in assumptions(image)[0]


def test_headers_without_a_voxel_size_are_refused(tmp_path: Path):
    """SimpleITK issue 586, in the formats that could tell it: 1 mm would be taken for what nobody said."""
    content = nrrd(tmp_path / "a.nrrd").read_bytes()
    for line in (b"space directions: (1.5,0,0) (0,1.25,0) (0,0,2)\n", b"space origin: (-17,9,33)\n"):
        assert line in content
        content = content.replace(line, b"")
    (tmp_path / "a.nrrd").write_bytes(content)
    lines = meta(tmp_path / "a.mha").read_bytes().split(b"\n")
    (tmp_path / "a.mha").write_bytes(b"\n".join(line for line in lines if not line.startswith(b"ElementSpacing")))
    for name in ("a.nrrd", "a.mha"):
        for read in (read_image, read_geometry):
            assert error_of(tmp_path / name, read).code == "spacing-unknown"


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e30"])
def test_positions_that_are_no_numbers(tmp_path: Path, value: str):
    """A mask with a position that is no number was written, and nothing said."""
    for path in (nrrd(tmp_path / "a.nrrd", origin=f"(0,{value},0)"), meta(tmp_path / "a.mha", Offset=f"0 {value} 0")):
        for read in (read_image, read_geometry):
            assert error_of(path, read).code == "position"


def test_axes_that_are_none_of_space(tmp_path: Path):
    """1 mm was taken for the size that the axis of a scan does not have."""
    path = nrrd(tmp_path / "a.nrrd")
    path.write_bytes(path.read_bytes().replace(b"directions: (1.5,0,0)", b"directions: none"))
    for read in (read_image, read_geometry):
        assert error_of(path, read).code == "spacing-unknown"


@pytest.mark.parametrize(
    "changes", [{"Offset": "0 0"}, {"TransformMatrix": "1 0 0 0 1 0"}, {"ElementSpacing": "1 1"}, {"Position": "1"}]
)
def test_metaimages_with_too_few_numbers(tmp_path: Path, changes: dict):
    """What is missing was taken for 0 or 1."""
    for read in (read_image, read_geometry):
        assert error_of(meta(tmp_path / "a.mha", **changes), read).code == "damaged"


@pytest.mark.parametrize("line", ["data file: gone.raw", "data file: LIST\ngone.raw", "data file: gone%02d.raw 0 9 1"])
def test_data_files_that_are_gone(tmp_path: Path, line: str):
    """A detached header without its data: the file that is missing is named."""
    nrrd(tmp_path / "a.nhdr", line)
    for read in (read_image, files_of):
        error = error_of(tmp_path / "a.nhdr", read)
        assert error.code == "missing" and "gone" in str(error) and "does not exist" in str(error)


@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("name", ["a.mhd", "a.nhdr", "a.hdr", "a.nrrd", "a.mha", "a.nii.gz", "a.gipl"])
def test_large_scans_beside_small_headers(tmp_path: Path, name: str, compress: bool):
    """ITK issue 148: a header of 300 bytes is no reason to doubt the 20 million voxels in the file beside it."""
    image = sitk.Image([256, 256, 300], sitk.sitkUInt8)
    image[100:200, 100:200, 100:200] = 1
    sitk.WriteImage(image, str(tmp_path / name), compress)
    assert read_image(tmp_path / name).GetSize() == (256, 256, 300)
    assert read_geometry(tmp_path / name).size == (256, 256, 300)


def test_metaimage_that_does_not_tell_its_compressed_size(tmp_path: Path):
    """MetaImage: such a file was read as zeros."""
    path = meta(tmp_path / "a.mha", CompressedData="True")
    assert "not their compressed size" in str(error_of(path))


def test_axes_that_are_a_trifle_off(tmp_path: Path):
    """nnU-Net issue 2265, in NRRD: straightened where no voxel moves by a tenth, refused elsewhere."""
    image = read_image(nrrd(tmp_path / "a.nrrd", directions="(1.5,0,0) (0.004,1.25,0) (0,0,2)"))
    axes = np.reshape(image.GetDirection(), (3, 3))
    assert np.abs(axes.T @ axes - np.eye(3)).max() < 1e-6
    assert error_of(nrrd(tmp_path / "b.nrrd", directions="(1.5,0,0) (0.1,1.25,0) (0,0,2)")).code == "sheared"


# --- what else a header may leave open, or tell where the reading library does not look


@pytest.mark.parametrize("field", ["space units", "units"])
def test_an_axis_of_nrrd_without_a_unit(tmp_path: Path, field: str):
    """ANTsPy issue 514: one axis was taken for mm in silence, or for microns as the others are."""
    path = nrrd(tmp_path / "a.nrrd", f'{field}: "mm" "mm" ""')
    if field == "units":
        content = path.read_bytes().replace(b"space directions: (1.5,0,0) (0,1.25,0) (0,0,2)", b"spacings: 1 1 2")
        for line in (b"space: left-posterior-superior\n", b"space origin: (-17,9,33)\n"):
            content = content.replace(line, b"")
        path.write_bytes(content)
    assert is_unit_assumed(read_image(path))
    path.write_bytes(path.read_bytes().replace(b'"mm" "mm" ""', b'"um" "um" ""'))
    for read in (read_image, read_geometry):
        error = error_of(path, read)
        assert error.code == "unit" and "um, um, none" in str(error)


def test_nrrd_whose_slices_are_times(tmp_path: Path):
    """bioformats pull request 4167: a film was a volume, as nobody looked at the kinds of axes."""
    path = nrrd(tmp_path / "a.nrrd")
    path.write_bytes(path.read_bytes().replace(b"kinds: domain domain domain", b"kinds: domain domain time"))
    error = error_of(path)
    assert error.code == "film" and "its axis 3 is time" in str(error)


@pytest.mark.parametrize(("slope", "intercept"), [("2", "-5"), ("1", "-1024")])
def test_metaimage_with_a_slope(tmp_path: Path, slope: str, intercept: str):
    """LAYNII issue 26, in the other format that has one: the reading library passes over it."""
    told = {"ElementToIntensityFunctionSlope": slope, "ElementToIntensityFunctionOffset": intercept}
    assert np.allclose(array_of(read_image(meta(tmp_path / "a.mha", **told))), RAW * float(slope) + float(intercept))
    for wrong, code in (("0", "values"), ("1e38", "damaged"), ("-1e300", "damaged")):  # the last ones: all infinite
        told["ElementToIntensityFunctionSlope"] = wrong
        assert error_of(meta(tmp_path / "b.mha", **told)).code == code


def test_formats_and_files_without_a_direction(tmp_path: Path):
    """Slicer issue 8694: which side is left was assumed in silence."""
    image = sitk.GetImageFromArray(RAW)
    image.SetDirection((0, 1, 0, -1, 0, 0, 0, 0, 1))
    sitk.WriteImage(image, str(tmp_path / "a.gipl"))
    tifffile.imwrite(
        tmp_path / "a.tif", RAW, imagej=True, resolution=(1, 1), metadata={"axes": "ZYX", "unit": "mm", "spacing": 2.0}
    )
    path = meta(tmp_path / "a.mha")
    path.write_bytes(path.read_bytes().replace(b"TransformMatrix = 1 0 0 0 1 0 0 0 1\n", b""))
    for name in ("a.gipl", "a.tif", "a.mha"):
        assert assumptions(read_image(tmp_path / name)) == [NO_ORIENTATION]


def test_vtk_without_a_voxel_size_is_refused(tmp_path: Path):
    """SimpleITK issue 586, in a format whose line for it may be missing: 1 mm was taken."""
    sitk.WriteImage(sitk.GetImageFromArray(RAW), str(tmp_path / "a.vtk"))
    lines = (tmp_path / "a.vtk").read_bytes().split(b"\n")
    (tmp_path / "a.vtk").write_bytes(b"\n".join(line for line in lines if not line.startswith(b"SPACING")))
    for read in (read_image, read_geometry):
        assert error_of(tmp_path / "a.vtk", read).code == "spacing-unknown"


def test_ome_of_several_images_of_different_sizes(tmp_path: Path):
    """nnU-Net issue 2542: the size of the last image was taken for that of the first."""
    sizes = {"PhysicalSizeX": 1.5, "PhysicalSizeY": 1.25, "PhysicalSizeZ": 2.0}
    tifffile.imwrite(tmp_path / "a.ome.tif", RAW, metadata={"axes": "ZYX", **sizes})
    with tifffile.TiffFile(tmp_path / "a.ome.tif") as file:
        told = file.pages[0].description
    image = told[told.index("<Image") : told.index("</OME>")]
    other = told.replace("</OME>", image.replace("2.0", "7.0") + "</OME>")
    for name, text in (("b", other), ("c", told.replace('"', "'")), ("d", told.replace("<OME", "<ome:OME"))):
        tifffile.imwrite(tmp_path / f"{name}.tif", RAW, description=text, metadata=None)
    assert error_of(tmp_path / "b.tif").code == "spacing-unknown"
    for name in ("c", "d"):
        assert read_image(tmp_path / f"{name}.tif").GetSpacing() == pytest.approx((0.0015, 0.00125, 0.002))


@pytest.mark.parametrize("name", ["a.mhd", "a.nhdr", "a.hdr"])
def test_data_files_that_are_folders_or_spelled_otherwise(tmp_path: Path, name: str):
    """A detached header whose data lie elsewhere: a folder was called cut short, a name in capitals absent."""
    sitk.WriteImage(sitk.GetImageFromArray(RAW), str(tmp_path / name), False)
    data = next(path for path in tmp_path.iterdir() if path.name != name)
    other = data.with_name(data.name.upper() if name != "a.hdr" else "A.img")
    data.rename(other)
    error = error_of(tmp_path / name)
    assert error.code == "missing" and f"only {other.name}" in str(error) and "Rename" in error.remedy
    data.mkdir()
    error = error_of(tmp_path / name)
    assert error.code == "special" and f"{data} is no file but a folder" in str(error)
