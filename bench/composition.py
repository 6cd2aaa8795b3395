"""What composition costs: `python -m bench.composition`; 1 when it is beyond a bound, or what it composes does not.

Units: CPU time; memory is the most that was resident.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from tempfile import TemporaryDirectory

from schema.compose import compose
from schema.subgraph import SubgraphSource

SUBGRAPHS = 50
TYPES = 100
SHARED = 20
"""Entities that other subgraphs extend; the first ones of each subgraph."""
MAX_SECONDS = 5.0
MAX_MEBIBYTES = 300.0
OWN_GRAPH = "deploy/registry/supergraph.yaml"
MAX_OWN_SECONDS = 1.0
WIDTH = 40
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


def compose_many() -> bool:
    """Compose the large graph in this process; tell whether that stays within the bounds."""
    sources = [subgraph(number) for number in range(SUBGRAPHS)]
    before = time.process_time()
    composition = compose(sources)
    seconds = time.process_time() - before
    mebibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.writelines(f"{error.render()}\n" for error in composition.errors[:10])
    sys.stdout.write(f"{SUBGRAPHS} subgraphs of {TYPES} types\n")
    is_fast = _bar("CPU time", seconds, MAX_SECONDS, "s")
    is_small = _bar("memory", mebibytes, MAX_MEBIBYTES, "MiB")
    return is_fast and is_small and not composition.errors


def compose_own() -> bool:
    """Run `fedra compose` on the project's own graph, as CI and pre-commit do."""
    with TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "fedra", "compose", "--config", OWN_GRAPH, "--output", f"{folder}/supergraph"]
        is_composed = subprocess.run(command, check=False).returncode == 0  # noqa: S603  our own command
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    sys.stdout.write(f"fedra compose --config {OWN_GRAPH}, imports included\n")
    return _bar("CPU time", seconds, MAX_OWN_SECONDS, "s") and is_composed


def _bar(what: str, used: float, bound: float, unit: str) -> bool:
    """Draw how much of a bound is used."""
    filled = min(WIDTH, round(WIDTH * used / bound))
    bar = "#" * filled + "." * (WIDTH - filled)
    sys.stdout.write(f"  {what:<8} [{bar}] {used:.2f} of {bound:g} {unit}\n")
    return used <= bound


def main() -> int:
    """Measure both, and tell."""
    return int(not all([compose_many(), compose_own()]))


if __name__ == "__main__":
    sys.exit(main())
