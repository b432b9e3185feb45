"""Which unlabeled scan is worth outlining next: one in which nothing was found, else the one on which the two networks
agree least."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dualtaskseg.contract.dataset import EXCLUDED, Case, Dataset
from dualtaskseg.data.assumed import Assumed
from dualtaskseg.errors import DualTaskSegError, InputError
from dualtaskseg.inference.scan_errors import explained
from dualtaskseg.io.images import read_geometry, read_image
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import PreparedCase, is_current, open_prepared
from dualtaskseg.progress import ignore
from dualtaskseg.run.folder import RunFolder

if TYPE_CHECKING:
    from dualtaskseg.inference.predictor import Predictor
    from dualtaskseg.inference.uncertainty import Summary


@dataclass(frozen=True)
class Ranked:
    """One case of a ranking.

    Attributes:
        agreement: Dice of the two networks' masks, all segments together.
        predicted_dice: what the Dice with the truth is expected to be, see :func:`forecast`; None where it is unknown,
            since nothing was found in the scan.
    """

    case: str
    agreement: float
    predicted_dice: float | None


def predicted_dice(summary: Summary, factor: float) -> float | None:
    """The Dice to expect of a scan that nobody outlined: the two networks' agreement, times ``factor``.

    None where nothing can be seen in the scan, so that the networks were not asked.

    Two networks that learned from the same labels also share errors, so they agree more with each other than with the
    truth. The factor is what was lost on labeled scans, the mean Dice there by the mean agreement there; it also keeps
    two networks that learned nothing, and agree on it, from being trusted.
    """
    if summary.agreement is None:
        return None
    return min(1.0, max(0.0, summary.agreement * factor))


def forecast(summary: Summary, factor: float) -> float | None:
    """As :func:`predicted_dice`; None also where nothing was found.

    Two networks that find nothing agree on it entirely, which says nothing of whether they overlooked a structure.
    """
    return predicted_dice(summary, factor) if any(summary.volume_ml.values()) else None


def forecast_factor(pairs: Sequence[tuple[float, float]]) -> float:
    """The factor of :func:`predicted_dice` from (Dice, agreement) of labeled scans; 1 where there is none."""
    agreement = sum(pair[1] for pair in pairs)
    return min(1.0, sum(pair[0] for pair in pairs) / agreement) if agreement > 0 else 1.0


def factor_of(description: ModelDescription) -> float:
    """The factor of :func:`predicted_dice` that stands in a model; 1 where none does that makes sense."""
    factor = description.trained_on.get("forecast_factor")
    is_number = isinstance(factor, (int, float)) and not isinstance(factor, bool)
    return float(factor) if is_number and 0 <= factor <= 1 else 1.0


def rank_cases(
    predictor: Predictor,
    cases: Sequence[Case],
    prepared: Mapping[Path, PreparedCase] | None = None,
    on_progress: Callable[[int], None] = ignore,
    assumed: Assumed | None = None,
) -> tuple[list[Ranked], list[tuple[Case, DualTaskSegError]]]:
    """Ranks cases, the one worth outlining next first.

    Args:
        prepared: scans by their path that need not be read again, see :func:`prepared_scans`.
        assumed: collects what had to be assumed about the scans.

    Returns:
        the ranking, and the cases that could not be ranked with the reason: their scan can't be read, or shows nothing.
    """
    from dualtaskseg.inference.limits import smallness_of
    from dualtaskseg.inference.predictor import predict_prepared

    factor = factor_of(predictor.description)
    ranked: list[Ranked] = []
    problems: list[tuple[Case, DualTaskSegError]] = []
    for index, case in enumerate(cases):
        try:
            known = prepared.get(case.image) if prepared else None
            if known is not None and known.doubts is not None and predictor.plan.overview is None:
                summary = predict_prepared(predictor.networks, predictor.plan, known.image()).summary
                small = smallness_of(read_geometry(case.image), known.shape, predictor.plan)
                warnings = [*known.doubts, *filter(None, [small])]
            else:
                summary = predictor.predict(read_image(case.image)).summary
                warnings = list(summary.warnings)
            if summary.unseen:  # two networks that see nothing agree on it, which says nothing
                raise InputError(summary.unseen, "Leave this scan out")
            if assumed is not None:
                assumed.add(case.name, warnings)
            ranked.append(Ranked(case.name, summary.agreement, forecast(summary, factor)))
        except Exception as error:  # whatever it is, it must not keep the other scans from being ranked
            problems.append((case, explained(error, case.image)))
        on_progress(index + 1)
    return in_order(ranked), problems


def in_order(ranked: Iterable[Ranked]) -> list[Ranked]:
    """The cases by what is to be expected of them, the one worth outlining next first.

    Those of which nothing is known come first: either the structure is not there, which is soon said, or both networks
    overlooked it, and of no other scan there is more to learn.
    """

    def place(entry: Ranked) -> tuple[bool, float, float, str]:
        return entry.predicted_dice is not None, entry.predicted_dice or 0.0, entry.agreement, entry.case

    return sorted(ranked, key=place)


def prepared_scans(run: RunFolder, plan: Plan) -> dict[Path, PreparedCase]:
    """The run's prepared scans by the path of the scan; empty where any of them is no longer current."""
    dataset = run.read_request().dataset
    cases = [*dataset.labeled, *dataset.unlabeled]  # with the roles they were prepared in
    if not is_current(cases, plan, run.prepared_folder):
        return {}
    by_name = {case.name: case for case in open_prepared(run.prepared_folder, plan)}
    return {case.image: by_name[case.name] for case in cases}


def cases_to_rank(dataset: Dataset, trained: Dataset | None) -> list[Case]:
    """The cases of a dataset that a model was not trained on with their labels.

    Args:
        trained: that of the model's run, where it is known; else the dataset's own roles decide. A dataset that was
            moved since is known by the names of its cases.
    """
    present = [case for case in dataset.cases if case.role != EXCLUDED]
    if trained is None:
        return list(dataset.unlabeled) or present
    known = {str(case.image): case.name for case in trained.cases}
    learned = {str(case.image) for case in trained.labeled}
    if any(str(case.image) in known for case in present):
        return [case for case in present if str(case.image) not in learned]
    was_moved = dataset.name == trained.name and {case.name for case in present} & set(known.values())
    names = {known[image] for image in learned} if was_moved else set()
    return [case for case in present if case.name not in names]
