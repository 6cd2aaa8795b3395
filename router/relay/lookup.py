"""The nodes of one operation: named by all its fields first, then checked with one request to each owner."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from typing import Any

from graphql import GraphQLError

from router.fetch.source import Answer, EntityAsk, EntitySource
from router.relay.global_id import GlobalId, decode
from router.relay.owners import ExistenceCheck
from router.request import Json, RequestContext

MAX_NODES = 100

Stub = Mapping[str, Json]
Found = Mapping[GlobalId, Stub | GraphQLError]


class Lookup:
    """Says of global ids whether their nodes exist for the caller; the owners decide, each with its own token."""

    def __init__(self, checks: Mapping[str, ExistenceCheck], source: EntitySource, context: RequestContext) -> None:
        self._checks = checks
        self._source = source
        self._context = context
        self._wanted: dict[GlobalId, None] = {}
        self._named = 0
        self._checking: asyncio.Task[Found] | None = None

    def node(self, id: str) -> Coroutine[Any, Any, Stub | GraphQLError | None]:
        """Name one node; what is awaited is its key, or None if there is nothing for the caller."""
        return self._node(self._name(id))

    def nodes(self, ids: Sequence[str]) -> Coroutine[Any, Any, list[Stub | GraphQLError | None]]:
        """Name several. Shapes: result [n] in the order of ids [n]."""
        return self._nodes([self._name(id) for id in ids])

    def _name(self, text: str) -> GlobalId | None:
        self._named += 1
        node = decode(text)
        if node is None or node.type_name not in self._checks:
            return None
        self._wanted[node] = None
        return node

    async def _node(self, node: GlobalId | None) -> Stub | GraphQLError | None:
        (found,) = await self._nodes([node])
        return found

    async def _nodes(self, nodes: Sequence[GlobalId | None]) -> list[Stub | GraphQLError | None]:
        """Runs only when every field of the operation has named its nodes."""
        if self._named > MAX_NODES:
            raise GraphQLError(
                f"At most {MAX_NODES} nodes can be asked for at once.", extensions={"code": "BAD_USER_INPUT"}
            )
        if self._checking is None:
            self._checking = asyncio.create_task(self._check())
        found = await self._checking
        return [found.get(node) if node else None for node in nodes]

    async def _check(self) -> Found:
        asked: dict[ExistenceCheck, list[GlobalId]] = defaultdict(list)
        for node in self._wanted:
            asked[self._checks[node.type_name]].append(node)
        loads = (self._ask(check, nodes) for check, nodes in asked.items())
        return {node: found for part in await asyncio.gather(*loads) for node, found in part.items()}

    async def _ask(self, check: ExistenceCheck, nodes: Sequence[GlobalId]) -> Found:
        stubs = [{"__typename": node.type_name, "id": node.text} for node in nodes]
        (answer,) = await self._source.load([EntityAsk(check.fetch, check.select, stubs, {})], self._context)
        return dict(_read(nodes, stubs, answer))


def _read(
    nodes: Sequence[GlobalId], stubs: Sequence[Stub], answer: Answer
) -> Iterable[tuple[GlobalId, Stub | GraphQLError]]:
    """Keep the nodes that the owner shows as what they were asked for; a failure is told, never taken for absence."""
    failures = {error.path[0] if error.path else None: error for error in answer.errors}
    for at, (node, stub) in enumerate(zip(nodes, stubs, strict=True)):
        failure = failures.get(at, failures.get(None))
        entity = answer.data[at] if answer.data is not None else None
        if isinstance(entity, Mapping) and stub.items() <= entity.items():
            yield node, stub
        elif failure is not None:
            yield node, GraphQLError(failure.message, extensions={**failure.extensions, "code": failure.code})
