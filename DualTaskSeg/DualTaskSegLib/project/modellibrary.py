"""The models of a project: those its trainings made and those that were imported. No Qt, no Slicer."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dualtaskseg.contract.terminology import short_text
from dualtaskseg.errors import DualTaskSegError, InputError
from dualtaskseg.model.archive import export_model, import_model
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.model.folder import DESCRIPTION_NAME, read_model, set_terminology
from dualtaskseg.run.folder import REQUEST_NAME, RunFolder
from dualtaskseg.run.status import RunState
from dualtaskseg.terminal import one_line

from DualTaskSegLib.common.childwords import inUsersWords
from DualTaskSegLib.common.i18n import tr as _
from DualTaskSegLib.project.terms import withoutTerm


@dataclass(frozen=True)
class ModelEntry:
    """A model in the list."""

    folder: Path  # the model folder, which names it
    name: str  # for people; the folder's where the model can't be read
    created: str = ""  # UTC, such as 2026-03-04T09:05:31Z; empty if unknown
    segments: tuple[str, ...] = ()  # names of its structures
    labeled: int | None = None  # number of outlined cases it learned from; None if unknown
    unlabeled: int | None = None  # number of other cases it learned from; None if unknown
    validationDice: float | None = None  # mean over the structures on cases held out; None where none were
    sizeBytes: int = 0  # on disk
    problem: str = ""  # why it can't be used, a sentence with a remedy; empty if it can
    runFolder: Path | None = None  # the run that made it; None for an imported one


def listModels(modelsFolder: Path | str, runsFolder: Path | str) -> list[ModelEntry]:
    """Returns all models, the newest first; those that can't be used come last, each with the reason.

    The weights are not compared with their checksum, which takes time; who loads a model does.
    """
    folders = [(folder, None) for folder in _foldersIn(modelsFolder)]
    folders += [(run / "model", run) for run in _foldersIn(runsFolder)]
    entries = [modelEntry(folder, run) for folder, run in folders if (folder / DESCRIPTION_NAME).is_file()]
    entries.sort(key=lambda entry: (entry.created, entry.name), reverse=True)
    return sorted(entries, key=lambda entry: bool(entry.problem))


def modelEntry(folder: Path | str, runFolder: Path | None = None) -> ModelEntry:
    """Describes one model folder. Nothing that is wrong with it raises."""
    folder = Path(folder)
    size = _sizeOf(folder)
    try:
        description = read_model(folder, verify=False)
    except DualTaskSegError as error:
        name = runFolder.name if runFolder else folder.name
        return ModelEntry(folder, name, sizeBytes=size, problem=inUsersWords(str(error)), runFolder=runFolder)
    trained = description.trained_on
    return ModelEntry(
        folder,
        description.name,
        description.created,
        tuple(segment.name for segment in description.segments),
        _count(trained.get("labeled")),
        _count(trained.get("unlabeled")),
        _meanDice(description),
        size,
        "",
        runFolder,
    )


def details(folder: Path | str) -> str:
    """Returns what people want to know of a model, as lines of plain text; ``InputError`` if it can't be read."""
    model = read_model(folder, verify=False)
    trained = model.trained_on
    how = [
        f"{key} {trained[key]}" for key in ("method", "preset", "iterations", "seed") if trained.get(key) is not None
    ]
    spacing = model.plan.get("spacing")
    programs = ", ".join(f"{name} {version}" for name, version in model.versions.items())
    made = _("Made: {time}, with {programs}") if programs else _("Made: {time}")
    lines = [
        _("Model: {name}").format(name=model.name),
        made.format(time=model.created, programs=programs),
        *(
            _("Structure: {name} (label value {value}), {term}").format(
                name=segment.name, value=segment.value, term=short_text(segment.terminology) or _("without a term")
            )
            for segment in model.segments
        ),
        _("Learned from: {labeled} outlined scans ({partly} in part), {unlabeled} others; {heldOut} held out").format(
            labeled=_shown(trained.get("labeled")),
            partly=_shown(trained.get("partly", 0)),
            unlabeled=_shown(trained.get("unlabeled")),
            heldOut=_shown(trained.get("validation")),
        ),
        _("Settings: {settings}").format(settings=", ".join(how)),
        *_figureLines(trained),
    ]
    if isinstance(spacing, (list, tuple)):
        lines.append(_("Voxels: {size} mm").format(size=" x ".join(map(_shown, spacing))))
    if model.plan.get("overview"):
        lines.append(_("Coarse networks find where to look in the whole scan; the others look closely there."))
    elif model.plan.get("look_first") is True:
        lines.append(_("Scans are looked at roughly first, and computed closely where something was seen."))
    lines.append(_("Check sum of the weights (SHA-256): {sum}").format(sum=model.weights_sha256))
    return "\n".join(map(one_line, lines))  # a model comes from others


def _figureLines(trained: dict[str, Any]) -> list[str]:
    """What was measured on scans that were held out."""
    figures = trained.get("validation_figures")
    if not isinstance(figures, dict) or not figures:
        reason = trained.get("validation_reason")
        return [inUsersWords(str(reason)) if reason else _("The quality was not measured.")]
    lines = []
    for structure, measures in figures.items():
        parts = measures.items() if isinstance(measures, dict) else [("", measures)]
        text = ", ".join(f"{name} {_shown(value)}".strip() for name, value in parts)
        lines.append(_("Quality of {structure}: {figures}").format(structure=structure, figures=text))
    return lines


def _shown(value: object) -> str:
    """A figure of a model for people; others wrote it, so it may be anything."""
    return f"{value:.4g}" if isinstance(value, float) else "?" if value is None else str(value)


def deletionText(entry: ModelEntry) -> str:
    """Returns what deleting a model takes away, to be confirmed by the user."""
    if entry.runFolder is None:
        return _("The model {name} is deleted from {folder}. This can't be undone.").format(
            name=entry.name, folder=entry.folder
        )
    return _(
        "The model {name} is deleted together with its training: checkpoint, curves and "
        "report in {runFolder}. Scans and segmentations stay. This can't be undone."
    ).format(name=entry.name, runFolder=entry.runFolder)


def deleteModel(entry: ModelEntry) -> None:
    """Deletes a model; of a training, the run folder with it. Ask the user first, see :func:`deletionText`.

    Raises:
        InputError: a process works in its run, it isn't a model, or it can't be deleted.
    """
    folder = entry.runFolder or entry.folder
    expected = folder / (REQUEST_NAME if entry.runFolder else DESCRIPTION_NAME)
    if not expected.is_file():
        raise InputError(_("{folder} is no longer there").format(folder=folder), _("Nothing needs to be done"))
    if entry.runFolder and RunFolder(folder, {}).state() == RunState.RUNNING:
        raise InputError(_("A training works in {folder}").format(folder=folder), _("Stop it first"))
    doomed = folder.with_name(f".deleted_{folder.name}")
    try:
        folder.rename(doomed)  # in one step: what can't be deleted wholly is not left as half a model
    except OSError as error:
        raise InputError(
            _("{folder} can't be deleted ({reason})").format(folder=folder, reason=error.strerror or error),
            _("Close programs that use it, and make sure that you may write there"),
        ) from error
    shutil.rmtree(doomed, ignore_errors=True)


def importModel(file: Path | str, modelsFolder: Path | str) -> ModelEntry:
    """Unpacks an exported model; ``InputError`` if anything is wrong with it, and then nothing is left behind."""
    return modelEntry(import_model(file, modelsFolder))


def keepTerm(folder: Path | str, name: str, entry: str) -> bool:
    """Gives a structure of a model a term, unless it has one; segmentations that it makes have it from then on.

    Returns:
        whether the model knows a structure of this name that had none.

    Raises:
        InputError: the model can't be read or written.
    """
    unnamed = [each.name for each in withoutTerm(read_model(folder, verify=False).segments)]
    if name not in unnamed:
        return False
    set_terminology(folder, {name: entry})
    return True


def exportModel(entry: ModelEntry, file: Path | str, overwrite: bool = False) -> Path:
    """Packs a model into one file and returns its path.

    Args:
        file: where to; the suffix is added if absent.
        overwrite: replace an existing file; the user was asked.

    Raises:
        InputError: the model is damaged, the file exists, or it can't be written.
    """
    try:
        return export_model(entry.folder, file, overwrite)
    except OSError as error:
        raise InputError(
            _("{file} can't be written ({reason})").format(file=file, reason=error.strerror or error),
            _("Choose a folder in which you may write, on a disk with free space"),
        ) from error


def _foldersIn(folder: Path | str) -> list[Path]:
    try:
        return [each for each in Path(folder).iterdir() if each.is_dir() and not each.name.startswith(".")]
    except OSError:
        return []


def _sizeOf(folder: Path) -> int:
    try:
        return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    except OSError:
        return 0


def _meanDice(description: ModelDescription) -> float | None:
    figures = description.trained_on.get("validation_figures")
    if not isinstance(figures, dict):
        return None
    values = [measures.get("dice") for measures in figures.values() if isinstance(measures, dict)]
    numbers = [float(value) for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]
    return sum(numbers) / len(numbers) if numbers else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
