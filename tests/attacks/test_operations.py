"""Hostile operations: each costs little, is refused with a code, reaches no subgraph, and harms nobody else."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from router.request import Json
from tests.router.door import Door, code_of, open_door

CPU_SECONDS = 3.0
"""Of client, router and subgraphs, which are one process here: many times what any of these takes on a slow machine."""

LIMITS: Json = {"max_depth": 20, "max_aliases": 30, "max_directives": 50, "max_root_fields": 20}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    async with open_door(tmp_path_factory.mktemp("door"), limits=LIMITS, batching={"enabled": True}) as opened:
        yield opened


def spreading(levels: int) -> str:
    """Fragments of which each spreads the next one twice: 2 to the power of levels, if somebody writes them out."""
    parts = [f"fragment F{at} on Query {{ ...F{at + 1} ...F{at + 1} }}" for at in range(levels)]
    return f"{{ ...F0 }} {' '.join(parts)} fragment F{levels} on Query {{ people {{ name }} }}"


def overlapping(fields: int) -> str:
    """One response name again and again, each with arguments of its own."""
    return "{ " + " ".join(f"people(first: {at}) {{ name }}" for at in range(fields)) + " }"


OPERATIONS: dict[str, tuple[str, str]] = {
    "aliases": ("{ " + " ".join(f"a{at}: people {{ name }}" for at in range(2_000)) + " }", "MAX_ALIASES_LIMIT"),
    "aliases in a fragment": (
        "{ ...F } fragment F on Query { " + " ".join(f"a{at}: __typename" for at in range(100)) + " }",
        "MAX_ALIASES_LIMIT",
    ),
    "depth": ("{ people " + "{ notes " * 60 + "{ id }" + " }" * 60 + " }", "MAX_DEPTH_LIMIT"),
    "depth without fields": ("{ " + "... { " * 220 + "__typename" + " }" * 220 + " }", "GRAPHQL_PARSE_FAILED"),
    "nesting beyond any parser": ("{ a " * 7_000, "GRAPHQL_PARSE_FAILED"),
    "fragments that double": (spreading(100), "MAX_HEIGHT_LIMIT"),
    "a circle of fragments": (
        "{ ...A } fragment A on Query { ...B people { name } } fragment B on Query { ...A }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "directives": ("{ people " + "@include(if: true) " * 200 + "{ name } }", "MAX_DIRECTIVES_LIMIT"),
    "unknown directives": (
        "{ people " + " ".join(f"@x{at}" for at in range(40)) + " { name } }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "root fields": ("{ " + "people { name } " * 40 + "}", "MAX_ROOT_FIELDS_LIMIT"),
    "fields that overlap": (overlapping(20), "GRAPHQL_VALIDATION_FAILED"),
    "introspection": (
        "{ __schema " + "{ types { fields { type { ofType { name } } } } }" + " }",
        "INTROSPECTION_DISABLED",
    ),
    "tokens": ("{ " + "people { name } " * 20_000 + "}", "MAX_TOKENS_LIMIT"),
    "comments": ("{ people { name } }\n" + "#\n" * 100_000, "MAX_TOKENS_LIMIT"),
    "variables nobody uses": (
        "query (" + " ".join(f"$v{at}: Int" for at in range(1_000)) + ") { people { name } }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "a number beyond measure": ("{ people(first: 1" + "0" * 5_000 + ") { name } }", "GRAPHQL_VALIDATION_FAILED"),
    "a huge string": ('{ person(id: "' + "x" * 500_000 + '") { absent } }', "GRAPHQL_VALIDATION_FAILED"),
    "a null byte": ("{ people { na\0me } }", "GRAPHQL_PARSE_FAILED"),
}


async def ask(door: Door, query: str, **parameters: Json) -> tuple[Json, float]:
    """Post an operation; its answer, and the CPU seconds it took of everybody."""
    began = time.process_time()
    body = await door.ask(query, **parameters)
    return body, time.process_time() - began


@pytest.mark.parametrize(("query", "code"), OPERATIONS.values(), ids=OPERATIONS)
async def test_a_hostile_operation_is_refused_at_little_cost(door: Door, query: str, code: str) -> None:
    door.subgraphs.heard.clear()
    body, seconds = await ask(door, query)
    assert "data" not in body
    assert {one["extensions"]["code"] for one in body["errors"]} == {code}
    assert len(json.dumps(body)) < 50_000
    assert seconds < CPU_SECONDS
    assert not door.subgraphs.heard
    assert await door.works()


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"first": 10**40}, "BAD_USER_INPUT"),
        ({"first": "1" * 100_000}, "BAD_USER_INPUT"),
        ({"first": [[[1] * 30] * 60] * 60}, "MAX_VARIABLE_VALUES_LIMIT"),
        ({"first": 1, **{f"v{at}": {} for at in range(60_000)}}, "MAX_VARIABLE_VALUES_LIMIT"),
    ],
    ids=["a huge integer", "a long text", "a hundred thousand values", "thousands of names"],
)
async def test_hostile_variables_are_refused_at_little_cost(door: Door, variables: Json, code: str) -> None:
    body, seconds = await ask(door, "query ($first: Int!) { people(first: $first) { name } }", variables=variables)
    assert code_of(body) == code
    assert len(json.dumps(body)) < 2_000
    assert seconds < CPU_SECONDS
    assert await door.works()


async def post(door: Door, content: bytes) -> Json:
    response = await door.client.post("/graphql", content=content, headers={"content-type": "application/json"})
    return response.json()


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"query": ' + b'{"a":' * 50_000,
        b'{"query": "{ people { name } }", "variables": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"query": "\xff"}',
        b'{"query": "\\ud800"}',
        b'{"query": 1e400}',
        b"NaN",
        b"\x00",
        b"",
    ],
    ids=[
        "lists",
        "objects",
        "deep variables",
        "no UTF-8",
        "half a character",
        "no number",
        "NaN",
        "a null byte",
        "nothing",
    ],
)
async def test_a_body_that_is_no_request_is_a_bad_request(door: Door, content: bytes) -> None:
    began = time.process_time()
    assert code_of(await post(door, content)) in {"BAD_REQUEST", "GRAPHQL_PARSE_FAILED", "BATCH_LIMIT_EXCEEDED"}
    assert time.process_time() - began < CPU_SECONDS
    assert await door.works()


async def test_a_batch_is_no_way_around_a_limit(door: Door) -> None:
    body = await post(door, json.dumps([{"query": "{ people { name } }"}] * 5_000).encode())
    assert code_of(body) == "BATCH_LIMIT_EXCEEDED"
    assert await door.works()


async def test_a_name_given_twice_has_one_meaning(door: Door) -> None:
    assert await post(door, b'{"query": "{ absent }", "query": "{ people { name } }"}') == {
        "data": {"people": [{"name": "Ada"}, {"name": "Alan"}]}
    }
