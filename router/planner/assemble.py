"""From the chosen ways to fetches. Source: query-planning, "Fetch dependency graph"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile

from router.planner.budget import Budget
from router.planner.choose import Chosen
from router.planner.fetch_graph import FetchGraph, FetchNode, Select
from router.planner.items import ALWAYS, Conditions
from router.planner.model import ContextVariable, Each, OfType
from router.planner.model import Path as ResponsePath
from router.planner.paths import any_of
from router.planner.represent import TYPENAME, Represent
from router.planner.selections import conditioned, merged
from schema.query_graph.context import setter_above
from schema.query_graph.model import QueryGraph
from schema.query_graph.path import Alike, Downcast, EnterEntity, EnterRoot, Path, TakeField
from schema.query_graph.selection import Field, InlineFragment, Selection, SelectionSet
from schema.supergraph import Supergraph


def assemble(
    chosen: Chosen, supergraph: Supergraph, graph: QueryGraph, represent: Represent, budget: Budget
) -> FetchGraph:
    """Make one fetch of each request on the chosen ways, and of all that they require.

    Every selection costs a step, as often as it is made. Raises: BudgetSpent.
    """
    ways = _Ways()
    for choice in chosen:
        ways.add(choice.path, choice.leaf.conditions)
    return _Assembly(ways, supergraph, graph, represent, budget).fetch_graph()


class _Ways:
    """The chosen paths as a tree: what continues each path, and under which conditions it is needed."""

    def __init__(self) -> None:
        self.needed: dict[Path, list[Conditions]] = {}
        self.children: dict[Path, list[Path]] = {}

    def add(self, path: Path, conditions: Conditions) -> None:
        """Take a path, with what its steps require under the same conditions."""
        for one in path.steps_back():
            before = self.needed.get(one)
            if before is None:
                before = self.needed[one] = []
                for parent in _parents(one):
                    self.children.setdefault(parent, []).append(one)
            if any(known <= conditions for known in before):
                return  # then all that it needs is there as well
            before.append(conditions)
            for required in one.requires:
                self.add(required, conditions)


class _Assembly:
    """Turns the tree of ways into nodes of a fetch graph."""

    def __init__(
        self, ways: _Ways, supergraph: Supergraph, graph: QueryGraph, represent: Represent, budget: Budget
    ) -> None:
        self._ways = ways
        self._supergraph = supergraph
        self._graph = graph
        self._represent = represent
        self._budget = budget
        entries = [path for path in ways.needed if path.is_entry]
        self._ids = {path: id for id, path in enumerate(sorted(entries, key=_order))}
        self._paths: dict[Path, ResponsePath] = {}
        self._selected: set[tuple[Path, Conditions]] = set()
        self._once: dict[tuple[Path, Conditions], tuple[SelectionSet, int]] = {}

    def fetch_graph(self) -> FetchGraph:
        nodes = tuple(self._node(id, entry) for entry, id in self._ids.items())
        return FetchGraph(nodes, self._supergraph.views, self._budget.check_time)

    def _node(self, id: int, entry: Path) -> FetchNode:
        return FetchNode(
            id=id,
            subgraph=entry.node.subgraph,
            selects=(self._select(entry),),
            after=frozenset(self._ids[_entry_of(one)] for one in _awaited(entry)),
            stage=entry.step.stage if isinstance(entry.step, EnterRoot) and entry.parent is None else None,
        )

    def _select(self, entry: Path) -> Select:
        selection = self._selection(entry, ALWAYS)
        if entry.parent is None or not isinstance(entry.step, EnterEntity):
            return Select(entry.node.type_name, self._response_path(entry.parent), selection)
        path = self._response_path(entry.parent)
        while path and isinstance(path[-1], OfType):  # the representation's type condition says it
            path = path[:-1]
        entities = (InlineFragment(entry.node.type_name, selection),)
        representation = self._represent(entry.parent, entry.step)
        context = tuple(self._context(entry.parent, entry.step))
        return Select(entry.node.type_name, path, entities, (representation,), context=context)

    def _context(self, source: Path, entry: EnterEntity) -> Iterator[ContextVariable]:
        for argument in entry.needed_by.context if entry.needed_by else ():
            setter = setter_above(source, argument)
            if setter is not None:
                yield self._represent.context(setter, argument, self._response_path(setter))

    def _response_path(self, path: Path | None) -> ResponsePath:
        if path is None:
            return ()
        found = self._paths.get(path)
        if found is None:
            found = self._paths[path] = self._extended(self._response_path(path.parent), path)
        return found

    def _extended(self, before: ResponsePath, path: Path) -> ResponsePath:
        match path.step:
            case TakeField(edge=edge, response_name=response_name):
                return (*before, response_name, *[Each.ITEM] * edge.list_depth)
            case Downcast(type_name=type_name):
                wider = before[:-1] if before and isinstance(before[-1], OfType) else before
                return (*wider, OfType(self._supergraph.possible_types[type_name]))
            case Alike(paths=paths):
                return any_of([self._response_path(one) for one in paths])
            case _:
                return before

    def _selection(self, path: Path, given: Conditions) -> SelectionSet:
        """Select what continues this path in its subgraph; `given` conditions hold already."""
        if path.node not in self._graph.fields:
            return ()
        selections: list[Selection] = [TYPENAME] if self._tells_type(path) else []
        for child in self._ways.children.get(path, ()):
            if not child.is_entry:
                selections += self._continued(child, given)
        return merged(selections) or (TYPENAME,)

    def _continued(self, path: Path, given: Conditions) -> Iterable[Selection]:
        if not isinstance(path.step, Alike):
            return self._stepped(path, given)
        known = self._once.get((path, given))
        if known is None:  # it continues several paths, and is selected in each
            before, self._selected, spent = self._selected, set(), self._budget.spent
            selection = tuple(self._stepped(path, given))
            known = self._once[path, given] = selection, self._budget.spent - spent
            self._selected = before
        else:
            self._budget.spend(known[1])
        return known[0]

    def _stepped(self, path: Path, given: Conditions) -> Iterator[Selection]:
        for conditions in self._apart(path, given):
            self._budget.spend()
            beneath = self._selection(path, conditions)
            needed = conditions - given
            match path.step:
                case TakeField(edge=edge, response_name=response_name, arguments=arguments):
                    yield conditioned(Field(response_name, edge.name, arguments, beneath), needed)
                case Downcast(is_assumed=False, type_name=type_name):
                    yield conditioned(InlineFragment(type_name, beneath), needed)
                case _ if needed:
                    yield conditioned(InlineFragment(None, beneath), needed)
                case _:
                    yield from beneath

    def _apart(self, path: Path, given: Conditions) -> list[Conditions]:
        """Alternative conditions to select a path under, each time it is selected; `given` ones hold there."""
        needed = self._ways.needed[path]
        waiting = [one for one in needed if given <= one and (path, one) not in self._selected]
        self._selected.update((path, one) for one in waiting)
        return [one for one in waiting if not any(other < one for other in waiting)]

    def _tells_type(self, path: Path) -> bool:
        """Whether `__typename` is asked here: of abstract types, and of entities that another subgraph is asked for."""
        if isinstance(path.step, Downcast):
            return False  # asked beside the fragment
        if path.node.is_abstract:
            return True
        leads_on = any(isinstance(one.step, EnterEntity) for one in self._ways.children.get(path, ()))
        return leads_on and isinstance(path.step, TakeField | Alike)


def _order(entry: Path) -> tuple[int, int]:
    """By stage, then by what waits for what."""
    *_, root = entry.steps_back()
    return (root.step.stage if isinstance(root.step, EnterRoot) else 0, entry.depth)


def _parents(path: Path) -> tuple[Path, ...]:
    if isinstance(path.step, Alike):
        return path.step.paths
    return (path.parent,) if path.parent else ()


def _entry_of(path: Path) -> Path:
    return next(one for one in path.steps_back() if one.is_entry)


def _awaited(entry: Path) -> Iterator[Path]:
    """Paths whose answers a request reads: its parent, its requirements, and those of the types on the way."""
    yield from entry.requires
    if entry.parent is not None:
        yield entry.parent
        for one in takewhile(lambda step: not step.is_entry, entry.parent.steps_back()):
            yield from one.requires
