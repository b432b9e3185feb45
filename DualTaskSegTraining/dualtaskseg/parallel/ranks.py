"""The processes that take the steps of one training together, as seen by one of them.

Rank 0 leads: it owns the run folder, and what depends on the clock, the disk or the user it decides and tells the
others. Everything else each rank does by itself, in the same order as all others: whatever follows from the plan, the
seed and the number of the step comes out the same everywhere. A training of one process is a rank that is alone, for
which nothing of this costs anything.
"""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

from dualtaskseg.errors import InputError
from dualtaskseg.parallel.places import Place
from dualtaskseg.parallel.rows import Rows, Share

if TYPE_CHECKING:
    from dualtaskseg.parallel.watch import Watch

Result = TypeVar("Result")
HEADER = 256  # bytes, which a short message is told in


class Ranks:
    """A rank that is alone; see :class:`JoinedRanks` for one of several.

    Attributes:
        index, count: which one of how many.
        here: how many work on this machine.
        leads: whether it is rank 0.
        share: what it computes of every batch.
    """

    index = 0
    count = 1
    here = 1
    leads = True

    @property
    def share(self) -> Share:
        return Share(self.index, self.count)

    def decided(self, decide: Callable[[], Result]) -> Result:
        """What rank 0 decides: it alone is asked, and all get its answer, of values that JSON holds."""
        return decide()

    def first(self, work: Callable[[], Result], then: Callable[[], Result]) -> Result:
        """Rank 0 does its ``work``, then the others do what comes ``then``; returns what either gave."""
        return work()

    def any(self, is_so: bool) -> bool:
        """Whether it is so on any rank."""
        return is_so

    def agree(self, error: Exception | None, otherwise: Callable[[], Exception]) -> None:
        """Raises on all ranks where any has an error: its own, and ``otherwise`` on those that have none."""
        if self.any(error is not None):
            raise error or otherwise()

    def parallel(self, module: nn.Module) -> nn.Module:
        """The module whose gradients become those of the whole batch."""
        return module

    def gathered(self, own: torch.Tensor, rows: Rows) -> torch.Tensor:
        """What all ranks say of their patches, (of, ...) bool, given what this one says of its ones."""
        return own

    def spread(self, state: Callable[[], Any], load: Callable[[Any], None]) -> None:
        """Lets the others ``load`` the ``state`` of rank 0: tensors and plain values."""

    def explaining(self) -> AbstractContextManager:
        """While this lasts, an error becomes what :meth:`explained` makes of it."""
        return nullcontext()

    def device_name(self, name: str) -> str:
        """The device of this rank, given what was asked for.

        Raises:
            InputError: there aren't as many, or one alone was asked for.
        """
        return name

    def explained(self, error: Exception) -> Exception:
        """What an error of this rank comes from, where that is another rank's end; else the error itself."""
        return error


ALONE = Ranks()


class JoinedRanks(Ranks):
    """One of several, in PyTorch's default process group.

    Args:
        place: of this rank.
        watch: knows how the others do.
    """

    def __init__(self, place: Place, watch: Watch) -> None:
        self.place = place
        self.index = place.index
        self.count = place.count
        self.here = place.here_count
        self.leads = place.index == 0
        self.watch = watch

    def decided(self, decide: Callable[[], Result]) -> Result:
        if self.leads:
            answer = decide()
            self._tell(json.dumps(answer).encode())
            return answer
        return json.loads(self._told())

    def first(self, work: Callable[[], Result], then: Callable[[], Result]) -> Result:
        if not self.leads:
            self.any(False)
            return then()
        result = work()
        self.any(False)
        return result

    def any(self, is_so: bool) -> bool:
        flags = torch.tensor([int(is_so)])
        distributed.all_reduce(flags)
        return bool(flags)

    def parallel(self, module: nn.Module) -> nn.Module:
        # The gradients of kernels of one voxel have another of two layouts that are the same there.
        warnings.filterwarnings("ignore", message="Grad strides do not match bucket view strides")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # the argument has another name since PyTorch 2.12
            # buffers are what all ranks compute alike, see method/vnet.py
            return DistributedDataParallel(module, broadcast_buffers=False, gradient_as_bucket_view=True)

    def gathered(self, own: torch.Tensor, rows: Rows) -> torch.Tensor:
        everything = own.new_zeros((rows.of, *own.shape[1:]), dtype=torch.uint8)
        everything[rows.first : rows.end] = own
        distributed.all_reduce(everything)
        return everything > 0

    def spread(self, state: Callable[[], Any], load: Callable[[Any], None]) -> None:
        if self.leads:
            buffer = io.BytesIO()
            torch.save(state(), buffer)
            self._tell(buffer.getvalue())
        else:
            load(torch.load(io.BytesIO(self._told()), map_location="cpu", weights_only=True))

    @contextmanager
    def explaining(self) -> Iterator[None]:
        try:
            yield
        except RuntimeError as error:
            explained = self.explained(error)
            if explained is error:
                raise
            raise explained from error

    def device_name(self, name: str) -> str:
        place = self.place
        gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if name == "auto":
            name = "cuda" if gpus >= place.here_count else "cpu"
        if name not in ("cpu", "cuda"):
            raise InputError(
                f"Several workers can't train on the one device {name}",
                "Choose --device auto, cuda or cpu, or --workers 1",
            )
        if name == "cpu":
            return name
        if gpus < place.here_count:
            raise InputError(
                f"{place.here_count} workers need as many GPUs, and this computer has {gpus}",
                f"Choose --workers {gpus}" if gpus else "Choose --device cpu",
            )
        torch.cuda.set_device(place.here_index)  # for what goes to a GPU without saying to which
        return f"cuda:{place.here_index}"

    def explained(self, error: Exception) -> Exception:
        return self.watch.explained(error)

    def _tell(self, content: bytes) -> None:
        """Tells the others: short things at once, else how long they are at first."""
        header = len(content).to_bytes(8, "little") + content[: HEADER - 8]
        _broadcast(torch.frombuffer(bytearray(header.ljust(HEADER, b"\0")), dtype=torch.uint8))
        if len(content) > HEADER - 8:
            _broadcast(torch.frombuffer(bytearray(content), dtype=torch.uint8))

    def _told(self) -> bytes:
        header = _broadcast(torch.empty(HEADER, dtype=torch.uint8)).numpy().tobytes()
        size = int.from_bytes(header[:8], "little")
        if size <= HEADER - 8:
            return header[8 : 8 + size]
        return _broadcast(torch.empty(size, dtype=torch.uint8)).numpy().tobytes()


def _broadcast(content: torch.Tensor) -> torch.Tensor:
    distributed.broadcast(content, 0)
    return content
