"""The root fields of an operation, and the order in which those of a mutation run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from router.operation.repeated import without_repeated
from router.planner.items import ALWAYS, Conditions
from schema.query_graph.selection import Field, SelectionSet

INTROSPECTION = frozenset({"__typename", "__schema", "__type"})

RootField = tuple[Field, Conditions]


@dataclass(frozen=True, slots=True)
class Run:
    """One field at one place of the order. Later: it runs here only if it did not run at a place before."""

    selections: SelectionSet
    is_later: bool


def root_fields(selections: SelectionSet, conditions: Conditions = ALWAYS) -> Iterator[RootField]:
    """List what is fetched, with the conditions it stands under; what the router answers itself is left out."""
    for one in selections:
        under = conditions.union(one.conditions)
        if not isinstance(one, Field):
            yield from root_fields(one.selections, under)
        elif one.name not in INTROSPECTION:
            yield replace(one, selections=without_repeated(one.selections)), under


def runs(fields: Iterable[RootField], spend: Callable[[], None]) -> Iterator[Run]:
    """Put the fields of a mutation in order: each runs once, where the first of its selections that applies stands.

    Which that is may depend on variables; then the field has several places, of which one at most applies. Each case
    that is told apart costs a step of the budget: their number may double with every condition.
    Source: GraphQL, "Field Collection" and "Serial Execution".
    """
    places = [list(same) for _, same in groupby(fields, key=lambda one: one[0].response_name)]
    whole: dict[str, list[RootField]] = {}
    for place in places:
        whole.setdefault(place[0][0].response_name, []).extend(place)
    before: dict[str, list[Conditions]] = {}
    for place in places:
        name = place[0][0].response_name
        earlier = before.setdefault(name, [])
        cases = [ALWAYS] if place == whole[name] else _some_of(place, earlier, spend)
        selections = tuple(_under(whole[name], cases))
        if selections:
            yield Run(selections, is_later=bool(earlier))
        earlier += [under for _, under in place]


def _under(fields: Iterable[RootField], cases: list[Conditions]) -> Iterator[Field]:
    """Keep of a field's selections, for each case, what can apply in it."""
    for case in cases:
        for field, under in fields:
            if _holds_together(under | case):
                yield replace(field, conditions=tuple(sorted(under | case, key=str)))


def _some_of(place: Iterable[RootField], earlier: list[Conditions], spend: Callable[[], None]) -> list[Conditions]:
    """Say in disjoint cases that a place applies, and that none did before it."""
    cases: list[Conditions] = []
    passed = list(earlier)
    for _, under in place:
        cases += [case | under for case in _none_of(passed, spend) if _holds_together(case | under)]
        passed.append(under)
    return cases


def _none_of(alternatives: Iterable[Conditions], spend: Callable[[], None]) -> list[Conditions]:
    """Say in disjoint cases that none of some conjunctions holds."""
    cases = [ALWAYS]
    for alternative in alternatives:
        before, cases = cases, []
        for case in before:
            spend()
            cases += [case | other for other in _not(alternative) if _holds_together(case | other)]
    return cases


def _not(conjunction: Conditions) -> Iterator[Conditions]:
    """All hold up to one that does not: the cases exclude each other, and there is none for what always holds."""
    held: Conditions = ALWAYS
    for one in sorted(conjunction, key=str):
        yield held | {replace(one, wanted=not one.wanted)}
        held |= {one}


def _holds_together(conditions: Conditions) -> bool:
    return not any(replace(one, wanted=not one.wanted) in conditions for one in conditions)
