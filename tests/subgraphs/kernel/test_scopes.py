"""A mutation asks for the scopes that its schema names, whoever forgot to ask before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from subgraphs.kernel.embedded import DatabaseUrls
from tests.subgraphs.kernel.kit import serving, settings_for
from tests.subgraphs.kernel.notes import NOTES
from tests.subgraphs.kernel.people import ANN, acting


@pytest.mark.parametrize(
    ("scopes", "code"),
    [
        ({"notes:write"}, None),
        ({"notes:admin", "notes:sign"}, None),
        ({"notes:admin"}, "FORBIDDEN"),
        (set(), "FORBIDDEN"),
    ],
)
async def test_all_scopes_of_one_set_are_needed(
    database_urls: DatabaseUrls, scopes: set[str], code: str | None
) -> None:
    async with serving(NOTES, settings_for(database_urls)) as notes:
        answer = await notes.answer(replace(ANN, scopes=frozenset(scopes)), "mutation { sign }")
    assert [error["extensions"]["code"] for error in answer.get("errors", [])] == ([code] if code else [])


async def test_a_service_needs_none_and_nobody_is_refused(database_urls: DatabaseUrls) -> None:
    async with serving(NOTES, settings_for(database_urls)) as notes:
        assert await notes.data(acting(ANN), "mutation { sign }") == {"sign": "signed"}
        refused = await notes.answer(None, "mutation { sign }")
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["UNAUTHENTICATED"]
