"""A program that writes into an index for ever, and says how far it is: it waits to be killed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from uuid import UUID

from subgraphs.kernel.identity import InternalToken
from subgraphs.search.records import EmbeddingSpace
from subgraphs.search.vectors import DOCUMENT, Entry, VectorIndex

SPACE = EmbeddingSpace("killed", 2)
OWNER = InternalToken("acme", UUID(int=1))
BATCH = 25


def entries(start: int) -> Sequence[Entry]:
    """Make one batch. Each entry has a word of its own."""
    return [
        Entry(str(UUID(int=n)), "acme", str(OWNER.principal), "", [], DOCUMENT, "s", f"word{n} here", [1.0, n / 1e6])
        for n in range(start, start + BATCH)
    ]


async def main(path: str) -> None:
    async with VectorIndex.open(path) as index:
        written = 0
        while True:
            await index.upsert(SPACE, entries(written))
            if written:  # what is written again is replaced, not added
                await index.upsert(SPACE, entries(0))
            written += BATCH
            sys.stdout.write(f"{written}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
