"""Queries nobody wrote: for every fixture, the federated answer to drawn operations is the monolith's."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.checks import differences
from tests.drawn.campaign import new_seed
from tests.federation import Federation, every_federation
from tests.generated import queries

BUDGET = 20  # queries per fixture
SEED = int(
    os.environ.get("SEED") or new_seed()
)  # `make test TEST=tests/test_generated.py SEED=...` draws the same again


@pytest.fixture(scope="module", autouse=True)
def _printed_seed(pytestconfig: pytest.Config) -> None:
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    assert capture is not None
    with capture.global_and_fixture_disabled():
        sys.stdout.write(f" seed {SEED} ")
        sys.stdout.flush()


@seed(SEED)
@pytest.mark.parametrize("federation", every_federation(), ids=str)
@settings(
    max_examples=BUDGET,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
)
@given(data=st.data())
async def test_a_drawn_query_is_answered_as_by_the_monolith(federation: Federation, data: st.DataObject) -> None:
    query = data.draw(queries(federation.api_schema), label="query")
    answer = await federation.federated(query.text, query.variables)
    compiled = await federation.federated(query.text, query.variables, compiled=True)
    assert differences(answer, compiled) == []
    oracle = await federation.monolith(query.text, query.variables)
    assert None not in oracle.errors, f"The generator made an invalid query: {oracle.messages}"
    assert answer.text == oracle.text, answer.messages
    assert answer.places() == oracle.places(), answer.messages
