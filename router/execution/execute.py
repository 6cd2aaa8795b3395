"""Run a query plan: every fetch as soon as the fetches it comes after are done."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import count, islice

from router.execution.contexts import Group, by_context
from router.execution.layers import Joint, Key
from router.execution.positions import Position, named_path, positions
from router.execution.renames import rename, rename_path
from router.execution.reports import MAX_ERRORS
from router.execution.representations import Batch, batch
from router.execution.runtime_types import RuntimeTypes, runtime_types
from router.fetch.source import Answer, Ask, EntityAsk, EntitySource, RootAsk
from router.fetch.subgraph_request import variables_of
from router.operation.variables import Variables
from router.planner.model import EntitySelection, Fetch, Path, QueryPlan, RootSelection
from router.request import GraphQLError, RequestContext
from schema.query_graph.selection import Field, SelectionSet
from schema.supergraph import Supergraph

Places = list[tuple[Key, ...]]


@dataclass(frozen=True, slots=True)
class Execution:
    """What the subgraphs answered: the layers of the result, and their errors in the client's terms.

    `unanswered` are the places whose values were asked for in vain: an error says so already.
    """

    root: Joint
    errors: Sequence[GraphQLError] = ()
    unanswered: Set[tuple[Key, ...]] = frozenset()


async def execute(
    plan: QueryPlan, variables: Variables, context: RequestContext, source: EntitySource, supergraph: Supergraph
) -> Execution:
    """Ask the subgraphs what the plan says. Failures are errors in the result; what depends on them is not asked.

    Cancelling it cancels every fetch that is under way.
    """
    run = _Run(plan, variables, context, source, runtime_types(supergraph.schema))
    async with asyncio.TaskGroup() as group:
        await run.fetch_all([fetch for fetch in plan.fetches if not fetch.after], group)
    return Execution(run.root, run.errors, run.unanswered)


@dataclass(frozen=True, slots=True)
class _Sent:
    """What is asked at `paths`, on its way. Shapes: targets [m] are the places that wait for item m of the answer."""

    ask: Ask
    targets: Sequence[Places]
    paths: Sequence[Path]


class _Run:
    """One plan under way."""

    def __init__(
        self,
        plan: QueryPlan,
        variables: Variables,
        context: RequestContext,
        source: EntitySource,
        types: RuntimeTypes,
    ) -> None:
        self.root = Joint()
        self.errors: list[GraphQLError] = []
        self.unanswered: set[tuple[Key, ...]] = set()
        self._values = variables.values
        self._context = context
        self._source = source
        self._types = types
        self._missing = {fetch.id: len(fetch.after) for fetch in plan.fetches}
        self._dependents: defaultdict[int, list[Fetch]] = defaultdict(list)
        for fetch in plan.fetches:
            for id in fetch.after:
                self._dependents[id].append(fetch)

    async def fetch_all(self, ready: list[Fetch], group: asyncio.TaskGroup) -> None:
        """Run fetches, then what they set free: one after the other in this task, all others in tasks of their own."""
        while ready:
            first, *others = ready
            for other in others:
                group.create_task(self.fetch_all([other], group))
            await self._fetch(first)
            ready = list(self._freed_by(first))

    def _freed_by(self, done: Fetch) -> Iterator[Fetch]:
        for fetch in self._dependents[done.id]:
            self._missing[fetch.id] -= 1
            if not self._missing[fetch.id]:
                yield fetch

    async def _fetch(self, fetch: Fetch) -> None:
        if not all(bool(self._values.get(one.variable)) is one.wanted for one in fetch.conditions):
            return
        parts = count()
        sent = [one for selects in _asked_alike(fetch) for one in self._prepare(fetch, selects, parts)]
        if not sent:
            return
        answers = await self._source.load([one.ask for one in sent], self._context)
        for one, answer in zip(sent, answers, strict=True):
            self._settle(one, answer)

    def _prepare(
        self, fetch: Fetch, selects: Sequence[RootSelection | EntitySelection], parts: Iterator[int]
    ) -> Iterator[_Sent]:
        """Write down what is asked, once for all its paths, and who waits for it, if anybody does."""
        select = selects[0]
        variables = variables_of(fetch, select, self._values)
        if isinstance(select, RootSelection):
            if places := self._places(select):
                yield _Sent(RootAsk(fetch, select, variables), [places], [select.path])
            return
        for values, alike in self._by_context(selects):
            chosen = batch(alike, select, self._types)
            if chosen.representations:
                part = next(parts) if values else 0
                ask = EntityAsk(fetch, select, chosen.representations, {**variables, **values}, part)
                yield _Sent(ask, _targets(alike, chosen), [one.path for one in selects])

    def _by_context(self, selects: Sequence[RootSelection | EntitySelection]) -> Sequence[Group]:
        found = [(one, positions(self.root, one.path, self._types.objects)) for one in selects]
        contextual = [(one.context, at) for one, at in found if isinstance(one, EntitySelection) and one.context]
        if contextual:
            return by_context(contextual, self.root, self._types)
        return [({}, [position for _, at in found for position in at])]

    def _places(self, select: RootSelection) -> Places:
        if not select.path:
            return [()]
        return [position.path for position in positions(self.root, select.path, self._types.objects)]

    def _settle(self, sent: _Sent, answer: Answer) -> None:
        """Attach what came to the places that wait for it."""
        renames = sent.ask.select.renames
        self.unanswered.update(_places_of_fields(sent, _unanswered(sent, answer)))
        items = answer.data if isinstance(sent.ask, EntityAsk) else [answer.data]
        for item, places in zip(items or (), sent.targets, strict=False):
            if isinstance(item, dict):
                layer = rename(item, renames) if renames else item
                for place in places:
                    self.root.attach(place, layer)
        for error in answer.errors:
            room = MAX_ERRORS - len(self.errors)
            self.errors.extend(islice(self._in_client_terms(error, sent), max(0, room)))

    def _in_client_terms(self, error: GraphQLError, sent: _Sent) -> Iterator[GraphQLError]:
        """Repeat an error for each place that it concerns; one without a usable path stands where the lists begin."""
        select = sent.ask.select
        index: Key = 0
        rest = error.path
        if rest and isinstance(sent.ask, EntityAsk):
            index, *after = rest
            rest = tuple(after)
        if rest is None or not isinstance(index, int) or not 0 <= index < len(sent.targets):
            for path in dict.fromkeys(map(named_path, sent.paths)):
                yield replace(error, path=path or None)
            return
        rest = rename_path(rest, select.renames)
        for place in sent.targets[index]:
            yield replace(error, path=(*place, *rest))


def _asked_alike(fetch: Fetch) -> Iterable[Sequence[RootSelection | EntitySelection]]:
    """Put selections together that differ only in their path."""
    selections: Sequence[RootSelection | EntitySelection] = fetch.selections
    if len(selections) == 1:
        return (selections,)
    groups: dict[str | int, list[RootSelection | EntitySelection]] = {}
    for index, one in enumerate(selections):
        groups.setdefault(one.alias if isinstance(one, EntitySelection) else index, []).append(one)
    return groups.values()


def _targets(found: Sequence[Position], chosen: Batch) -> list[Places]:
    targets: list[Places] = [[] for _ in chosen.representations]
    for position, slot in zip(found, chosen.slots, strict=True):
        if slot is not None:
            targets[slot].append(position.path)
    return targets


def _unanswered(sent: _Sent, answer: Answer) -> Iterable[Places]:
    """Find who waits for what failed as a whole: for the answer, or for one entity of it."""
    if answer.data is None:
        return sent.targets
    if not answer.errors or not isinstance(sent.ask, EntityAsk):
        return ()
    failed = {error.path for error in answer.errors}
    items = zip(answer.data, sent.targets, strict=False)
    return [places for index, (item, places) in enumerate(items) if item is None and (index,) in failed]


def _places_of_fields(sent: _Sent, targets: Iterable[Places]) -> Iterator[tuple[Key, ...]]:
    """Where the fields that are asked for would stand in the result."""
    select = sent.ask.select
    names = {rename_path((name,), select.renames) for name in _response_names(select.selection)}
    for places in targets:
        for place in places:
            yield from ((*place, *name) for name in names)


def _response_names(selections: SelectionSet) -> Iterator[str]:
    for one in selections:
        if isinstance(one, Field):
            yield one.response_name
        else:
            yield from _response_names(one.selections)
