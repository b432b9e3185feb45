"""Work that is done partly in the scene and partly by the child process, with a folder for files on the way."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from dualtaskseg.errors import DualTaskSegError
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps
from DualTaskSegLib.engine.steprunner import StepRunner
from DualTaskSegLib.engine.worker import Listener, Worker

T = TypeVar("T")
SHARE_MASKS = 0.3  # of the progress


class SceneJob:
    """Does one thing at a time. It never blocks, and whatever happens ends in one of the functions given.

    Args:
        worker: gives the child process.
        onProgress: called with the share done, 0 to 1 or None, and what is going on.
        onDone: called with the result.
        onFailed: called with a sentence.
    """

    def __init__(
        self,
        worker: Callable[[], Worker],
        onProgress: Callable[..., None],
        onDone: Callable[..., None],
        onFailed: Callable[[str], None],
    ) -> None:
        self._worker = worker
        self._onProgress = onProgress
        self._onDone = onDone
        self._onFailed = onFailed
        self._folder: Path | None = None  # for the files on the way; None while nothing is going on
        self._runner = StepRunner()  # of its own: the panel's is emptied as a whole when the user cancels there
        self._job: int | None = None

    @property
    def isBusy(self) -> bool:
        """Whether something is going on."""
        return self._folder is not None

    def cancel(self) -> None:
        """Ends what is going on, without calling any of the functions; no file is left."""
        self._runner.close()
        if self._job is not None:
            self._worker().cancel(self._job)
        self._clear()

    def _makeFolder(self) -> Path:
        self._folder = Path(tempfile.mkdtemp(prefix="DualTaskSeg_"))
        return self._folder

    def _doSteps(self, steps: Steps[T], onDone: Callable[[T], object], onProgress: Callable[[float], None]) -> None:
        self._runner.start(steps, onDone, self._onError, onProgress)

    def _listeners(
        self, onProgress: Callable[..., None], onDone: Callable[..., None]
    ) -> dict[str, Callable[..., None]]:
        """For the child, which still tells about a job that was canceled; another one may be going on by then."""
        folder = self._folder

        def ifCurrent(function: Listener) -> Listener:
            return lambda *arguments: function(*arguments) if self._folder == folder else None

        return {"onProgress": ifCurrent(onProgress), "onDone": ifCurrent(onDone), "onError": ifCurrent(self._fail)}

    def _onMasks(self, share: float) -> None:
        """The segments are being written, with which some jobs begin."""
        self._onProgress(SHARE_MASKS * share, _("Collecting the segments"))

    def _onChild(self, share: float | None, _secondsLeft: float | None, text: str) -> None:
        """The child is at work after that."""
        self._onProgress(SHARE_MASKS + (1 - SHARE_MASKS) * (share or 0.0), text)

    def _finish(self, result: object) -> None:
        self._clear()
        self._onDone(result)

    def _fail(self, sentence: str) -> None:
        self._clear()
        self._onFailed(sentence)

    def _onError(self, error: Exception) -> None:
        self._fail(str(error))
        if not isinstance(error, (DualTaskSegError, OSError)):
            raise error

    def _clear(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = self._job = None
