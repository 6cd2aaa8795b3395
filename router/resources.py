"""What outlives a change of settings: connections, key sets, counters. Made once for equal settings, closed in time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, ParamSpec, Protocol, TypeVar, runtime_checkable

P = ParamSpec("P")
T = TypeVar("T")


@runtime_checkable
class Closable(Protocol):
    """A resource that has something to give back."""

    def close(self) -> Awaitable[None] | None: ...


class Keep(Protocol):
    """Takes over what was made in the same way from equal settings, or makes it: `Lease.keep`."""

    def __call__(self, make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T: ...


@dataclass(slots=True, eq=False)
class _Kept:
    made_by: tuple[Callable[..., Any], tuple[object, ...], dict[str, object]]
    thing: object
    holders: int = 0


@dataclass(slots=True)
class Resources:
    """All that is kept, by who made it and from what."""

    _kept: list[_Kept] = field(default_factory=list)

    def lease(self) -> Lease:
        """Open the account of one more generation."""
        return Lease(self._kept)


class Lease:
    """What one generation holds: for as long as the generation serves, or a request that it began is under way."""

    def __init__(self, kept: list[_Kept]) -> None:
        self._kept = kept
        self._mine: list[_Kept] = []
        self._users = 1  # the router itself, until another generation serves

    def keep(self, make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Take over what another generation made in the same way from equal settings, or make it.

        `make` is a class or a function of a module, so that two generations name the same one. What has a `close` is
        closed when the last generation that keeps it has ended.
        """
        made_by = (make, args, dict(kwargs))
        kept = next((one for one in self._kept if one.made_by == made_by), None)
        if kept is None:
            kept = _Kept(made_by, make(*args, **kwargs))
            self._kept.append(kept)
        kept.holders += 1
        self._mine.append(kept)
        return kept.thing  # type: ignore[return-value]  # `made_by` names the same maker

    def enter(self) -> None:
        """Count one more user."""
        self._users += 1

    async def leave(self) -> None:
        """Count one user less; after the last one close what nobody else keeps, what was made last first."""
        self._users -= 1
        if self._users:
            return
        while self._mine:
            kept = self._mine.pop()
            kept.holders -= 1
            if not kept.holders:
                self._kept.remove(kept)
                await _close(kept.thing)


async def _close(thing: object) -> None:
    if isinstance(thing, Closable):
        closing = thing.close()
        if isawaitable(closing):
            await closing
