"""A command whose work is spread over a cluster: what it says, and how it is stopped."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from dualtaskseg.cluster.engine import Cluster, connected
from dualtaskseg.cluster.pool import PATIENCE_S, Answer, Pool
from dualtaskseg.cluster.share import Share
from dualtaskseg.cluster.worker import Job, Started
from dualtaskseg.errors import InputError
from dualtaskseg.progress import Progress
from dualtaskseg.signals import signals_ask
from dualtaskseg.terminal import counted

STOPPING = "Stopping; press Ctrl-C again to end at once."
RECENT = 100  # answers by which the time left is estimated: those that were done already come fast
MEMORY_REMEDY = "Look whether memory suffices on the computers of the cluster, or leave this scan out"


class ClusterCommand:
    """What a command on a cluster has in common with others. Made by :func:`cluster_command`.

    Args:
        title: what is being done, such as ``Segmenting``.
        noun: what it is done to, one of them.
    """

    def __init__(self, cluster: Cluster, title: str, noun: str = "scan") -> None:
        self.cluster = cluster
        self._title = title
        self._noun = noun
        self._is_stopped = False

    def answers(self, share: Share, job: Job, tasks: Iterable[Any], count: int) -> Iterator[Answer]:
        """Does a job for each task on a pool, shows the progress, and yields the answers as they come.

        Args:
            tasks: taken one by one.
            count: how many they are.

        Raises:
            InputError, DualTaskSegError: as :meth:`~dualtaskseg.cluster.pool.Pool.run`.
            KeyboardInterrupt: a signal asked for an end, and what could be finished is.
        """
        share = replace(share, workers=min(share.workers, count))
        bar = Progress(self._title, count)
        times: deque[float] = deque(maxlen=RECENT)
        news = (_greeting(bar, times), self._on_wait(share, bar), lambda: self._is_stopped)
        with bar, Pool(self.cluster, share, job, *news) as pool:
            bar.note(f"{counted(count, self._noun)} for {counted(share.workers, 'worker')} on {self.cluster.title}.")
            done = 0
            for answer in pool.run(tasks):
                bar.clear()
                yield answer
                done += 1
                times.append(time.monotonic())
                bar.update(done, seconds_left=(times[-1] - times[0]) / (len(times) - 1) * (count - done))
            for refusal in pool.refusals:
                bar.note(f"Warning: a worker could not be used: {refusal.error()}")
        if self._is_stopped:
            raise KeyboardInterrupt(
                f"Stopped, {done} of {counted(count, self._noun)} done. Give the same command again to do the rest."
            )

    def stop(self) -> None:
        """Hands out nothing more."""
        self._is_stopped = True

    def _on_wait(self, share: Share, bar: Progress) -> Callable[[], None]:
        needs = counted(share.cpus, "CPU core") + (f" and {share.gpus:g} GPU" if share.gpus else "")
        return lambda: bar.note(
            f"No worker is ready after {PATIENCE_S:.0f} s, as if {self.cluster.title} had no room for one that needs "
            f"{needs}. Waiting on."
        )


@contextmanager
def cluster_command(where: str, title: str, noun: str = "scan", paths: Sequence[Path] = ()) -> Iterator[ClusterCommand]:
    """Connects a command to a cluster; signals that ask for an end stop it while this lasts.

    Args:
        where, paths: as in :func:`~dualtaskseg.cluster.engine.connected`.

    Raises:
        InputError: as :func:`~dualtaskseg.cluster.engine.connected`.
    """
    with connected(where, paths) as cluster:
        command = ClusterCommand(cluster, title, noun)
        with signals_ask(command.stop, STOPPING):
            yield command


def ended_error(scan: Path | str, answer: Answer) -> InputError:
    """The sentence about a scan that ended the workers that had it in their hands."""
    what = f"{scan} is set aside: {answer.tries} workers were lost while they worked on it, at last since {answer.lost}"
    return InputError(what, MEMORY_REMEDY)


def _greeting(bar: Progress, times: deque[float]) -> Callable[[Started], None]:
    """Tells each kind of device once, on which workers compute; with the first worker, time begins."""
    told: set[str] = set()

    def greet(started: Started) -> None:
        if not times:
            times.append(time.monotonic())
        if started.device and started.device not in told:
            told.add(started.device)
            bar.note(f"Working on {started.device}.")

    return greet
