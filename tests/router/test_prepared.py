from __future__ import annotations

import asyncio
import threading
import time

import pytest
from graphql import get_introspection_query, parse
from hypothesis import given
from hypothesis import strategies as st

from router.errors import ClientError, DocumentError, NotPreparedInTime, UnknownOperation
from router.planning import Basis, OnThread, Planner
from router.prepared import Facts, PreparedDocuments, choose_operation, off_loop, prepare
from router.settings import Limits
from schema.supergraph import Supergraph
from tests.router.door import SUPERGRAPH

FACTS = Facts.of(Supergraph.parse(SUPERGRAPH))
PLANNING = OnThread(Planner(Basis(SUPERGRAPH)))
LIMITS = Limits()


async def test_an_operation_is_prepared_once() -> None:
    documents = PreparedDocuments(PLANNING.prepare)
    text = "{ people { name } }"
    first, second = await asyncio.gather(documents.get(text, None), documents.get(text, None))
    assert first is second
    assert await documents.get(text, None) is first


async def test_operations_of_one_document_are_prepared_apart() -> None:
    documents = PreparedDocuments(PLANNING.prepare)
    text = "query A { people { name } } query B { note { id } }"
    prepared = [await documents.get(text, name) for name in ("A", "B")]
    assert [one.operation.name for one in prepared] == ["A", "B"]


async def test_only_the_most_recently_used_are_kept() -> None:
    documents = PreparedDocuments(PLANNING.prepare, capacity=2)
    texts = [f"{{ people {{ {name} }} }}" for name in ("id", "name", "email")]
    first, *_ = [await documents.get(text, None) for text in texts]
    assert await documents.get(texts[0], None) is not first


def test_the_size_of_what_is_prepared_is_told_with_its_text_and_all_its_fields() -> None:
    small = prepare("{ people { name } }", None, FACTS, LIMITS).size
    long = prepare("{ people { name } } # " + "x" * 100_000, None, FACTS, LIMITS).size
    wide = prepare("{ people {" + " ".join(f"n{at}: name" for at in range(100)) + "} }", None, FACTS, LIMITS).size
    assert long - small > 100_000
    assert wide - small > 99 * 250


async def test_what_is_kept_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("router.prepared.CACHED_BYTES", 1_000_000)
    documents = PreparedDocuments(PLANNING.prepare)
    texts = [f"{{ people {{ name }} }} # {at} {'x' * 400_000}" for at in range(3)]
    first, _, last = [await documents.get(text, None) for text in texts]
    assert await documents.get(texts[2], None) is last
    assert await documents.get(texts[0], None) is not first


async def test_what_waits_behind_others_waits_no_longer_than_its_request_may_take() -> None:
    documents = PreparedDocuments(PLANNING.prepare)
    let_go = threading.Event()
    others = asyncio.ensure_future(off_loop(let_go.wait))
    try:
        with pytest.raises(NotPreparedInTime) as caught:
            await documents.get("{ people { name } }", None, time.monotonic() + 0.05)
    finally:
        let_go.set()
        await others
    assert (caught.value.status, caught.value.headers) == (503, (("retry-after", "1"),))


async def test_nothing_is_prepared_for_those_who_have_left(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared: list[str] = []
    monkeypatch.setattr("router.planning.prepare", lambda text, *_: prepared.append(text))
    documents = PreparedDocuments(PLANNING.prepare)
    let_go = threading.Event()
    others = asyncio.ensure_future(off_loop(let_go.wait))
    callers = [asyncio.ensure_future(documents.get(f"{{ a{at} }}", None)) for at in range(100)]
    await asyncio.sleep(0.01)
    for caller in callers:
        caller.cancel()
    await asyncio.wait(callers)
    let_go.set()
    await others
    await off_loop(int)
    assert prepared == []


async def test_a_document_at_fault_is_not_kept() -> None:
    documents = PreparedDocuments(PLANNING.prepare)
    for _ in range(2):
        with pytest.raises(DocumentError):
            await documents.get("{ absent }", None)


async def test_the_work_is_done_off_the_event_loop() -> None:
    threads = {await off_loop(threading.get_ident) for _ in range(3)}
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_the_introspection_of_tools_is_within_the_limits() -> None:
    query = get_introspection_query(specified_by_url=True, input_value_deprecation=True)
    assert prepare(query, None, FACTS, LIMITS).introspects


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        (
            "query A { a } query B { a }",
            None,
            "The document contains several operations: 'operationName' must name one of them.",
        ),
        ("fragment F on T { a }", None, "The document contains no operation."),
        ("query Peeple { a }", "People", "Unknown operation 'People'. Did you mean 'Peeple'?"),
        ("{ a }", "", "Unknown operation ''."),
    ],
)
def test_an_operation_that_is_not_there(text: str, name: str | None, message: str) -> None:
    with pytest.raises(UnknownOperation) as caught:
        choose_operation(parse(text), name)
    assert str(caught.value) == message


_SIGNS = ["{", "}", "(", ")", "[", "]", ":", "...", "=", "!", "@include", "1", '"1"']
_NAMES = ["on", "query", "mutation", "fragment", "F", "people", "person", "name", "note", "id", "text", "Memo", "if"]
_WORDS = st.sampled_from(_SIGNS + _NAMES)


@given(st.one_of(st.text(max_size=50), st.lists(_WORDS, max_size=25).map(" ".join)))
def test_whatever_the_text_it_is_prepared_or_refused(text: str) -> None:
    try:
        prepare(text, None, FACTS, LIMITS)
    except ClientError as error:
        assert error.status == 400  # noqa: PT017  # either outcome is right


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("query " + "x" * 100_000 + "(" + " ".join(f"$v{at}: Int" for at in range(60)) + ") { __typename }", None),
        ("{ " + "x" * 100_000 + " }", None),
        ("query A { __typename }", "x" * 100_000),
    ],
    ids=["a name, with each mistake", "a field", "an operation that is not there"],
)
def test_mistakes_quote_no_more_than_a_few_words(text: str, name: str | None) -> None:
    with pytest.raises(ClientError) as caught:
        prepare(text, name, FACTS, LIMITS)
    assert all(len(error.message) < 600 for error in caught.value.to_errors())
    assert len(str(caught.value)) < 60_000
