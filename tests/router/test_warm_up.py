"""A reload causes no storm: what clients asked for most is planned before it is asked again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from router.operation.model import Operation
from router.planner.model import QueryPlan
from router.planning import Basis, OnThread, Planner
from router.policies.authorize import Verdict
from router.prepared import Prepared
from router.request import Identity
from router.snapshot import Snapshot
from router.warm_up import warm_up
from tests.router.door import SUPERGRAPH, Door, until, write_supergraph
from tests.router.telemetry.test_metrics import Reader, measured, sample

NAMES, IDS, EMAILS = "{ people { name } }", "{ people { id } }", "query Emails { people { email } }"


class Counting(OnThread):
    """Counts what is done."""

    def __init__(self, planner: Planner) -> None:
        super().__init__(planner)
        self.prepared: list[str] = []
        self.planned = 0

    async def prepare(self, text: str, name: str | None) -> Prepared:
        self.prepared.append(text)
        return await super().prepare(text, name)

    async def plan(self, operation: Operation, labels: frozenset[str]) -> QueryPlan:
        self.planned += 1
        return await super().plan(operation, labels)


def snapshot(sdl: str = SUPERGRAPH) -> tuple[Snapshot, Counting]:
    made = Snapshot.of(Basis(sdl), Counting)
    assert isinstance(made.planning, Counting)
    return made, made.planning


async def ask(snapshot: Snapshot, text: str, identity: Identity | None = None, name: str | None = None) -> None:
    prepared = await snapshot.prepared.get(text, name)
    await snapshot.plans.get(prepared, prepared.guards.verdict(identity), frozenset())


async def test_what_was_asked_is_planned_for_the_next_supergraph() -> None:
    (last, _), (next_one, done) = snapshot(), snapshot(SUPERGRAPH + "\n")
    granted = Identity("t", "alan", policies=frozenset({"pii.read"}))
    for identity in (None, granted):
        await ask(last, EMAILS, identity)
    await warm_up(next_one, last, (), 100)
    assert (done.prepared, done.planned) == ([EMAILS], 2)
    for identity in (None, granted):
        await ask(next_one, EMAILS, identity)
    assert (len(done.prepared), done.planned) == (1, 2)


async def test_only_so_many_are_and_those_asked_for_most_come_first() -> None:
    (last, _), (next_one, done) = snapshot(), snapshot()
    for text in (NAMES, IDS, IDS, IDS, EMAILS, EMAILS):
        await ask(last, text)
    await warm_up(next_one, last, [NAMES], 2)
    assert done.prepared == [IDS, EMAILS]


async def test_what_is_not_valid_any_more_is_left_out() -> None:
    last, _ = snapshot()
    next_one, done = snapshot(SUPERGRAPH.replace("email: String ", "mail: String "))
    for text in (EMAILS, NAMES):
        await ask(last, text)
    await warm_up(next_one, last, ["{ nowhere }", "no GraphQL", "query A { __typename } query B { __typename }"], 100)
    assert set(done.prepared) >= {EMAILS, NAMES}
    assert done.planned == 1


async def test_registered_documents_are_found_with_their_name_and_without() -> None:
    one, done = snapshot()
    await warm_up(one, None, [EMAILS, NAMES], 100)
    for name in ("Emails", None):
        prepared = await one.prepared.get(EMAILS, name)
        await one.plans.get(prepared, Verdict(prepared.operation), frozenset())
    assert (done.prepared, done.planned) == ([EMAILS, NAMES], 2)


async def test_a_snapshot_that_goes_on_is_warm() -> None:
    one, done = snapshot()
    await ask(one, NAMES)
    await warm_up(one, one, (), 100)
    assert (len(done.prepared), done.planned) == (1, 1)


async def test_what_goes_wrong_keeps_nothing_from_being_served(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one, done = snapshot()
    monkeypatch.setattr(Planner, "graph", property(lambda _: int("no number")))
    await warm_up(one, None, [NAMES], 100)
    assert not done.planned
    assert [record.message for record in caplog.records] == ["warming up failed, and was left"]


async def test_warming_up_takes_no_longer_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("router.warm_up.SECONDS", 0)
    one, done = snapshot()
    await warm_up(one, None, [NAMES], 100)
    assert not done.planned


async def plans(prometheus: Reader) -> float:
    return (await prometheus.read())[sample("fedra_plan_duration_seconds_count")]


async def reloaded(door: Door, header: str) -> None:
    """Wait for a generation that tells of itself in a header."""

    async def told() -> bool:
        response = await door.client.post("/graphql", json={"query": "{ __typename }"}, headers={"origin": header})
        return bool(response.headers.get("access-control-allow-origin") == header)

    await until(told)


async def test_settings_that_plans_do_not_depend_on_lose_none(tmp_path: Path) -> None:
    async with measured(tmp_path) as (door, prometheus):
        await door.ask(NAMES)
        await door.ask("{ __typename }")
        tree = json.loads(door.configuration.read_text())
        door.configuration.write_text(json.dumps({**tree, "cors": {"policies": [{"origins": ["https://new"]}]}}))
        await reloaded(door, "https://new")
        await door.ask(NAMES)
        assert await plans(prometheus) == 2


async def test_after_a_new_supergraph_nothing_is_planned_that_was_known(tmp_path: Path) -> None:
    async with measured(tmp_path) as (door, prometheus):
        await door.ask(NAMES)
        write_supergraph(door.supergraph, door.url, SUPERGRAPH.replace("fails:", "failed:"))

        async def new() -> bool:
            return "data" in await door.ask("{ failed }")

        await until(new)
        await door.ask(NAMES)
        assert await plans(prometheus) == 2


async def test_registered_documents_are_planned_before_the_router_serves(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"a": NAMES}))
    manifests = [{"file": str(tmp_path / "manifest.json")}]
    async with measured(tmp_path, persisted_queries={"manifests": manifests}) as (door, prometheus):
        response = await door.client.post("/graphql", json={"documentId": "a"})
        assert "errors" not in response.json()
        assert sample("fedra_plan_duration_seconds_count") not in {
            key for key, value in (await prometheus.read()).items() if value
        }
