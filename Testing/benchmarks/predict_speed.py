"""How long a prediction takes against MONAI's sliding window with the same two networks, windows and overlap.

.venv/bin/python Testing/benchmarks/predict_speed.py
"""

from __future__ import annotations

import argparse
import json
import platform
import shlex
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import torch
from dualtaskseg.contract.segment import Segment
from dualtaskseg.inference.device import choose_device, describe_device
from dualtaskseg.inference.predictor import predict_prepared
from dualtaskseg.inference.resampling import ArrayGrid
from dualtaskseg.inference.sliding_window import OVERLAP, slide_window, window_starts
from dualtaskseg.method.networks import build_networks
from dualtaskseg.method.registry import make_plan
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import ScanStatistics
from monai.inferers import sliding_window_inference

HERE = Path(__file__).resolve().parent
SEGMENTS = [Segment(name, value, (0, 0, 0)) for value, name in enumerate(("Organ", "Vein"), 1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", type=int, nargs=3, default=(64, 112, 112), help="z y x, voxels")
    parser.add_argument("--preset", default="quick")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "predict_speed_cpu.json")
    args = parser.parse_args()
    device = choose_device(args.device)
    plan = plan_of(args.preset)
    networks = build_networks(plan).to(device).eval()
    image = np.random.default_rng(0).normal(size=args.size).astype(np.float16)
    ways = {
        "ours, windows only": lambda: ours(networks, plan, image, device),
        "MONAI, windows only": lambda: monai(networks, plan, image, device),
        "ours, whole prediction (masks, distances, disagreement)": lambda: predict_prepared(networks, plan, image),
    }
    with torch.inference_mode():
        seconds = measure(ways, args.rounds, device)
        difference = float((ours(networks, plan, image, device) - monai(networks, plan, image, device)).abs().max())
    windows = int(np.prod([len(starts) for starts in window_starts(image.shape, plan.patch)]))
    document = {
        "what": f"seconds to predict a scan of {tuple(args.size)} voxels (z, y, x) in {windows} windows of {plan.patch}"
        f", preset {args.preset}, overlap {OVERLAP}, both networks; the shortest of {args.rounds}",
        "date": str(date.today()),
        "machine": f"{describe_device(device)}, {platform.system()}, PyTorch {torch.__version__}",
        "command": "Testing/benchmarks/predict_speed.py " + shlex.join(sys.argv[1:]),
        "seconds": seconds,
        "ours to MONAI's": round(seconds["ours, windows only"] / seconds["MONAI, windows only"], 3),
        "whole prediction to MONAI's windows": round(
            seconds["ours, whole prediction (masks, distances, disagreement)"] / seconds["MONAI, windows only"], 3
        ),
        "largest difference of the two results": difference,
    }
    args.out.parent.mkdir(exist_ok=True)
    args.out.write_text(json.dumps(document, indent=1) + "\n")
    print(json.dumps(document, indent=1))


def plan_of(preset: str) -> Plan:
    """As for an abdominal organ in CT."""
    scan = ScanStatistics((160, 256, 256), (1.5, 1.5, 1.5), ((60.0, 70.0, 70.0),) * 2, (25.0, 5.0))
    return make_plan([scan] * 4, SEGMENTS, preset)


def compute_of(networks: torch.nn.Module) -> Callable[[torch.Tensor], torch.Tensor]:
    def compute(images: torch.Tensor) -> torch.Tensor:
        images = images.to(memory_format=torch.channels_last_3d)
        return torch.cat([networks.probabilities(images)[:, 1:], networks.distances(images)], dim=1)

    return compute


def ours(networks: torch.nn.Module, plan: Plan, image: np.ndarray, device: torch.device) -> torch.Tensor:
    parts: list[torch.Tensor] = []
    slide_window(
        ArrayGrid(image),
        plan.patch,
        compute_of(networks),
        2 * len(plan.segments),
        lambda _, values: parts.append(values),
        device,
        axis=0,
    )
    return torch.cat(parts, dim=1)


def monai(networks: torch.nn.Module, plan: Plan, image: np.ndarray, device: torch.device) -> torch.Tensor:
    tensor = torch.from_numpy(image.astype(np.float32))[None, None].to(device)
    return sliding_window_inference(tensor, plan.patch, 1, compute_of(networks), OVERLAP, mode="gaussian")[0]


def measure(ways: dict[str, Callable], rounds: int, device: torch.device) -> dict[str, float]:
    """The shortest of some rounds; the ways take turns, so that a slow minute of the machine hits all of them."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            if device.type == "cuda":
                torch.cuda.synchronize()
            times[name].append(time.perf_counter() - started)
    return {name: round(min(values), 3) for name, values in times.items()}


if __name__ == "__main__":
    main()
