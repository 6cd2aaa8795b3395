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
    if (scope := _current.get()) is not None:
        scope.touched.update(tags)


@contextmanager
def record_touched() -> Iterator[set[str]]:
    """Gather what is touched inside, also when no request is open; it is touched outside, too, at the end."""
    inner = RequestScope()
    token = _current.set(inner)
    try:
        yield inner.touched
    finally:
        _current.reset(token)
        touch(inner.touched)
        for _ in range(inner.statements):
            count_statement()
