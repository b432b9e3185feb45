"""How many workers a pool has, and what part of the cluster each of them holds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dualtaskseg.cluster.engine import Cluster, Node
from dualtaskseg.errors import InputError
from dualtaskseg.terminal import counted

READERS_A_NODE = 4  # workers that only read scans; more of them wait for the disk


@dataclass(frozen=True)
class Share:
    """What is asked of the cluster.

    Attributes:
        workers: how many.
        cpus, gpus: of each worker.
        device: that it computes on: the one that was asked for, and the CPU rather than a GPU that nobody gave it.
    """

    workers: int
    cpus: int
    gpus: float
    device: str = "cpu"


def computing_share(cluster: Cluster, device: str, workers: int | None, gpus: float | None) -> Share:
    """For work of networks: one worker for each GPU, or for each computer where none is to be used.

    Args:
        device: as in the option ``--device``.
        workers: how many instead.
        gpus: of each worker; by default 1 where the cluster has any and the device may be one.

    Raises:
        InputError: GPUs are asked for and there is none, or the device is one that the cluster gives out.
    """
    if device.startswith("cuda:"):
        what = f"--device {device} names one GPU, but a cluster gives each worker one of its own"
        raise InputError(what, "Give --device cuda, or leave it out")
    if gpus is None:
        gpus = 1.0 if device == "cuda" or (device == "auto" and cluster.gpus) else 0.0
    if gpus and not cluster.gpus:
        raise InputError(
            f"No computer of {cluster.title} has a GPU that Ray knows of", "Give --gpus-per-worker 0 --device cpu"
        )
    if gpus and device == "cpu":
        raise InputError("--device cpu and --gpus-per-worker contradict each other", "Leave one of them out")
    if not gpus:
        workers = workers or max(1, sum(node.cpus >= 1 for node in cluster.nodes))
        return Share(workers, _cpus_for(cluster, workers), 0.0, "cpu" if device == "auto" else device)
    with_gpu = [(node.cpus, int(node.gpus / gpus + 1e-6)) for node in cluster.nodes if node.gpus >= gpus]
    workers = workers or max(1, sum(count for _, count in with_gpu))
    cpus = max(1, min((int(cpus // count) for cpus, count in with_gpu if count), default=1))
    return Share(workers, cpus, gpus, "cuda" if device == "auto" else device)


def training_share(cluster: Cluster, device: str, workers: int | None, gpus: float | None) -> Share:
    """For ranks of a training, which are there all at the same time: as :func:`computing_share`, a GPU each or none.

    Raises:
        InputError: as there, or the cluster is too small.
    """
    if gpus not in (None, 0, 1):
        what = f"Each worker of a training computes on one GPU, not on {gpus:g}"
        raise InputError(what, "Leave --gpus-per-worker out, or give 0 to train on CPUs")
    share = computing_share(cluster, device, workers, gpus)
    room = room_for(share, cluster.nodes)
    if room < share.workers:
        needs = "a GPU" if share.gpus else "a CPU core"
        what = (
            f"There is room for {counted(room, 'worker')} with {needs} each on {cluster.title}, not for {share.workers}"
        )
        raise InputError(what, f"Give --workers {room}" if room else "Give the address of another cluster")
    return share


def room_for(share: Share, nodes: Sequence[Node]) -> int:
    """How many workers these computers could have if nothing else were done on them."""
    return sum(int(min(node.cpus / share.cpus, node.gpus / share.gpus if share.gpus else math.inf)) for node in nodes)


def reading_share(cluster: Cluster, workers: int | None) -> Share:
    """For work that reads scans: a core each, and at most four on a computer."""
    usual = sum(min(int(node.cpus), READERS_A_NODE) for node in cluster.nodes)
    return Share(workers or max(1, usual), 1, 0.0)


def campaign_share(cluster: Cluster, workers: int | None, gpus: float | None) -> Share:
    """For trainings side by side: one for each GPU, or for each core where there is none.

    Raises:
        InputError: GPUs are asked for and there is none.
    """
    if gpus or (gpus is None and cluster.gpus):
        return computing_share(cluster, "cuda", workers, gpus)
    return Share(workers or max(1, sum(int(node.cpus) for node in cluster.nodes)), 1, 0.0)


def _cpus_for(cluster: Cluster, workers: int) -> int:
    """As many cores for each as leave room for all; at least one, even if some have to wait then."""
    most = int(max((node.cpus for node in cluster.nodes), default=1))
    return next((cpus for cpus in range(most, 1, -1) if sum(n.cpus // cpus for n in cluster.nodes) >= workers), 1)
