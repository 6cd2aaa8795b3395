"""The platform's own API with its sessions subgraph stood in for: the committed SDL over a few records."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

import orjson
from graphql import GraphQLSchema, build_schema, graphql_sync, parse, print_schema
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from router.request import Json
from schema.api_schema import to_api_schema

ROOT = Path(__file__).parents[2]
MOMENT = "2026-01-01T00:00:00Z"


def global_id(type_name: str, number: int) -> str:
    """Name a node as the platform does."""
    return base64.urlsafe_b64encode(f"{type_name}:{UUID(int=number)}".encode()).decode().rstrip("=")


PROJECT = {"__typename": "Project", "id": global_id("Project", 1), "name": "Tables", "slug": "tables"}


def session(number: int, title: str) -> dict[str, Json]:
    """Make a session of the project."""
    facts = {"status": "ACTIVE", "createdAt": MOMENT, "lastActivityAt": MOMENT, "messageCount": 0}
    id = global_id("Session", number)
    return {"__typename": "Session", "id": id, "title": title, "project": PROJECT, **facts}


class Platform:
    """What the stand-in holds: three sessions, and those that clients create."""

    def __init__(self) -> None:
        self.sessions = [session(number, title) for number, title in enumerate(("First", "Second", "Third"), 2)]

    def app(self) -> Starlette:
        """Serve `/graphql` as the sessions subgraph."""
        sdl = (ROOT / "subgraphs/sessions/schema.graphql").read_text(encoding="utf-8")
        schema = build_schema(sdl, assume_valid_sdl=True)
        root = {
            "sessions": lambda _info, **given: self._page(given["first"], given.get("after")),
            "session": lambda _info, id: self._find(id),
            "_entities": lambda _info, representations: [self._find(one["id"]) for one in representations],
            "createSession": self._create,
        }
        return Starlette(routes=[Route("/graphql", _serve(schema, root), methods=["POST"])])

    def _find(self, id: str) -> dict[str, Json] | None:
        return next((one for one in (PROJECT, *self.sessions) if one["id"] == id), None)

    def _page(self, first: int, after: str | None) -> dict[str, Json]:
        start = int(after or 0)
        shown: Sequence[dict[str, Json]] = self.sessions[start : start + first]
        edges = [{"cursor": str(start + at), "node": one} for at, one in enumerate(shown, 1)]
        more = start + first < len(self.sessions)
        cursors = {"startCursor": edges[0]["cursor"], "endCursor": edges[-1]["cursor"]} if edges else {}
        return {"edges": edges, "pageInfo": {"hasNextPage": more, "hasPreviousPage": start > 0, **cursors}}

    def _create(self, _info: Json, input: Mapping[str, Json]) -> dict[str, Json]:
        created = session(len(self.sessions) + 2, input["title"])
        self.sessions.append(created)
        return {"session": created, "errors": []}


def _serve(schema: GraphQLSchema, root: Mapping[str, Json]) -> Json:
    async def serve(request: Request) -> JSONResponse:
        body = orjson.loads(await request.body())
        result = graphql_sync(schema, body["query"], dict(root), variable_values=body.get("variables"))
        return JSONResponse(result.formatted)

    return serve


def write_supergraph(folder: Path, sessions: str) -> Path:
    """Write the committed supergraph, its sessions subgraph at `sessions`, and the API schema to compare with."""
    committed = (ROOT / "deploy/registry/supergraph.graphql").read_text(encoding="utf-8")
    (folder / "api.graphql").write_text(print_schema(to_api_schema(parse(committed))), encoding="utf-8")
    file = folder / "platform.graphql"
    file.write_text(committed.replace("http://127.0.0.1:4001", sessions), encoding="utf-8")
    return file
