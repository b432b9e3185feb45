"""What one scan raised, in the words of people: whatever it is, it must not keep other scans from being worked on."""

from __future__ import annotations

from pathlib import Path

from dualtaskseg.errors import DualTaskSegError, InputError, in_a_word, naming

MEMORY_REMEDY = "Crop the scan, free memory, or ask for fewer results at once"


def explained(error: Exception, scan: Path) -> DualTaskSegError:
    """An error of one scan as a sentence with the scan's name.

    Returns:
        an :class:`InputError` where the scan, memory or the disk is to blame; else one with exit code 1, as the program
        is. The error itself is its cause.
    """
    result = _explained(error, scan)
    if result is not error:
        result.__cause__ = error
    return result


def is_too_large(error: Exception) -> bool:
    """Whether memory ran out, also where the reading library did not get enough."""
    from dualtaskseg.memory import is_out_of_memory

    return is_out_of_memory(error) or (isinstance(error, RuntimeError) and "alloc" in str(error).lower())


def _explained(error: Exception, scan: Path) -> DualTaskSegError:
    if isinstance(error, InputError):
        return naming(error, scan)
    if is_too_large(error):
        what = f"{scan} is too large for this computer's memory"
        return InputError(what, MEMORY_REMEDY)
    if isinstance(error, OSError) and error.errno is not None:
        where = "" if error.filename is None else f"{error.filename}: "
        return InputError(
            f"{scan} can't be worked on ({where}{error.strerror})", "Make sure that the files and the disk are there"
        )
    return DualTaskSegError(
        f"{scan}: this is a defect of DualTaskSeg: {in_a_word(error)}", "Send its log to the developers"
    )


def exit_code_of(errors: list[DualTaskSegError]) -> int:
    """The exit code of a command that went on after errors of scans: 0, 2, or 1 where a defect was among them."""
    return min((error.exit_code for error in errors), default=0)
