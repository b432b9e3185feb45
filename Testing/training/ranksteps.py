"""Takes steps of a learner and writes down what came out; as a program, as one of several ranks.

    python ranksteps.py FOLDER     with the variables by which torchrun tells a rank its place

FOLDER holds a plan of each method, with its scans prepared; rank 0 writes what came out beside them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import torch
from dualtaskseg.method import learner as learner_module
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.networks import build_networks, weights_of
from dualtaskseg.method.sampling import Batch
from dualtaskseg.model.weights_file import WEIGHTS_NAME
from dualtaskseg.parallel.ranks import ALONE, Ranks
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import open_prepared
from dualtaskseg.training.learners import begun
from dualtaskseg.training.warm_start import InitialModel

DOUBLE = "paper"  # batch normalisation over few voxels makes much of the last bits: its networks compute in float64
STEPS = (
    (0, 100),
    *((80 + step, 100) for step in range(3)),
)  # from labels alone where the method does, then mutual ones


class PreciseLearner(Learner):
    """Computes in float64."""

    def __init__(self, *arguments) -> None:
        with mock.patch.object(learner_module, "build_networks", lambda plan: build_networks(plan).double()):
            super().__init__(*arguments)

    def views(self, *arguments) -> tuple[Batch, Batch]:
        views = super().views(*arguments)
        for batch in views:
            batch.image = batch.image.double()
        return views


def steps_of(folder: Path, ranks: Ranks = ALONE) -> list[dict]:
    """The losses and gradients of some steps, in which no weight changes, and what was seen in unlabeled scans."""
    plan = Plan.from_dict(json.loads((folder / "plan.json").read_text()))
    cases = open_prepared(folder, plan)
    labeled = [case for case in cases if case.role == "labeled"]
    unlabeled = [case for case in cases if case.role == "unlabeled"]
    learner = (PreciseLearner if plan.preset == DOUBLE else Learner)(
        plan.replaced(learning_rate=0.0), labeled, unlabeled, torch.device("cpu"), ranks
    )
    found = []
    for iteration, of in STEPS:
        losses = {name: float(value) for name, value in learner.step(iteration, of).items()}
        gradients = torch.cat([weight.grad.flatten() for weight in learner.students.parameters()])
        places = torch.cat(learner.sightings.state()["places"]) if learner.sightings is not None else torch.empty(0)
        running = [value.flatten().float() for value in learner.students.buffers()]
        found.append({"losses": losses, "gradients": gradients, "places": places, "running": torch.cat(running)})
    return found


def begun_with(folder: Path, ranks: Ranks) -> dict[str, torch.Tensor]:
    """The weights that this rank begins a training with; only rank 0 has the model that it starts from."""
    plan = Plan.from_dict(json.loads((folder / "plan.json").read_text()))
    learner = Learner(plan, open_prepared(folder, plan), [], torch.device("cpu"), ranks)
    earlier = InitialModel(folder, None, plan) if ranks.leads else None
    return weights_of(begun(SimpleNamespace(earlier=earlier, ranks=ranks), learner).teachers)


def main() -> None:
    from dualtaskseg.parallel.joining import joined
    from dualtaskseg.parallel.places import place_of_environment

    torch.set_num_threads(1)
    with joined(place_of_environment()) as ranks:
        for folder in sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir()):
            found = steps_of(folder, ranks)
            if ranks.leads:
                torch.save(found, folder / "found.pt")
            if (folder / WEIGHTS_NAME).exists():
                torch.save(begun_with(folder, ranks), folder / f"begun{ranks.index}.pt")


if __name__ == "__main__":
    main()
