"""Brings the translations of the panel up to date: ``python Testing/translations.py``.

It collects every sentence of the module, as Slicer looks for it when it runs, and of the training package, which the
module shows, into the files ``DualTaskSeg_*.ts`` of Qt Linguist: new sentences are added without a translation, those
that are gone are taken out, the others stay. Then it makes the ``.qm`` files, which Slicer reads, and lists what is to
be translated. With ``--check`` it writes nothing.
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import packagesentences

ROOT = Path(__file__).resolve().parents[1]
MODULE = ROOT / "DualTaskSeg"
FOLDER = MODULE / "Resources" / "Translations"
PACKAGE_CONTEXT = "dualtaskseg"  # of the sentences of the training package, which the panel shows
PACKAGE_FILE = FOLDER / "dualtaskseg.txt"
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'

Sentences = dict[tuple[str, str], str]  # context and sentence -> translation, empty where there is none


def context_of(file: Path) -> str:
    """What ``slicer.i18n`` takes for the context of a file's sentences: its folder, if a package, and its name."""
    is_in_package = (file.parent / "__init__.py").is_file()
    return f"{file.parent.name}.{file.stem}" if is_in_package else file.stem


def _of_code(file: Path) -> Iterator[str]:
    calls = [
        node
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "_"
    ]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        yield ast.literal_eval(call.args[0])


def _of_form(form: ET.Element) -> Iterator[str]:
    """What Qt translates when it reads a form: all that isn't marked as ``notr``."""
    for node in form.iter("string"):
        if node.get("notr") != "true" and node.text:
            yield node.text


def collect() -> Sentences:
    """All sentences of the module and of what it runs, without translations, in the order of files and lines."""
    found: Sentences = {}
    for file in [MODULE / "DualTaskSeg.py", *sorted((MODULE / "DualTaskSegLib").rglob("*.py"))]:
        found.update(((context_of(file), text), "") for text in _of_code(file))
    for file in sorted((MODULE / "Resources" / "UI").glob("*.ui")):
        form = ET.parse(file).getroot()
        for strings in list(form.iter("stringlist")):
            if strings.get("notr") == "true":
                strings.clear()
        found.update(((form.findtext("class"), text), "") for text in _of_form(form))
    found.update(((PACKAGE_CONTEXT, text), "") for text in packagesentences.collect())
    return found


def write_package_file(sentences: Sentences) -> None:
    """Writes the sentences of the training package, one a line: the panel recognizes what it says by them."""
    lines = [text for context, text in sentences if context == PACKAGE_CONTEXT]
    PACKAGE_FILE.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def read(file: Path) -> Sentences:
    """The translations of a ``.ts`` file."""
    found: Sentences = {}
    for context in ET.parse(file).getroot().iter("context"):
        for message in context.iter("message"):
            key = context.findtext("name") or "", message.findtext("source") or ""
            found[key] = message.findtext("translation") or ""
    return found


def write(file: Path, sentences: Sentences) -> None:
    """Writes a ``.ts`` file; sentences without a translation are marked as unfinished."""
    language = file.stem.partition("_")[2].replace("-", "_")
    top = ET.Element("TS", version="2.1", language=language, sourcelanguage="en_US")
    for name in sorted({context for context, _text in sentences}):
        context = ET.SubElement(top, "context")
        ET.SubElement(context, "name").text = name
        for (of_context, text), translation in sentences.items():
            if of_context == name:
                message = ET.SubElement(context, "message")
                ET.SubElement(message, "source").text = text
                node = ET.SubElement(message, "translation")
                node.text = translation
                if not translation:
                    node.set("type", "unfinished")
    ET.indent(top, "    ")
    file.write_text(HEAD + ET.tostring(top, encoding="unicode") + "\n", encoding="utf-8", newline="\n")


@dataclass
class Comparison:
    """What a ``.ts`` file lacks, and what it has that is gone.

    Attributes:
        merged: the sentences of the module with their translations.
    """

    merged: Sentences
    missing: list[tuple[str, str]] = field(default_factory=list)
    stale: list[tuple[str, str]] = field(default_factory=list)


def compare(sentences: Sentences, known: Sentences) -> Comparison:
    """Compares the sentences of the module with translations; one that moved to another file keeps its own."""
    elsewhere = {text: translation for (_context, text), translation in known.items() if translation}
    merged = {key: known.get(key) or elsewhere.get(key[1], "") for key in sentences}
    return Comparison(
        merged,
        [key for key in sentences if not known.get(key)],
        [key for key in known if key not in sentences],
    )


def compiled_name(file: Path) -> str:
    """The name of the ``.qm`` file: without the country, Slicer takes it for all countries of the language."""
    return f"{file.stem.partition('-')[0]}.qm"


def compile_(file: Path, folder: Path) -> Path:
    """Makes the ``.qm`` file of a ``.ts`` file in a folder, with the program of PySide6."""
    import PySide6

    program = Path(PySide6.__file__).parent / ("lrelease.exe" if sys.platform == "win32" else "lrelease")
    target = folder / compiled_name(file)
    subprocess.run([program, "-silent", file, "-qm", target], check=True)
    return target


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if something is to be done")
    is_check = parser.parse_args().check
    sentences, to_do = collect(), 0
    if not is_check:
        write_package_file(sentences)
    for file in sorted(FOLDER.glob("DualTaskSeg_*.ts")):
        compared = compare(sentences, read(file))
        if is_check:
            untranslated = compared.missing
        else:
            write(file, compared.merged)
            compile_(file, FOLDER)
            untranslated = [key for key, translation in compared.merged.items() if not translation]
        for context, text in untranslated:
            print(f"{file.name}: to translate in {context}: {text}")
        for context, text in compared.stale:
            print(f"{file.name}: gone from {context}: {text}")
        print(f"{file.name}: {len(sentences)} sentences, {len(untranslated)} to translate")
        to_do += len(untranslated) + (len(compared.stale) if is_check else 0)
    return int(to_do > 0)


if __name__ == "__main__":
    sys.exit(main())
