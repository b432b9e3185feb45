"""A step of the published training as its authors' code takes it, against ours with the same networks, patch and batch.

The published step is stated anew here from its description in the documentation of dualtaskseg.method.paper: two
V-Nets with two heads each, tensors as they come, a normalised signed distance of every crop by SciPy within the step
(which no loss uses), and a backward pass of its own for each of the two losses, through both networks. Drawing the
patches, which the published code leaves to other processes, is not counted for it; ours draws them within the step.

.venv/bin/python Testing/benchmarks/published_step.py
"""

from __future__ import annotations

import argparse
import json
import platform
import shlex
import sys
import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from dualtaskseg.contract.dataset import Case, Dataset
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.contract.segment import Segment
from dualtaskseg.inference.device import choose_device, describe_device, tune_cpu_memory
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.paper import squared_dice_loss
from dualtaskseg.method.vnet import VNet
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.settings import PublishedSettings
from dualtaskseg.preparation.prepare import PreparedCase, prepare
from dualtaskseg.training.plan_run import plan_for
from scipy import ndimage
from timing import measure
from torch import nn

HERE = Path(__file__).resolve().parent
BATCH = 2  # labeled, and as many unlabeled


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patch", type=int, nargs=3, default=(80, 112, 112), help="z y x, voxels")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "published_step_cpu.json")
    args = parser.parse_args()
    device = choose_device(args.device)
    tune_cpu_memory()
    torch.backends.cudnn.benchmark = device.type == "cuda"
    patch = tuple(args.patch)
    with tempfile.TemporaryDirectory() as folder:
        plan, cases = prepared_balls(Path(folder), patch)
        labeled, unlabeled = ([case for case in cases if case.role == role] for role in ("labeled", "unlabeled"))
        learner = Learner(plan, labeled, unlabeled, device)
        published = Published(plan.network.filters, device)
        image = torch.randn(2 * BATCH, 1, *patch, device=device)
        label = ball(patch).expand(2 * BATCH, *patch).to(device)
        ways = {
            "published": lambda: published.step(image, label),
            "ours, --preset paper": lambda: learner.step(3000, 6000),
        }
        seconds = measure(ways, args.rounds, device, min)
    document = {
        "what": f"seconds of a step of the published training: two V-Nets of {plan.network.filters} filters, "
        f"{BATCH} + {BATCH} patches of {patch} voxels (z, y, x); the shortest of {args.rounds}",
        "date": str(date.today()),
        "machine": f"{describe_device(device)}, {platform.system()}, PyTorch {torch.__version__}",
        "command": "Testing/benchmarks/published_step.py " + shlex.join(sys.argv[1:]),
        "seconds": seconds,
        "ours is so many times as fast": round(seconds["published"] / seconds["ours, --preset paper"], 3),
    }
    args.out.parent.mkdir(exist_ok=True)
    args.out.write_text(json.dumps(document, indent=1) + "\n")
    print(json.dumps(document, indent=1))


class TwoHeads(nn.Module):
    """A V-Net with a head for signed distances and one for a mask, of which the other network uses the other."""

    def __init__(self, filters: tuple[int, ...]) -> None:
        super().__init__()
        self.network = VNet(1, filters[0], filters)
        self.network.head = nn.Identity()
        self.distance = nn.Conv3d(filters[0], 1, 1)
        self.mask = nn.Conv3d(filters[0], 1, 1)

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        features = self.network(image)
        return torch.tanh(self.distance(features)), self.mask(features)


class Published:
    """The published step."""

    def __init__(self, filters: tuple[int, ...], device: torch.device) -> None:
        self.networks = [TwoHeads(filters).to(device) for _ in range(2)]
        self.optimizers = [
            torch.optim.SGD(each.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4) for each in self.networks
        ]

    def step(self, image: torch.Tensor, label: torch.Tensor) -> None:
        by_mask, by_distance = self.networks
        _, score = by_mask(image)
        distance, _ = by_distance(image)
        target = label[:BATCH, None].float()
        truth = torch.from_numpy(np.stack([normalised_distance(crop) for crop in label.cpu().numpy()])).to(image)
        (distance[:, 0] - truth).abs().mean()  # computed, and part of no loss
        probability, soft = torch.sigmoid(score), torch.sigmoid(-PublishedSettings().sharpness * distance)
        consistency = ((probability - soft) ** 2).mean()
        cross_entropy = F.binary_cross_entropy_with_logits(score[:BATCH], target)
        supervised = 0.5 * (cross_entropy + squared_dice_loss(probability[:BATCH], target))
        for optimizer in self.optimizers:
            optimizer.zero_grad()
        (supervised + 0.3 * consistency).backward(retain_graph=True)
        (squared_dice_loss(soft[:BATCH], target) + 0.3 * consistency).backward()
        for optimizer in self.optimizers:
            optimizer.step()


def normalised_distance(mask: np.ndarray) -> np.ndarray:
    """As in dualtaskseg.method.paper, by SciPy as published."""
    inside, outside = ndimage.distance_transform_edt(mask), ndimage.distance_transform_edt(mask == 0)
    result = outside / max(outside.max(), 1) - inside / max(inside.max(), 1)
    result[(mask > 0) & ~ndimage.binary_erosion(mask)] = 0
    return result.astype(np.float32)


def ball(shape: tuple[int, ...]) -> torch.Tensor:
    axes = [torch.linspace(-1, 1, side) for side in shape]
    z, y, x = torch.meshgrid(*axes, indexing="ij")
    return (z**2 + y**2 + x**2 < 0.3).long()


def prepared_balls(folder: Path, patch: tuple[int, int, int]) -> tuple[Plan, list[PreparedCase]]:
    """Two labeled and two unlabeled scans somewhat larger than a patch."""
    dataset = written_balls(folder, tuple(side + 16 for side in patch))
    plan = plan_for(dataset, ["0", "1"], TrainingRequest(dataset, "paper")).replaced(patch=patch)
    return plan, prepare(dataset.cases, plan, folder / "prepared")


def written_balls(folder: Path, shape: tuple[int, int, int]) -> Dataset:
    """Two labeled and two unlabeled scans of voxels of 1 mm, made much faster than those of a cohort."""
    import SimpleITK as sitk

    label = ball(shape).numpy().astype(np.uint8)
    sitk.WriteImage(sitk.GetImageFromArray(label), str(folder / "label.nrrd"))
    cases = []
    for index in range(4):
        voxels = np.random.default_rng(index).normal(size=shape).astype(np.float32) + label
        sitk.WriteImage(sitk.GetImageFromArray(voxels), str(folder / f"{index}.nrrd"))
        role, outline = ("labeled", folder / "label.nrrd") if index < 2 else ("unlabeled", None)
        cases.append(Case(str(index), folder / f"{index}.nrrd", outline, role))
    return Dataset("balls", folder, tuple(cases), (Segment("Ball", 1, (200, 80, 60)),), "MR")


if __name__ == "__main__":
    main()
