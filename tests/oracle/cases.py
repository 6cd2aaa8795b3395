"""What is composed by all: the fixtures, the project's own subgraphs, the examples of codes, and mutations of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from graphql import DocumentNode, GraphQLSyntaxError, parse, print_ast

from schema.config import read_config
from schema.sources import load
from tests.federation import every_federation
from tests.oracle.mutate_directives import OF_DIRECTIVES, Mutation
from tests.oracle.mutate_types import OF_TYPES
from tests.oracle.scene import Scene, applied_edit, importing_all

CONFIG = Path(__file__).parents[2] / "deploy" / "registry" / "supergraph.yaml"
MUTATIONS: Mapping[str, Mutation] = {**OF_DIRECTIVES, **OF_TYPES}
ATTEMPTS = 60  # at edits of one case, before another base is taken


@dataclass(frozen=True, slots=True)
class Case:
    """A federation. Shapes: sdl by subgraph; mutations by name, in their order."""

    name: str
    sdl: Mapping[str, str]
    mutations: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return " + ".join([self.name, *self.mutations])


def valid_cases() -> list[Case]:
    """Every fixture, and the project's own subgraphs."""
    own = Case("fedra", {one.name: one.sdl for one in load(read_config(CONFIG))})
    return [Case(one.name, one.sdl) for one in every_federation()] + [own]


def mutated_cases(count: int, seed: int) -> Iterator[Case]:
    """Draw so many federations, each with one to three mutations; kinds are drawn alike often, bases too."""
    rng = random.Random(seed)  # noqa: S311 - nothing is secret here
    bases = [(one.name, {name: importing_all(parse(sdl)) for name, sdl in one.sdl.items()}) for one in valid_cases()]
    for _ in range(count):
        yield next(case for case in _drawn(rng, bases) if case is not None)


def _drawn(rng: random.Random, bases: list[tuple[str, dict[str, DocumentNode]]]) -> Iterator[Case | None]:
    while True:
        name, documents = rng.choice(bases)
        yield _mutated(rng, name, documents, rng.choice((1, 1, 1, 2, 3)))


def _mutated(rng: random.Random, base: str, documents: Mapping[str, DocumentNode], wanted: int) -> Case | None:
    done: list[str] = []
    for _ in range(ATTEMPTS):
        kind, subgraph = rng.choice(list(MUTATIONS)), rng.choice(list(documents))
        edits = list(MUTATIONS[kind](Scene(documents, subgraph, rng)))
        if edits:
            edit = rng.choice(edits)
            documents = {**documents, subgraph: applied_edit(documents[subgraph], edit)}
            done.append(kind)
        if len(done) == wanted:
            return _printed(base, documents, done)
    return None


def _printed(base: str, documents: Mapping[str, DocumentNode], done: list[str]) -> Case | None:
    """Print the documents; None if one is empty or otherwise no GraphQL any more, which no composer is asked."""
    sdl = {name: print_ast(document) for name, document in documents.items()}
    try:
        for text in sdl.values():
            parse(text)
    except GraphQLSyntaxError:
        return None
    return Case(base, sdl, tuple(done))
