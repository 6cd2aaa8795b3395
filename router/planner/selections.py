"""Selection sets joined, and put under conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest

from schema.query_graph.selection import Condition, Field, InlineFragment, Selection, SelectionSet

Identity = tuple[object, ...]


def merged(selections: Iterable[Selection]) -> SelectionSet:
    """Select each thing once: equal fields and equal fragments become one, where the first of them stands."""
    places: dict[Identity, list[Selection]] = {}
    for one in selections:
        places.setdefault(identity(one), []).append(one)
    return tuple(same[0] if len(same) == 1 else _whole(same) for same in places.values())


def _whole(same: Sequence[Selection]) -> Selection:
    first = same[0]
    if all(one.selections == first.selections for one in same):
        return first
    return replace(first, selections=merged(beneath for one in same for beneath in one.selections))


def identity(one: Selection) -> Identity:
    """Tell what two selections that can be one have in common."""
    if isinstance(one, Field):
        return (one.response_name, one.name, one.arguments, one.conditions)
    return (None, one.type_condition, one.conditions)


def conditioned(one: Selection, conditions: Iterable[Condition]) -> Selection:
    """Put a selection under conditions. It takes one `@include` and one `@skip`; more need groups around it."""
    ordered = sorted(conditions, key=lambda condition: (condition.variable, condition.wanted))
    included = [condition for condition in ordered if condition.wanted]
    skipped = [condition for condition in ordered if not condition.wanted]
    for depth, pair in enumerate(zip_longest(included, skipped)):
        own = tuple(condition for condition in pair if condition is not None)
        one = InlineFragment(None, (one,), own) if depth else replace(one, conditions=own)
    return one


def shared_conditions(selections: SelectionSet) -> frozenset[Condition]:
    """Find what holds whenever anything is selected here."""
    return frozenset.intersection(*(_conditions(one, shared_conditions) for one in selections))


def conditions_at_top(selections: SelectionSet) -> frozenset[Condition]:
    """Find every condition of what is selected here, not beneath its fields."""
    return frozenset[Condition]().union(*(_conditions(one, conditions_at_top) for one in selections))


def _conditions(one: Selection, within: Callable[[SelectionSet], frozenset[Condition]]) -> frozenset[Condition]:
    own = frozenset(one.conditions)
    return own | within(one.selections) if isinstance(one, InlineFragment) else own
