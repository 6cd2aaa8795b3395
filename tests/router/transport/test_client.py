"""Which program asks, by its own account; and headers that cross the router."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.request import Client, Json
from router.settings.http import ClientIdentity
from router.transport.client import named_by_headers, named_by_library
from tests.router.door import open_door

QUERY: Json = {"query": "{ people { name } }"}


@pytest.mark.parametrize(
    ("headers", "client"),
    [
        ({}, Client()),
        ({"apollographql-client-name": "web", "apollographql-client-version": "1.2"}, Client("web", "1.2")),
        ({"graphql-client-name": "ios"}, Client("ios")),
        ({"graphql-client-name": "b", "apollographql-client-name": "a"}, Client("a")),
        ({"apollographql-client-name": "x" * 128}, Client("x" * 128)),
        ({"apollographql-client-name": "x" * 129}, Client()),
        ({"apollographql-client-name": "bad\x01"}, Client()),
        ({"apollographql-client-name": "caf\xe9"}, Client()),
    ],
    ids=str,
)
def test_headers_name_the_client(headers: dict[str, str], client: Client) -> None:
    assert named_by_headers(headers, ClientIdentity()) == client


@pytest.mark.parametrize(
    ("extensions", "client"),
    [
        ({"clientLibrary": {"name": "@apollo/client", "version": "4.3.8"}}, Client("@apollo/client", "4.3.8")),
        ({"clientLibrary": {"name": 7}}, Client()),
        ({"clientLibrary": {"name": "a\r\nb: c"}}, Client()),
        ({"clientLibrary": "x"}, Client()),
        ([], Client()),
    ],
    ids=str,
)
def test_a_library_names_it_otherwise(extensions: Json, client: Client) -> None:
    assert named_by_library(extensions) == client


async def test_rules_take_the_client_and_its_headers_to_subgraphs_and_theirs_back(tmp_path: Path) -> None:
    rules = {
        "all": {
            "request": [
                {"propagate": {"matching": "^x-"}},
                {"propagate": {"named": "authorization"}},
                {"insert": {"name": "x-client", "from_context": "client_name"}},
            ],
            "response": [
                {"propagate": {"named": "set-cookie"}},
                {"propagate": {"named": "cache-control"}},
                {"propagate": {"matching": ".*"}},
            ],
        },
        "subgraphs": {"people": {"request": [{"remove": {"named": "x-secret"}}]}},
    }
    async with open_door(tmp_path, headers=rules, client_identity={"name_headers": ["X-Program"]}) as door:
        door.subgraphs.headers = [
            ("set-cookie", "a=1"),
            ("set-cookie", "b=2"),
            ("cache-control", "public, max-age=60"),
            ("x-served-by", "people"),
        ]
        sent = {"x-program": "web", "x-a": "1", "x-secret": "s", "authorization": "Bearer c", "fedra-deadline": "9"}
        response = await door.client.post("/graphql", json=QUERY, headers=sent)
        (heard,) = door.subgraphs.heard
        assert {name: heard.get(name) for name in ("x-a", "x-client", "x-secret", "authorization")} == {
            "x-a": "1",
            "x-client": "web",
            "x-secret": None,
            "authorization": "Bearer c",
        }
        assert int(heard["fedra-deadline"]) > 9
        assert heard["content-type"] == "application/json"
        assert response.headers.get_list("set-cookie") == ["a=1", "b=2"]
        assert response.headers["cache-control"] == "public, max-age=60"
        assert response.headers["x-served-by"] == "people"
        assert response.headers.get_list("content-type") == ["application/json; charset=utf-8"]
        assert len(response.headers.get_list("content-length")) == len(response.headers.get_list("date")) == 1


async def test_a_library_is_the_client_where_no_header_says_more(tmp_path: Path) -> None:
    rules = {"all": {"request": [{"insert": {"name": "x-client", "from_context": "client_name"}}]}}
    async with open_door(tmp_path, headers=rules, batching={"enabled": True}) as door:
        named = {**QUERY, "extensions": {"clientLibrary": {"name": "@apollo/client", "version": "4"}}}
        for body, headers in (named, {}), ([named], {}), (named, {"graphql-client-name": "web"}), (QUERY, {}):
            await door.client.post("/graphql", json=body, headers=headers)
        assert [one.get("x-client") for one in door.subgraphs.heard] == [
            "@apollo/client",
            "@apollo/client",
            "web",
            None,
        ]
