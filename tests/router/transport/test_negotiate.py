from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.errors import RequestError
from router.transport.negotiate import JSON, RESPONSE_JSON, negotiate


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("application/json; charset=utf-8", JSON),
        ("application/graphql-response+json", RESPONSE_JSON),
        ('Application/GraphQL-Response+JSON; charset="UTF-8"', RESPONSE_JSON),
        ("application/graphql-response+json, application/json", RESPONSE_JSON),
        ("application/json, application/graphql-response+json", RESPONSE_JSON),
        ("application/graphql-response+json;q=0.5, application/json;q=0.9", JSON),
        ("application/graphql-response+json, */*;q=0.1", RESPONSE_JSON),
        ("text/html, application/json;q=0.1", JSON),
        ("text/html, */*;q=0.8", JSON),
    ],
)
def test_the_client_is_answered_in_what_it_prefers(accept: str, expected: str) -> None:
    assert negotiate(accept) == expected


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "application/xml",
        "application/json;q=0",
        "application/json; charset=latin-1",
        "application/json;q=x",
    ],
)
def test_a_client_that_takes_neither_is_not_answered(accept: str) -> None:
    with pytest.raises(RequestError) as caught:
        negotiate(accept)
    assert (caught.value.code, caught.value.status) == ("NOT_ACCEPTABLE", 406)


@given(st.text())
def test_any_header_is_answered_or_refused(accept: str) -> None:
    with suppress(RequestError):
        assert negotiate(accept) in {JSON, RESPONSE_JSON}
