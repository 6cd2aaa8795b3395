"""What the linked specs give to a subgraph: names of their elements there, and the definitions of these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graphql import DefinitionNode, DirectiveDefinitionNode, TypeDefinitionNode, parse

from schema.federation import (
    CONNECT,
    CONNECT_ELEMENTS,
    CONNECT_VERSIONS,
    FEDERATION,
    FEDERATION_1,
    FEDERATION_DIRECTIVES,
    FEDERATION_SCALARS,
    LATEST_FEDERATION,
    LINK,
    LINK_DEFINITIONS,
    SPEC_ELEMENTS,
    Element,
    Version,
)
from schema.link import Link

FED1_LINK = Link(
    FEDERATION,
    "federation",
    FEDERATION_1,
    "federation",
    imports={f"@{one.name}": f"@{one.name}" for one in FEDERATION_DIRECTIVES if one.since == FEDERATION_1}
    | {"FieldSet": "_FieldSet"},
)
LINK_ITSELF = Link(LINK, "link", Version(1, 0), "link")


@dataclass(frozen=True, slots=True)
class SpecElements:
    """Elements of all linked known specs. `directives` maps a name in the schema to the spec's name."""

    directives: Mapping[str, str]
    definitions: Mapping[str, DefinitionNode]
    """By name in the schema, a directive's with `@`."""

    def owns(self, definition: DefinitionNode) -> bool:
        """The definition is of a spec: ours is used in its place."""
        if isinstance(definition, DirectiveDefinitionNode):
            return f"@{definition.name.value}" in self.definitions
        return isinstance(definition, TypeDefinitionNode) and definition.name.value in self.definitions


def spec_elements(links: Iterable[Link]) -> SpecElements:
    """Collect what the links bring, under the names they give to it."""
    directives: dict[str, str] = {one: one for one in ("deprecated", "specifiedBy", "oneOf")}
    definitions: dict[str, DefinitionNode] = {}
    for link in links:
        if link.identity == LINK:
            definitions |= {_key(one): one for one in _link_definitions(link)}
        for element in elements_of(link):
            node = _definition(element, link)
            definitions[_key(node)] = node
            if element.is_directive:
                directives[link.directive_name(element.name)] = element.name
    return SpecElements(directives, definitions)


def is_known_federation(link: Link) -> bool:
    """The link is to a version of federation that there is."""
    version = link.version
    return link is FED1_LINK or (
        version is not None and version.major == LATEST_FEDERATION.major and version <= LATEST_FEDERATION
    )


def elements_of(link: Link) -> Iterator[Element]:
    """The elements that a known spec has in the linked version; none for other features."""
    everything = (*FEDERATION_DIRECTIVES, *FEDERATION_SCALARS)
    if link.identity == CONNECT:
        yield from CONNECT_ELEMENTS if link.version in CONNECT_VERSIONS else ()
    elif link.identity == FEDERATION:
        version = link.version if link.version is not None and is_known_federation(link) else Version(0, 0)
        yield from (one for one in everything if _has(version, one))
    elif link.identity in SPEC_ELEMENTS:
        wanted = SPEC_ELEMENTS[link.identity]
        yield from (one for one in everything if one.name in wanted and _has(LATEST_FEDERATION, one))


def _has(version: Version, element: Element) -> bool:
    return element.since <= version and (element.until is None or version < element.until)


def _definition(element: Element, link: Link) -> DefinitionNode:
    types = {one.name: link.type_name(one.name) for one in (*FEDERATION_SCALARS, *CONNECT_ELEMENTS)}
    name = f"@{link.directive_name(element.name)}" if element.is_directive else link.type_name(element.name)
    return parse(f"{element.keyword} {name}{element.sdl.format(**types)}").definitions[0]


def _link_definitions(link: Link) -> tuple[DefinitionNode, ...]:
    text = LINK_DEFINITIONS.replace("@link", f"@{link.alias}")
    for name in ("Purpose", "Import"):
        text = text.replace(f"link__{name}", link.type_name(name))
    return parse(text, no_location=True).definitions


def _key(node: DefinitionNode) -> str:
    if isinstance(node, DirectiveDefinitionNode):
        return f"@{node.name.value}"
    return node.name.value if isinstance(node, TypeDefinitionNode) else ""
