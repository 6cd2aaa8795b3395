"""Cursors and pages."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.kernel.connections import Page, Slice, read_page, slice_rows
from subgraphs.kernel.cursor import Cursors, InvalidCursor, SortKey
from subgraphs.kernel.errors import BadUserInput

CURSORS = Cursors(b"key")
SORT_KEYS = st.one_of(
    st.text(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(timezones=st.just(UTC)),
)


@given(SORT_KEYS, st.uuids())
def test_a_cursor_reads_as_it_was_written(key: SortKey, id: UUID) -> None:
    assert CURSORS.decode("list", CURSORS.encode("list", (key, id))) == (key, id)


@given(st.text())
def test_a_text_that_was_not_signed_is_no_cursor(text: str) -> None:
    with pytest.raises(InvalidCursor):
        CURSORS.decode("list", text)


def test_a_cursor_is_of_one_list_and_one_key() -> None:
    cursor = CURSORS.encode("list", (datetime.now(UTC), UUID(int=1)))
    for cursors, listing in ((CURSORS, "other"), (Cursors(b"other"), "list")):
        with pytest.raises(InvalidCursor):
            cursors.decode(listing, cursor)


def page_of(numbers: range, page: Page) -> Slice[int]:
    """Read as a store does: in reading order, past the start, one row more than asked for."""
    start = None if page.start is None else page.start[0]
    ordered = reversed(numbers) if page.backward else numbers
    behind = page.comparison(descending=False) == "<"
    rows = [n for n in ordered if start is None or (n < float(str(start)) if behind else n > float(str(start)))]
    return slice_rows(CURSORS, "numbers", page, rows[: page.limit + 1], lambda n: (n, UUID(int=n)))


@given(st.integers(0, 30), st.integers(1, 10), st.booleans())
def test_pages_in_either_direction_are_the_list(size: int, limit: int, backward: bool) -> None:
    numbers, seen, cursor = range(size), list[int](), None
    while True:
        arguments = (None, None, limit, cursor) if backward else (limit, cursor, None, None)
        part = page_of(numbers, read_page(CURSORS, "numbers", *arguments))
        seen = [*part.rows, *seen] if backward else [*seen, *part.rows]
        info = part.page_info
        assert (info.has_next_page if backward else info.has_previous_page) == (cursor is not None)
        if not (info.has_previous_page if backward else info.has_next_page):
            break
        cursor = info.start_cursor if backward else info.end_cursor
    assert seen == list(numbers)


@pytest.mark.parametrize(
    "arguments",
    [
        (101, None, None, None),
        (-1, None, None, None),
        (None, None, 101, None),
        (1, None, 1, None),
        (1, "x", None, None),
    ],
)
def test_what_makes_no_page_is_refused(arguments: tuple[int | None, str | None, int | None, str | None]) -> None:
    with pytest.raises(BadUserInput):
        read_page(CURSORS, "numbers", *arguments)


def test_after_goes_with_first_and_before_with_last() -> None:
    cursor = CURSORS.encode("numbers", (1, UUID(int=1)))
    assert read_page(CURSORS, "numbers", None, None, None, cursor).backward
    assert not read_page(CURSORS, "numbers", None, cursor).backward
    for first, after, last, before in ((1, None, None, cursor), (None, cursor, 1, None), (None, cursor, None, cursor)):
        with pytest.raises(BadUserInput):
            read_page(CURSORS, "numbers", first, after, last, before)


@pytest.mark.parametrize(("descending", "backward", "order"), [(True, False, "DESC"), (True, True, "ASC")])
def test_reading_backward_turns_the_order_round(descending: bool, backward: bool, order: str) -> None:
    assert Page(1, backward).order(descending) == order
