"""A team that does everything that it may, and some things that it may not: the header `x-do` says what."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from typing import Any

from router.hooks import (
    Change,
    Hooks,
    OperationView,
    Refusal,
    RequestView,
    SubgraphRequestView,
    SubgraphResponseView,
)
from router.request import Client, Json


class Team(Hooks):
    """Remembers what it saw."""

    def __init__(self) -> None:
        self.seen: list[Json] = []

    async def on_request(self, request: RequestView) -> Change | Refusal | None:
        self.seen.append(request)
        do = request.headers.get("x-do")
        request.bag["do"] = do
        if do == "change":
            return Change({"x-do": None, "x-tenant": "t"}, Client("kiosk", "3"))
        if do == "refuse request":
            return Refusal("Closed.", "MAINTENANCE", 503)
        return None if do is None else await misbehave(do, "request")

    async def on_operation(self, operation: OperationView) -> Refusal | None:
        self.seen.append(operation)
        do = operation.bag["do"]
        if do == "refuse operation":
            return Refusal("No.")
        return None if do is None else await misbehave(do, "operation")

    async def on_subgraph_request(self, request: SubgraphRequestView) -> Mapping[str, str | None] | None:
        self.seen.append(request)
        do = request.bag["do"]
        if do == "headers":
            return {"x-team": "yes", "x-tenant": None, "authorization": "Bearer forged", "traceparent": "forged"}
        if do == "break":
            return {"x-team": "yes\r\nhost: elsewhere"}
        if do == "own":
            return {"content-length": "0"}
        return None if do is None else await misbehave(do, "subgraph request")

    async def on_subgraph_response(self, response: SubgraphResponseView) -> None:
        self.seen.append(response)
        response.bag["answered"] = response.subgraph
        if response.bag["do"] is not None:
            await misbehave(response.bag["do"], "subgraph response")


async def misbehave(do: str, where: str) -> Any:  # noqa: ANN401  # a lie may be anything
    """Do what is asked for here."""
    match do.removesuffix(f" {where}") if do.endswith(where) else "":
        case "throw":
            raise RuntimeError("a secret of the team")
        case "hang":
            await asyncio.Event().wait()
        case "cling":
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await asyncio.sleep(0.1)
        case "cancel":
            raise asyncio.CancelledError
        case "exit":
            sys.exit(1)
        case "lie":
            return "a lie"
    return None


hooks = Team()
