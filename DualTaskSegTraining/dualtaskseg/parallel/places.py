"""Where a rank stands among the others, as what started it tells in environment variables. Light: no torch."""

from __future__ import annotations

import os
from dataclasses import dataclass

from dualtaskseg.errors import InputError

MOST_WORKERS = 1024


@dataclass(frozen=True)
class Place:
    """Of a rank.

    Attributes:
        index, count: which rank of how many.
        here_index, here_count: the same, among those on this machine.
        address, port: where the ranks meet.
        hosts: whether this rank opens that port.
    """

    index: int
    count: int
    here_index: int
    here_count: int
    address: str
    port: int
    hosts: bool

    def environment(self) -> dict[str, str]:
        """By which a process finds it with :func:`place_of_environment`; the names are those of torchrun."""
        return {
            "RANK": str(self.index),
            "WORLD_SIZE": str(self.count),
            "LOCAL_RANK": str(self.here_index),
            "LOCAL_WORLD_SIZE": str(self.here_count),
            "MASTER_ADDR": self.address,
            "MASTER_PORT": str(self.port),
        }


def place_of_environment() -> Place | None:
    """The place of this process, which torchrun or a program like it started; None if it is alone.

    Raises:
        InputError: the variables make no sense.
    """
    if "RANK" not in os.environ or os.environ.get("WORLD_SIZE", "1") == "1":
        return None
    try:
        index, count = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
        here_index = int(os.environ.get("LOCAL_RANK", index))
        here_count = int(os.environ.get("LOCAL_WORLD_SIZE", count))
        port = int(os.environ["MASTER_PORT"])
        address = os.environ["MASTER_ADDR"]
    except (KeyError, ValueError) as error:
        raise InputError(
            f"The environment variables that tell a rank its place make no sense ({error})",
            "Start the ranks with torchrun, or remove the variables RANK and WORLD_SIZE",
        ) from error
    has_host = os.environ.get("TORCHELASTIC_USE_AGENT_STORE") == "True"
    return Place(index, count, here_index, here_count, address, port, index == 0 and not has_host)
