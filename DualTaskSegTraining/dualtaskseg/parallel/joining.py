"""Brings the ranks of a training together: those that something else started, or other processes on this computer."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import torch
from torch import distributed

from dualtaskseg.errors import InputError
from dualtaskseg.parallel.places import Place
from dualtaskseg.parallel.pooling import pooling
from dualtaskseg.parallel.ranks import ALONE, JoinedRanks, Ranks
from dualtaskseg.parallel.watch import Started, Watch
from dualtaskseg.version import VERSION

PATIENCE = timedelta(days=7)  # others wait while rank 0 prepares scans; who is gone, the watch finds out
MEETING = timedelta(minutes=5)  # for all ranks to come together, from when the first one came
MEETING_REMEDY = (
    "Make sure that all of them are started with the same MASTER_ADDR and MASTER_PORT, and that this port is free and "
    "open between the machines"
)
ON_GPUS = "cpu:gloo,cuda:nccl"  # how ranks with GPUs reach one another
ENDING_S = 10.0  # for started processes to end by themselves


@contextlib.contextmanager
def joined(place: Place | None) -> Iterator[Ranks]:
    """This process as a rank at its place, as long as this lasts; alone where it has none.

    Raises:
        InputError: the others can't be reached.
    """
    if place is None:
        yield ALONE
        return
    store = _store_at(place)
    store.set_timeout(PATIENCE)
    watch = None
    try:
        with _joined(place, store) as ranks:
            watch = ranks.watch
            yield ranks
    finally:
        if place.hosts and watch is not None:
            watch.see_off(ENDING_S)  # the store ends with this process, and with it what the others were told


@contextlib.contextmanager
def with_workers(count: int, arguments: Sequence[str]) -> Iterator[Ranks]:
    """This process as rank 0, with others that it starts on this computer; alone where the count is 1.

    Args:
        count: of ranks, this one included.
        arguments: of ``dualtaskseg`` for the others.
    """
    if count == 1:
        yield ALONE
        return
    os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "FATAL")  # where a rank is killed, one sentence tells it
    store = distributed.TCPStore("127.0.0.1", 0, is_master=True, wait_for_workers=False, timeout=PATIENCE)
    place = Place(0, count, 0, count, "127.0.0.1", store.port, hosts=True)
    with _Workers(place, arguments) as workers, _joined(place, store, workers) as ranks:
        yield ranks


def _store_at(place: Place) -> Any:
    """What the ranks tell one another through; that of their process group where what started them made one already.

    Raises:
        InputError: the others can't be reached.
    """
    if distributed.is_initialized():
        return distributed.distributed_c10d._get_default_store()
    try:
        return distributed.TCPStore(
            place.address, place.port, is_master=place.hosts, wait_for_workers=False, timeout=MEETING
        )
    except distributed.DistError as error:
        raise InputError(
            f"The other ranks of the training can't be reached at {place.address}, port {place.port}",
            MEETING_REMEDY,
        ) from error


@contextlib.contextmanager
def _joined(place: Place, store: Any, started: Started | None = None) -> Iterator[JoinedRanks]:
    attempt = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")  # what starts ranks anew may keep the store
    store = distributed.PrefixStore(f"dualtaskseg/{attempt}", store)
    with Watch(store.clone(), place.index, place.count, started) as watch:
        try:
            _wait_for_all(store, place, watch)
            if not distributed.is_initialized():
                distributed.init_process_group(
                    _backend(), store=store, rank=place.index, world_size=place.count, timeout=PATIENCE
                )
        except RuntimeError as error:
            raise watch.explained(error) from error
        try:
            _share_processors(place)
            with pooling(True):
                yield JoinedRanks(place, watch)
        finally:
            with contextlib.suppress(RuntimeError):
                distributed.destroy_process_group()


def _wait_for_all(store: Any, place: Place, watch: Watch) -> None:
    """Waits until all ranks have come.

    Raises:
        InputError: some don't come, one has ended already, or is of another version of this program.
    """
    version = store.compare_set("version", "", VERSION).decode()
    if version != VERSION:
        raise InputError(
            f"Rank {place.index} of the training is DualTaskSeg {VERSION}, and others are DualTaskSeg {version}",
            "Install the same version on all computers",
        )
    until, come = time.monotonic() + MEETING.total_seconds(), store.add("come", 1)
    while come < place.count:
        if watch.has_bad_news:
            raise watch.reason()
        if time.monotonic() > until:
            raise InputError(
                f"Only {come} of the {place.count} ranks of the training have come together", MEETING_REMEDY
            )
        time.sleep(0.1)
        come = store.add("come", 0)


def _backend() -> str:
    """Tensors on the CPU go through gloo, which waits without computing; those on GPUs through NCCL."""
    if torch.cuda.is_available() and distributed.is_nccl_available():
        return ON_GPUS
    return "gloo"


def _share_processors(place: Place) -> None:
    """Each rank on this machine computes with a part of its processors, unless somebody said with how many."""
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(max(1, torch.get_num_threads() // place.here_count))


class _Workers(Started):
    """The processes of all ranks but this one; a context manager that ends them."""

    def __init__(self, place: Place, arguments: Sequence[str]) -> None:
        self._processes: dict[int, subprocess.Popen] = {}
        for index in range(1, place.count):
            there = replace(place, index=index, here_index=index, hosts=False)
            self._processes[index] = subprocess.Popen(
                [sys.executable, "-m", "dualtaskseg", *arguments],
                env={**os.environ, **there.environment()},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # what is meant for this process, as Ctrl-C, is told by it
            )

    def ended(self) -> str:
        for index, process in self._processes.items():
            code = process.poll()
            if code:
                return f"Rank {index} of this training {_ending(code)}"
        return ""

    def kill(self) -> None:
        for process in self._processes.values():
            process.kill()

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is KeyboardInterrupt:  # at once
            self.kill()
        until = time.monotonic() + ENDING_S
        for process in self._processes.values():
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _ending(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by the signal {signal.Signals(-code).name}"
    return f"has ended unexpectedly (exit code {code})"
