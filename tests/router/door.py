"""The door's own federation: two real subgraphs over HTTP, their supergraph, and servers on free ports."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import orjson
import uvicorn
from graphql import GraphQLError, GraphQLResolveInfo, build_schema, graphql_sync
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from router.app import create_router_app
from router.configuration.load import ConfigurationSource
from router.request import Json
from router.settings import Settings
from router.transport.bounded_http import BoundedHttp

SUPERGRAPH = """
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)
  @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)
  @link(url: "https://specs.apollo.dev/policy/v0.1", for: SECURITY)
{ query: Query mutation: Mutation subscription: Subscription }

directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__type(
  graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true,
  isInterfaceObject: Boolean! = false
) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__field(
  graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean,
  override: String, usedOverridden: Boolean
) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @requiresScopes(scopes: [[requiresScopes__Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @policy(policies: [[policy__Policy!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM

scalar join__FieldSet
scalar link__Import
scalar requiresScopes__Scope
scalar policy__Policy
enum link__Purpose { SECURITY EXECUTION }

enum join__Graph {
  PEOPLE @join__graph(name: "people", url: "http://127.0.0.1:1/people")
  NOTES @join__graph(name: "notes", url: "http://127.0.0.1:1/notes")
}

type Query @join__type(graph: PEOPLE) @join__type(graph: NOTES) {
  people(first: Int! = 2): [Person!]! @join__field(graph: PEOPLE)
  person(id: ID!): Person @join__field(graph: PEOPLE)
  notes: [Note!] @join__field(graph: NOTES)
  note: Note @join__field(graph: NOTES)
  headers: Headers! @join__field(graph: NOTES)
  fails: Int @join__field(graph: NOTES)
}

type Mutation @join__type(graph: NOTES) {
  write(text: String!): Int!
}

type Subscription @join__type(graph: NOTES) {
  written: Int!
}

type Headers @join__type(graph: NOTES) {
  authorization: String
  traceparent: String
  deadline: Int
  clientName: String
  clientVersion: String
}

type Person @join__type(graph: PEOPLE, key: "id") @join__type(graph: NOTES, key: "id") {
  id: ID!
  name: String! @join__field(graph: PEOPLE)
  email: String @join__field(graph: PEOPLE) @policy(policies: [["pii.read"]])
  salary: Int! @join__field(graph: PEOPLE) @requiresScopes(scopes: [["people:read", "salary:read"], ["admin"]])
  notes: [Note!]! @join__field(graph: NOTES) @authenticated
}

interface Note @join__type(graph: NOTES) {
  id: ID!
  text: String
}

type Memo implements Note @join__type(graph: NOTES) @join__implements(graph: NOTES, interface: "Note") {
  id: ID!
  text: String
}

type Secret implements Note @join__type(graph: NOTES) @join__implements(graph: NOTES, interface: "Note")
  @requiresScopes(scopes: [["secret:read"]]) {
  id: ID!
  text: String
  code: Int!
}
"""

_ENTITIES = """
scalar _Any
extend type Query {{ _entities(representations: [_Any!]!): [_Entity]! }}
union _Entity = {entities}
"""

_PEOPLE = """
type Query { people(first: Int! = 2): [Person!]! person(id: ID!): Person }
type Person { id: ID! name: String! email: String salary: Int! }
"""

_NOTES = """
type Query { notes: [Note!] note: Note headers: Headers! fails: Int }
type Mutation { write(text: String!): Int! }
type Subscription { written: Int! }
type Headers {
  authorization: String traceparent: String deadline: Int clientName: String clientVersion: String
}
type Person { id: ID! notes: [Note!]! }
interface Note { id: ID! text: String }
type Memo implements Note { id: ID! text: String }
type Secret implements Note { id: ID! text: String code: Int! }
"""

PEOPLE = {
    "1": {"__typename": "Person", "id": "1", "name": "Ada", "email": "ada@example.com", "salary": 100},
    "2": {"__typename": "Person", "id": "2", "name": "Alan", "email": "alan@example.com", "salary": 90},
}
NOTES = [
    {"__typename": "Memo", "id": "m", "text": "buy milk"},
    {"__typename": "Secret", "id": "s", "text": "hush", "code": 7},
]


@dataclass
class Subgraphs:
    """What the two subgraphs were asked, and what was written to them."""

    asked: list[tuple[str, str]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    status: int = 200
    delay: float = 0.0
    headers: list[tuple[str, str]] = field(default_factory=list)
    heard: list[dict[str, str]] = field(default_factory=list)

    def app(self) -> Starlette:
        """Serve `/people` and `/notes`."""
        people = {
            "people": lambda _info, first: list(PEOPLE.values())[:first],
            "person": lambda _info, id: PEOPLE.get(id),
            "_entities": lambda _info, representations: [PEOPLE.get(one["id"]) for one in representations],
        }
        notes = {
            "notes": NOTES,
            "note": NOTES[1],
            "headers": self._headers,
            "fails": self._fails,
            "write": self._write,
            "_entities": lambda _info, representations: [{**one, "notes": NOTES} for one in representations],
        }
        return Starlette(routes=[self._route("people", _PEOPLE, people), self._route("notes", _NOTES, notes)])

    def _route(self, name: str, sdl: str, root: Mapping[str, Json]) -> Route:
        schema = build_schema(sdl + _ENTITIES.format(entities="Person"))

        async def serve(request: Request) -> JSONResponse:
            body = orjson.loads(await request.body())
            self.asked.append((name, body["query"]))
            await asyncio.sleep(self.delay)
            result = graphql_sync(schema, body["query"], root, request, body.get("variables"))
            response = JSONResponse(result.formatted, status_code=self.status)
            response.raw_headers.extend((key.encode(), value.encode()) for key, value in self.headers)
            self.heard.append(dict(request.headers))
            return response

        return Route(f"/{name}", serve, methods=["POST"])

    @staticmethod
    def _headers(info: GraphQLResolveInfo[Json]) -> Json:
        headers = info.context.headers
        return {
            "authorization": headers.get("authorization"),
            "traceparent": headers.get("traceparent"),
            "deadline": int(headers["fedra-deadline"]),
            "clientName": headers.get("x-client-name"),
            "clientVersion": headers.get("x-client-version"),
        }

    @staticmethod
    def _fails(_info: GraphQLResolveInfo[Json]) -> Json:
        raise GraphQLError("a secret of the subgraph", extensions={"code": "TEAPOT", "stack": "line 1"})

    def _write(self, _info: GraphQLResolveInfo[Json], text: str) -> int:
        self.written.append(text)
        return len(self.written)


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """Serve an app on a free port of 127.0.0.1; yields its URL."""
    config = uvicorn.Config(
        app, port=0, http=BoundedHttp, lifespan="auto", log_config=None, access_log=False, proxy_headers=False
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        if task.done():
            task.result()
        await asyncio.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await task


def write_supergraph(file: Path, url: str, text: str = SUPERGRAPH) -> Path:
    """Write a supergraph whose subgraphs answer at `url`."""
    file.write_text(text.replace("http://127.0.0.1:1", url))
    return file


@dataclass(frozen=True, slots=True)
class Door:
    """A running router before the two subgraphs, and a client of it."""

    client: httpx.AsyncClient
    subgraphs: Subgraphs
    supergraph: Path
    url: str
    configuration: Path

    async def ask(self, query: str, *, token: str | None = None, **parameters: Json) -> Json:
        """Post an operation; the decoded body of the answer."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        response = await self.client.post("/graphql", json={"query": query, **parameters}, headers=headers)
        return response.json()

    async def works(self) -> bool:
        """Whether a good request is answered as ever."""
        return bool(await self.ask("{ people { name } }") == {"data": {"people": [{"name": "Ada"}, {"name": "Alan"}]}})


@asynccontextmanager
async def open_door(folder: Path, configuration: str | None = None, **settings: Json) -> AsyncIterator[Door]:
    """Run subgraphs and router on free ports; the settings are branches of the tree, or a configuration to follow."""
    subgraphs = Subgraphs()
    async with serving(subgraphs.app()) as url:
        file = write_supergraph(folder / "supergraph.graphql", url)
        supergraph = {"file": file, "poll_interval": "50ms", **settings.pop("supergraph", {})}
        text = json.dumps(settings, default=str) if configuration is None else configuration
        (folder / "router.yaml").write_text(text)

        def over(read: Settings) -> Settings:
            """Put over it what a command line would say."""
            known = read.supergraph.model_dump(exclude_unset=True)
            return Settings.model_validate(
                {**read.model_dump(exclude_unset=True), "supergraph": {**known, **supergraph}}
            )

        source = ConfigurationSource(folder / "router.yaml", {}, over)
        app = create_router_app(source.read(), source)
        async with serving(app) as router, httpx.AsyncClient(base_url=router) as client:
            yield Door(client, subgraphs, file, url, folder / "router.yaml")


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again, until it is so."""
    for _ in range(250):
        if await is_so():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError("It never became so.")


def code_of(body: Json) -> str:
    """The code of the only error of a response."""
    (error,) = body["errors"]
    return str(error["extensions"]["code"])
