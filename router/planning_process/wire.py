"""What a router and its planner process say to each other: frames of a kind and a value.

Objects that belong to a supergraph travel by name: each side has its own. What stands around a value is small, and so
that the event loop reads it fast, data classes are made from their fields and nothing else.
"""

from __future__ import annotations

import asyncio
import io
import pickle
import struct
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import IntEnum
from operator import attrgetter
from sys import intern
from typing import Any

from router.planning import Planner
from router.policies.authorize import Guards
from router.policies.cost.weights import Weights
from router.policies.requirements import Requirements
from router.telemetry.usage import Coordinates

HEAD = struct.Struct("!BI")
"""Kind and length of what follows."""

Reduced = tuple[Callable[..., Any], tuple[Any, ...]]


class Kind(IntEnum):
    """What a frame is: a wish of the router, or an answer of the planner process."""

    LOAD = 1
    """A `Basis`."""
    PREPARE = 2
    """Basis id, text, operation name."""
    PLAN = 3
    """Basis id, operation, sorted labels."""
    DONE = 4
    """What was asked for."""
    REFUSED = 5
    """The `RouterError`."""
    LACKING = 6
    """The basis is not there, or not any more."""
    FAILED = 7
    """Nothing came of it."""


def encode(value: object) -> bytes:
    """Write a value that belongs to no supergraph, or only by name."""
    out = io.BytesIO()
    _Pickler(out).dump(value)
    return out.getvalue()


def decode(body: bytes, planner: Planner | None = None) -> Any:  # noqa: ANN401 (whatever was written)
    """Read a value; `planner` has the supergraph it belongs to."""
    return _Unpickler(io.BytesIO(body), planner).load()


def frame(kind: Kind, body: bytes) -> bytes:
    """Put the head before a body."""
    return HEAD.pack(kind, len(body)) + body


async def read_frame(reader: asyncio.StreamReader) -> tuple[Kind, bytes]:
    """Wait for the next frame. Raises: EOFError, OSError."""
    kind, length = HEAD.unpack(await reader.readexactly(HEAD.size))
    return Kind(kind), await reader.readexactly(length)


class _Reducers(dict[type, Callable[[Any], Reduced]]):
    """How objects are taken apart, by class."""

    def __missing__(self, kind: type) -> Callable[[Any], Reduced]:
        reducer: Callable[[Any], Reduced]
        if issubclass(kind, BaseException):
            reducer = _take_error_apart
        elif is_dataclass(kind):
            reducer = _by_fields(kind)
        else:
            raise KeyError(kind)
        self[kind] = reducer
        return reducer


def _by_fields(kind: type) -> Callable[[Any], Reduced]:
    names = [one.name for one in fields(kind) if one.init]  # the others come of these
    if len(names) == 1:
        only = attrgetter(names[0])
        return lambda one: (kind, (only(one),))
    read = attrgetter(*names)
    return lambda one: (kind, read(one))


def _take_error_apart(error: BaseException) -> Reduced:
    return _error, (type(error), error.args, vars(error))


def _error(kind: type[BaseException], args: tuple[Any, ...], state: dict[str, Any]) -> BaseException:
    """Make an error as it was, whatever its constructor asks for."""
    error = kind.__new__(kind)
    error.args = args
    vars(error).update(state)
    return error


def _coordinates(*names: str) -> Coordinates:
    return Coordinates(tuple(map(intern, names)))  # one text for all operations


_REDUCERS = _Reducers(
    {
        Guards: lambda one: (Guards, (one.operation, one.requirements, one.demanded)),  # verdicts are made anew
        Coordinates: lambda one: (_coordinates, one.names),
    }
)
_NAMES: dict[type, str] = {Requirements: "requirements", Weights: "weights"}


class _Pickler(pickle.Pickler):
    dispatch_table = _REDUCERS

    def __init__(self, out: io.BytesIO) -> None:
        super().__init__(out, protocol=5)

    def persistent_id(self, obj: object) -> str | None:
        return _NAMES.get(type(obj))


class _Unpickler(pickle.Unpickler):
    def __init__(self, body: io.BytesIO, planner: Planner | None) -> None:
        super().__init__(body)
        self._planner = planner

    def persistent_load(self, name: str) -> object:
        if self._planner is None:
            raise pickle.UnpicklingError(f"'{name}' belongs to a supergraph, and there is none.")
        return {"requirements": self._planner.facts.requirements, "weights": self._planner.weights}[name]
