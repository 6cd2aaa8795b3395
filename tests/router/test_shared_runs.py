"""Equal queries of clients at once are run once, if the settings want that."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType

import httpx
import pytest

from router.hooks import Hooks, SubgraphResponseView
from router.request import Json
from router.telemetry.instruments import SHARED_QUERIES
from tests.router.door import Door, open_door
from tests.router.identity.tokens import ed25519_issuer, write_jwks
from tests.router.telemetry.collector import collecting
from tests.router.telemetry.test_metrics import measured, sample

ISSUER = ed25519_issuer()
ROUTER = ed25519_issuer("router")
SHARED: Json = {"router": {"deduplicate_query": True}, "all": {"deduplicate_query": False}}
PEOPLE, EMAIL = "{ people { name } }", "{ people { name email } }"
DELAY = 0.2


@asynccontextmanager
async def sharing(folder: Path, **settings: Json) -> AsyncIterator[Door]:
    """A router that shares queries, and subgraphs that take their time; tokens of the issuer count."""
    jwks = write_jwks(folder / "jwks.json", ISSUER)
    settings.setdefault("authentication", {"router": {"jwt": {"jwks": [{"url": str(jwks)}]}}})
    async with open_door(folder, traffic_shaping=SHARED, **settings) as door:
        door.subgraphs.delay = DELAY
        yield door


def internal_token(folder: Path) -> Json:
    (folder / "router.pem").write_bytes(ROUTER.pem)
    return {"key": str(folder / "router.pem")}


Header = str | Callable[[], str]


def asked(headers: Mapping[str, Header] | None = None, query: str = PEOPLE, **variables: Json) -> Json:
    """Say what one client sends."""
    return {"json": {"query": query, "variables": variables}, "headers": dict(headers or {})}


def token(**claims: Json) -> dict[str, Header]:
    """Name a caller, by a token that is signed when it is sent: it is not valid for long."""
    return {"authorization": lambda: f"Bearer {ISSUER.sign(**claims)}"}


async def at_once(door: Door, *requests: Json) -> Sequence[httpx.Response]:
    return await asyncio.gather(*(door.client.post("/graphql", **sent(one)) for one in requests))


def sent(request: Json) -> Json:
    headers = {name: value() if callable(value) else value for name, value in request["headers"].items()}
    return {**request, "headers": headers}


async def test_equal_queries_at_once_are_run_once_and_later_ones_again(tmp_path: Path) -> None:
    async with sharing(tmp_path) as door:
        answers = await at_once(door, *[asked()] * 20)
        assert [one.json() for one in answers] == [{"data": {"people": [{"name": "Ada"}, {"name": "Alan"}]}}] * 20
        assert len(door.subgraphs.asked) == 1
        await at_once(door, asked())
        assert len(door.subgraphs.asked) == 2


async def test_every_query_has_its_own_name_and_is_charged(tmp_path: Path) -> None:
    limits = {"rules": [{"by": "everyone", "limit": 100}]}
    cost = {"enabled": True, "mode": "measure", "expose_cost": True, "strategy": {"static_estimated": {"max": 9}}}
    async with sharing(tmp_path, rate_limits=limits, demand_control=cost) as door:
        answers = await at_once(door, *[asked()] * 20)
        assert len(door.subgraphs.asked) == 1
        assert len({one.headers["x-request-id"] for one in answers}) == 20
        left = {int(one.headers["ratelimit"].partition(";r=")[2].partition(";")[0]) for one in answers}
        assert left == set(range(80, 100))
        assert len({one.headers["fedra-cost"] for one in answers}) == 1


async def test_it_is_off_unless_the_settings_want_it(tmp_path: Path) -> None:
    async with open_door(tmp_path, traffic_shaping={"all": {"deduplicate_query": False}}) as door:
        door.subgraphs.delay = DELAY
        await at_once(door, asked(), asked())
        assert len(door.subgraphs.asked) == 2


TOLD = {"all": {"request": [{"propagate": {"named": "x-a"}}, {"propagate": {"matching": "^x-b"}}]}}
CALLER = {"all": {"request": [{"insert": {"name": "x-who", "from_context": "principal"}}]}}
INSERTED = {"all": {"response": [{"insert": {"name": "x-who", "from_context": "client_name"}}]}}


@pytest.mark.parametrize(
    ("one", "other", "headers"),
    [
        (asked(), asked(query="{ people { id name } }"), {}),
        (asked(), asked(query="query Named { people { name } }"), {}),
        (
            asked(query="query ($n: Int!) { people(first: $n) { name } }", n=1),
            asked(query="query ($n: Int!) { people(first: $n) { name } }", n=2),
            {},
        ),
        (asked({"x-a": "1"}), asked({"x-a": "2"}), TOLD),
        (asked({"x-a": "1"}), asked(), TOLD),
        (asked({"x-b-c": "1"}), asked({"x-b-c": "2"}), TOLD),
        (asked({"x-b-c": "1"}), asked({"x-b-d": "1"}), TOLD),
        (asked({"graphql-client-name": "a"}), asked({"graphql-client-name": "b"}), INSERTED),
        (asked(token(sub="ada")), asked(token(sub="alan")), CALLER),
        (asked(query=EMAIL), asked(token(policies=["pii.read"]), EMAIL), {}),
    ],
    ids=["fields", "name", "variables", "header", "no header", "value", "names", "client", "caller", "what is refused"],
)
async def test_queries_that_may_be_answered_otherwise_are_run_apart(
    tmp_path: Path, one: Json, other: Json, headers: Json
) -> None:
    async with sharing(tmp_path, headers=headers) as door:
        await at_once(door, one, other, one, other)
        assert len(door.subgraphs.asked) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (asked({"x-c": "1"}), asked({"x-c": "2"})),
        (
            asked(query="query ($n: Int = 2, $x: Boolean = true) { people(first: $n) { name @include(if: $x) } }"),
            asked(query="query ($n: Int = 2, $x: Boolean = true) { people(first: $n) { name @include(if: $x) } }", n=2),
        ),
        (asked(token(sub="ada")), asked(token(sub="alan"))),
    ],
    ids=["headers that nobody reads", "values that are the default", "callers whom no subgraph gets to know"],
)
async def test_what_makes_no_difference_keeps_no_queries_apart(tmp_path: Path, one: Json, other: Json) -> None:
    async with sharing(tmp_path, headers=TOLD) as door:
        await at_once(door, one, other)
        assert len(door.subgraphs.asked) == 1


async def test_callers_whom_subgraphs_get_to_know_share_nothing(tmp_path: Path) -> None:
    async with sharing(tmp_path, internal_token=internal_token(tmp_path)) as door:
        callers = [token(sub="ada"), token(sub="ada", scope="more"), token(sub="alan"), token(tenant="other"), {}]
        await at_once(door, *map(asked, callers), *map(asked, callers))
        assert len(door.subgraphs.asked) == len(callers)


async def test_a_mutation_is_run_as_often_as_it_is_sent(tmp_path: Path) -> None:
    async with sharing(tmp_path) as door:
        await at_once(door, *[asked(query='mutation { write(text: "a") }')] * 3)
        assert door.subgraphs.written == ["a"] * 3


async def test_headers_of_subgraphs_and_errors_reach_everybody(tmp_path: Path) -> None:
    back = {"all": {"response": [{"propagate": {"named": "x-seen"}}]}}
    async with sharing(tmp_path, headers=back) as door:
        door.subgraphs.headers = [("x-seen", "a"), ("cache-control", "max-age=5")]
        answers = await at_once(door, *[asked(query="{ people { name } fails }")] * 3)
        assert len(door.subgraphs.asked) == 2
        assert [one.headers["x-seen"] for one in answers] == ["a"] * 3
        assert [[error["path"] for error in one.json()["errors"]] for one in answers] == [[["fails"]]] * 3


async def test_operations_of_one_batch_share_too_and_their_headers_are_told_once(tmp_path: Path) -> None:
    back = {"all": {"response": [{"propagate": {"named": "x-seen", "merge": "append"}}]}}
    async with sharing(tmp_path, headers=back, batching={"enabled": True}) as door:
        door.subgraphs.headers = [("x-seen", "a")]
        answer = await door.client.post("/graphql", json=[{"query": PEOPLE}, {"query": PEOPLE}])
        assert (len(door.subgraphs.asked), len(answer.json()), answer.headers["x-seen"]) == (1, 2, "a")


async def test_each_client_gets_the_coding_and_the_plan_that_it_asks_for(tmp_path: Path) -> None:
    query = "{ " + " ".join(f"{'long' * 50}_{at}: __typename" for at in range(10)) + " people { name } }"
    codings = ("gzip", "deflate", "identity", "gzip")
    async with sharing(tmp_path, supergraph={"expose_query_plan": True}) as door:
        plans = asked({"fedra-expose-query-plan": "true"}, query)
        *answers, with_plan = await at_once(door, *[asked({"accept-encoding": one}, query) for one in codings], plans)
        assert len(door.subgraphs.asked) == 1
        assert [one.headers.get("content-encoding", "identity") for one in answers] == list(codings)
        assert len({one.text for one in answers}) == 1
        assert with_plan.json()["data"] == answers[0].json()["data"]
        assert with_plan.json()["extensions"]["fedraQueryPlan"]


async def test_if_the_first_client_leaves_another_query_runs_for_all(tmp_path: Path) -> None:
    async with sharing(tmp_path) as door:
        first = asyncio.create_task(door.client.post("/graphql", **asked(), timeout=DELAY / 2))
        await asyncio.sleep(DELAY / 10)
        others = asyncio.create_task(at_once(door, asked(), asked()))
        with pytest.raises(httpx.ReadTimeout):
            await first
        assert [one.json()["data"]["people"][0] for one in await others] == [{"name": "Ada"}] * 2
        assert len(door.subgraphs.asked) == 2


class Watching(Hooks):
    """A team that looks at what subgraphs answer."""

    async def on_subgraph_response(self, response: SubgraphResponseView) -> None:
        response.bag["status"] = response.status


@pytest.fixture
def watching_team(monkeypatch: pytest.MonkeyPatch) -> str:
    module = ModuleType("watching_team")
    module.hooks = Watching()  # type: ignore[attr-defined]  # a module is what the settings name
    monkeypatch.setitem(sys.modules, "watching_team", module)
    return "watching_team:hooks"


async def test_where_a_hook_looks_at_requests_to_subgraphs_none_is_left_out(
    tmp_path: Path, watching_team: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        async with sharing(tmp_path, hooks={"object": watching_team}) as door:
            await at_once(door, asked(), asked())
            assert len(door.subgraphs.asked) == 2
    assert "queries are not shared: a hook wants to know of every request to a subgraph" in caplog.messages


@pytest.mark.parametrize(
    "rule",
    [{"named": "set-cookie"}, {"matching": "^set-"}, {"named": "x-cookie", "rename": "set-cookie"}],
    ids=["named", "matching", "renamed"],
)
@pytest.mark.parametrize("shaping", [SHARED, {}], ids=["queries", "requests to subgraphs"])
async def test_a_cookie_is_for_one_client(tmp_path: Path, rule: Json, shaping: Json) -> None:
    rules = {"subgraphs": {"people": {"response": [{"propagate": rule}]}}}
    async with open_door(tmp_path, traffic_shaping=shaping, headers=rules) as door:
        door.subgraphs.delay = DELAY
        await at_once(door, asked(), asked())
        assert len(door.subgraphs.asked) == 2


async def test_queries_that_waited_for_another_are_counted(tmp_path: Path) -> None:
    async with measured(tmp_path, traffic_shaping=SHARED) as (door, prometheus):
        door.subgraphs.delay = DELAY
        await at_once(door, *[asked()] * 5)
        found = await prometheus.read()
        assert found[sample(f"{SHARED_QUERIES.prometheus_name}_total")] == 4
        assert found[sample("fedra_fetch_duration_seconds_count", fedra_subgraph_name="people", error_type="")] == 1


async def test_the_trace_of_a_query_that_waited_tells_that_it_did(tmp_path: Path) -> None:
    async with collecting() as collector:
        otlp = {"enabled": True, "endpoint": collector.url, "batch_processor": {"scheduled_delay": "20ms"}}
        tracing = {"common": {"sampler": 1.0}, "otlp": otlp}
        async with sharing(tmp_path, telemetry={"exporters": {"tracing": tracing}}) as door:
            await at_once(door, *[asked()] * 3)
    (execute,) = collector.named("execute")
    (fetch,) = collector.named("fetch")
    assert fetch.parent_span_id == execute.span_id
    requests = {one.span_id for one in collector.named("query")}
    waited = {one.parent_span_id for one in collector.named("share")}
    assert waited == requests - {execute.parent_span_id}
    assert len(waited) == 2
