from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from router.request import Json
from router.settings.telemetry import OtlpTraces, Sampling
from router.telemetry.otlp_traces import SentTraces
from router.telemetry.telemetry import Telemetry
from tests.router.door import Door, open_door, until
from tests.router.telemetry.collector import Collector, attributes_of, collecting

TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"
SELDOM = {"batch_processor": {"scheduled_delay": "1h"}}


@asynccontextmanager
async def traced(folder: Path, sampler: Json = 1.0, **common: Json) -> AsyncIterator[tuple[Door, Collector]]:
    """A router whose traces are collected."""
    async with collecting() as collector:
        otlp = {"enabled": True, "endpoint": collector.url, "batch_processor": {"scheduled_delay": "20ms"}}
        tracing = {"common": {"sampler": sampler, **common}, "otlp": otlp}
        async with open_door(folder, telemetry={"exporters": {"tracing": tracing}}) as door:
            yield door, collector


def operations(collector: Collector) -> set[str | int]:
    """Name the operations whose spans were sent."""
    return {attributes_of(one.attributes)["graphql.operation.name"] for one in collector.named("query")}


async def test_the_spans_of_a_request_are_a_tree_that_follows_the_pipeline(tmp_path: Path) -> None:
    async with traced(tmp_path) as (door, collector):
        await door.ask("query People { people { name } note { id } }", operationName="People")
    (server,) = collector.named("query")
    (execute,) = collector.named("execute")
    assert attributes_of(server.attributes) == {
        "http.request.method": "POST",
        "url.path": "/graphql",
        "url.scheme": "http",
        "network.protocol.version": "1.1",
        "http.response.status_code": 200,
        "graphql.operation.type": "query",
        "graphql.operation.name": "People",
    }
    assert {one.name for one in collector.spans if one.parent_span_id == server.span_id} == {
        "prepare",
        "plan",
        "execute",
    }
    fetches = [one for one in collector.spans if one.parent_span_id == execute.span_id]
    assert {(one.name, str(attributes_of(one.attributes)["fedra.subgraph.name"])) for one in fetches} == {
        ("fetch", "people"),
        ("fetch", "notes"),
    }
    assert {one.trace_id for one in collector.spans} == {server.trace_id}
    assert (server.kind, fetches[0].kind) == (server.SPAN_KIND_SERVER, server.SPAN_KIND_CLIENT)
    assert collector.resources[0]["service.name"] == "fedra-router"


async def test_a_subgraph_belongs_to_the_span_of_its_fetch_and_the_router_to_that_of_its_client(tmp_path: Path) -> None:
    async with traced(tmp_path, sampler="always_off") as (door, collector):
        sent = {"traceparent": f"00-{TRACE}-{SPAN}-01", "tracestate": "shop=1"}
        response = await door.client.post("/graphql", json={"query": "{ headers { traceparent } }"}, headers=sent)
    (fetch,) = collector.named("fetch")
    (server,) = collector.named("query")
    assert (server.trace_id.hex(), server.parent_span_id.hex()) == (TRACE, SPAN)
    assert response.json()["data"]["headers"]["traceparent"] == f"00-{TRACE}-{fetch.span_id.hex()}-01"
    assert door.subgraphs.heard[-1]["tracestate"] == "shop=1"
    assert response.headers["x-request-id"] == TRACE


async def test_an_unsampled_request_makes_no_span_and_its_trace_goes_on_unrecorded(tmp_path: Path) -> None:
    async with traced(tmp_path, sampler=0) as (door, collector):
        own = await door.client.post("/graphql", json={"query": "{ headers { traceparent } }"})
        sent = {"traceparent": f"00-{TRACE}-{SPAN}-00"}
        clients = await door.client.post("/graphql", json={"query": "{ headers { traceparent } }"}, headers=sent)
    parent = own.json()["data"]["headers"]["traceparent"].split("-")
    assert (parent[1], parent[3]) == (own.headers["x-request-id"], "00")
    assert clients.json()["data"]["headers"]["traceparent"] == f"00-{TRACE}-{SPAN}-00"
    assert collector.spans == []


async def test_without_a_collector_the_trace_of_a_client_goes_on_as_it_came(tmp_path: Path) -> None:
    async with open_door(tmp_path) as door:
        sent = {"traceparent": f"00-{TRACE}-{SPAN}-01"}
        response = await door.client.post("/graphql", json={"query": "{ headers { traceparent } }"}, headers=sent)
    assert response.json()["data"]["headers"]["traceparent"] == f"00-{TRACE}-{SPAN}-01"


async def test_what_a_client_says_of_sampling_may_be_overruled(tmp_path: Path) -> None:
    async with traced(tmp_path, sampler=0, parent_based_sampler=False) as (door, collector):
        sent = {"traceparent": f"00-{TRACE}-{SPAN}-01"}
        response = await door.client.post("/graphql", json={"query": "{ headers { traceparent } }"}, headers=sent)
    assert response.json()["data"]["headers"]["traceparent"] == f"00-{TRACE}-{SPAN}-00"
    assert collector.spans == []


async def test_the_sampler_takes_its_part_of_the_requests() -> None:
    traces = SentTraces(OtlpTraces(endpoint="http://127.0.0.1:1"), None, {})
    draws = iter([0.0, 0.29, 0.3, 0.99])
    telemetry = Telemetry(Sampling(sampler=0.3), traces.tracer, chance=lambda: next(draws))
    assert [telemetry.begin([])[0].tracer is not None for _ in range(4)] == [True, True, False, False]
    await traces.close()


async def test_a_failed_fetch_is_marked_by_its_code_and_no_value_leaves_with_the_spans(tmp_path: Path) -> None:
    async with traced(tmp_path) as (door, collector):
        await door.ask("{ fails }")
        find = {"query": "query Find($id: ID!) { person(id: $id) { name } }", "variables": {"id": "s3cret-id"}}
        await door.client.post("/graphql", json=find, headers={"authorization": "Bearer s3cret", "cookie": "s3cret"})
        await door.ask("query ($id: ID!) { person(id: $id) { name } }", variables={"id": {"s3cret": 1}})
        door.subgraphs.status = 503
        await door.ask("{ note { id } }")
    codes = [attributes_of(one.attributes).get("error.type") for one in collector.named("fetch")]
    assert sorted(map(str, codes)) == ["DOWNSTREAM_SERVICE_ERROR", "None", "SUBREQUEST_HTTP_ERROR"]
    assert not any(b"s3cret" in body or b"secret of the subgraph" in body for body in collector.bodies)


@pytest.mark.parametrize(
    "header",
    [
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE.upper()}-{SPAN}-01",
        "",
    ],
)
def test_what_is_no_traceparent_begins_a_trace(header: str) -> None:
    watch, parent = Telemetry().begin([(b"traceparent", header.encode()), (b"tracestate", b"shop=1")])
    assert parent is None
    assert watch.trace_id != TRACE
    assert "tracestate" not in watch.headers


def test_a_later_version_of_traceparent_may_say_more() -> None:
    watch, _ = Telemetry().begin([(b"traceparent", f"01-{TRACE}-{SPAN}-01-more".encode())])
    assert watch.trace_id == TRACE


async def test_a_collector_that_is_not_there_costs_one_line_of_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with traced(tmp_path) as (door, collector):
        collector.status = 400
        for _ in range(3):
            assert await door.works()
            before = len(collector.bodies)

            async def sent(before: int = before) -> bool:
                return len(collector.bodies) > before

            await until(sent)
    told = [one for one in caplog.records if "could not be sent" in one.message or one.name.startswith("opentelemetry")]
    assert [one.message for one in told] == ["traces could not be sent"]


async def test_the_environment_says_what_the_settings_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-key=k")
        monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "service.name=shop,team=a")
        tracing = {"common": {"sampler": 1}, "otlp": {"enabled": True}}
        settings: Json = {"exporters": {"tracing": tracing}, "resource": {"team": "b"}}
        async with open_door(tmp_path, telemetry=settings) as door:
            assert await door.works()
    assert collector.headers[0]["x-key"] == "k"
    assert collector.resources[0].items() >= {"service.name": "shop", "team": "b"}.items()


async def test_what_is_left_is_sent_before_the_end(tmp_path: Path) -> None:
    async with collecting() as collector:
        otlp = {"enabled": True, "endpoint": collector.url, **SELDOM, "http": {"headers": {"x-key": "k"}}}
        tracing = {"common": {"sampler": 1}, "otlp": otlp}
        async with open_door(tmp_path, telemetry={"exporters": {"tracing": tracing}}) as door:
            await door.ask("{ people { name } }")
            assert collector.spans == []
        assert collector.named("query")
        assert collector.headers[0]["x-key"] == "k"


async def test_a_change_of_the_collector_is_served_and_the_last_one_gets_what_is_left(tmp_path: Path) -> None:
    async with collecting() as first, collecting() as second:
        text = """telemetry:
  exporters:
    tracing:
      common: {sampler: 1}
      otlp: {enabled: true, endpoint: "URL", batch_processor: {scheduled_delay: 1h}}
"""
        async with open_door(tmp_path, text.replace("URL", first.url)) as door:
            await door.ask("query First { people { name } }")
            door.configuration.write_text(text.replace("URL", second.url))

            async def is_swapped() -> bool:
                return bool(first.spans)

            await until(is_swapped)
            await door.ask("query Second { people { name } }")
    assert [operations(first), operations(second)] == [{"First"}, {"Second"}]


async def test_a_request_that_is_not_an_operation_is_named_by_its_method(tmp_path: Path) -> None:
    async with traced(tmp_path) as (door, collector):
        await door.ask("{ nothing }")
        await door.client.request("PURGE", "/graphql", json={})
        await door.client.get("/health")
    servers = [one for one in collector.spans if one.kind == one.SPAN_KIND_SERVER]
    named = {(one.name, attributes_of(one.attributes)["http.response.status_code"]) for one in servers}
    assert named == {("POST", 200), ("_OTHER", 405)}


async def test_the_name_of_an_operation_is_told_up_to_its_128th_character(tmp_path: Path) -> None:
    async with traced(tmp_path) as (door, collector):
        await door.ask(f"query {'N' * 1000} {{ people {{ name }} }}")
    (server,) = collector.named("query")
    assert attributes_of(server.attributes)["graphql.operation.name"] == "N" * 128
