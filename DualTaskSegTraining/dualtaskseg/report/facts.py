"""What was asked and planned, the computer and its time, and the words used on the page."""

from __future__ import annotations

from dualtaskseg.report.content import ReportContent
from dualtaskseg.report.history import History
from dualtaskseg.report.words import definitions, sentence, text


def asked(content: ReportContent) -> str:
    """What was asked, and the plan."""
    blocks = []
    if content.asked:
        blocks.append(f'<div class="card block"><h3>Asked</h3>{definitions(content.asked)}</div>')
    notes = "".join(f"<li>{text(sentence(note))}</li>" for note in content.plan_notes)
    plan = f'<h3>The plan, in words</h3><ul class="plain">{notes}</ul>' if notes else ""
    if content.plan_table:
        plan += f"<h3>The plan, in figures</h3>{definitions(content.plan_table)}"
    if plan:
        blocks.append(f'<div class="card block">{plan}</div>')
    return f'<div class="columns">{"".join(blocks)}</div>' if blocks else ""


def computer(content: ReportContent) -> str:
    """Time, device, versions."""
    blocks = [
        f'<div class="card block"><h3>{title}</h3>{definitions(facts)}</div>'
        for title, facts in (("Time", content.timing), ("Computer and versions", content.versions))
        if facts
    ]
    return f'<div class="columns">{"".join(blocks)}</div>' if blocks else ""


def glossary(history: History) -> str:
    """The words of the page in plain language."""
    words = {
        "Dice": (
            "How well two masks overlap: 0 not at all, 1 identical. Where outlines are equally far apart, a thin or "
            "small structure has a lower Dice than a large one."
        ),
        "Expected Dice": (
            "A forecast for a scan without outlines, made from how well the two networks agree on it. It can be wrong, "
            "above all where both networks make the same mistake."
        ),
        "Networks agree": "The Dice between the masks of the two networks.",
        "Labeled, unlabeled": (
            "Scans with outlines to learn from, and scans without, on which the networks teach each other."
        ),
        "Validation scans": (
            "Labeled scans kept back: the model did not learn from them, so they show how it does on new scans of the "
            "same kind. On scans of another hospital, device or disease it may do worse."
        ),
        "Probability network": "Says for each voxel how probable each structure is.",
        "Distance network": (
            "Says for each voxel how far it is from a structure's surface, in millimeters, negative inside."
        ),
        "Loss": "The error that a training makes small. Different losses can't be compared with each other.",
    }
    if not history.is_mutual:
        words["Labeled, unlabeled"] = "Scans with outlines to learn from, and scans without."
    return f'<div class="card block glossary alone">{definitions(words)}</div>'
