"""A drawn federation, served by the test kit."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from graphql import (
    FieldDefinitionNode,
    GraphQLSchema,
    Visitor,
    build_schema,
    parse,
    parse_type,
    print_ast,
    print_schema,
    visit,
)

from router.snapshot import Snapshot
from schema.compose.compose import compose
from schema.subgraph import SubgraphSource
from tests import monolith
from tests.answers import Answer
from tests.drawn.contexts import add_context, link_contexts
from tests.drawn.data import records_of
from tests.drawn.directives import add_directives
from tests.drawn.federation_1 import age
from tests.drawn.hidden import hide
from tests.drawn.presence import draw_absences
from tests.drawn.roots import add_roots
from tests.drawn.sdl import sdl_of
from tests.drawn.split import cover, split
from tests.drawn.types import draw_types
from tests.drawn.variants import add_variants
from tests.drawn.verdict import Told, declared_errors, told_by
from tests.federation import Federation
from tests.records import Json, Records


class DoesNotCompose(AssertionError):
    """The composer refuses what is valid by construction."""


class DrawnFederation(Federation):
    """SDL and data that are in no folder. `log` is what the mutations of the last run did, in order."""

    def __init__(self, sdl: Mapping[str, str], data: Mapping[str, Json]) -> None:
        self.name = "drawn"
        self._sdl = dict(sdl)
        self._records = Records(data, {})
        self.data = data

    @cached_property
    def sdl(self) -> dict[str, str]:
        return self._sdl

    @cached_property
    def supergraph(self) -> str:
        composition = compose([SubgraphSource(name, f"http://{name}", sdl) for name, sdl in self._sdl.items()])
        if composition.supergraph_sdl is None:
            raise DoesNotCompose("\n".join(error.render() for error in composition.errors))
        return composition.supergraph_sdl

    @cached_property
    def snapshot(self) -> Snapshot:
        return Snapshot.load(self.supergraph)

    @cached_property
    def api_schema(self) -> GraphQLSchema:
        return self.snapshot.supergraph.api_schema

    def records(self) -> Records:
        self._records = Records(self.data, self._possible_types)
        return self._records

    @cached_property
    def _forgiving_schema(self) -> GraphQLSchema:
        """The API schema where any output may be null, so that no error takes others with it."""
        return build_schema(print_ast(visit(parse(print_schema(self.api_schema)), _Nullable())))

    def failing(self, query: str, variables: Mapping[str, Json]) -> frozenset[Told]:
        """Find where resolvers of the monolith fail, and what they say."""
        result = monolith.answer(self._forgiving_schema, query, variables, self.records())
        return told_by(Answer.of(result.formatted), declared_errors(self.data))

    @property
    def labels(self) -> frozenset[str]:
        """The labels of overrides."""
        return frozenset(re.findall(r'label: "([^"]*)"', " ".join(self.sdl.values())))

    @property
    def log(self) -> Json:
        return next(iter(self._records.of_type("Log")))["entries"]


class _Nullable(Visitor):
    """Takes the marks of what is never null from the types of fields."""

    def enter_field_definition(self, node: FieldDefinitionNode, *_: object) -> FieldDefinitionNode:
        return replace(node, type=parse_type(print_ast(node.type).replace("!", "")))


def draw_federation(rng: random.Random) -> DrawnFederation:
    """Draw a monolith, split it, and fill it with records."""
    world = draw_types(rng)
    split(world)
    add_roots(world)
    cover(world)
    add_variants(world)
    add_directives(world)
    add_context(world)
    hide(world)
    age(world)
    draw_absences(world)
    data = records_of(world, failing=rng.random() < 0.4)
    link_contexts(world, data)
    return DrawnFederation({name: sdl_of(world, name) for name in world.subgraphs}, data)
