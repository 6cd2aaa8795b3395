from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from opentelemetry.sdk.metrics.export import Gauge, Sum
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from router.request import Json
from router.resources import Resources
from router.settings.supergraph import Listen
from router.settings.telemetry import Cardinality, MetricsCommon
from router.telemetry.instruments import CACHE_ENTRIES, HTTP_ACTIVE, OPERATION_DURATION, PREPARE_DURATION, REFUSALS
from router.telemetry.metrics import Metrics
from router.telemetry.otlp_metrics import to_otlp
from router.telemetry.prometheus import MetricsServer
from tests.router.door import Door, code_of, open_door, until
from tests.router.telemetry.collector import attributes_of, collecting

Sample = tuple[str, tuple[tuple[str, str], ...]]


def free_port() -> int:
    """Find one that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@asynccontextmanager
async def measured(folder: Path, **settings: Json) -> AsyncIterator[tuple[Door, Reader]]:
    """A router whose metrics Prometheus reads."""
    port = free_port()
    prometheus = {"enabled": True, "listen": f"127.0.0.1:{port}"}
    telemetry = {"exporters": {"metrics": {"prometheus": prometheus, **settings.pop("metrics", {})}}}
    async with open_door(folder, telemetry=telemetry, **settings) as door:
        yield door, Reader(f"http://127.0.0.1:{port}/metrics")


class Reader:
    """Reads as Prometheus does."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def read(self) -> dict[Sample, float]:
        """Find every sample that is not a bucket, by name and labels."""
        async with httpx.AsyncClient() as client:
            response = await client.get(self.url)
        assert response.status_code == 200
        return {
            (one.name, tuple(sorted(one.labels.items()))): one.value
            for family in text_string_to_metric_families(response.text)
            for one in family.samples
            if not one.name.endswith("_bucket")
        }


def sample(name: str, **labels: str) -> Sample:
    """Name one."""
    return name, tuple(sorted(labels.items()))


async def test_operations_are_measured_by_name_type_and_client(tmp_path: Path) -> None:
    async with measured(tmp_path) as (door, prometheus):
        for client in ("web", "web", "ios"):
            sent = {"query": "query People { people { name } }"}
            await door.client.post("/graphql", json=sent, headers={"apollographql-client-name": client})
        await door.ask('mutation Write { write(text: "x") }')
        await door.client.get("/health")
        read = await prometheus.read()

    def operations(name: str, kind: str, client: str) -> float:
        labels = {"graphql_operation_name": name, "graphql_operation_type": kind, "fedra_client_name": client}
        return read[sample("fedra_operation_duration_seconds_count", **labels)]

    assert operations("People", "query", "web") == 2
    assert operations("People", "query", "ios") == 1
    assert operations("Write", "mutation", "") == 1
    http = {"http_request_method": "POST", "url_scheme": "http"}
    assert read[sample("http_server_request_duration_seconds_count", http_response_status_code="200", **http)] == 4
    assert [one for one in read if "GET" in str(one)] == []
    assert read[sample("http_server_active_requests", **http)] == 0


async def test_misses_of_the_caches_and_fetches_are_measured(tmp_path: Path) -> None:
    async with measured(tmp_path) as (door, prometheus):
        for _ in range(3):
            await door.ask("{ people { name } fails }")
        read = await prometheus.read()
    assert read[sample("fedra_prepare_duration_seconds_count")] == 1
    assert read[sample("fedra_plan_duration_seconds_count")] == 1
    assert read[sample("fedra_cache_entries", fedra_cache_name="plans")] == 1
    fetches = "fedra_fetch_duration_seconds_count"
    assert read[sample(fetches, fedra_subgraph_name="people", error_type="")] == 3
    assert read[sample(fetches, fedra_subgraph_name="notes", error_type="DOWNSTREAM_SERVICE_ERROR")] == 3


async def test_refusals_are_counted_by_code_wherever_they_are_made(tmp_path: Path) -> None:
    async with measured(tmp_path) as (door, prometheus):
        await door.ask("{ nothing }")
        await door.client.get("/graphql?query={people{name}}")
        await door.client.post("/graphql", json=[{}, {}])
        await door.ask("", documentId="unknown")
        read = await prometheus.read()
    codes = {dict(labels)["fedra_error_code"]: value for (name, labels), value in read.items() if "refusals" in name}
    assert codes.keys() >= {"GRAPHQL_VALIDATION_FAILED", "CSRF_ERROR", "BATCHING_NOT_ENABLED"}
    assert codes["CSRF_ERROR"] == 1


async def test_what_is_past_a_bound_counts_even_if_it_is_only_measured(tmp_path: Path) -> None:
    rules = [{"by": "everyone", "limit": 1, "period": "1h", "unit": "requests"}]
    settings: Json = {
        "limits": {"mode": "measure", "max_depth": 1},
        "rate_limits": {"mode": "measure", "rules": rules},
        "demand_control": {"enabled": True, "mode": "measure", "strategy": {"static_estimated": {"max": 0.5}}},
    }
    async with measured(tmp_path, **settings) as (door, prometheus):
        for _ in range(2):
            assert "data" in await door.ask("{ people { name } }")
        read = await prometheus.read()
    bounds = {labels: value for (name, labels), value in read.items() if name == "fedra_bounds_exceeded_total"}
    assert bounds == {
        (("fedra_bound", "MAX_DEPTH_LIMIT"), ("fedra_enforced", "false")): 1,
        (("fedra_bound", "cost.estimated"), ("fedra_enforced", "false")): 2,
        (("fedra_bound", "rate.requests"), ("fedra_enforced", "false")): 1,
    }
    assert read[sample("fedra_cost_estimated_count")] == 2


async def test_documents_are_counted_by_where_they_came_from(tmp_path: Path) -> None:
    async with measured(tmp_path, apq={"enabled": True}) as (door, prometheus):
        await door.ask("{ people { name } }")
        hashed = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}
        refused = await door.client.post("/graphql", json={"extensions": hashed})
        assert code_of(refused.json()) == "PERSISTED_QUERY_NOT_FOUND"
        read = await prometheus.read()
    assert read[sample("fedra_documents_total", fedra_document_source="sent")] == 1
    assert read[sample("fedra_documents_total", fedra_document_source="unknown")] == 1


def test_a_value_counts_in_its_bucket_and_in_all_above() -> None:
    metrics = Metrics(MetricsCommon(buckets=(0.1, 1, 2.5)))
    for value in (0.05, 0.1, 0.5, 2.5, 70):
        metrics.observe(PREPARE_DURATION, value, ())
    text = generate_latest(metrics.registry).decode()
    lines = [line.partition("_seconds_")[2] for line in text.splitlines() if line.startswith("fedra_prepare")]
    buckets = [("0.1", 2), ("1.0", 3), ("2.5", 4), ("+Inf", 5)]
    assert lines == [*(f'bucket{{le="{bound}"}} {count}.0' for bound, count in buckets), "count 5.0", "sum 73.15"]


def test_names_that_clients_choose_are_bounded() -> None:
    metrics = Metrics(MetricsCommon(cardinality=Cardinality(operation_names=2, clients=1)))
    for name in ("A", "B", "C", "D", "A"):
        for client in ("web", "ios", ""):
            metrics.observe(OPERATION_DURATION, 0.1, (name, "query", client))
    counts = {
        tuple(one.labels.values()): one.value
        for family in metrics.families[OPERATION_DURATION].collect()
        for one in family.samples
        if one.name.endswith("_count")
    }
    assert counts[("A", "query", "web")] == 2
    assert counts[("other", "query", "other")] == 2
    assert counts[("B", "query", "")] == 1
    assert len(counts) == 9


async def test_a_collector_gets_what_prometheus_reads(tmp_path: Path) -> None:
    async with collecting() as collector:
        otlp = {"enabled": True, "endpoint": collector.url, "batch_processor": {"scheduled_delay": "50ms"}}
        settings: Json = {"service_name": "shop", "resource": {"team": "a"}, "exporters": {"metrics": {"otlp": otlp}}}
        async with open_door(tmp_path, telemetry=settings) as door:
            await door.ask("query People { people { name } }")
        last = {one.name: one for one in collector.metrics[-1]}
    (point,) = last["fedra.operation.duration"].histogram.data_points
    assert attributes_of(point.attributes) == {
        "graphql.operation.name": "People",
        "graphql.operation.type": "query",
        "fedra.client.name": "",
    }
    assert (point.count, sum(point.bucket_counts), len(point.bucket_counts)) == (1, 1, len(point.explicit_bounds) + 1)
    assert 0 < point.sum < 60
    assert not point.HasField("min")
    assert 0 < point.start_time_unix_nano < point.time_unix_nano
    (requests,) = last["http.server.request.duration"].histogram.data_points
    assert attributes_of(requests.attributes)["http.response.status_code"] == 200
    assert last["http.server.request.duration"].unit == "s"
    assert last["http.server.active_requests"].sum.data_points[0].as_double == 0
    assert collector.resources[-1].items() >= {"service.name": "shop", "team": "a"}.items()


def test_each_kind_of_metric_is_what_opentelemetry_has_for_it() -> None:
    metrics = Metrics()
    metrics.add(REFUSALS, 2, ("CSRF_ERROR",))
    metrics.add(HTTP_ACTIVE, 1, ("GET", "http"))
    metrics.set(CACHE_ENTRIES, 3, ("plans",))
    written = {one.name: one.data for one in to_otlp(metrics)}
    refusals, active, entries = (written[one.name] for one in (REFUSALS, HTTP_ACTIVE, CACHE_ENTRIES))
    assert isinstance(refusals, Sum)
    assert refusals.is_monotonic
    assert [(one.attributes, one.value) for one in refusals.data_points] == [({"fedra.error.code": "CSRF_ERROR"}, 2)]
    assert isinstance(active, Sum)
    assert not active.is_monotonic
    assert isinstance(entries, Gauge)
    assert [one.value for one in entries.data_points] == [3]
    assert "fedra.operation.duration" not in written


async def test_counters_go_on_over_a_change_of_the_settings(tmp_path: Path) -> None:
    port = free_port()
    text = f"""telemetry:
  exporters: {{metrics: {{prometheus: {{enabled: true, listen: "127.0.0.1:{port}", path: PATH}}}}}}
limits: {{max_depth: 5}}
"""
    async with open_door(tmp_path, text.replace("PATH", "/metrics")) as door:
        await door.ask("query One { people { name } }")
        door.configuration.write_text(text.replace("PATH", "/numbers").replace("max_depth: 5", "max_depth: 1"))

        async def is_served() -> bool:
            return "errors" in await door.ask("query Two { people { name } }")

        await until(is_served)
        read = await Reader(f"http://127.0.0.1:{port}/numbers").read()
    labels = {"graphql_operation_name": "One", "graphql_operation_type": "query", "fedra_client_name": ""}
    assert read[sample("fedra_operation_duration_seconds_count", **labels)] == 1


async def test_an_address_that_is_taken_is_told_with_its_setting() -> None:
    lease = Resources().lease()
    listen = Listen(port=free_port())
    server = lease.keep(MetricsServer, listen)
    with pytest.raises(ValueError, match=r"cannot listen on 127.0.0.1:.* for Prometheus: Address already in use"):
        MetricsServer(listen)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.server_port}") as client:
        assert (await client.get("/elsewhere")).status_code == 404
    await lease.leave()
    await MetricsServer(listen).close()
