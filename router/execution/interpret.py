"""The exact meaning of a query plan: what each fetch asks for, and where its answers belong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice

from router.execution.contexts import Group, by_context
from router.execution.layers import Joint, Key
from router.execution.positions import Position, named_path, positions
from router.execution.renames import rename, rename_path
from router.execution.reports import MAX_ERRORS
from router.execution.representations import Batch, batch
from router.execution.runtime_types import RuntimeTypes
from router.fetch.source import Answer, Ask, EntityAsk, RootAsk
from router.fetch.subgraph_request import variables_of
from router.planner.model import EntitySelection, Fetch, Path, RootSelection
from router.request import GraphQLError, Json
from schema.query_graph.selection import Field, SelectionSet

Places = list[tuple[Key, ...]]


@dataclass(frozen=True, slots=True)
class _Sent:
    """What is asked at `paths`, on its way. Shapes: targets [m] are the places that wait for item m of the answer."""

    ask: Ask
    targets: Sequence[Places]
    paths: Sequence[Path]


class Interpreter:
    """An `Engine` over layers that are attached to their places: for every plan, and whatever subgraphs answer.

    Failures are errors in the client's terms; what depends on them is not asked. `unanswered` are the places whose
    values were asked for in vain: an error says so already.
    """

    def __init__(self, values: Mapping[str, Json], types: RuntimeTypes) -> None:
        self.root = Joint()
        self.errors: list[GraphQLError] = []
        self.unanswered: set[tuple[Key, ...]] = set()
        self._values = values
        self._types = types
        self._sent: dict[int, list[_Sent]] = {}

    def asks(self, fetch: Fetch) -> Sequence[Ask]:
        """Say what a fetch asks for."""
        parts = count()
        sent = [one for selects in asked_alike(fetch) for one in self._prepare(fetch, selects, parts)]
        self._sent[fetch.id] = sent
        return [one.ask for one in sent]

    def take(self, fetch: Fetch, answers: Sequence[Answer]) -> None:
        """Attach what came to the places that wait for it."""
        for one, answer in zip(self._sent.pop(fetch.id), answers, strict=True):
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


def asked_alike(fetch: Fetch) -> Iterable[Sequence[RootSelection | EntitySelection]]:
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
