"""Makes a failing case small: takes away what it fails without, until nothing more can go."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from graphql import REMOVE, DocumentNode, Node, Visitor, parse, print_ast, validate, visit
from graphql.language import ast
from graphql.language.visitor import VisitorAction

from tests.drawn.case import Case
from tests.drawn.federation import DrawnFederation
from tests.drawn.verdict import Failure
from tests.records import Json

BUDGET = 120.0  # seconds
OF_QUERIES = (ast.FieldNode, ast.InlineFragmentNode, ast.FragmentSpreadNode, ast.ArgumentNode, ast.DirectiveNode)
KEPT = ("requires", "external", "interfaceObject", "link")  # without them the data would no longer be true
UNTRUE = ("does not exist inside the schema", "is not a possible type")  # of data that the smaller SDL forbids
Coordinate = tuple[str, ...]
Chosen = Callable[[Node, Coordinate], bool]
Attempt = Callable[[], Case]


async def shrink(case: Case, failure: Failure) -> tuple[Case, Failure]:
    """Find a smaller case that fails in the same way. Units: gives up looking after BUDGET seconds."""
    end = time.monotonic() + BUDGET
    size = case.size + 1
    while case.size < size:
        size = case.size
        for smaller in (_operations, _subgraphs, _everywhere, _operations, _in_one_subgraph, _records):
            case, failure = await _shrink_by(smaller, case, failure, end)
    return case, failure


async def _shrink_by(
    smaller: Callable[[Case], Iterator[Attempt]], case: Case, failure: Failure, end: float
) -> tuple[Case, Failure]:
    """Take away one thing after the other; what had to stay is not tried again."""
    had_to_stay = 0
    while time.monotonic() < end and (attempt := next(itertools.islice(smaller(case), had_to_stay, None), None)):
        candidate = attempt()
        if candidate.size < case.size and (found := await _same(candidate, failure)) is not None:
            case, failure = candidate, found
        else:
            had_to_stay += 1
    return case, failure


async def _same(case: Case, failure: Failure) -> Failure | None:
    try:
        if not failure.kind.startswith("composition") and validate(case.federation.api_schema, parse(case.text)):
            return None
        found = await case.failure()
    except Exception:  # noqa: BLE001 - what cannot even be asked is no smaller case
        return None
    if found is None or found.kind != failure.kind:
        return None
    untrue = any(sign in found.want or (sign in found.got and sign not in failure.got) for sign in UNTRUE)
    return None if untrue else found


def _subgraphs(case: Case) -> Iterator[Attempt]:
    sdl = case.federation.sdl
    for name in sdl if len(sdl) > 1 else ():
        yield partial(_with, case, {one: text for one, text in sdl.items() if one != name})


def _everywhere(case: Case) -> Iterator[Attempt]:
    """Leave out types, fields and arguments, in all subgraphs at once."""
    documents = {name: parse(sdl) for name, sdl in case.federation.sdl.items()}
    for chosen in _removals(documents):
        yield partial(_without, case, documents, chosen)


def _without(case: Case, documents: Mapping[str, DocumentNode], chosen: Chosen) -> Case:
    return _with(case, {name: print_ast(visit(one, _Removing(chosen))) for name, one in documents.items()})


def _in_one_subgraph(case: Case) -> Iterator[Attempt]:
    for name, sdl in case.federation.sdl.items():
        document = parse(sdl)
        for chosen in _each(document, _is_dispensable):
            yield partial(_without_in, case, name, document, chosen)


def _without_in(case: Case, name: str, document: DocumentNode, chosen: Chosen) -> Case:
    return _with(case, {**case.federation.sdl, name: print_ast(visit(document, _Removing(chosen)))})


def _records(case: Case) -> Iterator[Attempt]:
    federation = case.federation
    for data in _smaller_data(federation.data, federation.sdl):
        yield partial(replace, case, federation=DrawnFederation(federation.sdl, data))


def _with(case: Case, sdl: Mapping[str, str]) -> Case:
    return replace(case, federation=DrawnFederation(sdl, case.federation.data))


def _operations(case: Case) -> Iterator[Attempt]:
    for down in case.down:
        yield partial(replace, case, down=[one for one in case.down if one != down])
    for label in case.labels:
        yield partial(replace, case, labels=[one for one in case.labels if one != label])
    if not case.text:  # what does not compose is asked nothing
        return
    document = parse(case.text)
    for chosen in _each(document, lambda node: isinstance(node, OF_QUERIES)):
        yield partial(_without_selected, case, document, chosen)


def _without_selected(case: Case, document: DocumentNode, chosen: Chosen) -> Case:
    tidy = _tidied(visit(document, _Removing(chosen)))
    names = {one.variable.name.value for one in _nodes(tidy) if isinstance(one, ast.VariableDefinitionNode)}
    values = {name: value for name, value in case.variables.items() if name in names}
    empty = any(isinstance(one, ast.SelectionSetNode) and not one.selections for one in _nodes(tidy))
    return replace(case, text="" if empty else print_ast(tidy), variables=values)


def _tidied(document: DocumentNode) -> DocumentNode:
    """Drop fragments and variables that nothing uses any more."""
    while True:
        spread = {one.name.value for one in _nodes(document) if isinstance(one, ast.FragmentSpreadNode)}
        declared = [one for one in _nodes(document) if isinstance(one, ast.VariableDefinitionNode)]
        read = [one.name.value for one in _nodes(document) if isinstance(one, ast.VariableNode)]
        unused: list[Node] = [one for one in declared if read.count(one.variable.name.value) == 1]
        unused += [
            one
            for one in document.definitions
            if isinstance(one, ast.FragmentDefinitionNode) and one.name.value not in spread
        ]
        if not unused:
            return document
        document = visit(document, _Removing(partial(_is_one_of, unused)))


def _removals(documents: Mapping[str, DocumentNode]) -> Iterator[Chosen]:
    """Choose each type, each field and each argument, in all subgraphs at once."""
    types = {
        one.name.value
        for document in documents.values()
        for one in document.definitions
        if isinstance(one, ast.TypeDefinitionNode)
    }
    for name in sorted(types):
        yield partial(_mentions, name)
    for coordinate in sorted({one for document in documents.values() for one in _coordinates(document)}):
        yield partial(_declares, coordinate)


def _mentions(type_name: str, node: Node, _path: Coordinate) -> bool:
    """Tell whether a node is a type's definition, its name in a list of members, or a field of that type."""
    match node:
        case ast.TypeDefinitionNode(name=ast.NameNode(value=name)) | ast.NamedTypeNode(name=ast.NameNode(value=name)):
            return name == type_name
        case ast.FieldDefinitionNode(type=of) | ast.InputValueDefinitionNode(type=of):
            return print_ast(of).strip("[]!") == type_name
    return False


def _declares(coordinate: Coordinate, node: Node, path: Coordinate) -> bool:
    if not isinstance(node, ast.FieldDefinitionNode | ast.InputValueDefinitionNode):
        return False
    return (*path, node.name.value) == coordinate


def _is_one_of(chosen: Sequence[Node], node: Node, _path: Coordinate) -> bool:
    return any(node is one for one in chosen)


def _coordinates(document: DocumentNode) -> Iterator[Coordinate]:
    for definition in document.definitions:
        if isinstance(definition, ast.ObjectTypeDefinitionNode | ast.InterfaceTypeDefinitionNode):
            for node in definition.fields or ():
                path = (definition.name.value, node.name.value)
                yield path
                yield from ((*path, one.name.value) for one in node.arguments or ())
        elif isinstance(definition, ast.InputObjectTypeDefinitionNode):
            yield from ((definition.name.value, one.name.value) for one in definition.fields or ())


def _is_dispensable(node: Node) -> bool:
    if isinstance(node, ast.DirectiveNode):
        return node.name.value not in KEPT
    return isinstance(node, ast.FieldDefinitionNode | ast.NamedTypeNode | ast.ObjectTypeDefinitionNode)


def _each(document: DocumentNode, dispensable: Callable[[Node], bool]) -> Iterator[Chosen]:
    for one in _nodes(document):
        if dispensable(one):
            yield partial(_is_one_of, [one])


def _nodes(node: object) -> Iterator[Node]:
    """Go through all nodes, the outer ones first."""
    if isinstance(node, list | tuple):
        for one in node:
            yield from _nodes(one)
    elif isinstance(node, Node):
        yield node
        for key in node.keys:
            if key != "loc":
                yield from _nodes(getattr(node, key, None))


class _Removing(Visitor):
    """Removes the chosen nodes; `path` are the names of the definitions around them."""

    def __init__(self, chosen: Chosen) -> None:
        super().__init__()
        self._chosen = chosen

    def enter(self, node: Node, key: object, _parent: object, _path: object, ancestors: list[Node]) -> VisitorAction:
        named = (one for one in ancestors if isinstance(one, ast.TypeDefinitionNode | ast.FieldDefinitionNode))
        chosen = self._chosen(node, tuple(one.name.value for one in named))
        return REMOVE if chosen and (not isinstance(node, ast.NamedTypeNode) or isinstance(key, int)) else None


def _smaller_data(data: Mapping[str, Json], sdl: Mapping[str, str]) -> Iterator[dict[str, Json]]:
    text = " ".join(sdl.values())
    pruned = _pruned(data, text)
    if pruned != data:
        yield pruned
    for path in list(_lists(data, ())):
        copy = json.loads(json.dumps(data))
        target = copy
        for step in path[:-1]:
            target = target[step]
        del target[path[-1]]
        yield copy


def _pruned(data: Mapping[str, Json], text: str) -> dict[str, Json]:
    """Keep what the SDL still names and other records still refer to."""
    written = json.dumps(data)
    kept = {}
    for type_name, content in data.items():
        if type_name in ("Query", "Mutation"):
            kept[type_name] = {key: value for key, value in content.items() if f" {key}" in text}
        elif f" {type_name} " in text or type_name == "Log":
            records = {name: one for name, one in content.items() if f'"@{name}"' in written or type_name == "Log"}
            kept[type_name] = {
                name: {key: value for key, value in one.items() if f" {key}" in text or key == "entries"}
                for name, one in records.items()
            }
    return kept


def _lists(value: Json, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Go through the places of list items."""
    if isinstance(value, list):
        yield from ((*path, index) for index in range(len(value)))
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in items:
        yield from _lists(one, (*path, key))
