"""What has to be installed before a network can be trained or used, and what went wrong when it could not be.

Nothing of it is ever imported here: PyTorch does not belong into the process of Slicer, and to look at what the
package index of Python knows takes a millisecond. Whether it works, a child process finds out.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import json
import platform
import re
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any

from DualTaskSegLib.common.childwords import inUsersWords
from DualTaskSegLib.common.i18n import tr as _
from DualTaskSegLib.common.knownfailures import INSTALL_AGAIN, explainFailure
from DualTaskSegLib.engine.interpreter import command
from DualTaskSegLib.engine.launching import LAUNCHER_SAW_CRASH, exitReason

ROOM_NEEDED = 6 << 30  # bytes of free disk for PyTorch with support for a GPU, while it is unpacked
ROOM_TO_DOWNLOAD = 3 << 30  # bytes for what is downloaded before
KEPT = {"numpy", "scipy", "SimpleITK", "vtk", "pydicom", "torch"}  # not replaced by an installation of ours
DECLINED = _("Nothing was installed. Everything that does not need these packages works without them.")


@dataclass(frozen=True)
class Dependency:
    """A Python package that training and segmenting need."""

    name: str  # of the package
    installed: str | None  # its version; None where it is absent
    needed: str  # the lowest version, such as ">=2.5"
    sizeText: str  # how much is downloaded
    howTo: str  # how it is installed
    isOptional: bool = False  # only some things need it

    @property
    def isFulfilled(self) -> bool:
        """Whether it is there in a fitting version."""
        return self.installed is not None and isAtLeast(self.installed, self.needed)

    @property
    def wish(self) -> str:
        """For people: ``torch 2.5 or newer (there is 2.1, too old)``."""
        found = (
            _(" (there is {installed}, too old)").format(installed=self.installed)
            if self.installed and not self.isFulfilled
            else ""
        )
        return _("{name} {version} or newer{found}").format(
            name=self.name, version=self.needed.removeprefix(">="), found=found
        )

    @property
    def requirement(self) -> str:
        """As pip takes it: ``torch>=2.5``."""
        return self.name + self.needed


@dataclass(frozen=True)
class Verification:
    """What a child process found out about the installed packages."""

    isWorking: bool  # they can be used
    sentence: str  # for people
    automatic: str = ""  # name of the device that is used unless another is chosen; empty if nothing works
    devices: list[dict[str, Any]] = field(default_factory=list)  # see dualtaskseg.inference.device.device_table


def status() -> list[Dependency]:
    """Returns what is needed and what is there. Quick, and nothing is imported."""
    importlib.invalidate_caches()
    viaExtension = _("with Slicer's extension PyTorch, which chooses the build that fits this computer's graphics card")
    fromIndex = _("from the Python Package Index")
    forExport = _("from the Python Package Index; only to export DICOM segmentations")
    torchSize = _("200 MB to 3 GB: the larger one supports NVIDIA graphics cards")
    needed = (
        ("torch", ">=2.5", torchSize, viaExtension if hasTorchExtension() else fromIndex, False),
        ("monai", ">=1.4", "2 MB", fromIndex, False),
        ("safetensors", ">=0.4", "1 MB", fromIndex, False),
        ("highdicom", ">=0.27", "5 MB", forExport, True),
        ("pydicom", ">=3", "2 MB", forExport, True),  # another extension may have put an older one in its place
    )
    return [Dependency(name, installedVersion(name), *others) for name, *others in needed]


def missing(withOptional: bool = False) -> list[Dependency]:
    """Returns what has to be installed."""
    return [one for one in status() if not one.isFulfilled and (withOptional or not one.isOptional)]


def statusText() -> str:
    """Returns the state in one sentence for people."""
    absent = missing()
    if not absent:
        versions = ", ".join(f"{one.name} {one.installed}" for one in status() if one.installed and not one.isOptional)
        return _("Everything needed is installed: {versions}.").format(versions=versions)
    return _("To be installed before training: {names}.").format(names=", ".join(one.wish for one in absent))


def consentText(packages: Sequence[Dependency]) -> str:
    """Returns what the user agrees to by an installation."""
    paragraphs = [
        _("These Python packages are downloaded and installed into this Slicer:"),
        "\n".join(f"- {package.wish}: {package.sizeText}; {package.howTo}" for package in packages),
        _("They are put into {target}, where Slicer keeps its own.").format(target=_target()),
    ]
    if any(package.name == "torch" for package in packages) and not hasTorchExtension():
        paragraphs.append(
            _(
                "The extension PyTorch is not installed. With it (Extensions Manager, PyTorch, restart Slicer) the "
                "build that fits this computer's graphics card is found; without it, on Windows only the processor is "
                "used."
            )
        )
    if any(package.name == "pydicom" and package.installed for package in packages):
        paragraphs.append(
            _(
                "The package pydicom is replaced by a newer one, which Slicer's module DICOM uses, too: start Slicer "
                "again afterwards."
            )
        )
    paragraphs.append(
        _(
            "This can take many minutes. Slicer stays usable meanwhile, and you can cancel. Your images are not "
            "uploaded."
        )
    )
    return "\n\n".join(paragraphs)


def lackOfVersion(packages: Sequence[Dependency]) -> str:
    """Says in a sentence which package has no version for this computer, before pip looks for one; else empty."""
    isIntelMac = sys.platform == "darwin" and platform.machine() == "x86_64"
    if not isIntelMac or not any(one.name == "torch" for one in packages):
        return ""
    return _(
        "PyTorch has no version for macOS on Intel processors since 2.2, and {needed} or newer is needed: on a Mac "
        "with a processor of Apple's install a Slicer that is made for it (arm64), else train on another computer."
    ).format(needed=next(one.needed for one in packages if one.name == "torch").removeprefix(">="))


def lackOfRoom(packages: Sequence[Dependency]) -> str:
    """Says in a sentence what is missing on the disks; an empty text where packages can be downloaded and unpacked."""
    if not any(one.name == "torch" for one in packages):
        return ""
    places = (
        (_("of Slicer"), _target(), ROOM_NEEDED),
        (_("for temporary files"), tempfile.gettempdir(), ROOM_TO_DOWNLOAD),
    )
    for title, folder, needed in places:
        free = shutil.disk_usage(folder).free
        if free < needed:
            return _(
                "The disk {title} has {free:.1f} GB free, and PyTorch needs up to {needed:.0f} GB "
                "there. Make room, then try again."
            ).format(title=title, free=free / 1e9, needed=needed / 1e9)
    return ""


def constraintsText(requirements: Sequence[str]) -> str:
    """Returns what keeps pip from replacing what Slicer, and other extensions, came with."""
    names = {re.split(r"[<>=]", text)[0] for text in requirements}
    kept = KEPT - names - ({"pydicom"} if "highdicom" in names else set())
    lines = [f"{name}=={version}" for name in sorted(kept) if (version := installedVersion(name)) is not None]
    return "\n".join(lines) + "\n"


def loadedVersions() -> dict[str, str]:
    """Returns which packages this process has imported, each with the version that is installed."""
    names = {name.partition(".")[0] for name in tuple(sys.modules)} - sys.stdlib_module_names
    versions = {name: installedVersion(name) for name in names if not name.startswith("_")}
    return {name: version for name, version in versions.items() if version is not None}


def hasTorchExtension() -> bool:
    """Whether Slicer's extension PyTorch is there."""
    with contextlib.suppress(ImportError, ValueError):
        return importlib.util.find_spec("PyTorchUtils") is not None
    return False


def installedVersion(name: str) -> str | None:
    """Returns the version of an installed package; None where it is absent."""
    try:
        text = metadata.distribution(name).read_text("METADATA") or ""
    except metadata.PackageNotFoundError:
        return None
    # Not metadata.version(): it reads the whole document as a mail, which took half of the time to open the panel.
    found = re.search(r"^Version:[ \t]*(\S+)", text, re.MULTILINE)
    return found[1] if found else metadata.version(name)


def isAtLeast(version: str, needed: str) -> bool:
    """Compares versions by their numbers, whatever comes after a plus sign."""
    return _numbers(version) >= _numbers(needed)


def verifyCommand() -> list[str]:
    """Returns program and arguments of a child that loads the packages and computes a little on every device.

    Give what it prints, and how it ends, to :func:`verified`. Its environment is
    :func:`DualTaskSegLib.engine.interpreter.childEnvironment`.
    """
    return command("selftest")


def verified(exitCode: int | None, output: str, errors: str) -> Verification:
    """Understands how a child of :func:`verifyCommand` ended; without an exit code it could not be started."""
    try:
        answer = json.loads(output.strip().splitlines()[-1]) if exitCode == 0 else None
    except (ValueError, IndexError):
        answer = None
    if not isinstance(answer, dict):
        reason = _lastLine(errors) or _("the process that tries them ended")
        if LAUNCHER_SAW_CRASH in errors:
            reason = exitReason(exitCode, errors)
        sentence = explainFailure(errors) or _("The installed packages can't be used: {reason}. {remedy}").format(
            reason=reason, remedy=INSTALL_AGAIN
        )
        return Verification(False, sentence)
    devices, automatic = answer["devices"], answer["automatic"]
    title = next((one["title"] for one in devices if one["name"] == automatic), automatic)
    problems = [explainFailure(one["problem"]) or inUsersWords(one["problem"]) for one in devices if one["problem"]]
    sentence = " ".join(
        [_("PyTorch {version} works on: {devices}.").format(version=answer["torch"], devices=title), *problems]
    )
    return Verification(True, sentence, automatic, devices)


def _target() -> str:
    return sysconfig.get_paths()["purelib"]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:3])


def _lastLine(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else ""
