"""Queries nobody wrote: for every fixture, the federated answer to drawn operations is the monolith's."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.federation import Federation, every_federation
from tests.generated import queries

BUDGET = 20  # queries per fixture


@pytest.mark.parametrize("federation", every_federation(), ids=str)
@settings(
    max_examples=BUDGET,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
)
@given(data=st.data())
async def test_a_drawn_query_is_answered_as_by_the_monolith(federation: Federation, data: st.DataObject) -> None:
    query = data.draw(queries(federation.api_schema), label="query")
    answer = await federation.federated(query.text, query.variables)
    oracle = await federation.monolith(query.text, query.variables)
    assert None not in oracle.errors, f"The generator made an invalid query: {oracle.messages}"
    assert answer.text == oracle.text, answer.messages
    assert answer.places() == oracle.places(), answer.messages
