"""The one seam between execution and subgraphs."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from router.planner.model import EntitySelection, Fetch, RootSelection
from router.request import GraphQLError, Json, RequestContext

NO_HINTS: Mapping[str, Json] = MappingProxyType({})


class RootAsk(NamedTuple):
    """A root selection with the values of the variables that it uses and the client supplied."""

    fetch: Fetch
    select: RootSelection
    variables: Mapping[str, Json]


class EntityAsk(NamedTuple):
    """An entity selection with its representations, each distinct one once, and the variables it uses.

    `part` tells apart the asks of one fetch that give the variables of a context values of their own.
    """

    fetch: Fetch
    select: EntitySelection
    representations: Sequence[Mapping[str, Json]]
    variables: Mapping[str, Json]
    part: int = 0

    @property
    def alias(self) -> str:
        """The response name of its `_entities` in the request."""
        return f"{self.select.alias}_{self.part}" if self.part else self.select.alias


Ask = RootAsk | EntityAsk


class Answer(NamedTuple):
    """What came back for one ask; treated as immutable from here on.

    Shapes: data of a root ask is an object or None; of an entity ask a list [m] in the order of the representations,
    or None where nothing usable came. Error paths are relative to the answer: a root field name first, or the index
    of a representation first.
    """

    data: Json
    errors: tuple[GraphQLError, ...] = ()
    hints: Mapping[str, Json] = NO_HINTS


Loading = Coroutine[Any, Any, Sequence[Answer]]
"""Answers that are awaited: a source that only chooses or prepares hands on those of the next one."""


class EntitySource(Protocol):
    """Where answers of a subgraph come from. The network is one; others wrap it."""

    async def load(self, asks: Sequence[Ask], context: RequestContext) -> Sequence[Answer]:
        """Answer every ask of one fetch, in order. Raises nothing: a failure is an answer with errors."""
        ...
