"""Trains on a cluster with Ray Train, whose workers take their places as the ranks of a training.

Ray Train puts a worker where there is room for it, and brings all of them together as PyTorch's process group. From
there on each is what torchrun would have started: rank 0 owns the run folder, the others follow. The command itself
reads along: what rank 0 prints reaches its terminal, and what asks it to end becomes a request to stop.

Nothing that a worker does ends as an error of Ray's, so that only workers that are gone count as lost. Then the others
end too, and the training is resumed by new ones.
"""

from __future__ import annotations

import functools
import io
import os
import sys
import tempfile
from collections import deque
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dualtaskseg.cluster.engine import Cluster, alive_nodes, connected, load_ray, load_train, worker_environment
from dualtaskseg.cluster.pool import ASK_S
from dualtaskseg.cluster.share import Share, room_for, training_share
from dualtaskseg.cluster.worker import Fault, fault_of
from dualtaskseg.errors import InputError, StoppedError, in_a_word
from dualtaskseg.lean import without_extras
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status import RunState, read_status
from dualtaskseg.signals import STOPPING, signals_ask
from dualtaskseg.terminal import counted

MOST_LOSSES = 3  # after each of which new workers go on by themselves
BEGIN, GO_ON, END = "begin", "go on", "end"
TELLING_S = 3.0  # for what is printed to reach the command
Work = Callable[[int], int]  # what a worker does, one of so many; it returns an exit code
# Ray Train: nothing that is printed or logged goes to files of Ray's, and what is lost is known soon.
SETTINGS = {
    "RAY_TRAIN_ENABLE_PRINT_PATCH": "0",
    "RAY_TRAIN_ENABLE_CONTROLLER_STRUCTURED_LOGGING": "0",
    "RAY_TRAIN_ENABLE_WORKER_STRUCTURED_LOGGING": "0",
    "RAY_TRAIN_METRICS_ENABLED": "0",
    "RAY_TRAIN_ENABLE_PREEMPTION_WATCHER": "0",
    "RAY_TRAIN_HEALTH_CHECK_INTERVAL_S": "1",
    "RAY_TRAIN_WORKER_GROUP_START_TIMEOUT_S": "20",
    "RAY_CHDIR_TO_TRIAL_DIR": "0",
    "TORCH_PROCESS_GROUP_SHUTDOWN_TIMEOUT_S": "5",
}
# Of Ray Train's helpers, each a process: the first looks whether room was freed, which Ray does itself when a command
# has ended, and would outlive one that is killed; the second hands out datasets of Ray's.
NEEDLESS = {"PlacementGroupCleanerCallback", "DatasetsCallback"}


@dataclass(frozen=True)
class Lost:
    """Why workers are gone, or never came.

    Attributes:
        has_not_begun: whether they only waited for room, and had none yet.
    """

    reason: str
    has_not_begun: bool = False


def train_on(
    where: str, run_folder: Path, device: str, workers: int | None, gpus: float | None, begin: Work, again: Work
) -> int:
    """Trains on a cluster and returns the exit code.

    Args:
        where: as in :func:`~dualtaskseg.cluster.engine.connected`.
        run_folder: of the training; at the same place on all computers.
        device, workers, gpus: as in :func:`~dualtaskseg.cluster.share.training_share`.
        begin, again: what every worker does at its place, at first and after workers were lost.

    Raises:
        InputError: there is no such cluster, or it is too small; the input is bad; workers were lost too often.
        StoppedError: stopped on request; everything is saved.
        KeyboardInterrupt: ended at once.
    """
    with connected(where) as cluster:
        share = training_share(cluster, device, workers, gpus)
        with tempfile.TemporaryDirectory(prefix="dts", ignore_cleanup_errors=True) as scratch:
            command = _Command(cluster, share, run_folder, scratch)
            try:
                with signals_ask(command.stop, STOPPING):
                    return command.run(begin, again)
            except KeyboardInterrupt as interrupt:
                run = command.made_run()
                raise KeyboardInterrupt(run.ended_at_once if run else str(interrupt)) from None
            finally:
                command.close()


class _Command:
    """What the command does while workers train: it passes on what they print, and asks them to stop."""

    def __init__(self, cluster: Cluster, share: Share, run_folder: Path, scratch: str) -> None:
        self._ray = load_ray()
        self._share = share
        self._title = cluster.title
        self._folder = run_folder
        environment = {**worker_environment(cluster, share.cpus), **SETTINGS}
        here = {"ray.io/node-id": self._ray.get_runtime_context().get_node_id()}
        options = {"num_cpus": 0, "label_selector": here, "runtime_env": {"env_vars": environment}}
        streams = {"stdout": sys.stdout.isatty(), "stderr": sys.stderr.isatty()}
        actor = self._ray.remote(_Office).options(max_concurrency=4, max_restarts=0, **options)
        self._office = actor.remote(share, environment, scratch, run_folder.absolute(), streams)

    def run(self, begin: Work, again: Work) -> int:
        """Trains until the end. Where there is no room for the workers yet, it waits."""
        result = self._fit(begin, again)
        if isinstance(result, Lost) and result.has_not_begun:
            print(f"{self._title[:1].upper()}{self._title[1:]} is busy. Waiting for room.", file=sys.stderr, flush=True)
        while isinstance(result, Lost) and result.has_not_begun:
            result = self._fit(begin, again)
        if isinstance(result, Lost):
            raise self._ended(result)
        if isinstance(result, Fault):
            run = self.made_run()
            if run is not None and result.details:
                run.log(result.details)
            raise result.error()
        return result

    def stop(self) -> None:
        """Asks for a stop; where no training is at work yet, it ends at once."""
        run = self.made_run()
        if run is None or run.state() is not RunState.RUNNING:
            raise KeyboardInterrupt
        self._office.stop.remote()
        with suppress(OSError):  # the folder was moved: the training will find out
            run.request_stop()

    def close(self) -> None:
        """Ends all workers."""
        self._ray.kill(self._office, no_restart=True)

    def made_run(self) -> RunFolder | None:
        """The run folder, once it is there."""
        with suppress(InputError):
            return RunFolder.open(self._folder)
        return None

    def _fit(self, begin: Work, again: Work) -> int | Fault | Lost:
        awaited = self._office.fit.remote(begin, again, str(Path.cwd()))
        try:
            while not self._ray.wait([awaited], timeout=ASK_S)[0]:
                self._pass_on()
            self._pass_on()
            return self._ray.get(awaited)
        except self._ray.exceptions.RayError as error:
            return Lost(f"Ray has ended unexpectedly ({in_a_word(error)})")

    def _pass_on(self) -> None:
        for name, text in self._ray.get(self._office.news.remote()):
            stream = getattr(sys, name)
            stream.write(text)
            stream.flush()

    def _ended(self, lost: Lost) -> InputError | StoppedError:
        run = self.made_run()
        if run is None:
            return InputError(f"{lost.reason}, before anything was saved", "Give the command again")
        if run.state() is RunState.STOPPED:
            return StoppedError(read_status(run.folder).message)  # as rank 0 would have said, had it been heard
        what, remedy = f"{lost.reason}, so the training has ended; what was saved before is kept", run.going_on
        room = room_for(self._share, alive_nodes())
        if 0 < room < self._share.workers:
            what = f"{what}. There is room for {counted(room, 'worker')} now"
            remedy = f"{remedy} --workers {room}"
        return InputError(what, remedy)


class _Office:
    """Beside the command, on the same computer: runs Ray Train, and takes what rank 0 prints until it is fetched.

    Ray makes an actor of it. When it ends, so do all workers.

    Args:
        environment: variables of workers.
        scratch: an empty folder.
        run_folder: of the training.
        streams: of the command, and whether each is a terminal.
    """

    def __init__(
        self, share: Share, environment: dict[str, str], scratch: str, run_folder: Path, streams: dict[str, bool]
    ) -> None:
        self._share = share
        self._environment = environment
        self._scratch = scratch
        self._run_folder = run_folder
        self._streams = streams
        self._told: deque[tuple[str, str]] = deque()
        self._is_stopped = False
        self._groups: dict[str, str] = {}  # of workers that came, and what they are to do

    def tell(self, stream: str, text: str) -> None:
        """Takes what was printed."""
        self._told.append((stream, text))

    def news(self) -> list[tuple[str, str]]:
        """What was printed since the last time: stream and text."""
        return [self._told.popleft() for _ in range(len(self._told))]

    def stop(self) -> None:
        """Lets no new workers go on."""
        self._is_stopped = True

    def task_of(self, group: str) -> str:
        """What the workers of a group are to do: BEGIN, GO_ON or END, the same for each of them."""
        if group not in self._groups:
            self._groups[group] = self._next_task() if self._groups else BEGIN
        return self._groups[group]

    def _next_task(self) -> str:
        try:
            run = RunFolder.open(self._run_folder)
        except InputError:
            return END if self._is_stopped else BEGIN
        if self._is_stopped or run.stop_requested() or run.state() is RunState.STOPPED:
            return END
        count = f"{len(self._groups)} of at most {MOST_LOSSES} times"
        self.tell("stderr", f"Workers were lost. The training goes on with new ones, {count}.\n")
        return GO_ON

    def fit(self, begin: Work, again: Work, folder: str) -> int | Fault | Lost:
        """Does the work with all workers, and returns what rank 0 answers.

        Args:
            begin, again: as for :func:`train_on`.
            folder: in which the command works.
        """
        from ray import get_runtime_context

        try:
            train = load_train()
        except InputError as error:
            return fault_of(error)
        from dualtaskseg.parallel.joining import ON_GPUS, PATIENCE

        share = self._share
        resources = {"CPU": share.cpus, **({"GPU": share.gpus} if share.gpus else {})}
        office = get_runtime_context().current_actor
        trainer = _lean(train.torch.TorchTrainer)(
            functools.partial(_at_its_place, begin, again, share.workers, folder, office, self._streams),
            torch_config=train.torch.TorchConfig(
                backend=ON_GPUS if share.gpus else "gloo", timeout_s=int(PATIENCE.total_seconds())
            ),
            scaling_config=train.ScalingConfig(
                num_workers=share.workers, use_gpu=share.gpus > 0, resources_per_worker=resources
            ),
            run_config=train.RunConfig(
                name="training",
                storage_path=self._scratch,
                failure_config=train.FailureConfig(
                    max_failures=MOST_LOSSES, max_preemption_failures=MOST_LOSSES, controller_failure_limit=0
                ),
                worker_runtime_env={"env_vars": self._environment},
            ),
        )
        try:
            return trainer.fit().return_value
        except train.TrainingFailedError as error:
            return self._loss_of(error)

    def _loss_of(self, error: Any) -> Lost:
        """What an error of Ray Train's says, which never is one of the work's."""
        ranks = getattr(error, "worker_failures", None)
        if ranks:
            return Lost(f"Rank {min(ranks)} of this training has ended unexpectedly")
        cause = getattr(error, "controller_failure", error)
        if type(cause).__name__ == "WorkerGroupStartupTimeoutError":
            return Lost("There is no room for all workers any more", has_not_begun=not self._groups)
        return Lost(f"The workers of the training could not be started ({in_a_word(cause)})")


def _lean(trainer: type) -> type:
    """Ray Train's trainer without the helpers that are not needed; with them in a version that makes them otherwise."""

    class Lean(trainer):
        def _create_default_callbacks(self) -> list[Any]:
            return [each for each in super()._create_default_callbacks() if type(each).__name__ not in NEEDLESS]

    return Lean


def _at_its_place(
    begin: Work, again: Work, count: int, folder: str, office: Any, streams: dict[str, bool]
) -> int | Fault | Lost:
    """What a worker of Ray Train does, in a thread of its own, where no signal comes."""
    import ray
    from ray.train import get_context

    leads = get_context().get_world_rank() == 0
    out, err = (_Wire(office if leads else None, name, streams[name]) for name in ("stdout", "stderr"))
    without_extras()
    task = ray.get(office.task_of.remote(ray.util.get_current_placement_group().id.hex()))
    if task == END:
        return Lost("Workers were lost while the training was stopping")
    try:
        os.chdir(folder)
        with redirect_stdout(out), redirect_stderr(err):
            return (begin if task == BEGIN else again)(count)
    except Exception as error:
        return fault_of(error)


class _Wire(io.TextIOBase):
    """A stream of rank 0 that ends at the command; of the others it ends nowhere."""

    encoding = "utf-8"

    def __init__(self, office: Any, name: str, is_terminal: bool) -> None:
        self._office = office
        self._name = name
        self._is_terminal = is_terminal
        self._last: Any = None

    def write(self, text: str) -> int:
        """Sends a text, after the one before has come: what is sent together comes in any order."""
        if self._office is not None and text:
            self.flush()
            self._last = self._office.tell.remote(self._name, text)
        return len(text)

    def flush(self) -> None:
        """Waits until what was sent has come."""
        from ray import exceptions, get

        if self._last is not None:
            with suppress(exceptions.RayError):
                get(self._last, timeout=TELLING_S)
            self._last = None

    def isatty(self) -> bool:
        """Whether it is a terminal where it ends."""
        return self._is_terminal and self._office is not None
