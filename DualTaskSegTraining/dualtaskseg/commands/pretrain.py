"""``dualtaskseg pretrain``: makes anew the weights that trainings start from. For developers; no scan is needed."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

from dualtaskseg.arguments import add_device, positive_number, seed, whole_number
from dualtaskseg.contract.presets import PRETRAINED
from dualtaskseg.errors import InputError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given."""
    parser.add_argument("--preset", choices=PRETRAINED, required=True, help="whose networks")
    parser.add_argument("--steps", type=positive_number, required=True, metavar="N", help="how many")
    parser.add_argument("--batch", type=positive_number, default=2, metavar="N", help="volumes a step (default 2)")
    parser.add_argument("--seed", type=seed, default=0, metavar="N", help="of all randomness (default 0)")
    add_device(parser)
    parser.add_argument(
        "--makers",
        type=whole_number,
        metavar="N",
        help="processes that make volumes ahead (default: all cores but one on a GPU, else none); they change nothing "
        "but the time",
    )
    parser.add_argument("--out", required=True, metavar="FILE", help="the weights, a .safetensors file")
    parser.add_argument("--overwrite", action="store_true", help="replace the file where it exists")


def run(args: argparse.Namespace) -> int:
    """Pretrains; given again after a stop, it goes on.

    Raises:
        InputError: the file is there already or can't be written; see also
            :func:`dualtaskseg.pretraining.pretrain.pretrain`.
        StoppedError: stopped by a signal; everything is saved.
    """
    from dualtaskseg.commands.outfile import refuse_unwritable

    out = Path(args.out)
    if out.suffix != ".safetensors":
        raise InputError(f"{out} is no .safetensors file", "Give --out a name that ends with .safetensors")
    if out.is_dir():
        raise InputError(f"{out} is a folder", "Give --out the name of a file")
    if out.exists() and not args.overwrite:
        raise InputError(f"{out} exists already", "Choose another name, or give --overwrite to replace it")
    refuse_unwritable(out.parent, out)
    from dualtaskseg.inference.device import choose_device, tune_cpu_memory
    from dualtaskseg.pretraining.pretrain import Pretraining, pretrain
    from dualtaskseg.processes import usable_processors
    from dualtaskseg.signals import STOPPING, signals_ask

    device = choose_device(args.device)
    tune_cpu_memory()
    makers = args.makers
    if makers is None:
        makers = 0 if device.type == "cpu" else max(1, usable_processors() - 1)
    asked = Pretraining(args.preset, args.steps, args.seed, args.batch)
    stop = threading.Event()
    with signals_ask(stop.set, STOPPING):
        pretrain(asked, out, device, makers, stop.is_set)
    print(f"Done: {out}")
    return 0
