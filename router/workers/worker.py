"""A worker's side of the line to its supervisor."""

from __future__ import annotations

import os
import resource
import signal
import socket
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Thread

from router.workers.place import Place
from router.workers.sockets import listener_of_worker

GRACE_SECONDS = 15.0
"""Time to end once requests are finished or cut off: what telemetry holds is still sent."""


def begin(place: Place) -> None:
    """Be a worker: what is inherited goes no further, and before it serves every signal ends it without a word."""
    for descriptor in (place.address, place.line):
        os.set_inheritable(descriptor, False)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def end_with_supervisor(place: Place, timeout: timedelta) -> None:
    """From now on end when the supervisor does, however that came: as after SIGINT, and in time for certain."""
    patience = timeout.total_seconds() + GRACE_SECONDS
    Thread(target=_end, args=(place.line, patience), name="supervisor", daemon=True).start()


def listener(place: Place) -> socket.socket:
    """Make what this worker listens with. Raises: OSError."""
    return listener_of_worker(socket.socket(fileno=place.address))


def tell_ready(place: Place) -> None:
    """Tell the supervisor that this worker serves, and the memory it takes."""
    with suppress(OSError):  # the supervisor is gone; the thread sees it, too
        os.write(place.line, b"%d\n" % _resident_bytes())


def _end(line: int, patience: float) -> None:
    with suppress(OSError):
        os.read(line, 1)  # nothing is ever sent: it returns when the other end is closed
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(patience)
    os.kill(os.getpid(), signal.SIGKILL)


def _resident_bytes() -> int:
    """Measure this process; where only macOS can tell, its peak."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(pages) * resource.getpagesize()
