"""What a cluster costs: seconds a scan and memory for more and more small scans, beside the plain command.

Both run on the same scans, one after the other, with one worker on one core, so that what is left is what Ray costs.
Seconds a scan are those of the largest number less those of the smallest, by the scans between, so that starting is not
in them. Beside them stand those on a core, of all processes, which other programs on the machine disturb less.

    .venv/bin/python Testing/benchmarks/cluster_cost.py --scans 10 100 1000
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import SimpleITK as sitk
import torch
from dualtaskseg.inference.device import describe_device
from predict_memory import write_tiny_model

HERE = Path(__file__).resolve().parent
SIDE = 24  # voxels
SAMPLE_S = 0.1
WAYS = {"plain": [], "cluster": ["--cluster", "local", "--workers", "1"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scans", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--out", type=Path, default=HERE / "results" / "cluster_cost.json")
    args = parser.parse_args()
    results: dict[str, list[dict]] = {way: [] for way in args.ways}
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        write_tiny_model(folder / "model", 1.5)
        write_scans(folder / "scans", max(args.scans))
        for count in args.scans:
            table = folder / f"{count}.csv"
            table.write_text("image\n" + "".join(f"scans/{index:05}.nii.gz\n" for index in range(count)))
            for way in args.ways:
                out, options = folder / "out", WAYS[way]
                results[way].append({"scans": count, **measured(folder / "model", table, out, options)})
                if way == "cluster":
                    results.setdefault("cluster, given again", []).append(
                        {"scans": count, **measured(folder / "model", table, out, options)}
                    )
                shutil.rmtree(out)
                print(way, results[way][-1], flush=True)
            write(args.out, results)


def write(out: Path, results: dict[str, list[dict]]) -> None:
    document = {
        "what": f"`dualtaskseg predict` on scans of {SIDE}^3 voxels with tiny networks: in one process, and with "
        "--cluster local --workers 1",
        "date": str(date.today()),
        "machine": f"{describe_device(torch.device('cpu'))}, {platform.system()}, Python {platform.python_version()}",
        "seconds_a_scan": {way: slope(rows, "seconds") for way, rows in results.items()},
        "cpu_seconds_a_scan": {way: slope(rows, "cpu_seconds") for way, rows in results.items()},
        "results": results,
    }
    out.write_text(json.dumps(document, indent=1) + "\n")


def write_scans(folder: Path, count: int) -> None:
    folder.mkdir()
    generator = np.random.default_rng(0)
    for index in range(count):
        image = sitk.GetImageFromArray(generator.integers(-1000, 900, (SIDE, SIDE, SIDE)).astype(np.int16))
        sitk.WriteImage(image, str(folder / f"{index:05}.nii.gz"))


def measured(model: Path, table: Path, out: Path, options: list[str]) -> dict:
    """Seconds, and peak memory in MB of the command and of the worker."""
    words = [sys.executable, "-m", "dualtaskseg", "predict", str(model), str(table), "--out", str(out)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS": "1"}
    began = time.monotonic()
    process = subprocess.Popen(
        [*words, "--device", "cpu", *options], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    seen = Seen()
    watching = threading.Thread(target=watch, args=(process, seen))
    watching.start()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    watching.join()
    assert process.returncode == 0
    seen.cpu_seconds[process.pid] = usage.ru_utime + usage.ru_stime
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(sum(seen.cpu_seconds.values()), 2),
        **{f"{name}_mb": peak for name, peak in seen.peak_mb.items()},
    }


@dataclass
class Seen:
    """What was seen of a command and the processes below it: seconds on a core by process, peak memory by kind."""

    cpu_seconds: dict[int, float] = field(default_factory=dict)
    peak_mb: dict[str, int] = field(default_factory=dict)


def watch(process: subprocess.Popen, seen: Seen) -> None:
    """Looks at a command and the processes below it until it ends."""
    while process.returncode is None:
        for pid in [process.pid, *descendants(process.pid)]:
            folder = Path("/proc") / str(pid)
            try:
                peak = re.search(r"VmHWM:\s+(\d+) kB", (folder / "status").read_text())
                name = "command" if pid == process.pid else (folder / "cmdline").read_bytes().split(b".")[0].decode()
                if name in ("command", "ray::Worker"):
                    name = name.removeprefix("ray::").lower()
                    seen.peak_mb[name] = max(seen.peak_mb.get(name, 0), int(peak[1]) // 1024)
                times = (folder / "stat").read_text().rpartition(")")[2].split()[11:13]
                seen.cpu_seconds[pid] = sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
            except (OSError, TypeError, ValueError):  # it ended meanwhile
                continue
        time.sleep(SAMPLE_S)


def descendants(pid: int) -> list[int]:
    """The processes that a process started, and theirs."""
    found = [pid]
    for each in found:
        for file in Path(f"/proc/{each}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += map(int, file.read_text().split())
    return found[1:]


def slope(rows: list[dict], name: str) -> float | None:
    first, last = rows[0], rows[-1]
    scans = last["scans"] - first["scans"]
    return round((last[name] - first[name]) / scans, 4) if scans else None


if __name__ == "__main__":
    main()
