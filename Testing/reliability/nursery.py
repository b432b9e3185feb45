"""Runs commands of the program in children that can be killed, starved or fed with nonsense, many in a short time.

One process, the nursery, imports the program once and then forks a child for each command: loading PyTorch takes
seconds, a fork milliseconds. In the child every file operation inside a watched folder is counted, by Python's own
audit events, and before the n-th one it can be killed, or the system made to answer with an error. What the system
says about the child (signal, time, memory) comes back with what it printed.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OPERATIONS = {
    "open",
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.truncate",
    "os.chmod",
    "os.link",
    "os.symlink",
}
SPARE_MEMORY = 3 << 30  # bytes of address space that a child may take beyond what the nursery has
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(frozen=True)
class Outcome:
    """How a child ended.

    Attributes:
        code: its exit code; None where a signal ended it.
        signal: that ended it, 0 for none.
        is_late: it did not end in time and was ended by us.
        operations: file operations counted in the watched folder; None where it was killed.
        output, errors: what it printed.
        seconds: it took.
        memory: the most that it had in use, in bytes, beyond what it was born with.
        processor: seconds of processor time that it took.
    """

    code: int | None
    signal: int
    is_late: bool
    operations: int | None
    output: str
    errors: str
    seconds: float
    memory: int
    processor: float

    @property
    def is_clean(self) -> bool:
        """Whether it ended as the program promises to: done, or with one sentence about what is wrong."""
        if self.code == 2:
            return "Traceback" not in self.errors and "defect" not in self.errors and bool(self.errors.strip())
        return self.code in (0, 3) and "Traceback" not in self.errors

    def __str__(self) -> str:
        how = f"signal {self.signal}" if self.signal else f"code {self.code}"
        late = ", late" if self.is_late else ""
        return f"{how}{late}, {self.seconds:.1f} s, {self.memory >> 20} MB\n{self.errors[-3000:]}"


class Nursery:
    """Starts the process that gives birth to the children. A context manager.

    Args:
        folder: an own folder for what children print.
        modules: what the children have imported already.
    """

    def __init__(self, folder: Path, modules: tuple[str, ...] = ()) -> None:
        self.folder = folder
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(folder), *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            encoding="utf-8",
        )
        assert self._process.stdout.readline().strip() == "ready", "the nursery could not start"

    def run(self, *arguments: object, **details: Any) -> Outcome:
        """Runs one command.

        Args:
            arguments: of the command line.
            watch: folder whose file operations are counted.
            at: before which of them, counted from 1, something happens; 0 for never.
            how: ``"kill"``; or a signal's name, such as ``"SIGTERM"``, which is sent once; or the number of an error
                that this operation and all later ones that write end with.
            within: seconds after which the child is ended.
            largest_file: bytes, beyond which the system refuses to let a file grow (EFBIG), as on a full disk.
            patches: numbers in modules of the program to set, by their full names.
            module: whose function ``main`` takes the arguments.
            given: what stands in standard input.
            closed: numbers of standard streams that are closed.
            is_homeless: no variable and no list of users tells where the home folder is.
        """
        return self.run_together([self.task(*arguments, **details)])[0]

    def task(
        self,
        *arguments: object,
        watch: Path | None = None,
        at: int = 0,
        how: str | int = "kill",
        within: float = 120.0,
        largest_file: int | None = None,
        patches: dict[str, float] | None = None,
        module: str = "dualtaskseg.cli",
        given: bytes = b"",
        closed: tuple[int, ...] = (),
        is_homeless: bool = False,
    ) -> dict[str, Any]:
        """What :meth:`run` would do, for :meth:`run_together`."""
        return {
            "arguments": [os.fspath(each) if isinstance(each, Path) else str(each) for each in arguments],
            "watch": str(watch) if watch else None,
            "at": at,
            "how": how,
            "within": within,
            "largest_file": largest_file,
            "patches": patches or {},
            "module": module,
            "given": given.decode("latin-1"),
            "closed": closed,
            "is_homeless": is_homeless,
        }

    def run_together(self, tasks: list[dict[str, Any]]) -> list[Outcome]:
        """Runs several commands at the same time."""
        self._process.stdin.write(json.dumps(tasks) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the nursery died"
        return [Outcome(**each) for each in json.loads(answer)]

    def __enter__(self) -> Nursery:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=120)  # on a busy machine its end takes a while


# --- inside the nursery


def _serve(folder: Path) -> None:
    print("ready", flush=True)
    for line in sys.stdin:
        born = [_give_birth(folder, number, task) for number, task in enumerate(json.loads(line))]
        print(json.dumps([_wait(*each) for each in born]), flush=True)


def _give_birth(folder: Path, number: int, task: dict[str, Any]) -> tuple:
    paths = {name: folder / f"{number}.{name}" for name in ("output", "errors", "count", "given")}
    paths["given"].write_bytes(task["given"].encode("latin-1"))
    # where files may not grow, what is printed has to come out all the same
    pipes = {name: os.pipe() for name in ("output", "errors")} if task["largest_file"] is not None else {}
    for reading, writing in pipes.values():
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 2**20)  # so that nobody has to read before the child has ended
        os.set_blocking(reading, False)
    began = time.monotonic()
    born_with = _resident()
    pid = os.fork()
    if pid == 0:
        _live(task, paths, {name: writing for name, (_, writing) in pipes.items()})
    for _, writing in pipes.values():
        os.close(writing)
    return task, paths, {name: reading for name, (reading, _) in pipes.items()}, began, born_with, pid


def _wait(
    task: dict[str, Any], paths: dict[str, Path], pipes: dict[str, int], began: float, born_with: int, pid: int
) -> dict[str, Any]:
    is_late = False
    while True:
        done, status, usage = os.wait4(pid, os.WNOHANG)
        if done:
            break
        if time.monotonic() - began > task["within"] and not is_late:
            is_late = True
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.005)
    text = {name: path.read_text("utf-8", "replace") if path.exists() else "" for name, path in paths.items()}
    for name, pipe in pipes.items():
        with contextlib.suppress(BlockingIOError):
            text[name] = os.read(pipe, 2**20).decode("utf-8", "replace")
        os.close(pipe)
    for path in paths.values():
        path.unlink(missing_ok=True)
    return {
        "code": os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else None,
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        "is_late": is_late,
        "operations": int(text["count"]) if text["count"] else None,
        "output": text["output"][-100_000:],
        "errors": text["errors"][-100_000:],
        "seconds": time.monotonic() - began,
        "memory": max(0, usage.ru_maxrss * 1024 - born_with),
        "processor": usage.ru_utime + usage.ru_stime,
    }


def _live(task: dict[str, Any], paths: dict[str, Path], pipes: dict[str, int]) -> None:
    """The child's life; it never returns."""
    code = 1
    try:
        os.setsid()
        os.dup2(os.open(paths["given"], os.O_RDONLY), 0)
        for stream, name in ((1, "output"), (2, "errors")):
            os.dup2(pipes.get(name) or os.open(paths[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), stream)
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", errors="replace", closefd=False, buffering=1)  # noqa: SIM115
        _limit(task)
        for number in task["closed"]:
            os.close(number)
            setattr(sys, ("stdin", "stdout", "stderr")[number], None)
        if task["is_homeless"]:
            _lose_home()
        for name, value in task["patches"].items():
            module, _, attribute = name.rpartition(".")
            setattr(__import__(module, fromlist=["_"]), attribute, value)
        main = __import__(task["module"], fromlist=["_"]).main
        count = _count_operations(task)
        try:
            code = main(task["arguments"])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:
            import traceback

            traceback.print_exc()
            code = 1
        stop_counting(count)
        with contextlib.suppress(OSError, ValueError, AttributeError):
            sys.stdout.flush()
        handle = os.open(paths["count"], os.O_WRONLY | os.O_CREAT, 0o600)
        os.write(handle, str(count[0]).encode())
    finally:
        os._exit(code if isinstance(code, int) else 1)


def _lose_home() -> None:
    import pwd

    def unknown(_: int) -> None:
        raise KeyError("uid not found")

    for name in ("HOME", "XDG_CACHE_HOME", "USER", "LOGNAME"):
        os.environ.pop(name, None)
    pwd.getpwuid = unknown


def _limit(task: dict[str, Any]) -> None:
    import resource

    size = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (size + SPARE_MEMORY, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if task["largest_file"] is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (task["largest_file"], resource.RLIM_INFINITY))


def _count_operations(task: dict[str, Any]) -> list[int]:
    """Counts file operations that change something in the watched folder; the list's first number is the count."""
    count = [0, 1]
    watch = task["watch"]
    if watch is None:
        return count

    def on_event(event: str, arguments: tuple) -> None:
        if event not in OPERATIONS or not count[1]:
            return
        path = arguments[0]
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, str) and hasattr(path, "__fspath__"):
            path = os.fspath(path)
        if not isinstance(path, str) or not path.startswith(watch):
            return
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & WRITING):
            return
        count[0] += 1
        if task["at"] and count[0] >= task["at"]:
            if task["how"] == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
                time.sleep(60)
            if isinstance(task["how"], str):
                if count[0] == task["at"]:
                    os.kill(os.getpid(), getattr(signal, task["how"]))
                return
            raise OSError(task["how"], os.strerror(task["how"]), path)

    sys.addaudithook(on_event)
    return count


def stop_counting(count: list[int]) -> None:
    """A hook stays for ever; this makes it deaf."""
    count[1] = 0


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    for name in sys.argv[2:]:
        __import__(name)
    _serve(Path(sys.argv[1]))
