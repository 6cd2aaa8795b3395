"""What comes back from a subgraph: one GraphQL response as the answers to the asks it was sent for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from router.fetch.source import Answer, Ask, EntityAsk
from router.request import GraphQLError, Json
from schema.query_graph.selection import Field, SelectionSet

HTTP_ERROR = "SUBREQUEST_HTTP_ERROR"
MALFORMED = "SUBREQUEST_MALFORMED_RESPONSE"
UNEXPECTED_PATCHES = "SUBREQUEST_UNEXPECTED_PATCH_RESPONSE"
SUBGRAPH_ERROR = "DOWNSTREAM_SERVICE_ERROR"
TOUCHED = "touched"

MAX_ERRORS = 1_000
"""Errors that are read of one response."""

Object = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class SubrequestError(GraphQLError):
    """What the router itself found out about a request to a subgraph: no subgraph can say the like of itself."""


def unanswered(asks: Sequence[Ask], error: GraphQLError) -> list[Answer]:
    """Answer every ask with the same failure."""
    return [Answer(None, (error,)) for _ in asks]


def answers_of(asks: Sequence[Ask], body: Json, extra: Sequence[GraphQLError] = ()) -> list[Answer]:
    """Read one response. `extra` errors are added to the first answer: they concern the whole request.

    Source: GraphQL, "Response Format"; Federation subgraph specification, "Query._entities".
    """
    if not isinstance(body, dict):
        return unanswered(asks, malformed("it is not an object"))
    data, errors = body.get("data"), body.get("errors")
    if not (data is None or isinstance(data, dict)) or not (errors is None or isinstance(errors, list)):
        return unanswered(asks, malformed("its 'data' or 'errors' is of the wrong type"))
    if data is None and not errors:
        return unanswered(asks, malformed("it has neither 'data' nor 'errors'"))
    hints, alone = _hints(body.get("extensions")), len(asks) == 1
    if not errors and not extra:
        return [_answer(ask, data, (), hints, alone=alone) for ask in asks]
    shares = _share(asks, [_error(error) for error in (errors or ())[:MAX_ERRORS]])
    shares[0][:0] = extra
    return [_answer(ask, data, share, hints, alone=alone) for ask, share in zip(asks, shares, strict=True)]


def malformed(what: str) -> GraphQLError:
    """Say that a response cannot be used."""
    return SubrequestError(f"The response of the subgraph is malformed: {what}.", MALFORMED)


def unexpected_patches() -> GraphQLError:
    """Say that the subgraph answers bit by bit, which it was not asked to do."""
    return SubrequestError("The subgraph answered in several parts to a request for one.", UNEXPECTED_PATCHES)


def unreachable() -> GraphQLError:
    """Say that no response came, without telling where it was looked for."""
    return SubrequestError("The subgraph could not be reached.", HTTP_ERROR)


def timed_out() -> GraphQLError:
    """Say that the deadline of the request passed first."""
    return SubrequestError("The subgraph did not answer in time.", HTTP_ERROR)


def refused(status: int) -> GraphQLError:
    """Say that the response has a status other than 2xx."""
    return SubrequestError(
        f"The subgraph answered with HTTP status {status}.", HTTP_ERROR, extensions={"http": {"status": status}}
    )


def _answer(ask: Ask, data: Object | None, errors: Sequence[GraphQLError], hints: Object, *, alone: bool) -> Answer:
    if isinstance(ask, EntityAsk):
        return _entities(ask, data, errors, hints)
    if data is not None and not alone:
        names = set(response_names(ask.select.selection))
        data = {name: value for name, value in data.items() if name in names}
    return Answer(data, tuple(errors), hints)


def _entities(ask: EntityAsk, data: Object | None, errors: Sequence[GraphQLError], hints: Object) -> Answer:
    entities = None if data is None else data.get(ask.alias)
    if entities is None and errors:
        return Answer(None, tuple(errors), hints)
    if not isinstance(entities, list) or len(entities) != len(ask.representations):
        wrong = malformed(f"'_entities' is no list of the {len(ask.representations)} entities that were asked for")
        return Answer(None, (*errors, wrong), hints)
    strays = {index for index, one in enumerate(entities) if not (one is None or isinstance(one, dict))}
    if not strays:
        return Answer(entities, tuple(errors), hints)
    wrong = malformed("an entity is no object")
    whole = [None if index in strays else one for index, one in enumerate(entities)]
    return Answer(whole, (*errors, *(replace(wrong, path=(index,)) for index in sorted(strays))), hints)


def response_names(selections: SelectionSet) -> Iterator[str]:
    """Find the response names at the top of a selection set."""
    for selection in selections:
        if isinstance(selection, Field):
            yield selection.response_name
        else:
            yield from response_names(selection.selections)


def _share(asks: Sequence[Ask], errors: Sequence[GraphQLError]) -> list[list[GraphQLError]]:
    """Give each error to the ask that its path begins in, and to the first ask if it begins in none."""
    owners = {name: place for place, ask in enumerate(asks) for name in _names(ask)}
    shares: list[list[GraphQLError]] = [[] for _ in asks]
    for error in errors:
        place = owners.get(error.path[0]) if error.path else None
        if error.path is None or place is None:
            shares[0].append(replace(error, path=None))
        elif isinstance(asks[place], EntityAsk):
            shares[place].append(replace(error, path=error.path[1:] or None))
        else:
            shares[place].append(error)
    return shares


def _names(ask: Ask) -> Iterable[str | int]:
    return (ask.alias,) if isinstance(ask, EntityAsk) else response_names(ask.select.selection)


def _error(error: Json) -> GraphQLError:
    """Read one error; its locations are dropped, because they point into an operation that the client never wrote."""
    if not isinstance(error, dict):
        return GraphQLError("The subgraph reported an error.", SUBGRAPH_ERROR)
    message, extensions, path = error.get("message"), error.get("extensions"), error.get("path")
    extensions = extensions if isinstance(extensions, dict) else {}
    code = extensions.get("code")
    return GraphQLError(
        message if isinstance(message, str) else "The subgraph reported an error.",
        code if isinstance(code, str) else SUBGRAPH_ERROR,
        tuple(path) if isinstance(path, list) and all(type(step) in (str, int) for step in path) else None,
        extensions={key: value for key, value in extensions.items() if key != "code"},
    )


def _hints(extensions: Json) -> dict[str, Json]:
    fedra = extensions.get("fedra") if isinstance(extensions, dict) else None
    touched = fedra.get(TOUCHED) if isinstance(fedra, dict) else None
    return {TOUCHED: touched} if isinstance(touched, list) else {}
