"""docs/planning.md says what the planner does."""

from __future__ import annotations

import re
from pathlib import Path

from router.operation.normalize import normalize
from router.planner.assemble import assemble
from router.planner.budget import Budget
from router.planner.choose import choose
from router.planner.emit import emit
from router.planner.items import Item, Leaf
from router.planner.names import Names
from router.planner.plan_json import to_json
from router.planner.render import render
from router.planner.represent import Represent
from router.planner.walk import Walk
from schema.query_graph.advance import Advance
from schema.query_graph.path import EnterEntity, TakeField
from schema.query_graph.path import Path as Way
from tests.router.planner.planner import federation, operation_of

PAGE = (Path(__file__).parents[3] / "docs/planning.md").read_text(encoding="utf-8")
GRAPHQL = dict(re.findall(r"```graphql\n# (\w+)\n(.*?)```", PAGE, re.DOTALL))
TEXT = dict(re.findall(r"```text (\w+)\n(.*?)\n```", PAGE, re.DOTALL))
QUERY = GRAPHQL.pop("operation")
PLANNER = federation(**GRAPHQL)


def told(way: Way) -> str:
    """Write a way as the fields it takes and the keys by which it enters other subgraphs."""
    steps: list[str] = []
    for one in reversed(list(way.steps_back())):
        if isinstance(one.step, TakeField):
            steps.append(one.step.response_name)
        elif isinstance(one.step, EnterEntity):
            steps.append(f"{one.node.subgraph} by {', '.join(needed.position[-1] for needed in one.requires)}")
    return " → ".join(steps)


def test_the_ways_and_what_is_assembled_of_them() -> None:
    supergraph = PLANNER.supergraph
    operation = normalize(*operation_of(QUERY), supergraph.api_schema)
    names = Names(operation)
    advance = Advance(PLANNER.graph, naming=names)
    items: list[Item] = Walk(supergraph, advance).selections("Query", operation.selections, advance.roots("Query"))
    ways = [told(way) for item in items if isinstance(item, Leaf) for way in item.alternatives]
    assert "\n".join(ways) == TEXT["ways"]
    assembled = assemble(choose(items), supergraph, PLANNER.graph, Represent(supergraph, names), Budget())
    assert render(emit(assembled, operation)) == TEXT["assembled"]


def test_the_plan_and_its_first_request() -> None:
    query_plan = PLANNER.query_plan(QUERY)
    assert render(query_plan) == TEXT["plan"]
    assert to_json(query_plan)["node"]["nodes"][0]["operation"] == TEXT["request"]
