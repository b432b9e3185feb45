"""Makes what the next step works on while a step is computed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Generic, TypeVar

import torch

from dualtaskseg.processes import given_processors

Made = TypeVar("Made")


class Ahead(Generic[Made]):
    """Makes it on a thread of its own, with one processor; and on a GPU in a stream of its own.

    In the stream of the networks each patch would be waited for until all was computed that was asked for before.
    Where the networks have all processors, nothing is made ahead: a thread more slows all that the process computes
    (with two processors a mutual step took 1.28 times as long, see Testing/benchmarks/step_time.py --ahead).

    Args:
        device: of the networks.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._stream = torch.cuda.Stream(device) if device.type == "cuda" else None
        is_spare = device.type != "cpu" or torch.get_num_threads() < given_processors()
        self._thread = _helper_thread() if is_spare else None
        self._begun: dict[tuple[int, int], Future[Made]] = {}
        self._in_use: Made | None = None

    @property
    def has_begun(self) -> bool:
        """Whether something is made, or was and has not been taken."""
        return bool(self._begun)

    def begin(self, make: Callable[[int, int], Made], iteration: int, of: int) -> None:
        """Begins with what a step works on; what was begun with for another one is forgotten.

        Args:
            make: it from the step's number and how many steps there will be.
        """
        if self._thread is None:
            return
        computed = torch.cuda.current_stream(self._device).record_event() if self._stream else None
        self._begun = {(iteration, of): self._thread.submit(self._made, make, iteration, of, computed)}

    def take(self, make: Callable[[int, int], Made], iteration: int, of: int) -> Made:
        """What a step works on, whether it was begun with or not."""
        if self._thread is None:
            return make(iteration, of)
        if (iteration, of) not in self._begun:
            self.begin(make, iteration, of)
        ready = self._begun.pop((iteration, of))
        # Held until the next step begins: the helper's stream may use its memory again only after the step's networks.
        self._in_use = ready.result()
        if self._stream is not None:
            torch.cuda.current_stream(self._device).wait_stream(self._stream)
        return self._in_use

    def wait(self) -> None:
        """Returns when nothing is being made."""
        wait(self._begun.values())

    def _made(
        self, make: Callable[[int, int], Made], iteration: int, of: int, computed: torch.cuda.Event | None
    ) -> Made:
        if computed is None:
            return make(iteration, of)
        with torch.cuda.stream(self._stream):
            self._stream.wait_event(computed)
            return make(iteration, of)


def _helper_thread() -> ThreadPoolExecutor:
    """A thread that computes with one processor, beside the networks, which have all of them."""
    threads = torch.get_num_threads()
    helper = ThreadPoolExecutor(1, "patches")
    helper.submit(torch.set_num_threads, 1).result()
    torch.set_num_threads(threads)  # the number holds for a thread, but later threads begin with the last one set
    return helper
