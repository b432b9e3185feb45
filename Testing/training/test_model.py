"""The model folder and the exported file: written whole or not at all, and hostile files kept out."""

from __future__ import annotations

import json
import os
import random
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dualtaskseg import cli
from dualtaskseg.contract.segment import Segment, default_color
from dualtaskseg.errors import InputError
from dualtaskseg.model.archive import export_model, import_model, inspect_exported
from dualtaskseg.model.description import ModelDescription, check_description, describe
from dualtaskseg.model.folder import find_model, read_model, write_model
from dualtaskseg.names import folder_name
from dualtaskseg.run.folder import RunFolder
from safetensors.numpy import load_file, save_file

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")

DESCRIPTION = ModelDescription(
    name="Hüfte links",
    segments=(
        Segment("anterior", 1, (230, 25, 25), "Tissue~SCT^85756007^Tissue"),
        Segment("posterior", 2, (25, 25, 230)),
    ),
    plan={"spacing": [1.0, 1.0, 2.5], "patch": [32, 48, 32]},
    trained_on={
        "labeled": 8,
        "unlabeled": 200,
        "validation": 2,
        "seed": 0,
        "method": "mutual",
        "preset": "standard",
        "iterations": 1200,
        "split": {"training": 6, "validation": 2, "seed": 0},
        "validation_figures": {"anterior": {"dice": 0.87654, "surface_distance_mm": None}, "posterior": {"dice": 0.8}},
    },
    versions={"dualtaskseg": "0.1.0", "torch": "2.13.0"},
)


def writes(seed: int = 0) -> Callable[[Path], None]:
    """Returns a function that writes real weights."""
    random_state = np.random.default_rng(seed)
    tensors = {
        "probability.conv.weight": random_state.normal(size=(4, 1, 3, 3, 3)).astype(np.float32),
        "probability.norm.count": np.array(7, dtype=np.int64),
        "distance.conv.weight": random_state.normal(size=(4, 4)).astype(np.float16),
        "distance.none": np.zeros((0, 3), dtype=np.float32),
    }
    return lambda path: save_file(tensors, path, metadata={"for": "both networks"})


@pytest.fixture
def model(tmp_path: Path) -> Path:
    write_model(tmp_path / "läuft" / "model", DESCRIPTION, writes())
    return tmp_path / "läuft" / "model"


@pytest.fixture
def exported(model: Path, tmp_path: Path) -> Path:
    return export_model(model, tmp_path / "mein modell")


def leftovers(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.rglob("*") if each.name.startswith((".tmp_", ".old_")))


# --- the folder


def test_round_trip(model: Path) -> None:
    description = read_model(model)
    assert replace(description, weights_sha256="") == DESCRIPTION
    assert sorted(each.name for each in model.iterdir()) == ["model.json", "weights.safetensors"]
    assert load_file(model / "weights.safetensors")["probability.norm.count"] == 7
    assert leftovers(model.parent) == []
    text = (model / "model.json").read_text(encoding="utf-8")
    assert json.loads(text)["format"] == 1
    assert str(model.parent) not in text and "läuft" not in text


@posix_only
def test_model_has_the_usual_mode(model: Path) -> None:
    umask = os.umask(0)
    os.umask(umask)
    for file in model.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o666 & ~umask


def test_an_old_model_is_replaced_whole(model: Path) -> None:
    before = read_model(model).weights_sha256
    write_model(model, replace(DESCRIPTION, name="second"), writes(seed=1))
    after = read_model(model)
    assert after.name == "second" and after.weights_sha256 != before
    assert leftovers(model.parent) == []


def test_a_failure_keeps_the_old_model(model: Path, tmp_path: Path) -> None:
    def fails(path: Path) -> None:
        writes(seed=1)(path)
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_model(model, DESCRIPTION, fails)
    with pytest.raises(InputError, match="safetensors"):
        write_model(model, DESCRIPTION, lambda path: path.write_bytes(b"x" * 100) and None)
    assert read_model(model).name == DESCRIPTION.name
    with pytest.raises(OSError, match="full"):
        write_model(tmp_path / "new", DESCRIPTION, fails)
    assert not (tmp_path / "new").exists()
    assert leftovers(tmp_path) == []


@posix_only
def test_a_disk_that_takes_no_more_keeps_the_old_model(model: Path) -> None:
    script = """
import resource, sys
from pathlib import Path
from dualtaskseg.model.folder import read_model, write_model
folder = Path(sys.argv[1])
description = read_model(folder)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))  # the system refuses to write more
try:
    write_model(folder, description, lambda path: path.write_bytes(bytes(100_000)) and None)
except OSError as error:
    print(error.strerror)
"""
    answer = subprocess.run(
        [sys.executable, "-c", script, str(model)], capture_output=True, encoding="utf-8", check=True
    )
    assert "too large" in answer.stdout
    assert read_model(model).name == DESCRIPTION.name
    assert leftovers(model.parent) == []


def test_a_failed_swap_brings_the_old_model_back(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def refuses_the_new(self: Path, target: Path) -> Path:
        if self.name.startswith(".tmp_"):
            raise OSError("the share vanished for a moment")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuses_the_new)
    with pytest.raises(OSError, match="vanished"):
        write_model(model, DESCRIPTION, writes(seed=1))
    monkeypatch.undo()
    assert read_model(model).name == DESCRIPTION.name
    assert leftovers(model.parent) == []


@posix_only
def test_kill_at_any_moment_leaves_a_whole_model(model: Path) -> None:
    """A child replaces the model as fast as it can; killed at odd moments, one whole model is always found."""
    script = """
import sys
from dataclasses import replace
from pathlib import Path
from dualtaskseg.model.folder import find_model, read_model, write_model
folder = Path(sys.argv[1])
description = read_model(find_model(folder))
weights = (find_model(folder) / "weights.safetensors").read_bytes()
print("ready", flush=True)
number = 0
while True:
    number += 1
    write_model(folder, replace(description, name=f"number {number}"), lambda path: path.write_bytes(weights) and None)
"""
    wait = random.Random(0)
    for _ in range(12):
        child = subprocess.Popen([sys.executable, "-c", script, str(model)], stdout=subprocess.PIPE, encoding="utf-8")
        assert child.stdout.readline()
        time.sleep(wait.uniform(0, 0.15))
        child.kill()
        child.communicate()
        read_model(find_model(model))
        read_model(find_model(model.parent))
    write_model(model, DESCRIPTION, writes())
    assert [name for name in leftovers(model.parent) if name.startswith(".old_")] == []


def test_a_crash_between_the_two_renames_is_healed(model: Path) -> None:
    aside = model.with_name(".old_model")
    model.rename(aside)
    assert find_model(model) == aside
    assert find_model(model.parent) == aside
    write_model(model, replace(DESCRIPTION, name="next"), writes())
    assert read_model(model).name == "next"
    assert not aside.exists()


def test_a_reader_beside_a_writer_sees_whole_models_only(model: Path) -> None:
    """Between the two renames the model is absent for an instant, never half there."""
    done = threading.Event()

    def write() -> None:
        for number in range(40):
            write_model(model, replace(DESCRIPTION, name=f"number {number}"), writes())
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    while not done.is_set():
        try:
            seen.add(read_model(model, verify=False).name)
        except InputError as error:
            assert "no model" in error.what or "lacks its weights" in error.what, error
    writer.join()
    assert len(seen) > 3


def test_foreign_folders_are_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "text.txt").write_text("mine")
    with pytest.raises(InputError, match="not a model"):
        write_model(tmp_path / "thesis", DESCRIPTION, writes())
    assert (tmp_path / "thesis" / "text.txt").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    write_model(tmp_path / "empty", DESCRIPTION, writes())
    assert read_model(tmp_path / "empty").name == DESCRIPTION.name


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"plan": {"cache": "/home/anna/prepared"}}, "path"),
        ({"plan": {"deep": [{"C:\\Users\\anna": 1}]}}, "path"),
        ({"plan": {"share": "\\\\server\\scans"}}, "path"),
        ({"trained_on": {"labeled": ["case_001", "case_002"]}}, "names of cases"),
        ({"trained_on": {"cases": {"Meier_Anna": 1}}}, "names of cases"),
        ({"trained_on": {"first": "Meier_Anna"}}, "names of cases"),
        ({"trained_on": {"split": {"training": ["Meier_Anna"]}}}, "names of cases"),
        ({"trained_on": {"split": {"Meier_Anna": 1}}}, "names of cases"),
        ({"trained_on": {"validation_figures": {"Meier_Anna": {"dice": 0.9}}}}, "names of cases"),
        ({"plan": {"spacing": float("nan")}}, "JSON"),
        ({"name": " "}, "name"),
        ({"segments": ()}, "segments"),
        ({"segments": (Segment("a", 1, (0, 0, 0)), Segment("b", 1, (0, 0, 0)))}, "twice"),
        ({"segments": (Segment("a", 1, (0, 128, 256)),)}, "color"),
    ],
)
def test_unfit_descriptions_are_not_written(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        write_model(tmp_path / "model", replace(DESCRIPTION, **change), writes())
    assert list(tmp_path.iterdir()) == []


def test_no_figures_need_a_reason_only(tmp_path: Path) -> None:
    trained_on = {
        "labeled": 1,
        "validation_figures": None,
        "validation_reason": "too few labeled cases to hold out one",
    }
    description = replace(DESCRIPTION, trained_on=trained_on)
    check_description(description)
    assert "too few labeled cases" in describe(description)
    with pytest.raises(TypeError):
        check_description(replace(DESCRIPTION, plan={"array": np.zeros(3)}))


def test_a_segment_without_color_or_terminology_gets_those_of_its_place(model: Path) -> None:
    """Models of other programs and of earlier versions may lack them."""
    segments = [{"name": "a", "value": 3}, {"name": "b", "value": 1, "color": None, "terminology": None}]
    damage(model / "model.json", segments=segments)
    assert read_model(model).segments == (Segment("a", 3, default_color(0)), Segment("b", 1, default_color(1)))


def damage(file: Path, **changes: Any) -> None:
    document = json.loads(file.read_text(encoding="utf-8"))
    document.update(changes)
    file.write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 2}, "newer version"),
        ({"format": "1"}, "names no format"),
        ({"name": 3}, "name"),
        ({"segments": [{"name": "a", "value": 0}]}, "value"),
        ({"segments": ["a"]}, "segment"),
        ({"segments": [{"name": "a", "value": 1, "color": [0.5, 0, 0]}]}, "color"),
        ({"segments": [{"name": "a", "value": 1, "terminology": 7}]}, "terminology"),
        ({"plan": []}, "plan"),
        ({"versions": {"torch": 2}}, "versions"),
        ({"weights_sha256": "../x"}, "checksum"),
        ({"weights_sha256": "0" * 64}, "not those"),
    ],
)
def test_damaged_models_are_told_apart(model: Path, changes: dict[str, Any], words: str) -> None:
    damage(model / "model.json", **changes)
    with pytest.raises(InputError, match=words) as caught:
        read_model(model)
    assert caught.value.remedy and str(model) in caught.value.what


def test_models_that_are_not_there(model: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no model in"):
        read_model(tmp_path)
    with (model / "weights.safetensors").open("ab") as file:
        file.write(b"x")
    read_model(model, verify=False)
    with pytest.raises(InputError, match="not those"):
        read_model(model)
    (model / "weights.safetensors").unlink()
    with pytest.raises(InputError, match="lacks its weights"):
        read_model(model, verify=False)
    (model / "model.json").write_text('{"format": 1, "na')
    with pytest.raises(InputError, match="can't be read"):
        read_model(model)


def test_finding_what_users_name(model: Path, exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_model(model) == model
    assert find_model(str(model.parent)) == model
    with pytest.raises(InputError, match="exported model") as caught:
        find_model(exported)
    assert "model import" in caught.value.remedy
    run = RunFolder.create(tmp_path / "run", {})
    with pytest.raises(InputError, match="no model yet"):
        find_model(run.folder)
    write_model(run.model_folder, DESCRIPTION, writes())
    assert find_model(run.folder) == run.model_folder
    for nothing in (tmp_path / "nowhere", tmp_path, Path("/"), exported.with_suffix(".x")):
        with pytest.raises(InputError, match="no model in"):
            find_model(nothing)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no model in"):
        find_model(".")
    monkeypatch.chdir(model)
    assert read_model(find_model(".")).name == DESCRIPTION.name


# --- exporting and importing


def test_export_and_import(model: Path, exported: Path, tmp_path: Path) -> None:
    assert exported.name == "mein modell.dtsmodel"
    library = tmp_path / "meine modelle"
    first = import_model(exported, library)
    assert first == library / "Hüfte links"
    assert read_model(first) == read_model(model)
    assert (first / "weights.safetensors").read_bytes() == (model / "weights.safetensors").read_bytes()
    second = import_model(exported, library)
    third = import_model(exported, library)
    assert [second.name, third.name] == ["Hüfte links 2", "Hüfte links 3"]
    assert read_model(second).name == "Hüfte links 2"
    named = import_model(exported, library, name="a/b: c?")
    assert named.name == "a_b_ c_"
    assert read_model(named).name == "a/b: c?"
    assert leftovers(library) == []
    assert inspect_exported(exported) == read_model(model)


def test_import_never_takes_an_existing_folder(exported: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    (library / "Hüfte links").mkdir(parents=True)
    assert import_model(exported, library).name == "Hüfte links 2"
    assert list((library / "Hüfte links").iterdir()) == []


def test_export_refuses_to_overwrite(model: Path, exported: Path, tmp_path: Path) -> None:
    before = exported.read_bytes()
    with pytest.raises(InputError, match="exists already"):
        export_model(model, exported)
    assert export_model(model, exported, overwrite=True).read_bytes() == before  # the same model, the same file
    (tmp_path / "shelf").mkdir()
    assert export_model(model, tmp_path / "shelf").name == "Hüfte links.dtsmodel"
    damage(model / "model.json", weights_sha256="0" * 64)
    with pytest.raises(InputError):
        export_model(model, tmp_path / "bad")
    assert not (tmp_path / "bad.dtsmodel").exists()


@posix_only
def test_export_to_a_disk_that_takes_no_more_leaves_nothing(model: Path, tmp_path: Path) -> None:
    script = """
import resource, sys
from dualtaskseg.model.archive import export_model
resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
try:
    export_model(sys.argv[1], sys.argv[2])
except OSError as error:
    print(error.strerror)
"""
    target = tmp_path / "shelf" / "x.dtsmodel"
    arguments = [sys.executable, "-c", script, str(model), str(target)]
    answer = subprocess.run(arguments, capture_output=True, encoding="utf-8", check=True)
    assert "too large" in answer.stdout
    assert list(target.parent.iterdir()) == []


def contents(exported: Path) -> tuple[dict[str, Any], bytes]:
    with zipfile.ZipFile(exported) as archive:
        return json.loads(archive.read("model.json")), archive.read("weights.safetensors")


def pack(file: Path, members: list[tuple[Any, bytes]], method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file


def refused(file: Path, words: str) -> None:
    """The import is refused with a sentence that names the file, and nothing is written."""
    library = file.parent / "library"
    before = sorted(file.parent.rglob("*"))
    with pytest.raises(InputError, match=words) as caught:
        import_model(file, library)
    assert str(file) in caught.value.what and caught.value.remedy
    assert sorted(file.parent.rglob("*")) == before


@pytest.mark.parametrize(
    "name",
    ["../evil", "/tmp/evil", "C:\\evil", "model/model.json", "..\\evil", "weights.safetensors@.exe", "Model.json"],
)
def test_wrong_member_names(exported: Path, tmp_path: Path, name: str) -> None:
    document, weights = contents(exported)
    text = json.dumps(document).encode()
    for members in (
        [("model.json", text), (name, weights)],
        [("model.json", text), ("weights.safetensors", weights), (name, b"evil")],
    ):
        file = pack(tmp_path / "bad.dtsmodel", members)
        file.write_bytes(file.read_bytes().replace(b"@.exe", b"\0.exe"))  # writers cut names there, attackers don't
        refused(file, "must hold exactly")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_wrong_members(exported: Path, tmp_path: Path) -> None:
    document, weights = contents(exported)
    text = json.dumps(document).encode()
    file = tmp_path / "bad.dtsmodel"
    both = [("model.json", text), ("weights.safetensors", weights)]
    for members in (both[:1], both[1:], [], [*both, ("model.json", text)], [both[0], both[0]]):
        refused(pack(file, members), "must hold exactly")
    link = zipfile.ZipInfo("weights.safetensors")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    refused(pack(file, [both[0], (link, b"/etc/passwd")]), "a link")
    refused(pack(file, both, zipfile.ZIP_BZIP2), "packed in an unknown way")
    content = bytearray(pack(file, both).read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1  # says that the weights are encrypted
    file.write_bytes(content)
    refused(file, "encrypted")


def test_wrong_descriptions_in_the_archive(exported: Path, tmp_path: Path) -> None:
    document, weights = contents(exported)
    file = tmp_path / "bad.dtsmodel"

    def with_text(text: bytes) -> Path:
        return pack(file, [("model.json", text), ("weights.safetensors", weights)])

    refused(with_text(json.dumps({**document, "format": 2}).encode()), "newer version")
    refused(with_text(json.dumps({**document, "weights_sha256": "0" * 64}).encode()), "not those")
    refused(with_text(json.dumps({**document, "plan": {"x": float("nan")}}).encode()), "NaN")
    refused(with_text(json.dumps({**document, "name": "\ud800"}).encode()), "can't be read")
    refused(with_text(b'{"format": 1, "format": 1}'), "twice")
    refused(with_text(b"[" * 100_000), "can't be read")
    refused(with_text(b"\xff\xfe"), "can't be read")
    refused(with_text(b" " * (5 << 20)), "too large")


def safetensors_bytes(table: Any, content: bytes, length: int | None = None) -> bytes:
    text = table if isinstance(table, bytes) else json.dumps(table).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + content


TENSOR = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (b"", "not a safetensors"),
        (b"\x80\x04\x95pickled", "not a safetensors"),
        (safetensors_bytes({"a": TENSOR}, bytes(8), length=1 << 62), "not a safetensors"),
        (safetensors_bytes({"a": TENSOR}, bytes(8), length=100_000), "not a safetensors"),
        (safetensors_bytes([], bytes(8)), "no table"),
        (safetensors_bytes({}, b""), "longer or shorter"),
        (safetensors_bytes({"a": TENSOR}, bytes(7)), "longer or shorter"),
        (safetensors_bytes({"a": TENSOR}, bytes(9)), "longer or shorter"),
        (safetensors_bytes({"a": {**TENSOR, "dtype": "OBJECT"}}, bytes(8)), "makes no sense"),
        (safetensors_bytes({"a": {**TENSOR, "shape": [3]}}, bytes(8)), "makes no sense"),
        (safetensors_bytes({"a": {**TENSOR, "shape": [-2]}}, bytes(8)), "makes no sense"),
        (safetensors_bytes({"a": {**TENSOR, "shape": [True, 2]}}, bytes(8)), "makes no sense"),
        (safetensors_bytes({"a": {**TENSOR, "data_offsets": [-8, 0]}}, bytes(8)), "makes no sense"),
        (safetensors_bytes({"a": {**TENSOR, "data_offsets": [0]}}, bytes(8)), "makes no sense"),
        (safetensors_bytes({"a": "text"}, bytes(8)), "makes no sense"),
        (safetensors_bytes({"a": TENSOR, "b": TENSOR}, bytes(8)), "overlap"),
        (safetensors_bytes({"a": {**TENSOR, "data_offsets": [4, 12]}}, bytes(12)), "gaps"),
        (safetensors_bytes(b'{"a": {}, "a": {}}', bytes(8)), "twice"),
        (safetensors_bytes(b'{"a": ' + b"[" * 50_000, bytes(8)), "can't be read"),
    ],
)
def test_wrong_weights_in_the_archive(exported: Path, tmp_path: Path, weights: bytes, words: str) -> None:
    import hashlib

    document, _ = contents(exported)
    document["weights_sha256"] = hashlib.sha256(weights).hexdigest()  # whoever builds such a file gets the hash right
    members = [("model.json", json.dumps(document).encode()), ("weights.safetensors", weights)]
    refused(pack(tmp_path / "bad.dtsmodel", members), words)


def test_bombs(exported: Path, tmp_path: Path) -> None:
    document, _ = contents(exported)
    text = json.dumps(document).encode()
    file = tmp_path / "bad.dtsmodel"
    zeros = safetensors_bytes(
        {"a": {"dtype": "U8", "shape": [50 << 20], "data_offsets": [0, 50 << 20]}}, bytes(50 << 20)
    )
    members = [("model.json", text), ("weights.safetensors", zeros)]
    assert pack(file, members, zipfile.ZIP_DEFLATED).stat().st_size < 200_000
    refused(file, "too large")

    # The same, with a size declared that is small enough.
    content = bytearray(file.read_bytes())
    declared = content.rindex(b"PK\x01\x02") + 24
    assert int.from_bytes(content[declared : declared + 4], "little") == len(zeros)
    content[declared : declared + 4] = (1 << 20).to_bytes(4, "little")
    file.write_bytes(content)
    refused(file, "damaged")


def test_truncated_files(exported: Path, tmp_path: Path) -> None:
    content = exported.read_bytes()
    file = tmp_path / "bad.dtsmodel"
    for length in (0, 1, 30, 200, len(content) // 2, len(content) - 30, len(content) - 1):
        file.write_bytes(content[:length])
        refused(file, "damaged")
    missing = tmp_path / "missing.dtsmodel"
    refused(missing, "no file")


def test_files_with_wrong_bytes_are_refused_or_give_the_same_model(exported: Path, tmp_path: Path) -> None:
    """Any single wrong byte is either noticed with a sentence, or stands where it changes nothing that matters."""
    good = exported.read_bytes()
    weights = contents(exported)[1]
    chance = random.Random(1)
    file = tmp_path / "bad.dtsmodel"
    ends = 120  # the headers of the archive stand at its beginning and end; spend half the tries there
    places = [chance.randrange(len(good)) for _ in range(250)]
    places += [chance.choice((chance.randrange(ends), len(good) - 1 - chance.randrange(250))) for _ in range(250)]
    refusals = 0
    for place in places:
        content = bytearray(good)
        content[place] ^= 1 << chance.randrange(8)
        file.write_bytes(content)
        try:
            inspect_exported(file)
        except InputError:
            refusals += 1
        else:
            assert contents(file)[1] == weights
    assert refusals > 350


def test_file_changed_between_check_and_unpacking_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dualtaskseg.model import archive as archive_module

    tensors = {"a": np.random.default_rng(0).normal(size=100_000)}  # longer than what stays in the file's buffer
    write_model(tmp_path / "model", DESCRIPTION, lambda path: save_file(tensors, path))
    exported = export_model(tmp_path / "model", tmp_path / "exported")
    inspect = archive_module._inspect

    def inspect_then_change(archive: zipfile.ZipFile) -> ModelDescription:
        description = inspect(archive)
        content = bytearray(exported.read_bytes())
        content[len(content) // 2] ^= 255
        exported.write_bytes(content)
        return description

    monkeypatch.setattr(archive_module, "_inspect", inspect_then_change)
    library = tmp_path / "library"
    with pytest.raises(InputError, match="damaged"):
        import_model(exported, library)
    assert list(library.iterdir()) == []


def test_import_into_a_place_that_cant_be_written(exported: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="can't be written"):
        import_model(exported, tmp_path / "file")
    if Path("/proc/self").is_dir():
        with pytest.raises(InputError):
            import_model(exported, "/proc/self")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Hüfte", "Hüfte"),
        ("Hu\u0308fte", "Hüfte"),
        ("a/b\\c:d", "a_b_c_d"),
        ("..", "model"),
        ("  . .x. ", "x"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("Con tour", "Con tour"),
        ("\x1b[31m\u202ered", "_[31m_red"),
        ("", "model"),
        ("肝" * 100, "肝" * 50),
    ],
)
def test_folder_names(name: str, expected: str) -> None:
    assert folder_name(name) == expected


# --- for people


def test_describe(model: Path) -> None:
    text = describe(read_model(model))
    for words in (
        "Hüfte links",
        "anterior (1), posterior (2)",
        "8 labeled and 200 unlabeled",
        "dice 0.8765",
        "torch 2.13",
    ):
        assert words in text
    assert "surface_distance_mm unknown" in text
    hostile = replace(DESCRIPTION, name="\x1b]0;evil\x07", trained_on={"validation_figures": {"a": [1], "b": None}})
    assert "\x1b" not in describe(hostile) and "\x07" not in describe(hostile)


def test_command(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: Path | str) -> str:
        assert cli.main(["model", *map(str, arguments)]) == 0
        return capsys.readouterr().out

    exported = tmp_path / "Hüfte links.dtsmodel"
    assert "Hüfte links" in run("info", model.parent)
    assert json.loads(run("info", model, "--json"))["segments"][0]["name"] == "anterior"
    assert run("export", model.parent, "--out", exported).startswith(f"Exported to {exported} (")
    assert "Hüfte links" in run("info", exported)
    imported = tmp_path / "shelf" / "Hüfte links"
    assert run("import", exported, "--out", tmp_path / "shelf") == f"Imported into {imported}\n"
    assert read_model(imported) == read_model(model)
    assert cli.main(["model", "export", str(model.parent), "--out", str(exported)]) == 2
    (tmp_path / "file").touch()
    assert cli.main(["model", "export", str(model), "--out", str(tmp_path / "file" / "x")]) == 2
    assert "can't be written" in capsys.readouterr().err
