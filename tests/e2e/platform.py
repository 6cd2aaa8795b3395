"""The whole platform as its users start it: one command, a first query that is printed, a signal that ends it."""

from __future__ import annotations

import json
import queue
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil

CHECKOUT = Path(__file__).parents[2]
START_SECONDS = 180.0
T = TypeVar("T")


@dataclass(slots=True)
class Platform:
    """A running `fedra dev`. What it printed is in `lines`."""

    data: Path
    port: int
    process: subprocess.Popen[str] = field(init=False)
    lines: list[str] = field(default_factory=list)

    def start(self, *options: str, until: str = "Ctrl-C") -> None:
        """Start it and wait until it has printed a line that begins so (the last of a good start), or ended."""
        command = [sys.executable, "-m", "fedra", "dev", "--port", str(self.port), "--data", str(self.data), *options]
        self.lines = []
        self.process = subprocess.Popen(
            command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        printed: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, args=(printed,), daemon=True).start()
        deadline = time.monotonic() + START_SECONDS
        while (line := printed.get(timeout=deadline - time.monotonic())) is not None:
            if line.startswith(until):
                return

    def _read(self, printed: queue.Queue[str | None]) -> None:
        assert self.process.stdout
        with self.process.stdout as output:
            for line in output:
                self.lines.append(line.rstrip("\n"))
                printed.put(line)
        printed.put(None)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def token(self) -> str:
        return next(line.split()[-1] for line in self.lines if line.startswith("Demo token:"))

    def paste_first_query(self) -> dict[str, Any]:
        """Do what the printed `curl` line says, without `curl`."""
        words = shlex.split(next(line for line in self.lines if line.startswith("curl ")))
        headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
        reply = httpx.post(words[2], content=words[words.index("-d") + 1], headers=headers, timeout=60)
        body: dict[str, Any] = reply.json()
        return body

    def ask(self, query: str, **variables: object) -> dict[str, Any]:
        """Send an operation as the demo's principal; gives the whole answer."""
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        content = json.dumps({"query": query, "variables": variables})
        url = f"http://127.0.0.1:{self.port}/graphql"
        body: dict[str, Any] = httpx.post(url, content=content, headers=headers, timeout=60).json()
        return body

    def children(self) -> list[psutil.Process]:
        """Every process below the supervisor."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, *words: str) -> psutil.Process:
        """The one child whose command line has these words in a row."""
        for child in psutil.Process(self.process.pid).children():
            command = child.cmdline()
            if any(command[at : at + len(words)] == list(words) for at in range(len(command))):
                return child
        raise LookupError(f"No child runs {words}.")

    def stop(self, wish: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait; gives the exit code."""
        self.process.send_signal(wish)
        return self.process.wait(60)


def until(seconds: float, condition: Callable[[], T]) -> T:
    """Ask again and again until the answer is true. Raises: AssertionError with the last answer."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s; last answer: {answer!r}"
        time.sleep(0.2)
    return answer
