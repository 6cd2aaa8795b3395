"""A cost that depends on variables, as an expression: made once for an operation, worked out for each request.

Expressions share parts: on abstract types the same selections stand under many objects. A shared part is worked out
once a request, so that working out takes as long as making did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from router.request import Json
from schema.query_graph.selection import Condition


@dataclass(frozen=True, slots=True)
class Values:
    """The variables of one request, and what shared parts cost with them."""

    variables: Mapping[str, Json]
    worked_out: dict[int, float] = field(default_factory=dict)


class Price(Protocol):
    """An expression of cost."""

    def of(self, values: Values) -> float:
        """Work it out."""
        ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """What costs the same whatever the variables."""

    cost: float

    def of(self, values: Values) -> float:
        del values
        return self.cost


FREE = Fixed(0)


@dataclass(frozen=True, slots=True, eq=False)
class Sum:
    """All of the parts."""

    parts: tuple[Price, ...]

    def of(self, values: Values) -> float:
        return sum(part.of(values) for part in self.parts)


@dataclass(frozen=True, slots=True, eq=False)
class Dearest:
    """One of the parts, the dearest: an object has one type."""

    parts: tuple[Price, ...]

    def of(self, values: Values) -> float:
        return max(part.of(values) for part in self.parts)


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """As many times the same."""

    count: Price
    each: Price

    def of(self, values: Values) -> float:
        return self.count.of(values) * self.each.of(values)


@dataclass(frozen=True, slots=True, eq=False)
class When:
    """Nothing, unless the conditions hold."""

    conditions: tuple[Condition, ...]
    then: Price

    def of(self, values: Values) -> float:
        holds = all(values.variables.get(one.variable) is one.wanted for one in self.conditions)
        return self.then.of(values) if holds else 0


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """A part that stands in several places."""

    part: Price

    def of(self, values: Values) -> float:
        known = values.worked_out.get(id(self))
        if known is None:
            known = values.worked_out[id(self)] = self.part.of(values)
        return known


def shared(part: Price) -> Price:
    """Let a part stand in several places."""
    return part if isinstance(part, Fixed) else Shared(part)


def total(parts: Iterable[Price]) -> Price:
    """Add prices; what is fixed is added at once."""
    open_parts: list[Price] = []
    fixed = 0.0
    for part in parts:
        if isinstance(part, Fixed):
            fixed += part.cost
        else:
            open_parts.append(part)
    if not open_parts:
        return Fixed(fixed)
    return Sum((Fixed(fixed), *open_parts)) if fixed else Sum(tuple(open_parts))


def dearest(parts: Iterable[Price]) -> Price:
    """Choose among prices; among those that are fixed at once."""
    all_parts = list(parts)
    fixed = [part.cost for part in all_parts if isinstance(part, Fixed)]
    open_parts = [part for part in all_parts if not isinstance(part, Fixed)]
    if not open_parts:
        return Fixed(max(fixed, default=0))
    return Dearest((*open_parts, Fixed(max(fixed)))) if fixed else Dearest(tuple(open_parts))


def times(count: Price, each: Price) -> Price:
    """Multiply a price."""
    if isinstance(count, Fixed) and isinstance(each, Fixed):
        return Fixed(count.cost * each.cost)
    return each if count == Fixed(1) else Times(count, each)


def when(conditions: tuple[Condition, ...], then: Price) -> Price:
    """Make a price depend on conditions, if there are any."""
    return When(conditions, then) if conditions and then != FREE else then
