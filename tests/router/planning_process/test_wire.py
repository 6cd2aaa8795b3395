"""What comes back from the planner process is what it made."""

from __future__ import annotations

import pytest

from router.errors import ClientError, DocumentError, RouterError
from router.planning import Basis, Planner
from router.planning_process.wire import decode, encode
from router.policies.cost.price import Values
from router.request import Identity
from router.settings import DemandControl, Limits, Mode, StaticEstimated, Strategy
from tests.federation import Federation, every_federation
from tests.router.door import SUPERGRAPH

CASES = [pytest.param(one, id=str(one)) for one in every_federation()]
SALARIES = "query Rich($n: Int!) { people(first: $n) { name salary notes { text } } }"
COSTS = Strategy(static_estimated=StaticEstimated(max_actual=100))


def planner(**settings: object) -> Planner:
    return Planner(Basis(SUPERGRAPH, **settings))  # type: ignore[arg-type]  # each test's own


@pytest.mark.parametrize("federation", CASES)
def test_operations_and_plans_come_back_as_they_were(federation: Federation) -> None:
    here = Planner(Basis(federation.supergraph))
    for query in federation.queries:
        try:
            prepared = here.prepare(query.text, None)
        except DocumentError:
            continue  # there are fixtures of what is not valid
        query_plan = here.plan(decode(encode(prepared.operation)), prepared.labels)
        there = decode(encode(prepared), Planner(Basis(federation.supergraph)))
        assert (there.operation, there.labels, there.size) == (prepared.operation, prepared.labels, prepared.size)
        assert decode(encode(query_plan)) == query_plan == here.plan(prepared.operation, prepared.labels)


def test_guards_are_of_the_supergraph_of_whoever_reads_them() -> None:
    here = planner()
    prepared = decode(encode(planner().prepare(SALARIES, None)), here)
    assert prepared.guards.requirements is here.facts.requirements
    ada = Identity("t", "ada", frozenset({"admin", "secret:read"}))
    nobody, somebody = (prepared.guards.verdict(one) for one in (None, ada))
    assert [one.field_name for one in nobody.refusals] == ["salary", "notes"]
    assert not somebody.refusals


def test_what_an_operation_costs_is_worked_out_with_the_weights_of_whoever_reads_it() -> None:
    settings = {"demand_control": DemandControl(enabled=True, strategy=COSTS)}
    here, there = planner(**settings), planner(**settings)
    prepared = decode(encode(there.prepare(SALARIES, None)), here)
    assert prepared.price.of(Values({"n": 3})) == there.prepare(SALARIES, None).price.of(Values({"n": 3})) > 1
    assert prepared.tally.count({"n": 3}, {"people": [{"notes": [{}, {}]}]}) == 3


def test_what_an_operation_uses_comes_back() -> None:
    prepared = decode(encode(planner(usage=True).prepare(SALARIES, None)), planner())
    assert "Query.people(first:)" in prepared.coordinates.names


def test_limits_that_are_only_measured_are_told_by_whoever_reads_them() -> None:
    measured = planner(limits=Limits(mode=Mode.MEASURE, max_depth=1))
    prepared = decode(encode(measured.prepare(SALARIES, None)), planner())
    assert [(one.code, one.enforced) for one in prepared.excesses] == [("MAX_DEPTH_LIMIT", False)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{", None),
        ("{ nowhere }", None),
        ("query A { __typename }", "B"),
        ("subscription { written }", None),
        ("{ " + " ".join(f"a{at}: __typename" for at in range(200)) + " }", None),
    ],
    ids=["no GraphQL", "invalid", "no such operation", "a subscription", "too large"],
)
def test_refusals_come_back_as_they_were(text: str, name: str | None) -> None:
    with pytest.raises(ClientError) as caught:
        planner().prepare(text, name)
    there: RouterError = decode(encode(caught.value))
    assert type(there) is type(caught.value)
    assert (there.code, there.status, str(there)) == (caught.value.code, caught.value.status, str(caught.value))
    assert there.to_errors() == caught.value.to_errors()


def test_a_basis_is_named_alike_everywhere_and_by_all_that_plans_depend_on() -> None:
    basis = Basis(SUPERGRAPH)
    assert decode(encode(basis)) == basis
    assert decode(encode(basis)).id == basis.id
    others = [Basis(SUPERGRAPH, usage=True), Basis(SUPERGRAPH, max_steps=7), Basis(SUPERGRAPH + " ")]
    others += [Basis(SUPERGRAPH, Limits(max_depth=3)), Basis(SUPERGRAPH, demand_control=DemandControl(enabled=True))]
    assert len({one.id for one in [basis, *others]}) == 6
