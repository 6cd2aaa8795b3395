"""Documents by id, rates and costs, at the door: over real sockets, from a configuration that changes."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from router.request import Json
from tests.router.door import Door, code_of, open_door, until

NAMES = {"data": {"people": [{"name": "Ada"}, {"name": "Alan"}]}}
TEXT = "{ people { name } }"
DIGEST = sha256(TEXT.encode()).hexdigest()
HASHED = {"persistedQuery": {"version": 1, "sha256Hash": DIGEST}}


def write_manifest(file: Path, **documents: str) -> dict[str, Json]:
    file.write_text(json.dumps(documents))
    return {"manifests": [{"file": str(file)}]}


async def get(door: Door, path: str, **parameters: str) -> Json:
    response = await door.client.get(path, params=parameters, headers={"apollo-require-preflight": "true"})
    return response.json()


async def post(door: Door, **body: Json) -> Json:
    return (await door.client.post("/graphql", json=body)).json()


async def test_a_document_is_learnt_and_asked_by_its_hash(tmp_path: Path) -> None:
    async with open_door(tmp_path) as door:
        missing = await door.client.post("/graphql", json={"extensions": HASHED})
        assert missing.status_code == 200
        assert missing.json()["errors"][0]["message"] == "PersistedQueryNotFound"
        assert await post(door, query=TEXT, extensions=HASHED) == NAMES
        assert await post(door, extensions=HASHED) == NAMES
        assert await get(door, "/graphql", extensions=json.dumps(HASHED)) == NAMES


async def test_an_invalid_document_is_not_learnt(tmp_path: Path) -> None:
    text = "{ absent }"
    hashed = {"persistedQuery": {"version": 1, "sha256Hash": sha256(text.encode()).hexdigest()}}
    async with open_door(tmp_path) as door:
        assert code_of(await post(door, query=text, extensions=hashed)) == "GRAPHQL_VALIDATION_FAILED"
        assert code_of(await post(door, extensions=hashed)) == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_registered_document_is_asked_in_every_way(tmp_path: Path) -> None:
    registered = write_manifest(tmp_path / "manifest.json", names=TEXT)
    async with open_door(tmp_path, persisted_queries={"mode": "require_id", **registered}) as door:
        for parameters in ({"documentId": "names"}, {"id": "names"}, {"doc_id": "names"}):
            assert await post(door, **parameters) == NAMES
            assert await get(door, "/graphql", **parameters) == NAMES
        assert await get(door, "/graphql/d/names") == NAMES
        assert (await door.client.post("/graphql/d/names", json={})).json() == NAMES
        assert code_of(await get(door, "/graphql/d/others")) == "PERSISTED_QUERY_NOT_IN_LIST"
        assert code_of(await post(door, query=TEXT)) == "PERSISTED_QUERY_ID_REQUIRED"
        assert (await door.client.get("/health/d/names")).status_code == 404


async def test_a_changed_manifest_is_served_and_a_broken_one_is_not(tmp_path: Path) -> None:
    file = tmp_path / "manifest.json"
    registered = write_manifest(file, names=TEXT)
    async with open_door(tmp_path, persisted_queries={"mode": "safelist", **registered}) as door:
        emails = "{ people { id } }"
        assert await post(door, query=TEXT) == NAMES
        assert code_of(await post(door, query=emails)) == "QUERY_NOT_IN_SAFELIST"
        file.write_text("{ broken")
        write_manifest(file, names=TEXT, ids=emails)

        async def is_served() -> bool:
            return "data" in await post(door, query=emails)

        await until(is_served)
        file.write_text("{ broken")
        assert await post(door, id="names") == NAMES


async def test_callers_behind_a_trusted_proxy_have_accounts_of_their_own(tmp_path: Path) -> None:
    rules = {"trusted_proxies": 1, "rules": [{"by": "ip", "limit": 1, "period": "1h"}]}
    async with open_door(tmp_path, rate_limits=rules) as door:

        async def status(address: str) -> int:
            headers = {"x-forwarded-for": f"forged, {address}"}
            return (await door.client.post("/graphql", json={"query": TEXT}, headers=headers)).status_code

        assert [await status(one) for one in ("1.1.1.1", "1.1.1.1", "2.2.2.2")] == [200, 429, 200]


async def test_an_operation_that_costs_too_much_is_refused(tmp_path: Path) -> None:
    control = {"enabled": True, "mode": "enforce", "strategy": {"static_estimated": {"list_size": 3, "max": 5}}}
    async with open_door(tmp_path, demand_control=control) as door:
        assert await post(door, query=TEXT) == NAMES
        twice = await post(door, query="{ a: people { name } b: people { name } }")
        assert code_of(twice) == "COST_ESTIMATED_TOO_EXPENSIVE"


async def test_a_rate_in_cost_needs_costs(tmp_path: Path) -> None:
    rules = {"rules": [{"by": "ip", "limit": 1, "unit": "cost"}]}
    async with open_door(tmp_path) as door:
        door.configuration.write_text(json.dumps({"rate_limits": rules}))
        assert await post(door, query=TEXT) == NAMES
