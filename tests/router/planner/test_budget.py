"""Planning is bounded, and costs little where a federation is large."""

from __future__ import annotations

import gc
import time
from datetime import timedelta

import pytest

from router.operation.model import Operation
from router.operation.normalize import normalize
from router.planner.budget import Budget
from router.planner.plan import PlanBudgetExceeded, plan
from tests.router.planner.planner import Planner, federation, operation_of

SUBGRAPHS = range(30)
TYPES = range(100)

CHAIN = federation(
    **{
        f"s{n}": ("type Query { item: Item }" if n == 0 else "")
        + f' type Item @key(fields: "k{n}") @key(fields: "k{n + 1}") {{ k{n}: ID! k{n + 1}: ID! own{n}: Int }}'
        for n in SUBGRAPHS
    }
)
SHARED = federation(
    **{
        f"s{n}": ("type Query { item: Item }" if n == 0 else "")
        + f"""
          type Item @key(fields: "id") {{ id: ID! own{n}: Int part: Part @shareable }}
          type Part @shareable {{ size: Int part: Part }}
        """
        for n in SUBGRAPHS
    }
)
INTERFACE = federation(
    nodes="type Query { nodes: [Node!] } interface Node { id: ID! title: String related: [Node!] }"
    + "".join(
        f'type T{n} implements Node @key(fields: "id") '
        f"{{ id: ID! title: String {'@external' if n == 0 else ''} related: [Node!] }}\n"
        for n in TYPES
    ),
    details='type T0 @key(fields: "id") { id: ID! title: String }'
    + "".join(f'type T{n} @key(fields: "id") {{ id: ID! detail{n}: Int }}\n' for n in TYPES if n),
)
DETAILS = " ".join(f"... on T{n} {{ detail{n} }}" for n in TYPES if n)


def steps(planner: Planner, source: str) -> int:
    """Plan, without regard to time, and tell how many steps it took."""
    budget = Budget(timeout=timedelta(hours=1))
    plan(operation(planner, source), planner.supergraph, planner.graph, budget=budget)
    return budget.spent


def operation(planner: Planner, source: str) -> Operation:
    document, definition = operation_of(source)
    return normalize(document, definition, planner.supergraph.api_schema)


@pytest.mark.parametrize(
    ("planner", "source", "most"),
    [
        (CHAIN, "{ item { own29 } }", 10_000),
        (SHARED, "{ item { own3 own7 part { size } } }", 2_000),
        (SHARED, "{ item { part { size part { size part { part { size } } } } } }", 12_000),
        (INTERFACE, "{ nodes { id related { id related { id } } } }", 50),
        (INTERFACE, "{ nodes { title } }", 1_000),
        (INTERFACE, "{ nodes { title related { title } } }", 2_000),
        (INTERFACE, f"{{ nodes {{ {DETAILS} }} }}", 2_000),
    ],
)
def test_a_large_federation_takes_few_steps(planner: Planner, source: str, most: int) -> None:
    assert steps(planner, source) <= most


def test_too_many_steps_refuse_the_operation() -> None:
    with pytest.raises(PlanBudgetExceeded) as caught:
        plan(operation(CHAIN, "{ item { own29 } }"), CHAIN.supergraph, CHAIN.graph, budget=Budget(max_steps=100))
    assert (caught.value.code, caught.value.status, caught.value.json_status) == ("QUERY_PLANNING_BUDGET", 400, 200)


def test_too_much_time_refuses_the_operation() -> None:
    ticks = iter(range(1_000))
    budget = Budget(timeout=timedelta(seconds=0.5), clock=lambda: float(next(ticks)))
    with pytest.raises(PlanBudgetExceeded, match=r"supergraph\.query_planning"):
        plan(operation(SHARED, "{ item { own3 } }"), SHARED.supergraph, SHARED.graph, budget=budget)


def test_collecting_the_garbage_of_others_costs_an_operation_nothing() -> None:
    heap = [[number] for number in range(100_000)]
    budget, began = Budget(timeout=timedelta(milliseconds=50)), time.thread_time()
    while time.thread_time() < began + 0.2:
        gc.collect()
    budget.check_time()
    assert heap
