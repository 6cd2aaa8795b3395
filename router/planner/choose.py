"""The cheapest set of ways that reaches everything. Source: query-planning, "Choosing the best combination"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from router.planner.walk import Item, Leaf
from schema.query_graph.path import Path

Cost = tuple[int, int, int]

MAX_STEPS = 10_000


def choose(items: Iterable[Item]) -> Chosen:
    """Choose a path for each leaf: fewest hops first, then fewest requests, then what comes earliest.

    Branch and bound, the cheapest option first; after `MAX_STEPS` the best choice so far stands.
    """
    search = _Search()
    fixed, decisions = _expand(items)
    search.run(_Tree().adding(fixed), fixed, decisions)
    return tuple(sorted(search.best, key=lambda choice: choice.leaf.order))


@dataclass(frozen=True, slots=True)
class Choice:
    """The path that a leaf is reached by."""

    leaf: Leaf
    path: Path


Chosen = tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class _Tree:
    """What was chosen so far, by its cost: equal beginnings of paths are paid once."""

    entries: frozenset[object] = frozenset()
    depth: int = 0
    waits: int = 0  # how many hops the leaves wait, all together

    def adding(self, chosen: Chosen) -> _Tree:
        entries, depth, waits = self.entries, self.depth, self.waits
        for path in (choice.path for choice in chosen):
            depth = max(depth, path.depth)
            waits += path.depth
            if not path.entries <= entries:
                entries |= path.entries
        return _Tree(entries, depth, waits)

    @property
    def cost(self) -> Cost:
        return (self.depth, len(self.entries), self.waits)


@dataclass(frozen=True, slots=True)
class _Option:
    """One way to decide: the paths it takes, and what is to be decided then."""

    taken: Chosen
    then: tuple[_Decision, ...] = ()


_Decision = tuple[_Option, ...]


def _expand(items: Iterable[Item]) -> tuple[Chosen, tuple[_Decision, ...]]:
    """Part what is settled from what is open; leaves whose alternatives cost the same are one decision."""
    fixed: list[Choice] = []
    alike: dict[tuple[object, ...], list[Leaf]] = {}
    choices: list[_Decision] = []
    for item in items:
        if not isinstance(item, Leaf):
            choices.append(tuple(_Option(*_expand(option)) for option in item.options))
        elif len(item.alternatives) == 1:
            fixed.append(Choice(item, item.alternatives[0]))
        else:
            alike.setdefault(tuple((one.entries, one.depth) for one in item.alternatives), []).append(item)
    together = sorted((_together(leaves) for leaves in alike.values()), key=len)
    return tuple(fixed), (*together, *choices)


def _together(leaves: Sequence[Leaf]) -> _Decision:
    return tuple(
        _Option(tuple(Choice(leaf, leaf.alternatives[index]) for leaf in leaves))
        for index in range(len(leaves[0].alternatives))
    )


class _Search:
    """The best choice found so far, and how many steps it may still take to find a better one."""

    def __init__(self) -> None:
        self.best: Chosen = ()
        self._cost: Cost | None = None
        self._steps = MAX_STEPS

    def run(self, tree: _Tree, chosen: Chosen, decisions: tuple[_Decision, ...]) -> None:
        if self._cost is not None and (tree.cost >= self._cost or self._steps < 0):
            return
        if not decisions:
            self.best, self._cost = chosen, tree.cost
            return
        first, *rest = decisions
        ways = [(tree.adding(option.taken), option) for option in first]
        self._steps -= len(ways)
        for grown, option in sorted(ways, key=lambda way: way[0].cost):
            self.run(grown, chosen + option.taken, (*option.then, *rest))
