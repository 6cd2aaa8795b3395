from __future__ import annotations

from dataclasses import replace

from router.fetch.headers import headers_for
from router.headers.rules import Rules
from router.request import Exchange
from router.settings.headers import HeaderSettings
from tests.router.fetch.plans import context

EVERYTHING = Rules(HeaderSettings.model_validate({"all": {"request": [{"propagate": {"matching": ".*"}}]}}))
FORGED = {"authorization": "Bearer forged", "fedra-deadline": "99999999", "x-mine": "1"}


def test_the_router_s_token_and_deadline_go_over_whatever_a_client_sends() -> None:
    headers = headers_for("people", context(5, **FORGED), lambda *_: "minted", EVERYTHING)
    assert (headers["authorization"], headers["x-mine"]) == ("Bearer minted", "1")
    assert 0 < int(headers["fedra-deadline"]) <= 5000


def test_the_router_s_token_and_deadline_go_over_whatever_a_hook_changes() -> None:
    changes = {"authorization": "Bearer forged", "fedra-deadline": None, "x-mine": None, "x-team": "2"}
    asked = replace(context(5, **FORGED), exchange=Exchange(changes))
    headers = headers_for("people", asked, lambda *_: "minted", EVERYTHING)
    assert (headers["authorization"], headers["x-team"]) == ("Bearer minted", "2")
    assert 0 < int(headers["fedra-deadline"]) <= 5000
    assert "x-mine" not in headers


def test_a_client_s_token_goes_on_where_rules_say_so_and_none_is_minted() -> None:
    assert headers_for("people", context(5, **FORGED), None, EVERYTHING)["authorization"] == "Bearer forged"
    assert "authorization" not in headers_for("people", context(5, **FORGED), None)
