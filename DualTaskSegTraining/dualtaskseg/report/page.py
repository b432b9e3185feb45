"""``report.html``: one page, complete in itself, that tells what a training was asked, did and reached.

It is for two readers: a clinician, who wants to know what the model is good for, and a researcher, who wants to know
how that is known. Everything is inside the page: no network, no library, and all of it is there without its script.
"""

from __future__ import annotations

from pathlib import Path

from dualtaskseg.files import write_text
from dualtaskseg.report.content import CaseFigures, ReportContent
from dualtaskseg.report.curves import dice_chart, learning
from dualtaskseg.report.drawing import CasePicture
from dualtaskseg.report.facts import asked, computer, glossary
from dualtaskseg.report.head import head
from dualtaskseg.report.history import History
from dualtaskseg.report.pictures import pictures
from dualtaskseg.report.style import SCRIPT, content_policy, style_sheet
from dualtaskseg.report.tables import case_table, segment_table
from dualtaskseg.report.words import sentence, text

__all__ = ["CaseFigures", "CasePicture", "ReportContent", "report_html", "write_report"]


def write_report(path: Path | str, content: ReportContent) -> None:
    """Writes the page atomically.

    Raises:
        OSError: the folder can't be written, or the disk is full.
    """
    write_text(path, report_html(content))


def report_html(content: ReportContent) -> str:
    """The whole page."""
    history = History(content.metrics)
    sections = [
        ("quality", "How good it is", _quality(content, history)),
        ("pictures", "Pictures", pictures(content)),
        ("scans", "Scan by scan", case_table(content)),
        ("learning", "How it learned", learning(history)),
        ("asked", "What was asked and planned", asked(content)),
        ("computer", "Computer, time, versions", computer(content)),
        ("words", "Words on this page", glossary(history)),
    ]
    sections = [section for section in sections if section[2]]
    links = "".join(f'<a href="#{name}">{title}</a>' for name, title, _ in sections)
    body = "".join(f'<section id="{name}"><h2>{title}</h2>{html}</section>' for name, title, html in sections)
    style = style_sheet([segment["color"] for segment in content.segments])
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{content_policy()}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{text(content.title)}</title><style>{style}</style></head>\n<body><main>"
        f"{head(content, history)}<nav>{links}</nav>{body}"
        "<footer>Written by DualTaskSeg. This page needs no network. It shows pictures and names of scans: treat it as "
        "you treat the scans.</footer>"
        f"</main><script>{SCRIPT}</script></body></html>\n"
    )


def _quality(content: ReportContent, history: History) -> str:
    note = f"<p>{text(sentence(content.validation_note))}</p>" if content.validation_note else ""
    cards = segment_table(content) + dice_chart(content, history)
    return note + (f'<div class="charts">{cards}</div>' if cards else "")
