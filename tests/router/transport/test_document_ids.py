"""Clients name documents in several places; the first that holds an id decides."""

from __future__ import annotations

import pytest

from router.errors import RequestError
from router.request import Json
from router.transport.document_ids import DocumentIds, read_document_ids

HASHED: Json = {"persistedQuery": {"version": 1, "sha256Hash": "h"}}


@pytest.mark.parametrize(
    ("given", "path_id", "ids"),
    [
        ({}, None, DocumentIds()),
        ({"documentId": "d", "extensions": HASHED, "id": "i"}, "p", DocumentIds("d", "h")),
        ({"extensions": HASHED, "id": "i"}, "p", DocumentIds("h", "h")),
        ({"doc_id": "o", "id": "i"}, "p", DocumentIds("i")),
        ({"doc_id": "o"}, "p", DocumentIds("o")),
        ({"id": "", "documentId": None}, "p", DocumentIds("p")),
        ({"extensions": {"other": 1}}, None, DocumentIds()),
    ],
)
def test_the_first_place_that_holds_an_id_decides(
    given: dict[str, Json], path_id: str | None, ids: DocumentIds
) -> None:
    assert read_document_ids(given, ("id", "doc_id"), path_id) == ids


@pytest.mark.parametrize(
    ("given", "mistake"),
    [
        ({"documentId": 3}, "The parameter 'documentId' must be a string."),
        ({"id": ["a"]}, "The parameter 'id' must be a string."),
        ({"extensions": {"persistedQuery": "h"}}, "'extensions.persistedQuery' must be an object of version 1."),
        (
            {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "h"}}},
            "'extensions.persistedQuery' must be an object of version 1.",
        ),
        (
            {"extensions": {"persistedQuery": {"version": 1}}},
            "'extensions.persistedQuery' must have a 'sha256Hash', a string.",
        ),
    ],
)
def test_what_is_no_id_is_told(given: dict[str, Json], mistake: str) -> None:
    with pytest.raises(RequestError) as caught:
        read_document_ids(given, ("id", "doc_id"))
    assert str(caught.value) == mistake
