"""A pool of workers on a cluster: each has one task in its hands, and gets the next one when it is done.

So memory does not grow with the number of tasks, and when a worker or its computer is lost, it is known which task was
in its hands. That one is handed out again, and nothing else is lost. A task that ends its worker twice is set aside.
The loss of a computer is not laid to the task's charge, but ends its tries too when it comes again and again.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dualtaskseg.cluster.engine import Cluster, load_ray, worker_environment
from dualtaskseg.cluster.share import Share
from dualtaskseg.cluster.worker import Fault, Job, Started, Worker
from dualtaskseg.errors import InputError, StoppedError
from dualtaskseg.progress import ignore, never
from dualtaskseg.version import VERSION

MOST_KILLS = 2  # workers that a task may end
MOST_TRIES = 5  # whatever the reason
MOST_FAILED_STARTS = 3  # workers in a row that are lost before they are ready
PATIENCE_S = 60.0  # without any worker, until that is told
ASK_S = 0.2  # between two looks at whether to stop
STOP_S = 20.0  # for the tasks at work to end when the command is to stop
KILLED, NO_MEMORY, NODE_LOST = "its process ended", "memory ran out", "the computer that it was on was lost"


@dataclass(frozen=True)
class Answer:
    """What became of a task.

    Attributes:
        result: what the job returned; None where it failed.
        fault: why it failed; None where it did not.
        lost: why it was set aside, after it ended its workers; empty where it was not.
        tries: how often it was handed out.
        host: the computer that did it.
    """

    task: Any
    result: Any = None
    fault: Fault | None = None
    lost: str = ""
    tries: int = 1
    host: str = ""


@dataclass
class _Item:
    task: Any
    tries: int = 0
    kills: int = 0


@dataclass(eq=False)
class _Member:
    """A worker, as the pool sees it."""

    actor: Any
    started: Started | None = None
    item: _Item | None = None


class Pool:
    """Workers that do one job. A context manager: on leaving, all of them end.

    Args:
        share: how many workers, and what each needs.
        on_start: called with each worker that is ready.
        on_wait: called once when no worker has been ready for long, as the cluster has no room.
        should_stop: asked all the time; where it answers True, nothing more is handed out.

    Attributes:
        refusals: why workers could not do the job on their computers, though others may.
    """

    def __init__(
        self,
        cluster: Cluster,
        share: Share,
        job: Job,
        on_start: Callable[[Started], None] = ignore,
        on_wait: Callable[[], None] = ignore,
        should_stop: Callable[[], bool] = never,
    ) -> None:
        self.refusals: list[Fault] = []
        self._ray = load_ray()
        self._share = share
        self._title = cluster.title
        self._environment = worker_environment(cluster, share.cpus)
        self._job = self._ray.put(job)
        self._on_start = on_start
        self._on_wait = on_wait
        self._should_stop = should_stop
        self._workers = share.workers  # that there should be
        self._waits: dict[Any, _Member] = {}  # by what is awaited of each
        self._free: list[_Member] = []
        self._again: deque[_Item] = deque()
        self._failed_starts = 0
        self._patience_ends = time.monotonic() + PATIENCE_S

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for member in [*self._free, *self._waits.values()]:
            self._end(member)
        self._free, self._waits = [], {}

    def run(self, tasks: Iterable[Any]) -> Iterator[Answer]:
        """Does tasks, and yields their answers as they come. One is taken from ``tasks`` when a worker is free for it.

        Raises:
            InputError: no worker can do the job.
        """
        left = iter(tasks)
        following = self._next(left)
        while following or self._at_work():
            if self._should_stop():
                yield from self._stop()
                return
            while following and self._free:
                self._hand_out(self._free.pop(), following)
                following = self._next(left)
            while following and len(self._waits) < self._workers:
                self._add()
            for awaited in self._ray.wait(list(self._waits), timeout=ASK_S)[0]:
                answer = self._take(awaited)
                if answer is not None:
                    yield answer
            self._tell_of_waiting()
            following = following or self._next(left)

    def _next(self, left: Iterator[Any]) -> _Item | None:
        """The next task: one that was lost, else a new one; None where there is neither."""
        if self._again:
            return self._again.popleft()
        return next((_Item(task) for task in left), None)

    def _at_work(self) -> list[Any]:
        """What is awaited of workers with a task in their hands."""
        return [awaited for awaited, member in self._waits.items() if member.item]

    def _tell_of_waiting(self) -> None:
        if time.monotonic() > self._patience_ends:
            self._patience_ends = math.inf
            self._on_wait()

    def _add(self) -> None:
        needs = {"num_cpus": self._share.cpus, "num_gpus": self._share.gpus}
        options = {**needs, "runtime_env": {"env_vars": self._environment}}
        # a second thread, so that it can be asked to stop while it works; a lost one is replaced here, not by Ray
        actor = self._ray.remote(Worker).options(max_concurrency=2, max_restarts=0, **options).remote(self._job)
        self._waits[actor.start.remote()] = _Member(actor)

    def _hand_out(self, member: _Member, item: _Item) -> None:
        item.tries += 1
        member.item = item
        self._waits[member.actor.do.remote(item.task)] = member

    def _take(self, awaited: Any) -> Answer | None:
        """Takes what a worker answered; None where that is no task's answer."""
        member = self._waits.pop(awaited)
        item, member.item = member.item, None
        try:
            value = self._ray.get(awaited)
        except self._ray.exceptions.RayError as error:
            self._end(member)
            return self._lost(member, item, error)
        if item is None:
            self._greet(member, value)
            return None
        self._failed_starts = 0
        self._free.append(member)
        is_fault = isinstance(value, Fault)
        return Answer(
            item.task, None if is_fault else value, value if is_fault else None, "", item.tries, member.started.host
        )

    def _greet(self, member: _Member, value: Started | Fault) -> None:
        """Takes a worker in that is ready, or refuses it."""
        if isinstance(value, Started) and value.version != VERSION:
            value = Fault(
                f"{value.host} has DualTaskSeg {value.version}, but this command is DualTaskSeg {VERSION}",
                "Install the same version on all computers of the cluster",
                InputError.exit_code,
            )
        if isinstance(value, Fault):
            self._end(member)
            self._refused(value)
            return
        self._failed_starts = 0
        self._patience_ends = math.inf
        member.started = value
        self._free.append(member)
        self._on_start(value)

    def _refused(self, fault: Fault) -> None:
        """A worker can't do the job where it is; another one would be put there again, so there is one less."""
        self.refusals.append(fault)
        self._workers -= 1
        if not self._workers:
            raise fault.error()

    def _lost(self, member: _Member, item: _Item | None, error: Exception) -> Answer | None:
        """A worker is gone; its task is handed out again, or set aside."""
        reason = self._reason(member, error)
        if item is None:
            self._failed_to_start(reason)
            return None
        item.kills += reason != NODE_LOST
        if item.kills < MOST_KILLS and item.tries < MOST_TRIES:
            self._again.append(item)
            return None
        return Answer(item.task, lost=reason, tries=item.tries, host=member.started.host if member.started else "")

    def _failed_to_start(self, reason: str) -> None:
        """A worker was lost before it was ready. After several, one less will do, unless there is no other."""
        self._failed_starts += 1
        if self._failed_starts < MOST_FAILED_STARTS:
            return
        what = f"The workers of {self._title} end before they are ready ({reason})"
        remedy = "Look into Ray's logs of them, and whether their computers have memory left"
        self._failed_starts = 0
        self._refused(Fault(what, remedy, InputError.exit_code))

    def _reason(self, member: _Member, error: Exception) -> str:
        exceptions = self._ray.exceptions
        if isinstance(error, exceptions.OutOfMemoryError):
            return NO_MEMORY
        if isinstance(error, exceptions.ActorUnavailableError) or member.started is None:
            return NODE_LOST if member.started else KILLED
        alive = {node["NodeID"] for node in self._ray.nodes() if node["Alive"]}
        return KILLED if member.started.node in alive else NODE_LOST

    def _stop(self) -> Iterator[Answer]:
        """Asks the workers to stop, and takes what they finish."""
        for awaited in self._at_work():
            self._waits[awaited].actor.stop.remote()
        at_work = self._at_work()
        done, _ = self._ray.wait(at_work, num_returns=len(at_work), timeout=STOP_S) if at_work else ([], [])
        for awaited in done:
            answer = self._take(awaited)
            if answer is not None and not _is_stopped(answer):
                yield answer

    def _end(self, member: _Member) -> None:
        self._ray.kill(member.actor, no_restart=True)


def _is_stopped(answer: Answer) -> bool:
    return answer.fault is not None and answer.fault.exit_code == StoppedError.exit_code
