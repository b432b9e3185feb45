"""Reads the scans of a dataset on a pool, for what :func:`dualtaskseg.data.checks.check_dataset` judges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dualtaskseg.cluster.command import ClusterCommand, ended_error
from dualtaskseg.cluster.share import Share
from dualtaskseg.cluster.worker import Job
from dualtaskseg.contract.dataset import Case
from dualtaskseg.contract.issue import Issue
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.fingerprint import CaseFingerprint, blank_fingerprint, extract_fingerprint
from dualtaskseg.data.meaning import Meaning
from dualtaskseg.progress import ignore


@dataclass
class Reading(Job):
    """Takes the fingerprints of cases."""

    meaning: Meaning

    def start(self) -> str:
        return ""

    def do(self, task: tuple[int, Case], should_stop: Callable[[], bool]) -> CaseFingerprint:
        return extract_fingerprint(task[1], self.meaning)


def reader(command: ClusterCommand, share: Share) -> Callable[..., list[CaseFingerprint]]:
    """What reads cases on a pool in place of :func:`~dualtaskseg.data.fingerprint.extract_fingerprints`."""

    def extract(
        cases: Sequence[Case],
        segments: Sequence[Segment],
        workers: int | None = None,
        on_progress: Callable[[int, str], None] = ignore,
        not_chosen: Sequence[Segment] = (),
    ) -> list[CaseFingerprint]:
        job = Reading(Meaning(tuple(segments), tuple(not_chosen)))
        found: dict[int, CaseFingerprint] = {}
        for answer in command.answers(share, job, enumerate(cases), len(cases)):
            index, case = answer.task
            if answer.fault:
                raise answer.fault.error()
            one = blank_fingerprint(case) if answer.lost else answer.result
            if answer.lost:
                one.problems.append(Issue.of(ended_error(case.image, answer), "set-aside", case.name, str(case.image)))
            found[index] = one
            on_progress(len(found), one.name)
        return [found[index] for index in range(len(cases))]

    return extract
