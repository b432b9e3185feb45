"""``dualtaskseg predict``: which scans it finds, what it writes, and what it never overwrites."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from dicomseries import write_series
from dualtaskseg import cli
from dualtaskseg.data.scan_search import scans_of
from dualtaskseg.errors import InputError
from dualtaskseg.inference.outputs import named_scans
from dualtaskseg.io.images import read_geometry, read_image
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.names import safe_segment_names
from dualtaskseg.planning.plan import Plan
from dualtaskseg.synthetic.cohort import write_dicom_series
from test_predictor import DIRECTIONS, FromIntensity, make_model, make_plan


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    plan = make_plan(values=(3, 9), patch=(16, 16, 16), spacing=(1.1, 1.1, 1.1))
    segments = (replace(plan.segments[0], name="Left / right"), replace(plan.segments[1], name="Fluß"))
    return make_model(tmp_path_factory.mktemp("Modelle ü") / "model", plan.replaced(segments=segments))


def make_scan(path: Path, seed: int = 0, direction: str = "LPS") -> Path:
    image = sitk.GetImageFromArray(np.random.default_rng(seed).integers(-1000, 900, (14, 18, 16)).astype(np.int16))
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
    assert scans_of([tmp_path / "patient"]) == [tmp_path / "patient" / "first", tmp_path / "patient" / "second"]


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
    assert scans_of([folder, folder / "c.mha"]) == wanted
    with pytest.raises(InputError, match="holds no scan"):
        scans_of([folder / "empty"])
    with pytest.raises(InputError, match="does not exist"):
        scans_of([tmp_path / "missing.nii.gz"])


def test_files_of_a_folder_that_are_passed_over_are_told_of(model, tmp_path, capsys):
    """A scan packed by another program was left out without a word, or its folder called empty."""
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "b.nii.xz").write_bytes(b"x")
    assert predict(model, folder, "--out", tmp_path / "out") == 2
    assert f"The folder {folder} holds no scan but b.nii.xz: files packed so are not read. Unpack them." in (
        capsys.readouterr().err
    )
    make_scan(folder / "a.nii.gz")
    (folder / "c.mgz").write_bytes(b"x")
    assert predict(model, folder, "--out", tmp_path / "out") == 0
    said = capsys.readouterr().err
    assert "b.nii.xz in scans is left out: files packed so are not read; unpack them." in said
    assert "c.mgz in scans is left out: files of this kind are not read; convert them to .nii.gz." in said


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
    told = capsys.readouterr()
    assert "leer: All of the scan has the same intensity" in told.err
    assert "nothing can be seen in it, predicted Dice unknown" in told.out and "1.00" not in told.out
    assert not sitk.GetArrayFromImage(read_image(tmp_path / "out" / "leer.nii.gz")).any()


def test_two_networks_that_find_nothing_are_not_trusted(tmp_path, capsys, monkeypatch):
    """They agree entirely; that says nothing of whether they overlooked a structure."""

    def networks(_file: Path, plan: Plan) -> TwoNetworks:
        pair = [FromIntensity(1, kind) for kind in ("probability", "distance")]
        return TwoNetworks(*pair, list(plan.truncation), plan.temperature)

    monkeypatch.setattr("dualtaskseg.inference.predictor.networks_of_file", networks)
    scan = tmp_path / "a.nii.gz"
    outside = np.random.default_rng(0).uniform(5, 9, (16, 16, 16)).astype(np.float32)  # mm from the structure
    sitk.WriteImage(sitk.GetImageFromArray(outside), str(scan))
    assert predict(make_model(tmp_path / "model", make_plan()), scan, "--out", tmp_path / "out") == 0
    said = capsys.readouterr().out
    assert "no structure was found in it, predicted Dice unknown, Teil 1 0 mL" in said and "1.00" not in said


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


def test_a_terminals_output_has_no_noise(model, tmp_path):
    """As a process, where libraries could write past Python."""
    scan = make_scan(tmp_path / "a.nii.gz")
    command = [sys.executable, "-m", "dualtaskseg", "predict", str(model), str(scan), "--out", str(tmp_path / "out")]
    fresh = {**os.environ, "MPLCONFIGDIR": str(tmp_path / "fonts")}
    result = subprocess.run([*command, "--device", "cpu"], capture_output=True, encoding="utf-8", check=True, env=fresh)
    assert len(result.stdout.splitlines()) == 2
    assert all(line.startswith("Segmenting") for line in result.stderr.splitlines()), result.stderr


# --- work that is never lost


def edited(path: Path, change) -> bytes:
    """Corrects a result as with a program that keeps headers, and returns what the file holds then."""
    image = sitk.ReadImage(str(path))
    image = change(image) or image
    sitk.WriteImage(image, str(path))
    return path.read_bytes()


def one_voxel(image: sitk.Image) -> None:
    image[3, 4, 5] = 9 if image[3, 4, 5] != 9 else 0


def moved(image: sitk.Image) -> None:
    image.SetOrigin([value + 3 for value in image.GetOrigin()])


def larger_voxels(image: sitk.Image) -> None:
    image.SetSpacing([2 * step for step in image.GetSpacing()])


def other_type(image: sitk.Image) -> sitk.Image:
    result = sitk.Cast(image, sitk.sitkFloat64) + 1
    for key in image.GetMetaDataKeys():
        result.SetMetaData(key, image.GetMetaData(key))
    return result


ALL = ("--sdm", "--probability", "--uncertainty")


@pytest.fixture(scope="module")
def segmented(model, tmp_path_factory) -> Path:
    """A folder with the scans a and b, and all their results in ``out``."""
    folder = tmp_path_factory.mktemp("segmented")
    scans = [make_scan(folder / f"{name}.nrrd") for name in "ab"]
    assert predict(model, *scans, "--out", folder / "out", *ALL) == 0
    return folder


@pytest.mark.parametrize("change", [one_voxel, moved, larger_voxels, other_type])
@pytest.mark.parametrize("name", ["a", "a_sdm_Fluß", "a_probability_Left _ right", "a_uncertainty"])
def test_what_a_person_corrected_is_kept(model, segmented, tmp_path, capsys, change, name):
    """The note in the header, which programs keep, was once taken for a proof that the file is ours to replace."""
    shutil.copytree(segmented, tmp_path, dirs_exist_ok=True)
    scan, other, out = tmp_path / "a.nrrd", tmp_path / "b.nrrd", tmp_path / "out"
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    content = edited(out / f"{name}.nii.gz", change)
    capsys.readouterr()
    assert predict(model, scan, other, "--out", out, *ALL) == 2
    error = capsys.readouterr().err
    assert f"{name}.nii.gz exists and " in error and "--overwrite" in error
    after = {path.name: path.read_bytes() for path in out.iterdir()}
    assert after == {**before, f"{name}.nii.gz": content}  # nothing else was written either
    assert predict(model, scan, other, "--out", out, *ALL, "--overwrite") == 0
    assert (out / f"{name}.nii.gz").read_bytes() != content


@pytest.mark.parametrize("direction", sorted(DIRECTIONS))
def test_a_result_that_nobody_changed_is_replaced_on_any_grid(model, tmp_path, direction):
    scan, out = make_scan(tmp_path / "a.nii.gz", direction=direction), tmp_path / "out"
    for _ in range(2):
        assert predict(model, scan, "--out", out, *ALL) == 0


def test_a_mask_that_is_corrected_while_others_are_computed_is_kept(model, tmp_path, capsys, monkeypatch):
    scans, out = [make_scan(tmp_path / f"{name}.nrrd") for name in "abc"], tmp_path / "out"
    assert predict(model, *scans, "--out", out) == 0
    from dualtaskseg.inference import outputs

    content = []

    def reading(path, series_uid="", read=outputs.read_image):
        if path.name == "b.nrrd":
            content.append(edited(out / "b.nii.gz", one_voxel))
        return read(path, series_uid)

    monkeypatch.setattr(outputs, "read_image", reading)
    assert predict(model, *scans, "--out", out) == 2
    error = capsys.readouterr().err
    assert "1 of 3 scans could not be segmented" in error and "was changed since" in error
    assert (out / "b.nii.gz").read_bytes() == content[0]


def test_results_of_earlier_versions_are_kept(model, tmp_path, capsys):
    """They hold nothing to tell whether somebody corrected them."""
    scan, out = make_scan(tmp_path / "a.nrrd"), tmp_path / "out"
    image = sitk.ReadImage(str(scan))
    image.SetMetaData("ITK_FileNotes", "DualTaskSeg 0.1.0")
    out.mkdir()
    sitk.WriteImage(image, str(out / "a.nii.gz"))
    assert predict(model, scan, "--out", out) == 2
    assert "was written by an earlier version" in capsys.readouterr().err


def test_even_with_overwriting_scans_stay(model, tmp_path, capsys):
    first, second = make_scan(tmp_path / "a.nrrd"), make_scan(tmp_path / "b.nii.gz")
    before = second.read_bytes()
    assert predict(model, first, second, "--out", tmp_path, "--overwrite") == 2
    assert "would overwrite the scan" in capsys.readouterr().err
    assert second.read_bytes() == before and not (tmp_path / "a.nii.gz").exists()


# --- one scan's fault is not another's


@pytest.mark.parametrize("fault", [ValueError("Expected more than 1 value"), MemoryError(), RuntimeError("bad_alloc")])
def test_whatever_one_scan_raises_the_others_are_segmented(model, tmp_path, capsys, monkeypatch, fault):
    from dualtaskseg.inference.predictor import Predictor

    real, out = Predictor.predict, tmp_path / "out"

    def broken(self, image, *args, **kwargs):
        if image.GetSize() == (7, 18, 14):
            raise fault
        return real(self, image, *args, **kwargs)

    monkeypatch.setattr(Predictor, "predict", broken)
    scans = [make_scan(tmp_path / f"{name}.nrrd") for name in "abc"]
    sitk.WriteImage(sitk.ReadImage(str(scans[1]))[:7], str(scans[1]))
    is_defect = isinstance(fault, ValueError)
    assert predict(model, *scans, "--out", out) == (1 if is_defect else 2)
    error = capsys.readouterr().err
    assert names_in(out) == ["a.nii.gz", "c.nii.gz"] and f"{scans[1]}" in error
    assert ("Traceback" in error and "Expected more than 1 value" in error) if is_defect else "memory" in error
    assert predict(model, scans[1], "--out", out) == (1 if is_defect else 2)


@pytest.mark.parametrize(("shape", "spacing", "code"), [((3, 3, 3), 1.0, 0), ((24, 24, 24), 28.0, 2)])
def test_odd_sizes_in_a_batch(model, tmp_path, capsys, shape, spacing, code):
    """A scan of 3 x 3 x 3 voxels once ended the batch; one of 28 mm voxels would have taken a week."""
    image = sitk.GetImageFromArray(np.random.default_rng(1).normal(size=shape))
    image.SetSpacing((spacing,) * 3)
    sitk.WriteImage(image, str(tmp_path / "b.nrrd"))
    scans = [make_scan(tmp_path / "a.nrrd"), tmp_path / "b.nrrd", make_scan(tmp_path / "c.nrrd")]
    assert predict(model, *scans, "--out", tmp_path / "out") == code
    assert names_in(tmp_path / "out") == [f"{name}.nii.gz" for name in ("abc" if code == 0 else "ac")]
    error = capsys.readouterr().err
    assert ("covers only" if code == 0 else f"{scans[1]}: The scan has voxels of 28 x 28 x 28 mm") in error


def test_a_reader_that_goes_away_ends_nothing(model, tmp_path):
    """``predict ... | head -1`` once left scans out and said 0."""
    scans = [make_scan(tmp_path / f"{name}.nrrd") for name in "abcd"]
    command = [sys.executable, "-m", "dualtaskseg", "predict", str(model), *map(str, scans), "--device", "cpu"]
    process = subprocess.Popen([*command, "--out", str(tmp_path / "out")], stdout=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    assert process.wait() == 0
    assert names_in(tmp_path / "out") == [f"{name}.nii.gz" for name in "abcd"]


def test_names_of_scans_steer_no_terminal(model, tmp_path, capsys):
    scan = make_scan(tmp_path / "a\x1b[2J\u202eb\nc.nrrd")
    predict(model, scan, "--out", tmp_path / "out")
    captured = capsys.readouterr()
    assert not set("\x1b\u202e") & set(captured.out + captured.err) and "a?[2J?b?c: " in captured.out


def test_long_work_says_at_once_how_long_it_will_be(monkeypatch, capsys):
    from dualtaskseg.commands import predict as command

    clock = iter([0.0, *(100.0 + step for step in range(20))])
    monkeypatch.setattr(command.time, "monotonic", lambda: next(clock, 200.0))
    with command._Bar(0, 1, "a", 95.0) as bar:
        bar.show(1, 1000)
    assert "Segmenting a 1/1000, " in capsys.readouterr().err


def test_a_table_has_a_row_for_each_scan_with_the_forecast(model, tmp_path, capsys):
    for name in ("a", "b"):
        make_scan(tmp_path / "scans" / f"{name}.nii.gz", seed=ord(name))
    (tmp_path / "scans" / "c.nii.gz").write_text("nothing")
    table = tmp_path / "sizes.csv"
    assert predict(model, tmp_path / "scans", "--out", tmp_path / "out", "--table", table) == 2
    with table.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["case"] for row in rows] == ["a", "b"]
    for row in rows:
        label = read_image(tmp_path / "out" / f"{row['case']}.nii.gz")
        inside = int((sitk.GetArrayFromImage(label) == 9).sum())
        assert float(row["Fluß volume_ml"]) == pytest.approx(inside * 0.9 * 1.0 * 1.7 / 1000, abs=1e-4)
        assert 0 <= float(row["predicted_dice"]) <= 1 and 0 <= float(row["agreement"]) <= 1
        assert (row["Fluß largest_mm"] == "") == (inside == 0)
    assert predict(model, tmp_path / "scans" / "a.nii.gz", "--out", tmp_path / "o", "--table", tmp_path / "x.xls") == 2
    assert "neither a .csv nor a .json" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()
