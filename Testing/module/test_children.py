"""Children that the module starts: none opens a console window on Windows."""

import ast
from pathlib import Path

MODULE = Path(__file__).resolve().parents[2] / "DualTaskSeg"
STARTERS = {"Popen", "run", "call", "check_call", "check_output"}
ELSEWHERE = {"ps"}  # programs that Windows doesn't have, so they are not started there


def test_no_child_opens_a_console_window():
    """Windows opens one for each console program that a program with windows starts, unless it is told not to."""
    seen, found = 0, []
    for file in MODULE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            isStart = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in STARTERS
            if not isStart or getattr(node.func.value, "id", "") != "subprocess":
                continue
            seen += 1
            first = node.args[0].elts[0] if node.args and isinstance(node.args[0], ast.List) else None
            isElsewhere = isinstance(first, ast.Constant) and first.value in ELSEWHERE
            names = {keyword.arg for keyword in node.keywords}
            if not isElsewhere and not names & {"creationflags", "start_new_session"}:
                found.append(f"{file.name}:{node.lineno}")
    assert seen >= 4
    assert not found
