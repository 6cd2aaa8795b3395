"""A router as a process of its own under attack, what that costs it, and a bystander who wants to be answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from router.request import Json
from schema.compose.compose import compose
from schema.subgraph import SubgraphSource
from tests.router.door import serving
from tests.router.running import started

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n'
SUBGRAPHS = {
    "things": """
      scalar Any
      type Query { known: Int things(first: Int = 2): [Thing!] thing(by: By): Thing any(value: Any): Any }
      input By { id: ID text: String number: Float inner: By many: [By!] }
      type Thing @key(fields: "id") { id: ID! name: String next: Thing rest(text: String): String any: Any }
    """,
    "parts": 'type Thing @key(fields: "id") { id: ID! part: String count: Int! }',
}
KNOWN = "{ known }"
ANSWER = b'{"data": {"known": 1}}'

Answer = Callable[[Request], Awaitable[Response]]


async def answer_known(_request: Request) -> Response:
    """Know what is known, and nothing else."""
    return Response(ANSWER, media_type="application/json")


@dataclass(slots=True)
class Cost:
    """What an attack has cost the router's process and those beneath it. Units: s of CPU time, bytes of memory."""

    seconds: float = 0.0
    memory: int = 0


@dataclass(frozen=True, slots=True)
class Besieged:
    """A router, clients of it, and its process."""

    client: httpx.AsyncClient
    process: psutil.Process
    logs: list[str] = field(default_factory=list)

    async def ask(self, query: str, *, headers: Mapping[str, str] | None = None, **parameters: Json) -> Json:
        """Post an operation; the decoded body of the answer."""
        response = await self.client.post("/graphql", json={"query": query, **parameters}, headers=headers)
        return response.json()

    @contextmanager
    def cost(self) -> Iterator[Cost]:
        """Measure what happens meanwhile."""
        cost = Cost()
        seconds, memory = self._seconds(), self._memory()
        yield cost
        cost.seconds = self._seconds() - seconds
        cost.memory = self._memory() - memory

    @asynccontextmanager
    async def bystander(self) -> AsyncIterator[list[Json]]:
        """Ask for what is known, again and again; yields the answers, at least one at the end."""
        answers: list[Json] = []
        answered = asyncio.Event()

        async def ask() -> None:
            while True:
                answers.append(await self.ask(KNOWN))
                answered.set()
                await asyncio.sleep(0.02)

        asking = asyncio.create_task(ask())
        try:
            yield answers
            await asyncio.wait_for(answered.wait(), 60)
        finally:
            asking.cancel()
            with suppress(asyncio.CancelledError):
                await asking
        assert answers == [json.loads(ANSWER)] * len(answers)

    def _seconds(self) -> float:
        times = [one.cpu_times() for one in self._processes()]
        return sum(one.user + one.system for one in times)

    def _memory(self) -> int:
        return sum(one.memory_info().rss for one in self._processes())

    def _processes(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


def write_supergraph(file: Path, urls: Mapping[str, str]) -> Path:
    """Compose the subgraphs at these addresses."""
    composed = compose([SubgraphSource(name, urls[name], LINK + sdl) for name, sdl in SUBGRAPHS.items()])
    assert composed.supergraph_sdl is not None, composed.errors
    file.write_text(composed.supergraph_sdl)
    return file


@asynccontextmanager
async def besieged(
    folder: Path, urls: Mapping[str, str] | None = None, answer: Answer = answer_known, **settings: Json
) -> AsyncIterator[Besieged]:
    """Run a router; `things` knows what is known, unless both subgraphs are elsewhere."""
    routes = [Route(f"/{name}", answer, methods=["POST"]) for name in SUBGRAPHS]
    async with serving(Starlette(routes=routes)) as url:
        supergraph = write_supergraph(
            folder / "supergraph.graphql", urls or {name: f"{url}/{name}" for name in SUBGRAPHS}
        )
        (folder / "router.yaml").write_text(json.dumps(settings, default=str))
        arguments = ("--supergraph", str(supergraph), "--config", str(folder / "router.yaml"), "--port", "0")
        async with started(*arguments) as (process, endpoint):
            logs: list[str] = []
            reading = asyncio.create_task(_read(process.stdout, logs))
            try:
                async with httpx.AsyncClient(base_url=endpoint.removesuffix("/graphql"), timeout=120) as client:
                    one = Besieged(client, psutil.Process(process.pid), logs)
                    assert await one.ask(KNOWN) == json.loads(ANSWER)
                    yield one
            finally:
                reading.cancel()
                with suppress(asyncio.CancelledError):
                    await reading


async def _read(stream: asyncio.StreamReader | None, lines: list[str]) -> None:
    assert stream is not None
    while line := await stream.readline():
        lines.append(line.decode())
