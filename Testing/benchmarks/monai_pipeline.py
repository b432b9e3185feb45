"""What `dualtaskseg predict --sdm --uncertainty` does, with MONAI's transforms and sliding window, to compare with.

.venv/bin/python Testing/benchmarks/monai_pipeline.py MODEL SCAN OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from dualtaskseg.inference.predictor import Predictor
from dualtaskseg.inference.sliding_window import OVERLAP
from monai.data import MetaTensor
from monai.inferers import sliding_window_inference
from monai.transforms import (
    Compose,
    EnsureChannelFirstd,
    Invertd,
    LoadImaged,
    Orientationd,
    SaveImage,
    ScaleIntensityRanged,
    Spacingd,
)


def main(model: str, scan: str, out: str) -> None:
    predictor = Predictor(model, "cpu")
    with torch.inference_mode():
        segment(predictor, scan, out)


def segment(predictor: Predictor, scan: str, out: str) -> None:
    plan, networks = predictor.plan, predictor.networks
    window = plan.normalization
    scaled = {name: (getattr(window, name) - window.mean) / window.std for name in ("lower", "upper")}
    before = Compose(
        [
            LoadImaged("image"),
            EnsureChannelFirstd("image"),
            Orientationd("image", axcodes="LPS"),
            Spacingd("image", pixdim=plan.spacing[::-1], mode="bilinear"),
            ScaleIntensityRanged("image", window.lower, window.upper, scaled["lower"], scaled["upper"], clip=True),
        ]
    )
    data = before({"image": scan})

    def compute(images: torch.Tensor) -> torch.Tensor:
        images = images.to(memory_format=torch.channels_last_3d)
        return torch.cat([networks.probabilities(images)[:, 1:], networks.distances(images)], dim=1)

    image = data["image"]
    values = sliding_window_inference(image.as_tensor()[None], plan.patch, 1, compute, OVERLAP, mode="gaussian")[0]
    count = len(plan.segments)
    first, distance = values[:count], values[count:]
    first = torch.cat([1 - first.sum(dim=0, keepdim=True), first])
    second = networks.masks(distance[None])[0]
    uncertainty = 0.5 * (first - second).abs().sum(dim=0, keepdim=True)
    distance = distance * torch.tensor(plan.truncation).reshape(-1, 1, 1, 1)
    data["result"] = MetaTensor(torch.cat([(first + second) / 2, distance, uncertainty]), meta=image.meta)
    del values, first, second, distance, uncertainty
    data = Invertd("result", transform=before, orig_keys="image", nearest_interp=False)(data)
    result = data["result"]
    parts = {"mask": result[: count + 1].argmax(dim=0, keepdim=True).to(torch.uint8), "uncertainty": result[-1:]}
    parts |= {f"sdm_{index}": result[count + 1 + index][None] for index in range(count)}
    for name, part in parts.items():
        save = SaveImage(out, name, separate_folder=False, resample=False, output_dtype=None, print_log=False)
        save(part.contiguous())
    print(sorted(path.name for path in Path(out).iterdir()))


if __name__ == "__main__":
    main(*sys.argv[1:])
