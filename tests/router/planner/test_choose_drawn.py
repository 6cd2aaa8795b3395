"""Small federations nobody wrote: no other choice of ways is cheaper."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from router.operation.normalize import normalize
from router.planner.assemble import assemble
from router.planner.budget import Budget
from router.planner.choose import Choice, Chosen, choose
from router.planner.emit import emit
from router.planner.items import Item, Leaf
from router.planner.model import QueryPlan
from router.planner.names import Names
from router.planner.optimize import PASSES
from router.planner.represent import Represent
from router.planner.walk import Walk
from router.planner.waves import waves
from schema.query_graph.advance import Advance
from tests.drawn.campaign import new_seed
from tests.router.planner.planner import Planner, federation, operation_of

FEDERATIONS = 15
OPERATIONS = 4  # of each
MOST = 300  # sets of ways to compare
SUBGRAPHS = ("a", "b", "c", "d")
TYPES = ("A", "B", "V")  # two entities and a value type
FIELDS = ("f0", "f1", "f2", "toA", "toB", "toV")

Places = dict[tuple[str, str], list[str]]  # type and field → the subgraphs that resolve it


def draw_places(rng: random.Random) -> Places:
    """Let each field be resolved by one to three subgraphs; a value type is one, the same wherever it is."""
    places = {(one, name): rng.sample(SUBGRAPHS, rng.randint(1, 3)) for one in ("Query", "A", "B") for name in FIELDS}
    return {**places, **{("V", name): list(SUBGRAPHS) for name in FIELDS}}


def sdl(places: Places, subgraph: str, rng: random.Random) -> str:
    """Write one subgraph; in which order it stands is drawn."""
    declared = [_type(places, one, subgraph, rng) for one in ("Query", *TYPES)]
    rng.shuffle(declared)
    return " ".join(declared)


def _type(places: Places, name: str, subgraph: str, rng: random.Random) -> str:
    fields = [_field(one) for one in FIELDS if subgraph in places[name, one]]
    rng.shuffle(fields)
    if name in ("A", "B"):
        return f'type {name} @key(fields: "id") {{ id: ID! {" ".join(fields)} }}'
    return f"type {name} {{ {' '.join(fields)} }}" if fields else ""


def _field(field: str) -> str:
    return f"{field}: {field[-1] if field.startswith('to') else 'Int'} @shareable"


def draw_operation(rng: random.Random, depth: int = 3) -> str:
    leaves = [one for one in FIELDS if not one.startswith("to")]
    chosen = rng.sample(leaves if depth == 0 else FIELDS, 2)
    return f"{{ {' '.join(one if one in leaves else f'{one} {draw_operation(rng, depth - 1)}' for one in chosen)} }}"


class Choices:
    """Every set of ways for one operation, and the plan that each would make."""

    def __init__(self, planner: Planner, source: str) -> None:
        self._planner = planner
        self._operation = normalize(*operation_of(source), planner.supergraph.api_schema)
        self._names = Names(self._operation)
        self._advance = Advance(planner.graph, naming=self._names)

    def sets(self) -> tuple[list[Item], list[Chosen]]:
        """List what is to be chosen, and every way to; none where they are too many."""
        walk = Walk(self._planner.supergraph, self._advance)
        items = walk.selections("Query", self._operation.selections, self._advance.roots("Query"))
        found = list(itertools.islice(_sets(items), MOST + 1))
        return items, found if len(found) <= MOST else []

    def plan(self, chosen: Chosen) -> QueryPlan:
        represent = Represent(self._planner.supergraph, self._names)
        ordered = tuple(sorted(chosen, key=lambda choice: choice.leaf.order))
        budget = Budget(timeout=timedelta(hours=1))
        graph = assemble(ordered, self._planner.supergraph, self._planner.graph, represent, budget)
        for optimize in PASSES:
            graph = optimize(graph)
        return emit(graph, self._operation)


def _sets(items: Sequence[Item]) -> Iterator[Chosen]:
    if not items:
        yield ()
        return
    first, *others = items
    for taken in _of_one(first):
        for rest in _sets(others):
            yield taken + rest


def _of_one(item: Item) -> Iterable[Chosen]:
    if isinstance(item, Leaf):
        return (((Choice(item, path)),) for path in item.alternatives)
    return itertools.chain.from_iterable(map(_sets, item.options))


def cost(chosen: Chosen) -> tuple[int, int, int, int]:
    """Count the hops in a row, the requests, the entries, and how many hops all leaves wait."""
    paths = [choice.path for choice in chosen]
    requests = {one for path in paths for one in path.requests}
    entries = {one for path in paths for one in path.entries}
    return max(path.depth for path in paths), len(requests), len(entries), sum(path.depth for path in paths)


def draw(seed: int) -> tuple[Places, list[str], random.Random]:
    rng = random.Random(seed)  # noqa: S311 - nothing is secret here
    return draw_places(rng), [draw_operation(rng) for _ in range(OPERATIONS)], rng


def test_no_choice_is_cheaper_and_none_makes_fewer_waves() -> None:
    first, compared = new_seed(), 0
    for seed in range(first, first + FEDERATIONS):
        places, operations, rng = draw(seed)
        planner = federation(**{one: sdl(places, one, rng) for one in SUBGRAPHS})
        for source in operations:
            choices = Choices(planner, source)
            items, sets = choices.sets()
            if sets:
                compared += 1
                assert cost(choose(items)) == min(map(cost, sets)), (seed, source)
                few = min(len(waves(choices.plan(chosen))) for chosen in sets)
                assert len(waves(planner.query_plan(source))) == few, (seed, source)
    assert compared, first


def test_a_plan_does_not_depend_on_the_order_of_subgraphs_types_and_fields() -> None:
    first = new_seed()
    for seed in range(first, first + FEDERATIONS):
        places, operations, rng = draw(seed)
        one, other = (
            federation(**{it: sdl(places, it, rng) for it in order}) for order in (SUBGRAPHS, SUBGRAPHS[::-1])
        )
        for source in operations:
            assert one.plan(source) == other.plan(source), (seed, source)
