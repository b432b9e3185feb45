"""The end of a training: the model folder, figures on held-out scans, the report.

The model comes first: it is what the hours were spent on. Whatever goes wrong while the results are looked at, with one
scan or with all, is told in the log, in the status and in the report, and stops nothing.
"""

from __future__ import annotations

import math
import os
import platform
import re
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from dualtaskseg.data.label_arrays import largest_part
from dualtaskseg.errors import InputError, StoppedError, in_a_word
from dualtaskseg.evaluation.metrics import UNION, quick_dice
from dualtaskseg.files import write_text
from dualtaskseg.inference.device import describe_device
from dualtaskseg.inference.predictor import PreparedPrediction, predict_prepared
from dualtaskseg.inference.ranking import forecast_factor
from dualtaskseg.method.networks import weights_of
from dualtaskseg.method.registry import method_of
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.model.description import ModelDescription, check_description
from dualtaskseg.model.folder import describe_model, write_model
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import PreparedCase, PreparedError
from dualtaskseg.progress import format_duration
from dualtaskseg.remedies import remedy_for
from dualtaskseg.report.content import CaseFigures, ReportContent
from dualtaskseg.report.page import report_html
from dualtaskseg.report.pictures import CasePicture, reduced
from dualtaskseg.training.context import RunContext
from dualtaskseg.training.stages import prepare_again
from dualtaskseg.training.validation import evenly_spaced
from dualtaskseg.version import VERSION

if TYPE_CHECKING:
    from dualtaskseg.method.learner import Learner

Result = TypeVar("Result")
OS_ERROR = re.compile(r"os error (\d+)")  # how safetensors tells what the system said

MOST_LABELED = 8  # labeled cases that are looked at where none was held out
MOST_UNLABELED = 12  # unlabeled cases that are looked at for the estimate of the quality
FEWEST = 2  # of each kind, however long it takes to look at one; one where the time budget is over
LOOKING_SHARE = 0.1  # of the training's time, after which no more of these are looked at
WRITTEN = {"python": "Python", "torch": "PyTorch", "monai": "MONAI", "numpy": "NumPy"}  # as their makers write them
PICTURES = {"validation": 4, "labeled": 2, "unlabeled": 4}


class Finalizer:
    """Ends a training in its run folder.

    Args:
        context: of the run.
    """

    def __init__(self, context: RunContext) -> None:
        self.context = context
        self.run = context.run

    def finish(self, learner: Learner) -> None:
        """Writes the model, validates, writes the report; may be called again after an interruption.

        Raises:
            StoppedError: a stop was asked for meanwhile; the model is there.
            OSError: the disk is full, or the folder can't be written.
        """
        try:
            self._finish(learner)
        except StoppedError:
            stopped = "Stopped while looking at the results; the training itself is done and saved"
            raise self.context.stopped(stopped) from None

    def _finish(self, learner: Learner) -> None:
        status = self.context.status
        status.update(phase="finishing", message="Writing the model")
        networks = learner.teachers.eval()
        plan = learner.plan
        self._write_model(networks, plan, {}, 1.0)
        status.update(message="Looking at the results")
        plan = self._with_largest_parts(learner, plan)
        figures, pictures = self._look(learner, plan)
        validation = self._try(
            "The mean of the figures",
            lambda: _mean_of([entry for entry in figures if entry.role == "validation"], plan),
            {},
        )
        if validation:
            self._append_figures(plan, validation)
        factor = self._try("The forecast of the quality", lambda: _forecast_factor(figures), 1.0)
        figures = [_with_forecast(entry, factor) for entry in figures]
        self._try("The model's own figures", lambda: self._describe_model(plan, validation, factor), None)
        self._write_report(plan, figures, pictures, validation)
        status.update(phase="finished", iteration=plan.iterations, of=plan.iterations, seconds_left=0, message="Done")

    def _try(
        self, what: str, work: Callable[[], Result], otherwise: Result, case: PreparedCase | None = None
    ) -> Result:
        """Does something that only informs: a fault of any kind is told, and the rest goes on.

        Args:
            what: is to be made, as the beginning of a sentence.
            work: makes it.
            otherwise: what to go on with.
            case: the one scan that it is about, if any.

        Raises:
            StoppedError: a stop was asked for meanwhile.
            OSError: the disk is full or gone, so that nothing else could be written either.
        """
        try:
            return work()
        except StoppedError:
            raise
        except Exception as error:
            if isinstance(error, OSError) and case is None and remedy_for(error):
                raise
            self.run.log("".join(traceback.format_exception(error)))
            scan = f" of the scan {case.name}" if case is not None else ""
            self.context.note(f"{what}{scan} could not be made and is left out ({in_a_word(error)})")
            return otherwise

    def _append_figures(self, plan: Plan, validation: dict[str, float]) -> None:
        rows, _ = self.run.read_metrics()
        row = {"kind": "validation", "iteration": plan.iterations, "dice": validation}
        if any(all(each.get(key) == value for key, value in row.items()) for each in rows):
            return  # of a try that was broken off after it
        self.run.append_metrics({**row, "time": round(self.context.state.seconds, 2)})

    def _write_report(
        self, plan: Plan, figures: list[CaseFigures], pictures: list[CasePicture], validation: dict[str, float]
    ) -> None:
        """Writes the report; where something in it can't be drawn, without pictures, then with neither."""
        rows, _ = self.run.read_metrics()
        for entries, drawn, curves in ((figures, pictures, rows), (figures, [], rows), ([], [], [])):
            html = self._try(
                "A part of the report",
                lambda entries=entries, drawn=drawn, curves=curves: report_html(
                    self._report(plan, entries, drawn, validation, curves)
                ),
                "",
            )
            if html:
                write_text(self.run.report_file, html)
                return

    def _with_largest_parts(self, learner: Learner, plan: Plan) -> Plan:
        """Decides for each segment whether to keep its largest part only: where that helps on the validation scans."""
        if not method_of(plan).chooses_parts or len(self.context.cases.validation) < 2:
            return plan
        gains = np.zeros(len(plan.segments))
        show = self.context.on_progress("Looking at validation")
        for done, case in enumerate(self.context.cases.validation, 1):
            gains += self._try(
                "The comparison of the largest parts",
                lambda case=case: self._gains(learner, plan, case),
                np.zeros(len(plan.segments)),
                case,
            )
            show(done, len(self.context.cases.validation))
        return plan.replaced(keep_largest=tuple(bool(gain > 0) for gain in gains))

    def _gains(self, learner: Learner, plan: Plan, case: PreparedCase) -> np.ndarray:
        """By how much the Dice of each segment grows where only its largest part is kept."""
        label = self._prediction_of(learner, plan, case).label
        truth = np.asarray(case.label())
        gains = np.zeros(len(plan.segments))
        for index in range(len(plan.segments)):
            mask = label == index + 1
            before = quick_dice(mask, truth == index + 1, [1])[1]
            gains[index] = quick_dice(largest_part(mask), truth == index + 1, [1])[1] - before
        return gains

    def _look(self, learner: Learner, plan: Plan) -> tuple[list[CaseFigures], list[CasePicture]]:
        """Figures of validation cases, of some labeled and of some unlabeled ones, and pictures of a few of each.

        All validation cases are looked at; of the others, on scans that take long, fewer than planned. A scan that
        can't be looked at is left out.
        """
        context, pace = self.context, self.context.pace
        until = time.monotonic() + LOOKING_SHARE * context.state.seconds
        groups: dict[str, Sequence[PreparedCase]] = {
            "validation": context.cases.validation,
            "labeled": [] if context.cases.validation else context.cases.training[:MOST_LABELED],
            "unlabeled": evenly_spaced(context.cases.unlabeled, MOST_UNLABELED),
        }
        figures, pictures = [], []
        for role, cases in groups.items():
            show = context.on_progress(f"Looking at {role}")
            entries: list[CaseFigures] = []
            looked_at: list[PreparedCase] = []
            for done, case in enumerate(cases, 1):
                entry = self._try(
                    "The figures", lambda c=case, r=role: self._figures_of(learner, plan, c, r), None, case
                )
                if entry is not None:
                    entries.append(entry)
                    looked_at.append(case)
                is_enough = pace.is_over() or (done >= FEWEST and time.monotonic() > until)
                if role != "validation" and is_enough:
                    show(len(cases), len(cases))
                    break
                show(done, len(cases))
            figures += entries
            # asked again for the pictures: the answers of all cases at once could fill the memory
            for index in _shown(entries, 1 if pace.is_over() else PICTURES[role]):
                case, entry = looked_at[index], entries[index]
                picture = self._try(
                    "The picture", lambda c=case, e=entry: self._picture_of(learner, plan, c, e), None, case
                )
                if picture is not None:
                    pictures.append(picture)
        return figures, pictures

    def _figures_of(self, learner: Learner, plan: Plan, case: PreparedCase, role: str) -> CaseFigures:
        return _figures(case, role, self._prediction_of(learner, plan, case), plan)

    def _picture_of(self, learner: Learner, plan: Plan, case: PreparedCase, entry: CaseFigures) -> CasePicture:
        return _picture(case, entry.role, self._prediction_of(learner, plan, case), entry, plan)

    def _prediction_of(self, learner: Learner, plan: Plan, case: PreparedCase) -> PreparedPrediction:
        def ask() -> PreparedPrediction:
            return predict_prepared(learner.teachers, plan, case.image(), should_stop=self.run.stop_requested)

        try:
            return ask()
        except PreparedError as error:
            prepare_again(self.context, learner, error)
            return ask()

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
        return str(self.context.request.name or self.run.folder.resolve().name)

    def _write_model(self, networks: TwoNetworks, plan: Plan, validation: dict[str, float], factor: float) -> None:
        from safetensors import SafetensorError
        from safetensors.torch import save_file

        weights = weights_of(networks)

        def write(path: Path) -> None:
            try:
                save_file(weights, path)
            except SafetensorError as error:
                number = OS_ERROR.search(str(error))
                if number is None:
                    raise
                code = int(number[1])  # a full disk is no defect of ours
                raise OSError(code, os.strerror(code), str(self.run.model_folder)) from error

        write_model(self.run.model_folder, self._description(plan, validation, factor), write)

    def _describe_model(self, plan: Plan, validation: dict[str, float], factor: float) -> None:
        """Adds to the model that is there already what was found out by looking at the results."""
        describe_model(self.run.model_folder, self._description(plan, validation, factor))

    def _description(self, plan: Plan, validation: dict[str, float], factor: float) -> ModelDescription:
        context = self.context
        return ModelDescription(
            name=self.name,
            segments=plan.segments,
            plan=plan.to_dict(),
            trained_on={
                "labeled": len(context.split.training),
                "unlabeled": 0 if plan.is_supervised else len(context.cases.unlabeled),
                "validation": len(context.split.validation),
                "seed": plan.seed,
                "method": plan.method,
                "preset": plan.preset,
                "iterations": plan.iterations,
                "device": describe_device(context.device),
                "validation_figures": {segment.name: {"dice": validation[segment.name]} for segment in plan.segments}
                if validation
                else None,
                "validation_reason": context.split.reason,
                "forecast_factor": round(factor, 5),
            },
            versions={"dualtaskseg": VERSION, **_library_versions()},
        )

    def _report(
        self,
        plan: Plan,
        figures: list[CaseFigures],
        pictures: list[CasePicture],
        validation: dict[str, float],
        rows: list[dict[str, Any]],
    ) -> ReportContent:
        context, request = self.context, self.context.request
        seconds = context.state.seconds
        asked = {
            "Dataset": context.dataset.name,
            "Structures": ", ".join(segment.name for segment in plan.segments),
            "Labeled scans learned from": str(len(context.split.training)),
            "Unlabeled scans learned from": str(0 if plan.is_supervised else len(context.cases.unlabeled)),
            "Labeled scans held out": str(len(context.split.validation)),
            "Preset": plan.preset,
            "Method": "labeled scans only (supervised)" if plan.is_supervised else method_of(plan).title,
            "Time budget": format_duration(request.time_budget) if request.time_budget else "not given",
            "Seed": str(plan.seed),
        }
        return ReportContent(
            title=self.name,
            created=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
            asked=asked,
            plan_notes=list(plan.notes),
            plan_table=_plan_table(plan),
            metrics=rows,
            segments=plan.segments,
            cases=figures,
            pictures=pictures,
            validation_note=context.split.reason,
            timing={
                "Device": describe_device(context.device),
                "Training": format_duration(seconds),
                "Steps": f"{plan.iterations}, {seconds / max(1, plan.iterations):.2f} s each on average",
            },
            versions={"DualTaskSeg": VERSION}
            | {WRITTEN.get(name, name): number for name, number in _library_versions().items()},
            warnings=list(context.state.warnings),
            outcome="finished",
            scans={
                "labeled": len(context.split.training),
                "unlabeled": 0 if plan.is_supervised else len(context.cases.unlabeled),
                "validation": len(context.split.validation),
            },
        )


def _library_versions() -> dict[str, str]:
    names = ("torch", "monai", "safetensors", "numpy")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def _mean_of(entries: list[CaseFigures], plan: Plan) -> dict[str, float]:
    if not entries:
        return {}
    names = [segment.name for segment in plan.segments]
    means = {name: float(np.mean([entry.dice[name] for entry in entries])) for name in names}
    means[UNION] = float(np.mean([entry.union for entry in entries]))
    if not all(math.isfinite(value) for value in means.values()):
        raise ValueError("the networks gave no numbers")
    return {name: round(value, 5) for name, value in means.items()}


def _figures(case: PreparedCase, role: str, prediction_on_grid: PreparedPrediction, plan: Plan) -> CaseFigures:
    names = [segment.name for segment in plan.segments]
    dice: dict[str, float | None] = dict.fromkeys(names)
    union = None
    if case.role == "labeled":
        scores = quick_dice(prediction_on_grid.label, np.asarray(case.label()), range(1, len(names) + 1))
        dice = {name: scores[index + 1] for index, name in enumerate(names)}
        union = scores[UNION]
    summary = prediction_on_grid.summary
    return CaseFigures(case.name, role, dice, union, summary.expected_dice, summary.agreement)


def _forecast_factor(figures: list[CaseFigures]) -> float:
    factor = forecast_factor([(entry.union, entry.agreement) for entry in figures if entry.union is not None])
    if not math.isfinite(factor):
        raise ValueError("the networks gave no numbers")
    return factor


def _with_forecast(entry: CaseFigures, factor: float) -> CaseFigures:
    return replace(entry, expected_dice=min(1.0, (entry.agreement or 0.0) * factor))


def _picture(
    case: PreparedCase, role: str, prediction_on_grid: PreparedPrediction, figures: CaseFigures, plan: Plan
) -> CasePicture:
    outlines: dict[str, np.ndarray] = {}
    if case.role == "labeled":
        outlines["label"] = np.asarray(case.label())
    outlines["probability network"] = prediction_on_grid.label_probability
    outlines["distance network"] = prediction_on_grid.label_distance
    agreement = f"the two networks agree to {figures.agreement:.2f}"
    note = f"Dice {figures.union:.2f}, {agreement}" if figures.union is not None else agreement
    axes = tuple(reversed(plan.orientation))
    return reduced(CasePicture(case.name, role, case.image(), plan.spacing, outlines, note, axes))


def _shown(entries: list[CaseFigures], most: int) -> list[int]:
    """Which cases get a picture: from the worst to the best, since those in doubt are the ones to look at."""
    order = sorted(range(len(entries)), key=lambda index: _quality(entries[index]))
    return evenly_spaced(order, most)


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
        "Learning rate": f"{plan.learning_rate:g}",
        "Arithmetic": plan.precision,
    }
