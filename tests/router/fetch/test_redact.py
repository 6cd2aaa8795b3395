"""What of a subgraph's error a client may read."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pydantic import ValidationError

from router.fetch.redact import RedactingSource
from router.fetch.source import Answer, Ask
from router.fetch.subgraph_response import answers_of, refused
from router.request import Json, RequestContext
from router.settings.subgraphs import SubgraphErrors
from tests.router.fetch.plans import context, root_ask

REPORTED = {"message": "secret", "path": ["me"], "extensions": {"code": "TEAPOT", "hint": "h", "stack": "line 1"}}
HIDDEN = {
    "message": "Subgraph errors redacted",
    "path": ["me"],
    "extensions": {"code": "DOWNSTREAM_SERVICE_ERROR"},
}


class Failing:
    """A source whose subgraph reports an error."""

    def __init__(self, reported: Json, status: int = 200) -> None:
        self._reported = reported
        self._extra = () if status == 200 else (refused(status),)

    async def load(self, asks: Sequence[Ask], _context: RequestContext) -> Sequence[Answer]:
        return answers_of(asks, {"data": None, "errors": [self._reported]}, self._extra)


async def shown(settings: Json, reported: Json = REPORTED, status: int = 200) -> list[Json]:
    source = RedactingSource(Failing(reported, status), SubgraphErrors.model_validate(settings).of)
    (answer,) = await source.load([root_ask()], context())
    return [error.to_json() for error in answer.errors]


def extensions(**expected: Json) -> Json:
    return {"message": "secret", "path": ["me"], "extensions": expected}


def redacted(**expected: Json) -> Json:
    return {**extensions(**expected), "message": "Subgraph errors redacted"}


ALLOW = {"redact_message": False, "allow_extensions_keys": ["code"]}
DENY = {"redact_message": False, "deny_extensions_keys": ["stack"]}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, HIDDEN),
        ({"all": False}, HIDDEN),
        ({"all": True}, extensions(code="TEAPOT", hint="h", stack="line 1", service="products")),
        ({"all": True, "subgraphs": {"products": False}}, HIDDEN),
        ({"subgraphs": {"reviews": True}}, HIDDEN),
        ({"all": {}}, HIDDEN),
        ({"all": ALLOW}, extensions(code="TEAPOT")),
        ({"all": {"allow_extensions_keys": ["code", "service"]}}, redacted(code="TEAPOT", service="products")),
        ({"all": DENY}, extensions(code="TEAPOT", hint="h", service="products")),
        ({"all": ALLOW, "subgraphs": {"products": {}}}, extensions(code="TEAPOT")),
        ({"all": ALLOW, "subgraphs": {"products": {"redact_message": True}}}, redacted(code="TEAPOT")),
        (
            {"all": ALLOW, "subgraphs": {"products": {"allow_extensions_keys": ["hint"]}}},
            extensions(code="TEAPOT", hint="h"),
        ),
        (
            {
                "all": ALLOW,
                "subgraphs": {"products": {"allow_extensions_keys": ["hint"], "exclude_global_keys": ["code"]}},
            },
            extensions(code="DOWNSTREAM_SERVICE_ERROR", hint="h"),
        ),
        (
            {"all": DENY, "subgraphs": {"products": {"deny_extensions_keys": ["service"]}}},
            extensions(code="TEAPOT", hint="h"),
        ),
        (
            {"all": DENY, "subgraphs": {"products": {"allow_extensions_keys": ["hint"]}}},
            extensions(code="DOWNSTREAM_SERVICE_ERROR", hint="h"),
        ),
    ],
    ids=str,
)
async def test_an_error_shows_what_the_settings_let_through(settings: Json, expected: Json) -> None:
    assert await shown(settings) == [expected]


async def test_what_the_router_found_out_is_told_and_the_subgraph_named_only_where_it_may_be() -> None:
    http = {"code": "SUBREQUEST_HTTP_ERROR", "http": {"status": 503}}
    assert [one["extensions"] for one in await shown({}, status=503)] == [http, HIDDEN["extensions"]]
    assert (await shown({"all": True}, status=503))[0]["extensions"] == {**http, "service": "products"}


async def test_a_subgraph_cannot_pass_its_error_off_as_the_router_s() -> None:
    forged = {**REPORTED, "extensions": {"code": "SUBREQUEST_HTTP_ERROR", "stack": "line 1"}}
    assert await shown({}, forged) == [HIDDEN]


def test_keys_are_either_allowed_or_denied() -> None:
    with pytest.raises(ValidationError, match="either 'allow_extensions_keys' or 'deny_extensions_keys'"):
        SubgraphErrors.model_validate({"all": {"allow_extensions_keys": [], "deny_extensions_keys": []}})
