"""What has to be installed: asked for, installed, tried in a child; and what known failures mean."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import types
from importlib import metadata
from pathlib import Path

import pytest
from DualTaskSegLib.common.knownfailures import KNOWN_FAILURES, explainFailure
from DualTaskSegLib.engine import interpreter
from DualTaskSegLib.installing import dependencies

MODULE = Path(__file__).resolve().parents[2] / "DualTaskSeg"


@pytest.fixture
def versions(monkeypatch) -> dict[str, str]:
    """What is installed, as far as it is told; a pip that is called adds to it."""
    installed = {"numpy": "2.0.2", "SimpleITK": "2.5.0", "pydicom": "2.4.4"}

    monkeypatch.setattr(dependencies, "installedVersion", installed.get)
    return installed


def test_versions_are_those_of_the_packages():
    for name in ("torch", "monai", "pydicom", "SimpleITK", "pip"):
        assert dependencies.installedVersion(name) == metadata.version(name)
    assert dependencies.installedVersion("no-such-package") is None


def test_what_is_here_is_told_without_importing_it():
    code = (
        "import sys; from DualTaskSegLib.installing import dependencies as d; print(not d.missing(), d.statusText()); "
        "print([name for name in ('torch', 'monai', 'safetensors', 'highdicom', 'numpy') if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", env={"PYTHONPATH": str(MODULE)}, check=True
    )
    said, loaded = answer.stdout.splitlines()
    assert said.startswith("True Everything needed is installed: torch ") and loaded == "[]"


@pytest.mark.parametrize(
    ("version", "isFulfilled"),
    [(None, False), ("2.4.1", False), ("1.13.1+cu117", False), ("2.5", True), ("2.5.0", True), ("2.13.0+cpu", True)],
)
def test_versions_are_compared_as_numbers(version, isFulfilled):
    assert dependencies.Dependency("torch", version, ">=2.5", "", "").isFulfilled is isFulfilled


def test_what_is_missing_is_named(versions):
    versions["torch"] = "1.13.1"
    assert [one.name for one in dependencies.missing()] == ["torch", "monai", "safetensors"]
    assert dependencies.missing()
    assert dependencies.statusText() == (
        "To be installed before training: torch 2.5 or newer (there is 1.13.1, too old), monai 1.4 or newer, "
        "safetensors 0.4 or newer."
    )


def test_the_consent_tells_size_and_place_and_that_slicer_stays_usable(versions):
    text = dependencies.consentText(dependencies.missing())
    for words in (
        "torch 2.5",
        "3 GB",
        "monai",
        "safetensors",
        sysconfig.get_paths()["purelib"],
        "Slicer stays usable",
        "you can cancel",
        "not uploaded",
        "The extension PyTorch is not installed",
    ):
        assert words in text
    assert "highdicom" not in text and "pydicom" not in text


@pytest.mark.parametrize(("pydicom", "isReplaced"), [("2.4.4", True), ("3.0.2", False)])
def test_the_consent_tells_that_pydicom_is_replaced(versions, pydicom, isReplaced):
    versions.update(torch="2.9", monai="1.5", safetensors="0.5", pydicom=pydicom)
    missing = dependencies.missing(withOptional=True)
    text = dependencies.consentText(missing)
    assert ["pydicom" in one.name for one in missing] == ([False, True] if isReplaced else [False])
    assert "highdicom 0.27" in text and ("start Slicer again afterwards" in text) is isReplaced


def test_what_slicer_came_with_is_kept(versions):
    versions["torch"] = "2.9.1+cu128"
    assert dependencies.constraintsText(["monai>=1.4", "safetensors>=0.4"]).split() == [
        "SimpleITK==2.5.0",
        "numpy==2.0.2",
        "pydicom==2.4.4",
        "torch==2.9.1+cu128",
    ]


def test_pytorch_that_is_too_old_is_not_held_fast(versions):
    versions["torch"] = "2.1"
    assert "torch" not in dependencies.constraintsText(["torch>=2.5"])


def test_highdicom_may_bring_the_pydicom_it_needs(versions):
    assert "pydicom" not in dependencies.constraintsText(["highdicom>=0.27"])


@pytest.mark.parametrize(
    ("system", "machine", "isTold"),
    [("darwin", "x86_64", True), ("darwin", "arm64", False), ("linux", "x86_64", False), ("win32", "AMD64", False)],
)
def test_macs_with_intel_are_told_that_pytorch_has_no_version_for_them(versions, monkeypatch, system, machine, isTold):
    monkeypatch.setattr(dependencies.sys, "platform", system)
    monkeypatch.setattr(dependencies.platform, "machine", lambda: machine)
    sentence = dependencies.lackOfVersion(dependencies.missing())
    assert sentence.startswith("PyTorch has no version for macOS on Intel processors since 2.2, and 2.5") == isTold
    assert bool(sentence) == isTold
    versions["torch"] = "2.9"
    assert dependencies.lackOfVersion(dependencies.missing()) == ""  # somebody built it


@pytest.mark.parametrize("full", ["of Slicer", "for temporary files"])
def test_too_little_room_is_told_before_anything_is_downloaded(versions, monkeypatch, full):
    temporary = dependencies.tempfile.gettempdir()
    free = {temporary: 10**11, sysconfig.get_paths()["purelib"]: 10**11}
    free[temporary if full == "for temporary files" else sysconfig.get_paths()["purelib"]] = 10**9
    monkeypatch.setattr(dependencies.shutil, "disk_usage", lambda place: types.SimpleNamespace(free=free[place]))
    assert f"The disk {full} has 1.0 GB free" in dependencies.lackOfRoom(dependencies.missing())
    versions["torch"] = "2.9"
    assert dependencies.lackOfRoom(dependencies.missing()) == ""  # the others are small


# --- tried in a child


@pytest.mark.slow
def test_what_is_installed_is_tried_in_a_child():
    answer = subprocess.run(
        dependencies.verifyCommand(),
        capture_output=True,
        encoding="utf-8",
        env=interpreter.childEnvironment(),
        timeout=300,
    )
    found = dependencies.verified(answer.returncode, answer.stdout, answer.stderr)
    assert found.isWorking and found.sentence.startswith("PyTorch ") and found.automatic
    assert [one["name"] for one in found.devices][-1] == "cpu"


def test_a_child_that_finds_no_pytorch_is_understood(pythonSlicer):
    slicers = pythonSlicer.parents[1] / "lib" / "Python"  # what is here comes before all that is installed
    (slicers / "torch.py").write_text("raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')")
    (slicers / "monai.py").write_text("")
    environment = interpreter.childEnvironment()
    answer = subprocess.run(dependencies.verifyCommand(), capture_output=True, encoding="utf-8", env=environment)
    found = dependencies.verified(answer.returncode, answer.stdout, answer.stderr)
    assert not found.isWorking and "torch is not installed" in found.sentence


def document(**changes) -> str:
    cpu = {"name": "cpu", "title": "CPU", "free_bytes": 1, "total_bytes": None, "problem": ""}
    return "a stray line\n" + json.dumps({"torch": "2.9", "automatic": "cpu", "devices": [cpu], **changes})


def test_a_graphics_card_that_pytorch_does_not_support_is_told():
    gpu = {"name": "cuda:0", "title": "NVIDIA", "problem": "CUDA error: no kernel image is available for execution"}
    devices = [gpu, *json.loads(document().splitlines()[1])["devices"]]
    found = dependencies.verified(0, document(devices=devices), "")
    assert found.isWorking and "works on: CPU" in found.sentence
    assert "does not support the graphics card" in found.sentence


@pytest.mark.parametrize(
    ("code", "output", "errors", "words"),
    [
        (None, "", "", "can't be used"),
        (0, "", "", "can't be used"),
        (0, "no JSON", "", "can't be used"),
        (-11, "", "Segmentation fault", "Segmentation fault"),
        (1, "", "ImportError: libcudart.so.12: cannot open shared object file", "can't be loaded"),
        (1, "", "ImportError: DLL load failed while importing _C", "Visual C++"),
    ],
)
def test_a_child_that_fails_is_told(code, output, errors, words):
    found = dependencies.verified(code, output, errors)
    assert not found.isWorking and words in found.sentence and found.devices == []


# --- known failures


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ERROR: Could not install packages due to an OSError: [WinError 206] ...", "too long for Windows"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("[WinError 112] There is not enough space on the disk", "disk is full"),
        ("RuntimeError: CUDA error: no kernel image is available for execution on the device", "graphics card"),
        ("NVIDIA RTX 5090 with CUDA capability sm_120 is not compatible with the current PyTorch", "graphics card"),
        ("The NVIDIA driver on your system is too old (found version 11040)", "driver"),
        ("socket.gaierror: [Errno 11001] getaddrinfo failed", "Internet"),
        ("Max retries exceeded with url: /simple/torch/", "Internet"),
        ("SSLCertVerificationError: CERTIFICATE_VERIFY_FAILED", "certificates"),
        ("Max retries exceeded with url: /simple/ (Caused by SSLError(CERTIFICATE_VERIFY_FAILED))", "certificates"),
        ("TypeError: build_source() missing 1 required keyword-only argument: 'project_name'", "download.pytorch.org"),
        ("ERROR: No matching distribution found for torch>=2.5", "no fitting version"),
        ("ImportError: numpy.core.multiarray failed to import", "NumPy"),
        ("ModuleNotFoundError: No module named 'monai'", "The package monai is not installed"),
        ("OSError: [WinError 126] The specified module could not be found", "Visual C++"),
        ("PermissionError: [WinError 5] Access is denied", "administrator"),
        ("OSError: [Errno 30] Read-only file system: '/mnt/disk/p/runs'", "/mnt/disk/p/runs can't be written"),
        ("PermissionError: [WinError 5] Access is denied: 'D:\\\\p\\\\runs'", "D:\\\\p\\\\runs can't be written"),
        (f"[Errno 13] Permission denied: '{sysconfig.get_paths()['purelib']}/torch'", "Slicer's folder can't be"),
        (f"ERROR: [WinError 32] in use: '{sys.prefix}\\\\lib'", "start it once as an administrator to install"),
        ("RuntimeError: CUDA out of memory. Tried to allocate", "memory did not suffice"),
        ("No module named 'dualtaskseg'", "Install the extension DualTaskSeg again"),
        ("all is well", ""),
        ("", ""),
    ],
)
def test_known_failures_have_a_sentence_and_a_remedy(text, words):
    sentence = explainFailure(text)
    assert words in sentence and bool(sentence) == bool(words)


def test_every_sentence_ends_and_tells_what_to_do():
    for _, sentence in KNOWN_FAILURES:
        assert ". " in sentence and sentence.endswith(".")
