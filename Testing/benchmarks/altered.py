"""The command line with some numbers of the plan changed, for ablations: what the product has no option for.

python Testing/benchmarks/altered.py mutual.mix=0,training.seeking=0.5 train DATASET --out RUN ...

``start=FILE`` lets the networks begin with the weights of `pretrain.py`, as far as they fit, and changes no plan.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from dualtaskseg.cli import main
from dualtaskseg.method import base, mean_teacher
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import PlanningInput, usual_plan

START = "start="


def changed(plan: Plan, changes: list[str]) -> Plan:
    """A plan with numbers changed: NAME=JSON of the plan itself, PART.NAME=JSON of its part mutual or training."""
    for change in changes:
        name, value = change.split("=")
        value = json.loads(value.replace("/", ","))  # lists: [0.5/0.7]
        value = tuple(value) if isinstance(value, list) else value
        part, _dot, key = name.rpartition(".")
        if part:
            plan = plan.replaced(**{part: replace(getattr(plan, part), **{key: value})})
        else:
            plan = plan.replaced(**{key: value})
    return plan


def start_from(file: Path) -> None:
    """Every later learner, students and teachers, begins with those weights of a file that fit by name and shape."""
    import torch
    from dualtaskseg.method.learner import Learner
    from dualtaskseg.method.networks import named_weights
    from safetensors.torch import load_file

    weights, blank = load_file(file), Learner.__init__

    def begin(learner: Learner, *args: Any, **named: Any) -> None:
        blank(learner, *args, **named)
        for networks in (learner.students, learner.teachers):
            own = named_weights(networks)
            fitting = [name for name in weights if name in own and own[name].shape == weights[name].shape]
            with torch.no_grad():
                for name in fitting:
                    own[name].copy_(weights[name])
        print(f"{len(fitting)} of {len(own)} tensors start from {file}", file=sys.stderr)

    Learner.__init__ = begin


if __name__ == "__main__":
    changes = [change for change in sys.argv[1].split(",") if change]
    numbers = [change for change in changes if not change.startswith(START)]
    for change in changes:
        if change.startswith(START):
            start_from(Path(change.removeprefix(START)))

    def altered_plan(inputs: PlanningInput) -> Plan:
        return changed(usual_plan(inputs), numbers)

    base.usual_plan = mean_teacher.usual_plan = altered_plan
    sys.exit(main(sys.argv[2:]))
