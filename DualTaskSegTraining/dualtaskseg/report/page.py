"""``report.html``: one page, complete in itself, that tells what a training was asked, did and reached.

It is for two readers: a clinician, who wants to know what the model is good for, and a researcher, who wants to know
how that is known. Everything is inside the page: no network, no library, and all of it is there without its script.
``report.html.j2`` is the page; what it shows is computed in :mod:`dualtaskseg.report.view`.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

from dualtaskseg.report.content import ReportContent
from dualtaskseg.report.view import view_of
from dualtaskseg.report.words import sentence, shown

if TYPE_CHECKING:
    import jinja2

TEMPLATE = "report.html.j2"


def report_html(content: ReportContent) -> str:
    """The whole page.

    Raises:
        ValueError: an outline and its image differ in shape.
    """
    return _environment().get_template(TEMPLATE).render(view=view_of(content))


@functools.cache  # with the template, whose reading takes longer than all else
def _environment() -> jinja2.Environment:
    import jinja2  # comes with PyTorch; here, so that nothing needs it but who writes a report

    def printable(value: object) -> object:
        """Text without control characters and without halves of characters, which could not be written as UTF-8."""
        if not isinstance(value, str) or hasattr(value, "__html__"):
            return value
        valid = value.encode("utf-8", "replace").decode("utf-8")
        return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "\N{REPLACEMENT CHARACTER}", valid)

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["finite"] = math.isfinite
    environment.filters |= {"sentence": sentence, "shown": shown, "sha256": _sha256}
    return environment


def _sha256(script: str) -> str:
    """As a content security policy names the script that may run."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
