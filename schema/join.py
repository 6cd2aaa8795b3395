"""The join directives of a supergraph, as data. Source: federation-directives, "join definitions by version"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import ConstDirectiveNode, NamedTypeNode, TypeNode, value_from_ast_untyped

Arguments = Mapping[str, Any]  # decoded arguments of one application: strings, booleans, None


@dataclass(frozen=True, slots=True)
class JoinType:
    """`@join__type`: the type is in this graph; `key` is one way to enter it there, None for none."""

    graph: str
    key: str | None = None
    resolvable: bool = True
    is_interface_object: bool = False
    is_extension: bool = False


@dataclass(frozen=True, slots=True)
class JoinContextArgument:
    """`join__ContextArgument`: an argument that no client gives; `selection` is read where `context` was set."""

    name: str
    type: str
    context: str
    selection: str


@dataclass(frozen=True, slots=True)
class JoinField:
    """`@join__field`: how one graph has the field; graph None: none has, an interface object stands for it."""

    graph: str | None
    requires: str | None = None
    provides: str | None = None
    type: str | None = None
    external: bool = False
    override: str | None = None
    override_label: str | None = None
    used_overridden: bool = False
    context_arguments: tuple[JoinContextArgument, ...] = ()


def applications(directives: Iterable[ConstDirectiveNode] | None, name: str) -> list[Arguments]:
    """Decode the arguments of every application of one directive."""
    return [
        {argument.name.value: value_from_ast_untyped(argument.value) for argument in directive.arguments or ()}
        for directive in directives or ()
        if directive.name.value == name
    ]


def join_types(directives: Iterable[ConstDirectiveNode] | None) -> tuple[JoinType, ...]:
    """Read `@join__type`, which repeats for each key."""
    return tuple(
        JoinType(
            graph=one["graph"],
            key=one.get("key"),
            resolvable=one.get("resolvable") is not False,
            is_interface_object=one.get("isInterfaceObject") is True,
            is_extension=one.get("extension") is True,
        )
        for one in applications(directives, "join__type")
    )


def join_fields(directives: Iterable[ConstDirectiveNode] | None) -> tuple[JoinField, ...]:
    """Read `@join__field`; none at all means the field is the same in every graph of its type."""
    return tuple(
        JoinField(
            graph=one.get("graph"),
            requires=one.get("requires"),
            provides=one.get("provides"),
            type=one.get("type"),
            external=one.get("external") is True,
            override=one.get("override"),
            override_label=one.get("overrideLabel"),
            used_overridden=one.get("usedOverridden") is True,
            context_arguments=tuple(
                JoinContextArgument(given["name"], given["type"], given["context"], given["selection"])
                for given in one.get("contextArguments") or ()
            ),
        )
        for one in applications(directives, "join__field")
    )


def named_type(node: TypeNode) -> tuple[str, int]:
    """The type beneath the wrappers, and how many of them are lists."""
    lists = 0
    while not isinstance(node, NamedTypeNode):
        lists += node.kind == "list_type"
        node = node.type  # type: ignore[attr-defined]  # list and non-null wrap a type
    return node.name.value, lists
