"""Child processes: started, watched, started again when they end by themselves, and all stopped at the end."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import httpx

from router.dev.programs import Program

STOP_SECONDS = 15.0
READY_SECONDS = 120.0
BACKOFF_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)
STEADY_SECONDS = 30.0  # a child that ran this long starts over at the shortest pause

Tell = Callable[[str], None]


class ProgramFailed(Exception):
    """A child process did not become ready; the text says which, and where its log is."""


@dataclass(slots=True)
class Child:
    """One running program and the task that keeps it running."""

    program: Program
    process: asyncio.subprocess.Process
    first_line: asyncio.Future[bytes]
    keeper: asyncio.Task[None] | None = None


@dataclass(slots=True)
class Supervisor:
    """Runs programs until `stop`. A context manager: whatever happens inside, no child is left behind."""

    logs: Path
    tell: Tell
    _children: dict[str, Child] = field(default_factory=dict)
    _stopping: bool = False

    async def __aenter__(self) -> Supervisor:
        self.logs.mkdir(parents=True, exist_ok=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, program: Program) -> bytes:
        """Start a program, wait until it is ready and keep it running from then on. Gives its first line of output.

        Raises: ProgramFailed.
        """
        began = time.monotonic()
        child = await self._spawn(program)
        await self._wait_until_ready(child)
        child.keeper = asyncio.create_task(self._keep(child))
        self.tell(f"  {program.name:<10} ready after {time.monotonic() - began:.1f} s")
        return child.first_line.result() if child.first_line.done() else b""

    async def run(self, program: Program) -> None:
        """Run a program to its end. Raises: ProgramFailed unless it exits with 0."""
        began = time.monotonic()
        child = await self._spawn(program)
        if await child.process.wait():
            raise self._failure(program)
        self.tell(f"  {program.name:<10} done after {time.monotonic() - began:.1f} s")

    async def stop(self) -> None:
        """End every child, the stores last: politely, and after a while for certain."""
        self._stopping = True
        for child in self._children.values():
            if child.keeper:
                child.keeper.cancel()
        for stores in (False, True):
            ending = [child.process for child in self._children.values() if child.program.store is stores]
            await asyncio.gather(*(_end(process) for process in ending))
        self._children.clear()

    async def _spawn(self, program: Program) -> Child:
        with (self.logs / f"{program.name}.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *program.command(os.getpid()),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env={**os.environ, **program.environment},
                start_new_session=True,  # a Ctrl-C in the terminal is for the supervisor alone
            )
        first_line: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        child = self._children[program.name] = Child(program, process, first_line)
        asyncio.create_task(self._copy_output(child))  # noqa: RUF006 (ends with the process)
        return child

    async def _copy_output(self, child: Child) -> None:
        """Write what the child prints into its log; its first line also says that it is ready."""
        output = cast("asyncio.StreamReader", child.process.stdout)
        path = self.logs / f"{child.program.name}.log"
        async for line in output:
            if not child.first_line.done():
                child.first_line.set_result(line)
            if not child.program.store:
                with path.open("ab") as log:
                    log.write(line)

    async def _wait_until_ready(self, child: Child) -> None:
        ended = asyncio.create_task(child.process.wait())
        ready = asyncio.create_task(_ready(child))
        try:
            async with asyncio.timeout(READY_SECONDS):
                await asyncio.wait({ended, ready}, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            pass
        finally:
            done = ready.done()
            ready.cancel()
            ended.cancel()
        if not done:
            raise self._failure(child.program)

    async def _keep(self, child: Child) -> None:
        """Start the program again whenever it ends by itself, after a pause that grows while it keeps failing."""
        failures = 0
        while not self._stopping:
            began = time.monotonic()
            code = await child.process.wait()
            failures = 0 if time.monotonic() - began > STEADY_SECONDS else failures + 1
            self.tell(f"  {child.program.name:<10} ended with {code}; starting it again")
            await asyncio.sleep(BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)])
            keeper = child.keeper
            child = await self._spawn(child.program)
            child.keeper = keeper

    def _failure(self, program: Program) -> ProgramFailed:
        path = self.logs / f"{program.name}.log"
        lines = [line for line in path.read_text(errors="replace").splitlines() if line.strip()]
        last = f"\n    {lines[-1]}" if lines else ""
        return ProgramFailed(f"'{program.name}' did not start; its log is '{path}'.{last}")


async def _ready(child: Child) -> None:
    if child.program.health is None:
        await asyncio.shield(child.first_line)
        return
    async with httpx.AsyncClient(trust_env=False) as client:
        while True:
            try:
                if (await client.get(child.program.health, timeout=2)).status_code == httpx.codes.OK:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.1)


async def _end(process: asyncio.subprocess.Process) -> None:
    for wish in (signal.SIGTERM, signal.SIGKILL):
        if process.returncode is not None:
            return
        _signal_group(process.pid, wish)
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            continue


def _signal_group(pid: int, wish: signal.Signals) -> None:
    """Reach the child and whatever it started: it leads a process group of its own."""
    try:
        os.killpg(pid, wish)
    except ProcessLookupError:
        return
