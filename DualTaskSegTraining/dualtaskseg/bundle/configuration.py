"""The texts of a MONAI Bundle: what the model is (``metadata.json``), how it infers (``inference.json``), a README.

MONAI computes what stands behind ``$``, ``@`` and ``%`` in these files. So no text of the model's own, which may be
anybody's, may begin with them, and into ``inference.json`` go numbers only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dualtaskseg.data.grid import SAME_SPACING
from dualtaskseg.method.registry import method_of
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.planning.plan import Normalization, Plan
from dualtaskseg.terminal import one_line
from dualtaskseg.version import VERSION

BUNDLE_VERSION = "1.0.0"
SCHEMA = "https://github.com/Project-MONAI/MONAI-extra-test-data/releases/download/0.8.1/meta_schema_20240725.json"
# What MONAI needs beside itself to run the bundle, in the versions with which that is tested.
PACKAGES = {"fire": "0.7.1", "nibabel": "5.4.2", "pytorch-ignite": "0.5.5"}
PACKAGES_FOR_PARTS = {"scikit-image": "0.26.0"}
NOT_TOLD = "not told by the model"
MARKS = "$@%"  # with which MONAI begins what it computes


def metadata_of(description: ModelDescription, plan: Plan, versions: dict[str, str]) -> dict[str, Any]:
    """What stands in ``metadata.json``.

    Args:
        versions: of the installed ``monai``, ``torch`` and ``numpy``.
    """
    names = [_plain(segment.name) for segment in description.segments]
    is_ct = plan.normalization.kind == "ct"
    shared = {"type": "image", "spatial_shape": ["*", "*", "*"], "dtype": "float32", "is_patch_data": False}
    return {
        "schema": SCHEMA,
        "version": BUNDLE_VERSION,
        "changelog": {BUNDLE_VERSION: f"exported from DualTaskSeg {VERSION}"},
        "monai_version": versions["monai"],
        "pytorch_version": versions["torch"],
        "numpy_version": versions["numpy"],
        "required_packages_version": packages_of(plan),
        "name": _plain(description.name),
        "task": f"Segmentation of {', '.join(names)} in 3D scans",
        "description": _summary(description, plan),
        "authors": NOT_TOLD,
        "copyright": NOT_TOLD,
        "intended_use": "Research; not a medical device. Look at every mask.",
        "eval_metrics": _figures(description),
        "network_data_format": {
            "inputs": {
                "image": {
                    **shared,
                    "format": "hounsfield" if is_ct else "magnitude",
                    "modality": "CT" if is_ct else "n/a",
                    "num_channels": 1,
                    "value_range": [],
                    "channel_def": {"0": "image"},
                }
            },
            "outputs": {
                "pred": {
                    **shared,
                    "format": "labels",
                    "num_channels": len(names) + 1,
                    "value_range": [0, 1],
                    "channel_def": {str(index): name for index, name in enumerate(["background", *names])},
                }
            },
        },
        "label_values": {name: segment.value for name, segment in zip(names, description.segments, strict=True)},
    }


def inference_of(plan: Plan) -> dict[str, Any]:
    """What stands in ``inference.json``: MONAI's own transforms, and the model for the rest."""
    spacing = list(plan.spacing[::-1])
    return {
        "imports": ["$import glob", "$import numpy", "$import os", "$import torch", "$import monai"],
        "bundle_root": ".",
        "dataset_dir": "$os.path.join(@bundle_root, 'scans')",
        "output_dir": "$os.path.join(@bundle_root, 'eval')",
        "datalist": "$sorted(glob.glob(os.path.join(glob.escape(@dataset_dir), '*.nii*')))",
        "device": "$torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')",
        "network_def": "$torch.jit.load(os.path.join(@bundle_root, 'models', 'model.ts'), map_location='cpu').eval()",
        "network": "$@network_def.to(@device)",
        "preprocessing": {
            "_target_": "Compose",
            "transforms": [
                {"_target_": "LoadImaged", "keys": "image"},
                {"_target_": "EnsureChannelFirstd", "keys": "image"},
                {"_target_": "Orientationd", "keys": "image", "axcodes": plan.orientation, "labels": None},
                {
                    "_target_": "Lambdad",
                    "keys": "image",
                    "func": "$lambda x: monai.utils.convert_to_dst_type("
                    "@network_def.smoothed(x.as_tensor(), x.pixdim.tolist()), x)[0]",
                },
                {
                    "_target_": "Spacingd",
                    "keys": "image",
                    "pixdim": spacing,
                    "min_pixdim": [side * (1 - SAME_SPACING) for side in spacing],
                    "max_pixdim": [side * (1 + SAME_SPACING) for side in spacing],
                    "mode": "bilinear",
                    "scale_extent": True,
                    "align_corners": True,
                },
                *_intensities(plan.normalization),
            ],
        },
        "dataset": {
            "_target_": "Dataset",
            "data": "$[{'image': each} for each in @datalist]",
            "transform": "@preprocessing",
        },
        "dataloader": {
            "_target_": "DataLoader",
            "dataset": "@dataset",
            "batch_size": 1,
            "shuffle": False,
            "num_workers": 0,
        },
        # The model itself goes over the scan window by window: how large they are depends on the scan.
        "inferer": {"_target_": "SimpleInferer"},
        "postprocessing": {
            "_target_": "Compose",
            "transforms": [
                {
                    "_target_": "Invertd",
                    "keys": "pred",
                    "transform": "@preprocessing",
                    "orig_keys": "image",
                    "nearest_interp": False,
                    "to_tensor": True,
                },
                {"_target_": "AsDiscreted", "keys": "pred", "argmax": True},
                *_parts_and_values(plan),
                {
                    "_target_": "SaveImaged",
                    "keys": "pred",
                    "output_dir": "@output_dir",
                    "output_postfix": "seg",
                    "output_ext": ".nii.gz",
                    "output_dtype": f"${_label_type(plan)}",
                    "resample": False,
                    "separate_folder": False,
                },
            ],
        },
        "evaluator": {
            "_target_": "SupervisedEvaluator",
            "device": "@device",
            "val_data_loader": "@dataloader",
            "network": "@network",
            "inferer": "@inferer",
            "postprocessing": "@postprocessing",
            "amp": False,
        },
        "initialize": ["$monai.utils.set_determinism(seed=0)"],
        "run": ["$@evaluator.run()"],
    }


def readme_of(description: ModelDescription, plan: Plan) -> str:
    """What stands in ``docs/README.md``."""
    packages = " ".join(f'"{name}>={version}"' for name, version in packages_of(plan).items())
    segments = "\n".join(f"- {segment.value}: {_plain(segment.name)}" for segment in description.segments)
    grid = " x ".join(f"{side:g}" for side in plan.spacing[::-1])
    return f"""# {_plain(description.name)}

{_summary(description, plan)}

Research software, not a medical device. Look at every mask before you rely on it.

## Run it

```sh
pip install monai {packages}
python -m monai.bundle run --config_file configs/inference.json --meta_file configs/metadata.json \\
    --bundle_root . --dataset_dir FOLDER_WITH_SCANS --output_dir FOLDER_FOR_MASKS
```

Each `NAME.nii.gz` of the folder gives `NAME_seg.nii.gz` on the scan's own grid; what is there of that name is replaced.
The mask's values:

{segments}

## What it does

`configs/inference.json` brings a scan to the grid and the intensities that the model was trained with, by MONAI's
transforms. `models/model.ts` is one TorchScript program of both networks with averaged weights: it goes over the scan
window by window, averages their answers as the method {_plain(plan.method)} does, and gives the probability of the
background and of each segment for every voxel. Then the probabilities are brought back to the scan's grid.

The mask is that of `dualtaskseg predict`: the same where the scan lies on the model's grid already
({grid} mm, axes {plan.orientation}), and up to rounding at the surface elsewhere, since MONAI resamples in its own way.
On a GPU `dualtaskseg predict` computes in half precision, this bundle in single precision.

## What is not in it

- The checks of `dualtaskseg predict`: a scan in the wrong unit, with absurd voxels or of another kind than those that
  the model learned from gives a mask without a warning.
- Leaving out parts of a segment that only one of the two networks sees, or that are far smaller than any outlined one:
  here they are in the mask.
- The uncertainty map, the signed distances and the forecast of the accuracy.
- `models/model.pt`: weights as a pickle, which could run anything when it is loaded.
- Any promise about who made it: MONAI computes what stands in `configs`, and `model.ts` is a program. Run bundles of
  people you trust only.
- Names of cases or paths: of the scans that it was trained on, the model knows only how many they were.
"""


def packages_of(plan: Plan) -> dict[str, str]:
    """Packages by name, and the version from which on, that running the bundle needs beside MONAI."""
    return {**PACKAGES, **(PACKAGES_FOR_PARTS if any(plan.keep_largest) else {})}


def _intensities(normalization: Normalization) -> list[dict[str, Any]]:
    """The transforms that do what :func:`dualtaskseg.preparation.prepare.normalize` does."""
    if normalization.kind == "ct":
        lower, upper = normalization.lower, normalization.upper
        return [
            {"_target_": "ThresholdIntensityd", "keys": "image", "threshold": lower, "above": True, "cval": lower},
            {"_target_": "ThresholdIntensityd", "keys": "image", "threshold": upper, "above": False, "cval": upper},
            {
                "_target_": "NormalizeIntensityd",
                "keys": "image",
                "subtrahend": normalization.mean,
                "divisor": normalization.std,
            },
        ]
    clipped = {
        "_target_": "ScaleIntensityRangePercentilesd",
        "keys": "image",
        "lower": 0.5,
        "upper": 99.5,
        "b_min": 0.0,
        "b_max": 1.0,
        "clip": True,
    }
    to_mean = {"_target_": "NormalizeIntensityd", "keys": "image"}
    return [clipped, to_mean] if normalization.kind == "scan" else [to_mean]


def _parts_and_values(plan: Plan) -> list[dict[str, Any]]:
    """The transforms that keep the largest part of the segments where the plan says so, and set the label values."""
    steps: list[dict[str, Any]] = []
    largest = [index + 1 for index, keeps in enumerate(plan.keep_largest) if keeps]
    if largest:
        steps.append(
            {
                "_target_": "KeepLargestConnectedComponentd",
                "keys": "pred",
                "applied_labels": largest,
                "independent": True,
                "connectivity": 3,
            }
        )
    values = [segment.value for segment in plan.segments]
    places = list(range(1, len(values) + 1))
    if values != places:
        steps.append(
            {
                "_target_": "MapLabelValued",
                "keys": "pred",
                "orig_labels": places,
                "target_labels": values,
                "dtype": "$torch.int64",
            }
        )
    return steps


def _label_type(plan: Plan) -> str:
    """The smallest type, as Python names it, that holds the label values."""
    largest = max(segment.value for segment in plan.segments)
    return f"numpy.uint{8 if largest < 2**8 else 16 if largest < 2**16 else 32}"


def _summary(description: ModelDescription, plan: Plan) -> str:
    trained = description.trained_on
    counts = [f"{trained[key]} {key}" for key in ("labeled", "unlabeled") if isinstance(trained.get(key), int)]
    scans = f" from {' and '.join(counts)} scans" if counts else ""
    return (
        f"A probability network and a signed-distance network that segment "
        f"{_listed([segment.name for segment in description.segments])}, trained with DualTaskSeg "
        f"({method_of(plan).title}){scans}."
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(_plain(name) for name in names)


def _figures(description: ModelDescription) -> dict[str, float]:
    """The figures of the validation by their names; empty where there was none."""
    figures = description.trained_on.get("validation_figures") or {}
    found = {}
    for segment, measures in figures.items():
        for measure, value in measures.items() if isinstance(measures, dict) else [("", measures)]:
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                found[_plain(f"{segment} {measure}".strip())] = float(value)
    return found


def _plain(text: str) -> str:
    """A text of the model's own as one line that MONAI doesn't take for something to compute."""
    text = re.sub(r"\s+", " ", one_line(text)).strip().lstrip(MARKS + " ")
    return text or "unnamed"
