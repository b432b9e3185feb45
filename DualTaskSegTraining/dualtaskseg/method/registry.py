"""Which learner a plan asks for."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from dualtaskseg.method.learner import Learner
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import PreparedCase


def make_learner(
    plan: Plan, labeled: Sequence[PreparedCase], unlabeled: Sequence[PreparedCase], device: torch.device
) -> Learner:
    """The learner that the plan's preset asks for."""
    if plan.preset == "paper":
        from dualtaskseg.method.paper import PaperLearner

        return PaperLearner(plan, labeled, unlabeled, device)
    return Learner(plan, labeled, unlabeled, device)
