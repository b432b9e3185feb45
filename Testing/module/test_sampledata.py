"""Our own sample scans: registered with Slicer, made on this computer."""

import subprocess

import numpy as np
import pytest
import scans  # noqa: F401  (makes DualTaskSegLib importable)


def test_the_cohort_is_registered_once(slicerVersion):
    import SampleData
    from DualTaskSegLib.scene import sampledata

    sampledata.register()
    sampledata.register()
    sources = SampleData.SampleDataLogic.sampleDataSourcesByCategory("DualTaskSeg")
    assert [source.sampleName for source in sources] == ["DualTaskSegCohort"]
    assert not sources[0].uris  # nothing is downloaded
    if slicerVersion == "5.12":
        assert SampleData.SampleDataLogic.categoryTitle("DualTaskSeg") == "DualTaskSeg"


def test_a_cohort_is_made_while_the_application_answers(host, tmp_path, monkeypatch):
    import qt
    import slicer.util
    from dualtaskseg.data.layouts import load_dataset
    from DualTaskSegLib.scene import sampledata

    ticks = []
    timer = qt.QTimer()
    timer.setInterval(20)
    timer.connect("timeout()", lambda: ticks.append(1))
    timer.start()
    folder = tmp_path / "Ünïcode ß 空"
    dataset = sampledata.writeCohort(folder, 2, 1)
    timer.stop()
    assert len(ticks) > 10 and folder in dataset.parents
    cases = load_dataset(dataset)
    assert len(cases.labeled) == 2 and len(cases.unlabeled) == 1
    assert [segment.name for segment in cases.segments] == ["Organ", "Vein"]
    assert sampledata.writeCohort(folder, 2, 1) == dataset  # found again
    monkeypatch.setattr(sampledata, "writeCohort", lambda: dataset)
    (node,) = sampledata.loadCohort()
    assert np.ptp(slicer.util.arrayFromVolume(node)) > 0


def test_what_fails_on_a_click_is_shown_once_and_raises_nothing(host, tmp_path, monkeypatch):
    """Sample Data calls our function from a signal: what it raised would stand in the console beside the message."""
    from DualTaskSegLib.scene import sampledata
    from slicerhost import questions

    (tmp_path / "mine.txt").write_text("important")
    monkeypatch.setattr(sampledata, "cohortFolder", lambda: tmp_path)
    assert sampledata.loadCohort() == []
    (message,) = questions.shown
    assert message.level == "error" and "left as it is" in message.text


def test_a_double_click_makes_one_cohort(host, tmp_path, monkeypatch):
    import qt
    import slicer.util
    from DualTaskSegLib.scene import sampledata

    monkeypatch.setattr(sampledata, "cohortFolder", lambda: tmp_path / "cohort")
    second = []
    qt.QTimer.singleShot(100, lambda: second.append(sampledata.loadCohort()))
    assert len(sampledata.loadCohort()) == 1
    assert second == [[]]
    assert len(slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")) == 1


def test_no_console_window_opens_on_windows(host, tmp_path, monkeypatch):
    from types import SimpleNamespace

    from DualTaskSegLib.scene import sampledata

    flags = []

    def popen(command, creationflags=0, **options):
        flags.append(creationflags)
        return subprocess.Popen(command, **options)

    monkeypatch.setattr(sampledata, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(sampledata, "subprocess", SimpleNamespace(Popen=popen, CREATE_NO_WINDOW=0x08000000))
    sampledata.writeCohort(tmp_path / "cohort", 1, 1)
    assert flags == [0x08000000]


def test_why_it_can_not_be_made_is_told(host, tmp_path):
    from DualTaskSegLib.scene import sampledata

    (tmp_path / "mine.txt").write_text("important")
    with pytest.raises(RuntimeError, match=r"can't be made: /.*left as it is"):
        sampledata.writeCohort(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "important"
