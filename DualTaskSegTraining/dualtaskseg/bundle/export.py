"""Writes a model as a MONAI Bundle, which anybody can run who has MONAI, without this package."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from dualtaskseg.bundle.configuration import inference_of, metadata_of, readme_of
from dualtaskseg.errors import InputError, in_a_word
from dualtaskseg.files import retry_on_permission_error, temporary_folder, write_text
from dualtaskseg.inference.answers import answers_of, decoded
from dualtaskseg.inference.predictor import plan_of
from dualtaskseg.method.registry import method_of
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.method.weights import networks_of_file
from dualtaskseg.model.folder import find_model, read_model
from dualtaskseg.model.weights_file import WEIGHTS_NAME
from dualtaskseg.planning.plan import Plan
from dualtaskseg.progress import ignore

PROGRAM_NAME = "model.ts"
DEBUG_SUFFIX = ".debug_pkl"  # where each line came from, by paths of this disk; nothing needs it
LARGEST_DIFFERENCE = 1e-3  # of a probability, between the program and the networks that it was made of


def export_bundle(path: Path | str, folder: Path | str, on_progress: Callable[[int, int], None] = ignore) -> Path:
    """Writes a MONAI Bundle in one step.

    Args:
        path: a model folder, or a run folder with a finished model.
        folder: where to; it must not exist yet, or be empty.
        on_progress: told how many per cent are done; what it raises ends the export, and nothing is left.

    Returns:
        The folder.

    Raises:
        InputError: the model is damaged, its method can't be told in TorchScript, or the folder is taken.
        OSError: the disk is full, or the place can't be written.
    """
    model, folder = find_model(path), Path(folder).absolute()
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise InputError(f"{folder} exists already", "Choose a folder that is new or empty")
    on_progress(0, 100)
    description = read_model(model)
    plan = plan_of(model, description.plan)
    if plan.overview is not None:
        raise InputError(
            f"The model {description.name} finds its structures with a second, coarse pair of networks first, which "
            "MONAI bundles of this program can't do",
            "Share the model file itself; others open it with this program",
        )
    networks = networks_of_file(model / WEIGHTS_NAME, plan).eval()
    on_progress(10, 100)
    # also inside the program, where MONAI's tools look for them
    texts = {
        "extra/metadata.json": _json(metadata_of(description, plan, _versions())),
        "extra/inference.json": _json(inference_of(plan)),
    }
    program = _program(networks, plan, texts, on_progress)
    on_progress(90, 100)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with temporary_folder(folder) as temporary:
        for name in ("configs", "models", "docs"):
            (temporary / name).mkdir()
        for name, text in texts.items():
            write_text(temporary / "configs" / Path(name).name, text)
        write_text(temporary / "docs" / "README.md", readme_of(description, plan))
        (temporary / "models" / PROGRAM_NAME).write_bytes(program)
        if folder.exists():
            folder.rmdir()  # it is empty; Windows doesn't rename over it
        retry_on_permission_error(lambda: temporary.rename(folder))
    return folder


def _versions() -> dict[str, str]:
    import monai

    return {"monai": monai.__version__, "torch": torch.__version__.split("+")[0], "numpy": np.__version__}


def _json(data: dict) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _program(
    networks: TwoNetworks, plan: Plan, texts: dict[str, str], on_progress: Callable[[int, int], None]
) -> bytes:
    """The TorchScript file, after it was read back and its answers were compared with the networks' own."""
    from dualtaskseg.bundle.scripted import scripted

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on what tracing doesn't follow; the comparison tells whether it matters
            program = _without_paths(scripted(networks, plan), texts)
            on_progress(60, 100)
            difference = _difference(torch.jit.load(io.BytesIO(program), map_location="cpu"), networks, plan)
    except (RuntimeError, TypeError, ValueError, AttributeError, NotImplementedError) as error:
        raise _unfit(plan, f"PyTorch says: {in_a_word(error)}") from error
    if not difference <= LARGEST_DIFFERENCE:
        raise _unfit(plan, f"its probabilities would differ by up to {difference:.2g}")
    return program


def _unfit(plan: Plan, why: str) -> InputError:
    return InputError(
        f'A model of the method "{method_of(plan).title}" can\'t be made a TorchScript program ({why})',
        "Export it as a .dtsmodel file instead, or try another version of PyTorch",
    )


def _without_paths(module: torch.jit.ScriptModule, texts: dict[str, str]) -> bytes:
    """The file of a program, without the places in source files that PyTorch notes in it, and with some texts."""
    saved, result = io.BytesIO(), io.BytesIO()
    torch.jit.save(module, saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as target:
        for entry in source.infolist():
            if not entry.filename.endswith(DEBUG_SUFFIX):
                target.writestr(zipfile.ZipInfo(entry.filename), source.read(entry))
        top = source.namelist()[0].split("/")[0]
        for name, text in texts.items():
            target.writestr(zipfile.ZipInfo(f"{top}/{name}"), text)
    return result.getvalue()


@torch.inference_mode()
def _difference(program: torch.jit.ScriptModule, networks: TwoNetworks, plan: Plan) -> float:
    """How far the program's probabilities are from the networks', on noise of another size than it was traced with."""
    sides = [
        min(3 * step, max(side, 2 * step)) for side, step in zip(plan.patch, plan.network.total_stride, strict=True)
    ]
    noise = torch.randn(1, 1, *sides, generator=torch.Generator().manual_seed(1))
    found = program(noise.permute(0, 1, 4, 3, 2))[0].permute(0, 3, 2, 1)
    values = answers_of(networks, plan, networks.probability(noise).float(), networks.distance(noise).float())[0]
    return float((decoded(networks, plan, values).together - found).abs().max())
