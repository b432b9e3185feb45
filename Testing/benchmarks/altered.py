"""The command line with some numbers of the plan changed, for ablations: what the product has no option for.

python Testing/benchmarks/altered.py mutual.mix=0,training.seeking=0.5 train DATASET --out RUN ...

``NAME=NUMBER`` of :mod:`alterations` changes what no number of the plan does.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any

from alterations import ALTERATIONS
from dualtaskseg.cli import main
from dualtaskseg.method import base, mean_teacher
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import PlanningInput, usual_plan


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


if __name__ == "__main__":
    numbers = []
    for change in filter(None, sys.argv[1].split(",")):
        name, _equals, value = change.partition("=")
        if name in ALTERATIONS:
            ALTERATIONS[name](float(value))
        else:
            numbers.append(change)

    def altered_plan(inputs: PlanningInput) -> Plan:
        return changed(usual_plan(inputs), numbers)

    base.usual_plan = mean_teacher.usual_plan = altered_plan
    sys.exit(main(sys.argv[2:]))
