"""What is sent to a subgraph: the asks of one fetch as one GraphQL request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cachetools import LRUCache, cached

from router.fetch.source import Ask, EntityAsk, RootAsk
from router.operation.model import OperationKind
from router.operation.printing import print_selections, print_variables, used_variables
from router.planner.model import ENTITIES, EntitySelection, Fetch, RootSelection
from router.request import Json


@dataclass(frozen=True, slots=True)
class SubgraphRequest:
    """One request to one subgraph, free of transport. Header names are lower case."""

    subgraph: str
    kind: OperationKind
    query: str
    variables: Mapping[str, Json]
    operation_name: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Printed:
    """A fetch with the texts and variable names that were made of it; holding it keeps its id its own."""

    fetch: Fetch
    texts: dict[tuple[int, ...], str]
    used: dict[int, frozenset[str]]


def request_of(asks: Sequence[Ask], headers: Mapping[str, str]) -> SubgraphRequest:
    """Write asks of one fetch into one request; entity asks stay apart by their aliases."""
    fetch = asks[0].fetch
    variables: dict[str, Json] = {}
    for ask in asks:
        variables.update(ask.variables)
        if isinstance(ask, EntityAsk):
            variables[representations_name(ask.select, fetch)] = ask.representations
    return SubgraphRequest(fetch.subgraph, fetch.kind, _text(asks), variables, fetch.operation_name, headers)


def variables_of(fetch: Fetch, select: RootSelection | EntitySelection, values: Mapping[str, Json]) -> dict[str, Json]:
    """Pick the values of the variables that a selection uses; what the client left out stays out."""
    used = _used(_printed(fetch), select)
    return {name: values[name] for name in used if name in values} if used else {}


def representations_name(select: EntitySelection, fetch: Fetch) -> str:
    """Name the variable of the representations, apart from the client's variables."""
    name = "representations" if select.alias == ENTITIES else f"representations_{select.alias}"
    taken = {one.name for one in fetch.variables}
    while name in taken:
        name += "_"
    return name


def _text(asks: Sequence[Ask]) -> str:
    printed = _printed(asks[0].fetch)
    key = tuple(id(ask.select) for ask in asks)
    text = printed.texts.get(key)
    if text is None:
        text = printed.texts[key] = _print(printed, asks)
    return text


def _print(printed: _Printed, asks: Sequence[Ask]) -> str:
    fetch = printed.fetch
    used = frozenset[str]().union(*(_used(printed, ask.select) for ask in asks))
    declared = print_variables(one for one in fetch.variables if one.name in used)
    names = [representations_name(ask.select, fetch) for ask in asks if isinstance(ask, EntityAsk)]
    if names:
        declared = "(" + ",".join([f"${name}:[_Any!]!" for name in names] + [declared[1:-1]] * bool(declared)) + ")"
    title = f" {fetch.operation_name}" if fetch.operation_name else ""
    return f"{fetch.kind.value}{title}{declared}{{{' '.join(_print_ask(ask) for ask in asks)}}}"


def _print_ask(ask: Ask) -> str:
    if isinstance(ask, RootAsk):
        return print_selections(ask.select.selection)[1:-1]
    alias = "" if ask.select.alias == ENTITIES else f"{ask.select.alias}:"
    name = representations_name(ask.select, ask.fetch)
    return f"{alias}_entities(representations:${name}){print_selections(ask.select.selection)}"


def _used(printed: _Printed, select: RootSelection | EntitySelection) -> frozenset[str]:
    used = printed.used.get(id(select))
    if used is None:
        used = printed.used[id(select)] = used_variables(select.selection)
    return used


@cached(LRUCache(4096), key=id)
def _printed(fetch: Fetch) -> _Printed:
    return _Printed(fetch, {}, {})
