"""What a fragment selects again is asked once: it would be looked for by its type, which may take longer to know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from schema.query_graph.selection import Field, InlineFragment, Selection, SelectionSet


def without_repeated(selections: SelectionSet, outside: Sequence[Field] = ()) -> SelectionSet:
    """Leave out of fragments what is selected beside them, or around them, for every object in any case.

    What is asked stays the same, but for its order: the client's answer follows the operation. Where nothing is left
    out the selections themselves are returned.
    """
    if any(isinstance(one, InlineFragment) for one in selections):
        inside = (*outside, *(one for one in selections if isinstance(one, Field)))
    else:
        inside = ()
    kept = tuple(left for one in selections for left in _left(one, inside, outside))
    is_same = len(kept) == len(selections) and all(one is other for one, other in zip(kept, selections, strict=True))
    return selections if is_same else kept


def _left(one: Selection, inside: Sequence[Field], outside: Sequence[Field]) -> Iterator[Selection]:
    is_field = isinstance(one, Field)
    if is_field and any(_covers(other, one) for other in outside):
        return
    below = without_repeated(one.selections, () if is_field else inside) if one.selections else ()
    if below or is_field:
        yield one if below is one.selections else replace(one, selections=below)


def _covers(one: Field, other: Selection) -> bool:
    return (
        isinstance(other, Field)
        and (one.response_name, one.name, one.arguments) == (other.response_name, other.name, other.arguments)
        and set(one.conditions) <= set(other.conditions)
        and set(other.selections) <= set(one.selections)
    )
