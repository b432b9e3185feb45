"""The workflows can't be run here; what can be seen without running them is right."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
yaml = pytest.importorskip("yaml")


def read(path: Path) -> dict:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {"on" if key is True else key: value for key, value in document.items()}  # YAML 1.1 takes "on" for yes


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_each_workflow_is_whole(path):
    """Triggers, jobs with a runner and steps; each step does one thing; no key is written twice or wrongly."""
    document = read(path)
    assert set(document) <= {"name", "on", "permissions", "env", "jobs"}
    assert document["on"] and document["jobs"]
    for job in document["jobs"].values():
        assert set(job) <= {"name", "runs-on", "timeout-minutes", "continue-on-error", "strategy", "defaults", "steps"}
        assert job["runs-on"] and job["timeout-minutes"] <= 360
        for step in job["steps"]:
            assert set(step) <= {"name", "uses", "with", "run", "if", "shell", "env", "id"}
            assert ("uses" in step) != ("run" in step), step
            assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step.get("uses", "a/b@v1"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_expressions_name_what_is_there(path):
    for job in read(path)["jobs"].values():
        matrix = job.get("strategy", {}).get("matrix", {})
        known = set(matrix) - {"include"} | {key for each in matrix.get("include", ()) for key in each}
        for expression in re.findall(r"\$\{\{(.*?)\}\}", str(job)):
            names = re.findall(r"\bmatrix\.(\w+)", expression)
            assert names and set(names) <= known, expression
        for each in matrix.get("include", ()):
            assert each["system"] in matrix["system"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_scripts_are_correct_bash(path):
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    for job in read(path)["jobs"].values():
        for step in job["steps"]:
            if "run" in step and step.get("shell") != "pwsh":
                script = re.sub(r"\$\{\{.*?\}\}", "x", step["run"])
                done = subprocess.run([bash, "-n"], input=script, capture_output=True, encoding="utf-8", check=False)
                assert done.returncode == 0 and not done.stderr, f"{step['run']}\n{done.stderr}"


def test_slicer_is_started_with_what_is_there():
    """The script and the module of this repository, the packages that the panel installs, both versions."""
    text = (ROOT / ".github" / "workflows" / "slicer.yml").read_text(encoding="utf-8")
    for path in re.findall(r'\$GITHUB_WORKSPACE/([\w/.]+)"', text):
        assert (ROOT / path).exists() or path == "check.txt", path
    (job,) = read(ROOT / ".github" / "workflows" / "slicer.yml")["jobs"].values()
    assert {version.rpartition(".")[0] for version in job["strategy"]["matrix"]["version"]} == {"5.10", "5.12"}
    assert len(job["strategy"]["matrix"]["system"]) == 3
    source = (ROOT / "DualTaskSeg" / "DualTaskSegLib" / "installing" / "dependencies.py").read_text(encoding="utf-8")
    for name in ("torch", "monai", "safetensors", "highdicom"):
        (needed,) = re.findall(rf'"{name}>=([\d.]+)"', text)
        assert f'("{name}", ">={needed}",' in source, name
    assert "has not run yet" in text
