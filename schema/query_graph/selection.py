"""Selection sets as data: one form for client operations, key and requires field sets, and what a fetch asks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """A selection is there only for one value of a variable: `@include` wants True, `@skip` wants False."""

    variable: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a field, printed canonically: equal text means equal arguments.

    Shapes: text `(first:$n,order:{by:NAME})`, sorted by argument name, "" for none; variables in order of appearance.
    """

    text: str = ""
    variables: tuple[str, ...] = ()


NO_ARGUMENTS = Arguments()


@dataclass(frozen=True, slots=True)
class Field:
    """One field; without selections it is a leaf. `__typename` is a field like any other.

    An internal one is asked for but is no part of the client's answer: it keeps an object of which nothing is selected.
    """

    response_name: str
    name: str
    arguments: Arguments = NO_ARGUMENTS
    selections: tuple[Selection, ...] = ()
    conditions: tuple[Condition, ...] = ()
    internal: bool = False


@dataclass(frozen=True, slots=True)
class InlineFragment:
    """Selections for objects of one type; without a type condition, a group that shares its conditions."""

    type_condition: str | None
    selections: tuple[Selection, ...]
    conditions: tuple[Condition, ...] = ()


Selection = Field | InlineFragment
SelectionSet = tuple[Selection, ...]
