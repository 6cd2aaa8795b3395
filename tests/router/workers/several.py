"""`fedra router --workers N` as its users start it: real processes, real sockets, and all that they log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from router.request import Json
from tests.router.door import Subgraphs, serving, until, write_supergraph
from tests.router.running import Process, started

ADA = {"data": {"people": [{"name": "Ada"}]}}
QUERY = {"query": "{ people(first: 1) { name } }"}
SECONDS = 30
"""Time for what is to come; a busy machine starts processes slowly."""


@dataclass(slots=True)
class Log:
    """What was written so far, as it comes."""

    output: asyncio.StreamReader
    entries: list[Json] = field(default_factory=list)

    async def __call__(self, message: str, count: int = 1, **facts: Json) -> list[Json]:
        """Wait until there are so many entries with a message and facts; those that there are."""
        async with asyncio.timeout(SECONDS):
            while len(found := self.found(message, **facts)) < count:
                line = await self.output.readline()
                assert line, f"It ended before '{message}'."
                self.entries.append(json.loads(line))
        return found

    def found(self, message: str, **facts: Json) -> list[Json]:
        """The entries with a message and facts, of those that were read."""
        return [one for one in self.entries if {**one, "message": message, **facts} == one]


@dataclass(frozen=True, slots=True)
class Several:
    """A supervisor, its workers, and their subgraphs."""

    process: Process
    url: str
    client: httpx.AsyncClient
    """Opens a connection for every request."""
    subgraphs: Subgraphs
    supergraph: Path
    configuration: Path
    log: Log

    async def pids(self, count: int = 2) -> list[int]:
        """The first workers, by number, once they serve."""
        await self.log("worker ready", count)
        return [int((await self.log("worker ready", worker=index))[0]["pid"]) for index in range(count)]

    def planners(self) -> list[int]:
        """The planner processes that the supervisor, or any worker, has started."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [one.pid for one in children if "router.planning_process" in _command(one)]

    async def ask(self) -> Json:
        """Post an operation."""
        return await self.ask_for(QUERY)

    async def ask_for(self, query: Json) -> Json:
        """Post an operation of one's own."""
        return (await self.client.post(self.url, json=query)).json()

    async def status(self, path: str) -> int:
        """Ask for a check."""
        return (await self.client.get(self.url.replace("/graphql", path))).status_code

    async def ended(self) -> tuple[int | None, str]:
        """Wait for the end; the exit code, and what was said on standard error."""
        _, errors = await asyncio.wait_for(self.process.communicate(), SECONDS)
        return self.process.returncode, errors.decode()


@asynccontextmanager
async def several(folder: Path, *arguments: str, settings: Json = None) -> AsyncIterator[Several]:
    """Run two workers, or as many as the arguments say."""
    subgraphs = Subgraphs()
    configuration = folder / "router.yaml"
    configuration.write_text(json.dumps(settings or {}))
    async with serving(subgraphs.app()) as url:
        file = write_supergraph(folder / "supergraph.graphql", url)
        named = ("--supergraph", str(file), "--config", str(configuration), "--port", "0")
        unkept = httpx.Limits(max_keepalive_connections=0)
        async with (
            started(*named, *(arguments or ("--workers", "2"))) as (process, graphql),
            httpx.AsyncClient(limits=unkept, timeout=SECONDS) as client,
        ):
            assert process.stdout is not None
            yield Several(process, graphql, client, subgraphs, file, configuration, Log(process.stdout))


async def gone(pid: int) -> None:
    """Wait until a process is not there any more, or is only to be buried."""

    async def so() -> bool:
        try:
            return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    await until(so)


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # it has just ended
        return []
