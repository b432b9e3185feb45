"""The end of a training: the model folder, figures on held-out scans, the report.

The model comes first: it is what the hours were spent on. Whatever goes wrong while the results are looked at, with one
scan or with all, is told in the log, in the status and in the report, and stops nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dualtaskseg.contract.segment import Segment
from dualtaskseg.errors import InputError, StoppedError
from dualtaskseg.files import write_text
from dualtaskseg.inference.device import describe_device
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.networks import weights_of
from dualtaskseg.method.weights import OVERVIEW
from dualtaskseg.model.description import ModelDescription, check_description
from dualtaskseg.model.folder import describe_model, read_model, write_model
from dualtaskseg.planning.plan import Plan
from dualtaskseg.report.content import CaseFigures
from dualtaskseg.report.page import report_html
from dualtaskseg.report.pictures import CasePicture
from dualtaskseg.training.context import RunContext
from dualtaskseg.training.findings import (
    factor_of,
    look_at_scans,
    mean_of,
    with_forecast,
    with_largest_parts,
    with_usual_parts,
)
from dualtaskseg.training.first_look import with_first_look
from dualtaskseg.training.run_report import library_versions, report_content
from dualtaskseg.version import VERSION

OS_ERROR = re.compile(r"os error (\d+)")  # how safetensors tells what the system said


class Finalizer:
    """Ends a training in its run folder."""

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
        context, plan = self.context, learner.plan
        context.status.update(phase="finishing", message="Writing the model")
        learner.teachers.eval()
        self._write_model(learner, plan)
        context.status.update(message="Looking at the results")
        plan = with_largest_parts(context, learner, plan)
        plan = context.attempt("The measuring of the outlined parts", lambda: with_usual_parts(context, plan), plan)
        figures, pictures = look_at_scans(context, learner, plan)
        plan = context.attempt("The choice of a first look", lambda: with_first_look(plan, figures), plan)
        validation = context.attempt("The mean of the figures", lambda: mean_of(figures, plan), {})
        if validation:
            self._append_figures(plan, validation)
        factor = context.attempt("The forecast of the quality", lambda: factor_of(figures), 1.0)

        def describe() -> None:  # added to the model that is there already
            describe_model(self.run.model_folder, self._description(plan, validation, factor))

        context.attempt("The model's own figures", describe, None)
        self._write_report(plan, with_forecast(figures, factor), pictures)
        last = plan.iterations
        context.status.update(phase="finished", iteration=last, of=last, seconds_left=0, message="Done")

    def _append_figures(self, plan: Plan, validation: dict[str, float]) -> None:
        rows, _ = self.run.read_metrics()
        row = {"kind": "validation", "iteration": plan.iterations, "dice": validation}
        if any(all(each.get(key) == value for key, value in row.items()) for each in rows):
            return  # of a try that was broken off after it
        self.run.append_metrics({**row, "time": round(self.context.state.seconds, 2)})

    def _write_report(self, plan: Plan, figures: Sequence[CaseFigures], pictures: Sequence[CasePicture]) -> None:
        """Writes the report; where something in it can't be drawn, without pictures, then with neither."""
        rows, _ = self.run.read_metrics()
        for parts in ((figures, pictures, rows), (figures, [], rows), ([], [], [])):
            html = self.context.attempt(
                "A part of the report", lambda parts=parts: report_html(report_content(self.context, plan, *parts)), ""
            )
            if html:
                write_text(self.run.report_file, html)
                return

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

    def _write_model(self, learner: Learner, plan: Plan) -> None:
        from safetensors import SafetensorError
        from safetensors.torch import save_file

        weights = weights_of(learner.teachers)
        if self.context.overview is not None:
            weights |= {OVERVIEW + name: tensor for name, tensor in weights_of(self.context.overview).items()}

        def write(path: Path) -> None:
            try:
                save_file(weights, path)
            except SafetensorError as error:
                number = OS_ERROR.search(str(error))
                if number is None:
                    raise
                code = int(number[1])  # a full disk is no defect of ours
                raise OSError(code, os.strerror(code), str(self.run.model_folder)) from error

        write_model(self.run.model_folder, self._description(plan, {}, 1.0), write)

    def _called(self, plan: Plan) -> tuple[str, tuple[Segment, ...]]:
        """Name and segments of the model: as it has them already, for users rename it and choose terms meanwhile."""
        try:
            model = read_model(self.run.model_folder, verify=False)
        except InputError:
            return self.context.name, plan.segments
        terms = {segment.name: segment.terminology for segment in model.segments}
        segments = (replace(each, terminology=terms.get(each.name) or each.terminology) for each in plan.segments)
        return model.name, tuple(segments)

    def _description(self, plan: Plan, validation: dict[str, float], factor: float) -> ModelDescription:
        context = self.context
        name, segments = self._called(plan)
        figures = (
            {segment.name: {"dice": validation[segment.name]} for segment in plan.segments} if validation else None
        )
        return ModelDescription(
            name=name,
            segments=segments,
            plan=plan.to_dict(),
            trained_on={
                **context.counts(plan),
                "seed": plan.seed,
                "method": plan.method,
                "preset": plan.preset,
                "iterations": plan.iterations,
                "device": describe_device(context.device),
                "validation_figures": figures,
                "validation_reason": context.split.reason,
                "forecast_factor": round(factor, 5),
            },
            versions={"dualtaskseg": VERSION, **library_versions()},
        )
