from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import jwt
import pytest

from router.app import create_router_app
from router.configuration.load import Configuration
from router.configuration.mistakes import InvalidSettings
from router.identity.internal_token import InvalidSigningKey
from router.identity.keys import InvalidKeys
from router.python_object import InvalidReference
from router.request import Json
from router.settings import Settings
from schema.supergraph import InvalidSupergraph
from tests.router.door import SUPERGRAPH, Door, code_of, open_door, until, write_supergraph
from tests.router.identity.tokens import ed25519_issuer, write_jwks

ISSUER = ed25519_issuer()


def authentication(folder: Path) -> Json:
    jwks = write_jwks(folder / "jwks.json", ISSUER)
    return {"router": {"jwt": {"jwks": [{"url": str(jwks)}]}}}


async def becomes(door: Door, query: str, is_so: Callable[[Json], bool]) -> None:
    """Ask until the answer is as it should become."""

    async def asked() -> bool:
        return is_so(await door.ask(query))

    await until(asked)


@pytest.mark.parametrize("path", ["/health", "/health?live", "/health?ready", "/live", "/ready"])
async def test_a_router_that_serves_is_alive_and_ready(tmp_path: Path, path: str) -> None:
    async with open_door(tmp_path) as door:
        response = await door.client.get(path)
        assert (response.status_code, response.json()) == (200, {"status": "UP"})


async def test_checks_of_health_stand_where_the_settings_say(tmp_path: Path) -> None:
    async with open_door(tmp_path, health_check={"path": "/up"}) as door:
        assert [(await door.client.get(path)).status_code for path in ("/up", "/health")] == [200, 404]
    async with open_door(tmp_path, health_check={"enabled": False}) as door:
        assert (await door.client.get("/health")).status_code == 404


async def test_elsewhere_stands_nothing(tmp_path: Path) -> None:
    async with open_door(tmp_path) as door:
        response = await door.client.get("/elsewhere")
        assert (response.status_code, code_of(response.json())) == (404, "NOT_FOUND")


async def test_what_the_caller_may_not_have_is_null_with_an_error_and_never_asked_for(tmp_path: Path) -> None:
    async with open_door(tmp_path, authentication=authentication(tmp_path)) as door:
        query = "{ people(first: 1) { name email } note { id ... on Secret { code } } }"
        refused = await door.ask(query, token=ISSUER.sign(scope="secret:read"))
        assert refused == {
            "data": {"people": [{"name": "Ada", "email": None}], "note": {"id": "s", "code": 7}},
            "errors": [
                {
                    "message": "Unauthorized field or type",
                    "path": ["people", "@", "email"],
                    "extensions": {"code": "UNAUTHORIZED_FIELD_OR_TYPE"},
                }
            ],
        }
        assert not any("email" in text for _, text in door.subgraphs.asked)
        granted = await door.ask(query, token=ISSUER.sign(scope="secret:read", policies=["pii.read"]))
        assert granted["data"]["people"] == [{"name": "Ada", "email": "ada@example.com"}]


async def test_null_for_what_is_refused_goes_up_to_where_null_may_be(tmp_path: Path) -> None:
    async with open_door(tmp_path) as door:
        body = await door.ask('{ person(id: "1") { name salary } notes { ... on Memo { text } } }')
        assert body["data"] == {"person": None, "notes": [{"text": "buy milk"}, {}]}
        assert [error["path"] for error in body["errors"]] == [["person", "salary"]]


async def test_one_callers_plan_is_not_anothers(tmp_path: Path) -> None:
    async with open_door(tmp_path, authentication=authentication(tmp_path)) as door:
        query = "{ people(first: 1) { salary } }"
        for scope, expected in [
            ("admin", [{"salary": 100}]),
            ("", None),
            ("people:read salary:read", [{"salary": 100}]),
        ]:
            body = await door.ask(query, token=ISSUER.sign(scope=scope))
            assert (body["data"] or {}).get("people") == expected


async def test_a_token_can_be_required_of_everybody(tmp_path: Path) -> None:
    async with open_door(
        tmp_path, authentication=authentication(tmp_path), authorization={"require_authentication": True}
    ) as door:
        response = await door.client.post("/graphql", json={"query": "{ __typename }"})
        assert (response.status_code, code_of(response.json())) == (401, "UNAUTHENTICATED")
        assert "data" in await door.ask("{ __typename }", token=ISSUER.sign())
        assert (await door.client.get("/health")).status_code == 200


async def test_subgraphs_learn_who_asks_until_when_and_in_which_trace(tmp_path: Path) -> None:
    key = ed25519_issuer("router")
    (tmp_path / "router.pem").write_bytes(key.pem)
    internal = {"key": str(tmp_path / "router.pem")}
    async with open_door(tmp_path, authentication=authentication(tmp_path), internal_token=internal) as door:
        trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        response = await door.client.post(
            "/graphql",
            json={"query": "{ headers { authorization traceparent deadline } }"},
            headers={"authorization": f"Bearer {ISSUER.sign()}", "traceparent": trace},
        )
        headers = response.json()["data"]["headers"]
        token = headers["authorization"].removeprefix("Bearer ")
        assert jwt.decode(token, key.key.public_key(), ["EdDSA"], audience="notes")["sub"] == "ada"
        assert headers["traceparent"] == trace
        assert 0 < headers["deadline"] <= 30_000
        assert response.headers["x-request-id"] == "0af7651916cd43dd8448eb211c80319c"
        assert (await door.ask("{ headers { authorization } }"))["data"] == {"headers": {"authorization": None}}


async def test_errors_of_subgraphs_are_redacted_unless_they_may_be_shown(tmp_path: Path) -> None:
    async with open_door(tmp_path) as door:
        hidden = await door.ask("{ fails }")
        assert code_of(hidden) == "DOWNSTREAM_SERVICE_ERROR"
        assert (hidden["data"], hidden["errors"][0]["path"]) == ({"fails": None}, ["fails"])
        assert "secret" not in json.dumps(hidden)
        assert "TEAPOT" not in json.dumps(hidden)
    async with open_door(tmp_path, include_subgraph_errors={"subgraphs": {"notes": True}}) as door:
        shown = await door.ask("{ fails }")
        assert (code_of(shown), shown["errors"][0]["message"]) == ("TEAPOT", "a secret of the subgraph")


async def test_a_subgraph_that_cannot_be_reached_costs_only_its_own_fields(tmp_path: Path) -> None:
    async with open_door(tmp_path, override_subgraph_url={"notes": "http://127.0.0.1:1/notes"}) as door:
        body = await door.ask("{ people(first: 1) { name } notes { ... on Memo { id } } }")
        assert body["data"] == {"people": [{"name": "Ada"}], "notes": None}
        assert code_of(body) == "SUBREQUEST_HTTP_ERROR"
        assert "127.0.0.1" not in json.dumps(body)


async def test_the_deadline_of_a_request_ends_its_fetches(tmp_path: Path) -> None:
    async with open_door(tmp_path, traffic_shaping={"router": {"timeout": "100ms"}}) as door:
        door.subgraphs.delay = 1
        body = await asyncio.wait_for(door.ask("{ notes { ... on Memo { id } } }"), 0.8)
        assert body["data"] == {"notes": None}
        door.subgraphs.delay = 0
        assert await door.works()


async def test_mutations_run_once_and_in_order(tmp_path: Path) -> None:
    async with open_door(tmp_path) as door:
        body = await door.ask('mutation { a: write(text: "a") b: write(text: "b") }')
        assert body == {"data": {"a": 1, "b": 2}}
        assert door.subgraphs.written == ["a", "b"]


async def test_a_new_supergraph_is_served_without_a_restart(tmp_path: Path) -> None:
    async with open_door(tmp_path, supergraph={"introspection": True}) as door:
        assert code_of(await door.ask("{ added }")) == "GRAPHQL_VALIDATION_FAILED"
        grown = SUPERGRAPH.replace("fails: Int", "added: Int @join__field(graph: NOTES)\n  fails: Int")
        write_supergraph(door.supergraph, door.url, grown)
        query = '{ __type(name: "Query") { fields { name } } }'
        names = ["people", "person", "notes", "note", "headers", "added", "fails"]
        expected = {"data": {"__type": {"fields": [{"name": name} for name in names]}}}
        await becomes(door, query, lambda body: bool(body == expected))
        assert await door.works()


@pytest.mark.parametrize("broken", ["", "type Query { a: Int }", "not { graphql", SUPERGRAPH[:2500]])
async def test_a_broken_supergraph_leaves_the_last_one(
    tmp_path: Path, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_door(tmp_path) as door:
        door.supergraph.write_text(broken)

        async def refused() -> bool:
            return any(record.message.startswith("supergraph refused") for record in caplog.records)

        await until(refused)
        assert await door.works()
        write_supergraph(door.supergraph, door.url, SUPERGRAPH.replace("fails:", "failed:"))
        await becomes(door, "{ failed }", lambda body: "data" in body)


async def test_requests_under_way_end_with_the_supergraph_they_began_with(tmp_path: Path) -> None:
    async with open_door(tmp_path) as door:
        door.subgraphs.delay = 0.5
        slow = asyncio.create_task(door.ask("{ people(first: 1) { name notes { __typename } } }"))
        await asyncio.sleep(0.1)
        write_supergraph(door.supergraph, door.url, SUPERGRAPH.replace("people(", "persons("))
        await becomes(door, "{ people { __typename } }", lambda body: "data" not in body)
        assert (await slow)["errors"][0]["path"] == ["people", "@", "notes"]


def test_a_supergraph_cannot_name_python_code(tmp_path: Path) -> None:
    text = SUPERGRAPH.replace("http://127.0.0.1:1/notes", "in-process:tests.router.fetch.schemas:PRODUCTS")
    (tmp_path / "supergraph.graphql").write_text(text)
    settings = Configuration(Settings.model_validate({"supergraph": {"file": tmp_path / "supergraph.graphql"}}))
    with pytest.raises(InvalidSupergraph, match="Python code can be named by 'override_subgraph_url' only"):
        create_router_app(settings)


async def test_a_subgraph_can_live_in_the_process_beside_one_that_does_not(tmp_path: Path) -> None:
    here = {"notes": "in-process:tests.router.fetch.schemas:NOTES"}
    async with open_door(tmp_path, override_subgraph_url=here) as door:
        body = await door.ask("{ people(first: 1) { name } notes { ... on Memo { text } } write: __typename }")
        assert body["data"] == {"people": [{"name": "Ada"}], "notes": [{"text": "at home"}], "write": "Query"}
        assert [name for name, _ in door.subgraphs.asked] == ["people"]
        hidden = await door.ask("{ fails }")
        assert code_of(hidden) == "DOWNSTREAM_SERVICE_ERROR"
        assert "secret" not in json.dumps(hidden)


@pytest.mark.parametrize("text", ["", "type Query { a: Int }", "{"])
def test_without_a_usable_supergraph_there_is_no_router(tmp_path: Path, text: str) -> None:
    (tmp_path / "supergraph.graphql").write_text(text)
    with pytest.raises(InvalidSupergraph):
        create_router_app(
            Configuration(Settings.model_validate({"supergraph": {"file": tmp_path / "supergraph.graphql"}}))
        )


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"supergraph": {"file": None}}, InvalidSupergraph),
        ({"supergraph": {"file": "/absent.graphql"}}, InvalidSupergraph),
        ({"internal_token": {"key": "/absent.pem"}}, InvalidSigningKey),
        ({"authentication": {"router": {"jwt": {"jwks": [{"url": "/absent.json"}]}}}}, InvalidKeys),
        ({"override_subgraph_url": {"notes": "nowhere"}}, InvalidSupergraph),
        ({"override_subgraph_url": {"note": "http://127.0.0.1/"}}, InvalidSettings),
        ({"override_subgraph_url": {"notes": "in-process:nowhere:schema"}}, InvalidReference),
        ({"override_subgraph_url": {"notes": "in-process:router.errors:did_you_mean"}}, InvalidSupergraph),
        ({"hooks": "nowhere:hooks"}, InvalidReference),
    ],
)
def test_settings_that_cannot_work_stop_the_start(tmp_path: Path, settings: Json, error: type[ValueError]) -> None:
    file = write_supergraph(tmp_path / "supergraph.graphql", "http://127.0.0.1:1")
    with pytest.raises(error):
        create_router_app(Configuration(Settings.model_validate({"supergraph": {"file": file}, **settings})))


@pytest.mark.parametrize(
    ("is_allowed", "header", "is_shown"),
    [(True, "true", True), (True, "false", False), (False, "true", False)],
)
async def test_the_plan_comes_with_the_answer_to_whom_may_see_it(
    tmp_path: Path, is_allowed: bool, header: str, is_shown: bool
) -> None:
    async with open_door(tmp_path, supergraph={"expose_query_plan": is_allowed}) as door:
        headers = {"fedra-expose-query-plan": header}
        query = {"query": "{ people { name email } }"}
        body = (await door.client.post("/graphql", json=query, headers=headers)).json()
        assert body["data"]["people"][0] == {"name": "Ada", "email": None}
        fetch = {
            "kind": "Fetch",
            "serviceName": "people",
            "variableUsages": [],
            "operation": "{people{name}}",
            "operationKind": "query",
        }
        plan = {"text": "Fetch people { people { name } }", "object": {"kind": "QueryPlan", "node": fetch}}
        assert body.get("extensions") == ({"fedraQueryPlan": plan} if is_shown else None)


async def until_logged(caplog: pytest.LogCaptureFixture, message: str) -> str:
    """Wait for a log; the reason that it gives."""

    async def logged() -> bool:
        return any(record.getMessage() == message for record in caplog.records)

    await until(logged)
    (reason, *_) = [vars(record).get("reason", "") for record in caplog.records if record.getMessage() == message]
    return str(reason)


async def test_a_new_configuration_is_served_without_a_restart(tmp_path: Path) -> None:
    async with open_door(tmp_path, "limits: {max_depth: 1}") as door:
        assert code_of(await door.ask("{ people { name } }")) == "MAX_DEPTH_LIMIT"
        door.configuration.write_text("limits: {max_depth: 2}")
        await becomes(door, "{ people { name } }", lambda body: "data" in body)
        door.configuration.write_text("supergraph: {path: /api}")

        async def moved() -> bool:
            return (await door.client.post("/api", json={"query": "{ __typename }"})).status_code == 200

        await until(moved)
        assert (await door.client.post("/graphql", json={"query": "{ __typename }"})).status_code == 404


async def test_a_configuration_that_cannot_work_leaves_the_last_one_and_is_logged_with_all_its_mistakes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_door(tmp_path, "limits: {max_depth: 2}") as door:
        door.configuration.write_text("limits: {max_depth: 0, max_dept: 1}")
        reason = await until_logged(caplog, "configuration refused, the last one stays")
        assert "limits.max_depth" in reason
        assert "limits.max_dept" in reason
        assert await door.works()
        door.configuration.write_text("limits: {max_depth: 1}")
        await becomes(door, "{ people { name } }", lambda body: "errors" in body)


async def test_a_new_supergraph_is_served_though_the_configuration_is_broken(tmp_path: Path) -> None:
    async with open_door(tmp_path, "limits: {max_depth: 2}") as door:
        door.configuration.write_text("limits: {max_depth: 0}")
        write_supergraph(door.supergraph, door.url, SUPERGRAPH.replace("fails:", "failed:"))
        await becomes(door, "{ failed }", lambda body: "data" in body)


async def test_a_configuration_and_a_supergraph_that_need_each_other_are_served_together(tmp_path: Path) -> None:
    async with open_door(tmp_path, "{}") as door:
        door.configuration.write_text(f"override_subgraph_url: {{memos: {door.url}/notes}}")
        await asyncio.sleep(0.3)
        assert await door.works()
        write_supergraph(door.supergraph, door.url, SUPERGRAPH.replace('name: "notes"', 'name: "memos"'))
        await becomes(door, "{ notes { ... on Memo { text } } }", lambda body: "errors" not in body)
        assert door.subgraphs.asked[-1][0] == "notes"


async def test_what_the_command_line_says_goes_over_a_new_configuration(tmp_path: Path) -> None:
    async with open_door(tmp_path, "{}") as door:
        door.configuration.write_text("{supergraph: {file: /absent.graphql}, limits: {max_depth: 1}}")
        await becomes(door, "{ people { name } }", lambda body: "errors" in body)


async def test_keys_of_issuers_outlive_a_new_configuration(tmp_path: Path) -> None:
    tree = {"authentication": authentication(tmp_path), "limits": {"max_depth": 2}}
    async with open_door(tmp_path, json.dumps(tree)) as door:
        (tmp_path / "jwks.json").write_text("gone")
        door.configuration.write_text(json.dumps({**tree, "limits": {"max_depth": 1}}))
        await becomes(door, "{ people { name } }", lambda body: "errors" in body)
        assert "data" in await door.ask("{ __typename }", token=ISSUER.sign())


async def test_a_change_that_waits_for_a_restart_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with open_door(tmp_path, "{}") as door:
        door.configuration.write_text("supergraph: {listen: '127.0.0.1:1'}")
        await until_logged(caplog, "changed settings wait for a restart")
        (keys,) = [vars(record)["keys"] for record in caplog.records if "wait for a restart" in record.message]
        assert keys == ["supergraph.listen"]
        assert await door.works()


async def test_files_that_values_are_taken_from_are_followed(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("http://127.0.0.1:1\n")
    async with open_door(tmp_path, "override_subgraph_url: {people: '${file.url}/people'}") as door:
        assert not await door.works()
        (tmp_path / "url").write_text(f"{door.url}\n")
        await until(door.works)


async def test_a_new_key_for_internal_tokens_is_followed(tmp_path: Path) -> None:
    old, new = ed25519_issuer("old"), ed25519_issuer("new")
    (tmp_path / "router.pem").write_bytes(old.pem)
    tree = {"authentication": authentication(tmp_path), "internal_token": {"key": str(tmp_path / "router.pem")}}
    async with open_door(tmp_path, **tree) as door:

        async def signed_by_new() -> bool:
            body = await door.ask("{ headers { authorization } }", token=ISSUER.sign())
            token = body["data"]["headers"]["authorization"].removeprefix("Bearer ")
            try:
                jwt.decode(token, new.key.public_key(), ["EdDSA"], audience="notes")
            except jwt.InvalidSignatureError:
                return False
            return True

        assert not await signed_by_new()
        (tmp_path / "router.pem").write_bytes(new.pem)
        await until(signed_by_new)


async def test_nothing_that_stands_in_the_files_ends_the_following(tmp_path: Path) -> None:
    async with open_door(tmp_path, "{}") as door:
        for text in ("[" * 5000, "\x00", "&a [*a]", "? {a: b}\n: c", "%YAML 9.9\n---\n{}", "!!python/name:os.system x"):
            door.configuration.write_text(text)
            await asyncio.sleep(0.2)
            assert await door.works()
        door.configuration.write_text("limits: {max_depth: 1}")
        await becomes(door, "{ people { name } }", lambda body: "errors" in body)
