"""What is told of an answer besides its data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from router.execution.layers import Key
from router.request import GraphQLError, Json

INVALID_RESPONSE = "RESPONSE_VALIDATION_FAILED"

Path = Sequence[Key]


class Reports:
    """Errors of an answer; a null that has a reason already gets no second one.

    `hidden` are values which the API schema does not show: not the client's concern, so they go to `extensions`.
    """

    def __init__(self, errors: Iterable[GraphQLError], unanswered: Set[tuple[Key, ...]] = frozenset()) -> None:
        self.errors: list[GraphQLError] = []
        self.hidden: list[GraphQLError] = []
        self._unanswered = unanswered
        self._explained: set[tuple[Key, ...]] = set()
        for error in errors:
            self.add(error)

    def add(self, error: GraphQLError) -> None:
        """Tell an error that happened elsewhere."""
        self.errors.append(error)
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
        self.hidden.append(GraphQLError(message, INVALID_RESPONSE, tuple(path)))

    def extensions(self) -> dict[str, Json]:
        """Give what stands in `extensions` of the response."""
        return {"valueCompletion": [error.to_json() for error in self.hidden]} if self.hidden else {}
