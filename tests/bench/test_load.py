"""The clients of `make bench` take no wrong answer."""

from __future__ import annotations

import pytest

from bench.load import Job, Load
from bench.workloads import TOKEN

BODY = f'{{"query": "{{ a(id: \\"{TOKEN}\\") {{ id n }} }}"}}'
EXPECTED = {"a": {"id": TOKEN, "n": 1}}


def load() -> Load:
    return Load(Job("127.0.0.1", 1, "/graphql", "token", BODY, EXPECTED, connections=1, seconds=1, first=7))


def test_no_two_requests_are_alike_where_a_token_stands_in_the_body() -> None:
    under_test = load()
    (one, first), (other, second) = under_test.request(), under_test.request()
    assert (first, second) == (b"zq_00000007", b"zq_00000008")
    assert one.replace(first, second) == other


@pytest.mark.parametrize(
    "raw", [b'{"data":{"a":{"id":"zq_00000007","n":1}}}', b'{"data":{"a":{"n":1,"id":"zq_00000007"}}}']
)
def test_the_expected_data_in_any_order_is_right(raw: bytes) -> None:
    under_test = load()
    for _ in range(2):
        under_test.check(200, raw, b"zq_00000007")
    assert under_test.wrong is None


@pytest.mark.parametrize(
    ("status", "raw"),
    [
        (200, b'{"data":{"a":{"id":"zq_00000008","n":1}}}'),
        (200, b'{"data":{"a":{"id":"zq_00000007","n":2}}}'),
        (200, b'{"data":{"a":{"id":"zq_00000007","n":1}},"errors":[{"message":"late"}]}'),
        (500, b'{"data":{"a":{"id":"zq_00000007","n":1}}}'),
        (200, b"no JSON"),
    ],
    ids=["of another request", "another value", "with errors", "another status", "not JSON"],
)
def test_any_other_answer_is_wrong(status: int, raw: bytes) -> None:
    under_test = load()
    under_test.check(status, raw, b"zq_00000007")
    assert under_test.wrong is not None
