"""Where to compute: finds the device, tries it, describes it."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

import torch

from dualtaskseg.errors import InputError
from dualtaskseg.memory import available_memory


def choose_device(name: str = "auto") -> torch.device:
    """The device of that name, after a tiny computation has succeeded on it.

    Args:
        name: ``"auto"`` (a GPU if there is one that works, else the CPU), ``"cpu"``, ``"cuda"``, ``"cuda:1"`` or
            ``"mps"``.

    Raises:
        InputError: there is no such device, or it doesn't work with the installed PyTorch.
    """
    if name == "auto":
        for candidate in ("cuda", "mps"):
            if _is_there(candidate) and _problem_of(torch.device(candidate)) is None:
                return torch.device(candidate)
        return torch.device("cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        device = None
    is_counted = device is not None and device.type != "cuda" and device.index  # there is one CPU, and one Apple GPU
    if device is None or device.type not in ("cpu", "cuda", "mps") or is_counted:
        raise InputError(f"There is no device '{name}'", "Choose auto, cpu, cuda, cuda:1 or mps")
    if not _is_there(device.type):
        kind = "NVIDIA GPU" if device.type == "cuda" else "Apple GPU"
        raise InputError(
            f"PyTorch finds no {kind} for --device {name}",
            "Choose --device cpu, or install a PyTorch that supports the GPU of this computer",
        )
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise InputError(
            f"There is no GPU {name}: this computer has {torch.cuda.device_count()}, counted from 0",
            "Choose --device cuda",
        )
    problem = _problem_of(device)
    if problem is not None:
        raise InputError(
            f"The device {name} does not work with the installed PyTorch {torch.__version__} ({problem})",
            "Choose --device cpu, or install a PyTorch made for this GPU",
        )
    return device


def describe_device(device: torch.device) -> str:
    """For people: ``NVIDIA H200 (cuda)``, ``CPU, 2 threads``."""
    if device.type == "cuda":
        return f"{torch.cuda.get_device_name(device)} ({device})"
    if device.type == "mps":
        return "Apple GPU (mps)"
    threads = torch.get_num_threads()
    return f"CPU ({_cpu_name()}), {threads} thread{'s' if threads > 1 else ''}"


def device_table() -> dict[str, Any]:
    """What can compute here, each device after a tiny training step on it.

    Returns:
        ``torch`` (version), ``automatic`` (name of the device that ``auto`` means), ``devices``: for each ``name``,
        ``title``, ``free_bytes`` and ``total_bytes`` (None if unknown), ``problem`` (why it can't be used, or empty).
    """
    names = [f"cuda:{index}" for index in range(torch.cuda.device_count())] if _is_there("cuda") else []
    names += ["mps"] if _is_there("mps") else []
    devices = []
    for name in [*names, "cpu"]:
        entry = {"name": name, "title": name, "free_bytes": None, "total_bytes": None, "problem": ""}
        try:
            entry["title"] = describe_device(choose_device(name))
            if name.startswith("cuda"):
                entry["free_bytes"], entry["total_bytes"] = torch.cuda.mem_get_info(torch.device(name))
            else:
                entry["free_bytes"] = available_memory()
        except InputError as error:
            entry["problem"] = str(error)
        devices.append(entry)
    automatic = choose_device("auto")
    return {
        "torch": torch.__version__,
        "automatic": "cuda:0" if automatic.type == "cuda" else automatic.type,
        "devices": devices,
    }


def largest_precision(device: torch.device) -> str:
    """Half precision where the device trains safely in it, ``bfloat16`` or ``float16``; else ``float32``.

    It is the fastest arithmetic for large networks, not for all (see :mod:`dualtaskseg.training.calibration`).
    """
    if device.type != "cuda":
        return "float32"
    if torch.cuda.is_bf16_supported(including_emulation=False):
        return "bfloat16"
    return "float16"


def tune_cpu_memory() -> None:
    """Keeps freed memory in the process on Linux, where else every step asks the system for it again.

    It made a training step 5 to 10 % shorter. Elsewhere it does nothing.
    """
    if platform.system() != "Linux":
        return
    import ctypes

    try:
        libc = ctypes.CDLL("libc.so.6")
        trim_threshold, map_threshold = -1, -3  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD of malloc.h
        libc.mallopt(map_threshold, 2**30)
        libc.mallopt(trim_threshold, 2**31 - 1)
    except (OSError, AttributeError):  # another C library: as it was
        return


def _is_there(kind: str) -> bool:
    if kind == "cuda":
        return torch.cuda.is_available() and torch.cuda.device_count() > 0
    if kind == "mps":
        return torch.backends.mps.is_available()
    return kind == "cpu"


def _problem_of(device: torch.device) -> str | None:
    """Why a tiny training step fails on the device; None if it works."""
    try:
        image = torch.ones(1, 1, 4, 4, 4, device=device)
        weight = torch.ones(1, 1, 3, 3, 3, device=device, requires_grad=True)
        torch.nn.functional.conv3d(image, weight).sum().backward()
        return None if torch.isfinite(weight.grad).all().item() else "it computes wrong numbers"
    except (RuntimeError, NotImplementedError) as error:
        return str(error).strip().splitlines()[0]


def _cpu_name() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or f"{os.cpu_count()} cores"
