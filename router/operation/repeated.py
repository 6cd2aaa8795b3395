"""What a fragment selects again is asked once: it would be looked for by its type, which may take longer to know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from schema.query_graph.selection import Field, InlineFragment, Selection, SelectionSet


def without_repeated(selections: SelectionSet, outside: Sequence[Field] = ()) -> SelectionSet:
    """Leave out of fragments what is selected beside them, or around them, for every object in any case.

    What is asked stays the same, but for its order: the client's answer follows the operation.
    """
    fields = (*outside, *(one for one in selections if isinstance(one, Field)))
    return tuple(kept for one in selections for kept in _kept(one, fields, outside))


def _kept(one: Selection, fields: Sequence[Field], outside: Sequence[Field]) -> Iterator[Selection]:
    if isinstance(one, InlineFragment):
        selections = without_repeated(one.selections, fields)
        if selections:
            yield replace(one, selections=selections)
    elif not any(_covers(other, one) for other in outside):
        yield replace(one, selections=without_repeated(one.selections)) if one.selections else one


def _covers(one: Field, other: Field) -> bool:
    is_same = (one.response_name, one.name, one.arguments) == (other.response_name, other.name, other.arguments)
    return is_same and set(one.conditions) <= set(other.conditions) and set(other.selections) <= set(one.selections)
