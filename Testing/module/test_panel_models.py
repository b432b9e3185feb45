"""The section Models, driven by its real buttons, with a model that the real engine trained."""

from __future__ import annotations

import json
import shutil

import pytest
from paneltools import *  # noqa: F403
from paneltools import click, rows, section, selectRows, unfold, waitForIdle

pytestmark = [pytest.mark.usefixtures("host"), pytest.mark.slow]


def modelsOf(widget):
    return section(widget, "ModelsSection")


def test_an_empty_list_says_what_to_do(projectPanel):
    ui = unfold(projectPanel, "ModelsSection").ui
    for button in (ui.detailsButton, ui.renameButton, ui.exportButton, ui.deleteButton):
        assert not button.enabled
        assert "train or import" in button.toolTip
    assert ui.importButton.enabled


def test_figures_and_details(modelPanel):
    models = modelsOf(modelPanel)
    (row,) = rows(models.ui.modelsTable)
    entry = modelPanel.panel.models[0]
    assert row[0] == entry.name
    assert row[1] == entry.created[:10]
    assert row[2] == "Organ, Vein"
    assert row[3].split("+")[1] == "3"
    assert row[5].endswith("MB")
    assert modelPanel.panel.currentModel() == entry.folder, "the only model is chosen"
    click(models.ui.detailsButton)
    assert "Organ" in models.ui.detailsText.plainText
    assert models.ui.detailsText.isVisibleTo(models.widget)
    click(models.ui.detailsButton)
    assert not models.ui.detailsText.isVisibleTo(models.widget)


def test_rename(modelPanel):
    from slicerhost import questions

    models = modelsOf(modelPanel)
    questions.expect("Leber ß 2", "Name of the model")
    click(models.ui.renameButton)
    assert rows(models.ui.modelsTable)[0][0] == "Leber ß 2"
    questions.expect("")
    click(models.ui.renameButton)
    assert rows(models.ui.modelsTable)[0][0] == "Leber ß 2"


def test_export_delete_import(host, modelPanel, tmp_path):
    """A model goes into one file, is deleted after asking, and comes back from the file."""
    from slicerhost import questions

    models = modelsOf(modelPanel)
    name = rows(models.ui.modelsTable)[0][0]
    file = tmp_path / "passed on.dtsmodel"
    questions.expect(str(file), "Export")
    click(models.ui.exportButton)
    waitForIdle(host, modelPanel)
    assert file.is_file()
    assert str(file) in modelPanel.ui.messageLabel.text
    run = modelPanel.panel.models[0].runFolder
    questions.expect(False, "can't be undone")
    click(models.ui.deleteButton)
    assert run.is_dir()
    questions.expect(True, "can't be undone")
    click(models.ui.deleteButton)
    waitForIdle(host, modelPanel)
    assert not run.exists()
    assert rows(models.ui.modelsTable) == []
    assert modelPanel.panel.currentModel() is None
    questions.expect(str(file), "Import")
    click(models.ui.importButton)
    waitForIdle(host, modelPanel)
    assert rows(models.ui.modelsTable)[0][0] == name
    assert modelPanel.panel.currentModel().parent == modelPanel.panel.project.modelsFolder


def test_a_model_leaves_as_a_monai_bundle(host, modelPanel, tmp_path):
    """A folder of its own is made in the one that is chosen, never in one that is there; cancelled, none is left."""
    from slicerhost import questions

    models = modelsOf(modelPanel)
    name = rows(models.ui.modelsTable)[0][0]
    (tmp_path / name).mkdir()
    before = set(tmp_path.iterdir())

    def start() -> None:
        questions.expect(str(tmp_path), "MONAI Bundle")
        click(models.ui.bundleButton)
        assert models.job.isAtWork and not models.ui.bundleButton.enabled

    start()
    click(models.ui.modelJobCancelButton)
    host.waitFor(lambda: not models.job.isAtWork, seconds=60)
    assert set(tmp_path.iterdir()) == before and modelPanel.ui.messageLabel.text == ""
    start()
    host.waitFor(lambda: not models.job.isAtWork, seconds=60)
    folder = tmp_path / f"{name} 2"
    assert str(folder) in modelPanel.ui.messageLabel.text and "README.md" in modelPanel.ui.messageLabel.text
    assert set(tmp_path.iterdir()) == {*before, folder} and not list((tmp_path / name).iterdir())
    told = json.loads((folder / "configs" / "metadata.json").read_text(encoding="utf-8"))
    assert "Organ" in json.dumps(told) and (folder / "models" / "model.ts").is_file()
    file = tmp_path / "file"
    file.write_text("no folder")
    questions.expect(str(file), "MONAI Bundle")
    click(models.ui.bundleButton)
    host.waitFor(lambda: not models.job.isAtWork, seconds=60)
    assert str(file / name) in modelPanel.ui.messageLabel.text and "can't be written" in modelPanel.ui.messageLabel.text


def test_a_file_about_which_the_dialog_did_not_ask_is_not_replaced(host, modelPanel, tmp_path):
    """The suffix is added after the dialog: what has the whole name by then is the user's, until they agree."""
    from slicerhost import questions

    models = modelsOf(modelPanel)
    mine = tmp_path / "passed on.dtsmodel"
    mine.write_text("mine")
    questions.expect(str(mine.with_suffix("")), "Export")
    questions.expect(False, "passed on.dtsmodel exists already")
    click(models.ui.exportButton)
    waitForIdle(host, modelPanel)
    assert mine.read_text() == "mine"
    questions.expect(str(mine.with_suffix("")), "Export")
    questions.expect(True, "passed on.dtsmodel exists already")
    click(models.ui.exportButton)
    waitForIdle(host, modelPanel)
    assert mine.read_bytes()[:2] == b"PK"
    new = tmp_path / "new.dtsmodel"
    questions.expect(str(new), "Export")
    click(models.ui.exportButton)
    new.write_text("came after the dialog")
    waitForIdle(host, modelPanel)
    assert new.read_text() == "came after the dialog"
    assert "exists already" in modelPanel.ui.messageLabel.text


def test_a_file_that_is_no_model_is_refused(host, modelPanel, tmp_path):
    from slicerhost import questions

    file = tmp_path / "broken.dtsmodel"
    file.write_bytes(b"no zip at all")
    questions.expect(str(file), "Import")
    click(modelsOf(modelPanel).ui.importButton)
    waitForIdle(host, modelPanel)
    assert str(file) in modelPanel.ui.messageLabel.text
    assert len(rows(modelsOf(modelPanel).ui.modelsTable)) == 1


def test_damaged_and_newer_models_are_told(host, modelPanel):
    """They stand at the end of the list with a sentence, can't be chosen, and can be deleted."""
    from slicerhost import questions

    models, panel = modelsOf(modelPanel), modelPanel.panel
    good = panel.currentModel()
    for name in ("damaged", "newer"):
        shutil.copytree(good, panel.project.modelsFolder / name)
    (panel.project.modelsFolder / "damaged" / "model.json").write_text("{", encoding="utf-8")
    file = panel.project.modelsFolder / "newer" / "model.json"
    file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), "format": 99}), encoding="utf-8")
    panel.readModels()
    table = rows(models.ui.modelsTable)
    assert [row[2] for row in table] == ["Organ, Vein", "can't be used", "can't be used"]
    for row, word in ((1, "damaged"), (2, "newer")):
        index = next(n for n, entry in enumerate(panel.models) if entry.folder.name == word)
        selectRows(models.ui.modelsTable, [index])
        assert models.ui.problemLabel.isVisibleTo(models.widget), row
        assert word in models.ui.problemLabel.text
        assert panel.currentModel() == good
        assert not models.ui.exportButton.enabled
    questions.expect(True, "deleted")
    click(models.ui.deleteButton)
    waitForIdle(host, modelPanel)
    assert len(panel.models) == 2


def test_suggest_next_marks_the_case(host, modelPanel):
    """The networks of the model look at the unlabeled scans; the one on which they agree least is marked."""
    cases = unfold(modelPanel, "CasesSection")
    click(cases.ui.suggestButton)
    assert not cases.ui.suggestButton.enabled
    host.waitFor(lambda: not cases.job.isAtWork, 120)
    project = modelPanel.panel.project
    suggested = [case for case in project.cases if case.suggested]
    assert len(suggested) == 1
    assert suggested[0].predictedDice == min(case.predictedDice for case in project.cases if case.role == "unlabeled")
    assert suggested[0].name in modelPanel.ui.messageLabel.text
    assert modelPanel.panel.selectedCaseIds == [suggested[0].id]
    texts = {row[0]: row[2] for row in rows(cases.ui.caseTable)}
    assert texts[suggested[0].name] == "outline next"
    assert sum(text.startswith("Dice ≈") for text in texts.values()) == 2


def test_the_project_folder_is_gone(host, modelPanel):
    """The disk was disconnected: clear messages, no exception, nothing chosen that isn't there."""
    shutil.rmtree(modelPanel.panel.project.folder)
    modelPanel.panel.readModels()
    assert rows(modelsOf(modelPanel).ui.modelsTable) == []
    modelPanel.panel.runChanged.emit()
    host.processEvents(200)
    modelPanel.enter()
    host.processEvents(200)
