"""The planner process: answers one wish after the other, of all routers of a host, and ends when its starter does."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import Any

from cachetools import LRUCache

from cache.bounded import BoundedCache
from router.errors import NotPreparedInTime, RouterError
from router.planning import Planner
from router.planning_process.wire import Kind, decode, encode, frame, read_frame

KEPT_SNAPSHOTS = 4
KEPT_ANSWERS = 1_000
KEPT_BYTES = 32 * 1024 * 1024
MOST_SECONDS = 10.0
"""CPU time that one document may take from all that wait."""
NICENESS = 5
"""Requests of known operations go before those of new ones, where both want the same core."""

Answer = tuple[Kind, bytes]


class PlannerService:
    """Does the work, with the last few snapshots, and remembers what came of it: several routers ask the same."""

    def __init__(self, most_seconds: float = MOST_SECONDS) -> None:
        self._most_seconds = most_seconds
        self._planners: LRUCache[str, Planner] = LRUCache(KEPT_SNAPSHOTS)
        self._answers: BoundedCache[bytes, bytes] = BoundedCache(KEPT_ANSWERS, KEPT_BYTES, len)

    def answer(self, kind: Kind, body: bytes) -> Answer:
        """Do what a frame asks for. Raises nothing: what went wrong is the answer."""
        try:
            return self._load(body) if kind is Kind.LOAD else self._remembered(kind, body)
        except RouterError as error:
            return Kind.REFUSED, encode(error)
        except Exception:  # noqa: BLE001  # the router does it again, and tells whatever it is
            return Kind.FAILED, b""

    def _load(self, body: bytes) -> Answer:
        basis = decode(body)
        if basis.id not in self._planners:
            planner = self._planners[basis.id] = Planner(basis)
            _ = planner.graph
            gc.unfreeze()  # those that had to go
            gc.collect()
            gc.freeze()
        return Kind.DONE, encode(None)

    def _remembered(self, kind: Kind, body: bytes) -> Answer:
        key = sha256(bytes([kind]) + body).digest()
        known = self._answers.get(key)
        if known is not None:
            return Kind.DONE, known
        id, *what = decode(body)
        planner = self._planners.get(id)
        if planner is None:
            return Kind.LACKING, b""
        with at_most(self._most_seconds):
            made = encode(_do(planner, kind, *what))
        self._answers[key] = made
        return Kind.DONE, made

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection; connections take turns."""
        with suppress(OSError, EOFError):
            writer.write(frame(Kind.DONE, b""))  # a greeting: somebody is there
            while True:
                kind, body = await read_frame(reader)
                writer.write(frame(*self.answer(kind, body)))
                await writer.drain()
                await asyncio.sleep(0)
        writer.close()


def _do(planner: Planner, kind: Kind, what: Any, how: Any) -> object:  # noqa: ANN401 (as the frame has it)
    return planner.prepare(what, how) if kind is Kind.PREPARE else planner.plan(what, frozenset(how))


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Break off work in the main thread after so much CPU time. Raises: NotPreparedInTime."""
    under_way = True

    def break_off(number: int, place: FrameType | None) -> None:
        del number, place
        if under_way:
            raise NotPreparedInTime

    signal.signal(signal.SIGVTALRM, break_off)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 0.1)  # again and again: what is raised in a callback is lost
    try:
        yield
    finally:
        under_way = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def main(descriptor: int) -> None:
    """Serve the listening socket `descriptor`, until standard input is closed: then whoever started this has ended."""
    for wish in (signal.SIGINT, signal.SIGTERM):  # those are for who started this, and may still have to drain
        signal.signal(wish, signal.SIG_IGN)
    listener = socket.socket(fileno=descriptor)
    threading.Thread(target=_end_with_starter, args=(Path(listener.getsockname()),), daemon=True).start()
    with suppress(OSError):
        os.nice(NICENESS)
    gc.set_threshold(50_000, 2, 1_000)  # as in the router: the second generation is not to grow
    asyncio.run(_serve(listener))


def _end_with_starter(address: Path) -> None:
    """Wait for the end of whoever started this, and take away what it may have left."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    with suppress(OSError):
        address.unlink()
        address.parent.rmdir()
    os._exit(0)


async def _serve(listener: socket.socket) -> None:
    server = await asyncio.start_unix_server(PlannerService().serve, sock=listener)
    await server.serve_forever()
