"""The process above the workers: starts them, starts again those that end by themselves, and ends all at the end."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from signal import Signals

from router.planning_process.process import ADDRESS, PAUSE_SECONDS, PlannerProcess
from router.settings import Settings
from router.settings.health import Drain
from router.workers.place import Place
from router.workers.worker import GRACE_SECONDS

PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0, 15.0)
"""Seconds before a worker is started again, by how often it failed in a row."""
STEADY_SECONDS = 30.0
"""A worker that served this long starts over at the shortest pause."""

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Worker:
    """One running worker, and our end of the line to it: it ends when the worker does."""

    process: subprocess.Popen[bytes]
    line: socket.socket
    serves: bool = False


@dataclass(slots=True)
class Supervisor:
    """Keeps `count` workers serving at an address, until SIGTERM or SIGINT."""

    arguments: Sequence[str]
    """Of `fedra router`, as they were given."""
    count: int
    drain: Drain
    address: socket.socket
    """Reserved, not listened at."""
    url: str
    planner: PlannerProcess | None
    """Shared by all workers."""
    _workers: dict[int, Worker] = field(default_factory=dict)
    _proven: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the first worker serves: what is wrong at start, all would tell. Also set at the end."""
    _ending: asyncio.Event = field(default_factory=asyncio.Event)
    _exit_code: int = 0

    async def run(self) -> int:
        """Run to the end. 1: no worker could serve, or one had to be killed."""
        for wish in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(wish, self._end, wish)
        with self.address:
            await asyncio.gather(self._keep_planner(), *map(self._keep, range(self.count)))
        if self.planner:
            self.planner.close()
        return self._exit_code

    async def _keep_planner(self) -> None:
        while self.planner and not self._ending.is_set():
            with suppress(OSError):  # workers plan themselves meanwhile, and say so
                self.planner.ensure()
            await self._pause(PAUSE_SECONDS)

    async def _keep(self, index: int) -> None:
        """Keep one worker running; the first one alone, until it serves."""
        if index:
            await self._proven.wait()
        failures = 0
        while not self._ending.is_set():
            began = time.monotonic()
            has_served, facts = await self._live(index)
            if self._ending.is_set():
                return
            if not has_served and not any(one.serves for one in self._workers.values()):
                self._give_up(facts)
                return
            log.warning("worker ended", extra=facts)
            failures = 0 if time.monotonic() - began > STEADY_SECONDS else failures
            await self._pause(PAUSES[min(failures, len(PAUSES) - 1)])
            failures += 1

    async def _live(self, index: int) -> tuple[bool, Mapping[str, object]]:
        """Start a worker and wait until it has ended. Gives whether it served, and what its end was."""
        try:
            worker = self._workers[index] = self._start(index)
        except OSError as error:  # the system has no process, memory or descriptor left
            return False, {"worker": index, "reason": str(error)}
        code = await self._follow(index, worker)
        del self._workers[index]
        return worker.serves, {"worker": index, "pid": worker.process.pid, "exit_code": code}

    async def _pause(self, seconds: float) -> None:
        """Wait, though not for longer than there is something to do."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)

    def _start(self, index: int) -> Worker:
        """Start a worker as a program of its own, which imports what we would, from where we would. Raises: OSError."""
        ours, theirs = socket.socketpair()
        with theirs:
            place = Place(index, self.address.fileno(), theirs.fileno())
            shared = {ADDRESS: self.planner.address} if self.planner else {}
            try:
                process = subprocess.Popen(  # noqa: S603  # our own program
                    [sys.executable, "-P", "-m", "fedra", "router", *self.arguments, "--worker", str(place)],
                    stdin=subprocess.DEVNULL,
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **shared},
                    pass_fds=(place.address, place.line),
                    start_new_session=True,  # a Ctrl-C in the terminal is for the supervisor alone
                )
            except OSError:
                ours.close()
                raise
        return Worker(process, ours)

    async def _follow(self, index: int, worker: Worker) -> int:
        """Wait until a worker has ended, and take note when it serves. Gives its exit code."""
        reader, writer = await asyncio.open_connection(sock=worker.line)
        try:
            if said := await reader.readline():
                worker.serves = True
                self._serves(index, worker, int(said))
                await reader.read()
        finally:
            writer.close()
        return worker.process.wait()  # at once: only its end ends the line

    def _serves(self, index: int, worker: Worker, resident_bytes: int) -> None:
        if not self._proven.is_set():
            self._proven.set()
            log.info("listening", extra={"url": self.url, "workers": self.count})
        facts = {"worker": index, "pid": worker.process.pid, "resident_mb": round(resident_bytes / 1e6, 1)}
        log.info("worker ready", extra=facts)

    def _end(self, wish: Signals) -> None:
        """Pass a signal on, the first and every further one; who has not ended in time is killed."""
        delay = self.drain.delay if wish == signal.SIGTERM and not self._ending.is_set() else None
        seconds = (delay.total_seconds() if delay else 0.0) + self.drain.timeout.total_seconds() + GRACE_SECONDS
        asyncio.get_running_loop().call_later(seconds, self._kill)
        self._stop()
        for worker in self._workers.values():
            worker.process.send_signal(wish if worker.serves else signal.SIGTERM)

    def _give_up(self, facts: Mapping[str, object]) -> None:
        """End, because a worker could not even start while no other serves; it said why on standard error."""
        log.error("no worker serves, and none can be started", extra=facts)
        self._exit_code = 1
        self._stop()
        self._kill()

    def _stop(self) -> None:
        """Start nothing any more, and leave the address to those who listen."""
        self.address.close()
        self._ending.set()
        self._proven.set()

    def _kill(self) -> None:
        for index, worker in self._workers.items():
            self._exit_code = 1
            log.error("worker killed", extra={"worker": index, "pid": worker.process.pid})
            worker.process.kill()


def planner_of(settings: Settings) -> PlannerProcess | None:
    """Start a planner for all workers, unless they are to have none, or one that others have started."""
    if not settings.supergraph.query_planning.process or ADDRESS in os.environ:
        return None
    try:
        return PlannerProcess()
    except OSError as error:
        log.warning("no planner process can be started", extra={"reason": str(error)})
        return None
