"""Ranks the cases of a dataset on a pool, as :func:`dualtaskseg.inference.ranking.rank_cases` does in one process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dualtaskseg.cluster.command import ClusterCommand, ended_error
from dualtaskseg.cluster.share import Share
from dualtaskseg.cluster.worker import Job
from dualtaskseg.contract.dataset import Case
from dualtaskseg.data.assumed import Assumed
from dualtaskseg.errors import DualTaskSegError
from dualtaskseg.inference.ranking import Ranked, in_order, prepared_scans, rank_cases
from dualtaskseg.run.folder import RunFolder


@dataclass
class Comparing(Job):
    """Lets both networks look at cases.

    Args:
        model: a model or run folder.
        has_run: whether it is a run folder, whose prepared scans need not be read again.
    """

    model: Path
    device: str
    has_run: bool
    _predictor: Any = field(default=None, init=False)
    _prepared: Any = field(default=None, init=False)

    def start(self) -> str:
        from dualtaskseg.inference.device import describe_device
        from dualtaskseg.inference.predictor import Predictor

        self._predictor = Predictor(self.model, self.device)
        if self.has_run:
            self._prepared = prepared_scans(RunFolder.open(self.model), self._predictor.plan)
        return describe_device(self._predictor.device)

    def do(self, task: tuple[int, Case], should_stop: Callable[[], bool]) -> tuple[Ranked, Assumed]:
        assumed = Assumed()
        ranked, problems = rank_cases(self._predictor, [task[1]], self._prepared, assumed=assumed)
        if problems:
            raise problems[0][1]
        return ranked[0], assumed


def rank_on(
    command: ClusterCommand, share: Share, job: Comparing, cases: Sequence[Case], assumed: Assumed
) -> tuple[list[Ranked], list[tuple[Case, DualTaskSegError]]]:
    """Ranks cases on a pool; see :func:`~dualtaskseg.inference.ranking.rank_cases`."""
    ranked: list[Ranked] = []
    told: dict[int, Assumed] = {}
    problems: dict[int, tuple[Case, DualTaskSegError]] = {}
    for answer in command.answers(share, job, enumerate(cases), len(cases)):
        index, case = answer.task
        if answer.result is None:
            problems[index] = case, answer.fault.error() if answer.fault else ended_error(case.image, answer)
        else:
            entry, told[index] = answer.result
            ranked.append(entry)
    for index in sorted(told):
        assumed.update(told[index])
    return in_order(ranked), [problems[index] for index in sorted(problems)]
