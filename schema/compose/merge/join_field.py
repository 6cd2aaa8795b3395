"""`join__field`: where a field is, and how. Source: federation-directives, "When each is emitted"."""

from __future__ import annotations

from collections.abc import Mapping

from schema.compose.contexts import contextual_arguments
from schema.compose.merge.context import Merge, join
from schema.compose.merge.overrides import Overrides
from schema.elements import Application, Field, TypeDefinition
from schema.value import Value


def join_field(
    merge: Merge, parents: Mapping[str, TypeDefinition], sources: Mapping[str, Field], overrides: Overrides
) -> list[Application]:
    """One `join__field` for each subgraph with the field; none at all when nothing is remarkable anywhere."""
    kept = {name: one for name, one in sources.items() if name not in overrides.removed or name in overrides.labels}
    arguments = {name: _arguments(merge, parents[name], name, one, overrides) for name, one in kept.items()}
    types = {one.type for one in sources.values()}
    if len(kept) == len(parents) and len(types) == 1 and not any(_is_remarkable(one) for one in arguments.values()):
        return []
    return [
        join("field", graph=merge.graph(name), **(arguments[name] | {"type": one.type if len(types) > 1 else None}))
        for name, one in kept.items()
    ]


def _is_remarkable(arguments: Mapping[str, Value]) -> bool:
    """An override that overrides nothing is not."""
    return any(one is not None for name, one in arguments.items() if name != "override")


def _arguments(
    merge: Merge, parent: TypeDefinition, subgraph: str, source: Field, overrides: Overrides
) -> dict[str, Value]:
    origin = next((one.text("from") for one in source.applied("override")), None)
    return {
        "requires": _field_set(source, "requires"),
        "provides": _field_set(source, "provides"),
        "type": None,
        "external": merge.facts[subgraph].is_external(parent.name, source.name) or None,
        "override": origin,
        "usedOverridden": True if subgraph in overrides.used else None,
        "overrideLabel": overrides.labels.get(subgraph),
        "contextArguments": _context_arguments(subgraph, source) or None,
    }


def _context_arguments(subgraph: str, source: Field) -> list[Value]:
    return [
        {
            "context": f"{subgraph}__{one.context}",
            "name": one.argument.name,
            "type": one.argument.type,
            "selection": one.selection,
        }
        for one in contextual_arguments(source)
    ]


def _field_set(source: Field, element: str) -> str | None:
    return next((one.text("fields") for one in source.applied(element)), None)
