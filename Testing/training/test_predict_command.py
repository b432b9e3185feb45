"""``dualtaskseg predict``: which scans it finds, what it writes, and what it never overwrites."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from dicomseries import write_series
from dualtaskseg import cli
from dualtaskseg.data.images import read_geometry, read_image
from dualtaskseg.data.synthetic import write_dicom_series
from dualtaskseg.errors import InputError
from dualtaskseg.inference.scans import find_scans, named_scans, safe_segment_names
from test_predictor import DIRECTIONS, make_model, make_plan


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    plan = make_plan(values=(3, 9), patch=(16, 16, 16), spacing=(1.1, 1.1, 1.1))
    segments = ({**plan.segments[0], "name": "Left / right"}, {**plan.segments[1], "name": "Fluß"})
    return make_model(tmp_path_factory.mktemp("Modelle ü") / "model", plan.replaced(segments=segments))


def make_scan(path: Path, seed: int = 0, direction: str = "LPS") -> Path:
    image = sitk.GetImageFromArray(np.random.default_rng(seed).integers(0, 900, (14, 18, 16)).astype(np.int16))
    image.SetSpacing((0.9, 1.0, 1.7))
    image.SetOrigin((-20.5, 31.25, 8.0))
    image.SetDirection(DIRECTIONS[direction].ravel().tolist())
    path.parent.mkdir(parents=True, exist_ok=True)
    sitk.WriteImage(image, str(path))
    return path


def predict(*arguments: Path | str) -> int:
    return cli.main(["predict", *map(str, arguments), "--device", "cpu"])


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_everything_is_written_on_the_scans_grid(model, tmp_path, capsys):
    scan = make_scan(tmp_path / "Aufnahme 1 ß" / "Kopf ü.nii.gz", direction="PSR")
    out = tmp_path / "Ergebnis"
    assert predict(model, scan, "--out", out, "--sdm", "--probability", "--uncertainty") == 0
    assert names_in(out) == sorted(
        [
            "Kopf ü.nii.gz",
            "Kopf ü_sdm_Left _ right.nii.gz",
            "Kopf ü_sdm_Fluß.nii.gz",
            "Kopf ü_probability_Left _ right.nii.gz",
            "Kopf ü_probability_Fluß.nii.gz",
            "Kopf ü_uncertainty.nii.gz",
        ]
    )
    for path in out.iterdir():
        assert read_geometry(path) == read_geometry(scan)
        kind = "uint8" if path.name == "Kopf ü.nii.gz" else "float32"
        assert sitk.GetArrayFromImage(read_image(path)).dtype == kind
    assert set(np.unique(sitk.GetArrayFromImage(read_image(out / "Kopf ü.nii.gz")))) <= {0, 3, 9}
    printed = capsys.readouterr().out
    assert "Kopf ü: " in printed and "Fluß" in printed and " mL" in printed and "agree to" in printed


def test_only_the_mask_unless_more_is_asked_for(model, tmp_path):
    out = tmp_path / "out"
    assert predict(model, make_scan(tmp_path / "a.nrrd"), "--out", out) == 0
    assert names_in(out) == ["a.nii.gz"]


def test_a_bad_scan_in_the_middle_does_not_keep_the_others_from_being_segmented(model, tmp_path, capsys):
    folder = tmp_path / "scans"
    for name in ("a1", "a2", "a10"):
        make_scan(folder / f"{name}.nii.gz")
    content = (folder / "a2.nii.gz").read_bytes()
    (folder / "a2.nii.gz").write_bytes(content[: len(content) // 2])
    out = tmp_path / "out"
    assert predict(model, folder, "--out", out) == 2
    assert names_in(out) == ["a1.nii.gz", "a10.nii.gz"]
    captured = capsys.readouterr()
    assert "1 of 3 scans could not be segmented" in captured.err and str(folder / "a2.nii.gz") in captured.err
    assert captured.out.index("a1: ") < captured.out.index("a10: ")
    assert "Traceback" not in captured.err


def test_a_single_bad_scan_ends_with_its_sentence(model, tmp_path, capsys):
    (tmp_path / "no scan.nii.gz").write_text("nothing")
    assert predict(model, tmp_path / "no scan.nii.gz", "--out", tmp_path / "out") == 2
    errors = capsys.readouterr().err
    assert errors.count("no scan.nii.gz") == 1 and "Traceback" not in errors


def test_a_dicom_series_folder_is_one_scan(model, tmp_path):
    scan = sitk.ReadImage(str(make_scan(tmp_path / "source.nii.gz", direction="RAI")))
    for name in ("first", "second"):
        write_dicom_series(scan, tmp_path / "patient" / name, 1, "nobody")
    out = tmp_path / "out"
    assert predict(model, tmp_path / "patient" / "first", "--out", out) == 0
    assert names_in(out) == ["first.nii.gz"]
    assert read_geometry(out / "first.nii.gz").size == scan.GetSize()
    assert find_scans([tmp_path / "patient"]) == [tmp_path / "patient" / "first", tmp_path / "patient" / "second"]


def test_one_series_of_a_dicom_folder(model, tmp_path, capsys):
    write_series(tmp_path / "both", modality="MR")
    write_series(tmp_path / "both", (9, 14, 13), modality="MR", uid="1.2.3.2")
    out = tmp_path / "out"
    assert predict(model, tmp_path / "both", "--out", out) == 2
    assert "holds 2 DICOM series" in capsys.readouterr().err
    assert predict(model, tmp_path / "both", "--series-uid", "1.2.3.2", "--out", out) == 0
    assert read_geometry(out / "both.nii.gz").size == (13, 14, 9)


def test_folders_give_their_scans_and_nothing_else(tmp_path):
    folder = tmp_path / "scans"
    wanted = [make_scan(folder / name) for name in ("b2.nii.gz", "b10.nrrd", "c.mha")]
    for name in ("c.seg.nrrd", "._b2.nii.gz"):
        make_scan(tmp_path / "x.nrrd").rename(folder / name)
    (folder / "notes.txt").write_text("")
    (folder / "empty").mkdir()
    assert find_scans([folder, folder / "c.mha"]) == wanted
    with pytest.raises(InputError, match="holds no scan"):
        find_scans([folder / "empty"])
    with pytest.raises(InputError, match="does not exist"):
        find_scans([tmp_path / "missing.nii.gz"])


def test_results_of_equal_names_are_told_apart(model, tmp_path, capsys):
    scans = [make_scan(tmp_path / folder / name) for folder, name in (("x", "a.nii.gz"), ("y", "a.nii.gz"))]
    scans.append(make_scan(tmp_path / "y" / "A.nrrd"))
    out = tmp_path / "out"
    assert predict(model, *scans, "--out", out) == 0
    assert names_in(out) == ["x_a.nii.gz", "y_A_2.nii.gz", "y_a.nii.gz"]
    assert f"The results of {scans[2]} are called y_A_2" in capsys.readouterr().err


def test_no_result_is_called_as_anothers_extra(tmp_path):
    paths = [tmp_path / "a.nii.gz", tmp_path / "a_uncertainty.nii.gz", tmp_path / "a_sdm_Fluß.nii.gz"]
    scans, notes = named_scans(paths, ["Fluß"])
    names = [scan.output_name(*kind) for scan in scans for kind in ((), ("uncertainty",), ("sdm", "Fluß"))]
    assert len({name.casefold() for name in names}) == 9 and len(notes) == 2


def test_segment_names_become_safe_and_stay_different():
    assert safe_segment_names(["a/b", "a\\b", "A_B", "con", "Fluß"]) == ["a_b", "a_b_2", "A_B_3", "_con", "Fluß"]


def test_a_scan_is_never_overwritten(model, tmp_path, capsys):
    folder = tmp_path / "scans"
    first, second = make_scan(folder / "a.nrrd"), make_scan(folder / "b.nii.gz")
    before = second.read_bytes()
    assert predict(model, first, second, "--out", folder) == 2
    assert "would overwrite the scan" in capsys.readouterr().err
    assert second.read_bytes() == before and names_in(folder) == ["a.nrrd", "b.nii.gz"]
    link = tmp_path / "out" / "b.nii.gz"
    link.parent.mkdir()
    link.symlink_to(second)
    assert predict(model, second, "--out", link.parent) == 2
    assert second.read_bytes() == before and link.is_symlink()


def test_a_file_of_the_users_is_not_replaced_but_an_earlier_result_is(model, tmp_path, capsys):
    scan, out = make_scan(tmp_path / "a.nrrd"), tmp_path / "out"
    drawn = make_scan(out / "a.nii.gz", seed=5)
    before = drawn.read_bytes()
    assert predict(model, scan, "--out", out) == 2
    assert "not written by this program" in capsys.readouterr().err and drawn.read_bytes() == before
    drawn.unlink()
    assert predict(model, scan, "--out", out) == 0
    first = sitk.GetArrayFromImage(read_image(out / "a.nii.gz"))
    make_scan(scan, seed=7)
    assert predict(model, scan, "--out", out) == 0
    assert (sitk.GetArrayFromImage(read_image(out / "a.nii.gz")) != first).any()
    assert names_in(out) == ["a.nii.gz"]


def test_a_constant_scan_is_warned_of(model, tmp_path, capsys):
    path = tmp_path / "leer.nii.gz"
    sitk.WriteImage(sitk.GetImageFromArray(np.full((8, 9, 10), 5, np.int16)), str(path))
    assert predict(model, path, "--out", tmp_path / "out") == 0
    assert "leer: All of the scan has the same intensity" in capsys.readouterr().err
    assert not sitk.GetArrayFromImage(read_image(tmp_path / "out" / "leer.nii.gz")).any()


def test_bad_arguments_end_before_anything_is_written(model, tmp_path, capsys):
    scan = make_scan(tmp_path / "a.nrrd")
    for arguments in (
        (tmp_path / "no model", scan, "--out", tmp_path / "out"),
        (model, tmp_path / "missing.nii", "--out", tmp_path / "out"),
        (model, scan, "--out", scan),
    ):
        assert predict(*arguments) == 2
        assert "Traceback" not in capsys.readouterr().err
    assert cli.main(["predict", str(model), str(scan), "--out", str(tmp_path / "out"), "--device", "cuda:77"]) == 2
    assert not (tmp_path / "out").exists()


def test_one_json_document_where_it_is_asked_for(model, tmp_path, capsys):
    from argparse import Namespace

    from dualtaskseg.commands.predict import run

    scan = make_scan(tmp_path / "a.nrrd")
    bad = tmp_path / "b.nrrd"
    bad.write_text("nothing")
    args = Namespace(model=model, images=[scan, bad], out=tmp_path / "out", device="cpu", json=True)
    assert run(args) == 2
    document = json.loads(capsys.readouterr().out)
    (case,) = document["cases"]
    assert case["files"] == [str(tmp_path / "out" / "a.nii.gz")] and set(case["volume_ml"]) == {"Left / right", "Fluß"}
    assert 0 <= case["agreement"] <= 1 and document["failed"][0]["image"] == str(bad)


def test_a_terminals_output_has_no_noise(model, tmp_path):
    """As a process, where libraries could write past Python."""
    scan = make_scan(tmp_path / "a.nii.gz")
    command = [sys.executable, "-m", "dualtaskseg", "predict", str(model), str(scan), "--out", str(tmp_path / "out")]
    result = subprocess.run([*command, "--device", "cpu"], capture_output=True, encoding="utf-8", check=True)
    assert len(result.stdout.splitlines()) == 2
    assert all(line.startswith("Segmenting") for line in result.stderr.splitlines()), result.stderr
