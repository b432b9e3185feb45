"""Progress as people read it, and files that are there whole or not at all."""

from __future__ import annotations

import errno
import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from dualtaskseg.errors import InputError
from dualtaskseg.files import (
    atomic_path,
    is_temporary,
    open_own,
    open_plain,
    read_json,
    remove_left_behind,
    temporary_name,
    write_json,
    write_text,
)
from dualtaskseg.progress import Progress, format_duration


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"), (-3, "0 s"), (59.4, "59 s"), (60, "1 min"), (200, "3 min 20 s"), (900, "15 min"),
        (3600, "1 h"), (7500, "2 h 5 min"), (3599, "1 h"),
    ],
)  # fmt: skip
def test_durations_are_told_as_people_say_them(seconds, text):
    assert format_duration(seconds) == text


def test_a_terminal_gets_one_line_with_time_left():
    stream = Terminal()
    with Progress("Training", 4, stream) as bar:
        bar.update(2, "loss 0.5", seconds_left=125)
        bar.update(4)
    text = stream.getvalue()
    assert "2/4, 2 min 5 s left, loss 0.5" in text
    assert text.count("\n") == 1 and text.endswith("\n")


def test_a_line_beside_the_bar_does_not_mix_with_it():
    stream = Terminal()
    with Progress("Segmenting", 2, stream) as bar:
        bar.update(1)
        bar.note("Working on a CPU.")
        bar.update(1)
    first, second = stream.getvalue().split("Working on a CPU.\n")
    blanks = first.rsplit("\r", 2)[1]
    assert blanks and not blanks.strip() and len(blanks) >= len(first.split("\r")[1].rstrip())
    assert "Segmenting" in second


def test_a_log_file_gets_few_plain_lines():
    stream = io.StringIO()
    with Progress("Preparing", 1000, stream) as bar:
        for done in range(1, 1001):
            bar.update(done)
    assert stream.getvalue() == "Preparing 1000/1000\n"
    assert "\r" not in stream.getvalue()


def test_percent_instead_of_units():
    stream = io.StringIO()
    Progress("Segmenting", 3000, stream, plain_interval=0, percent=True).update(1500)
    assert stream.getvalue().startswith("Segmenting 50 %, ")


def test_the_first_news_may_tell_the_size_of_the_work():
    stream = Terminal()
    with Progress("Comparing", stream=stream) as bar:
        assert stream.getvalue() == ""
        bar.show(1, 4)
        assert " 1/4" in stream.getvalue()
        bar.show(4, 4)
    assert " 4/4" in stream.getvalue() and stream.getvalue().endswith("\n")


def test_a_bar_without_news_leaves_nothing_behind():
    stream = Terminal()
    with Progress("Comparing", stream=stream):
        pass
    assert stream.getvalue() == ""


def test_a_closed_terminal_does_not_end_the_work():
    stream = Terminal()
    with Progress("Training", 3, stream) as bar:
        stream.close()
        bar.update(1)
        assert not bar.is_terminal  # nothing is redrawn any more
        bar.update(3)


def test_a_failure_leaves_the_old_content_and_nothing_else(tmp_path):
    path = tmp_path / "datei ß.json"
    write_json(path, {"a": 1})
    with pytest.raises(RuntimeError), atomic_path(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert read_json(path) == {"a": 1}
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_new_files_have_the_usual_mode(tmp_path):
    write_text(tmp_path / "a.txt", "ä")
    (tmp_path / "b.txt").write_text("b")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("a.txt", "b.txt")]
    assert modes[0] == modes[1]


def test_the_suffix_is_kept_for_those_who_go_by_it(tmp_path):
    with atomic_path(tmp_path / "scan.nii.gz") as temporary:
        assert temporary.name.endswith(".nii.gz")
        temporary.write_bytes(b"")


def test_what_is_no_number_is_not_written_as_json(tmp_path):
    with pytest.raises(ValueError):
        write_json(tmp_path / "a.json", {"loss": float("nan")})
    assert not list(tmp_path.iterdir())


def test_an_error_is_two_sentences():
    assert str(InputError("The scan a.nii can't be read", "Copy it again.")) == (
        "The scan a.nii can't be read. Copy it again."
    )
    assert str(InputError("There is no scan.")) == "There is no scan."


def test_an_error_of_the_disk_names_the_file_that_was_meant(tmp_path):
    def full(path: Path) -> None:
        with atomic_path(path):
            raise OSError(errno.ENOSPC, "No space left on device")  # as from a write, which names no file

    with pytest.raises(OSError, match=r"No space left.*plan\.json") as raised:
        full(tmp_path / "plan.json")
    assert raised.value.errno == errno.ENOSPC and raised.value.filename == str(tmp_path / "plan.json")
    assert not list(tmp_path.iterdir())
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        write_text(tmp_path / "taken", "x")


# --- what killed commands leave


def gone_by(name: str, pid: int = 99_999_999) -> str:
    """The temporary name as another process of this machine would have made it."""
    begin, machine, _, rest = name.split("-", 3)
    return f"{begin}-{machine}-{pid}-{rest}"


def test_what_a_killed_command_left_is_removed_by_the_next_one_in_that_folder(tmp_path):
    script = (
        "import os, sys\n"
        "from dualtaskseg.files import atomic_path, temporary_folder\n"
        "with temporary_folder(sys.argv[1]) as folder, atomic_path(sys.argv[1]) as temporary:\n"
        "    (folder / 'half').write_bytes(b'half')\n"
        "    temporary.write_bytes(b'half')\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path / "scan.nii.gz")], check=False)
    assert ended.returncode == -9 and len(list(tmp_path.iterdir())) == 2
    write_text(tmp_path / "result.txt", "whole")
    assert [each.name for each in tmp_path.iterdir()] == ["result.txt"]


def test_what_somebody_is_writing_or_keeps_is_left_alone(tmp_path):
    name = temporary_name(".csv")
    assert is_temporary(name) and is_temporary(temporary_name())
    working = tmp_path / name
    of_another_machine = tmp_path / name.replace(name.split("-")[1], "00000000")
    of_somebody = [tmp_path / other for other in (".tmp_work", ".tmp_dts-notes", ".tmp_abc.pt", "x" + gone_by(name))]
    for path in (working, of_another_machine, *of_somebody):
        path.write_text("mine")
    (tmp_path / ".tmp_folder").mkdir()
    before = sorted(tmp_path.iterdir())
    remove_left_behind(tmp_path)
    assert sorted(tmp_path.iterdir()) == before
    os.utime(of_another_machine, (1e9, 1e9))  # nobody there can still be writing it
    (tmp_path / gone_by(name)).symlink_to(tmp_path / ".tmp_folder")
    remove_left_behind(tmp_path)
    assert sorted(tmp_path.iterdir()) == [each for each in before if each != of_another_machine]
    remove_left_behind(tmp_path / "nowhere")


@pytest.mark.parametrize("opened", [open_plain, lambda path: open_own(path, "ab")])
def test_a_file_that_is_opened_when_ctrl_c_comes_is_closed_once(tmp_path, monkeypatch, opened):
    """Closing it again would end the program by another error, or close a file of another thread."""

    def interrupted(handle: int, mode: str) -> None:
        with open(handle, mode):
            raise KeyboardInterrupt

    (tmp_path / "file").touch()
    monkeypatch.setattr(os, "fdopen", interrupted)
    with pytest.raises(KeyboardInterrupt):
        opened(tmp_path / "file")


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")
def test_nothing_is_written_through_a_link_or_read_from_a_pipe(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "victim")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe"):
        with pytest.raises(OSError):
            open_own(tmp_path / name, "ab")
    assert not (tmp_path / "victim").exists()
    with pytest.raises(OSError, match="no plain file"):
        read_json(tmp_path / "pipe")
    with pytest.raises(OSError, match="no plain file"):
        read_json("/dev/zero")
    (tmp_path / "deep.json").write_text("[" * 200_000)
    with pytest.raises(ValueError, match="nested"):
        read_json(tmp_path / "deep.json")
