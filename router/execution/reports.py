"""What is told of an answer besides its data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from types import MappingProxyType

from router.execution.layers import Key
from router.request import GraphQLError, Json

INVALID_RESPONSE = "RESPONSE_VALIDATION_FAILED"

MAX_ERRORS = 10_000
"""Errors of one answer: a subgraph that is wrong about every item of a long list is told of no further."""

NO_NAMES: Mapping[str, str] = MappingProxyType({})

Path = Sequence[Key]


class Reports:
    """Errors of an answer; a null that has a reason already gets no second one.

    Values which the API schema does not show are not the client's concern, so they are told in `extensions`.
    """

    def __init__(
        self,
        errors: Iterable[GraphQLError],
        unanswered: Set[tuple[Key, ...]] = frozenset(),
        client_names: Mapping[str, str] = NO_NAMES,
    ) -> None:
        self._errors: list[GraphQLError] = []
        self._hidden: list[GraphQLError] = []
        self._unanswered = unanswered
        self._client_names = client_names
        self._explained: set[tuple[Key, ...]] = set()
        for error in errors:
            self.add(error)

    def add(self, error: GraphQLError) -> None:
        """Tell an error that happened elsewhere, unless too many are told already."""
        if len(self._errors) >= MAX_ERRORS:
            return
        self._errors.append(error)
        if error.path:
            self.explain(error.path)

    def explain(self, path: Path) -> None:
        """Note that a null at a place, or above it because of it, has its reason."""
        place = tuple(path)
        while place and place not in self._explained:
            self._explained.add(place)
            place = place[:-1]

    def invalid(self, message: str, path: Path) -> None:
        """Tell why there is null at a place, unless an error there or below says so, or nobody answered for it."""
        place = tuple(path)
        if place in self._unanswered:
            self.explain(place)
        elif place not in self._explained:
            self.add(GraphQLError(message, INVALID_RESPONSE, place))

    def hide(self, message: str, path: Path) -> None:
        """Tell that there is null at a place because the API schema does not have what came."""
        if len(self._hidden) < MAX_ERRORS:
            self._hidden.append(GraphQLError(message, INVALID_RESPONSE, tuple(path)))

    def errors(self, data: Json) -> list[GraphQLError]:
        """Give what stands in `errors` beside `data`: nothing that was asked for the sake of objects of other types."""
        return [error for error in map(self._named_by_client, self._errors) if _concerns(error.path or (), data)]

    def extensions(self) -> dict[str, Json]:
        """Give what stands in `extensions` of the response."""
        hidden = [self._named_by_client(error).to_json() for error in self._hidden]
        return {"valueCompletion": hidden} if hidden else {}

    def _named_by_client(self, error: GraphQLError) -> GraphQLError:
        if not error.path or not self._client_names:
            return error
        names = self._client_names
        return replace(error, path=tuple(names.get(key, key) if isinstance(key, str) else key for key in error.path))


def _concerns(path: Path, data: Json) -> bool:
    """Whether a place, or a null above it, stands in the answer."""
    for key in path:
        if isinstance(data, dict):
            if key not in data:
                return False
            data = data[key]
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
        else:
            break
    return True
