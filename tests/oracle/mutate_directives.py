"""Mutations of what federation says of a schema: keys, externals, links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from graphql import print_ast
from graphql.language import ast

from tests.oracle.scene import Edit, Scene, removed

Mutation = Callable[[Scene], Iterator[Edit]]
"""Every edit of one kind that the scene allows."""

DELETED = (
    *("key", "external", "shareable", "requires", "provides", "override"),
    *("inaccessible", "interfaceObject", "tag", "link", "context", "fromContext"),
)
VERSIONS = ("2.0", "2.3", "2.5", "2.9", "2.12")


def deletes(directive: str) -> Mutation:
    """Delete an application of a directive."""
    return lambda scene: removed(scene.applied(directive))


def on_field(directive: str, arguments: str = "") -> Mutation:
    """Apply a directive to a field."""
    return lambda scene: (scene.with_directive(field, directive, arguments) for _, field in scene.fields())


def on_type(directive: str, arguments: str = "") -> Mutation:
    """Apply a directive to a type."""
    return lambda scene: (scene.with_directive(block, directive, arguments) for block in scene.blocks())


def on_argument(directive: str, arguments: str = "") -> Mutation:
    """Apply a directive to an argument or an input field."""

    def edits(scene: Scene) -> Iterator[Edit]:
        for one in (*scene.arguments(), *scene.input_fields()):
            yield scene.with_directive(one, directive, arguments)

    return edits


def add_key(scene: Scene) -> Iterator[Edit]:
    for block, field in scene.fields():
        resolvable = scene.rng.choice(["", ", resolvable: false"])
        yield scene.with_directive(block, "key", f'(fields: "{field.name.value}"{resolvable})')


def make_key_unresolvable(scene: Scene) -> Iterator[Edit]:
    for one in scene.applied("key"):
        kept = tuple(argument for argument in one.arguments or () if argument.name.value == "fields")
        false = ast.ConstArgumentNode(name=ast.NameNode(value="resolvable"), value=ast.BooleanValueNode(value=False))
        yield one, replace(one, arguments=(*kept, false))


def change_field_set(scene: Scene) -> Iterator[Edit]:
    """Rename, add or drop a word in the field set of a key, `@requires` or `@provides`."""
    names = sorted({field.name.value for _, field in scene.fields()})
    for directive in ("key", "requires", "provides"):
        for one in scene.applied(directive):
            for argument in one.arguments or ():
                if isinstance(argument.value, ast.StringValueNode):
                    text = _other_field_set(scene, argument.value.value, names)
                    yield argument.value, replace(argument.value, value=text)


def _other_field_set(scene: Scene, text: str, names: list[str]) -> str:
    words = list(re.finditer(r"(?<![$.\w])\w+", text))
    name = scene.rng.choice(names)
    if not words or scene.rng.random() < 0.4:
        return f"{text} {name}"
    word = scene.rng.choice(words)
    return f"{text[: word.start()]}{name}{text[word.end() :]}"


def add_requires(scene: Scene) -> Iterator[Edit]:
    for block, field in scene.fields():
        sibling = scene.rng.choice(block.fields or ())
        yield scene.with_directive(field, "requires", f'(fields: "{sibling.name.value}")')


def add_provides(scene: Scene) -> Iterator[Edit]:
    fields = {block.name.value: block.fields or () for block in scene.composites()}
    for _, field in scene.fields():
        inner = fields.get(print_ast(field.type).strip("[]!"), ())
        if inner:
            yield scene.with_directive(field, "provides", f'(fields: "{scene.rng.choice(inner).name.value}")')


def add_override(scene: Scene) -> Iterator[Edit]:
    sources = [*scene.elsewhere(), scene.subgraph, "nobody"]
    for _, field in scene.fields():
        label = scene.rng.choice(["", "", ', label: "percent(5)"', ', label: "later"', ', label: "5"'])
        yield scene.with_directive(field, "override", f'(from: "{scene.rng.choice(sources)}"{label})')


def delete_import(scene: Scene) -> Iterator[Edit]:
    for link in scene.links():
        for argument in link.arguments or ():
            if argument.name.value == "import" and isinstance(argument.value, ast.ListValueNode):
                yield from removed(argument.value.values)


def rename_import(scene: Scene) -> Iterator[Edit]:
    """Import under another name, which nothing uses."""
    for edit in delete_import(scene):
        if isinstance(edit[0], ast.StringValueNode):
            name = edit[0].value
            fields = (_string_field("name", name), _string_field("as", f"{name}Renamed"))
            yield edit[0], ast.ConstObjectValueNode(fields=fields)


def _string_field(name: str, value: str) -> ast.ConstObjectFieldNode:
    return ast.ConstObjectFieldNode(name=ast.NameNode(value=name), value=ast.StringValueNode(value=value))


def change_federation_version(scene: Scene) -> Iterator[Edit]:
    for link in scene.links():
        for argument in link.arguments or ():
            value = argument.value
            if isinstance(value, ast.StringValueNode) and "/federation/" in value.value:
                url = f"{value.value.rpartition('/v')[0]}/v{scene.rng.choice(VERSIONS)}"
                yield value, replace(value, value=url)


def apply_twice(scene: Scene) -> Iterator[Edit]:
    """Repeat what is applied to a type or a field."""
    for one in scene.decorated():
        if one.directives:
            yield one, replace(one, directives=(*one.directives, scene.rng.choice(one.directives)))


OF_DIRECTIVES: dict[str, Mutation] = {
    **{f"delete @{name}": deletes(name) for name in DELETED},
    "add @shareable": on_field("shareable"),
    "add @external": on_field("external"),
    "add @inaccessible to a field": on_field("inaccessible"),
    "add @inaccessible to a type": on_type("inaccessible"),
    "add @inaccessible to an argument": on_argument("inaccessible"),
    "add @tag": on_field("tag", '(name: "public")'),
    "add @authenticated": on_field("authenticated"),
    "add @requiresScopes": on_field("requiresScopes", '(scopes: [["read"]])'),
    "add @cost": on_field("cost", "(weight: 3)"),
    "add @listSize": on_field("listSize", "(assumedSize: 3)"),
    "add @interfaceObject": on_type("interfaceObject"),
    "add @deprecated": on_field("deprecated", '(reason: "Old.")'),
    "add @key": add_key,
    "make a key unresolvable": make_key_unresolvable,
    "change a field set": change_field_set,
    "add @requires": add_requires,
    "add @provides": add_provides,
    "add @override": add_override,
    "delete an import": delete_import,
    "rename an import": rename_import,
    "change the federation version": change_federation_version,
    "apply a directive twice": apply_twice,
}
