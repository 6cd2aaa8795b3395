"""Every fixture query: federated equals monolith; and every fixture fails without the rule it is named for."""

from __future__ import annotations

import pytest

from tests.checks import differences, violations
from tests.federation import Federation, FixtureQuery, every_federation
from tests.rules import SWITCHES, fails_without

CASES = [pytest.param(one, query, id=f"{one}/{query}") for one in every_federation() for query in one.queries]


@pytest.mark.parametrize(("federation", "query"), CASES)
async def test_the_federated_answer_is_the_monolith_answer(federation: Federation, query: FixtureQuery) -> None:
    assert await violations(federation, query) == []


@pytest.mark.parametrize(("federation", "query"), CASES)
async def test_so_it_is_where_the_plan_is_code(federation: Federation, query: FixtureQuery) -> None:
    assert await violations(federation, query, compiled=True) == []


@pytest.mark.parametrize(("federation", "query"), CASES)
async def test_code_answers_and_asks_as_the_interpreter_does(federation: Federation, query: FixtureQuery) -> None:
    expected = federation.expected(query)
    interpreted = await federation.federated(query, down=expected.down, labels=expected.labels)
    compiled = await federation.federated(query, down=expected.down, labels=expected.labels, compiled=True)
    assert differences(interpreted, compiled) == []


@pytest.mark.parametrize("federation", every_federation(), ids=str)
async def test_a_fixture_fails_when_its_rule_is_switched_off(federation: Federation) -> None:
    assert await fails_without(federation.rule, federation)


def test_every_rule_that_can_be_switched_off_has_a_fixture() -> None:
    assert {one.rule for one in every_federation()} == set(SWITCHES)


@pytest.mark.parametrize("federation", every_federation(), ids=str)
def test_what_a_fixture_states_names_its_queries_and_subgraphs(federation: Federation) -> None:
    assert set(federation.stated) <= {query.name for query in federation.queries}
    for query in federation.queries:
        expected = federation.expected(query)
        named = {*(expected.requests or ()), *(expected.representations or ()), *expected.together, *expected.down}
        assert named <= set(federation.sdl)
