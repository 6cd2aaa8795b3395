"""Why no subgraph can follow a step: one line for each thing that would have to be otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schema.compose.satisfiability.model import Question
from schema.compose.satisfiability.walk import DeadEnd
from schema.compose.satisfiability.ways import Ways
from schema.elements import Application, TypeDefinition
from schema.query_graph.model import Node

Reasons = dict[str, list[str]]
"""By the subgraph one is in."""


def reasons(question: Question, end: DeadEnd) -> list[str]:
    """Tell why, as a nested list."""
    found: Reasons = {}
    explain = _Explain(question, end)
    for node in sorted(end.state.nodes, key=lambda one: one.subgraph):
        for reached in explain.ways.reached(node):
            _add(found, reached.node, explain.missing(reached.node))
        _add(found, node, explain.missing(node))
        _add(found, node, explain.moves(node))
    return list(_lines(found))


def _add(found: Reasons, node: Node, lines: Iterable[str]) -> None:
    known = found.setdefault(node.subgraph, [])
    known += [line for line in dict.fromkeys(lines) if line not in known]


def _lines(found: Reasons) -> Iterator[str]:
    for subgraph, texts in sorted(found.items()):
        if len(texts) == 1:
            yield f'- from subgraph "{subgraph}": {texts[0]}.'
        elif texts:
            yield f'- from subgraph "{subgraph}":'
            yield from (f"  - {text}." for text in texts)


class _Explain:
    """The reasons at one dead end."""

    def __init__(self, question: Question, end: DeadEnd) -> None:
        self._question = question
        self._type = end.state.type_name
        self._field = end.path.field_name
        self._narrowed = end.path.type_name
        self.ways: Ways = question.ways(end.state.active)

    def missing(self, node: Node) -> Iterator[str]:
        """Why it does not go on from where we are."""
        if self._field is None:
            yield from self._missing_type(node)
            return
        view = self._question.declared(node.subgraph, node.type_name, self._field)
        coordinate = f"{node.type_name}.{self._field}"
        if view is None:
            yield f'cannot find field "{coordinate}"'
        elif not view.is_resolvable:
            yield self._not_resolvable(node, coordinate)
        elif view.label is not None and self._field not in self._question.graph.fields.get(node, {}):
            yield f'cannot find field "{coordinate}"'
        elif view.requires:
            yield self._requires(node, coordinate)
        elif (node.subgraph, (node.type_name, self._field)) in self._question.needed:
            yield f'cannot find a match for the contexts required by field "{coordinate}"'
        else:
            yield f'field "{coordinate}" is not resolvable because it is overridden while its label is as chosen'

    def _missing_type(self, node: Node) -> Iterator[str]:
        if node.is_interface_object:
            kind = "no subgraph can be reached to resolve the implementation type of @interfaceObject type"
            yield f'{kind} "{node.type_name}"'
        else:
            yield f'cannot find type "{self._narrowed}"'

    def _not_resolvable(self, node: Node, coordinate: str) -> str:
        if self._question.merge.facts[node.subgraph].is_external(node.type_name, str(self._field)):
            return f'field "{coordinate}" is not resolvable because marked @external'
        overriding = next(self._overriding(node), None)
        if overriding is None:
            return f'cannot find field "{coordinate}"'
        return f'field "{coordinate}" is not resolvable because it is overridden by subgraph "{overriding}"'

    def _overriding(self, node: Node) -> Iterator[str]:
        for subgraph in self._question.merge.subgraphs:
            one = subgraph.field(node.type_name, str(self._field))
            if one is not None and any(it.text("from") == node.subgraph for it in one.applied("override")):
                yield subgraph.name

    def _requires(self, node: Node, coordinate: str) -> str:
        own = any(move.target.subgraph == node.subgraph for move in self._question.graph.moves.get(node, ()))
        if own:
            return f'cannot satisfy @require conditions on field "{coordinate}"'
        return (
            f'@require condition on field "{coordinate}" can be satisfied but missing usable key on '
            f'"{node.type_name}" in subgraph "{node.subgraph}" to resume query'
        )

    def moves(self, node: Node) -> Iterator[str]:
        """Why we do not get from here to another subgraph."""
        reached = {path.node.subgraph for path in self.ways.reached(node)}
        for subgraph in self._question.merge.subgraphs:
            if subgraph.name == node.subgraph or subgraph.name in reached:
                continue
            definition = subgraph.types.get(node.type_name)
            if definition is None:
                continue
            keys = definition.applied("key")
            usable = [key for key in keys if key.arguments.get("resolvable") is not False]
            if usable:
                yield from (self._unusable_key(node, subgraph.name, key) for key in usable)
            elif self._would_help(subgraph.name, node.type_name):
                yield self._no_key(definition, subgraph.name, keys)

    def _would_help(self, subgraph: str, type_name: str) -> bool:
        view = self._question.declared(subgraph, type_name, self._field) if self._field else None
        return view is not None and view.is_resolvable

    def _unusable_key(self, node: Node, subgraph: str, key: Application) -> str:
        return (
            f'cannot move to subgraph "{subgraph}" using @key(fields: "{key.text("fields")}") of '
            f'"{node.type_name}", the key field(s) cannot be resolved from subgraph "{node.subgraph}"'
        )

    def _no_key(self, definition: TypeDefinition, subgraph: str, keys: list[Application]) -> str:
        why = (
            f'none of the @key defined on type "{definition.name}" in subgraph "{subgraph}" are resolvable (they are '
            'all declared with their "resolvable" argument set to false)'
            if keys
            else f'type "{definition.name}" has no @key defined in subgraph "{subgraph}"'
        )
        kind = "@interfaceObject type" if definition.is_interface_object else "type"
        why = why.replace("type", kind, 1) if definition.is_interface_object else why
        return f'cannot move to subgraph "{subgraph}", which has field "{definition.name}.{self._field}", because {why}'
