"""Ray, the engine that spreads work over devices: started or found, and left again. Only here it is imported by name.

What it needs is set for people who share a computer: nothing is reported to anybody, no web page is opened, and what a
cluster of this command's own writes goes to a folder that is removed at its end.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from dualtaskseg.errors import InputError, in_a_word
from dualtaskseg.signals import sigterm_interrupts

AUTO, LOCAL = "auto", "local"
STORE_BYTES = 100 << 20  # of Ray's store of objects; what goes through it here are answers of some kilobytes
ANSWER_S = 5.0  # within which a cluster's head must answer; Ray itself tries for minutes
LONGEST_FOLDER = 40  # letters of a folder for Ray's sockets, whose paths the system limits to 107


@dataclass(frozen=True)
class Node:
    """What a computer of the cluster has."""

    cpus: float
    gpus: float


@dataclass(frozen=True)
class Cluster:
    """A cluster that this process is connected to.

    Attributes:
        title: for people.
        nodes: that are alive.
        paths: folders with Python files that workers need beside the package.
    """

    title: str
    nodes: tuple[Node, ...]
    paths: tuple[str, ...] = ()

    @property
    def gpus(self) -> float:
        """All of them together."""
        return sum(node.gpus for node in self.nodes)


def load_ray() -> ModuleType:
    """Ray itself.

    Raises:
        InputError: it is not installed.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_worker_niceness", "0")  # a worker of our own is as urgent as the plain command; Ray: 15
    os.environ.setdefault("RAY_DEDUP_LOGS_SKIP_REGEX", ".")  # a lost worker is told by the command, in a sentence
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "1")  # a worker without a GPU sees none
    try:
        import ray
    except ImportError as error:
        what = f"A cluster needs Ray, which is not installed ({in_a_word(error)})"
        raise InputError(what, "Install it with: pip install 'dualtaskseg[cluster]'") from error
    return ray


def load_train() -> ModuleType:
    """Ray's library for training with PyTorch.

    Raises:
        InputError: something that it needs is not installed.
    """
    load_ray()
    try:
        import ray.train.torch
    except ImportError as error:
        what = f"Training on a cluster needs Ray Train, which can't be loaded ({in_a_word(error)})"
        raise InputError(what, "Install what it needs with: pip install 'dualtaskseg[cluster]'") from error
    return ray.train


@contextmanager
def connected(where: str, paths: Sequence[Path] = ()) -> Iterator[Cluster]:
    """Connects to a cluster while this lasts. A connection that the process has already is used, and left open.

    Args:
        where: ``auto`` (the one that runs on this computer, or that ``RAY_ADDRESS`` names), ``local`` (one of our own,
            on this computer), or an address, ``HOST:PORT``.

    Raises:
        InputError: Ray is not installed, there is no such cluster, or it has other versions.
    """
    ray = load_ray()
    own = tuple(str(Path(path).absolute()) for path in paths)
    if ray.is_initialized():
        yield Cluster(_title(where), alive_nodes(), own)
        return
    if where == LOCAL:
        options = {"object_store_memory": STORE_BYTES, "include_dashboard": False}
        with (
            tempfile.TemporaryDirectory(prefix="dts", dir=_short_folder(), ignore_cleanup_errors=True) as folder,
            _connection(ray, where, **options, _temp_dir=folder),
        ):
            yield Cluster(_title(where), alive_nodes(), own)
        return
    if where != AUTO:
        _refuse_silent(where)
    with _connection(ray, where):
        yield Cluster(_title(where), alive_nodes(), own)


def worker_environment(cluster: Cluster, cpus: float) -> dict[str, str]:
    """Environment variables for a worker: where it finds this very package, and how many threads it may start."""
    root = Path(__file__).resolve().parent.parent.parent
    inherited = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    paths = dict.fromkeys([str(root), *cluster.paths, *inherited])
    threads = str(max(1, int(cpus)))
    return {
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUTF8": str(sys.flags.utf8_mode),
        "OMP_WAIT_POLICY": "passive",
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", threads),
        "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS": os.environ.get("ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS", threads),
    }


@contextmanager
def _connection(ray: ModuleType, where: str, **options: object) -> Iterator[None]:
    with sigterm_interrupts() as is_connected:
        try:
            ray.init(address=where, log_to_driver=False, logging_level="ERROR", **options)
        except Exception as error:  # of any class: a Ray that takes too long to start is just an Exception
            raise _unusable(where, error) from error
        except SystemExit:  # which Ray makes of SIGTERM
            raise KeyboardInterrupt from None
        is_connected()
        try:
            yield
        finally:
            ray.shutdown()


def _unusable(where: str, error: Exception) -> InputError:
    """What it means to people that Ray could not be started or reached."""
    if where == AUTO and isinstance(error, ConnectionError):
        remedy = "Start one with: ray start --head; or give --cluster local, or the address of one"
        return InputError("No Ray cluster runs on this computer", remedy)
    if where == LOCAL:
        what = f"Ray can't be started on this computer ({in_a_word(error)})"
        return InputError(what, "Try again when less is done here, since Ray waits for half a minute only")
    what = f"Ray can't be used on {_title(where)} ({in_a_word(error)})"
    remedy = "Give the address of a cluster with the same versions of Ray and Python, on whose nodes this command runs"
    return InputError(what, remedy)


def alive_nodes() -> tuple[Node, ...]:
    """The computers of the cluster that this process is connected to."""
    alive = [node["Resources"] for node in load_ray().nodes() if node["Alive"]]
    return tuple(Node(each.get("CPU", 0.0), each.get("GPU", 0.0)) for each in alive)


def _title(where: str) -> str:
    return {AUTO: "the Ray cluster", LOCAL: "this computer"}.get(where, f"the Ray cluster at {where}")


def _refuse_silent(address: str) -> None:
    """Refuses an address where nobody answers."""
    remedy = "Give auto, local, or HOST:PORT as `ray start --head` prints it, and run this on a node of the cluster"
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or "/" in address:
        raise InputError(f"{address} is no address of a Ray cluster", remedy)
    try:
        socket.create_connection((host, int(port)), timeout=ANSWER_S).close()
    except (OSError, OverflowError) as error:
        raise InputError(f"No Ray cluster answers at {address} ({in_a_word(error)})", remedy) from error


def _short_folder() -> str | None:
    """Where Ray's folder goes; None for the usual place of temporary files."""
    return None if len(tempfile.gettempdir()) <= LONGEST_FOLDER or not Path("/tmp").is_dir() else "/tmp"
