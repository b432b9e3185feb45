"""What more scans cost: seconds of the processor and peak memory of checking, preparing, ranking and predicting 10 to
5000 tiny scans, and of the panel's table of them (see ``case_table.py``).

Each is a process of its own. The scans and networks are tiny, so that what grows is what the program does about them.

    .venv/bin/python Testing/benchmarks/growing.py --counts 10 100 1000
"""

from __future__ import annotations

import argparse
import itertools
import json
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import SimpleITK as sitk
import torch
from childcost import cost_of
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.inference.device import describe_device
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import prepare
from predict_memory import write_tiny_model

HERE = Path(__file__).resolve().parent
SIZE = (16, 18, 20)
WHATS = ("check", "prepare", "rank", "predict", "table")
RESULTS = HERE / "results" / "growing.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=(10, 100, 1000, 5000))
    parser.add_argument("--what", nargs="+", default=WHATS, choices=WHATS)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--plot", type=Path, help="a PNG; needs matplotlib")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        prepare_all(args.child)
        return
    results: dict[str, dict[str, dict]] = {what: {} for what in args.what}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_tiny_model(folder / "model", 1.5)
        for count in args.counts:
            dataset = write_dataset(folder / f"scans_{count}", count)
            for what in args.what:
                results[what][str(count)] = measured(command_of(what, folder, dataset))
                print(count, what, results[what][str(count)], flush=True)
            shutil.rmtree(dataset)
            write_results(args, results)


def write_results(args: argparse.Namespace, results: dict) -> None:
    document = {
        "what": f"processor seconds and peak MB of a process for so many scans of {SIZE[::-1]} voxels, half of them "
        "labeled; tiny networks",
        "date": str(date.today()),
        "machine": f"{describe_device(torch.device('cpu'))}, {platform.system()}, PyTorch {torch.__version__}",
        "command": "Testing/benchmarks/growing.py " + shlex.join(sys.argv[1:]),
        "results": results,
    }
    args.out.write_text(json.dumps(document, indent=1) + "\n")
    if args.plot:
        plot(document, args.plot)


def write_dataset(folder: Path, count: int) -> Path:
    """Scans and labels of a bright box in noise, listed in ``cases.csv``."""
    folder.mkdir()
    random = np.random.default_rng(0)
    rows = ["name,image,label"]
    for index in range(count):
        array = random.integers(-1000, 0, SIZE).astype(np.int16)
        label = np.zeros(SIZE, np.uint8)
        label[4:9, 5:12, 6:11], label[10:13, 5:12, 6:11] = 1, 2
        array[label > 0] += 1000
        files = {"image": array, **({"label": label} if index % 2 == 0 else {})}
        for kind, voxels in files.items():
            image = sitk.GetImageFromArray(voxels)
            image.SetSpacing([1.5] * 3)
            sitk.WriteImage(image, str(folder / f"{kind}_{index:05}.nii.gz"), useCompression=True, compressionLevel=1)
        rows.append(f"scan {index:05},image_{index:05}.nii.gz,{f'label_{index:05}.nii.gz' if 'label' in files else ''}")
    (folder / "cases.csv").write_text("\n".join(rows) + "\n")
    return folder


def command_of(what: str, folder: Path, dataset: Path) -> list:
    program = [sys.executable, "-m", "dualtaskseg"]
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    if what == "check":
        return [*program, "check", dataset, "--json"]
    if what == "rank":
        return [*program, "rank", folder / "model", dataset, "--device", "cpu", "--json"]
    if what == "predict":
        images = sorted(dataset.glob("image_*.nii.gz"))
        alone = dataset.with_name("images")
        shutil.rmtree(alone, ignore_errors=True)
        alone.mkdir()
        for image in images:
            (alone / image.name).symlink_to(image)
        return [*program, "predict", folder / "model", alone, "--out", out, "--sdm", "--device", "cpu"]
    if what == "table":
        return [sys.executable, HERE / "case_table.py", dataset, dataset / "project"]
    return [sys.executable, __file__, "--child", dataset]


def measured(command: list) -> dict:
    """Processor seconds and peak memory of a command, and the figures that it prints."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        cost = cost_of(command, stdout=printed, stderr=subprocess.DEVNULL)
        printed.seek(0)
        last = printed.read().strip().splitlines()[-1:]
    told = json.loads(last[0]) if last and last[0].startswith('{"') else {}
    return {"processor seconds": round(cost.processor_seconds, 2), "peak MB": round(cost.peak / 1e6), **told}


def prepare_all(dataset: Path) -> None:
    cases = load_dataset(dataset)
    plan = Plan.from_dict(json.loads((dataset.parent / "model" / "model.json").read_text())["plan"])
    prepare([*cases.labeled, *cases.unlabeled], plan, dataset / "prepared")


def plot(document: dict, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 4.2), constrained_layout=True)
    for index, (what, by_count) in enumerate(document["results"].items()):
        counts = sorted(map(int, by_count))
        styles = itertools.cycle(("-", "--", ":", "-."))
        for key in by_count[str(counts[0])]:
            if what == "table" and key == "processor seconds":  # mostly the panel's start
                continue
            axis = axes[1 if key == "peak MB" else 0]
            label = what if key in ("processor seconds", "peak MB") else f"{what}: {key}"
            style = "-" if axis is axes[1] else next(styles)
            values = [by_count[str(count)][key] for count in counts]
            axis.plot(counts, values, style, color=f"C{index}", marker="o", label=label)
    for axis, title in zip(axes, ("Processor seconds", "Peak memory, MB"), strict=True):
        axis.set(xscale="log", title=title, xlabel="scans")
        axis.grid(alpha=0.3)
    axes[0].set_yscale("log")
    axes[1].set_ylim(0)
    for axis in axes:
        axis.legend(fontsize="small", loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=3, frameon=False)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
