"""Rules for headers: given rules and what came, what goes on."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pydantic import ValidationError

from router.headers.merge import merge
from router.headers.rules import Rules
from router.request import Client, Identity, Json, RequestContext
from router.settings.headers import HeaderSettings

HEADERS = {
    "x-tenant": "t",
    "x-trace": "1",
    "x-secret": "s",
    "host": "router",
    "content-length": "7",
    "connection": "x-tenant",
    "fedra-deadline": "99999999",
    "cookie": "a=b",
}


def sent(*rules: Json, **subgraphs: Json) -> dict[str, str]:
    """What goes to the subgraph `notes`."""
    rules_of = {name: {"request": rule} for name, rule in subgraphs.items()}
    settings = HeaderSettings.model_validate({"all": {"request": rules}, "subgraphs": rules_of})
    context = RequestContext(0, Identity("acme", "ada"), HEADERS, client=Client("web", "1.2"))
    return Rules(settings).to_subgraph("notes", context)


def answered(rules: Sequence[Json], *responses: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What goes to the client after responses of several subgraphs."""
    context = RequestContext(0)
    applied = Rules(HeaderSettings.model_validate({"all": {"response": rules}}))
    for fields in responses:
        applied.collect("notes", fields, context)
    return merge(context.collected)


def named(name: str, **more: str) -> Json:
    return {"propagate": {"named": name, **more}}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], {}),
        ([named("x-tenant")], {"x-tenant": "t"}),
        ([named("X-Tenant")], {"x-tenant": "t"}),
        ([named("x-tenant", rename="x-t")], {"x-t": "t"}),
        ([named("x-absent")], {}),
        ([named("x-absent", default="d")], {"x-absent": "d"}),
        ([named("x-tenant", default="d")], {"x-tenant": "t"}),
        ([named("x-trace", rename="x-tenant"), named("x-tenant")], {"x-tenant": "1"}),
        ([{"propagate": {"matching": "^x-t"}}], {"x-tenant": "t", "x-trace": "1"}),
        ([{"propagate": {"matching": "^x-"}}, {"remove": {"named": "x-secret"}}], {"x-tenant": "t", "x-trace": "1"}),
        ([{"propagate": {"matching": "^x-"}}, {"remove": {"matching": "^x-t"}}], {"x-secret": "s"}),
        ([{"remove": {"named": "x-tenant"}}, named("x-tenant")], {"x-tenant": "t"}),
        ([named("x-tenant"), {"insert": {"name": "x-tenant", "value": "v"}}], {"x-tenant": "v"}),
        ([{"insert": {"name": "x-who", "from_context": "principal"}}], {"x-who": "ada"}),
        ([{"insert": {"name": "x-in", "from_context": "tenant"}}], {"x-in": "acme"}),
        ([{"insert": {"name": "x-c", "from_context": "client_name"}}], {"x-c": "web"}),
        ([{"insert": {"name": "x-v", "from_context": "client_version"}}], {"x-v": "1.2"}),
    ],
    ids=str,
)
def test_rules_say_what_a_subgraph_is_sent(rules: Sequence[Json], expected: dict[str, str]) -> None:
    assert sent(*rules) == expected


def test_what_a_request_says_of_itself_is_never_the_client_s() -> None:
    assert sent({"propagate": {"matching": ".*"}}) == {
        "x-tenant": "t",
        "x-trace": "1",
        "x-secret": "s",
        "cookie": "a=b",
    }


def test_rules_of_one_subgraph_come_after_those_of_all() -> None:
    remove = [{"remove": {"named": "x-tenant"}}]
    assert sent(named("x-tenant"), notes=remove) == {}
    assert sent(named("x-tenant"), people=remove) == {"x-tenant": "t"}


A, B = [("x-a", "1"), ("x-a", "2")], [("x-a", "3")]


@pytest.mark.parametrize(
    ("rules", "responses", "expected"),
    [
        ([], [A], []),
        ([named("x-a")], [A], [("x-a", "1, 2")]),
        ([named("x-a")], [A, B], [("x-a", "3")]),
        ([named("x-a", merge="first")], [A, B], [("x-a", "1, 2")]),
        ([named("x-a", merge="append")], [A, B, B], [("x-a", "1, 2, 3")]),
        ([named("x-a", rename="x-b")], [B], [("x-b", "3")]),
        ([named("x-b", default="d")], [A], [("x-b", "d")]),
        ([{"propagate": {"matching": "^x-"}}], [[*A, ("content-length", "7")]], [("x-a", "1, 2")]),
        ([{"insert": {"name": "x-i", "value": "v"}}], [A, B], [("x-i", "v")]),
        ([named("x-a"), {"remove": {"named": "x-a"}}], [A], []),
        ([named("x-a")], [[("x-a", "bad\x01")]], []),
    ],
    ids=str,
)
def test_rules_say_what_a_client_is_answered(
    rules: Sequence[Json], responses: Sequence[Sequence[tuple[str, str]]], expected: list[tuple[str, str]]
) -> None:
    assert answered(rules, *responses) == expected


def test_nothing_of_the_connection_or_of_sharing_comes_from_a_subgraph() -> None:
    own = ["connection", "transfer-encoding", "content-encoding", "access-control-allow-origin", "x-request-id", "vary"]
    rules = [{"propagate": {"matching": ".*"}}, {"remove": {"named": "cache-control"}}]
    assert answered(rules, [(name, "x") for name in own]) == []


def test_every_cookie_is_set() -> None:
    responses = [[("set-cookie", "a=1, x"), ("set-cookie", "b=2")], [("set-cookie", "c=3"), ("set-cookie", "b=2")]]
    assert answered([named("set-cookie")], *responses) == [
        ("set-cookie", "a=1, x"),
        ("set-cookie", "b=2"),
        ("set-cookie", "c=3"),
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["max-age=60"], "max-age=60"),
        (["public, max-age=60", "max-age=10, public"], "public, max-age=10"),
        (["public, max-age=60", "private, max-age=90"], "private, max-age=60"),
        (["max-age=60", "no-store"], "no-store"),
        (["max-age=60", None], "no-store"),
        (["No-Cache", "max-age=60"], "no-cache, max-age=60"),
        (["max-age=60, s-maxage=600", "max-age=90"], "max-age=60, s-maxage=90"),
        (["max-age=60, stale-if-error=9", "max-age=60"], "max-age=60"),
        (["max-age=60, must-revalidate", "max-age=never"], "must-revalidate, max-age=0"),
        (["public", "private"], "private"),
        (["public", "max-age=1"], "max-age=1"),
        (["public", ""], "no-cache"),
    ],
    ids=str,
)
def test_an_answer_is_kept_no_longer_and_by_no_more_than_its_parts(values: Sequence[str | None], expected: str) -> None:
    responses = [[] if value is None else [("cache-control", value)] for value in values]
    assert answered([named("cache-control")], *responses) == [("cache-control", expected)]


def test_a_response_without_a_lifetime_counts_however_the_header_is_selected() -> None:
    selected = [{"propagate": {"matching": "^cache-"}}]
    assert answered(selected, [("cache-control", "max-age=60")], []) == [("cache-control", "no-store")]


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"propagate": {}},
        {"propagate": {"named": "a", "matching": "b"}},
        {"propagate": {"matching": "("}},
        {"propagate": {"matching": "a", "rename": "b"}},
        {"propagate": {"named": "two words"}},
        {"propagate": {"named": "host"}},
        {"propagate": {"named": "x", "rename": "Fedra-Deadline"}},
        {"insert": {"name": "content-length", "value": "1"}},
        {"insert": {"name": "x"}},
        {"insert": {"name": "x", "value": "a\r\nb"}},
        {"insert": {"name": "x", "value": "1", "from_context": "tenant"}},
        {"insert": {"name": "x", "from_context": "password"}},
        {"propagate": {"named": "x"}, "remove": {"named": "x"}},
    ],
    ids=str,
)
def test_rules_that_cannot_be_meant_are_refused(rule: Json) -> None:
    with pytest.raises(ValidationError):
        HeaderSettings.model_validate({"all": {"request": [rule]}})


@pytest.mark.parametrize("name", ["content-length", "access-control-allow-origin", "Transfer-Encoding"])
def test_rules_for_answers_leave_the_router_s_own_alone(name: str) -> None:
    with pytest.raises(ValidationError, match="is the router's own"):
        HeaderSettings.model_validate({"all": {"response": [named(name)]}})
