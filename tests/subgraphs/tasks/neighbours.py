"""A real HTTP server that answers the few operations the worker sends, in the names of its three neighbours.

Every token is verified for the subgraph it is sent to, every document against that subgraph's exported schema.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import uvicorn
from graphql import FieldNode, GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import subgraphs
from subgraphs.kernel.identity import InternalToken, Verifier
from tests.subgraphs.kernel.kit import jwks

Json = Any

HITS = [
    {"score": 0.9, "snippet": "Fedra is a federated platform.", "document": {"id": "RG9jOjE"}},
    {"score": 0.4, "snippet": "It is written in Python.", "document": {"id": "RG9jOjI"}},
]


@dataclass(frozen=True, slots=True)
class Call:
    """One request that came in. `subject`: its input, or its variables."""

    name: str
    subject: Json
    caller: InternalToken


@cache
def exported(name: str) -> GraphQLSchema:
    path = Path(subgraphs.__path__[0]) / name / "schema.graphql"
    return build_schema(path.read_text("utf-8"), assume_valid_sdl=True, assume_valid=True)


@dataclass
class Neighbours:
    """What was asked, and what is to happen next time a field is asked for: each change of an answer is used once."""

    url: str
    calls: list[Call] = field(default_factory=list)
    instead: dict[str, list[Callable[[], Awaitable[Json]]]] = field(default_factory=dict)
    verifier: Verifier = field(default_factory=lambda: Verifier(jwks()))
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def hang(self) -> Json:
        """Say that it was reached, and answer nothing until the end."""
        self.reached.set()
        await self.closing.wait()

    def named(self, name: str) -> list[Json]:
        return [call.subject for call in self.calls if call.name == name]

    def once(self, name: str, answer: Callable[[], Awaitable[Json]]) -> None:
        self.instead.setdefault(name, []).append(answer)

    async def graphql(self, request: Request) -> Response:
        body, subgraph = orjson.loads(await request.body()), request.path_params["subgraph"]
        document = parse(body["query"])
        errors = validate(exported(subgraph), document)
        if errors:
            return JSONResponse({"errors": [{"message": str(error)} for error in errors]})
        [operation] = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
        [asked] = [one for one in operation.selection_set.selections if isinstance(one, FieldNode)]
        name = asked.name.value
        subject = body["variables"].get("input", body["variables"])
        answer = await self._answer(request, subgraph, name, subject)
        return answer if isinstance(answer, Response) else JSONResponse({"data": {name: answer}})

    async def infer(self, request: Request) -> Response:
        name = f"infer {request.path_params['model']}"
        answer = await self._answer(request, "models", name, orjson.loads(await request.body()))
        return answer if isinstance(answer, Response) else JSONResponse(answer)

    async def _answer(self, request: Request, subgraph: str, name: str, subject: Json) -> Json:
        caller = self.verifier.verify(request.headers["authorization"].removeprefix("Bearer "), subgraph)
        self.calls.append(Call(name, subject, caller))
        changed = self.instead.get(name)
        return await changed.pop(0)() if changed else ANSWERS[name](subject)


def _answered(_: Json) -> Json:
    citations = [
        {"passage": 0, "start": 0, "end": 30, "score": 0.8},
        {"passage": 7, "start": 0, "end": 1, "score": 0.1},
    ]
    return {
        "model_name": "answer",
        "parameters": {"input_tokens": 21, "output_tokens": 8},
        "outputs": [
            {"name": "answer", "datatype": "BYTES", "shape": [1], "data": [HITS[0]["snippet"]]},
            {
                "name": "citations",
                "datatype": "BYTES",
                "shape": [2],
                "data": [orjson.dumps(one).decode() for one in citations],
            },
        ],
    }


def _messages(variables: Json) -> Json:
    times = {"role": "USER", "createdAt": "2030-01-01T00:00:00Z"}
    return [{"id": one["id"], **times} for one in variables["messages"]]


ANSWERS: dict[str, Callable[[Json], Json]] = {
    "modelVersion": lambda variables: {"id": variables["id"], "model": {"name": "answer"}},
    "search": lambda _: {"edges": [{"node": hit} for hit in HITS]},
    "infer answer": _answered,
    "recordMessage": lambda input: {"message": {"id": input["messageId"]}, "errors": []},
    "_entities": _messages,
    "indexMessages": lambda input: {"indexed": len(input["messages"]), "errors": []},
    "indexChunks": lambda input: {"indexed": len(input["chunks"]), "errors": []},
}


@asynccontextmanager
async def neighbours() -> AsyncIterator[Neighbours]:
    """Serve on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        served = Neighbours(f"http://127.0.0.1:{listener.getsockname()[1]}")
        routes = [
            Route("/{subgraph}/graphql", served.graphql, methods=["POST"]),
            Route("/v2/models/{model}/infer", served.infer, methods=["POST"]),
        ]
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_config=None, lifespan="off", ws="none"))
        running = asyncio.create_task(server.serve([listener]))
        while not (server.started or running.done()):  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        try:
            yield served
        finally:
            served.closing.set()
            server.should_exit = True
            await running
