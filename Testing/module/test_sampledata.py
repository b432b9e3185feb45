"""Our own sample scans: registered with Slicer, made on this computer."""

import numpy as np
import pytest
import scans  # noqa: F401  (makes DualTaskSegLib importable)


def test_the_cohort_is_registered_once(host):
    import SampleData
    from DualTaskSegLib import sampledata

    sampledata.register()
    sampledata.register()
    sources = SampleData.SampleDataLogic.sampleDataSourcesByCategory("DualTaskSeg")
    assert [source.sampleName for source in sources] == ["DualTaskSegCohort"]
    assert not sources[0].uris  # nothing is downloaded


def test_a_cohort_is_made_while_the_application_answers(host, tmp_path, monkeypatch):
    import qt
    import slicer.util
    from dualtaskseg.data.cases import load_dataset
    from DualTaskSegLib import sampledata

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


def test_why_it_can_not_be_made_is_told(host, tmp_path):
    from DualTaskSegLib import sampledata

    (tmp_path / "mine.txt").write_text("important")
    with pytest.raises(RuntimeError, match=r"can't be made: /.*left as it is"):
        sampledata.writeCohort(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "important"
