"""Bad input: each an error with a stable code, and nothing else changes."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from router.request import Json
from tests.router.door import Door, code_of, open_door
from tests.router.identity.tokens import Issuer, ed25519_issuer, rsa_issuer, write_jwks

ISSUER = ed25519_issuer()
LIMITS = {
    "max_body_bytes": 20_000,
    "max_tokens": 1_000,
    "max_depth": 5,
    "max_height": 50,
    "max_aliases": 4,
    "max_root_fields": 10,
    "max_directives": 3,
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    folder = tmp_path_factory.mktemp("door")
    jwks = write_jwks(folder / "jwks.json", ISSUER, rsa_issuer())
    jwt = {"jwks": [{"url": str(jwks), "issuers": ["https://issuer"], "audiences": ["router"]}]}
    async with open_door(folder, limits=LIMITS, authentication={"router": {"jwt": jwt}}) as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class Bad:
    """A request that is at fault: the code it gets, and the status of either media type."""

    name: str
    query: str
    code: str
    parameters: dict[str, Json] = field(default_factory=dict)
    status: int = 400

    def __str__(self) -> str:
        return self.name


PERSON = "query ($id: ID!) { person(id: $id) { name } }"
MANY = "query ($first: Int!) { people(first: $first) { name } }"

OPERATIONS = (
    Bad("nothing", "", "GRAPHQL_PARSE_FAILED"),
    Bad("not closed", "{ people { name }", "GRAPHQL_PARSE_FAILED"),
    Bad("not GraphQL", "SELECT name FROM people", "GRAPHQL_PARSE_FAILED"),
    Bad("a NUL", "{ people\x00 }", "GRAPHQL_PARSE_FAILED"),
    Bad("an empty selection set", "{ people { } }", "GRAPHQL_PARSE_FAILED"),
    Bad("nested beyond parsing", "{ a" * 2_000 + " }" * 2_000, "GRAPHQL_PARSE_FAILED"),
    Bad("no such field", "{ people { nme } }", "GRAPHQL_VALIDATION_FAILED"),
    Bad("a leaf without its fields", "{ people }", "GRAPHQL_VALIDATION_FAILED"),
    Bad("no such argument", "{ people(last: 2) { name } }", "GRAPHQL_VALIDATION_FAILED"),
    Bad("a wrong literal", '{ people(first: "two") { name } }', "GRAPHQL_VALIDATION_FAILED"),
    Bad("an unknown fragment", "{ ...Absent }", "GRAPHQL_VALIDATION_FAILED"),
    Bad("a cycle of fragments", "{ ...F } fragment F on Query { ...F }", "GRAPHQL_VALIDATION_FAILED"),
    Bad("a definition of a type", "{ people { name } } type T { a: Int }", "GRAPHQL_VALIDATION_FAILED"),
    Bad("a hidden root", "{ _entities(representations: []) { __typename } }", "GRAPHQL_VALIDATION_FAILED"),
    Bad("no operation", "fragment F on Query { __typename }", "OPERATION_RESOLUTION_FAILURE"),
    Bad(
        "an unknown operation",
        "query Peple { __typename }",
        "OPERATION_RESOLUTION_FAILURE",
        {"operationName": "People"},
    ),
    Bad("an unnamed operation", "{ __typename }", "OPERATION_RESOLUTION_FAILURE", {"operationName": "People"}),
    Bad("which operation", "query A { __typename } query B { __typename }", "OPERATION_RESOLUTION_FAILURE"),
    Bad("a variable left out", PERSON, "BAD_USER_INPUT"),
    Bad("a variable that is null", PERSON, "BAD_USER_INPUT", {"variables": {"id": None}}),
    Bad("a variable of a wrong type", MANY, "BAD_USER_INPUT", {"variables": {"first": "two"}}),
    Bad("a variable out of range", MANY, "BAD_USER_INPUT", {"variables": {"first": 2**40}}),
    Bad("too many tokens", "{ " + "people { name } " * 400 + "}", "MAX_TOKENS_LIMIT"),
    Bad("too deep", "{ a { b { c { d { e { f } } } } } }", "MAX_DEPTH_LIMIT"),
    Bad("too many fields", "{ people {" + " name" * 51 + " } }", "MAX_HEIGHT_LIMIT"),
    Bad("too many aliases", "{ people { a: id b: id c: id d: id e: id } }", "MAX_ALIASES_LIMIT"),
    Bad("too many root fields", "{" + " __typename" * 11 + " }", "MAX_ROOT_FIELDS_LIMIT"),
    Bad("too many directives", "{ __typename" + " @include(if: true)" * 4 + " }", "MAX_DIRECTIVES_LIMIT"),
    Bad("a subscription", "subscription { written }", "SUBSCRIPTION_NOT_SUPPORTED"),
    Bad("introspection", "{ __schema { types { name } } }", "INTROSPECTION_DISABLED"),
    Bad(
        "introspection in a fragment",
        '{ ...F } fragment F on Query { t: __type(name: "Person") { name } }',
        "INTROSPECTION_DISABLED",
    ),
)


@pytest.mark.parametrize("bad", OPERATIONS, ids=str)
async def test_an_operation_at_fault_never_reaches_a_subgraph(door: Door, bad: Bad) -> None:
    asked = len(door.subgraphs.asked)
    for accept, status in [("application/json", 200), ("application/graphql-response+json", bad.status)]:
        body = {"query": bad.query, **bad.parameters}
        response = await door.client.post("/graphql", json=body, headers={"accept": accept})
        assert response.status_code == status
        assert response.headers["content-type"].startswith(accept)
        errors = response.json()["errors"]
        assert {error["extensions"]["code"] for error in errors} == {bad.code}
        assert "data" not in response.json()
    assert len(door.subgraphs.asked) == asked
    assert await door.works()


async def test_every_mistake_of_a_document_is_told_with_its_place(door: Door) -> None:
    body = await door.ask("{\n  people { nme }\n  persn { id }\n}")
    assert [(error["message"], error["locations"]) for error in body["errors"]] == [
        ("Cannot query field 'nme' on type 'Person'. Did you mean 'name'?", [{"line": 2, "column": 12}]),
        ("Cannot query field 'persn' on type 'Query'. Did you mean 'person'?", [{"line": 3, "column": 3}]),
    ]


async def test_an_unknown_operation_comes_with_a_suggestion(door: Door) -> None:
    body = await door.ask("query People { __typename }", operationName="Peple")
    assert body["errors"][0]["message"] == "Unknown operation 'Peple'. Did you mean 'People'?"


async def test_the_type_of_the_root_may_always_be_asked(door: Door) -> None:
    assert await door.ask("{ __typename }") == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("padding", [19_000, 21_000, 5_000_000])
@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_beyond_the_limit_is_refused_however_it_comes(
    door: Door, padding: int, *, announced: bool
) -> None:
    body = b'{"query": "{ __typename }", "extensions": {"padding": "' + b"x" * padding + b'"}}'

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 10_000):
            yield body[start : start + 10_000]

    headers = {"content-type": "application/json"}
    response = await door.client.post("/graphql", content=body if announced else chunks(), headers=headers)
    if padding < LIMITS["max_body_bytes"]:
        assert response.json() == {"data": {"__typename": "Query"}}
    else:
        assert (response.status_code, code_of(response.json())) == (413, "PAYLOAD_TOO_LARGE")
    assert await door.works()


GOOD: dict[str, Json] = {"aud": "router", "scope": "admin"}
FORGER = Issuer(ed25519_issuer("forger").key, ISSUER.kid)
TOKENS: dict[str, tuple[Callable[[], str], str]] = {
    "expired": (lambda: ISSUER.sign(**{**GOOD, "exp": time.time() - 60}), "The token has expired."),
    "forged": (lambda: FORGER.sign(**GOOD), "The token has a bad signature."),
    "of an unknown key": (lambda: ed25519_issuer("unknown").sign(**GOOD), "The token is signed with an unknown key."),
    "for another audience": (lambda: ISSUER.sign(aud="other"), "The token is for another audience."),
    "of another issuer": (
        lambda: ISSUER.sign(aud="router", iss="https://other"),
        "The token is from an issuer that is not trusted.",
    ),
    "unsigned": (
        lambda: "eyJhbGciOiJub25lIiwia2lkIjoib25lIn0.eyJzdWIiOiJhZGEifQ.",
        "The token is signed with an unknown key.",
    ),
    "no token at all": (lambda: "nonsense", "The token is malformed."),
}


@pytest.mark.parametrize(("token", "reason"), TOKENS.values(), ids=TOKENS)
@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_a_token_at_fault_is_refused_before_anything_is_asked(
    door: Door, token: Callable[[], str], reason: str, accept: str
) -> None:
    asked = len(door.subgraphs.asked)
    headers = {"authorization": f"Bearer {token()}", "accept": accept}
    response = await door.client.post("/graphql", json={"query": "{ people { name } }"}, headers=headers)
    assert response.status_code == 401
    expected = f'Bearer realm="graphql", error="invalid_token", error_description="{reason}"'
    assert response.headers["www-authenticate"] == expected
    assert response.json() == {"errors": [{"message": reason, "extensions": {"code": "UNAUTHENTICATED"}}]}
    assert len(door.subgraphs.asked) == asked
    assert await door.works()
    assert await door.ask("{ people(first: 1) { salary } }", token=ISSUER.sign(**GOOD)) == {
        "data": {"people": [{"salary": 100}]}
    }
