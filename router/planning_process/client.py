"""The router's side of a planner process: few wishes are there at a time, the others wait here and may leave."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass

from router.errors import NotPreparedInTime
from router.planning_process.process import PlannerProcess
from router.planning_process.wire import Kind, read_frame

log = logging.getLogger(__name__)

AT_A_TIME = 2
"""The next wish is there when the last one has been answered; of what waits there nobody can leave."""
MAX_WAITING = 1_000
GREETING_SECONDS = 30.0
"""A planner that reads a supergraph greets nobody meanwhile."""
ANSWER_SECONDS = 60.0
REST_SECONDS = 5.0
"""A planner that was not there is not asked again sooner."""
LOOK_SECONDS = 0.1
"""So often it is looked whether a planner that is waited for is still there."""

Answer = tuple[Kind, bytes]


@dataclass(slots=True, eq=False)
class Connection:
    """A line to a planner, of which one wish at a time makes use; `pid` is the process, if it is this router's own."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    pid: int | None
    is_served: bool = False

    async def exchange(self, wish: bytes) -> Answer:
        """Send a wish, and wait for the answer. Raises: OSError, EOFError, TimeoutError."""
        async with asyncio.timeout(ANSWER_SECONDS):
            self.writer.write(wish)
            await self.writer.drain()
            return await read_frame(self.reader)


class PlannerGone(Exception):
    """There is no planner process that answers."""


class PlannerClient:
    """Asks a planner process: one of several routers, or one that is this router's own."""

    def __init__(self, address: str | None) -> None:
        """Without an address a process is started, when it is needed."""
        self._address = address
        self._process: PlannerProcess | None = None
        self._idle: list[Connection] = []
        self._turns = asyncio.Semaphore(AT_A_TIME)
        self._waiting = 0
        self._rests_until = 0.0
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """The process, if it is this router's own and runs."""
        return self._process.pid if self._process else None

    async def ask(self, wish: bytes) -> Answer:
        """Send a frame and wait for the answer; what has been sent is waited for, even if nobody wants it any more.

        Raises: PlannerGone, NotPreparedInTime when too many wait.
        """
        if self._waiting >= MAX_WAITING:
            raise NotPreparedInTime
        self._waiting += 1
        try:
            await self._turns.acquire()
        finally:
            self._waiting -= 1
        exchange = asyncio.ensure_future(self._exchange(wish))
        exchange.add_done_callback(self._end_turn)
        return await asyncio.shield(exchange)

    async def close(self) -> None:
        """Ask no more; what is under way is told that the planner is gone, or ends with its answer."""
        self._is_closed = True
        self._drop_idle()
        if self._process:
            self._process.close()

    def _end_turn(self, exchange: asyncio.Future[Answer]) -> None:
        self._turns.release()
        if not exchange.cancelled():
            exchange.exception()  # told to whoever still waits

    async def _exchange(self, wish: bytes) -> Answer:
        """Ask, and once more if the planner ended meanwhile. Raises: PlannerGone."""
        for _ in range(2):
            if self._is_closed or time.monotonic() < self._rests_until:
                break
            connection = self._idle.pop() if self._idle else await self._open()
            try:
                await self._greeted(connection)
                answer = await connection.exchange(wish)
            except TimeoutError:  # before OSError, which it is
                self._give_up(connection, for_good=connection.is_served)
                raise self._gone("it does not answer") from None
            except (OSError, EOFError):
                self._give_up(connection, for_good=True)
            except asyncio.CancelledError:
                connection.writer.close()
                raise
            else:
                self._put_back(connection)
                return answer
        raise PlannerGone

    async def _open(self) -> Connection:
        """Open a connection. Raises: PlannerGone."""
        try:
            reader, writer = await asyncio.open_unix_connection(self._listening())
        except OSError as error:
            raise self._gone(str(error)) from error
        return Connection(reader, writer, self.pid)

    async def _greeted(self, connection: Connection) -> None:
        """Wait until somebody serves a connection. Raises: OSError, EOFError, TimeoutError."""
        if connection.is_served:
            return
        greeting = asyncio.ensure_future(read_frame(connection.reader))
        try:
            async with asyncio.timeout(GREETING_SECONDS):
                while not (await asyncio.wait({greeting}, timeout=LOOK_SECONDS))[0]:
                    if self._process and (self.pid is None or self.pid != connection.pid):
                        raise ConnectionResetError
            await greeting
        finally:
            greeting.cancel()
        connection.is_served = True

    def _gone(self, reason: str) -> PlannerGone:
        """Tell that there is no planner, and ask none for a while."""
        self._rests_until = time.monotonic() + REST_SECONDS
        log.warning("the planner process is not there, this process plans", extra={"reason": reason})
        return PlannerGone()

    def _listening(self) -> str:
        """Say where the planner listens; this router's own is started, if it does not run. Raises: OSError."""
        if self._address is not None:
            return self._address
        if self._process is None:
            self._process = PlannerProcess()
        if not self._process.ensure():
            raise ConnectionRefusedError("it ended as soon as it began")
        return self._process.address

    def _give_up(self, connection: Connection, *, for_good: bool) -> None:
        """Leave a planner that does not answer; for good: see to its end, which may have only begun."""
        connection.writer.close()
        if not for_good:
            return
        self._drop_idle()
        if self._process and connection.pid is not None:
            self._process.kill(connection.pid)

    def _put_back(self, connection: Connection) -> None:
        self._idle.append(connection)
        if self._is_closed:
            self._drop_idle()

    def _drop_idle(self) -> None:
        while self._idle:
            self._idle.pop().writer.close()
