"""``dualtaskseg model info|export|import``: look at models and exchange them."""

from __future__ import annotations

import argparse
from pathlib import Path

from dualtaskseg.arguments import add_json
from dualtaskseg.model.archive import export_model, import_model, inspect_exported
from dualtaskseg.model.description import SUFFIX, ModelDescription, describe
from dualtaskseg.model.folder import find_model, read_model
from dualtaskseg.remedies import system_faults
from dualtaskseg.terminal import json_text, one_line

FORMATS = ("dtsmodel", "monai-bundle")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given."""
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="ACTION", parser_class=argparse.ArgumentParser
    )
    action = actions.add_parser("info", help="what a model is and what it was trained on")
    action.add_argument("path", metavar="RUN_OR_MODEL")
    add_json(action)
    action = actions.add_parser("export", help="make one .dtsmodel file of a model, to pass on, or a MONAI Bundle")
    action.add_argument("path", metavar="RUN_OR_MODEL")
    action.add_argument(
        "--format",
        choices=FORMATS,
        default=FORMATS[0],
        help="dtsmodel: one file for other users of this program; monai-bundle: a folder that MONAI runs by itself",
    )
    action.add_argument("--out", required=True, metavar="FILE", help="the file, or the new folder of a MONAI Bundle")
    action = actions.add_parser("import", help="unpack a .dtsmodel file, after checking it")
    action.add_argument("path", metavar="FILE")
    action.add_argument("--out", required=True, metavar="DIR", help="the folder to put the model's folder into")


def run(args: argparse.Namespace) -> int:
    """Looks at, packs or unpacks a model.

    Raises:
        InputError: the model, the file or the place to write to is bad.
    """
    actions = {"info": _info, "export": _export, "import": _import}
    return actions[args.action](args)


def _info(args: argparse.Namespace) -> int:
    description = _description(Path(args.path))
    if args.json:
        print(json_text(description.to_dict()))
    else:
        print(describe(description))
    return 0


def _description(path: Path) -> ModelDescription:
    if path.is_file() and path.suffix.lower() == SUFFIX:
        return inspect_exported(path)
    return read_model(find_model(path))


def _export(args: argparse.Namespace) -> int:
    remedy = "Choose a folder in which you may write, on a disk with free space"
    model = find_model(args.path)
    with system_faults(f"{args.out} can't be written", remedy):
        if args.format == "monai-bundle":
            from dualtaskseg.bundle.export import export_bundle

            folder = export_bundle(model, args.out)
            print(one_line(f"Exported to {folder}; how to run it stands in {folder / 'docs' / 'README.md'}"))
            return 0
        file = export_model(model, args.out)
    print(one_line(f"Exported to {file} ({file.stat().st_size / 1e6:.1f} MB)"))
    return 0


def _import(args: argparse.Namespace) -> int:
    print(one_line(f"Imported into {import_model(args.path, args.out)}"))
    return 0
