"""`@link`: which specs a schema uses, and what their elements are called in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    ConstDirectiveNode,
    DocumentNode,
    EnumValueNode,
    ListValueNode,
    ObjectValueNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
    ValueNode,
)

from schema.federation import CORE, LINK, Version

_VERSION = re.compile(r"v(\d+)\.(\d+)")
_IMPORTED = re.compile(r"@?[_A-Za-z]\w*", re.ASCII)


class InvalidLink(ValueError):
    """A `@link` that cannot be read; `node` is where."""

    def __init__(self, message: str, code: str, node: ConstDirectiveNode) -> None:
        super().__init__(message)
        self.code = code
        self.node = node


@dataclass(frozen=True, slots=True)
class Link:
    """One linked spec: `imports` says how elements (`@key`, `FieldSet`) are called in this schema."""

    identity: str
    name: str
    version: Version | None
    alias: str
    purpose: str | None = None
    imports: Mapping[str, str] = field(default_factory=dict)
    node: ConstDirectiveNode | None = None

    def directive_name(self, element: str) -> str:
        """Name in this schema of the spec's directive (without `@`)."""
        imported = self.imports.get(f"@{element}")
        if imported is not None:
            return imported[1:]
        return self.alias if element == self.name else f"{self.alias}__{element}"

    def type_name(self, element: str) -> str:
        """Name in this schema of the spec's type."""
        return self.imports.get(element) or f"{self.alias}__{element}"

    def directive_element(self, name: str) -> str | None:
        """What the spec calls the directive that has this name here; None when it is not of this spec."""
        for element, imported in self.imports.items():
            if imported == f"@{name}":
                return element[1:]
        if name == self.alias:
            return None if f"@{self.name}" in self.imports else self.name
        return name.removeprefix(f"{self.alias}__") if name.startswith(f"{self.alias}__") else None

    def owns_type(self, name: str) -> bool:
        """A type of this name is of the spec."""
        return name.startswith(f"{self.alias}__") or name in self.imports.values()


def directive_name(links: Iterable[Link], identity: str, element: str) -> str:
    """What a schema with these links calls the directive of a spec; the spec's own name where nothing links it."""
    return next((link.directive_name(element) for link in links if link.identity == identity), element)


def read_links(document: DocumentNode) -> tuple[Link, ...]:
    """Read the `@link` (or legacy `@core`) applications of a schema, itself first as written.

    Raises: InvalidLink on a malformed URL or import.
    """
    applications = list(_schema_directives(document))
    name = _bootstrap_name(applications)
    return tuple(_read(node) for node in applications if node.name.value == name)


def _schema_directives(document: DocumentNode) -> Iterator[ConstDirectiveNode]:
    for definition in document.definitions:
        if isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode):
            yield from definition.directives or ()


def _bootstrap_name(applications: Iterable[ConstDirectiveNode]) -> str:
    """What `@link` is called here: it links itself, under the name it is used by."""
    for node in applications:
        url = _url(node)
        if url is not None and url.rpartition("/")[0].rstrip("/") in {LINK, CORE}:
            alias = _string(_argument(node, "as"))
            if node.name.value == (alias or url.rstrip("/").split("/")[-2]):
                return node.name.value
    return "link"


def _read(node: ConstDirectiveNode) -> Link:
    url = _url(node)
    if url is None:
        raise InvalidLink('Missing argument "url" of "@link".', "INVALID_LINK_IDENTIFIER", node)
    identity, name, version = parse_url(url, node)
    purpose = _argument(node, "for")
    return Link(
        identity,
        name,
        version,
        _string(_argument(node, "as")) or name,
        purpose.value if isinstance(purpose, EnumValueNode) else None,
        _imports(node),
        node,
    )


def parse_url(url: str, node: ConstDirectiveNode) -> tuple[str, str, Version | None]:
    """Split the URL of a spec into identity, name and version. Source: core schemas, "Feature URLs"."""
    head, _, last = url.rpartition("/")
    match = _VERSION.fullmatch(last)
    if match is None:
        if url.startswith("https://specs.apollo.dev/") or not last:
            message = f'Invalid @link URL "{url}": expected a version like "v1.0" as its last part.'
            raise InvalidLink(message, "INVALID_LINK_IDENTIFIER", node)
        return url, last, None
    host, _, path = head.partition("://")[2].rstrip("/").partition("/")
    name = path.rpartition("/")[2]
    if not host or not name:
        message = f'Invalid @link URL "{url}": expected the name of the feature before its version.'
        raise InvalidLink(message, "INVALID_LINK_IDENTIFIER", node)
    return head.rstrip("/"), name, Version(int(match[1]), int(match[2]))


def _imports(node: ConstDirectiveNode) -> dict[str, str]:
    value = _argument(node, "import")
    items = value.values if isinstance(value, ListValueNode) else ()
    imports: dict[str, str] = {}
    for name, alias in (_import(item, node) for item in items):
        if imports.setdefault(name, alias) != alias:
            message = f'Cannot import "{name}" both as "{imports[name]}" and as "{alias}": remove one of the imports.'
            raise InvalidLink(message, "INVALID_LINK_DIRECTIVE_USAGE", node)
    return imports


def _import(item: ValueNode, node: ConstDirectiveNode) -> tuple[str, str]:
    if isinstance(item, StringValueNode):
        return item.value, item.value
    if isinstance(item, ObjectValueNode):
        fields = {one.name.value: _string(one.value) or "" for one in item.fields}
        if "name" in fields and fields.keys() <= {"name", "as"} and all(map(_IMPORTED.fullmatch, fields.values())):
            return fields["name"], _renamed(fields["name"], fields.get("as", fields["name"]), node)
    message = 'Invalid import of "@link": expected a string, or an object with a "name" and maybe an "as".'
    raise InvalidLink(message, "INVALID_LINK_DIRECTIVE_USAGE", node)


def _renamed(name: str, alias: str, node: ConstDirectiveNode) -> str:
    if name.startswith("@") != alias.startswith("@"):
        message = (
            f'Invalid import of "@link": "{name}" is imported as "{alias}": write "@" before both or before neither.'
        )
        raise InvalidLink(message, "INVALID_LINK_DIRECTIVE_USAGE", node)
    return alias


def _url(node: ConstDirectiveNode) -> str | None:
    return _string(_argument(node, "url")) or _string(_argument(node, "feature"))


def _argument(node: ConstDirectiveNode, name: str) -> ValueNode | None:
    return next((one.value for one in node.arguments or () if one.name.value == name), None)


def _string(value: ValueNode | None) -> str | None:
    return value.value if isinstance(value, StringValueNode) else None
