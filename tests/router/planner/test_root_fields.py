"""Where the fields of a mutation run."""

from __future__ import annotations

import pytest

from router.planner.budget import Budget, BudgetSpent
from router.planner.root_fields import RootField, runs
from schema.query_graph.selection import Condition, Field, Selection

A, NOT_A, B, NOT_B = (Condition(name, wanted) for name in "ab" for wanted in (True, False))


def field(name: str, *conditions: Condition) -> RootField:
    return Field(name, name), frozenset(conditions)


def told(*fields: RootField) -> list[str]:
    lines = []
    for run in runs(fields, lambda: None):
        parts = [" ".join([print_name(one), *map(said, one.conditions)]) for one in run.selections]
        lines.append(("later " if run.is_later else "") + ", ".join(parts))
    return lines


def print_name(one: Selection) -> str:
    assert isinstance(one, Field)
    return one.name


def said(condition: Condition) -> str:
    return condition.variable if condition.wanted else f"!{condition.variable}"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([field("m"), field("n"), field("m")], ["m, m", "n"]),
        ([field("m", A), field("m", B), field("n")], ["m a, m b", "n"]),
        ([field("m"), field("n"), field("m", A)], ["m, m a", "n"]),
        ([field("m", A), field("n"), field("m")], ["m a, m a", "n", "later m !a"]),
        ([field("m", A), field("n"), field("m", NOT_A)], ["m a", "n", "later m !a"]),
        ([field("m", A, B), field("n"), field("m")], ["m a b, m a b", "n", "later m !a, m a !b"]),
        ([field("m", A), field("n"), field("m", A)], ["m a, m a", "n"]),
        (
            [field("m", A), field("n"), field("m", B), field("o"), field("m")],
            ["m a, m a b, m a", "n", "later m !a b, m !a b", "o", "later m !a !b"],
        ),
    ],
)
def test_a_field_runs_once_where_the_first_of_its_selections_that_applies_stands(
    fields: list[RootField], expected: list[str]
) -> None:
    assert told(*fields) == expected


def test_cases_beyond_the_budget_are_not_told_apart() -> None:
    conditions = [Condition(f"v{n}", True) for n in range(90)]
    places = [field("m", *conditions[n : n + 3]) for n in range(0, 90, 3)]
    between = [field(f"n{n}") for n in range(30)]
    fields = [one for pair in zip(places, between, strict=True) for one in pair]
    with pytest.raises(BudgetSpent):
        list(runs(fields, Budget(max_steps=1_000).spend))
