"""Segments many scans on a pool, and only those whose results are missing.

What is done is known by the ledger and proved by the files: the results are there, their voxels are those that were
written, they lie on the scan's grid, and model, scan and what was asked for are still the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dualtaskseg.cluster.command import ClusterCommand, ended_error
from dualtaskseg.cluster.ledger import DONE, FAILED, SET_ASIDE, Entry, Ledger, key_of
from dualtaskseg.cluster.pool import Answer
from dualtaskseg.cluster.share import Share
from dualtaskseg.cluster.worker import Job
from dualtaskseg.contract.prediction import PredictionRecord
from dualtaskseg.errors import DualTaskSegError, InputError, StoppedError
from dualtaskseg.inference.outputs import OutputFiles, Scan, segment_to_files
from dualtaskseg.inference.ranking import factor_of
from dualtaskseg.inference.results import Guard, noted_fingerprint, why_not_ours
from dualtaskseg.inference.scan_errors import explained
from dualtaskseg.io.file_headers import files_of
from dualtaskseg.io.paths import visible
from dualtaskseg.io.streams import file_blocks
from dualtaskseg.model.description import ModelDescription


@dataclass(frozen=True)
class Segmented:
    """What a worker answers of one scan.

    Attributes:
        record: None where the results were there already.
        made_from, results: as in :class:`~dualtaskseg.cluster.ledger.Entry`.
    """

    record: PredictionRecord | None
    made_from: dict[str, str]
    results: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """What became of a scan. Without record and error its results were there already."""

    scan: Scan
    record: PredictionRecord | None = None
    error: DualTaskSegError | None = None

    @property
    def is_kept(self) -> bool:
        """Whether nothing had to be done."""
        return self.record is None and self.error is None


@dataclass
class Segmenting(Job):
    """Segments scans with one model.

    Args:
        scans: all of the command; no result replaces any of them.
        identity: of the model, see :func:`identity_of`.
    """

    model: Path
    device: str
    mirror: bool
    overwrite: bool
    series_uid: str
    scans: Sequence[Path]
    identity: str
    _predictor: Any = field(default=None, init=False)
    _guard: Any = field(default=None, init=False)

    def start(self) -> str:
        from dualtaskseg.inference.device import describe_device
        from dualtaskseg.inference.predictor import Predictor

        self._predictor = Predictor(self.model, self.device, self.mirror)
        self._guard = Guard(self.scans, self.overwrite)
        if identity_of(self._predictor.description) != self.identity:
            raise InputError(f"{self.model} holds another model on this computer", "Put the same model there")
        return describe_device(self._predictor.device)

    def do(self, task: tuple[Scan, OutputFiles, Entry | None], should_stop: Callable[[], bool]) -> Segmented:
        scan, files, known = task
        try:
            return self._segmented(scan.path, files, known, should_stop)
        except StoppedError:
            raise
        except Exception as error:
            raise explained(error, scan.path) from error

    def _segmented(
        self, scan: Path, files: OutputFiles, known: Entry | None, should_stop: Callable[[], bool]
    ) -> Segmented:
        made_from = {
            "model": self.identity,
            "scan": content_of(scan),
            "series": self.series_uid,
            "mirror": str(self.mirror),
        }
        if known is not None and is_done(known, made_from, scan, files, self.series_uid):
            return Segmented(None, made_from, known.results)
        self._guard.check([(scan, files.all())], self.series_uid)
        record = segment_to_files(self._predictor, scan, files, self._guard, self.series_uid, should_stop=should_stop)
        return Segmented(record, made_from, {file.name: noted_fingerprint(file) for file in files.all()})


def segment_scans(
    command: ClusterCommand, share: Share, job: Segmenting, work: Sequence[tuple[Scan, OutputFiles]], ledger: Ledger
) -> Iterator[Outcome]:
    """Segments scans, and notes in the ledger what becomes of each.

    Raises:
        InputError, DualTaskSegError, KeyboardInterrupt: as
            :meth:`~dualtaskseg.cluster.command.ClusterCommand.answers`; or the ledger can't be written.
    """
    tasks = ((scan, files, ledger.entry(scan.path)) for scan, files in work)
    for answer in command.answers(share, job, tasks, len(work)):
        outcome, entry = _outcome(answer)
        if entry is not None:
            ledger.add(entry)
        yield outcome


def _outcome(answer: Answer) -> tuple[Outcome, Entry | None]:
    """What became of a scan, and what the ledger is to note; None where it says so already."""
    scan: Scan = answer.task[0]
    entry = Entry(key_of(scan.path), DONE, tries=answer.tries, computer=answer.host)
    if answer.result is not None:
        done: Segmented = answer.result
        if done.record is None:
            return Outcome(scan), None
        record = done.record
        figures = {"agreement": record.agreement, "forecast": record.predicted_dice}
        entry = replace(entry, seconds=round(record.seconds, 3), made_from=done.made_from, results=done.results)
        return Outcome(scan, record), replace(entry, **figures)
    error = answer.fault.error() if answer.fault else ended_error(scan.path, answer)
    state = FAILED if answer.fault else SET_ASIDE
    return Outcome(scan, error=error), replace(entry, state=state, error=str(error))


def identity_of(model: ModelDescription) -> str:
    """Tells a model from all others that could answer otherwise: weights, plan, label values and names, forecast."""
    segments = [(segment.name, segment.value) for segment in model.segments]
    text = json.dumps([model.weights_sha256, model.plan, segments, factor_of(model)], sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def content_of(scan: Path) -> str:
    """32 hexadecimal digits that tell the content of a scan's files from all others.

    Raises:
        InputError, OSError: they can't be read.
    """
    digest = hashlib.blake2b(digest_size=16)
    files = sorted(path for path in visible(scan) if path.is_file()) if scan.is_dir() else files_of(scan)
    for file in files:
        digest.update(f"{file.stat().st_size}\n".encode())
        for block in file_blocks(file, 0, False, None):
            digest.update(block)
    return digest.hexdigest()


def is_done(entry: Entry, made_from: dict[str, str], scan: Path, files: OutputFiles, series_uid: str = "") -> bool:
    """Whether all results of a scan are there, as they were written, and made from the same as they would be now."""
    if entry.state != DONE or entry.made_from != made_from:
        return False
    return all(
        file.is_file()
        and file.name in entry.results
        and not why_not_ours(file, scan, series_uid)
        and noted_fingerprint(file) == entry.results[file.name]
        for file in files.all()
    )
