"""Filter, reject, dry run: what the client reads, what the log says, what subgraphs learn."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from router.fetch.in_process import InProcessSource
from router.fetch.subgraph_request import SubgraphRequest
from router.hooks import Hooks, policy
from router.pipeline import Router, answer
from router.policies.grants import Grants
from router.policies.ruling import Authorization
from router.request import GraphQLRequest, Identity, Json, RequestContext, Response
from router.settings.identity import Directives
from router.snapshot import Snapshot
from router.telemetry.logs import JsonFormatter
from tests.router.door import PEOPLE, SUPERGRAPH, code_of, open_door

SNAPSHOT = Snapshot.load(SUPERGRAPH)
ADA = Identity("demo", "ada@example.com", scopes=frozenset({"salary:read"}))
QUERY = "query Staff { people { name mail: email } }"
WHOLE = {"people": [{"name": "Ada", "mail": "ada@example.com"}]}
CUT = {"people": [{"name": "Ada", "mail": None}]}
REFUSED = {
    "message": "Unauthorized field or type",
    "path": ["people", "@", "mail"],
    "extensions": {"code": "UNAUTHORIZED_FIELD_OR_TYPE"},
}


class World:
    """A router whose subgraph notes what it is asked, and with what token."""

    def __init__(self, hooks: Hooks | None = None, chance: float = 0.0, **directives: Json) -> None:
        self.asked: list[str] = []
        self.policies: list[frozenset[str]] = []
        settings = Directives.model_validate(directives)
        self.router = Router(
            SNAPSHOT,
            InProcessSource({"people": self._people}, self._mint),
            authorization=Authorization(settings, Grants(hooks), lambda: chance),
        )

    def _mint(self, _subgraph: str, context: RequestContext) -> None:
        if context.identity is not None:
            self.policies.append(context.identity.policies)

    async def _people(self, request: SubgraphRequest) -> Mapping[str, Json]:
        self.asked.append(request.query)
        person = {"name": "Ada", "mail": "ada@example.com", "salary": 100}
        return {"data": {"people": [{name: value for name, value in person.items() if name in request.query}]}}

    async def ask(self, query: str = QUERY, identity: Identity | None = ADA, **headers: str) -> Response:
        context = RequestContext(time.monotonic() + 5, identity, headers)
        return await answer(GraphQLRequest(query), context, self.router)


class Support(Hooks):
    """Grants by a header, to whomever."""

    def __init__(self) -> None:
        self.asked = 0

    @policy("pii.read")
    async def read(self, context: RequestContext, names: frozenset[str]) -> Collection[str]:
        self.asked += 1
        return names if context.headers.get("purpose") == "support" else ()


async def test_what_is_refused_is_null_with_an_error_by_default() -> None:
    world = World()
    assert (await world.ask()).to_json() == {"data": CUT, "errors": [REFUSED]}
    assert "email" not in world.asked[0]


async def test_refusals_can_stand_in_the_extensions() -> None:
    world = World(errors={"response": "extensions"})
    assert (await world.ask()).to_json() == {"data": CUT, "extensions": {"authorizationErrors": [REFUSED]}}


async def test_refusals_can_be_kept_from_the_client() -> None:
    assert (await World(errors={"response": "disabled"}).ask()).to_json() == {"data": CUT}


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("errors", [REFUSED]),
        ("extensions", [{name: REFUSED[name] for name in ("message", "extensions")}]),
        ("disabled", [{name: REFUSED[name] for name in ("message", "extensions")}]),
    ],
)
async def test_an_operation_can_be_refused_whole(where: str, told: Json) -> None:
    world = World(reject_unauthorized=True, errors={"response": where})
    response = await world.ask()
    assert (response.to_json(), response.status, response.json_status) == ({"errors": told}, 403, 200)
    assert world.asked == []
    assert (await world.ask("{ people { name } }")).data == {"people": [{"name": "Ada"}]}


async def test_what_the_variables_leave_out_refuses_nothing() -> None:
    world = World(reject_unauthorized=True)
    query = "query ($all: Boolean = false) { people { name mail: email @include(if: $all) } }"
    assert (await world.ask(query)).to_json() == {"data": {"people": [{"name": "Ada"}]}}


@pytest.mark.parametrize("reject", [True, False])
async def test_a_dry_run_tells_and_refuses_nothing(reject: bool) -> None:
    world = World(dry_run=True, reject_unauthorized=reject)
    assert (await world.ask()).to_json() == {"data": WHOLE, "errors": [REFUSED]}
    silent = World(dry_run=True, reject_unauthorized=reject, errors={"response": "disabled"})
    assert (await silent.ask()).to_json() == {"data": WHOLE}


async def test_directives_can_be_off() -> None:
    assert (await World(enabled=False).ask(identity=None)).to_json() == {"data": WHOLE}


async def test_a_policy_is_asked_once_for_all_its_uses_and_subgraphs_learn_what_it_granted() -> None:
    hooks = Support()
    world = World(hooks)
    query = "{ people { mail: email } a: people { mail: email } b: people { mail: email } }"
    granted = await world.ask(query, purpose="support")
    assert not [error for error in granted.errors if error.code == "UNAUTHORIZED_FIELD_OR_TYPE"]
    assert (hooks.asked, world.policies) == (1, [frozenset({"pii.read"})])
    await world.ask(query)
    assert hooks.asked == 2
    await world.ask("{ people { name } }")
    assert hooks.asked == 2
    await world.ask(query, Identity("demo", "ada", policies=frozenset({"pii.read"})))
    assert hooks.asked == 2


async def test_a_policy_may_be_granted_to_somebody_who_is_nobody() -> None:
    world = World(Support())
    assert (await world.ask(identity=None, purpose="support")).to_json() == {"data": WHOLE}
    assert world.policies == []
    assert (await world.ask(identity=None)).data == CUT


async def test_the_settings_name_the_hooks(tmp_path: Path) -> None:
    async with open_door(tmp_path, hooks="tests.router.policies.rules:hooks") as door:
        body = {"query": "{ people { email } }"}
        granted = await door.client.post("/graphql", json=body, headers={"x-purpose": "support"})
        assert granted.json() == {"data": {"people": [{"email": one["email"]} for one in PEOPLE.values()]}}
        assert code_of((await door.client.post("/graphql", json=body)).json()) == "UNAUTHORIZED_FIELD_OR_TYPE"


def entries(caplog: pytest.LogCaptureFixture) -> list[Json]:
    """What stands in the log, as it is written."""
    formatter = JsonFormatter()
    read = [json.loads(formatter.format(one)) for one in caplog.records if one.name == "router.policies.ruling"]
    return [{name: one[name] for name in one.keys() - {"time", "logger", "trace_id", "pathname"}} for one in read]


async def test_a_refusal_is_logged_without_a_value(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        await World().ask('query Staff { people { name mail: email } person(id: "s3cret") { salary } }')
    (entry,) = entries(caplog)
    scopes = '@requiresScopes(scopes: [["admin"], ["people:read", "salary:read"]])'
    pii = '@policy(policies: [["pii.read"]])'
    assert entry == {
        "level": "INFO",
        "message": "authorization decided",
        "decision": "filtered",
        "operation": "Staff",
        "kind": "query",
        "principal": entry["principal"],
        "demanded": [pii, scopes],
        "refused": [
            {"coordinate": "Person.email", "unmet": [pii]},
            {"coordinate": "Person.salary", "unmet": [scopes]},
        ],
        "refusals": 2,
    }
    assert len(entry["principal"]) == 16
    assert not any(value in json.dumps(entry) for value in ("ada", "example.com", "s3cret", "mail:"))


@pytest.mark.parametrize(
    ("directives", "decision"),
    [({"reject_unauthorized": True}, "rejected"), ({"dry_run": True}, "told"), ({}, "filtered")],
)
async def test_the_log_tells_what_became_of_it(
    directives: Json, decision: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        await World(**directives).ask(identity=None)
    (entry,) = entries(caplog)
    assert (entry["decision"], entry["principal"]) == (decision, None)


async def test_what_is_granted_is_logged_for_who_looks_closer(caplog: pytest.LogCaptureFixture) -> None:
    granted = Identity("demo", "ada", policies=frozenset({"pii.read"}))
    with caplog.at_level(logging.INFO):
        await World().ask(identity=granted)
    assert entries(caplog) == []
    with caplog.at_level(logging.DEBUG):
        await World().ask(identity=granted)
        await World().ask("{ people { name } }", identity=granted)
    (entry,) = entries(caplog)
    assert (entry["level"], entry["decision"], entry["refused"]) == ("DEBUG", "granted", [])


@pytest.mark.parametrize(
    ("errors", "chance", "logged"),
    [({"log": False}, 0.0, 0), ({"log_sampling": 0.1}, 0.05, 1), ({"log_sampling": 0.1}, 0.5, 0), ({}, 0.999, 1)],
)
async def test_decisions_are_sampled(
    errors: Json, chance: float, logged: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        await World(chance=chance, errors=errors).ask()
    assert len(entries(caplog)) == logged
