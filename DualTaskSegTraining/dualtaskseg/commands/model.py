"""``dualtaskseg model info|export|import``: look at models and exchange them."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from dualtaskseg.errors import InputError
from dualtaskseg.model.archive import export_model, import_model, inspect_exported
from dualtaskseg.model.description import SUFFIX, ModelDescription, describe
from dualtaskseg.model.folder import find_model, read_model
from dualtaskseg.names import folder_name
from dualtaskseg.remedies import reason_of, remedy_for
from dualtaskseg.terminal import json_text, one_line


def run(args: Namespace) -> int:
    """Looks at, packs or unpacks a model.

    Args:
        args: ``action``, one of ``info``, ``export``, ``import``; ``path``, the model or run folder or the exported
            file; ``out``, the file to export to or the folder to import into (the present folder if absent);
            ``json``, whether to print one JSON document; ``name``, for import, and ``overwrite``, for export, may be
            absent.

    Raises:
        InputError: the model, the file or the place to write to is bad.
    """
    actions = {"info": _info, "export": _export, "import": _import}
    return actions[args.action](args)


def _info(args: Namespace) -> int:
    description = _description(Path(args.path))
    if getattr(args, "json", False):
        print(json_text(description.to_document()))
    else:
        print(describe(description))
    return 0


def _description(path: Path) -> ModelDescription:
    if path.is_file() and path.suffix.lower() == SUFFIX:
        return inspect_exported(path)
    return read_model(find_model(path))


def _export(args: Namespace) -> int:
    folder = find_model(args.path)
    out = getattr(args, "out", None) or folder_name(read_model(folder, verify=False).name) + SUFFIX
    try:
        file = export_model(folder, out, overwrite=getattr(args, "overwrite", False))
    except OSError as error:
        raise InputError(
            f"{out} can't be written: {reason_of(error)}",
            remedy_for(error, "Choose a folder in which you may write, on a disk with free space"),
        ) from error
    _tell(args, "file", file, f"Exported to {file} ({file.stat().st_size / 1e6:.1f} MB)")
    return 0


def _import(args: Namespace) -> int:
    folder = import_model(args.path, getattr(args, "out", None) or ".", name=getattr(args, "name", None))
    _tell(args, "folder", folder, f"Imported into {folder}")
    return 0


def _tell(args: Namespace, kind: str, path: Path, sentence: str) -> None:
    print(json_text({kind: str(path.absolute())}) if getattr(args, "json", False) else one_line(sentence))
