"""What has to be installed before a network can be trained or used, and what went wrong when it could not be.

Nothing of it is ever imported here: PyTorch does not belong into the process of Slicer, and to look at what the
package index of Python knows takes a millisecond. Whether it works, a child process finds out.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import inspect
import json
import re
import shutil
import sysconfig
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from DualTaskSegLib.engine import command
from DualTaskSegLib.failures import INSTALL_AGAIN, explainFailure
from DualTaskSegLib.launching import LAUNCHER_SAW_CRASH, exitReason

REQUESTER = "DualTaskSeg"
ROOM_NEEDED = 6 << 30  # bytes of free disk for PyTorch with support for a GPU, while it is unpacked
KEPT = {"numpy", "scipy", "SimpleITK", "vtk", "pydicom", "torch"}  # not replaced by an installation of ours
DECLINED = (
    "Nothing was installed. Scans can be added and outlined without it; training and segmenting need these packages."
)


@dataclass(frozen=True)
class Dependency:
    """A Python package that training and segmenting need.

    Attributes:
        name: of the package.
        installed: its version; None where it is absent.
        needed: the lowest version, such as ``">=2.5"``.
        sizeText: how much is downloaded.
        howTo: how it is installed.
        isOptional: only some things need it.
    """

    name: str
    installed: str | None
    needed: str
    sizeText: str
    howTo: str
    isOptional: bool = False

    @property
    def isFulfilled(self) -> bool:
        """Whether it is there in a fitting version."""
        return self.installed is not None and _numbers(self.installed) >= _numbers(self.needed)

    @property
    def requirement(self) -> str:
        """As pip takes it: ``torch>=2.5``."""
        return self.name + self.needed


@dataclass(frozen=True)
class Verification:
    """What a child process found out about the installed packages.

    Attributes:
        isWorking: they can be used.
        sentence: for people.
        automatic: name of the device that is used unless another is chosen; empty if nothing works.
        devices: see :func:`dualtaskseg.inference.device.device_table`.
    """

    isWorking: bool
    sentence: str
    automatic: str = ""
    devices: list[dict[str, Any]] = field(default_factory=list)


def status() -> list[Dependency]:
    """Returns what is needed and what is there. Quick, and nothing is imported."""
    importlib.invalidate_caches()
    viaExtension = "with Slicer's extension PyTorch, which chooses the build that fits this computer's graphics card"
    return [
        Dependency(
            "torch",
            _installed("torch"),
            ">=2.5",
            "200 MB to 3 GB: the larger one supports NVIDIA graphics cards",
            viaExtension if _hasTorchExtension() else "from the Python Package Index",
        ),
        Dependency("monai", _installed("monai"), ">=1.4", "2 MB", "from the Python Package Index"),
        Dependency("safetensors", _installed("safetensors"), ">=0.4", "1 MB", "from the Python Package Index"),
        Dependency(
            "highdicom",
            _installed("highdicom"),
            ">=0.27",
            "5 MB",
            "from the Python Package Index; only to export DICOM segmentations. It comes with Slicer 5.12; in Slicer "
            "5.10 it also updates the package pydicom",
            isOptional=True,
        ),
    ]


def missing(withOptional: bool = False) -> list[Dependency]:
    """Returns what has to be installed."""
    return [one for one in status() if not one.isFulfilled and (withOptional or not one.isOptional)]


def isComplete() -> bool:
    """Whether everything that training and segmenting need is there in a fitting version."""
    return not missing()


def statusText() -> str:
    """Returns the state in one sentence for people."""
    absent = missing()
    if not absent:
        versions = ", ".join(f"{one.name} {one.installed}" for one in status() if one.installed and not one.isOptional)
        return f"Everything needed is installed: {versions}."
    return f"To be installed before training: {', '.join(map(_wish, absent))}."


def consentText(packages: Sequence[Dependency]) -> str:
    """Returns what the user agrees to by an installation."""
    lines = ["These Python packages are downloaded and installed into this Slicer:", ""]
    lines += [f"- {_wish(one)}: {one.sizeText}; {one.howTo}" for one in packages]
    if any(one.name == "torch" for one in packages) and not _hasTorchExtension():
        lines += [
            "",
            "The extension PyTorch is not installed. With it (Extensions Manager, PyTorch, restart Slicer) the build "
            "that fits this computer's graphics card is found; without it, on Windows only the processor is used.",
        ]
    lines += ["", "This can take many minutes, and Slicer does not react meanwhile. Your images are not uploaded."]
    return "\n".join(lines)


def install(askUser: Callable[[str], bool], withOptional: bool = False) -> str:
    """Installs what is missing, after the user agreed. In Slicer's main thread, as Slicer asks of installations.

    Args:
        askUser: shown :func:`consentText`; answers whether the user agrees.
        withOptional: what only some things need, too.

    Returns:
        an empty text where everything is there now, else one or two sentences why it is not. Verify it then in a child
        process, see :func:`verifyCommand`: that packages are listed does not mean that they can be loaded.
    """
    packages = missing(withOptional)
    if not packages:
        return ""
    needsTorch = any(one.name == "torch" for one in packages)
    free = shutil.disk_usage(sysconfig.get_paths()["purelib"]).free
    if needsTorch and free < ROOM_NEEDED:
        return (
            f"The disk of Slicer has {free / 1e9:.1f} GB free, and PyTorch needs up to {ROOM_NEEDED / 1e9:.0f} GB. "
            "Make room, then try again."
        )
    if not askUser(consentText(packages)):
        return DECLINED
    try:
        if needsTorch and _hasTorchExtension():
            _installTorch(next(one for one in packages if one.name == "torch"))
            packages = [one for one in packages if one.name != "torch"]
        if packages:
            _installWithPip([one.requirement for one in packages])
    except Exception as error:  # pip, the extension and the system report whatever they like
        return explainFailure(str(error)) or (
            f"The installation failed ({_lastLine(str(error)) or type(error).__name__}). The whole output is in "
            "Slicer's Python console; try again, or install the packages there."
        )
    absent = missing(withOptional)
    if absent:
        return f"{', '.join(map(_wish, absent))} could not be installed. See Slicer's Python console for the reason."
    return ""


def verifyCommand() -> list[str]:
    """Returns program and arguments of a child that loads the packages and computes a little on every device.

    Give what it prints, and how it ends, to :func:`verified`. Its environment is
    :func:`DualTaskSegLib.engine.childEnvironment`.
    """
    return command("selftest")


def verified(exitCode: int | None, output: str, errors: str) -> Verification:
    """Understands how a child of :func:`verifyCommand` ended.

    Args:
        exitCode: None if it could not be started.
        output: what it printed on standard output.
        errors: on standard error.
    """
    try:
        document = json.loads(output.strip().splitlines()[-1]) if exitCode == 0 else None
    except (ValueError, IndexError):
        document = None
    if not isinstance(document, dict):
        reason = _lastLine(errors) or "the process that tries them ended"
        if LAUNCHER_SAW_CRASH in errors:
            reason = exitReason(exitCode, errors)
        sentence = explainFailure(errors) or f"The installed packages can't be used: {reason}. {INSTALL_AGAIN}"
        return Verification(False, sentence)
    devices, automatic = document["devices"], document["automatic"]
    title = next((one["title"] for one in devices if one["name"] == automatic), automatic)
    problems = [explainFailure(one["problem"]) or one["problem"] for one in devices if one["problem"]]
    sentence = " ".join([f"PyTorch {document['torch']} works on: {title}.", *problems])
    return Verification(True, sentence, automatic, devices)


def _installTorch(torch: Dependency) -> None:
    """By the extension PyTorch, whose function has had different arguments in the course of time."""
    import PyTorchUtils

    install = PyTorchUtils.PyTorchUtilsLogic().installTorch
    wishes = {"askConfirmation": False, "confirm": False, "torchVersionRequirement": torch.needed}
    _callWithKnown(install, (), wishes)


def _installWithPip(requirements: list[str]) -> None:
    names = {re.split(r"[<>=]", text)[0] for text in requirements}
    with _constraints(KEPT - names - ({"pydicom"} if "highdicom" in names else set())) as constraints:
        try:
            from slicer.packaging import pip_ensure
        except ImportError:  # before Slicer 5.12
            import slicer.util

            slicer.util.pip_install([*requirements, "--constraint", str(constraints)])
            return
        from packaging.requirements import Requirement

        wishes = {"constraints": str(constraints), "prompt_install": False, "prompt": False, "requester": REQUESTER}
        _callWithKnown(pip_ensure, ([Requirement(text) for text in requirements],), wishes)


def _callWithKnown(function: Callable[..., Any], arguments: tuple, wishes: dict[str, Any]) -> Any:
    """Calls a function with those of the named arguments that its version knows."""
    known = inspect.signature(function).parameters
    return function(*arguments, **{name: value for name, value in wishes.items() if name in known})


@contextlib.contextmanager
def _constraints(kept: set[str]) -> Iterator[Path]:
    """A file that keeps pip from replacing what Slicer, and other extensions, came with."""
    lines = [f"{name}=={version}" for name in sorted(kept) if (version := _installed(name)) is not None]
    with tempfile.TemporaryDirectory(prefix="DualTaskSeg_") as folder:
        file = Path(folder) / "constraints.txt"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        yield file


def _hasTorchExtension() -> bool:
    with contextlib.suppress(ImportError, ValueError):
        return importlib.util.find_spec("PyTorchUtils") is not None
    return False


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:3])


def _wish(one: Dependency) -> str:
    found = f" (there is {one.installed}, too old)" if one.installed and not one.isFulfilled else ""
    return f"{one.name} {one.needed.removeprefix('>=')} or newer{found}"


def _lastLine(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else ""
