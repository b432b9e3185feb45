"""Signals that ask a training to end."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager

from dualtaskseg.run.folder import RunFolder
from dualtaskseg.signals import signals_ask


@contextmanager
def signals_stop(run: RunFolder) -> Iterator[None]:
    """While this lasts, a signal to end asks the run to stop, see :func:`~dualtaskseg.signals.signals_ask`."""

    def stop() -> None:
        with contextlib.suppress(OSError):  # the folder was moved: the training will find out
            run.request_stop()

    with signals_ask(stop, "Stopping after this step; press Ctrl-C again to end at once."):
        yield
