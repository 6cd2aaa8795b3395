"""What a mutation sees: the documents of a federation, and the one of them that it changes."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from graphql import REMOVE, DocumentNode, Node, Visitor, VisitorAction, parse, visit
from graphql.language import ast

from schema.federation import FEDERATION, FEDERATION_DIRECTIVES, Version
from schema.link import InvalidLink, read_links

BASE = Version(2, 9)

Edit = tuple[Node, Node | None]
"""A node of the document and what takes its place, if anything."""

Composite = (
    ast.ObjectTypeDefinitionNode
    | ast.ObjectTypeExtensionNode
    | ast.InterfaceTypeDefinitionNode
    | ast.InterfaceTypeExtensionNode
)
Block = ast.TypeDefinitionNode | ast.TypeExtensionNode
Decorated = Block | ast.FieldDefinitionNode | ast.InputValueDefinitionNode


@dataclass(frozen=True, slots=True)
class Scene:
    """One subgraph among the others. `rng` makes the small choices of an edit."""

    documents: Mapping[str, DocumentNode]
    subgraph: str
    rng: random.Random

    @property
    def document(self) -> DocumentNode:
        return self.documents[self.subgraph]

    def blocks(self) -> list[Block]:
        """Every definition and extension of a type."""
        return [one for one in self.document.definitions if isinstance(one, Block)]

    def composites(self) -> list[Composite]:
        return [one for one in self.blocks() if isinstance(one, Composite)]

    def fields(self) -> Iterator[tuple[Composite, ast.FieldDefinitionNode]]:
        for block in self.composites():
            for one in block.fields or ():
                yield block, one

    def arguments(self) -> Iterator[ast.InputValueDefinitionNode]:
        for _, one in self.fields():
            yield from one.arguments or ()

    def input_fields(self) -> Iterator[ast.InputValueDefinitionNode]:
        for block in self.blocks():
            if isinstance(block, ast.InputObjectTypeDefinitionNode):
                yield from block.fields or ()

    def applied(self, directive: str) -> Iterator[ast.DirectiveNode]:
        """Every application of a directive of federation, whatever its name is here."""
        name = self._name(directive)
        yield from (one for one in nodes(self.document, ast.DirectiveNode) if one.name.value == name)

    def links(self) -> Iterator[ast.DirectiveNode]:
        yield from (one for one in nodes(self.document, ast.DirectiveNode) if one.name.value == "link")

    def with_directive(self, node: Decorated, directive: str, arguments: str = "") -> Edit:
        """Apply a directive, by the name it has in this document."""
        block = parse(f"scalar X @{self._name(directive)}{arguments}").definitions[0]
        assert isinstance(block, ast.ScalarTypeDefinitionNode)
        return node, replace(node, directives=(*(node.directives or ()), *(block.directives or ())))

    def decorated(self) -> list[Block | ast.FieldDefinitionNode]:
        """Every type and field."""
        return [*self.blocks(), *(field for _, field in self.fields())]

    def elsewhere(self) -> Iterator[str]:
        """Name the other subgraphs."""
        yield from (name for name in self.documents if name != self.subgraph)

    def _name(self, directive: str) -> str:
        if directive in {"link", "deprecated", "specifiedBy", "oneOf"}:
            return directive
        try:
            links = read_links(self.document)
        except InvalidLink:
            return directive
        return next((link.directive_name(directive) for link in links if link.identity == FEDERATION), directive)


NodeType = TypeVar("NodeType", bound=Node)


def nodes(document: Node, of_type: type[NodeType]) -> list[NodeType]:
    """Collect the nodes of a type, in the order of the document."""
    found: list[NodeType] = []

    class Collect(Visitor):
        def enter(self, node: Node, *_: object) -> None:
            if isinstance(node, of_type):
                found.append(node)

    visit(document, Collect())
    return found


def applied_edit(document: DocumentNode, edit: Edit) -> DocumentNode:
    """Put the edit into the document."""
    old, new = edit

    class Swap(Visitor):
        def enter(self, node: Node, *_: object) -> Node | VisitorAction:
            if node is old:
                return REMOVE if new is None else new
            return None

    changed: DocumentNode = visit(document, Swap())
    return changed


def importing_all(document: DocumentNode) -> DocumentNode:
    """Link federation v2.9 with all its directives, so that a mutation names them as users do."""
    for link in read_links(document):
        if link.identity == FEDERATION and link.node is not None:
            names = [f"@{one.name}" for one in FEDERATION_DIRECTIVES if one.since <= BASE and one.until is None]
            imported = {**{name: name for name in names}, **link.imports}
            texts = [f'{{name: "{name}", as: "{alias}"}}' for name, alias in imported.items()]
            source = f'schema @link(url: "{FEDERATION}/{BASE}", import: [{", ".join(texts)}]) {{ query: Query }}'
            node = nodes(parse(source), ast.DirectiveNode)[0]
            document = applied_edit(document, (link.node, node))
    return document


def removed(found: Iterable[Node]) -> Iterator[Edit]:
    """Take each of the nodes away."""
    yield from ((one, None) for one in found)
