"""What it is worth to cut unlabeled patches where a structure was seen, in scans where it is small.

Synthetic scans of 96 x 112 x 112 voxels of 2 mm with a body, blobs of one tone or with a bright core, and one
structure, bright with a dark core, that fills 1 or 0.1 % of the scan, somewhere about its middle. Each of the two ways
of cutting is trained for as many steps, from the same seed.

    .venv/bin/python Testing/benchmarks/small_structures.py --iterations 600
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from dualtaskseg.inference.device import choose_device, describe_device
from scipy.ndimage import gaussian_filter

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SIZE = (96, 112, 112)
SPACING = 2.0
LABELED, UNLABELED, HELD_OUT = 4, 16, 8
WAYS = {"anywhere": "training.seeking=0", "where something was seen": ""}


def main() -> None:
    args = parse()
    results = []
    arms = [(share, way, seed) for share in args.shares for seed in args.seeds for way in WAYS]
    folders = {share: write_cohort(args.work / f"small_{share:g}", share) for share in args.shares}
    with ThreadPoolExecutor(args.at_once) as pool:
        for result in pool.map(lambda arm: run_one(args, folders[arm[0]], *arm), arms):
            print(json.dumps(result), flush=True)
            results.append(result)
            document = {
                "what": f"{LABELED} labeled, {UNLABELED} unlabeled, {args.iterations} steps, {HELD_OUT} held-out scans",
                "date": str(date.today()),
                "machine": f"{describe_device(choose_device('cpu'))}, {platform.system()}, Python "
                f"{platform.python_version()}",
                "command": "Testing/benchmarks/small_structures.py " + " ".join(sys.argv[1:]),
                "results": results,
            }
            args.out.write_text(json.dumps(document, indent=1) + "\n")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shares", nargs="+", type=float, default=[0.01, 0.001])
    parser.add_argument("--iterations", type=int, default=600)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--work", type=Path, default=ROOT / "runs" / "benchmark")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "small_structures.json")
    return parser.parse_args()


def write_cohort(folder: Path, share: float) -> Path:
    """A dataset in the Decathlon's layout, and its held-out scans; made once."""
    if (folder / "dataset.json").exists():
        return folder
    for name in ("imagesTr", "labelsTr", "held_out", "held_out_labels"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    entries = []
    for index in range(LABELED + UNLABELED + HELD_OUT):
        image, label = make_scan(index, share)
        held_out = index >= LABELED + UNLABELED
        write(image, folder / ("held_out" if held_out else "imagesTr") / f"scan_{index:02}.nii.gz")
        write(label, folder / ("held_out_labels" if held_out else "labelsTr") / f"scan_{index:02}.nii.gz")
        if not held_out:
            names = {"image": f"./imagesTr/scan_{index:02}.nii.gz", "label": f"./labelsTr/scan_{index:02}.nii.gz"}
            entries.append(names)
    document = {"name": "small", "modality": {"0": "MRI"}, "labels": {"0": "background", "1": "Organ"}}
    (folder / "dataset.json").write_text(json.dumps({**document, "training": entries, "test": []}))
    return folder


def make_scan(seed: int, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Intensities, and 1 where the structure is."""
    random = np.random.default_rng([seed, round(share * 10000)])
    grid = np.stack(np.meshgrid(*(np.arange(side) for side in SIZE), indexing="ij"), axis=-1).astype(np.float32)

    def field(sigma: float) -> np.ndarray:
        values = gaussian_filter(random.normal(size=SIZE).astype(np.float32), sigma)
        return values / values.std()

    def from_center(center: np.ndarray) -> np.ndarray:
        offset = (grid - center) * random.uniform(0.8, 1.25, 3)
        return np.sqrt((offset**2).sum(-1)) / (1 + 0.12 * field(6))

    middle = np.array(SIZE) / 2
    image = np.where(from_center(middle) < 50, 1.0, 0.0) + 0.25 * field(8)
    radius = (share * np.prod(SIZE) * 3 / (4 * np.pi)) ** (1 / 3)
    for other in range(10):  # as bright and of about the size of the structure, but of one tone, or dark outside
        where = from_center(middle + random.uniform(-30, 30, 3))
        size, tone = radius * random.uniform(0.6, 1.3), 1.6 + random.uniform(-0.2, 0.2)
        image[where < size] = tone
        image[where < 0.6 * size] = tone + (0.8 if other % 2 else 0)
    where = from_center(middle + random.uniform(-0.2, 0.2, 3) * SIZE)
    label, tone = where < radius, random.uniform(1.7, 2.1)
    image[label] = tone
    image[where < random.uniform(0.5, 0.7) * radius] = tone - random.uniform(0.7, 1.1)
    image = gaussian_filter(image, 0.7) + random.normal(0, 0.25, SIZE)
    return (image * random.uniform(80, 160)).astype(np.float32), label.astype(np.uint8)


def write(array: np.ndarray, path: Path) -> None:
    image = sitk.GetImageFromArray(array)
    image.SetSpacing([SPACING] * 3)
    sitk.WriteImage(image, str(path))


def run_one(args: argparse.Namespace, folder: Path, share: float, way: str, seed: int) -> dict:
    run = args.work / f"small_{share:g}_{way.replace(' ', '_')}_{args.iterations}_seed{seed}"
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS": "1"}

    def program(*command: object) -> str:
        words = [sys.executable, str(HERE / "altered.py"), WAYS[way], *map(str, command)]
        return subprocess.run(words, check=True, env=environment, stdout=subprocess.PIPE, encoding="utf-8").stdout

    if not (run / "model" / "model.json").exists():
        words = [folder, "--labeled", LABELED, "--out", run, "--iterations", args.iterations, "--seed", seed]
        program("train", *words, "--validation", 0)
    program("predict", run, folder / "held_out", "--out", run / "predictions", "--overwrite")
    labels = ["--prediction", run / "predictions", "--reference", folder / "held_out_labels"]
    evaluation = json.loads(program("evaluate", *labels, "--json"))
    dice = evaluation["summary"][-1]["dice"]
    return {
        "structure_share": share,
        "unlabeled_patches": way,
        "seed": seed,
        "dice": {name: dice[name] for name in ("mean", "median", "minimum")},
    }


if __name__ == "__main__":
    main()
