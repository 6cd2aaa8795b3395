"""A plan as code: what each fetch asks for, and the client's answer."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from router.compiled.collect import Collecting
from router.compiled.held import Source, sources_of
from router.compiled.layout import Layout
from router.compiled.names import Names
from router.compiled.places import Places
from router.compiled.project import PROJECT, Projecting
from router.compiled.represent import Representing
from router.compiled.runtime import CALLED
from router.compiled.uncompilable import Uncompilable
from router.execution.interpret import asked_alike
from router.execution.runtime_types import RuntimeTypes, runtime_types
from router.execution.shapes import Shape
from router.operation.printing import used_variables
from router.planner.model import EntitySelection, Fetch, QueryPlan, RootSelection
from router.request import Json
from schema.supergraph import Supergraph

MAX_NODES = 30_000
"""Of the syntax tree of one program: more code takes longer to make than it can save."""

BYTES_PER_NODE = 50
"""Of a syntax tree, that its code takes."""

Table = Mapping[Any, Json]
Tables = Sequence[Table]
"""What came for each source: the root, or entities by the keys of their representations."""
Collected = tuple[Sequence[Mapping[str, Json]], Sequence[Mapping[Any, Any]]]
"""Representations, each distinct one once, and for each path the keys with the index of what they stand for.

Of one path alone the keys are in the order of the representations, and need no index.
"""
Collect = Callable[[Tables], Collected]


@dataclass(frozen=True, slots=True)
class Asked:
    """One ask of a fetch: a root selection, or entities at the paths of several sources.

    `variables` are those of the client that it uses.
    """

    select: RootSelection | EntitySelection
    sources: Sequence[int]
    variables: frozenset[str]
    collect: Collect | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A compiled plan for one shape of the answer. Shapes: asked by id of the fetch."""

    types: RuntimeTypes
    sources: int
    asked: Sequence[Sequence[Asked]]
    project: Callable[[Tables], dict[str, Json]]
    size: int = 0
    """What it takes, roughly. Units: bytes."""


def compile_plan(plan: QueryPlan, shape: Shape, supergraph: Supergraph) -> Program:
    """Write a plan as Python code. Takes milliseconds. Raises: Uncompilable."""
    sources = sources_of(plan, shape.type.name, supergraph.schema)
    layout, names, types = Layout(sources), Names(dict(CALLED)), runtime_types(supergraph.schema)
    places = Places(layout, Representing(layout, types, names), names)
    collecting = Collecting(layout, places, names, supergraph.schema, shape.type.name)
    groups = [_groups(fetch, sources) for fetch in plan.fetches]
    collectors = {
        one[0].index: collecting.write(f"collect{one[0].index}", one)
        for group in groups
        for one in group
        if isinstance(one[0].select, EntitySelection)
    }
    project = Projecting(layout, places, names, supergraph.api_schema).write(shape)
    functions = [*collectors.values(), project]
    nodes = sum(1 for one in functions for _ in ast.walk(one))
    if nodes > MAX_NODES:
        raise Uncompilable("too much code")
    written = _load(functions, names)
    asked = tuple(tuple(_asked(one, written) for one in group) for group in groups)
    return Program(types, len(sources), asked, written[PROJECT], nodes * BYTES_PER_NODE)


def _groups(fetch: Fetch, sources: Sequence[Source]) -> Sequence[Sequence[Source]]:
    """Put the sources of a fetch together that are asked alike."""
    by_select = {id(one.select): one for one in sources}
    return [[by_select[id(select)] for select in selects] for selects in asked_alike(fetch)]


def _asked(sources: Sequence[Source], written: Mapping[str, Any]) -> Asked:
    select = sources[0].select
    collect = written.get(f"collect{sources[0].index}")
    return Asked(select, tuple(one.index for one in sources), used_variables(select.selection), collect)


def _load(functions: Sequence[ast.stmt], names: Names) -> dict[str, Any]:
    """Make functions of code, one after the other: meanwhile Python runs nothing else. Raises: Uncompilable."""
    loaded = ModuleType("query_plan")
    loaded.__dict__.update(names.globals)
    for function in functions:
        module = ast.fix_missing_locations(ast.Module([function], []))
        try:
            compiled = compile(module, "<query plan>", "exec")
        except (SyntaxError, RecursionError, MemoryError) as error:
            raise Uncompilable("too deep") from error
        exec(compiled, loaded.__dict__)  # noqa: S102  # code of our own making, of which no text came from outside
    return loaded.__dict__
