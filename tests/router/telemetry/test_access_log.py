from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.router.door import open_door

FACTS = ("method", "path", "status", "operations", "client")


def told(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """Read the lines about requests."""
    return [vars(one) for one in caplog.records if one.message == "request"]


async def test_every_request_has_a_line_without_what_it_carries(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    async with open_door(tmp_path, telemetry={"logging": {"access_log": True}}, batching={"enabled": True}) as door:
        sent = {"query": "query Find($id: ID!) { person(id: $id) { name } }", "variables": {"id": "s3cret"}}
        headers = {"apollographql-client-name": "web", "authorization": "s3cret"}
        await door.client.post("/graphql?token=s3cret", json=sent, headers=headers)
        await door.client.post("/graphql", json=[sent, {"query": "{ nothing }"}])
        await door.client.get("/graphql?query={people{name}}")
        await door.client.get("/health")
    assert [tuple(one[fact] for fact in FACTS) for one in told(caplog)] == [
        ("POST", "/graphql", 200, ["Find"], "web"),
        ("POST", "/graphql", 200, ["Find"], None),
        ("GET", "/graphql", 400, [], None),
    ]
    assert all(one["duration_ms"] > 0 for one in told(caplog))
    assert "s3cret" not in str(told(caplog))


async def test_there_is_none_unless_it_is_asked_for(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with open_door(tmp_path) as door:
        assert await door.works()
    assert told(caplog) == []
