"""What is small and would become large: none of it costs more than seconds of CPU, or keeps others waiting."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from router.request import Json
from tests.attacks.besieged import Besieged, besieged

SECONDS = 15.0
"""Of CPU: more than ten times what the dearest takes. Without its bound each took minutes, or all memory."""
MEMORY = 200_000_000


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def router(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Besieged]:
    folder = tmp_path_factory.mktemp("router")
    async with besieged(folder, supergraph={"introspection": True}) as running:
        yield running


def repeated(selection: str, times: int) -> str:
    return "{ things { " + " ".join([selection] * times) + " } }"


LONG = "x" * 1_900_000
DOCUMENTS: dict[str, tuple[str, str]] = {
    "fields to compare with each other": (
        repeated("next { id name }", 2_400),
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "nested fields to compare with each other": (
        repeated("next { next { next { next { id } } } }", 900),
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "fragments to compare with each other": (
        "{ things { "
        + " ".join(f"...F{at}" for at in range(700))
        + " } } "
        + " ".join(f"fragment F{at} on Thing {{ next {{ next {{ id }} }} }}" for at in range(700)),
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "fragments that spread all others": (
        "{ things { ...F0 } } "
        + " ".join(
            f"fragment F{at} on Thing {{ " + " ".join(f"...F{to}" for to in range(80)) + " }" for at in range(80)
        ),
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "fragments that double with fields": (
        "{ things { ...F0 } } "
        + " ".join(
            f"fragment F{at} on Thing {{ a: next {{ ...F{at + 1} }} b: next {{ ...F{at + 1} }} }}" for at in range(28)
        )
        + " fragment F28 on Thing { id }",
        "MAX_HEIGHT_LIMIT",
    ),
    "a chain of a thousand fragments in a circle": (
        "{ things { ...F0 } } "
        + " ".join(f"fragment F{at} on Thing {{ ...F{(at + 1) % 1_000} }}" for at in range(1_000)),
        "MAX_DEPTH_LIMIT",
    ),
    "a long text in a fragment": (
        repeated("...F", 6_000) + f' fragment F on Thing {{ rest(text: "{LONG[:100_000]}") }}',
        "OPERATION_TOO_LARGE",
    ),
    "a long text under many aliases": (
        "{ "
        + " ".join(f"a{at}: thing(by: {{number: {at}}}) {{ ...F }}" for at in range(60))
        + f' }} fragment F on Thing {{ rest(text: "{LONG}") }}',
        "OPERATION_TOO_LARGE",
    ),
    "a long alias": ("{ things { " + LONG + ": name } }", "OPERATION_TOO_LARGE"),
    "a long name": ("query " + LONG + " { things { name } }", "OPERATION_TOO_LARGE"),
    "a long name with many mistakes": (
        f"query {LONG} (" + " ".join(f"$v{at}: Int" for at in range(60)) + ") { known }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "introspection of itself": (
        "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
}


@pytest.mark.parametrize(("query", "code"), DOCUMENTS.values(), ids=DOCUMENTS)
async def test_a_document_that_would_grow_is_refused_and_others_are_answered(
    router: Besieged, query: str, code: str
) -> None:
    with router.cost() as cost:
        async with router.bystander():
            body = await router.ask(query)
    assert {one["extensions"]["code"] for one in body["errors"]} == {code}
    assert len(json.dumps(body)) < 100_000
    assert cost.seconds < SECONDS
    assert cost.memory < MEMORY


MANY = 49_000
VALUES: dict[str, Json] = {
    "names that are not there": {f"k{at}": 1 for at in range(MANY)},
    "items of a wrong type": {"many": ["x"] * MANY},
    "objects in objects": {"many": [{"inner": {"text": 1}}] * (MANY // 3)},
    "one long name": {LONG[:1_000_000]: 1},
    "one long text": {"number": LONG[:1_000_000]},
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
async def test_values_that_are_wrong_in_thousands_of_places_are_told_of_in_few_words(
    router: Besieged, value: Json
) -> None:
    with router.cost() as cost:
        async with router.bystander():
            body = await router.ask("query ($by: By) { thing(by: $by) { id } }", variables={"by": value})
    assert {one["extensions"]["code"] for one in body["errors"]} == {"BAD_USER_INPUT"}
    assert len(json.dumps(body)) < 20_000
    assert cost.seconds < SECONDS


async def test_the_whole_schema_asked_for_many_times_keeps_nobody_waiting(router: Besieged) -> None:
    whole = "types { name fields { name args { name } type { name ofType { name ofType { name } } } } }"
    query = "{ " + " ".join(f"a{at}: __schema {{ {whole} }}" for at in range(60)) + " }"
    with router.cost() as cost:
        async with router.bystander():
            body = await router.ask(query)
    assert len(body["data"]) == 60
    assert cost.seconds < SECONDS


@pytest.mark.parametrize("literal", ["9" * 50, "9" * 5_000, "1e400", "[" * 150 + "]" * 150])
@pytest.mark.parametrize("query", ["{{ any(value: {}) }}", "query ($v: Any = {}) {{ any(value: $v) }}"])
async def test_a_number_that_is_too_large_or_a_list_that_is_too_deep_is_no_fault_of_the_router(
    router: Besieged, query: str, literal: str
) -> None:
    body = await router.ask(query.format(literal))
    codes = {one["extensions"]["code"] for one in body.get("errors", ())}
    assert "INTERNAL_SERVER_ERROR" not in codes
    assert not [line for line in router.logs if "exception" in line]
