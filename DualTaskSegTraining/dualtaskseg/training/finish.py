"""The end of a training: figures on held-out scans, the model folder, the report."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dualtaskseg.data.prepare import PreparedCase
from dualtaskseg.errors import InputError
from dualtaskseg.evaluation.drawing import reduced
from dualtaskseg.evaluation.metrics import UNION, quick_dice
from dualtaskseg.evaluation.report import CaseFigures, CasePicture, ReportContent, write_report
from dualtaskseg.inference.device import describe_device
from dualtaskseg.inference.predictor import PreparedOpinion, largest_part, predict_prepared
from dualtaskseg.inference.ranking import forecast_factor
from dualtaskseg.method.mutual import TwoNetworks
from dualtaskseg.method.networks import weights_of
from dualtaskseg.method.plan import Plan
from dualtaskseg.model import ModelDescription, check_description, write_model
from dualtaskseg.progress import format_duration
from dualtaskseg.version import VERSION

if TYPE_CHECKING:
    from dualtaskseg.method.learner import Learner
    from dualtaskseg.training.trainer import Trainer

MOST_LABELED = 8  # labeled cases that are looked at where none was held out
MOST_UNLABELED = 12  # unlabeled cases that are looked at for the estimate of the quality
FEWEST = 2  # of each kind, however long it takes to look at one
LOOKING_SHARE = 0.1  # of the training's time, after which no more of these are looked at
WRITTEN = {"python": "Python", "torch": "PyTorch", "monai": "MONAI", "numpy": "NumPy"}  # as their makers write them
PICTURES = {"validation": 4, "labeled": 2, "unlabeled": 4}


class Finisher:
    """Ends a training in its run folder.

    Args:
        trainer: whose training is over.
    """

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.run = trainer.run

    def finish(self, learner: Learner) -> None:
        """Validates, writes model and report; may be called again after an interruption."""
        status = self.trainer.status
        status.update(phase="finishing", message="Looking at the results")
        networks = learner.teachers.eval()
        plan = self._with_largest_parts(networks, learner.plan)
        figures, pictures = self._look(networks, plan)
        validation = _mean_of([entry for entry in figures if entry.role == "validation"], plan)
        if validation:
            self.run.append_metrics(
                {
                    "kind": "validation",
                    "iteration": plan.iterations,
                    "time": round(self.trainer.state.seconds, 2),
                    "dice": validation,
                }
            )
        factor = forecast_factor([(entry.union, entry.agreement) for entry in figures if entry.union is not None])
        figures = [_with_forecast(entry, factor) for entry in figures]
        self._write_model(networks, plan, validation, factor)
        write_report(self.run.report_file, self._report(plan, figures, pictures, validation))
        status.update(phase="finished", iteration=plan.iterations, of=plan.iterations, seconds_left=0, message="Done")

    def _with_largest_parts(self, networks: TwoNetworks, plan: Plan) -> Plan:
        """Decides for each segment whether to keep its largest part only: where that helps on the validation scans."""
        if plan.preset == "paper" or len(self.trainer.validation) < 2:
            return plan
        gains = np.zeros(len(plan.segments))
        show = self.trainer.on_progress("Looking at validation")
        for done, case in enumerate(self.trainer.validation, 1):
            label = self._opinion(networks, plan, case).label
            truth = np.asarray(case.label())
            for index in range(len(plan.segments)):
                mask = label == index + 1
                before = quick_dice(mask, truth == index + 1, [1])[1]
                gains[index] += quick_dice(largest_part(mask), truth == index + 1, [1])[1] - before
            show(done, len(self.trainer.validation))
        return plan.replaced(keep_largest=tuple(bool(gain > 0) for gain in gains))

    def _look(self, networks: TwoNetworks, plan: Plan) -> tuple[list[CaseFigures], list[CasePicture]]:
        """Figures of validation cases, of some labeled and of some unlabeled ones, and pictures of a few of each.

        All validation cases are looked at; of the others, on scans that take long, fewer than planned.
        """
        trainer = self.trainer
        until = time.monotonic() + LOOKING_SHARE * trainer.state.seconds
        training = trainer.split.training
        by_name = {case.name: case for case in trainer.training}
        groups: dict[str, Sequence[PreparedCase]] = {
            "validation": trainer.validation,
            "labeled": [] if trainer.validation else [by_name[name] for name in training[:MOST_LABELED]],
            "unlabeled": spread(trainer.unlabeled, MOST_UNLABELED),
        }
        figures, pictures = [], []
        for role, cases in groups.items():
            show = trainer.on_progress(f"Looking at {role}")
            entries = []
            for done, case in enumerate(cases, 1):
                entries.append(_figures(case, role, self._opinion(networks, plan, case), plan))
                if role != "validation" and done >= FEWEST and time.monotonic() > until:
                    show(len(cases), len(cases))
                    break
                show(done, len(cases))
            figures += entries
            # asked again for the pictures: the answers of all cases at once could fill the memory
            for index in _shown(entries, PICTURES[role]):
                opinion = self._opinion(networks, plan, cases[index])
                pictures.append(_picture(cases[index], role, opinion, entries[index], plan))
        return figures, pictures

    def _opinion(self, networks: TwoNetworks, plan: Plan, case: PreparedCase) -> PreparedOpinion:
        return predict_prepared(networks, plan, case.image(), should_stop=self.run.stop_requested)

    def check(self, plan: Plan) -> None:
        """Makes sure, before the training begins, that its model can be written when it ends.

        Raises:
            InputError: a name can't stand in a model.
        """
        try:
            check_description(self._description(plan, {}, 1.0))
        except (TypeError, ValueError) as error:
            raise InputError(
                f"The model of this training could not be written: {error}", "Give the segment or the run another name"
            ) from error

    @property
    def name(self) -> str:
        """What the model and the report are called: as asked, else as the run folder."""
        return str(self.run.request.get("name") or self.run.folder.resolve().name)

    def _write_model(self, networks: TwoNetworks, plan: Plan, validation: dict[str, float], factor: float) -> None:
        from safetensors.torch import save_file

        weights = weights_of(networks)

        def write(path: Path) -> None:
            save_file(weights, path)

        write_model(self.run.model_folder, self._description(plan, validation, factor), write)

    def _description(self, plan: Plan, validation: dict[str, float], factor: float) -> ModelDescription:
        trainer = self.trainer
        return ModelDescription(
            name=self.name,
            segments=plan.segments,
            plan=plan.to_document(),
            trained_on={
                "labeled": len(trainer.split.training),
                "unlabeled": len(trainer.unlabeled) if plan.method == "mutual" else 0,
                "validation": len(trainer.split.validation),
                "seed": plan.seed,
                "method": plan.method,
                "preset": plan.preset,
                "iterations": plan.iterations,
                "device": describe_device(trainer.device),
                "validation_figures": {
                    segment["name"]: {"dice": validation[segment["name"]]} for segment in plan.segments
                }
                if validation
                else None,
                "validation_reason": trainer.split.reason,
                "forecast_factor": round(factor, 5),
            },
            versions={"dualtaskseg": VERSION, **_library_versions()},
        )

    def _report(
        self, plan: Plan, figures: list[CaseFigures], pictures: list[CasePicture], validation: dict[str, float]
    ) -> ReportContent:
        trainer, request = self.trainer, self.run.request
        rows, _ = self.run.read_metrics()
        seconds = trainer.state.seconds
        asked = {
            "Dataset": trainer.dataset.name,
            "Structures": ", ".join(segment["name"] for segment in plan.segments),
            "Labeled scans learned from": str(len(trainer.split.training)),
            "Unlabeled scans learned from": str(len(trainer.unlabeled) if plan.method == "mutual" else 0),
            "Labeled scans held out": str(len(trainer.split.validation)),
            "Preset": plan.preset,
            "Method": "mutual learning" if plan.method == "mutual" else "labeled scans only (supervised)",
            "Time budget": format_duration(request["time_budget"]) if request.get("time_budget") else "not given",
            "Seed": str(plan.seed),
        }
        return ReportContent(
            title=self.name,
            created=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
            asked=asked,
            plan_notes=list(plan.notes),
            plan_table=_plan_table(plan),
            metrics=rows,
            segments=[{"name": s["name"], "color": s["color"]} for s in plan.segments],
            cases=figures,
            pictures=pictures,
            validation_note=trainer.split.reason,
            timing={
                "Device": describe_device(trainer.device),
                "Training": format_duration(seconds),
                "Steps": f"{plan.iterations}, {seconds / max(1, plan.iterations):.2f} s each on average",
            },
            versions={"DualTaskSeg": VERSION}
            | {WRITTEN.get(name, name): number for name, number in _library_versions().items()},
            warnings=list(trainer.state.warnings),
            outcome="finished",
            scans={
                "labeled": len(trainer.split.training),
                "unlabeled": len(trainer.unlabeled) if plan.method == "mutual" else 0,
                "validation": len(trainer.split.validation),
            },
        )


def _library_versions() -> dict[str, str]:
    names = ("torch", "monai", "safetensors", "numpy")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def score_cases(
    networks: TwoNetworks, plan: Plan, cases: Sequence[PreparedCase], should_stop: Callable[[], bool] | None = None
) -> list[dict[int | str, float]]:
    """Dice of each case, by segment and of all segments together, on the plan's grid.

    Raises:
        StoppedError: ``should_stop`` answered True.
    """
    values = range(1, len(plan.segments) + 1)
    scores = []
    for case in cases:
        opinion = predict_prepared(networks, plan, case.image(), should_stop=should_stop)
        scores.append(quick_dice(opinion.label, np.asarray(case.label()), values))
    return scores


def named_means(scores: Sequence[dict[int | str, float]], plan: Plan) -> dict[str, float]:
    """The mean over cases, by the segments' names."""
    if not scores:
        return {}
    names = {index + 1: segment["name"] for index, segment in enumerate(plan.segments)} | {UNION: UNION}
    return {names[key]: round(float(np.mean([score[key] for score in scores])), 5) for key in scores[0]}


def _mean_of(entries: list[CaseFigures], plan: Plan) -> dict[str, float]:
    if not entries:
        return {}
    names = [segment["name"] for segment in plan.segments]
    means = {name: float(np.mean([entry.dice[name] for entry in entries])) for name in names}
    means[UNION] = float(np.mean([entry.union for entry in entries]))
    return {name: round(value, 5) for name, value in means.items()}


def _figures(case: PreparedCase, role: str, opinion: PreparedOpinion, plan: Plan) -> CaseFigures:
    names = [segment["name"] for segment in plan.segments]
    dice: dict[str, float | None] = dict.fromkeys(names)
    union = None
    if case.role == "labeled":
        scores = quick_dice(opinion.label, np.asarray(case.label()), range(1, len(names) + 1))
        dice = {name: scores[index + 1] for index, name in enumerate(names)}
        union = scores[UNION]
    summary = opinion.summary
    return CaseFigures(case.name, role, dice, union, summary.expected_dice, summary.agreement)


def _with_forecast(entry: CaseFigures, factor: float) -> CaseFigures:
    return replace(entry, expected_dice=min(1.0, (entry.agreement or 0.0) * factor))


def _picture(case: PreparedCase, role: str, opinion: PreparedOpinion, figures: CaseFigures, plan: Plan) -> CasePicture:
    outlines: dict[str, np.ndarray] = {}
    if case.role == "labeled":
        outlines["label"] = np.asarray(case.label())
    outlines["probability network"] = opinion.label_probability
    outlines["distance network"] = opinion.label_distance
    agreement = f"the two networks agree to {figures.agreement:.2f}"
    note = f"Dice {figures.union:.2f}, {agreement}" if figures.union is not None else agreement
    axes = tuple(reversed(plan.orientation))
    return reduced(CasePicture(case.name, role, case.image(), plan.spacing, outlines, note, axes))


def spread(cases: Sequence[PreparedCase], most: int) -> list[PreparedCase]:
    """At most so many cases, evenly over all."""
    if len(cases) <= most:
        return list(cases)
    if most < 2:
        return list(cases[:most])
    return [cases[round(index * (len(cases) - 1) / (most - 1))] for index in range(most)]


def _shown(entries: list[CaseFigures], most: int) -> list[int]:
    """Which cases get a picture: from the worst to the best, since those in doubt are the ones to look at."""
    order = sorted(range(len(entries)), key=lambda index: _quality(entries[index]))
    if len(order) <= most:
        return order
    return [order[round(place * (len(order) - 1) / (most - 1))] for place in range(most)]


def _quality(entry: CaseFigures) -> float:
    return entry.union if entry.union is not None else entry.agreement


def _plan_table(plan: Plan) -> dict[str, str]:
    def by(values: Sequence[Any]) -> str:
        return " x ".join(f"{value:g}" for value in reversed(values))

    network = plan.network
    return {
        "Grid": f"{by(plan.spacing)} mm (x, y, z)",
        "Patch": f"{by(plan.patch)} voxels",
        "Patches a step": f"{plan.batch_labeled} labeled, {plan.batch_unlabeled} unlabeled",
        "Networks": f"two {'V-Nets' if network.kind == 'vnet' else 'U-Nets'} of {len(network.filters)} levels, "
        f"{network.filters[0]} to {network.filters[-1]} filters"
        + (", at half the resolution" if max(network.stem) > 1 else ""),
        "Signed distances cut at": ", ".join(f"{value:g} mm" for value in plan.truncation),
        "Learning rate": f"{plan.rate:g}",
        "Arithmetic": plan.precision,
    }
