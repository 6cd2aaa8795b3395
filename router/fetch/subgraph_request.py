"""What is sent to a subgraph: the asks of one fetch as one GraphQL request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from cache.bounded import BoundedCache
from router.fetch.source import Ask, EntityAsk, RootAsk
from router.json_text import encode_json
from router.operation.model import OperationKind, VariableDefinition
from router.operation.names import free_name
from router.operation.printing import print_selections, print_variables, used_variables
from router.operation.rename_variables import rename_variables
from router.operation.size import CACHED_BYTES
from router.planner.model import ENTITIES, EntitySelection, Fetch, RootSelection
from router.planner.size import fetch_size
from router.request import Json

NO_NAMES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SubgraphRequest:
    """One request to one subgraph, free of transport. Header names are lower case."""

    subgraph: str
    kind: OperationKind
    query: str
    variables: Mapping[str, Json]
    operation_name: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Text:
    """The operation that asks for something, and the beginning of the body that it is sent in."""

    query: str
    opening: bytes


@dataclass(slots=True)
class _Printed:
    """A fetch with the texts and variable names that were made of it; holding it keeps its id its own."""

    fetch: Fetch
    texts: dict[tuple[int, ...], _Text]
    used: dict[int, frozenset[str]]
    representations: dict[str, str]
    """Names of variables, by alias."""


def request_of(asks: Sequence[Ask], headers: Mapping[str, str]) -> SubgraphRequest:
    """Write asks of one fetch into one request; entity asks stay apart by their aliases."""
    fetch, printed = asks[0].fetch, _printed(asks[0].fetch)
    query, variables = _text(printed, asks).query, _variables(printed, asks)
    return SubgraphRequest(fetch.subgraph, fetch.kind, query, variables, fetch.operation_name, headers)


def body_of(asks: Sequence[Ask]) -> bytes:
    """Write the same request as JSON; its text is encoded once. Raises: RecursionError.

    Source: GraphQL over HTTP, "Request Parameters".
    """
    printed = _printed(asks[0].fetch)
    opening, variables = _text(printed, asks).opening, _variables(printed, asks)
    return b'%b,"variables":%b}' % (opening, encode_json(variables)) if variables else opening + b"}"


def variables_of(fetch: Fetch, select: RootSelection | EntitySelection, values: Mapping[str, Json]) -> dict[str, Json]:
    """Pick the values of the variables that a selection uses; what the client left out stays out."""
    used = _used(_printed(fetch), select)
    return {name: values[name] for name in used if name in values} if used else {}


def _variables(printed: _Printed, asks: Sequence[Ask]) -> dict[str, Json]:
    variables: dict[str, Json] = {}
    for ask in asks:
        if isinstance(ask, EntityAsk):
            variables[_representations_name(printed, ask)] = ask.representations
        if ask.variables:
            own = _own_names(ask)
            variables.update({own.get(name, name): value for name, value in ask.variables.items()})
    return variables


def _representations_name(printed: _Printed, ask: EntityAsk) -> str:
    """Name the variable of the representations, apart from the client's variables."""
    name = printed.representations.get(ask.alias)
    if name is None:
        wanted = "representations" if ask.alias == ENTITIES else f"representations_{ask.alias}"
        name = free_name(wanted, [one.name for one in ask.fetch.variables])
        if not ask.part:  # of others there are as many as lists have lengths
            printed.representations[ask.alias] = name
    return name


def _own_names(ask: Ask) -> Mapping[str, str]:
    """Name the variables of which an ask has values of its own, where it is not the only one."""
    if isinstance(ask, RootAsk) or not ask.part:
        return NO_NAMES
    taken = [one.name for one in ask.fetch.variables]
    return {one.name: free_name(f"{one.name}_{ask.part}", taken) for one in ask.select.context}


def _text(printed: _Printed, asks: Sequence[Ask]) -> _Text:
    key = tuple([id(ask.select) for ask in asks])
    text = printed.texts.get(key)
    if text is None:
        text = _print(printed, asks)
        if not any(isinstance(ask, EntityAsk) and ask.part for ask in asks):  # there are as many as lists have lengths
            printed.texts[key] = text
    return text


def _print(printed: _Printed, asks: Sequence[Ask]) -> _Text:
    fetch = printed.fetch
    declared = print_variables(dict.fromkeys(one for ask in asks for one in _declared(printed, ask)))
    names = [_representations_name(printed, ask) for ask in asks if isinstance(ask, EntityAsk)]
    if names:
        declared = "(" + ",".join([f"${name}:[_Any!]!" for name in names] + [declared[1:-1]] * bool(declared)) + ")"
    title = f" {fetch.operation_name}" if fetch.operation_name else ""
    query = f"{fetch.kind.value}{title}{declared}{{{' '.join(_print_ask(printed, ask) for ask in asks)}}}"
    named = {"operationName": fetch.operation_name} if fetch.operation_name else {}
    return _Text(query, encode_json({"query": query, **named}).removesuffix(b"}"))


def _declared(printed: _Printed, ask: Ask) -> Iterator[VariableDefinition]:
    used, own = _used(printed, ask.select), _own_names(ask)
    for one in printed.fetch.variables:
        if one.name in used:
            yield replace(one, name=own[one.name]) if one.name in own else one


def _print_ask(printed: _Printed, ask: Ask) -> str:
    if isinstance(ask, RootAsk):
        return print_selections(ask.select.selection)[1:-1]
    alias = "" if ask.alias == ENTITIES else f"{ask.alias}:"
    own = _own_names(ask)
    selection = rename_variables(ask.select.selection, own) if own else ask.select.selection
    return f"{alias}_entities(representations:${_representations_name(printed, ask)}){print_selections(selection)}"


def _used(printed: _Printed, select: RootSelection | EntitySelection) -> frozenset[str]:
    used = printed.used.get(id(select))
    if used is None:
        used = printed.used[id(select)] = used_variables(select.selection)
    return used


_all_printed: BoundedCache[int, _Printed] = BoundedCache(4096, CACHED_BYTES, lambda one: fetch_size(one.fetch))


def _printed(fetch: Fetch) -> _Printed:
    printed = _all_printed.get(id(fetch))
    if printed is None:
        printed = _all_printed[id(fetch)] = _Printed(fetch, {}, {}, {})
    return printed
