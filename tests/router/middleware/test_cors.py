"""Which foreign pages may ask, and read what."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from router.request import Json
from router.settings.browsers import Cors
from tests.router.door import Door, open_door

CORS: Json = {
    "origins": ["https://app"],
    "match_origins": ["https://[a-z]+\\.preview"],
    "allow_credentials": True,
    "expose_headers": ["x-request-id", "x-more"],
    "max_age": "1h",
    "policies": [
        {
            "origins": ["https://partner"],
            "allow_credentials": False,
            "allow_headers": ["content-type"],
            "methods": ["POST"],
            "max_age": "5m",
        },
        {"match_origins": ["https://.*\\.open"], "allow_headers": []},
    ],
}
PREFIX = "access-control-"


def words(headers: Mapping[str, str]) -> dict[str, str]:
    """What an answer says of sharing."""
    return {name.removeprefix(PREFIX): value for name, value in headers.items() if name.startswith(PREFIX)}


async def preflight(door: Door, origin: str, method: str = "POST", *headers: str) -> httpx.Response:
    asked = {"origin": origin, f"{PREFIX}request-method": method}
    if headers:
        asked[f"{PREFIX}request-headers"] = ", ".join(headers)
    return await door.client.options("/graphql", headers=asked)


async def ask(door: Door, origin: str | None) -> httpx.Response:
    headers = {"origin": origin} if origin else {}
    return await door.client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)


async def test_an_origin_is_told_its_own_name(tmp_path: Path) -> None:
    async with open_door(tmp_path, cors=CORS) as door:
        for origin in ("https://app", "https://blue.preview"):
            allowed = await preflight(door, origin, "POST", "content-type", "authorization")
            assert allowed.status_code == 200
            assert {**words(allowed.headers), "allow-headers": ""} == {
                "allow-origin": origin,
                "allow-credentials": "true",
                "allow-methods": "GET, POST",
                "allow-headers": "",
                "max-age": "3600",
            }
            answer = await ask(door, origin)
            assert "data" in answer.json()
            assert words(answer.headers) == {
                "allow-origin": origin,
                "allow-credentials": "true",
                "expose-headers": "x-request-id, x-more",
            }
            assert "origin" in answer.headers["vary"].lower()


@pytest.mark.parametrize(
    "origin",
    ["https://other", "https://app.evil", "http://app", "https://blue.preview.evil", "https://BLUE.preview", "null"],
)
async def test_another_origin_hears_no_word_of_sharing(tmp_path: Path, origin: str) -> None:
    async with open_door(tmp_path, cors=CORS) as door:
        for response in (await preflight(door, origin), await ask(door, origin)):
            assert words(response.headers) == {}
            assert "origin" in response.headers["vary"].lower()


async def test_a_policy_goes_over_what_holds_for_all(tmp_path: Path) -> None:
    async with open_door(tmp_path, cors=CORS) as door:
        allowed = words((await preflight(door, "https://partner", "POST", "content-type")).headers)
        assert "authorization" not in allowed.pop("allow-headers").lower()
        assert allowed == {"allow-origin": "https://partner", "allow-methods": "POST", "max-age": "300"}
        assert (await preflight(door, "https://partner", "GET")).status_code == 400
        assert (await preflight(door, "https://partner", "POST", "authorization")).status_code == 400
        assert words((await ask(door, "https://partner")).headers) == {
            "allow-origin": "https://partner",
            "expose-headers": "x-request-id, x-more",
        }
        anything = await preflight(door, "https://x.open", "POST", "x-anything")
        assert words(anything.headers)["allow-headers"] == "x-anything"


async def test_an_error_can_be_read_too(tmp_path: Path) -> None:
    async with open_door(tmp_path, cors=CORS) as door:
        response = await door.client.post("/graphql", content=b"{", headers={"origin": "https://app"})
        assert response.status_code == 400
        assert words(response.headers)["allow-origin"] == "https://app"


async def test_everybody_may_be_let_in_without_credentials(tmp_path: Path) -> None:
    async with open_door(tmp_path, cors={"allow_any_origin": True}) as door:
        for response in (await preflight(door, "https://any"), await ask(door, "https://any")):
            assert words(response.headers)["allow-origin"] == "*"
            assert "allow-credentials" not in words(response.headers)


async def test_scripts_may_read_when_to_ask_again(tmp_path: Path) -> None:
    rates = {"rules": [{"limit": 1, "period": "1h"}]}
    async with open_door(tmp_path, cors={"origins": ["https://app"]}, rate_limits=rates) as door:
        await ask(door, "https://app")
        refused = await ask(door, "https://app")
        assert refused.status_code == 429
        told = {"retry-after", "ratelimit", "ratelimit-policy", "x-request-id"}
        assert told <= refused.headers.keys()
        assert told <= set(words(refused.headers)["expose-headers"].split(", "))


async def test_a_private_network_is_not_opened(tmp_path: Path) -> None:
    async with open_door(tmp_path, cors=CORS) as door:
        headers = {
            "origin": "https://app",
            f"{PREFIX}request-method": "POST",
            f"{PREFIX}request-private-network": "true",
        }
        response = await door.client.options("/graphql", headers=headers)
        assert response.status_code == 400
        assert "allow-private-network" not in words(response.headers)


@pytest.mark.parametrize(
    "settings",
    [
        {"allow_any_origin": True, "allow_credentials": True},
        {"allow_any_origin": True, "policies": [{"origins": ["https://a"]}], "allow_credentials": True},
        {"origins": ["*"]},
        {"origins": ["https://app/"]},
        {"origins": ["app.example.com"]},
        {"match_origins": ["("]},
        {"policies": [{"origins": ["*"]}]},
    ],
    ids=str,
)
def test_settings_that_would_open_too_much_or_nothing_are_refused(settings: Json) -> None:
    with pytest.raises(ValidationError):
        Cors.model_validate(settings)
