"""Which document a request means, in each mode."""

from __future__ import annotations

import logging
from hashlib import sha256

import pytest

from router.errors import RouterError
from router.persisted.documents import Documents
from router.persisted.learnt import LearntInProcess
from router.persisted.manifest import RegisteredDocument
from router.persisted.registered import RegisteredDocuments
from router.request import GraphQLRequest
from router.settings import Apq, PersistedMode

PEOPLE = "query People { people { id } }"
NOTES = "query Notes { notes { id } }"
REGISTERED = RegisteredDocuments([RegisteredDocument("p", PEOPLE), RegisteredDocument("n", NOTES, "web")])


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def by_hash(text: str, *, sent: bool = False) -> GraphQLRequest:
    return GraphQLRequest(text if sent else None, document_id=digest(text), sha256_hash=digest(text))


def documents(mode: PersistedMode = PersistedMode.OFF, apq: Apq | None = None) -> Documents:
    return Documents(mode, REGISTERED, LearntInProcess(apq or Apq()))


async def code_of(store: Documents, request: GraphQLRequest, client: str | None = None) -> str:
    with pytest.raises(RouterError) as caught:
        await store.resolve(request, client)
    return caught.value.code


async def test_a_text_is_taken_as_it_came() -> None:
    assert (await documents().resolve(GraphQLRequest("{ a }"), None)).text == "{ a }"


@pytest.mark.parametrize("mode", PersistedMode)
async def test_a_registered_document_is_found_by_its_id_in_every_mode(mode: PersistedMode) -> None:
    assert (await documents(mode).resolve(GraphQLRequest(None, document_id="p"), None)).text == PEOPLE


async def test_a_document_belongs_to_its_client() -> None:
    request = GraphQLRequest(None, document_id="n")
    assert (await documents().resolve(request, "web")).text == NOTES
    assert await code_of(documents(), request, "ios") == "PERSISTED_QUERY_NOT_IN_LIST"


async def test_an_id_and_another_text_are_refused() -> None:
    assert await code_of(documents(), GraphQLRequest("{ a }", document_id="p")) == "BAD_REQUEST"


async def test_a_request_without_a_document_is_refused() -> None:
    assert await code_of(documents(), GraphQLRequest(None)) == "BAD_REQUEST"


async def test_a_text_is_learnt_once_it_is_known_to_be_valid() -> None:
    store = documents()
    assert await code_of(store, by_hash("{ a }")) == "PERSISTED_QUERY_NOT_FOUND"
    source = await store.resolve(by_hash("{ a }", sent=True), None)
    assert await code_of(store, by_hash("{ a }")) == "PERSISTED_QUERY_NOT_FOUND"
    await store.learn(source)
    assert (await store.resolve(by_hash("{ a }"), None)).text == "{ a }"


async def test_a_text_is_not_learnt_under_a_false_hash() -> None:
    request = GraphQLRequest("{ b }", document_id=digest("{ a }"), sha256_hash=digest("{ a }"))
    assert await code_of(documents(), request) == "PERSISTED_QUERY_HASH_MISMATCH"


async def test_without_apq_a_client_is_told_to_send_texts() -> None:
    assert await code_of(Documents(), by_hash("{ a }")) == "PERSISTED_QUERY_NOT_SUPPORTED"
    assert (await Documents().resolve(by_hash("{ a }", sent=True), None)).text == "{ a }"


async def test_what_is_learnt_is_bounded_in_number_and_in_bytes() -> None:
    few = LearntInProcess(Apq(max_documents=2))
    for text in ("{ a }", "{ b }", "{ c }"):
        await few.learn(digest(text), text)
    assert [await few.find(digest(text)) for text in ("{ a }", "{ b }", "{ c }")] == [None, "{ b }", "{ c }"]
    small = LearntInProcess(Apq(max_bytes=600))
    for text in ("{ a }", "{ b }", "{ c }", "{ " + "d " * 1_000 + "}"):
        await small.learn(digest(text), text)
    assert [await small.find(digest(text)) for text in ("{ a }", "{ b }", "{ c }")] == [None, "{ b }", "{ c }"]


async def test_a_safelist_lets_in_what_is_registered_whatever_its_layout() -> None:
    store = documents(PersistedMode.SAFELIST)
    relaid = "# of the start page\nquery   People {\n people { id, } }"
    assert (await store.resolve(GraphQLRequest(relaid), None)).text == relaid
    assert await code_of(store, GraphQLRequest("query People { people { id name } }")) == "QUERY_NOT_IN_SAFELIST"
    assert await code_of(store, GraphQLRequest(NOTES), "ios") == "QUERY_NOT_IN_SAFELIST"
    assert await code_of(store, GraphQLRequest("{ not graphql")) == "QUERY_NOT_IN_SAFELIST"


async def test_a_safelist_learns_only_what_it_lets_in() -> None:
    store = documents(PersistedMode.SAFELIST)
    assert await code_of(store, by_hash("{ a }", sent=True)) == "QUERY_NOT_IN_SAFELIST"
    await store.learn(await store.resolve(by_hash(PEOPLE, sent=True), None))
    assert (await store.resolve(by_hash(PEOPLE), None)).text == PEOPLE


async def test_an_audit_tells_once_of_each_document_that_is_not_registered(caplog: pytest.LogCaptureFixture) -> None:
    store = documents(PersistedMode.AUDIT)
    with caplog.at_level(logging.WARNING):
        for text in (PEOPLE, "{ a }", "{  a }"):
            assert (await store.resolve(GraphQLRequest(text), "web")).text == text
    assert [record.message for record in caplog.records] == ["a document is not registered"]
    assert not any("{ a }" in str(vars(record)) for record in caplog.records)


async def test_where_ids_are_required_no_text_is_served() -> None:
    store = documents(PersistedMode.REQUIRE_ID)
    assert await code_of(store, GraphQLRequest(PEOPLE)) == "PERSISTED_QUERY_ID_REQUIRED"
    assert await code_of(store, by_hash(PEOPLE, sent=True)) == "PERSISTED_QUERY_NOT_IN_LIST"
    assert await code_of(store, GraphQLRequest("{ other }", document_id="p")) == "BAD_REQUEST"
