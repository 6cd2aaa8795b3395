"""One request instead of two for the same objects. Source: query-planning, "Optimising the fetch graph", 4 and 5."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable

from router.planner.fetch_graph import FetchGraph, FetchNode, Group
from router.planner.optimize.joint import Joint


def merge_same_path(graph: FetchGraph) -> FetchGraph:
    """Join fetches that ask the same subgraph at the same path, unless the whole would wait longer."""
    return _over_levels(_on_levels(graph))


def _on_levels(graph: FetchGraph) -> FetchGraph:
    """Join what comes after as many others: none of it waits for another, nothing waits longer."""
    alike: dict[Hashable, list[FetchNode]] = defaultdict(list)
    for node in graph.nodes:
        alike[_place(node), graph.levels[node.id]].append(node)
    groups = [group for nodes in alike.values() if len(nodes) > 1 for group in _groups(graph, nodes)]
    return graph.joining(groups) if groups else graph


def _groups(graph: FetchGraph, nodes: Iterable[FetchNode]) -> list[Group]:
    """Put each node to the first others that it can be asked with."""
    found: list[tuple[Joint, list[FetchNode]]] = []
    for node in nodes:
        graph.spend()
        joint = Joint(node.selects[0])
        for whole, members in found:
            if whole.takes(joint):
                whole.add(joint)
                members.append(node)
                break
        else:
            found.append((joint, [node]))
    return [Group(tuple(members), (whole.select(),)) for whole, members in found if len(members) > 1]


def _over_levels(graph: FetchGraph) -> FetchGraph:
    """Join what comes after more with what comes after fewer, one pair at a time: others may wait longer for it."""
    kept: dict[Hashable, list[int]] = defaultdict(list)
    for node in graph.nodes:
        alike = kept[_place(node)]
        for id in alike:
            joined = _joined(graph, graph.node(id), graph.node(node.id))
            if joined is not None:
                graph = joined
                break
        else:
            alike.append(node.id)
    return graph


def _joined(graph: FetchGraph, one: FetchNode, other: FetchNode) -> FetchGraph | None:
    if graph.levels[one.id] == graph.levels[other.id] or graph.waits(one, other):
        return None
    graph.spend()
    joint, second = Joint(one.selects[0]), Joint(other.selects[0])
    if not joint.takes(second):
        return None
    joint.add(second)
    joined = graph.joining([Group((one, other), (joint.select(),))])
    return joined if joined.depth <= graph.depth else None


def _place(node: FetchNode) -> Hashable:
    return node.subgraph, node.stage, node.selects[0].path
