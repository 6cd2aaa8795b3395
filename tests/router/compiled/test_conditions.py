"""`@skip` and `@include`: for all values of the variables, code answers as the interpreter and as the monolith."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import pytest
from graphql import OperationDefinitionNode, parse, print_ast

from router.request import Json
from tests.checks import differences
from tests.federation import Federation, FixtureQuery, every_federation

MOST = 4  # variables, which are 16 cases


def switches(query: FixtureQuery) -> list[str]:
    """Find the variables that may decide what is selected."""
    definitions = (one for one in parse(query.text).definitions if isinstance(one, OperationDefinitionNode))
    variables = (one for definition in definitions for one in definition.variable_definitions or ())
    return [one.variable.name.value for one in variables if print_ast(one.type) in ("Boolean", "Boolean!")]


def conditional() -> Iterator[tuple[Federation, FixtureQuery]]:
    for federation in every_federation():
        for query in federation.queries:
            if 0 < len(switches(query)) <= MOST and not federation.expected(query).down:
                yield federation, query


CASES = [pytest.param(federation, query, id=f"{federation}/{query}") for federation, query in conditional()]


def all_values(query: FixtureQuery) -> Iterator[Mapping[str, Json]]:
    names = switches(query)
    for values in itertools.product((False, True), repeat=len(names)):
        yield {**query.variables, **dict(zip(names, values, strict=True))}


@pytest.mark.parametrize(("federation", "query"), CASES)
async def test_every_choice_of_what_is_selected_is_answered_alike(federation: Federation, query: FixtureQuery) -> None:
    labels = federation.expected(query).labels
    for values in all_values(query):
        interpreted = await federation.federated(query, values, labels=labels)
        compiled = await federation.federated(query, values, labels=labels, compiled=True)
        assert differences(interpreted, compiled) == [], values
        assert compiled == await federation.monolith(query, values), values
