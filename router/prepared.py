"""Documents made ready to run: parsed, validated and normalized once, on a miss only, off the event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from sys import getsizeof
from typing import ParamSpec, TypeVar

from graphql import DocumentNode, GraphQLError, GraphQLSyntaxError, OperationDefinitionNode, parse, validate
from graphql.validation.rules import overlapping_fields_can_be_merged

from cache.bounded import BoundedCache
from cache.single_flight import SingleFlight
from router.errors import DocumentError, LimitError, NotPreparedInTime, SubscriptionNotSupported, UnknownOperation
from router.operation.coordinates import used_coordinates
from router.operation.model import Operation, OperationKind
from router.operation.normalize import normalize
from router.operation.size import BYTES_PER_SELECTION, CACHED_BYTES, bytes_of
from router.planner.override_labels import OverrideLabels
from router.policies.authorize import Guards
from router.policies.cost.actual import NO_TALLY, Tally
from router.policies.cost.price import FREE, Price
from router.policies.demand import Demand
from router.policies.limits import Excess, enforce
from router.policies.requirements import Requirements
from router.settings import Limits, Mode
from router.telemetry.instruments import CACHE_ENTRIES, PREPARE_DURATION
from router.telemetry.usage import NO_COORDINATES, Coordinates
from router.telemetry.watch import level, observe
from schema.query_graph.selection import Field, InlineFragment, SelectionSet
from schema.supergraph import Supergraph

MAX_ERRORS = 50
"""Mistakes told about one document."""

overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 100_000
"""A fifth of what is usual: the most hostile document costs half a second of a core."""

P = ParamSpec("P")
T = TypeVar("T")

_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="prepare")


async def off_loop(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run pure work on the one thread kept for it, so that requests that need none of it go on."""
    context = copy_context()
    work = partial(context.run, function, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_thread, work)


async def in_time(awaited: Awaitable[T], deadline: float | None) -> T:
    """Wait for work that others' may stand before. Units: seconds of `time.monotonic`. Raises: NotPreparedInTime."""
    try:
        async with asyncio.timeout(None if deadline is None else max(0.0, deadline - time.monotonic())):
            return await awaited
    except TimeoutError as error:
        raise NotPreparedInTime from error


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A valid operation with what was found out about it; it stands for itself as a key of the plans."""

    operation: Operation
    guards: Guards
    introspects: bool
    labels: frozenset[str] = frozenset()
    """The override labels that can change its plan."""
    price: Price = FREE
    """What it costs, if that is asked for."""
    tally: Tally = NO_TALLY
    """What of its answers counts, if that is asked for."""
    size: int = 0
    """What it takes with its text, roughly. Units: bytes."""
    coordinates: Coordinates = NO_COORDINATES
    """What of the schema it uses, if that is asked for."""
    excesses: tuple[Excess, ...] = ()
    """The limits that it is over and that are only measured."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is found out once about a supergraph, for all its operations."""

    supergraph: Supergraph
    requirements: Requirements
    labels: OverrideLabels
    demand: Demand | None = None
    usage: bool = False
    """Whether it matters what operations use."""

    @classmethod
    def of(cls, supergraph: Supergraph, demand: Demand | None = None, *, usage: bool = False) -> Facts:
        return cls(supergraph, Requirements(supergraph.schema), OverrideLabels(supergraph), demand, usage)


Prepare = Callable[[str, str | None], Awaitable[Prepared]]
"""Prepares the operation of a document that has the name: in this process, or elsewhere."""


class PreparedDocuments:
    """The prepared operations of one supergraph, the most recently used of them, by text and operation name.

    They are bounded in number and in bytes: clients choose how large a text is.
    """

    def __init__(self, prepare: Prepare, capacity: int = 1_000) -> None:
        self._prepare = prepare
        self._ready: BoundedCache[tuple[str, str | None], Prepared] = BoundedCache(
            capacity, CACHED_BYTES, lambda prepared: prepared.size
        )
        self._loads: SingleFlight[tuple[str, str | None], Prepared] = SingleFlight()

    def sources(self) -> Mapping[Prepared, tuple[str, str | None]]:
        """Give text and operation name of each operation that is ready."""
        return {prepared: key for key, prepared in self._ready.items()}

    async def get(self, text: str, operation_name: str | None, deadline: float | None = None) -> Prepared:
        """Find an operation of a document, or prepare it.

        Raises: DocumentError, UnknownOperation, LimitError, NotPreparedInTime.
        """
        key = (text, operation_name)
        prepared = self._ready.get(key)
        if prepared is not None:
            return prepared
        return await in_time(self._loads(key, lambda: self._load(key)), deadline)

    async def alone(self, text: str) -> Prepared:
        """Prepare the only operation of a document, to be found with its name and without. Raises: as `get`."""
        prepared = await self.get(text, None)
        if prepared.operation.name is not None:
            self._ready[text, prepared.operation.name] = prepared
        return prepared

    async def _load(self, key: tuple[str, str | None]) -> Prepared:
        began = time.perf_counter()
        try:
            prepared = await self._prepare(*key)
        except LimitError as error:
            Excess(error.code, error.limit, enforced=True).tell()
            raise
        for excess in prepared.excesses:
            excess.tell()
        self._ready[key] = prepared
        observe(PREPARE_DURATION, time.perf_counter() - began)
        level(CACHE_ENTRIES, len(self._ready), "prepared")
        return prepared


def prepare(query: str, name: str | None, facts: Facts, limits: Limits) -> Prepared:
    """Turn source text into an operation that may run: cheap refusals first."""
    document = read_document(query, limits)
    definition = choose_operation(document, name)
    excesses = enforce(limits, document, definition)
    mistakes = validate(facts.supergraph.api_schema, document, max_errors=MAX_ERRORS)
    if mistakes:
        raise DocumentError("GRAPHQL_VALIDATION_FAILED", mistakes)
    if definition.operation.value == OperationKind.SUBSCRIPTION.value:
        raise SubscriptionNotSupported
    operation = normalize(document, definition, facts.supergraph.api_schema)
    guards = Guards.of(operation, facts.requirements)
    demand = facts.demand
    price, tally = (demand.price(operation), demand.tally(operation)) if demand else (FREE, NO_TALLY)
    size = getsizeof(query) + BYTES_PER_SELECTION + bytes_of(operation.selections)
    used = used_coordinates(document, definition, facts.supergraph.api_schema) if facts.usage else NO_COORDINATES
    labels = facts.labels.of(operation)
    asks_schema = introspects(operation.selections)
    return Prepared(operation, guards, asks_schema, labels, price, tally, size, used, excesses)


def read_document(query: str, limits: Limits) -> DocumentNode:
    """Parse source text. Raises: DocumentError, LimitError when it has too many tokens."""
    most = limits.max_tokens if limits.mode is Mode.ENFORCE else None
    try:
        return parse(
            query,
            max_lexical_tokens=most,
            max_comments=most,
            allow_empty_selection_sets=False,
        )
    except GraphQLSyntaxError as error:
        if "contains more than" in error.message:
            raise LimitError("MAX_TOKENS_LIMIT", "tokens", limits.max_tokens) from error
        raise DocumentError("GRAPHQL_PARSE_FAILED", [error]) from error
    except GraphQLError as error:
        raise DocumentError("GRAPHQL_PARSE_FAILED", [error]) from error


def choose_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """Find the operation to run. Source: GraphQL, "GetOperation"."""
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if name is None and len(operations) == 1:
        return operations[0]
    for operation in operations:
        if name is not None and operation.name and operation.name.value == name:
            return operation
    raise UnknownOperation(name, [one.name.value for one in operations if one.name])


def introspects(selections: SelectionSet) -> bool:
    """Whether the schema is asked for on the root type."""
    return any(
        one.name in {"__schema", "__type"} if isinstance(one, Field) else introspects(one.selections)
        for one in selections
        if isinstance(one, Field | InlineFragment)
    )
