"""What a run of an operation shows: the client's answer, and the requests that subgraphs got."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from router.request import Json

ErrorPath = tuple[str | int, ...] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as a subgraph got it. Units: start and end count the events of the run, so that overlap is seen."""

    subgraph: str
    query: str
    variables: Mapping[str, Json]
    start: int
    end: int

    @property
    def representations(self) -> int:
        """How many entities it asks for, over all its aliases."""
        return sum(len(value) for name, value in self.variables.items() if name.startswith("representations"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client sees: equal when data, the order of its fields, and the paths of the errors are."""

    text: str
    errors: tuple[ErrorPath, ...]
    messages: tuple[str, ...] = field(default=(), compare=False)
    codes: tuple[str, ...] = field(default=(), compare=False)
    body: str = field(default="", compare=False)
    """All that the client gets, in the order of its keys."""
    asked: tuple[Asked, ...] = field(default=(), compare=False)

    @property
    def data(self) -> Json:
        return json.loads(self.text)

    @classmethod
    def of(cls, body: Mapping[str, Json], asked: Sequence[Asked] = ()) -> Answer:
        """Read a response body; a value that the API schema hides counts as the error that a monolith makes of it."""
        told = [*body.get("errors", ()), *body.get("extensions", {}).get("valueCompletion", ())]
        errors = sorted(told, key=lambda error: str(_path_of(error)))
        return cls(
            json.dumps(body.get("data"), indent=1),
            tuple(map(_path_of, errors)),
            tuple(error["message"] for error in errors),
            tuple(error.get("extensions", {}).get("code", "") for error in errors),
            json.dumps(body, indent=1),
            tuple(asked),
        )

    def places(self) -> frozenset[ErrorPath]:
        """Name what the errors explain: where the data ends on the way to each path, at the null it became."""
        return frozenset(path and path[: self._depth(path)] for path in self.errors)

    def _depth(self, path: tuple[str | int, ...]) -> int:
        value = self.data
        for depth, step in enumerate(path):
            if value is None:
                return depth
            value = value[step]
        return len(path)


def _path_of(error: Mapping[str, Json]) -> ErrorPath:
    return tuple(error["path"]) if error.get("path") is not None else None


def overlap(asked: Sequence[Asked]) -> bool:
    """Tell whether all these requests were under way at one moment."""
    return max(one.start for one in asked) < min(one.end for one in asked)
