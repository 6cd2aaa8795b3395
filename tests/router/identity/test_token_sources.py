from __future__ import annotations

import pytest

from router.errors import AuthError
from router.identity.token_sources import find_token, sources_of
from router.request import Json
from router.settings import Jwt


def find(headers: dict[str, str], **given: Json) -> str | None:
    settings = Jwt.model_validate({"jwks": [], **given})
    return find_token(headers, sources_of(settings), ignore_other_prefixes=settings.ignore_other_prefixes)


COOKIE = {"sources": [{"type": "cookie", "name": "session"}]}
OTHERS = {"sources": [{"type": "header", "name": "X-Token", "value_prefix": ""}, *COOKIE["sources"]]}


@pytest.mark.parametrize(
    ("given", "headers", "token"),
    [
        ({}, {}, None),
        ({}, {"authorization": "Bearer one"}, "one"),
        ({}, {"authorization": "bEARER   one "}, "one"),
        ({"header_name": "X-Auth"}, {"x-auth": "Bearer one", "authorization": "Bearer other"}, "one"),
        ({"header_value_prefix": "Token"}, {"authorization": "Token one"}, "one"),
        ({"header_value_prefix": ""}, {"authorization": "one"}, "one"),
        (COOKIE, {"cookie": "a=b; session=one; sessions=two"}, "one"),
        (COOKIE, {"cookie": 'session="one"; session=other'}, "one"),
        (COOKIE, {"cookie": "session; session=; other=session=one"}, None),
        (COOKIE, {"cookie": "session=one", "authorization": "Bearer two"}, "two"),
        (OTHERS, {"cookie": "session=one", "x-token": "two"}, "two"),
        (OTHERS, {"cookie": "session=one"}, "one"),
        ({"ignore_other_prefixes": True}, {"authorization": "Basic YTpi"}, None),
        ({"ignore_other_prefixes": True, **COOKIE}, {"authorization": "Basic YTpi", "cookie": "session=one"}, "one"),
    ],
)
def test_the_first_token_counts(given: Json, headers: dict[str, str], token: str | None) -> None:
    assert find(headers, **given) == token


@pytest.mark.parametrize(
    ("given", "value", "message"),
    [
        ({}, "Basic YTpi", "The header 'Authorization' must be 'Bearer' and a token."),
        ({"ignore_other_prefixes": True}, "Bearer ", "The header 'Authorization' must be 'Bearer' and a token."),
        ({"header_value_prefix": "Token"}, "one", "The header 'Authorization' must be 'Token' and a token."),
    ],
)
def test_a_header_in_another_form_is_refused_with_the_way_to_ask(given: Json, value: str, message: str) -> None:
    with pytest.raises(AuthError, match=message) as caught:
        find({"authorization": value}, **given)
    assert dict(caught.value.headers) == {"www-authenticate": 'Bearer realm="graphql"'}
