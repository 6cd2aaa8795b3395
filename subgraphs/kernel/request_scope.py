"""What one request gathers on its way: statements sent to the store, tags touched by a mutation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(slots=True)
class RequestScope:
    """Mutable on purpose, and shared by all tasks of one request."""

    statements: int = 0
    touched: set[str] = field(default_factory=set)


_current: ContextVar[RequestScope | None] = ContextVar("request_scope", default=None)
_recorded: ContextVar[set[str] | None] = ContextVar("recorded_tags", default=None)


def open_scope() -> RequestScope:
    """Begin a request in this context; tasks started from here share it."""
    scope = RequestScope()
    _current.set(scope)
    return scope


def count_statement() -> None:
    """Note that one statement went to the store. Outside a request: nothing."""
    if (scope := _current.get()) is not None:
        scope.statements += 1


def touch(tags: Iterable[str]) -> None:
    """Note tags that a mutation made stale; they are answered in `extensions.fedra.touched`."""
    if (recorded := _recorded.get()) is not None:
        recorded.update(tags)
    elif (scope := _current.get()) is not None:
        scope.touched.update(tags)


@contextmanager
def record_touched() -> Iterator[set[str]]:
    """Gather what is touched inside, also when no request is open; it is touched outside, too, at the end."""
    touched: set[str] = set()
    token = _recorded.set(touched)
    try:
        yield touched
    finally:
        _recorded.reset(token)
        touch(touched)
