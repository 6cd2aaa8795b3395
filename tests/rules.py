"""The rules that fixtures are named for, and how each is switched off at the place where it lives."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

import pytest
from graphql import FragmentDefinitionNode, FragmentSpreadNode, GraphQLSchema, SelectionSetNode

from router.execution import leaves
from router.execution.interpret import Interpreter, _Sent
from router.execution.introspect import Introspected
from router.execution.layers import Joint, Layers, enter
from router.execution.positions import Position, positions
from router.execution.representations import Batch, batch
from router.execution.runtime_types import RuntimeTypes
from router.execution.shapes import Shape, ShapeField
from router.execution.view import Composite
from router.fetch.source import Answer
from router.operation.inline import inline
from router.operation.model import Operation
from router.operation.printing import print_selections
from router.operation.variables import Variables, coerce_variables
from router.planner.candidates import Candidates
from router.planner.fetch_graph import FetchGraph
from router.planner.items import Item, Unreachable
from router.planner.model import EntitySelection, Path
from router.planner.optimize import PASSES
from router.request import GraphQLError, Json
from schema.query_graph.path import Path as WalkPath
from schema.query_graph.selection import Field, Selection, SelectionSet
from tests import supergraph_rules as sdl
from tests.checks import violations
from tests.federation import Federation

field_of_shape, settle, candidates = (
    Shape._field,
    Interpreter._settle,
    Candidates.of_field,
)  # as they are with the rule on
Switch = Callable[[Federation], AbstractContextManager[Federation]]


async def fails_without(rule: str, federation: Federation) -> bool:
    """Tell whether a query of a fixture notices that its rule is off."""
    with SWITCHES[rule](federation) as without:
        return any([await violations(without, query) for query in without.queries])


def rewritten(rewrite: sdl.Rewrite) -> Switch:
    """Serve the supergraph without what says the rule."""

    @contextmanager
    def switch(federation: Federation) -> Iterator[Federation]:
        yield federation.with_supergraph(rewrite(federation.supergraph))

    return switch


def replaced(place: str, substitute: object) -> Switch:
    """Put something that does not know the rule in the place of what enforces it."""

    @contextmanager
    def switch(federation: Federation) -> Iterator[Federation]:
        supergraph = federation.supergraph  # composed with the rule on: composition walks the same graph
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(place, substitute)
            yield federation.with_supergraph(supergraph)  # made anew: nothing was planned with the rule on

    return switch


def without_pass(name: str) -> Switch:
    """Leave a pass of the planner out."""
    return replaced("router.planner.plan.PASSES", tuple(one for one in PASSES if one.__name__ != name))


def with_pass(last: Callable[[FetchGraph], FetchGraph]) -> Switch:
    """Let one more pass undo what the planner found out."""
    return replaced("router.planner.plan.PASSES", (*PASSES, last))


def one_after_the_other(graph: FetchGraph) -> FetchGraph:
    ids = [node.id for node in graph.nodes]
    return replace(graph, nodes=tuple(replace(one, after=frozenset(ids[:at])) for at, one in enumerate(graph.nodes)))


def all_at_once(graph: FetchGraph) -> FetchGraph:
    return replace(graph, nodes=tuple(replace(one, after=frozenset()) for one in graph.nodes))


def first_items(root: Joint, path: Path, objects: Collection[str]) -> list[Position]:
    return [
        one for one in positions(root, path, objects) if not any(isinstance(step, int) and step for step in one.path)
    ]


def lists_of_one_level(root: Joint, path: Path, objects: Collection[str]) -> list[Position]:
    return positions(root, tuple(step for step, _ in itertools.groupby(path)), objects)


def print_unaliased(selections: SelectionSet) -> str:
    return print_selections(tuple(map(_unaliased, selections)))


def _unaliased(one: Selection) -> Selection:
    below = tuple(map(_unaliased, one.selections))
    if isinstance(one, Field):
        return replace(one, response_name=one.name, selections=below)
    return replace(one, selections=below)


def inline_without_spreads(node: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> SelectionSet:
    selections = tuple(one for one in node.selections if not isinstance(one, FragmentSpreadNode))
    return inline(SelectionSetNode(selections=selections), fragments)


def coerce_without_defaults(operation: Operation, values: Mapping[str, Json], api_schema: GraphQLSchema) -> Variables:
    undefaulted = tuple(replace(one, default=None) for one in operation.variables)
    return coerce_variables(replace(operation, variables=undefaulted), values, api_schema)


def batch_with_null_keys(found: Sequence[Position], select: EntitySelection, types: RuntimeTypes) -> Batch:
    return batch(found, replace(select, keys=frozenset()), types)


def batch_with_repetitions(found: Sequence[Position], select: EntitySelection, types: RuntimeTypes) -> Batch:
    representations: list[dict[str, Json]] = []
    slots: list[int | None] = []
    for one in found:
        alone = batch([one], select, types)
        slots.append(len(representations) if alone.representations else None)
        representations += alone.representations
    return Batch(tuple(representations), tuple(slots))


def optional_field(shape: Shape, parent: Composite, same: list[Field]) -> ShapeField:
    return replace(field_of_shape(shape, parent, same), is_required=False)


def settle_without_nulls(run: Interpreter, sent: _Sent, answer: Answer) -> None:
    settle(
        run,
        sent,
        answer._replace(data=[one for one in answer.data if one is not None])
        if isinstance(answer.data, list)
        else answer,
    )


def only_direct(ways: Candidates, paths: Iterable[WalkPath], field: Field) -> list[WalkPath]:
    direct = [one for path in paths if (one := ways._advance.direct(path, field)) is not None]
    return direct or candidates(ways, paths, field)


def oldest_layer(layers: Layers, joint: Joint | None, key: str) -> Layers:
    return enter(layers[:1], joint, key)


def no_type_apart(*_: object) -> list[Item]:
    raise Unreachable("Interface", Field("field", "field"))


def failing() -> GraphQLError:
    raise ConnectionError


SWITCHES: Mapping[str, Switch] = {
    "key": rewritten(sdl.without_argument("join__type", "key")),
    "key-several": rewritten(sdl.one_key_each),
    "key-compound": rewritten(sdl.cut("join__type", "key", sdl.first_only)),
    "key-nested": rewritten(sdl.cut("join__type", "key", sdl.leaves_only)),
    "key-resolvable": rewritten(sdl.without_argument("join__type", "resolvable")),
    "requires": rewritten(sdl.without_argument("join__field", "requires")),
    "requires-chain": rewritten(sdl.required_needs_nothing),
    "requires-arguments": rewritten(sdl.cut("join__field", "requires", sdl.without_arguments)),
    "requires-nested": rewritten(sdl.cut("join__field", "requires", sdl.one_of_nested)),
    "requires-all": rewritten(sdl.cut("join__field", "requires", sdl.first_only)),
    "requires-fragments": rewritten(sdl.cut("join__field", "requires", sdl.without_fragments)),
    "provides": rewritten(sdl.without_argument("join__field", "provides")),
    "provides-nested": rewritten(sdl.cut("join__field", "provides", sdl.leaves_only)),
    "shareable": rewritten(sdl.one_owner_each),
    "interface": rewritten(sdl.without_implementations),
    "interface-expansion": replaced("router.planner.walk.Walk._by_type", no_type_apart),
    "interface-object": rewritten(sdl.without_argument("join__type", "isInterfaceObject")),
    "union": rewritten(sdl.first_members_only),
    "union-members": rewritten(sdl.without_directive("join__unionMember")),
    "context": rewritten(sdl.without_argument("join__field", "contextArguments")),
    "override": rewritten(sdl.override_undone),
    "override-label": rewritten(sdl.without_argument("join__field", "overrideLabel")),
    "inaccessible": rewritten(sdl.without_directive("inaccessible")),
    "list-paths": replaced("router.execution.interpret.positions", first_items),
    "nested-lists": replaced("router.execution.interpret.positions", lists_of_one_level),
    "aliases": replaced("router.fetch.subgraph_request.print_selections", print_unaliased),
    "internal-aliases": replaced("router.planner.names.Names.__call__", lambda _names, _position, field: field.name),
    "alias-conflicts": without_pass("alias_conflicts"),
    "fragments": replaced("router.operation.normalize.inline", inline_without_spreads),
    "type-conditions": replaced("router.execution.view.View.applies", lambda *_: True),
    "variable-values": replaced("router.execution.interpret.variables_of", lambda *_: {}),
    "variable-defaults": replaced("router.pipeline.coerce_variables", coerce_without_defaults),
    "conditions": replaced("router.execution.view.View.holds", lambda *_: True),
    "conditional-fetches": without_pass("lift_conditions"),
    "mutation-order": without_pass("chain_mutations"),
    "introspection": replaced("router.execution.complete.introspect", lambda *_: Introspected({}, ())),
    "typename": replaced("router.execution.complete.typename", lambda *_: None),
    "null-propagation": replaced("router.execution.shapes.Shape._field", optional_field),
    "null-keys": replaced("router.execution.interpret.batch", batch_with_null_keys),
    "missing-entities": replaced("router.execution.interpret.Interpreter._settle", settle_without_nulls),
    "scalars": replaced("router.execution.leaves._anything", leaves._string),
    "error-paths": replaced(
        "router.execution.interpret.Interpreter._in_client_terms", lambda _run, error, _sent: [error]
    ),
    "partial-answers": replaced("router.fetch.in_process.unreachable", failing),
    "dedupe": replaced("router.execution.interpret.batch", batch_with_repetitions),
    "parallel": with_pass(one_after_the_other),
    "fetch-order": with_pass(all_at_once),
    "reentry": replaced("router.planner.candidates.Candidates.of_field", only_direct),
    "root-reentry": replaced("schema.query_graph.entries.Entries._other_roots", lambda *_: ()),
    "merge": replaced("router.execution.complete.enter", oldest_layer),
}
