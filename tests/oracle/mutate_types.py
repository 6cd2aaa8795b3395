"""Mutations of the schema itself: types, fields, arguments, values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from graphql import Node, parse, parse_const_value, parse_type
from graphql.language import ast

from tests.oracle.mutate_directives import Mutation
from tests.oracle.scene import Edit, Scene, removed

TYPES = ("Int", "String", "ID!", "[Int]", "Boolean", "Query")
Typed = ast.FieldDefinitionNode | ast.InputValueDefinitionNode


def _typed(scene: Scene) -> Iterator[Typed]:
    """Fields twice, arguments and input fields once: where most goes wrong is changed most."""
    for _ in range(2):
        yield from (field for _, field in scene.fields())
    yield from scene.arguments()
    yield from scene.input_fields()


def change_type(scene: Scene) -> Iterator[Edit]:
    for one in _typed(scene):
        yield one, replace(one, type=parse_type(scene.rng.choice(TYPES)))


def toggle_non_null(scene: Scene) -> Iterator[Edit]:
    for one in _typed(scene):
        match one.type:
            case ast.NonNullTypeNode(type=nullable):
                yield one, replace(one, type=nullable)
            case ast.NamedTypeNode() | ast.ListTypeNode() as nullable:
                yield one, replace(one, type=ast.NonNullTypeNode(type=nullable))


def wrap_in_list(scene: Scene) -> Iterator[Edit]:
    for one in _typed(scene):
        yield one, replace(one, type=ast.ListTypeNode(type=one.type))


def delete_field(scene: Scene) -> Iterator[Edit]:
    yield from removed(field for block, field in scene.fields() if len(block.fields or ()) > 1)


def rename_field(scene: Scene) -> Iterator[Edit]:
    for _, field in scene.fields():
        yield field, replace(field, name=ast.NameNode(value=f"{field.name.value}Renamed"))


def copy_field_from_elsewhere(scene: Scene) -> Iterator[Edit]:
    """Declare here a field that another subgraph has of the same type."""
    own = {block.name.value: block for block in scene.composites()}
    for name in scene.elsewhere():
        for block, field in Scene(scene.documents, name, scene.rng).fields():
            target = own.get(block.name.value)
            if target and field.name.value not in {one.name.value for one in target.fields or ()}:
                yield target, replace(target, fields=(*(target.fields or ()), replace(field, directives=())))


def copy_type_from_elsewhere(scene: Scene) -> Iterator[Edit]:
    own = {block.name.value for block in scene.blocks()}
    for name in scene.elsewhere():
        for block in Scene(scene.documents, name, scene.rng).blocks():
            if block.name.value not in own:
                yield scene.document, replace(scene.document, definitions=(*scene.document.definitions, block))


def extend_with_field(scene: Scene) -> Iterator[Edit]:
    """Move a field to an extension of its type."""
    for block, field in scene.fields():
        if isinstance(block, ast.ObjectTypeDefinitionNode) and len(block.fields or ()) > 1:
            kept = replace(block, fields=tuple(one for one in block.fields or () if one is not field))
            moved = ast.ObjectTypeExtensionNode(name=block.name, fields=(field,), interfaces=(), directives=())
            rest = tuple(kept if one is block else one for one in scene.document.definitions)
            yield scene.document, replace(scene.document, definitions=(*rest, moved))


def delete_type(scene: Scene) -> Iterator[Edit]:
    yield from removed(scene.blocks())


def rename_type(scene: Scene) -> Iterator[Edit]:
    """Rename a definition, and nothing that refers to it."""
    for block in scene.blocks():
        yield block, replace(block, name=ast.NameNode(value=f"{block.name.value}Renamed"))


def make_extension(scene: Scene) -> Iterator[Edit]:
    """Turn a definition into an extension."""
    for one in scene.blocks():
        if isinstance(one, ast.ObjectTypeDefinitionNode):
            yield one, _as_kind(ast.ObjectTypeExtensionNode, one)


def change_kind(scene: Scene) -> Iterator[Edit]:
    """Turn an object into an interface, and back."""
    for one in scene.blocks():
        if isinstance(one, ast.ObjectTypeDefinitionNode):
            yield one, _as_kind(ast.InterfaceTypeDefinitionNode, one)
        elif isinstance(one, ast.InterfaceTypeDefinitionNode):
            yield one, _as_kind(ast.ObjectTypeDefinitionNode, one)


def _as_kind(
    kind: type[ast.ObjectTypeDefinitionNode | ast.InterfaceTypeDefinitionNode | ast.ObjectTypeExtensionNode],
    one: ast.ObjectTypeDefinitionNode | ast.InterfaceTypeDefinitionNode,
) -> Node:
    return kind(name=one.name, interfaces=one.interfaces, directives=one.directives, fields=one.fields)


def delete_argument(scene: Scene) -> Iterator[Edit]:
    yield from removed(scene.arguments())


def add_argument(scene: Scene) -> Iterator[Edit]:
    for _, field in scene.fields():
        block = parse(f"input X {{ added: {scene.rng.choice(['Int', 'Int!', 'Int = 1', 'Int! = 1'])} }}").definitions[0]
        assert isinstance(block, ast.InputObjectTypeDefinitionNode)
        yield field, replace(field, arguments=(*(field.arguments or ()), *(block.fields or ())))


def change_default(scene: Scene) -> Iterator[Edit]:
    """Give an argument or an input field another default, or take it away."""
    for one in (*scene.arguments(), *scene.input_fields()):
        other = None if one.default_value else parse_const_value(scene.rng.choice(["1", '"one"', "null", "[]"]))
        yield one, replace(one, default_value=other)


def delete_input_field(scene: Scene) -> Iterator[Edit]:
    yield from removed(scene.input_fields())


def _enums(scene: Scene) -> Iterator[ast.EnumTypeDefinitionNode]:
    yield from (one for one in scene.blocks() if isinstance(one, ast.EnumTypeDefinitionNode))


def delete_enum_value(scene: Scene) -> Iterator[Edit]:
    yield from removed(value for one in _enums(scene) for value in one.values or ())


def add_enum_value(scene: Scene) -> Iterator[Edit]:
    for one in _enums(scene):
        added = ast.EnumValueDefinitionNode(name=ast.NameNode(value="ADDED"), directives=())
        yield one, replace(one, values=(*(one.values or ()), added))


def delete_member(scene: Scene) -> Iterator[Edit]:
    """Take a type out of a union."""
    unions = (one for one in scene.blocks() if isinstance(one, ast.UnionTypeDefinitionNode))
    yield from removed(member for one in unions for member in one.types or ())


def delete_implements(scene: Scene) -> Iterator[Edit]:
    yield from removed(interface for one in scene.composites() for interface in one.interfaces or ())


def add_description(scene: Scene) -> Iterator[Edit]:
    for one in scene.decorated():
        if isinstance(one, ast.TypeDefinitionNode | ast.FieldDefinitionNode):
            yield one, replace(one, description=ast.StringValueNode(value="Told otherwise here."))


OF_TYPES: dict[str, Mutation] = {
    "change a type": change_type,
    "toggle non-null": toggle_non_null,
    "wrap in a list": wrap_in_list,
    "delete a field": delete_field,
    "rename a field": rename_field,
    "copy a field from elsewhere": copy_field_from_elsewhere,
    "copy a type from elsewhere": copy_type_from_elsewhere,
    "move a field to an extension": extend_with_field,
    "delete a type": delete_type,
    "rename a type": rename_type,
    "make a definition an extension": make_extension,
    "change a kind": change_kind,
    "delete an argument": delete_argument,
    "add an argument": add_argument,
    "change a default": change_default,
    "delete an input field": delete_input_field,
    "delete an enum value": delete_enum_value,
    "add an enum value": add_enum_value,
    "delete a union member": delete_member,
    "delete an interface": delete_implements,
    "add a description": add_description,
}
