"""Composes 50 subgraphs of 100 types: `python -m bench.composition`, CPU time and memory; 1 when beyond the bounds."""

from __future__ import annotations

import resource
import sys
import time

from schema.compose import compose
from schema.subgraph import SubgraphSource

SUBGRAPHS = 50
TYPES = 100
SHARED = 20
"""Entities that other subgraphs extend; the first ones of each subgraph."""
MAX_SECONDS = 5.0
MAX_MEBIBYTES = 300.0
LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",'
    ' import: ["@key", "@shareable", "@external", "@requires"])'
)


def subgraph(number: int) -> SubgraphSource:
    """Entities of its own, fields for those of its neighbours, and value types between them."""
    blocks = [LINK, f"type Query {{ {' '.join(f'list{number}x{i}: [T{number}x{i}!]!' for i in range(SHARED))} }}"]
    own = TYPES - SHARED
    for i in range(own):
        following = (i + 1) % own
        key = ' @key(fields: "id")' if i < SHARED else ""
        blocks.append(
            f"type T{number}x{i}{key} {{ id: ID! name: String count(first: Int = 10): Int next: T{number}x{following} "
            f"kind: Kind{number} }}"
        )
    blocks.append(f"enum Kind{number} {{ A B C }}")
    for i in range(SHARED):
        owner = (number + 1 + i % 3) % SUBGRAPHS
        blocks.append(
            f'type T{owner}x{i} @key(fields: "id") {{ id: ID! name: String @external '
            f'more{number}: String @requires(fields: "name") back{number}: T{number}x0 }}'
        )
    return SubgraphSource(f"s{number:02}", f"http://s{number}", "\n".join(blocks))


def main() -> int:
    """Compose once, and tell."""
    sources = [subgraph(number) for number in range(SUBGRAPHS)]
    before = time.process_time()
    composition = compose(sources)
    seconds = time.process_time() - before
    mebibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{SUBGRAPHS} subgraphs of {TYPES} types: {seconds:.2f} s of CPU, {mebibytes:.0f} MiB\n")
    sys.stdout.writelines(f"{error.render()}\n" for error in composition.errors[:10])
    return int(bool(composition.errors) or seconds > MAX_SECONDS or mebibytes > MAX_MEBIBYTES)


if __name__ == "__main__":
    sys.exit(main())
