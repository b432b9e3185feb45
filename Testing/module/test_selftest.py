"""The trial of what was installed, on real Qt and real children."""

from __future__ import annotations

import gc
import sys
import weakref

import pytest
from dualtaskseg.processes import is_alive


@pytest.fixture
def answers():
    return []


def test_a_program_that_is_missing_is_told_and_its_process_outlives_its_own_signal(host, tmp_path, answers):
    """Inside its signal Qt still works on the process: whatever is dropped there must be kept until later."""
    from DualTaskSegLib.engine import childprocess
    from DualTaskSegLib.installing.selftest import InstallationCheck

    check = InstallationCheck([str(tmp_path / "nothing")])
    check.start(lambda answer: answers.append((answer, list(childprocess._kept))))
    process = weakref.ref(check._process)
    host.waitFor(lambda: answers, 10)
    [(answer, kept)] = answers
    assert not answer.isWorking and "can't be used" in answer.sentence
    assert process() in kept  # while its signal went on
    del kept, answers[:]
    host.waitFor(lambda: not childprocess._kept, 10)
    gc.collect()
    assert process() is None


def test_a_crash_below_the_launcher_is_told(host, pythonSlicer, answers):
    from DualTaskSegLib.installing.selftest import InstallationCheck

    check = InstallationCheck([str(pythonSlicer), "-c", "import os; os.abort()"])
    check.start(answers.append)
    host.waitFor(lambda: answers, 10)
    assert not answers[0].isWorking and "crashed in a library" in answers[0].sentence


def test_canceling_ends_all_below_the_launcher_and_says_nothing(host, pythonSlicer, tmp_path, answers):
    from DualTaskSegLib.engine import childprocess
    from DualTaskSegLib.installing.selftest import InstallationCheck

    numbers = tmp_path / "numbers.txt"
    code = f"import os, time; open({str(numbers)!r}, 'w').write(f'{{os.getpid()}} '); time.sleep(60)"
    check = InstallationCheck([str(pythonSlicer), "-c", code])
    check.start(answers.append)
    host.waitFor(lambda: numbers.is_file() and numbers.read_text().endswith(" "), 10)
    child = int(numbers.read_text())
    check.cancel()
    host.waitFor(lambda: not is_alive(child, None) and not childprocess._kept, 10)
    host.processEvents(50)
    assert answers == []


def test_a_canceled_check_does_not_answer_for_the_next(host, answers):
    from DualTaskSegLib.installing.selftest import InstallationCheck

    check = InstallationCheck([sys.executable, "-c", "import sys; print('first', file=sys.stderr); sys.exit(1)"])
    check.start(answers.append)
    check._command[-1] = "import sys, time; time.sleep(0.5); print('second', file=sys.stderr); sys.exit(1)"
    check.start(answers.append)
    host.waitFor(lambda: answers, 10)
    host.processEvents(700)
    assert len(answers) == 1 and "second" in answers[0].sentence
