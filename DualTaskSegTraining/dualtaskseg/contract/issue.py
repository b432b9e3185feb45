"""What people are told about a case, a file or an export: how grave it is, what it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from dualtaskseg.errors import DualTaskSegError

ERROR, WARNING, NOTE = "error", "warning", "note"


@dataclass(frozen=True)
class Issue:
    """Something wrong, or something to know.

    Attributes:
        severity: ``ERROR`` where it can't or mustn't go on, ``WARNING`` where somebody should look first, ``NOTE``.
        what: one sentence for people, without a full stop.
        remedy: what to do, without a full stop; empty if nothing.
        code: the fault in one word for programs; empty if there is none.
        case: name of the case that it is about, or empty.
    """

    severity: str
    what: str
    remedy: str = ""
    code: str = ""
    case: str = ""
    file: str = ""

    @classmethod
    def of(cls, error: DualTaskSegError, code: str = "", case: str = "", file: str = "") -> Issue:
        """The issue that an error tells."""
        return cls(ERROR, error.what, error.remedy, code, case, file)

    def __str__(self) -> str:
        """Its sentences."""
        return str(DualTaskSegError(self.what, self.remedy))

    def to_dict(self, *keys: str) -> dict[str, str]:
        """Returns what is asked for as JSON values: all, or the attributes of these names in their order."""
        return {key: getattr(self, key) for key in keys or ("case", "file", "severity", "code", "what", "remedy")}
