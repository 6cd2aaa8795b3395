"""Paging arithmetic of connections over keysets. Source: GraphQL Cursor Connections Specification."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from subgraphs.kernel.cursor import Cursors, Position
from subgraphs.kernel.errors import BadUserInput
from subgraphs.kernel.graphql_types import PageInfo

MAX_PAGE = 100
DEFAULT_PAGE = 20

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page:
    """What part of a list is asked for: `limit` rows from one end, or from a position on (exclusive)."""

    limit: int
    backward: bool = False
    start: Position | None = None

    def order(self, descending: bool) -> str:
        """Say in SQL in which direction rows are read. One row more than `limit` tells whether there are others."""
        return "DESC" if descending != self.backward else "ASC"

    def comparison(self, descending: bool) -> str:
        """Say in SQL how a row that is read compares with `start`."""
        return "<" if descending != self.backward else ">"


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """The rows of one page in the order of the list, each with its cursor."""

    rows: Sequence[Row]
    cursors: Sequence[str]
    page_info: PageInfo


def read_page(  # noqa: PLR0913, PLR0917 - the six facts of a page
    cursors: Cursors,
    listing: str,
    first: int | None,
    after: str | None,
    last: int | None = None,
    before: str | None = None,
) -> Page:
    """Check the paging arguments of a field. Raises: BadUserInput."""
    if first is not None and last is not None:
        raise BadUserInput("Use 'first' or 'last', not both.")
    backward = last is not None or (first is None and before is not None)
    name, limit = ("last", last) if backward else ("first", first)
    if (after if backward else before) is not None:
        raise BadUserInput("Use 'after' with 'first', or 'before' with 'last'.")
    limit = DEFAULT_PAGE if limit is None else limit
    if not 0 <= limit <= MAX_PAGE:
        raise BadUserInput(f"'{name}' must be from 0 to {MAX_PAGE}.")
    cursor = before if backward else after
    return Page(limit, backward, None if cursor is None else cursors.decode(listing, cursor))


def slice_rows(
    cursors: Cursors, listing: str, page: Page, rows: Sequence[Row], position: Callable[[Row], Position]
) -> Slice[Row]:
    """Cut what was read for a page, up to `limit + 1` rows in reading order, to the page."""
    more = len(rows) > page.limit
    kept = list(rows[: page.limit])
    if page.backward:
        kept.reverse()
    texts = [cursors.encode(listing, position(row)) for row in kept]
    info = PageInfo(
        has_next_page=(page.start is not None) if page.backward else more,
        has_previous_page=more if page.backward else (page.start is not None),
        start_cursor=texts[0] if texts else None,
        end_cursor=texts[-1] if texts else None,
    )
    return Slice(kept, texts, info)
