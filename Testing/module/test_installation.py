"""Installing, with the real pip in a process of its own: its words when it fails, and that all of it can be ended."""

from __future__ import annotations

import http.server
import os
import shutil
import ssl
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest
from dualtaskseg.processes import is_alive
from DualTaskSegLib.installing import dependencies
from DualTaskSegLib.installing.installation import Installation, described
from piptools import *  # noqa: F403
from piptools import writeWheel

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the processes of these tests are those of POSIX")


@pytest.fixture
def install():
    """Installs what is missing and returns how it ended; no process outlives the test."""
    started = []

    def run(packages=None, seconds: float = 60):
        installation = begin(packages)
        end = time.monotonic() + seconds
        while (news := installation.poll()).isAtWork:
            assert time.monotonic() < end, installation.logFile.read_text()
            run.texts.append(news.text)
            time.sleep(0.02)
        return news

    def begin(packages=None) -> Installation:
        installation = Installation(dependencies.missing() if packages is None else packages)
        started.append(installation)
        installation.start()
        return installation

    run.begin, run.texts, run.started = begin, [], started
    yield run
    for installation in started:
        installation.close()


def only(name: str):
    return [one for one in dependencies.missing(withOptional=True) if one.name == name]


def logOf(install) -> str:
    return install.started[-1].logFile.read_text(encoding="utf-8")


@pytest.mark.undisturbed
def test_what_is_missing_is_installed(pipPlace, install):
    for name in ("torch", "monai", "safetensors"):
        pipPlace.add(name, "9.1", size=10_000)
    assert dependencies.missing()  # as the panel asks before it offers to install
    began = time.thread_time()
    installation = install.begin()
    assert installation.poll().isAtWork
    assert time.thread_time() - began < 0.2  # as long as the window may stand still; what it starts works beside it
    news = install()
    assert news.isDone and not news.problem and news.restartNote == "", logOf(install)
    assert dependencies.missing() == [] and news.seconds > 0
    assert "Successfully installed monai-9.1 safetensors-9.1 torch-9.1" in logOf(install)
    assert any(text.startswith("Unpacking ") for text in install.texts)


def test_what_slicer_came_with_is_not_replaced(pipPlace, install):
    version = dependencies.installedVersion("numpy")
    pipPlace.add("monai", "9.1", metadataLines="Requires-Dist: numpy>99\n")
    pipPlace.add("numpy", "99.5")
    news = install(only("monai"))
    assert "which is left as it is" in news.problem
    assert f"numpy=={version}" in logOf(install)


def test_a_package_in_use_that_is_replaced_asks_for_a_restart(pipPlace, install, monkeypatch, tmp_path):
    """As pydicom by highdicom in Slicer 5.10."""
    with zipfile.ZipFile(writeWheel(tmp_path, "used", "2.4")) as wheel:
        wheel.extractall(tmp_path / "older")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "older")])
    import used

    assert used.__version__ == "2.4"
    monkeypatch.setitem(sys.modules, "used", used)  # forgotten with the test

    pipPlace.add("used", "3.0")
    pipPlace.add("highdicom", "9.1", metadataLines="Requires-Dist: used>=3\n")
    news = install(only("highdicom"))
    assert news.isDone, logOf(install)
    assert "Start Slicer again" in news.restartNote and "used 2.4 by 3.0" in news.restartNote


# --- the build for the graphics card


LIGHT_THE_TORCH = """
import sys
if "torch" in sys.modules: sys.exit("PyTorch was imported")
from pip._internal.cli.main import main
print("Computation backend: cu128")
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("isThere", [False, True])
def test_with_the_extension_pytorch_comes_by_light_the_torch(pipPlace, install, monkeypatch, tmp_path, isThere):
    """Both in the child: nothing imports PyTorch into this process."""
    (tmp_path / "extension").mkdir()
    (tmp_path / "extension" / "PyTorchUtils.py").write_text("raise RuntimeError('nobody needs to import it')")
    monkeypatch.syspath_prepend(str(tmp_path / "extension"))
    wheel = pipPlace.add("light_the_torch", "0.8.1")
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("light_the_torch/__main__.py", LIGHT_THE_TORCH)
    for name in ("torch", "monai", "safetensors"):
        pipPlace.add(name, "9.1")
    if isThere:
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", str(wheel)], check=True)
    monkeypatch.setenv("PYTHONPATH", f"{pipPlace.target}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    before = "torch" in sys.modules
    assert "with Slicer's extension PyTorch" in dependencies.consentText(dependencies.missing())
    assert "is not installed" not in dependencies.consentText(dependencies.missing())
    news = install()
    assert news.isDone, logOf(install)
    commands = [line.partition(" -m ")[2].split() for line in logOf(install).splitlines() if line.startswith("> ")]
    wanted = [("light_the_torch", "torch>=2.5"), ("pip", "monai>=1.4")]
    wanted = wanted if isThere else [("pip", "light-the-torch>=0.5"), *wanted]
    assert [command[0] for command in commands] == [program for program, _ in wanted]
    assert all(requirement in command for command, (_, requirement) in zip(commands, wanted, strict=True))
    assert "Computation backend: cu128" in logOf(install)
    assert ("torch" in sys.modules) is before


def test_the_pytorch_that_was_chosen_is_kept_by_the_steps_after_it(pipPlace, install):
    pipPlace.add("torch", "9.1")
    assert install(only("torch")).isDone
    assert "torch==9.1" in dependencies.constraintsText(["monai>=1.4"])


# --- what pip really says when it fails


def test_a_package_that_does_not_exist(pipPlace, install):
    news = install(only("monai"))
    assert news.problem.startswith("There is no fitting version of monai for this Slicer")
    assert "No matching distribution found for monai" in logOf(install)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"metadataLines": "Requires-Python: >=3.99\n"}, "not work with the Python of this Slicer"),
        ({"tag": "cp27-cp27m-win32"}, "no fitting version of monai"),
    ],
)
def test_a_package_for_another_python(pipPlace, install, options, words):
    pipPlace.add("monai", "9.1", **options)
    assert words in install(only("monai")).problem


def test_a_wheel_of_another_system(pipPlace, install):
    wheel = pipPlace.add("monai", "9.1", tag="cp27-cp27m-win32")
    found = dependencies.Dependency(f"monai@{wheel.as_uri()}", None, "", "", "")
    assert "no fitting version of monai for this Slicer and this computer" in install([found]).problem


def test_no_network(pipPlace, install, monkeypatch):
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")  # of ours there are more: else pip is silent about the cause
    news = install(only("monai"))
    assert "no connection to the Internet, or a firewall" in news.problem


def test_a_name_that_nobody_knows(pipPlace, install, monkeypatch):
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", "https://nowhere.invalid/simple")
    assert "no connection to the Internet" in install(only("monai")).problem


@pytest.fixture
def server(tmp_path):
    """Serves a folder on this computer, by HTTPS with a certificate that nobody vouches for if wanted."""
    running = []

    def serve(folder: Path, isSecure: bool = False) -> str:
        handler = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
        made = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), lambda *arguments: handler(*arguments, directory=str(folder))
        )
        made.handle_error = lambda *_: None  # a client that turns away
        if isSecure:
            key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
            command = [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
            ]
            subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            made.socket = context.wrap_socket(made.socket, server_side=True)
        threading.Thread(target=made.serve_forever, daemon=True).start()
        running.append(made)
        return f"http{'s' if isSecure else ''}://localhost:{made.server_address[1]}"

    yield serve
    for each in running:
        each.shutdown()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes no certificate without openssl")
def test_a_certificate_that_nobody_vouches_for(pipPlace, install, monkeypatch, server):
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", server(pipPlace.wheels, isSecure=True))
    news = install(only("monai"))
    assert "replaces the certificates" in news.problem, logOf(install)


def simpleIndex(folder: Path, wheel: Path, digest: str = "") -> None:
    (folder / "monai").mkdir(parents=True)
    shutil.copy(wheel, folder / "monai")
    anchor = f"#sha256={digest}" if digest else ""
    (folder / "monai" / "index.html").write_text(f'<a href="{wheel.name}{anchor}">{wheel.name}</a>')


def test_a_file_that_was_damaged_on_the_way(pipPlace, install, monkeypatch, server, tmp_path):
    simpleIndex(tmp_path / "index", pipPlace.add("monai", "9.1"), "0" * 64)
    (pipPlace.wheels / "monai-9.1-py3-none-any.whl").unlink()
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", server(tmp_path / "index"))
    assert "arrived damaged" in install(only("monai")).problem


@pytest.fixture
def fullDisk(tmp_path):
    """A file system of 200 KB."""
    folder = tmp_path / "full"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("only the administrator may mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk(pipPlace, install, monkeypatch, fullDisk):
    pipPlace.add("monai", "9.1", size=2_000_000)
    monkeypatch.setenv("PIP_TARGET", str(fullDisk / "site-packages"))
    assert install(only("monai")).problem.startswith("The disk is full.")


def test_a_folder_that_cant_be_written(pipPlace, install, monkeypatch):
    if os.geteuid() == 0 and not Path("/sys/kernel").is_dir():
        pytest.skip("the administrator may write everywhere")
    pipPlace.add("monai", "9.1")
    if os.geteuid() == 0:
        target = Path("/sys/kernel/packages")
    else:
        target = pipPlace.target / "closed" / "x"
        target.parent.mkdir(mode=0o500)
    monkeypatch.setenv("PIP_TARGET", str(target))
    assert "can't be written" in install(only("monai")).problem, logOf(install)


def test_an_error_that_nobody_foresaw_is_told_in_pips_words(pipPlace, install):
    (pipPlace.wheels / "monai-9.1-py3-none-any.whl").write_bytes(b"no archive")
    news = install(only("monai"))
    assert news.problem.startswith("The installation failed: ") and "monai" in news.problem
    assert "The log has all" in news.problem and "Traceback" not in news.problem


def test_a_python_without_pip(install, pipPlace, monkeypatch):
    from DualTaskSegLib.installing import installation

    monkeypatch.setattr(installation.Installation, "_command", lambda *_: [sys.executable, "-I", "-S", "-m", "pip"])
    assert "pip, is missing" in install(only("monai")).problem


def test_a_launcher_that_is_missing(install, pipPlace, monkeypatch):
    from DualTaskSegLib.installing import installation

    monkeypatch.setattr(installation, "pythonExecutable", lambda: "/nothing/PythonSlicer")
    assert install(only("monai")).problem.startswith("The installation can't be started (")


def test_a_crash_below_the_launcher(install, pipPlace, monkeypatch, pythonSlicer):
    from DualTaskSegLib.installing import installation

    command = [str(pythonSlicer), "-c", "import os; os.abort()"]
    monkeypatch.setattr(installation.Installation, "_command", lambda *_: command)
    assert "crashed in a library" in install(only("monai")).problem


def test_what_pip_left_out_is_told(install, pipPlace, monkeypatch):
    from DualTaskSegLib.installing import installation

    monkeypatch.setattr(installation.Installation, "_command", lambda *_: [sys.executable, "-c", ""])
    assert "monai 1.4 or newer could not be installed." in install(only("monai")).problem


# --- ending it


def test_canceling_ends_all_that_belongs_to_it(pipPlace, install, monkeypatch, pythonSlicer, tmp_path):
    """pip waits for a server that says nothing, below the launcher."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        monkeypatch.delenv("PIP_NO_INDEX")
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{silent.getsockname()[1]}/simple")
        installation = install.begin(only("monai"))
        connection, _ = silent.accept()  # pip has come as far as that
        with connection:
            pids = branchOf(installation._pid)
            assert len(pids) >= 2 and installation.poll().isAtWork
            installation.cancel()
            news = installation.poll()
            assert news.isCanceled and not news.isAtWork and not news.isDone
            end = time.monotonic() + 10
            while any(is_alive(pid, None) for pid in pids):
                assert time.monotonic() < end
                time.sleep(0.02)
    log = installation.logFile
    assert log.is_file()
    installation.close()
    assert not log.parent.exists()


def branchOf(pid: int) -> list[int]:
    from DualTaskSegLib.engine import launching

    return launching._branch(pid)


# --- what it says meanwhile


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Collecting torch>=2.5", ("Looking for torch", None)),
        (
            "  Downloading torch-2.9.1-cp312-cp312-win_amd64.whl (110.9 MB)",
            ("Downloading torch 2.9.1 (110.9 MB)", None),
        ),
        (
            "  Downloading https://download.pytorch.org/whl/cu128/torch-2.9.1%2Bcu128-cp312-win_amd64.whl (900 MB)",
            ("Downloading torch 2.9.1+cu128 (900 MB)", None),
        ),
        ("  Downloading monai-1.5.tar.gz (1 MB)", ("Downloading monai 1.5 (1 MB)", None)),
        ("Progress 262144 of 1048576", ("before", 0.25)),
        ("Progress 262144 of 0", ("before", None)),
        ("Installing collected packages: a, b", ("Unpacking a, b", None)),
    ],
)
def test_what_pip_prints_is_understood(line, expected):
    assert described(line, "before") == expected


@pytest.mark.parametrize(
    "line", ["", "  Downloading torch-2.9.1-cp312-cp312-win_amd64.whl.metadata (30 kB)", "WARNING: x"]
)
def test_the_rest_is_passed_over(line):
    with pytest.raises(ValueError):
        described(line, "before")


def test_the_download_is_seen_as_it_grows(pipPlace, install, monkeypatch, server, tmp_path):
    """With the progress that pip tells since 24.1; where this pip is older, nothing of it is asked for."""
    simpleIndex(tmp_path / "index", pipPlace.add("monai", "9.1", size=3_000_000))
    (pipPlace.wheels / "monai-9.1-py3-none-any.whl").unlink()
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", server(tmp_path / "index"))
    assert install(only("monai")).isDone, logOf(install)
    text = logOf(install)
    assert "Downloading" in text and "monai-9.1-py3-none-any.whl (3.0 MB)" in text
    isNew = dependencies.isAtLeast(dependencies.installedVersion("pip"), "24.1")
    assert ("--progress-bar raw" in text) is isNew
    assert ("Progress 3" in text) is isNew
