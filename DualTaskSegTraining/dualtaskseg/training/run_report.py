"""What the report tells of a run: what was asked, how it was planned, what it took."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from typing import Any

from dualtaskseg.inference.device import describe_device
from dualtaskseg.io.geometry import sides_text
from dualtaskseg.method.registry import method_of
from dualtaskseg.planning.plan import Plan
from dualtaskseg.progress import format_duration
from dualtaskseg.report.content import CaseFigures, ReportContent
from dualtaskseg.report.pictures import CasePicture
from dualtaskseg.training.context import RunContext
from dualtaskseg.version import VERSION

WRITTEN = {"python": "Python", "torch": "PyTorch", "monai": "MONAI", "numpy": "NumPy"}  # as their makers write them


def report_content(
    context: RunContext,
    plan: Plan,
    figures: Sequence[CaseFigures],
    pictures: Sequence[CasePicture],
    rows: Sequence[Mapping[str, Any]],
) -> ReportContent:
    """What the page tells; ``rows`` are those of the metrics."""
    request, seconds, counts = context.request, context.state.seconds, context.counts(plan)
    return ReportContent(
        title=context.name,
        created=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
        asked={
            "Dataset": context.dataset.name,
            "Structures": ", ".join(segment.name for segment in plan.segments),
            "Labeled scans learned from": f"{counts['labeled']}{_of_them_partly(counts)}",
            "Unlabeled scans learned from": str(counts["unlabeled"]),
            "Labeled scans held out": str(counts["validation"]),
            "Preset": plan.preset,
            "Method": "labeled scans only (supervised)" if plan.is_supervised else method_of(plan).title,
            "Time budget": format_duration(request.time_budget) if request.time_budget else "not given",
            "Seed": str(plan.seed),
        },
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
        versions={
            "DualTaskSeg": VERSION,
            **{WRITTEN.get(name, name): number for name, number in library_versions().items()},
        },
        warnings=list(context.state.warnings),
        scans=counts,
    )


def library_versions() -> dict[str, str]:
    """Versions of Python and of the libraries that a training depends on."""
    names = ("torch", "monai", "safetensors", "numpy")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def _of_them_partly(counts: Mapping[str, int]) -> str:
    return f", {counts['partly']} of them outlined in part" if counts["partly"] else ""


def _plan_table(plan: Plan) -> dict[str, str]:
    network = plan.network
    return {
        "Grid": f"{sides_text(plan.spacing)} mm (x, y, z)",
        "Patch": f"{sides_text(plan.patch)} voxels",
        "Patches a step": f"{plan.batch_labeled} labeled, {plan.batch_unlabeled} unlabeled",
        "Networks": f"two {'V-Nets' if network.kind == 'vnet' else 'U-Nets'} of {len(network.filters)} levels, "
        f"{network.filters[0]} to {network.filters[-1]} filters"
        + (", at half the resolution" if max(network.stem) > 1 else ""),
        "Signed distances cut at": ", ".join(f"{value:g} mm" for value in plan.truncation),
        "Learning rate": f"{plan.learning_rate:g}",
        "Arithmetic": plan.precision,
    }
