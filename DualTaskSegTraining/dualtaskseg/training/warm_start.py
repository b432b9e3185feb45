"""Starts a training from the networks of an earlier model instead of fresh ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dualtaskseg.contract.segment import folded
from dualtaskseg.errors import InputError
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.networks import load_weights
from dualtaskseg.method.registry import method_of
from dualtaskseg.method.weights import read_weights
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.model.folder import find_model, read_model
from dualtaskseg.model.weights_file import WEIGHTS_NAME
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import NOTES_ON_GRID

# The networks know most of it already: a full rate would undo what they learned before it improves on it.
RATE_SHARE = 0.5
# Of the plan, what the networks were built for.
KEPT = ("spacing", "orientation", "normalization", "patch", "network", "truncation", "temperature")


@dataclass(frozen=True)
class InitialModel:
    """A model to start from."""

    folder: Path
    description: ModelDescription
    plan: Plan

    @classmethod
    def open(cls, path: Path | str) -> InitialModel:
        """Opens a model, or the model of a finished run.

        Raises:
            InputError: there is none, or it is damaged or of a newer program.
        """
        folder = find_model(path)
        description = read_model(folder)
        plan = Plan.from_dict(description.plan)
        read_weights(folder / WEIGHTS_NAME, plan)  # before networks are made after this plan
        return cls(folder, description, plan)

    def adapted(self, plan: Plan, former_names: Mapping[str, str] | None = None) -> Plan:
        """The plan for a training that starts here: what the networks were built for stays as it was.

        Args:
            plan: as made for the scans of the new training.
            former_names: in small letters, of segments that were renamed since -> their present names.

        Raises:
            InputError: the model knows other segments, or was trained by another method.
        """
        ours = {folded(segment.name): segment for segment in plan.segments}
        former = {folded(old): new for old, new in (former_names or {}).items()}
        called = [segment.name for segment in self.plan.segments]
        theirs = [name if folded(name) in ours else former.get(folded(name), name) for name in called]
        if sorted(ours) != sorted(folded(name) for name in theirs):
            raise InputError(
                f"The model {self.description.name} knows the segments {', '.join(called)}, but these are to be "
                f"learned: {', '.join(segment.name for segment in plan.segments)}",
                "Start a new training without an earlier model, or use the same segments",
            )
        if _kind_of_networks(plan) != _kind_of_networks(self.plan):
            raise InputError(
                f"The model {self.description.name} was trained with the preset {self.plan.preset}, whose networks "
                f"don't fit the preset {plan.preset}",
                f"Choose the preset {self.plan.preset}, or start without an earlier model",
            )
        labeled = self.description.trained_on.get("labeled")
        note = (
            f"The networks start from an earlier model (SHA-256 {self.description.weights_sha256[:12]}..., learned "
            f"from {labeled} labeled scans) and keep its grid, patch and shape; the learning rate is halved"
        )
        # in the order of the networks' channels; values and colors are those of the new training
        segments = tuple(ours[folded(name)] for name in theirs)
        overview = self.plan.overview
        if overview is not None:  # its networks learn anew
            overview = overview.replaced(segments=segments, method=plan.method, calibrated=False, iterations=0)
        return (
            method_of(plan)
            .warm_started(plan)
            .replaced(
                segments=segments,
                overview=overview,
                **{name: getattr(self.plan, name) for name in KEPT},
                learning_rate=RATE_SHARE * plan.learning_rate,
                notes=(
                    note,
                    *(text for text in self.plan.notes if text.startswith(NOTES_ON_GRID)),
                    *(text for text in plan.notes if not text.startswith(NOTES_ON_GRID)),
                ),
            )
        )

    def load_weights_into(self, learner: Learner) -> None:
        """Gives the learner, students and teachers, the weights of this model.

        Raises:
            InputError: the weights can't be read, or don't fit the plan.
        """
        weights = read_weights(self.folder / WEIGHTS_NAME, self.plan)
        try:
            for networks in (learner.students, learner.teachers):
                load_weights(networks, weights)
        except (RuntimeError, ValueError) as error:
            raise InputError(
                f"The weights of the model in {self.folder} can't be used ({error})",
                "Get an intact copy of the model, or start without it",
            ) from error


def _kind_of_networks(plan: Plan) -> tuple[str, bool]:
    """What must be the same of two plans for the networks of one to go on in the other."""
    return plan.network.kind, method_of(plan).exclusive
