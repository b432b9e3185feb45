"""``dualtaskseg status RUN``: what a training is doing."""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

from dualtaskseg.arguments import add_json
from dualtaskseg.files import json_safe
from dualtaskseg.progress import format_duration
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status import RunState, Status, read_status
from dualtaskseg.terminal import one_line

LONGEST_FIGURE = 200  # letters
SENTENCES = {
    RunState.NEW: "not started yet",
    RunState.RUNNING: "running",
    RunState.INTERRUPTED: "interrupted: its process is gone, 'dualtaskseg resume' continues from what was saved",
    RunState.STOPPED: "stopped on request, 'dualtaskseg resume' continues",
    RunState.FINISHED: "finished",
    RunState.FAILED: "failed",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given."""
    parser.add_argument("run", metavar="RUN", help="the run folder")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Prints the state of a run.

    Raises:
        InputError: there is no such run.
    """
    folder = RunFolder.open(args.run)
    state = folder.state()
    status = read_status(folder.folder)
    rows, _ = folder.read_metrics()
    latest = {str(row.get("kind", "train")): row for row in rows}  # the last one of each kind
    if args.json:
        data = {
            "folder": str(folder.folder.absolute()),
            "state": str(state),
            "status": status.to_dict() if status else None,
            "stop_requested": folder.stop_requested(),
            "latest_metrics": latest,
        }
        print(json.dumps(json_safe(data), indent=1, ensure_ascii=False))
    else:
        print("\n".join(one_line(line) for line in _lines(folder, state, status, latest)))
    return 0


def _lines(folder: RunFolder, state: RunState, status: Status | None, latest: dict[str, dict[str, Any]]) -> list[str]:
    told = SENTENCES[state]
    if state is RunState.INTERRUPTED and status is not None and status.phase == "interrupted":
        told = f"interrupted: {status.message}"
    lines = [f"Run:       {folder.folder}", f"State:     {told}"]
    if state is RunState.RUNNING and folder.stop_requested():
        lines[-1] += ", asked to stop"
    if status is None:
        return lines
    is_at_work = state is RunState.RUNNING
    if is_at_work:
        message = f" ({status.message})" if status.message else ""
        lines.append(f"Phase:     {status.phase}{message}")
        sign = f"last sign of life {format_duration(time.time() - status.heartbeat)} ago"
        lines.append(f"Process:   pid {status.pid} on {status.host or 'this machine'}, {sign}")
    lines.append(f"Progress:  {progress_text(status, with_time_left=is_at_work)}")
    if status.elapsed_s:
        lines.append(f"Worked:    {format_duration(status.elapsed_s)}")
    if status.device:
        lines.append(f"Device:    {status.device}")
    if status.error:
        lines.append("Error:     " + " ".join(f"{part.rstrip('.')}." for part in status.error.values() if part))
    lines += [f"Note:      {note.rstrip('.')}." for note in status.notes]
    for kind, row in latest.items():
        figures = ", ".join(f"{name} {_figure(value)}" for name, value in row.items() if name != "kind")
        lines.append(f"Latest:    {kind}: {figures}")
    if folder.report_file.exists():
        lines.append(f"Report:    {folder.report_file}")
    return lines


def progress_text(status: Status, with_time_left: bool = True) -> str:
    """Returns such as ``iteration 120 of 1000 (12 %), 3 min left``."""
    text = f"iteration {status.iteration}"
    if status.of:
        text += f" of {status.of} ({100 * status.iteration // status.of} %)"
    if with_time_left and status.seconds_left is not None:
        text += f", {format_duration(status.seconds_left)} left"
    return text


def _figure(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return "unknown" if value is None else str(value)[:LONGEST_FIGURE]
