"""How much memory is free, and whether it ran out. Without a library: hospitals install enough already."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

# What PyTorch and the libraries below it say when memory runs out, on a GPU, on Linux and on Windows.
MEMORY_SIGNS = ("out of memory", "can't allocate memory", "not enough memory", "alloc_failed")


def available_memory() -> int | None:
    """Bytes that can be used without swapping; None where the system doesn't tell.

    In a container with a limit, what the limit leaves.
    """
    if sys.platform.startswith("linux"):
        free = _meminfo("MemAvailable:")
        left = _cgroup_left()
        return min(value for value in (free, left) if value is not None) if free or left else None
    if sys.platform == "win32":
        return _windows_available()
    try:  # macOS: free pages alone would be far too few, since most are kept as caches
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (ValueError, OSError):
        return None


def _meminfo(key: str) -> int | None:
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith(key):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return None


def _cgroup_left() -> int | None:
    folder = Path("/sys/fs/cgroup")
    try:
        limit = int((folder / "memory.max").read_text())
        used = int((folder / "memory.current").read_text())
        for line in (folder / "memory.stat").read_text().splitlines():
            if line.startswith("inactive_file "):
                used -= int(line.split()[1])  # cached files, which make room when asked
        return max(0, limit - used)
    except (OSError, ValueError):  # no such group, or no limit ("max")
        return None


def _windows_available() -> int | None:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *[(name, ctypes.c_ulonglong) for name in ("total", "available", "b", "c", "d", "e", "f")],
        )

    status = Status(length=ctypes.sizeof(Status))
    if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):  # type: ignore[attr-defined]
        return None
    return int(status.available)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory ran out, on a GPU or on the CPU."""
    import torch

    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(sign in text for sign in MEMORY_SIGNS)


def release_memory(device: torch.device) -> None:
    """Gives memory that PyTorch keeps for itself back to the device."""
    import torch

    if device.type == "cuda":
        torch.cuda.empty_cache()
