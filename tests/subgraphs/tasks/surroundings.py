"""A worker's surroundings: a real PostgreSQL, and neighbours on a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from starlette.responses import JSONResponse, Response

from subgraphs.kernel.database import Database
from subgraphs.kernel.global_id import encode
from subgraphs.kernel.identity import ServiceSigner
from subgraphs.kernel.service_client import ServiceClient
from subgraphs.kernel.settings import Settings
from subgraphs.tasks.dispatch import Dispatch
from subgraphs.tasks.inference import Inference
from subgraphs.tasks.ingest import Ingest
from subgraphs.tasks.machine import TERMINAL, Status
from subgraphs.tasks.new_task import NewTask
from subgraphs.tasks.oip import OipClient
from subgraphs.tasks.records import Kind, RetryPolicy, TaskRecord
from subgraphs.tasks.wakeups import Wakeups
from subgraphs.tasks.work import Runner
from subgraphs.tasks.worker import Worker
from tests.subgraphs.kernel.kit import service_pem
from tests.subgraphs.tasks.making import (
    COLLECTION,
    SESSION,
    drain,
    fresh,
    look,
    make,
    run_sql,
)
from tests.subgraphs.tasks.neighbours import Neighbours, neighbours

Json = Any

AT_ONCE = RetryPolicy(max_attempts=3, initial_delay_ms=0, max_delay_ms=0)
MESSAGE, USER_MESSAGE = encode("Message", fresh()), encode("Message", fresh())
QUESTION = {"question": "What is Fedra?", "collectionIds": [encode("Collection", COLLECTION)], "topK": 4}
TURN = {"sessionId": encode("Session", SESSION), "messageId": MESSAGE, "userMessageId": USER_MESSAGE}


@dataclass
class World:
    """A worker's surroundings."""

    database: Database
    settings: Settings
    others: Neighbours
    documents: Path
    client: ServiceClient
    models: OipClient

    @asynccontextmanager
    async def working(self, lease: float = 30, concurrency: int = 4) -> AsyncIterator[Worker]:
        """Run a worker beside the body."""
        dispatch = Dispatch(self.database, "one", timedelta(seconds=lease))
        runners: dict[Kind, Runner] = {
            Kind.INFERENCE: Inference(self.client, self.models),
            Kind.INGEST: Ingest(self.client, self.settings.ingest_roots),
        }
        worker = Worker(dispatch, runners, concurrency)
        wakeups = Wakeups(self.settings.system_url, worker.wake, worker.look_at)
        running = asyncio.create_task(worker.run(wakeups))
        try:
            yield worker
        finally:
            worker.stop()
            await running
            await wakeups.close()

    async def until(self, id: UUID, *statuses: Status) -> TaskRecord:
        """Wait until the task has one of these."""
        async with asyncio.timeout(15):
            while (task := await look(self.database, id)).status not in statuses:  # noqa: ASYNC110 - it is told by nothing
                await asyncio.sleep(0.02)
        return task

    async def ended(self, id: UUID) -> TaskRecord:
        return await self.until(id, *TERMINAL)

    async def done(self, new: NewTask, lease: float = 30) -> TaskRecord:
        """Make a task, and have it done."""
        task = await make(self.database, new)
        async with self.working(lease):
            return await self.ended(task.id)

    def document(self, name: str, text: str) -> str:
        (self.documents / name).write_text(text, "utf-8")
        return (self.documents / name).as_uri()

    async def steps(self, id: UUID) -> list[str]:
        rows = await run_sql(
            self.database,
            "SELECT data->>'to' AS to FROM tasks.task_event WHERE task_id = $1 AND type = 'STATUS' ORDER BY seq",
            id,
        )
        return [row["to"] for row in rows]


@asynccontextmanager
async def surroundings(database: Database, settings: Settings, documents: Path) -> AsyncIterator[World]:
    await drain(database)
    async with neighbours() as others, httpx.AsyncClient(trust_env=False) as http:
        urls: Json = {f"{name}_url": f"{others.url}/{name}/graphql" for name in ("sessions", "models", "search")}
        known = replace(settings, **urls, oip_url=others.url, ingest_roots=(str(documents),))
        client = ServiceClient(known)
        models = OipClient(others.url, ServiceSigner(service_pem()), http)
        yield World(database, known, others, documents, client, models)
        await client.close()


def broken(status: int = 200, code: str = "INTERNAL_SERVER_ERROR") -> Callable[[], Awaitable[Response]]:
    async def answer() -> Response:
        return JSONResponse({"errors": [{"message": "Broken.", "extensions": {"code": code}}]}, status)

    return answer


def refusing(code: str) -> Callable[[], Awaitable[Json]]:
    async def answer() -> Json:
        return {"message": None, "indexed": 0, "errors": [{"code": code, "message": "No."}]}

    return answer


def giving(answer: Json) -> Callable[[], Awaitable[Json]]:
    async def give() -> Json:
        return answer

    return give
