from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from router.hooks import (
    Hooks,
    OperationView,
    Refusal,
    RequestView,
    SubgraphRequestView,
    SubgraphResponseView,
)
from router.hooks.calls import HookCalls
from router.python_object import InvalidReference
from router.request import Client, Json
from router.settings.hooks import HookSettings
from tests.router.door import Door, code_of, open_door
from tests.router.hooks.team import Team, hooks

PAGE = (Path(__file__).parents[3] / "docs/hooks.md").read_text(encoding="utf-8")
PEOPLE = {"data": {"people": [{"name": "Ada"}, {"name": "Alan"}]}}
AWAY = ["throw", "hang", "cling", "cancel", "exit", "lie"]


@pytest.fixture(autouse=True)
def _forget() -> None:
    hooks.seen.clear()


@asynccontextmanager
async def hooked(folder: Path, **settings: Json) -> AsyncIterator[Door]:
    """A router with the team's hooks."""
    told = {"object": "tests.router.hooks.team:hooks", "timeout": "50ms", **settings.pop("hooks", {})}
    async with open_door(folder, hooks=told, **settings) as door:
        yield door


async def ask(door: Door, do: str | None = None, query: str = "query People { people { name } }") -> Json:
    """Let the team do something with an operation."""
    headers = {"x-do": do} if do else {}
    return (await door.client.post("/graphql", json={"query": query}, headers=headers)).json()


async def test_each_hook_sees_its_part_of_the_request(tmp_path: Path) -> None:
    settings = {"demand_control": {"enabled": True, "mode": "measure"}}
    async with hooked(tmp_path, **settings) as door:
        door.subgraphs.headers.append(("x-version", "7"))
        assert await ask(door) == PEOPLE
    request, operation, sent, came = hooks.seen
    assert isinstance(request, RequestView)
    assert (request.method, request.path, request.address) == ("POST", "/graphql", "127.0.0.1")
    assert request.headers["content-type"] == "application/json"
    assert isinstance(operation, OperationView)
    assert (operation.name, operation.kind, operation.document_id, operation.identity) == (
        "People",
        "query",
        None,
        None,
    )
    assert operation.estimated_cost is not None
    assert isinstance(sent, SubgraphRequestView)
    assert (sent.subgraph, sent.kind, dict(sent.headers)) == ("people", "query", {})
    assert "{people{name}}" in sent.query.replace(" ", "")
    assert isinstance(came, SubgraphResponseView)
    assert (came.subgraph, came.status, came.headers["x-version"], came.error_codes) == ("people", 200, "7", ())
    assert came.duration.total_seconds() > 0
    assert came.bag is sent.bag is operation.bag is request.bag
    assert came.bag["answered"] == "people"


async def test_what_is_seen_cannot_be_written(tmp_path: Path) -> None:
    async with hooked(tmp_path) as door:
        await ask(door)
    for view in hooks.seen:
        with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
            view.bag = {}
        if not isinstance(view, SubgraphResponseView):
            with pytest.raises(TypeError):
                view.headers["x"] = "y"


async def test_a_change_of_the_request_is_what_the_router_goes_on_with(tmp_path: Path) -> None:
    rules = {"all": {"request": [{"propagate": {"matching": "^x-"}}, _client_name()]}}
    async with hooked(tmp_path, headers=rules) as door:
        await ask(door, "change")
    (heard,) = door.subgraphs.heard
    assert (heard["x-tenant"], heard["x-client-name"]) == ("t", "kiosk")
    assert "x-do" not in heard
    assert hooks.seen[1].client == Client("kiosk", "3")


def _client_name() -> Json:
    return {"insert": {"name": "x-client-name", "from_context": "client_name"}}


async def test_headers_of_a_request_to_a_subgraph_change_but_the_router_s_own_do_not(tmp_path: Path) -> None:
    rules = {"all": {"request": [{"insert": {"name": "x-tenant", "value": "t"}}]}}
    async with hooked(tmp_path, headers=rules) as door:
        assert await ask(door, "headers") == PEOPLE
    (heard,) = door.subgraphs.heard
    assert heard["x-team"] == "yes"
    assert "x-tenant" not in heard
    assert heard["traceparent"] != "forged"


@pytest.mark.parametrize(
    ("do", "code", "status"),
    [("refuse request", "MAINTENANCE", 503), ("refuse operation", "REQUEST_REFUSED", 403)],
)
async def test_a_refusal_has_its_code_and_status(tmp_path: Path, do: str, code: str, status: int) -> None:
    async with hooked(tmp_path) as door:
        response = await door.client.post("/graphql", json={"query": "{ people { name } }"}, headers={"x-do": do})
        assert (code_of(response.json()), response.status_code) == (code, status)
        assert door.subgraphs.asked == []
        assert await door.works()


@pytest.mark.parametrize("where", ["request", "operation"])
@pytest.mark.parametrize("how", AWAY)
async def test_a_hook_that_fails_refuses_its_request_and_no_other(
    tmp_path: Path, how: str, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with hooked(tmp_path) as door:
        refused = await ask(door, f"{how} {where}")
        assert refused["errors"] == [
            {"message": "Internal server error.", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}
        ]
        assert await door.works()
    assert f"on_{where}" in {getattr(one, "hook", None) for one in caplog.records}
    assert "secret of the team" not in str(refused)


@pytest.mark.parametrize("where", ["request", "operation"])
@pytest.mark.parametrize("how", AWAY)
async def test_it_may_be_passed_over_instead(tmp_path: Path, how: str, where: str) -> None:
    async with hooked(tmp_path, hooks={"on_failure": "continue"}) as door:
        assert await ask(door, f"{how} {where}") == PEOPLE


@pytest.mark.parametrize("where", ["subgraph request", "subgraph response"])
@pytest.mark.parametrize("how", ["throw", "hang", "cling", "cancel", "exit"])
async def test_a_hook_of_a_fetch_that_fails_changes_nothing(tmp_path: Path, how: str, where: str) -> None:
    async with hooked(tmp_path) as door:
        assert await ask(door, f"{how} {where}") == PEOPLE


@pytest.mark.parametrize("do", ["break", "own"])
async def test_headers_that_cannot_be_sent_are_dropped_with_all_of_the_change(tmp_path: Path, do: str) -> None:
    async with hooked(tmp_path) as door:
        assert await ask(door, do) == PEOPLE
    assert "x-team" not in door.subgraphs.heard[0]


async def test_a_failed_fetch_is_told_with_its_codes(tmp_path: Path) -> None:
    async with hooked(tmp_path) as door:
        door.subgraphs.status = 500
        await ask(door, query="{ fails }")
    assert hooks.seen[-1].status == 500
    assert set(hooks.seen[-1].error_codes) == {"SUBREQUEST_HTTP_ERROR", "TEAPOT"}


def test_what_is_not_overridden_is_not_called() -> None:
    calls = HookCalls(Hooks())
    assert (calls.on_request, calls.on_operation) == (None, None)
    assert (calls.on_subgraph_request, calls.on_subgraph_response) == (None, None)
    assert HookCalls(Team()).on_request is not None


def test_a_hook_has_to_be_async() -> None:
    class Blocking(Hooks):
        def on_operation(self, operation: OperationView) -> None:  # type: ignore[override]
            del operation

    with pytest.raises(InvalidReference, match="'on_operation' has to be 'async def'"):
        HookCalls(Blocking())


@pytest.mark.parametrize(("code", "status"), [("REFUSED", 200), ("refused", 403), ("A\nB", 403)])
def test_a_refusal_is_an_error_of_http_with_a_code(code: str, status: int) -> None:
    with pytest.raises(ValueError, match="a refusal needs"):
        Refusal("no", code, status)


async def test_the_example_of_the_page_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (source,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "page_of_hooks.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    everything: Json = {"directives": {"enabled": False}}
    async with open_door(tmp_path, hooks="page_of_hooks:hooks", authorization=everything) as door:
        door.subgraphs.headers.append(("x-version", "7"))
        assert (await door.client.post("/graphql", json={"query": "{ note { id } }"})).status_code == 200
        closed = await door.client.post("/graphql", json={"query": "{ note { id } }"}, headers={"x-maintenance": "1"})
        assert (code_of(closed.json()), closed.status_code) == ("MAINTENANCE", 503)
        kiosk = {"apollographql-client-name": "kiosk"}
        write = await door.client.post("/graphql", json={"query": 'mutation { write(text: "") }'}, headers=kiosk)
        assert code_of(write.json()) == "READ_ONLY"
        assert (await door.ask("{ people { id notes { id } } }"))["data"]
        first, second = door.subgraphs.heard[-2:]
        assert ("x-read-version" in first, second["x-read-version"]) == (False, "7")


def test_a_text_names_the_object_and_a_mapping_says_more() -> None:
    assert HookSettings().object is None
    assert HookSettings.model_json_schema()["properties"]["on_failure"]["default"] == "refuse"
