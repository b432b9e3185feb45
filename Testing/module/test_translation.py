"""Every sentence that the module shows can be translated: it stands whole, as a plain text, within ``_()``."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import packagesentences
import translations

MODULE = Path(__file__).resolve().parents[2] / "DualTaskSeg"
FILES = sorted([MODULE / "DualTaskSeg.py", *(MODULE / "DualTaskSegLib").rglob("*.py")], key=str)
TRANSLATIONS = sorted(translations.FOLDER.glob("*.ts"))
PANEL_WIDTH = 490  # pixels, which English needs, too, with the buttons for structures
WORDS = re.compile(r"[A-Za-z}]{2,}[,.:;]? [A-Za-z{]{2,}")  # two of them make a sentence
FOR_PROGRAMMERS = ("ValueError", "KeyError", "TypeError", "RuntimeError", "FileNotFoundError", "NotImplementedError")
# Texts that are no sentences for people: what programs print, write or name.
NO_SENTENCES = {
    "DualTaskSeg.py": {"The DualTaskSeg developers"},
    "DualTaskSegLib/common/knownfailures.py": {  # patterns of what pip and PyTorch print
        r".*[|\\].*",
        "No module named 'dualtaskseg'",
        "DO NOT MATCH THE HASHES",
        "Could not find a version that satisfies",
    },
    "DualTaskSegLib/engine/launching.py": {"exit abnormally"},
    "DualTaskSegLib/engine/runs.py": {"this is a defect"},  # what the command line prints
    "DualTaskSegLib/image/volumefiles.py": {r"(space|kinds|encoding|space directions|space origin|space units): .*"},
    "DualTaskSegLib/panel/cases/checking.py": {"files of cases"},  # questions for a disk
    "DualTaskSegLib/panel/export/exportsection.py": {"files of the series"},
    "DualTaskSegLib/panel/review/layerbox.py": {"background: .*"},  # a style sheet
    "DualTaskSegLib/panel/train/trainsection.py": {"go on"},
    "DualTaskSegLib/project/terms.py": {"Anatomical Structure", "Morphologically Altered Structure", "Body Substance"},
    "DualTaskSegLib/results/results.py": {"signed distance", "negative inside"},  # attributes of nodes
    "DualTaskSegLib/scene/sampledata.py": {r"(?s)\nimport sys\n.*", "DualTaskSeg samples"},  # a program, a folder
}


def _within(node: ast.AST) -> set[int]:
    return {id(child) for child in ast.walk(node)}


def _calls(tree: ast.Module) -> list[ast.Call]:
    """The calls that translate."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [call for call in calls if ast.unparse(call.func) in ("_", "translate")]


def _passedOver(tree: ast.Module) -> set[int]:
    """Nodes whose texts no user reads: docstrings, annotations, the log, patterns, defects; and what is translated."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)) and ast.get_docstring(node) is not None:
            found |= _within(node.body[0])
        elif isinstance(node, ast.Call) and re.match(r"logging\.|re\.", ast.unparse(node.func)):
            found |= _within(node)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            if ast.unparse(node.exc.func) in FOR_PROGRAMMERS:
                found |= _within(node)
        elif isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation is not None:
            found |= _within(node.annotation)
        elif isinstance(node, ast.FunctionDef) and node.returns is not None:
            found |= _within(node.returns)
    return found.union(*(_within(call) for call in _calls(tree)))


def untranslated(code: str) -> list[tuple[int, str]]:
    """The sentences in code that are not translated, each with its line."""
    tree = ast.parse(code)
    passedOver, found = _passedOver(tree), []
    for node in ast.walk(tree):
        if id(node) in passedOver:
            continue
        if isinstance(node, ast.JoinedStr):
            passedOver |= _within(node)
            text = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if WORDS.search(text) and not text.startswith("<"):
            found.append((node.lineno, text))
    return found


@pytest.mark.parametrize(
    ("code", "isFound"),
    [
        ("panel.fail('The disk is full.')", True),
        ("panel.fail(f'{file} is missing.')", True),
        ("raise InputError(f'The folder {folder} is gone', '')", True),
        ("panel.fail(_('The disk is full.'))", False),
        ("panel.fail(_('{file} is missing.').format(file=file))", False),
        ("raise ValueError('the transform is not linear')", False),
        ("def f():\n    'Says something.'", False),
    ],
)
def test_the_search_finds_sentences(code, isFound):
    assert bool(untranslated(code)) == isFound


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(MODULE).as_posix())
def test_every_sentence_can_be_translated(file):
    allowed = NO_SENTENCES.get(file.relative_to(MODULE).as_posix(), set())
    found = untranslated(file.read_text(encoding="utf-8"))
    assert [each for each in found if not any(re.fullmatch(pattern, each[1]) for pattern in allowed)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(MODULE).as_posix())
def test_what_is_translated_is_a_plain_text(file):
    """The tools that collect texts don't run the code: an f-string, or a name, is nothing that they could collect.

    What the training package says is looked up by name; its sentences are collected from its own code.
    """
    if file.stem == "childwords":
        return
    tree = ast.parse(file.read_text(encoding="utf-8"))
    odd = [call.lineno for call in _calls(tree) if not all(isinstance(each, ast.Constant) for each in call.args)]
    assert odd == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(MODULE).as_posix())
def test_no_function_that_translates_gives_the_underscore_another_meaning(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and _calls(function):
            stored = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == "_"]
            assert not [node.lineno for node in stored if isinstance(node.ctx, ast.Store)]


def test_without_slicer_sentences_stay_as_they_are():
    code = (
        f"import sys; sys.path.insert(0, {str(MODULE)!r}); from DualTaskSegLib.common.i18n import tr; "
        "print(tr('Add scans first.'), 'slicer' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert answer.stdout.strip() == "Add scans first. False"


# --- the translations that come with the module


@pytest.mark.parametrize("file", TRANSLATIONS, ids=lambda file: file.name)
def test_a_translation_has_every_sentence_and_no_other(file):
    """``python Testing/translations.py`` says which are new, and takes those out that are gone."""
    compared = translations.compare(translations.collect(), translations.read(file))
    assert not compared.missing and not compared.stale


@pytest.mark.parametrize("file", TRANSLATIONS, ids=lambda file: file.name)
def test_translations_keep_what_the_program_puts_in_and_how_a_sentence_begins_and_ends(file):
    """A place in braces has the same name and form; spaces at the ends join a piece with the rest of its sentence."""
    wrong = []
    for (context, text), translation in translations.read(file).items():
        isSame = sorted(re.findall(r"\{[^{}]*\}", text)) == sorted(re.findall(r"\{[^{}]*\}", translation))
        isSame &= [text[:1].isspace(), text[-1:].isspace()] == [translation[:1].isspace(), translation[-1:].isspace()]
        isSame &= text.count("&") == translation.count("&") or "&" not in text.replace("& ", "")
        if not isSame:
            wrong.append((context, text, translation))
    assert not wrong


@pytest.mark.parametrize("file", TRANSLATIONS, ids=lambda file: file.name)
def test_what_slicer_reads_is_what_was_translated(file):
    """The ``.qm`` file beside it, looked up as Slicer does."""
    qtCore = pytest.importorskip("PySide6.QtCore")
    translator = qtCore.QTranslator()
    assert translator.load(str(file.parent / translations.compiled_name(file)))
    old = [
        text
        for (context, text), translation in translations.read(file).items()
        if translator.translate(context, text) != translation
    ]
    assert not old


def test_a_sentence_that_moves_keeps_its_translation_and_one_that_is_gone_is_told(tmp_path):
    known = {("Old", "Yes"): "Ja", ("Old", "No"): "Nein", ("Old", "Gone"): "Weg"}
    file = tmp_path / "DualTaskSeg_de-DE.ts"
    translations.write(file, known)
    assert translations.read(file) == known
    compared = translations.compare(dict.fromkeys([("Old", "Yes"), ("New", "No"), ("New", "More <b>&</b>")], ""), known)
    assert compared.merged == {("Old", "Yes"): "Ja", ("New", "No"): "Nein", ("New", "More <b>&</b>"): ""}
    assert compared.missing == [("New", "No"), ("New", "More <b>&</b>")] and len(compared.stale) == 2
    translations.write(file, compared.merged)
    assert translations.read(file) == compared.merged and file.read_text(encoding="utf-8").count("unfinished") == 1


# --- what the training package says


def test_the_list_of_what_the_training_package_says_is_the_one_of_its_code():
    """``python Testing/translations.py`` writes it."""
    assert translations.PACKAGE_FILE.read_text(encoding="utf-8").splitlines() == packagesentences.collect()


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("raise InputError(f'{self.path} is cut short', 'Copy it again')", ["{path} is cut short", "Copy it again"]),
        ("f\"{len(cases)} scans {'is' if one else 'are'} gone\"", ["{cases} scans is gone", "{cases} scans are gone"]),
        ("def f():\n which = 'it is' if one else 'they are'\n f'The scan: {which} left'", ["it is", "they are"]),
        ("f'The size is {a.size}, not {b.size}'", ["The size is {size}, not {size2}"]),
        ("raise ValueError('the transform is not linear')", []),
        ("def f():\n  'Says something.'", []),
        ("log.debug('Two words')", []),
    ],
)
def test_sentences_of_the_package_are_found_with_their_places(code, found):
    seen = list(packagesentences.sentences(code))
    assert [each for each in found if each not in seen] == [] and (found or not seen)


@pytest.fixture
def childwords(monkeypatch):
    """As where Slicer speaks German."""
    sys.path.insert(0, str(MODULE))
    from DualTaskSegLib.common import childwords

    german = translations.read(translations.FOLDER / "DualTaskSeg_de-DE.ts")
    monkeypatch.setattr(childwords, "translate", lambda context, text: german[context, text])
    childwords._sentences.cache_clear()
    childwords.inUsersWords.cache_clear()
    yield childwords
    childwords._sentences.cache_clear()
    childwords.inUsersWords.cache_clear()


def test_each_sentence_of_the_training_package_is_recognized_and_none_is_taken_for_another(childwords):
    german = translations.read(translations.FOLDER / "DualTaskSeg_de-DE.ts")
    wrong = []
    for text in packagesentences.collect():
        expected = re.sub(r"\{(\w+)\}", r"<\1>", german[translations.PACKAGE_CONTEXT, text])
        if childwords.inUsersWords(re.sub(r"\{(\w+)\}", r"<\1>", text)) != expected:
            wrong.append(text)
    assert not wrong


def test_what_the_training_package_says_is_said_in_the_users_words_with_all_that_it_puts_in(childwords):
    from dualtaskseg.errors import InputError

    said = childwords.inUsersWords
    assert said("Training, step 12 of 300") == "Training, Schritt 12 von 300"
    assert said("No such {thing}: 5 %") == "No such {thing}: 5 %"
    assert said("Die Datei fehlt. Legen Sie sie zurück.") == "Die Datei fehlt. Legen Sie sie zurück."
    error = InputError("/data/a. b/Schmidt {1}.nii.gz is cut short: 7 of 20 bytes are missing", "Copy it again")
    assert said(error.what) == "/data/a. b/Schmidt {1}.nii.gz ist abgeschnitten: 7 von 20 Byte fehlen"
    assert said("x.nii does not exist. Check the path.") == "x.nii gibt es nicht. Prüfen Sie den Pfad."
    answer = {"problems": {"Choose a shorter name": [{"what": "x.nii is damaged", "case": "The label"}]}, "count": 3}
    assert childwords.answerInUsersWords(answer) == {
        "problems": {"Choose a shorter name": [{"what": "x.nii ist beschädigt", "case": "The label"}]},
        "count": 3,
    }


def _progressOfThePackage() -> set[str]:
    """What the training package says of its progress, with a number for each thing that it puts in."""
    found: set[str] = set()
    for file in sorted((MODULE.parent / "DualTaskSegTraining" / "dualtaskseg").rglob("*.py")):
        code = file.read_text(encoding="utf-8")
        if not re.search(r"(job\.|on_)progress\(|status\.update\(", code):
            continue
        for function in ast.walk(ast.parse(code)):
            if not isinstance(function, ast.FunctionDef):
                continue
            texts = {
                node.targets[0].id: node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            }
            for call in ast.walk(function):
                name = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
                if name == "job.progress":
                    said, form = call.args[2:3], "{}"
                elif name == "context.on_progress":
                    said, form = (
                        call.args[:1],
                        "{} " + (call.args[1].value if len(call.args) > 1 else "scan") + " 7 of 7",
                    )
                elif name.endswith("status.update"):
                    said, form = [each.value for each in call.keywords if each.arg == "message"], "{}"
                else:
                    continue
                for node in said:
                    node = texts.get(node.id, node) if isinstance(node, ast.Name) else node
                    options = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
                    sentences = (
                        each for each in options if isinstance(each, (ast.Constant, ast.JoinedStr))
                    )  # no errors
                    found |= {form.format(_example(each)) for each in sentences}
    # The module says itself that a training is finished; the last is what on_progress is made of.
    return found - {"", "Done", "7 7 7 of 7"}


def _example(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    return "".join(str(each.value) if isinstance(each, ast.Constant) else _inPlace(each) for each in node.values)


def _inPlace(part: ast.FormattedValue) -> str:
    return "labeled" if ast.unparse(part.value) == "role" else "7"


def test_what_the_training_package_says_of_its_progress_can_be_translated(childwords):
    said = _progressOfThePackage()
    assert {"Segmenting", "Training, step 7 of 7", "Preparing scan 7 of 7", "Looking at labeled scan 7 of 7"} <= said
    same = {"Training"}  # in German, too
    assert not [text for text in said - same if childwords.inUsersWords(text) == text]


def test_the_panel_speaks_german_and_its_sentencesfit(tmp_path):
    """In a process of its own, as in Slicer, whose modules are imported after the language is known."""
    pytest.importorskip("slicer")
    script = Path(__file__).parent / "germanpanel.py"
    done = subprocess.run([sys.executable, script], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["headings"] == ["&Fälle", "&Trainieren", "&Modelle", "An&wenden", "&Prüfen", "E&xportieren"]
    assert seen["problem"] == f"{seen['file']} ist leer. Kopieren oder laden Sie die Datei noch einmal herunter."
    assert "ist beschädigt oder kein exportiertes Modell" in seen["message"] and "Besorgen Sie" in seen["message"]
    assert seen["title"] == "DualTaskSeg" and "Nur für die Forschung" in seen["help"]
    assert seen["losses"] == ["Verlust auf Konturen", "Verlust auf Scans ohne Kontur"]  # translated while imported
    assert not seen["english"] and not seen["cut"] and not seen["errors"]
    assert seen["width"] <= PANEL_WIDTH
