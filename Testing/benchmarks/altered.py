"""The command line with some numbers of the plan changed, for ablations: what the product has no option for.

python Testing/benchmarks/altered.py mutual.mix=0,training.seeking=0.5 train DATASET --out RUN ...

``NAME=NUMBER`` of :mod:`alterations` changes what no number of the plan does. ``start=FILE`` lets the networks start
from a file of ``dualtaskseg pretrain``, as far as they fit, whatever the preset; ``start=pretrained`` lets them start
from the file that comes with the program.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from alterations import ALTERATIONS
from dualtaskseg.cli import main
from dualtaskseg.contract.request import PRETRAINED_START
from dualtaskseg.method import base, mean_teacher
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import PlanningInput, usual_plan

START = "start="  # the networks' weights


def changed(plan: Plan, changes: list[str]) -> Plan:
    """A plan with numbers changed: NAME=JSON of the plan itself, PART.NAME=JSON of its parts, and so on."""
    for change in changes:
        name, value = change.split("=")
        value = json.loads(value.replace("/", ","))  # lists: [0.5/0.7]
        plan = _replaced(plan, name.split("."), tuple(value) if isinstance(value, list) else value)
    return plan


def _replaced(whole: Any, path: list[str], value: Any) -> Any:
    name, *rest = path
    return replace(whole, **{name: _replaced(getattr(whole, name), rest, value) if rest else value})


def start_from(chosen: str) -> None:
    """Later trainings that are asked to start pretrained do so from the weights of a file."""
    from dualtaskseg.pretraining import start

    def pretrained_for(plan: Plan) -> start.PretrainedWeights | None:
        return start.PretrainedWeights.read(Path(chosen), plan.preset)

    start.pretrained_for = pretrained_for


if __name__ == "__main__":
    numbers, words = [], sys.argv[2:]
    for change in filter(None, sys.argv[1].split(",")):
        name, _equals, value = change.partition("=")
        if name in ALTERATIONS:
            ALTERATIONS[name](float(value))
        elif change.startswith(START):
            words += ["--from", PRETRAINED_START] if words[0] == "train" else []
            if value != PRETRAINED_START:
                start_from(value)
        else:
            numbers.append(change)

    def altered_plan(inputs: PlanningInput) -> Plan:
        return changed(usual_plan(inputs), numbers)

    base.usual_plan = mean_teacher.usual_plan = altered_plan
    sys.exit(main(words))
