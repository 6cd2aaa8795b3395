"""The cheapest set of ways that reaches everything. Source: query-planning, "Choosing the best combination"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from router.planner.items import Item, Leaf
from schema.query_graph.limits import Spend, without_limit
from schema.query_graph.path import Path

MAX_STEPS = 10_000


@dataclass(frozen=True, slots=True)
class Choice:
    """The path that a leaf is reached by."""

    leaf: Leaf
    path: Path


Chosen = tuple[Choice, ...]
Need = object  # a request, as (subgraph, how many before it), or an entry, as (from where, to what)
Needs = frozenset[Need]


def choose(items: Iterable[Item], spend: Spend = without_limit) -> Chosen:
    """Choose a path for each leaf: fewest hops in a row, then fewest requests, then fewest entries, then the earliest.

    How many hops it takes is known of every option by itself; the rest is branch and bound, the cheapest option first.
    After `MAX_STEPS` the best choice so far stands. `spend` is told of each, and may raise to end the search.
    """
    whole = _option(items)
    best = _Search(spend).run(whole.within(whole.depth))
    return tuple(sorted(best, key=lambda choice: choice.leaf.order))


@dataclass(frozen=True, order=True, slots=True)
class _Cost:
    """What is paid once, however many paths begin with it; and how many hops the leaves wait, all together."""

    requests: int = 0
    entries: int = 0
    waits: int = 0

    def __add__(self, other: _Cost) -> _Cost:
        return _Cost(self.requests + other.requests, self.entries + other.entries, self.waits + other.waits)


def _cost(needs: Iterable[Need], waits: int) -> _Cost:
    kinds = [isinstance(one, tuple) and isinstance(one[0], str) for one in needs]
    return _Cost(sum(kinds), len(kinds) - sum(kinds), waits)


@dataclass(frozen=True)
class _Option:
    """One way to decide: the paths it takes, and what is to be decided then."""

    taken: Chosen
    then: tuple[_Decision, ...] = ()

    @cached_property
    def needs(self) -> Needs:
        return frozenset[Need]().union(*(choice.path.entries | choice.path.requests for choice in self.taken))

    @cached_property
    def mentions(self) -> Needs:
        """All that may be needed, whatever is decided then."""
        return self.needs.union(*(option.mentions for decision in self.then for option in decision))

    @cached_property
    def waits(self) -> int:
        return sum(choice.path.depth for choice in self.taken)

    @cached_property
    def depth(self) -> int:
        """How many hops in a row it takes at least."""
        taken = max((choice.path.depth for choice in self.taken), default=0)
        return max(taken, *(min(option.depth for option in decision) for decision in self.then), 0)

    def within(self, depth: int) -> _Option:
        """Leave out what takes more hops in a row."""
        then = (tuple(one.within(depth) for one in decision if one.depth <= depth) for decision in self.then)
        return replace(self, then=tuple(then)) if self.then else self


_Decision = tuple[_Option, ...]


def _option(items: Iterable[Item]) -> _Option:
    """Part what is settled from what is open; leaves whose alternatives cost the same are one decision."""
    fixed: list[Choice] = []
    alike: dict[tuple[object, ...], list[Leaf]] = {}
    choices: list[_Decision] = []
    for item in items:
        if not isinstance(item, Leaf):
            choices.append(tuple(_option(option) for option in item.options))
        elif len(item.alternatives) == 1:
            fixed.append(Choice(item, item.alternatives[0]))
        else:
            alike.setdefault(tuple((one.entries, one.depth) for one in item.alternatives), []).append(item)
    together = sorted((_together(leaves) for leaves in alike.values()), key=len)
    return _Option(tuple(fixed), (*together, *choices))


def _together(leaves: Sequence[Leaf]) -> _Decision:
    return tuple(
        _Option(tuple(Choice(leaf, leaf.alternatives[index]) for leaf in leaves))
        for index in range(len(leaves[0].alternatives))
    )


@dataclass(frozen=True, slots=True)
class _Agenda:
    """What is still to be decided, as a chain; `least` is what all of it costs at least, whatever was decided."""

    decision: _Decision
    rest: _Agenda | None
    least: _Cost


@dataclass(frozen=True, slots=True)
class _Branch:
    """A decision with the options not tried yet, and how much was chosen and needed before it."""

    agenda: _Agenda
    options: Iterator[_Option]
    chosen: int
    needed: int
    cost: _Cost


class _Search:
    """The best choice found so far, the one that is being made, and how many steps it may still take."""

    def __init__(self, spend: Spend) -> None:
        self._spend = spend
        self._steps = MAX_STEPS
        self._best: tuple[_Cost, Chosen] | None = None
        self._chosen: list[Chosen] = []
        self._needed: dict[Need, None] = {}  # in the order in which it came
        self._cost = _Cost()

    def run(self, whole: _Option) -> Chosen:
        """Take the whole apart, decision by decision; return the best choice."""
        self._take(whole)
        branches = self._decided(_agenda(whole))
        while branches:
            branch = branches[-1]
            self._return_to(branch)
            option = next(branch.options, None)
            if option is None or (self._best is not None and self._steps < 0):
                branches.pop()
                continue
            self._take(option)
            branches += self._decided(_follow(option.then, branch.agenda.rest))
        return self._best[1] if self._best else ()

    def _decided(self, agenda: _Agenda | None) -> list[_Branch]:
        """Look at the next decision; where there is none, or nothing to gain, go no further."""
        if self._best is not None and self._cost + (agenda.least if agenda else _Cost()) >= self._best[0]:
            return []
        if agenda is None:
            self._best = self._cost, tuple(choice for taken in self._chosen for choice in taken)
            return []
        for _ in agenda.decision:
            self._spend()
        self._steps -= len(agenda.decision)
        options = self._worth_trying(agenda.decision)
        return [_Branch(agenda, iter(options), len(self._chosen), len(self._needed), self._cost)]

    def _worth_trying(self, decision: _Decision) -> Sequence[_Option]:
        """Put the cheapest option first; where it adds nothing to what is paid, no other one can be better."""
        cheapest, *others = sorted(decision, key=self._price)
        is_best = not cheapest.then and self._price(cheapest) == _Cost(waits=min(one.waits for one in decision))
        return [cheapest] if is_best else [cheapest, *others]

    def _price(self, option: _Option) -> _Cost:
        return _cost((one for one in option.needs if one not in self._needed), option.waits)

    def _take(self, option: _Option) -> None:
        self._cost += self._price(option)
        self._chosen.append(option.taken)
        self._needed |= dict.fromkeys(option.needs)

    def _return_to(self, branch: _Branch) -> None:
        del self._chosen[branch.chosen :]
        while len(self._needed) > branch.needed:
            self._needed.popitem()
        self._cost = branch.cost


def _agenda(whole: _Option) -> _Agenda | None:
    """Put decisions in a row. Each costs at least what neither the whole nor a decision before it may need, too."""
    mentioned = set(whole.needs)
    least: list[_Cost] = []
    for decision in whole.then:
        least.append(
            min(_cost((one for one in option.needs if one not in mentioned), option.waits) for option in decision)
        )
        mentioned.update(*(option.mentions for option in decision))
    agenda: _Agenda | None = None
    for decision, own in zip(reversed(whole.then), reversed(least), strict=True):
        agenda = _Agenda(decision, agenda, agenda.least + own if agenda else own)
    return agenda


def _follow(decisions: Sequence[_Decision], rest: _Agenda | None) -> _Agenda | None:
    """Put what an option leaves to decide before the rest."""
    agenda = rest
    for decision in reversed(decisions):
        least = _Cost(waits=min(option.waits for option in decision))
        agenda = _Agenda(decision, agenda, agenda.least + least if agenda else least)
    return agenda
