"""What has to be installed: asked for, installed, tried in a child; and what known failures mean."""

from __future__ import annotations

import json
import subprocess
import sys
import types
from importlib import metadata
from pathlib import Path

import pytest
from DualTaskSegLib import dependencies, engine
from DualTaskSegLib.failures import KNOWN_FAILURES, explainFailure

MODULE = Path(__file__).resolve().parents[2] / "DualTaskSeg"


@pytest.fixture
def versions(monkeypatch) -> dict[str, str]:
    """What is installed, as far as it is told; a pip that is called adds to it."""
    installed = {"numpy": "2.0.2", "SimpleITK": "2.5.0", "pydicom": "2.4.4"}

    def version(name):
        if name not in installed:
            raise metadata.PackageNotFoundError(name)
        return installed[name]

    monkeypatch.setattr(dependencies.metadata, "version", version)
    return installed


@pytest.fixture
def slicerPip(monkeypatch, versions):
    """Slicer 5.10: ``slicer.util.pip_install`` alone."""
    calls = []

    def pip_install(requirements):
        *names, option, constraints = requirements
        assert option == "--constraint"
        calls.append((names, Path(constraints).read_text().split()))
        versions.update({name.partition(">=")[0]: "9.9.9" for name in names})

    slicer = types.ModuleType("slicer")
    slicer.__path__ = []
    util = types.ModuleType("slicer.util")
    util.pip_install = pip_install
    slicer.util = util
    for name, module in (("slicer", slicer), ("slicer.util", util), ("slicer.packaging", None)):
        monkeypatch.setitem(sys.modules, name, module)
    return calls


@pytest.fixture
def torchExtension(monkeypatch, versions):
    """The extension PyTorch."""
    calls = []

    class PyTorchUtilsLogic:
        def installTorch(self, askConfirmation=False, forceComputationBackend=None, torchVersionRequirement=None):
            calls.append((askConfirmation, torchVersionRequirement))
            versions["torch"] = "2.9.1+cu128"

    module = types.ModuleType("PyTorchUtils")
    module.PyTorchUtilsLogic = PyTorchUtilsLogic
    module.__spec__ = types.SimpleNamespace(name="PyTorchUtils")
    monkeypatch.setitem(sys.modules, "PyTorchUtils", module)
    return calls


def yes(text: str) -> bool:
    return True


def test_what_is_here_is_told_without_importing_it():
    code = (
        "import sys; from DualTaskSegLib import dependencies as d; print(d.isComplete(), d.statusText()); "
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
    assert not dependencies.isComplete()
    assert dependencies.statusText() == (
        "To be installed before training: torch 2.5 or newer (there is 1.13.1, too old), monai 1.4 or newer, "
        "safetensors 0.4 or newer."
    )


def test_nothing_is_installed_without_consent(versions, slicerPip):
    asked = []

    def no(text):
        asked.append(text)
        return False

    assert dependencies.install(no) == dependencies.DECLINED
    assert slicerPip == []
    [text] = asked
    for words in (
        "torch 2.5",
        "3 GB",
        "monai",
        "safetensors",
        "not uploaded",
        "The extension PyTorch is not installed",
    ):
        assert words in text
    assert "highdicom" not in text


def test_nothing_is_asked_where_nothing_is_missing(versions, slicerPip):
    versions.update(torch="2.9", monai="1.5", safetensors="0.5")
    assert dependencies.install(lambda text: pytest.fail("asked")) == ""


def test_pytorch_comes_by_its_extension_and_the_rest_by_pip(versions, slicerPip, torchExtension):
    texts = []
    assert dependencies.install(lambda text: bool(texts.append(text)) or True) == ""
    assert torchExtension == [(False, ">=2.5")]
    assert slicerPip == [
        (
            ["monai>=1.4", "safetensors>=0.4"],
            ["SimpleITK==2.5.0", "numpy==2.0.2", "pydicom==2.4.4", "torch==2.9.1+cu128"],
        )
    ]
    assert "with Slicer's extension PyTorch" in texts[0] and "is not installed" not in texts[0]


def test_an_older_extension_with_other_arguments_works_too(versions, slicerPip, torchExtension, monkeypatch):
    calls = []

    def installTorch(self, confirm=True):
        calls.append(confirm)
        versions["torch"] = "2.6"

    monkeypatch.setattr(sys.modules["PyTorchUtils"].PyTorchUtilsLogic, "installTorch", installTorch)
    assert dependencies.install(yes) == "" and calls == [False]


def test_pytorch_that_is_too_old_is_not_held_fast(versions, slicerPip):
    versions["torch"] = "2.1"
    assert dependencies.install(yes) == ""
    [(names, constraints)] = slicerPip
    assert "torch>=2.5" in names and not any(line.startswith("torch") for line in constraints)


def test_highdicom_may_bring_the_pydicom_it_needs(versions, slicerPip):
    versions.update(torch="2.9", monai="1.5", safetensors="0.5")
    assert dependencies.install(yes, withOptional=True) == ""
    [(names, constraints)] = slicerPip
    assert names == ["highdicom>=0.27"] and not any(line.startswith("pydicom") for line in constraints)


def test_a_newer_slicer_is_asked_by_its_own_function(versions, slicerPip, monkeypatch):
    calls = []

    def pip_ensure(requirements, constraints=None, prompt_install=True, requester=None, show_progress=True):
        calls.append(([str(one) for one in requirements], Path(constraints).is_file(), prompt_install, requester))
        versions.update({one.name: "9.9" for one in requirements})

    module = types.ModuleType("slicer.packaging")
    module.pip_ensure = pip_ensure
    monkeypatch.setitem(sys.modules, "slicer.packaging", module)
    assert dependencies.install(yes) == ""
    assert calls == [(["torch>=2.5", "monai>=1.4", "safetensors>=0.4"], True, False, "DualTaskSeg")]
    assert slicerPip == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            RuntimeError("OSError: [WinError 206] The filename or extension is too long: 'C:\\\\...'"),
            "too long for Windows",
        ),
        (OSError(28, "No space left on device"), "The disk is full"),
        (RuntimeError("[Errno -3] Temporary failure in name resolution"), "no connection to the Internet"),
        (RuntimeError("odd thing\nERROR: something else\n"), "something else"),
    ],
)
def test_a_failure_is_told_in_words(versions, slicerPip, monkeypatch, error, words):
    def fail(_):
        raise error

    monkeypatch.setattr(sys.modules["slicer.util"], "pip_install", fail)
    sentence = dependencies.install(yes)
    assert words in sentence and "Traceback" not in sentence


def test_an_installation_that_left_something_out_is_told(versions, slicerPip, monkeypatch):
    monkeypatch.setattr(sys.modules["slicer.util"], "pip_install", lambda _: None)
    assert "could not be installed" in dependencies.install(yes)


def test_too_little_room_is_told_before_anything_is_downloaded(versions, slicerPip, monkeypatch):
    monkeypatch.setattr(dependencies.shutil, "disk_usage", lambda _: types.SimpleNamespace(free=10**9))
    sentence = dependencies.install(lambda text: pytest.fail("asked"))
    assert "1.0 GB free" in sentence and slicerPip == []


# --- tried in a child


@pytest.mark.slow
def test_what_is_installed_is_tried_in_a_child():
    answer = subprocess.run(
        dependencies.verifyCommand(), capture_output=True, encoding="utf-8", env=engine.childEnvironment(), timeout=300
    )
    found = dependencies.verified(answer.returncode, answer.stdout, answer.stderr)
    assert found.isWorking and found.sentence.startswith("PyTorch ") and found.automatic
    assert [one["name"] for one in found.devices][-1] == "cpu"


def test_a_child_that_finds_no_pytorch_is_understood(pythonSlicer):
    slicers = pythonSlicer.parents[1] / "lib" / "Python"  # what is here comes before all that is installed
    (slicers / "torch.py").write_text("raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')")
    (slicers / "monai.py").write_text("")
    environment = engine.childEnvironment()
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
        ("ERROR: No matching distribution found for torch>=2.5", "no fitting version"),
        ("ImportError: numpy.core.multiarray failed to import", "NumPy"),
        ("ModuleNotFoundError: No module named 'monai'", "The package monai is not installed"),
        ("OSError: [WinError 126] The specified module could not be found", "Visual C++"),
        ("PermissionError: [WinError 5] Access is denied", "administrator"),
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
