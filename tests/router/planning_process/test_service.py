"""What the planner process does with a frame."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from router.errors import NotPreparedInTime, UnknownOperation
from router.planner.model import QueryPlan
from router.planning import Basis, Planner
from router.planning_process.service import PlannerService
from router.planning_process.wire import Kind, decode, encode
from tests.router.door import SUPERGRAPH

BASIS = Basis(SUPERGRAPH)
PLANNER = Planner(BASIS)
NAMES = encode((BASIS.id, "{ people { name } }", None))


@pytest.fixture(autouse=True)
def _timer_as_it_was() -> Iterator[None]:
    handler = signal.getsignal(signal.SIGVTALRM)
    yield
    signal.signal(signal.SIGVTALRM, handler)


@pytest.fixture
def service() -> PlannerService:
    service = PlannerService()
    assert service.answer(Kind.LOAD, encode(BASIS)) == (Kind.DONE, encode(None))
    return service


def test_a_document_is_prepared_and_planned(service: PlannerService) -> None:
    kind, body = service.answer(Kind.PREPARE, NAMES)
    operation = decode(body, PLANNER).operation
    assert kind is Kind.DONE
    kind, body = service.answer(Kind.PLAN, encode((BASIS.id, operation, [])))
    query_plan: QueryPlan = decode(body)
    assert kind is Kind.DONE
    assert [fetch.subgraph for fetch in query_plan.fetches] == ["people"]


def test_a_supergraph_that_is_not_there_is_asked_for() -> None:
    assert PlannerService().answer(Kind.PREPARE, NAMES) == (Kind.LACKING, b"")


def test_only_the_last_few_supergraphs_are_kept(service: PlannerService) -> None:
    for at in range(4):
        service.answer(Kind.LOAD, encode(Basis(SUPERGRAPH, max_steps=at + 1)))
    assert service.answer(Kind.PREPARE, NAMES) == (Kind.LACKING, b"")


def test_a_refusal_is_an_answer(service: PlannerService) -> None:
    kind, body = service.answer(Kind.PREPARE, encode((BASIS.id, "query A { __typename }", "B")))
    assert kind is Kind.REFUSED
    assert isinstance(decode(body), UnknownOperation)


def test_what_several_routers_ask_is_done_once(service: PlannerService, monkeypatch: pytest.MonkeyPatch) -> None:
    first = service.answer(Kind.PREPARE, NAMES)
    monkeypatch.setattr(Planner, "prepare", None)
    assert service.answer(Kind.PREPARE, NAMES) == first


def test_a_refusal_is_not_remembered(service: PlannerService, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = encode((BASIS.id, "{ nowhere }", None))
    assert service.answer(Kind.PREPARE, asked)[0] is Kind.REFUSED
    monkeypatch.setattr(Planner, "prepare", lambda *_: "now")
    assert service.answer(Kind.PREPARE, asked) == (Kind.DONE, encode("now"))


def test_what_takes_too_long_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def never_ends(*_: object) -> None:
        while True:
            pass

    service = PlannerService(most_seconds=0.05)
    service.answer(Kind.LOAD, encode(BASIS))
    monkeypatch.setattr(Planner, "prepare", never_ends)
    kind, body = service.answer(Kind.PREPARE, NAMES)
    assert kind is Kind.REFUSED
    assert isinstance(decode(body), NotPreparedInTime)


def test_what_fails_is_left_to_the_router(service: PlannerService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Planner, "prepare", lambda *_: int("no number"))
    assert service.answer(Kind.PREPARE, NAMES) == (Kind.FAILED, b"")
