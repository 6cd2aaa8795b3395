"""What a schema is made of, as data: used for each subgraph and for the supergraph that is merged from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from graphql import (
    ListTypeNode,
    NamedTypeNode,
    Node,
    NonNullTypeNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    TypeNode,
)

from schema.value import Value


class Kind(Enum):
    """The kinds of type, as messages call them."""

    OBJECT = "Object Type"
    INTERFACE = "Interface Type"
    UNION = "Union Type"
    ENUM = "Enum Type"
    INPUT = "Input Object Type"
    SCALAR = "Scalar Type"


@dataclass(frozen=True, slots=True)
class Application:
    """One applied directive. `element` is what the known spec it belongs to calls it; `block` where it was written."""

    name: str
    arguments: Mapping[str, Value] = field(default_factory=dict)
    element: str | None = None
    block: int = 0
    node: Node | None = None

    def text(self, argument: str) -> str:
        """The argument as a string, "" when it is none."""
        value = self.arguments.get(argument)
        return value if isinstance(value, str) else ""


class Annotated:
    """Something directives are applied to."""

    __slots__ = ()
    applications: tuple[Application, ...]

    def applied(self, element: str) -> list[Application]:
        """Applications of a directive of a known spec, by the spec's name for it."""
        return [one for one in self.applications if one.element == element]

    def has(self, element: str) -> bool:
        return any(one.element == element for one in self.applications)


@dataclass(frozen=True, slots=True)
class Schema(Annotated):
    """The schema itself, beside its types."""

    applications: tuple[Application, ...] = ()
    description: str | None = None
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class Default:
    """A default value; there is one even when it is null."""

    value: Value


@dataclass(frozen=True, slots=True)
class InputValue(Annotated):
    """An argument or a field of an input object."""

    name: str
    type: str
    default: Default | None = None
    description: str | None = None
    applications: tuple[Application, ...] = ()
    node: Node | None = None

    @property
    def is_required(self) -> bool:
        return self.type.endswith("!") and self.default is None


@dataclass(frozen=True, slots=True)
class Field(Annotated):
    """A field of an object or interface."""

    name: str
    type: str
    arguments: Mapping[str, InputValue] = field(default_factory=dict)
    description: str | None = None
    applications: tuple[Application, ...] = ()
    block: int = 0
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class EnumValue(Annotated):
    """A value of an enum."""

    name: str
    description: str | None = None
    applications: tuple[Application, ...] = ()
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One declaration of a type: its definition, or an extension of it."""

    is_extension: bool
    node: TypeDefinitionNode | TypeExtensionNode


@dataclass(frozen=True, slots=True)
class TypeDefinition(Annotated):
    """A named type, all its blocks joined. Only what its kind has is filled."""

    name: str
    kind: Kind
    blocks: tuple[Block, ...] = ()
    description: str | None = None
    applications: tuple[Application, ...] = ()
    interfaces: tuple[str, ...] = ()
    fields: Mapping[str, Field] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    values: Mapping[str, EnumValue] = field(default_factory=dict)
    input_fields: Mapping[str, InputValue] = field(default_factory=dict)

    @property
    def node(self) -> Node | None:
        """Where the type is first written."""
        return self.blocks[0].node if self.blocks else None

    @property
    def is_only_extended(self) -> bool:
        """No block defines it: the definition must be in another subgraph."""
        return all(block.is_extension for block in self.blocks)

    @property
    def merged_kind(self) -> Kind:
        """The kind it has in the supergraph: an interface object stands for an interface."""
        return Kind.INTERFACE if self.is_interface_object else self.kind

    @property
    def is_interface_object(self) -> bool:
        return self.has("interfaceObject")


@dataclass(frozen=True, slots=True)
class DirectiveDefinition:
    """The definition of a directive."""

    name: str
    locations: tuple[str, ...]
    is_repeatable: bool = False
    arguments: Mapping[str, InputValue] = field(default_factory=dict)
    description: str | None = None
    node: Node | None = None


def base_type(type_text: str) -> str:
    """The named type inside lists and non-null."""
    return type_text.strip("[]!")


def type_text(node: TypeNode) -> str:
    """Write a type as SDL does."""
    match node:
        case NamedTypeNode():
            return node.name.value
        case NonNullTypeNode():
            return f"{type_text(node.type)}!"
        case ListTypeNode():
            return f"[{type_text(node.type)}]"
        case _:
            raise TypeError(f"not a type: {node.kind}")
