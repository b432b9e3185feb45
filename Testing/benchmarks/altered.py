"""The command line with some numbers of the plan changed, for ablations: what the product has no option for.

python Testing/benchmarks/altered.py mutual.mix=0,training.seeking=0.5 train DATASET --out RUN ...
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace

from dualtaskseg.cli import main
from dualtaskseg.method import base, mean_teacher
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import PlanningInput, usual_plan


def changed(plan: Plan, changes: str) -> Plan:
    """A plan with numbers changed: NAME=JSON of the plan itself, PART.NAME=JSON of its part mutual or training."""
    for change in filter(None, changes.split(",")):
        name, value = change.split("=")
        value = json.loads(value.replace("/", ","))  # lists: [0.5/0.7]
        value = tuple(value) if isinstance(value, list) else value
        part, _dot, key = name.rpartition(".")
        if part:
            plan = plan.replaced(**{part: replace(getattr(plan, part), **{key: value})})
        else:
            plan = plan.replaced(**{key: value})
    return plan


if __name__ == "__main__":
    changes = sys.argv[1]

    def altered_plan(inputs: PlanningInput) -> Plan:
        return changed(usual_plan(inputs), changes)

    base.usual_plan = mean_teacher.usual_plan = altered_plan
    sys.exit(main(sys.argv[2:]))
