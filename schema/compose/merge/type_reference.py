"""Types of fields and arguments: which of several declared ones is the merged one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Protocol

from schema.compose.merge.context import Merge
from schema.elements import Kind
from schema.errors import subgraph_list


class Position(Enum):
    """Output types widen, input types narrow."""

    OUTPUT = "output"
    INPUT = "input"


class Typed(Protocol):
    """Something with a type."""

    @property
    def type(self) -> str: ...


def merge_type(merge: Merge, what: str, kind: str, sources: Mapping[str, Typed], position: Position) -> str:
    """Merge the types of a field or an argument; report those that do not go together, hint at those that differ.

    Shapes: kind is what codes call it, `FIELD` or `FIELD_ARGUMENT`; where there is no merged type, the first.
    """
    types = {subgraph: one.type for subgraph, one in sources.items()}
    merged = _fitting(merge, types, position)
    first = next(iter(types.values()))
    if merged is None:
        message = f"Type of {what} is incompatible across subgraphs: it has {describe(types, first)}"
        merge.report.error(f"{kind}_TYPE_MISMATCH", message, merge.locate(sources))
    elif len(set(types.values())) > 1:
        message = f"Type of {what} is inconsistent but compatible across subgraphs: will use {describe(types, merged)}."
        code = f"INCONSISTENT_BUT_COMPATIBLE_{kind.removeprefix('FIELD_')}_TYPE"
        merge.report.hint(code, message, merge.locate(sources))
    return merged or first


def _fitting(merge: Merge, types: Mapping[str, str], position: Position) -> str | None:
    """The one of the declared types that all others fit; None when there is none."""
    candidate, *others = types.values()
    for other in others:
        narrower, wider = (other, candidate) if position is Position.OUTPUT else (candidate, other)
        if is_subtype(merge, narrower, wider):
            continue
        if not is_subtype(merge, wider, narrower):
            return None
        candidate = other
    return candidate


def is_subtype(merge: Merge, narrower: str, wider: str) -> bool:
    """Every value of the first type is one of the second, in the merged schema."""
    if narrower == wider:
        return True
    if narrower.endswith("!"):
        return is_subtype(merge, narrower[:-1], wider.removesuffix("!"))
    if wider.endswith("!") or narrower.startswith("[") != wider.startswith("["):
        return False
    if narrower.startswith("["):
        return is_subtype(merge, narrower[1:-1], wider[1:-1])
    return _is_named_subtype(merge, narrower, wider)


def _is_named_subtype(merge: Merge, narrower: str, wider: str) -> bool:
    lower, upper = merge.types.get(narrower), merge.types.get(wider)
    if lower is None or upper is None:
        return False
    if upper.kind is Kind.UNION:
        return narrower in upper.members
    return upper.kind is Kind.INTERFACE and wider in lower.interfaces


def describe(types: Mapping[str, str], merged: str) -> str:
    """`type "A" in subgraph "x" but type "B" in subgraph "y"`."""
    groups: dict[str, list[str]] = {merged: []}
    for name, text in types.items():
        groups.setdefault(text, []).append(name)
    return join_groups({f'type "{text}"': names for text, names in groups.items() if names})


def join_groups(groups: Mapping[str, list[str]]) -> str:
    """Say who holds which value: the first "but" the second "and" the others."""
    parts = [f"{value} in {subgraph_list(names)}" for value, names in groups.items()]
    return " and ".join([" but ".join(parts[:2]), *parts[2:]])
