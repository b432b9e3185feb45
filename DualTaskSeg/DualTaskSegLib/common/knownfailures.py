"""What went wrong, in plain words: what the system, pip and PyTorch print, and what it means."""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Iterable

from DualTaskSegLib.common.i18n import tr as _

INSTALL_AGAIN = _("Click Install in the section Train, then start Slicer again.")
_DENIED = (
    r"(?:Permission denied|Access is denied|WinError 5\b|WinError 32\b|Errno 13|Operation not permitted|Errno 30\b|"
    r"Read-only file system"
)
_DENIED_THERE = _(
    "{0} can't be written, or another program uses it. Choose a folder in which you may write, or ask the "
    "administrator for permission."
)
_DENIED_IN_SLICER = _(
    "Slicer's folder can't be written, or another program uses a file there ({0}). Close other windows of Slicer. "
    "If that does not help, install Slicer in a folder of your own, or start it once as an administrator to install."
)
# A pattern, and what it means. The first that is found counts.
KNOWN_FAILURES = (
    (
        r"WinError 206|filename or extension is too long|path too long",
        _(
            "A file of PyTorch has a path that is too long for Windows, so the installation is incomplete. Install "
            "Slicer in a folder with a short name, such as C:\\Slicer, or turn on long paths in Windows, and install "
            "again."
        ),
    ),
    (
        r"No space left on device|Errno 28|WinError 112|not enough space on the disk|disk quota exceeded",
        _("The disk is full. Make room (PyTorch needs up to 6 GB), and try again."),
    ),
    (
        r"no kernel image is available|not compatible with the current PyTorch installation|sm_\d+ is not compatible",
        _(
            "The installed PyTorch does not support the graphics card of this computer. Install a newer PyTorch with "
            "the PyTorch extension, or choose the device cpu."
        ),
    ),
    (
        r"NVIDIA driver on your system is too old|CUDA driver version is insufficient",
        _(
            "The driver of the graphics card is too old for the installed PyTorch. Update the driver, or choose the "
            "device cpu."
        ),
    ),
    (  # before the connection, which pip says is broken as well
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError",
        _(
            "The packages could not be downloaded: this network replaces the certificates of secure connections. Ask "
            "the administrator, or install the packages from files that were downloaded on another computer."
        ),
    ),
    (
        r"Temporary failure in name resolution|getaddrinfo failed|nodename nor servname|Name or service not known|"
        r"NewConnectionError|Max retries exceeded|Network is unreachable|ProxyError|ConnectTimeout|Read timed out|"
        r"Connection refused|ConnectionResetError|IncompleteRead|build_source\(\) missing",
        _(
            "The packages could not be downloaded: this computer has no connection to the Internet, or a firewall is "
            "in the way. Try again later, or ask the administrator to let Slicer reach pypi.org, "
            "files.pythonhosted.org and download.pytorch.org."
        ),
    ),
    (
        r"DO NOT MATCH THE HASHES",
        _(
            "A package arrived damaged, or was changed on the way. Try again; if it happens again, ask the "
            "administrator."
        ),
    ),
    (
        r"Cannot install .*(?:conflicting dependencies|inconsistent)|ResolutionImpossible",
        _(
            "A package needs another version of one that Slicer or another extension has installed, which is left as "
            "it is. Update Slicer, and install this extension before others."
        ),
    ),
    (
        r"Package '([^']+)' requires a different Python: (\S+) not in",
        _(
            "The package {0} does not work with the Python of this Slicer ({1}), so there is no fitting version. "
            "Update Slicer, and try again."
        ),
    ),
    (
        r"([\w.]+)-\S+\.whl is not a supported wheel on this platform",
        _("There is no fitting version of {0} for this Slicer and this computer. Update Slicer, and try again."),
    ),
    (
        r"No matching distribution found for ([\w.-]+)",
        _("There is no fitting version of {0} for this Slicer and this computer. Update Slicer, and try again."),
    ),
    (
        r"Could not find a version that satisfies",
        _("There is no fitting version of a package for this Slicer and this computer. Update Slicer, and try again."),
    ),
    (
        r"No module named pip\b|No module named 'pip'",
        _("The part of Slicer that installs packages, pip, is missing. Install Slicer again."),
    ),
    (
        r"numpy\.core\.multiarray failed to import|compiled using NumPy 1|numpy\.dtype size changed|"
        r"A module that was compiled",
        _(
            "Another extension replaced NumPy by a version that does not fit. Install Slicer anew, then this extension "
            "before others."
        ),
    ),
    (
        r"No module named '(torch|monai|safetensors)'",
        _("The package {0} is not installed. ") + INSTALL_AGAIN,
    ),
    (
        r"DLL load failed|WinError 126|WinError 127|WinError 1114|cannot open shared object file|Library not loaded",
        _(
            "PyTorch is installed but a library of it can't be loaded. On Windows install the 'Microsoft Visual C++ "
            "Redistributable'; then remove PyTorch with the PyTorch extension and install it again."
        ),
    ),
    (_DENIED + r""")[^'"\n]*['"]([^'"\n]+)""", _DENIED_THERE),
    (
        _DENIED + ")",
        _(
            "A file or folder can't be written, or another program uses it; the log may name it. Close other windows "
            "of Slicer. If that does not help, choose another folder, or ask the administrator."
        ),
    ),
    (
        r"out of memory|can't allocate memory|not enough memory|MemoryError",
        _("The memory did not suffice. Close other programs, or choose another device."),
    ),
    (
        r"No module named 'dualtaskseg'",
        _("The extension is incomplete: its training package is missing. Install the extension DualTaskSeg again."),
    ),
)


def explainFailure(text: str) -> str:
    """Returns what a known failure means and what to do, found in what a program printed; empty if it is unknown."""
    for pattern, sentence in KNOWN_FAILURES:
        found = re.search(pattern, text, re.IGNORECASE)
        if found:
            place = found[1] if sentence is _DENIED_THERE else ""
            return (_DENIED_IN_SLICER if _isInSlicer(place) else sentence).format(*found.groups())
    return ""


def _isInSlicer(place: str) -> bool:
    """Whether a path that was printed, on Windows with each backslash doubled, lies in Slicer's folder."""
    parts = [part.casefold() for part in re.split(r"[\\/]+", place)]
    folders = {sys.prefix, sys.base_prefix, sysconfig.get_paths()["purelib"]}
    homes = [[part.casefold() for part in re.split(r"[\\/]+", folder)] for folder in folders]
    return bool(place) and any(parts[: len(home)] == home for home in homes)


_PLACE = re.compile(r'\s*File "(?:.*[\\/])?([^"\\/]+)", line (\d+)(?:, in|\s+in) (\S+)')
_KIND = re.compile(
    r"\s*((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*(?:Error|Exception|Interrupt|Exit))(?::|$)|(Fatal Python error: [\w ]+)"
)


def traceOnly(lines: Iterable[str]) -> str:
    """What of a child's last lines may stand in Slicer's log: where an error arose and of which kind it is.

    Its text is left out, since it can hold names of patients and paths with them.
    """
    found = []
    for line in lines:
        place, kind = _PLACE.match(line), _KIND.match(line)
        if place:
            found.append(f"{place[1]}:{place[2]} {place[3]}")
        elif kind:
            found.append(kind[1] or kind[2])
    return "\n".join(found)
