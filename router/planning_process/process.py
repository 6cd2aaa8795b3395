"""A planner process of this one: started again when it ends, and never there without whoever started it."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

log = logging.getLogger(__name__)

ADDRESS = "FEDRA_PLANNER"
"""The environment variable that names the planner of several routers."""
PAUSE_SECONDS = 1.0
"""A process that ended sooner is not started again at once."""


class PlannerProcess:
    """A planner process, at the address of a socket in a folder that only this user can open.

    The socket is this process's own: routers may connect before the planner listens, and while it is started again.
    """

    def __init__(self) -> None:
        """Start it. Raises: OSError."""
        self._folder = tempfile.TemporaryDirectory(prefix="fedra-planner-")
        self.address = str(Path(self._folder.name) / "planner")
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._child: subprocess.Popen[bytes] | None = None
        self._began = float("-inf")
        try:
            self._listener.bind(self.address)
            self._listener.listen(128)
            self.ensure()
        except OSError:
            self.close()
            raise

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    def ensure(self) -> bool:
        """Start it again if it has ended, unless it began a moment ago. False: it does not run."""
        if self.pid is not None:
            return True
        if time.monotonic() - self._began < PAUSE_SECONDS:
            return False
        if self._child is not None:
            log.warning("the planner process ended, and is started again", extra={"code": self._child.returncode})
            self._reap(self._child)
        self._began = time.monotonic()
        self._child = subprocess.Popen(  # noqa: S603  # our own program, which imports what we would, from where we would
            [sys.executable, "-P", "-m", "router.planning_process", str(self._listener.fileno())],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE,  # closed when this process ends, however that happens
            pass_fds=[self._listener.fileno()],
            start_new_session=True,  # a Ctrl-C in the terminal is for whoever started this
        )
        return True

    def kill(self, pid: int) -> None:
        """End this very process for certain, unless it has ended already."""
        if self._child is not None and self._child.pid == pid:
            self._child.kill()
            self._child.wait()

    def close(self) -> None:
        """End it, and take its folder away."""
        if self._child is not None:
            self.kill(self._child.pid)
            self._reap(self._child)
        self._listener.close()
        self._folder.cleanup()

    @staticmethod
    def _reap(child: subprocess.Popen[bytes]) -> None:
        child.wait()
        if child.stdin is not None:
            child.stdin.close()
