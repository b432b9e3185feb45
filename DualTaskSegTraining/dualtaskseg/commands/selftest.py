"""``dualtaskseg selftest``: loads what computes and tries it. For programs that have installed something."""

from __future__ import annotations

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing can be given."""


def run(args: argparse.Namespace) -> int:
    """Prints one JSON document: versions, and what :func:`dualtaskseg.inference.device.device_table` says."""
    del args
    import monai
    import safetensors
    import torch
    from safetensors.torch import load, save

    from dualtaskseg.inference.device import device_table
    from dualtaskseg.method import networks  # noqa: F401 - takes from MONAI what training takes

    load(save({"weights": torch.ones(2)}))
    print(json.dumps({"monai": monai.__version__, "safetensors": safetensors.__version__, **device_table()}))
    return 0
