"""Descriptions: the most frequent one wins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Protocol

from schema.compose.merge.context import Merge


class Described(Protocol):
    """Something with a description."""

    @property
    def description(self) -> str | None: ...


def merge_description(merge: Merge, what: str, sources: Mapping[str, Described]) -> str | None:
    """Choose the description most subgraphs give, the first of them on a tie; "" only if there is no other."""
    given = [one.description for one in sources.values() if one.description is not None]
    texts = Counter(text for text in given if text)
    if not texts:
        return given[0] if given else None
    if len(texts) > 1:
        merge.report.hint(
            "INCONSISTENT_DESCRIPTION", f"{what} has inconsistent descriptions across subgraphs.", merge.locate(sources)
        )
    return texts.most_common(1)[0][0]
