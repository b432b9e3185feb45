"""The button below the batch's table that measures its results: one table with one row a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import qt
from slicer.i18n import tr as _

from DualTaskSegLib.common.i18n import counted
from DualTaskSegLib.engine.batch import BatchItem
from DualTaskSegLib.measuring.numbers import NumberTable
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.section import setAvailable
from DualTaskSegLib.panel.tablesaving import askTable, writeTable


class BatchNumbers:
    """Measures results on disk, in the child process; none of them is loaded into the scene.

    Args:
        button: starts it; shows how far it is.
        onChanged: called when it begins, and when it has ended.
    """

    def __init__(self, panel: Panel, button: qt.QPushButton, onChanged: Callable[[], None]) -> None:
        self.panel = panel
        self._button = button
        self._text = button.text
        self._onChanged = onChanged
        self._job: int | None = None
        self._run: object = None  # the latest; what is heard of one before it, which was canceled, comes too late

    @property
    def isBusy(self) -> bool:
        """Whether results are being measured."""
        return self._job is not None

    def refresh(self, count: int, isRunning: bool) -> None:
        """Shows whether it can be done.

        Args:
            count: how many results there are to measure.
            isRunning: whether cases are being segmented.
        """
        reason = "" if count else _("No case is finished.")
        if isRunning or self.isBusy:
            reason = _("Wait until the present work is done, or cancel it.")
        tooltip = _("Measure volumes and diameters of the results, and save a table with a row for each case (CSV)")
        setAvailable(self._button, reason, tooltip)
        if not self.isBusy:
            self._button.text = self._text

    def start(self, items: Sequence[BatchItem], model: Path) -> None:
        """Asks where the table goes, then measures.

        Args:
            items: finished ones.
            model: folder of the model that made them.
        """
        file = askTable(self.panel, _("numbers of cases"))
        if file is None:
            return
        cases = [
            {"case": item.case.name, "prediction": {**item.prediction.to_dict(), "model": str(model)}} for item in items
        ]
        run = self._run = object()

        def unlessCanceled(method: Callable[..., None]) -> Callable[..., None]:
            return lambda *heard: method(*heard) if self._run is run else None

        self._job = self.panel.worker.measure(
            cases,
            onProgress=unlessCanceled(self._onProgress),
            onDone=unlessCanceled(lambda found: self._onDone(found, file)),
            onError=unlessCanceled(self._onError),
        )
        self._onProgress(0.0, None, "")
        self._onChanged()

    def cancel(self) -> None:
        """Ends it; nothing is written."""
        if self.isBusy:
            job, self._job, self._run = self._job, None, None
            self.panel.worker.cancel(job)
            self._onChanged()

    def _onProgress(self, share: float | None, _secondsLeft: float | None, _what: str) -> None:
        self._button.text = self._percent(share or 0.0)

    @staticmethod
    def _percent(share: float) -> str:
        return _("Measuring, {percent} %").format(percent=round(100 * share))

    def _onDone(self, found: dict[str, Any], file: Path) -> None:
        self._job = None
        table = NumberTable(tuple(found["columns"]), tuple(map(tuple, found["rows"])))
        text = ""
        if table.rows:
            node = table.toNode(_("Numbers of cases"))
            text = counted(
                len(table.rows),
                _("{count} case is measured; the table is {name}."),
                _("{count} cases are measured; the table is {name}."),
                name=node.GetName(),
            )
        if found["failed"]:
            first = found["failed"][0]
            problem = _("{name} could not be measured: {reason}.").format(name=first["case"], reason=first["what"])
            text = f"{text} {problem}".strip()
        if table.rows:
            writeTable(self.panel, table, file, text)
        else:
            self.panel.fail(text)
        self._onChanged()

    def _onError(self, sentence: str) -> None:
        self._job = None
        if sentence:
            self.panel.fail(sentence)
        self._onChanged()
