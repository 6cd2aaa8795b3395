"""Programs that a measurement needs, each ended with all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.peer import ROOT, Command

MEGABYTE = 1_000_000
START_SECONDS = 90
PLANNER = "router.planning_process"
"""The module that Fedra's planner process runs: there is one for all workers of a host."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process and those beneath it have used."""

    cpu_seconds: float
    memory_mb: float
    """Of all but planner processes."""
    planner_mb: float


def usage(pid: int) -> Usage:
    """Add up the tree. Memory is resident; pages that processes share are counted for each."""
    process = psutil.Process(pid)
    seconds = memory = planner = 0.0
    for one in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            seconds += sum(one.cpu_times()[:4])  # user and system, its own and of children that ended
            resident = one.memory_info().rss / MEGABYTE
            plans = PLANNER in one.cmdline()
            memory, planner = memory + resident * (not plans), planner + resident * plans
    return Usage(seconds, memory, planner)


@contextmanager
def started(command: Command, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a router."""
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603
            command.arguments,
            cwd=command.folder,
            env={**os.environ, **command.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # a group of its own: it and its children
        process.wait()


def wait_for(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Wait until a router answers. Raises: RuntimeError with the end of its log."""
    request = urllib.request.Request(  # noqa: S310 (a router of ours)
        url, b'{"query": "{ __typename }"}', {"content-type": "application/json"}
    )
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(request, timeout=5):  # noqa: S310
            return
        time.sleep(0.2)
    raise RuntimeError(f"no answer at {url}:\n{log.read_text(errors='replace')[-2000:]}")


@contextmanager
def program(module: str) -> Iterator[subprocess.Popen[str]]:
    """Run a program of the benchmark that is spoken to line by line."""
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", module], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str]) -> str:
    """Read a line. Raises: RuntimeError if the program ended."""
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise RuntimeError(f"{process.args!r} ended early")
    return line


def tell(process: subprocess.Popen[str], line: str) -> None:
    """Write a line."""
    if process.stdin:
        process.stdin.write(f"{line}\n")
        process.stdin.flush()
