"""What is printed steers no terminal, and nobody has to be there to read it; names that no file can have."""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from dualtaskseg import cli
from dualtaskseg.arguments import fault_of_path, path_argument
from dualtaskseg.io.paths import LONGEST_NAME
from dualtaskseg.terminal import GuardedStream, guarded_streams, json_text, many_lines, one_line

STEERING = "\x1b[2J", "\x9b", "\u202e", "\u2066", "\x07", "\x7f", "\ud800"


@pytest.mark.parametrize("sign", STEERING)
def test_signs_that_steer_a_terminal_are_not_printed(sign):
    target = io.StringIO()
    print(f"a{sign}b\nc\td", file=GuardedStream(target))
    printed = target.getvalue()
    assert sign[0] not in printed and printed.startswith("a?") and printed.endswith("b\nc\td\n")


def test_letters_of_all_languages_are_printed_as_they_are():
    text = "Fluß, 肝臓, כבד, नाड़ी, é, e\u0301, 👩\u200d⚕️, ×, ░"
    assert one_line(text) == many_lines(text) == text


def test_a_sentence_stays_on_its_line():
    assert one_line("scan\r\nError: all is well") == "scan??Error: all is well"


def test_json_means_the_same_and_steers_nothing():
    document = {"a\u202eb": "\x1b\x9b\n", "ü": ["肝臓"]}
    text = json_text(document)
    assert json.loads(text) == document and "肝臓" in text
    assert not any(sign in text for sign in ("\u202e", "\x1b", "\x9b"))


def test_errors_of_commands_pass_the_same_gate(tmp_path, capsys):
    assert cli.main(["check", str(tmp_path / "no\u202ewhere\x1b[2J\n")]) == 2
    error = capsys.readouterr().err
    assert "no?where?[2J?" in error and "\u202e" not in error and error.count("\n") == 1


def test_streams_are_put_back():
    before = sys.stdout, sys.stderr
    with guarded_streams():
        with guarded_streams():
            assert isinstance(sys.stdout, GuardedStream) and not isinstance(sys.stdout._stream, GuardedStream)
        assert isinstance(sys.stdout, GuardedStream)
    assert (sys.stdout, sys.stderr) == before


COMMAND = """
import sys
from dualtaskseg import cli
import dualtaskseg.commands.selftest as command
def run(args):
    for line in range(20000):
        print(line)
    print("done", file=sys.stderr)
    open(sys.argv[1], "w").close()
    return 0
command.run = run
sys.exit(cli.main(["selftest"]))
"""


@pytest.mark.parametrize("how", ["reader goes", "closed", "no stderr"])
def test_work_goes_on_where_nobody_reads(tmp_path, how):
    """A reader that goes away once ended the work with exit code 0, as if all had been done."""
    arguments = [sys.executable, "-c", COMMAND, str(tmp_path / "done")]
    if how == "reader goes":
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
        code = process.wait()
        assert errors == b"done\n"
    else:
        redirection = ">&-" if how == "closed" else ">/dev/null 2>&-"
        code = subprocess.call(["/bin/sh", "-c", f'exec "$@" {redirection}', "sh", *arguments])
    assert code == 0 and (tmp_path / "done").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_somebody_wanted_does_not_get_lost_in_silence(tmp_path):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", COMMAND, str(tmp_path / "done")], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 2 and (tmp_path / "done").exists()
    assert "got lost" in done.stderr and "Traceback" not in done.stderr


# --- names


def every_command(action: argparse._SubParsersAction):
    for name, parser in action.choices.items():
        if isinstance(parser, cli.CommandParser):
            parser.fill()
        yield name, parser


def path_actions(parser: argparse.ArgumentParser, command: str = ""):
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in every_command(action):
                yield from path_actions(inner, f"{command} {name}".strip())
        elif action.type is path_argument:
            yield command, action


# Arguments that are text and no name of a file.
OTHER_TEXTS = {"--series-uid", "--device", "--algorithm", "--series-description", "--content-creator"}


def test_every_argument_that_names_a_file_is_guarded():
    def unguarded(parser):
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for _, inner in every_command(action):
                    yield from unguarded(inner)
            elif action.nargs != 0 and action.type is None and not action.choices:
                yield action

    left = [action for action in unguarded(cli.make_parser()) if not OTHER_TEXTS & set(action.option_strings)]
    # names of segments to learn
    assert [action.option_strings for action in left if action.metavar != "NAME"] == []


@pytest.mark.parametrize("text", ["", "x" * 300, "a/" * 2100, "ü" * 128, "a\0b"])
def test_names_that_no_file_can_have(text, capsys):
    with pytest.raises(argparse.ArgumentTypeError):
        path_argument(text)
    for command in (["check", text], ["status", text], ["model", "info", text], ["demo", "--out", text]):
        with pytest.raises(SystemExit) as ended:
            cli.main(command)
        assert ended.value.code == 2
        assert "Traceback" not in capsys.readouterr().err


def test_names_that_a_file_can_have():
    for text in ("x" * LONGEST_NAME, "~nobody/x", "a/" * 1000, "-x", "Liver=~/a.nrrd", "caf\udce9"):
        assert fault_of_path(text) == ""


def test_a_defect_is_told_wherever_the_folder_is(monkeypatch, capsys):
    cli._tell_defect(ValueError("broken"), "x" * 5000)
    assert "ValueError: broken" in capsys.readouterr().err
