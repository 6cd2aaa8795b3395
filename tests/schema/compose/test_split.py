"""A valid schema, split over subgraphs at random, composes back to itself."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from graphql import build_schema, lexicographic_sort_schema, parse, print_schema

from schema.api_schema import to_api_schema
from tests.schema.compose.testkit import composed

SEED = random.SystemRandom().randrange(10**9)
LEAVES = ("Int", "String!", "[Float!]", "Color", "Boolean")
WHOLE = {
    "Color": "enum Color { RED GREEN BLUE }",
    "Filter": "input Filter { color: Color = RED, above: Int!, tags: [String!] }",
}
"""What stands alike wherever it is used."""


class Draw:
    """A schema of entities, values, an interface and a union, with the subgraphs that each field is in.

    Shapes: fields by type, then by name: its text and its subgraphs.
    """

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.subgraphs = [f"s{number}" for number in range(rng.randint(2, 4))]
        self.entities = [f"E{number}" for number in range(rng.randint(2, 5))]
        self.values = [f"V{number}" for number in range(rng.randint(1, 3))]
        self.nodes = rng.sample(self.entities, rng.randint(1, len(self.entities)))
        self.members = rng.sample(self.entities, rng.randint(1, len(self.entities)))
        self.types = [*self.entities, *self.values, "Node", "Any"]
        self.fields = {"Query": {f"of{one}": self._field(one) for one in self.types}}
        for one in self.entities:
            self.fields[one] = {f"f{number}": self._field(rng.choice([*LEAVES, *self.types])) for number in range(3)}
        for one in self.values:
            self.fields[one] = {f"v{number}": (rng.choice(LEAVES), self.subgraphs) for number in range(2)}

    def _field(self, base: str) -> tuple[str, list[str]]:
        homes = self.rng.sample(self.subgraphs, self.rng.choice([1, 1, 1, 2]))
        return (self.rng.choice(["{}", "{}", "[{}]", "[{}!]"]).format(base) if base in self.types else base), homes

    def monolith(self) -> str:
        return "\n".join([*WHOLE.values(), *(self._definition(name, None) for name in ("Query", *self.types))])

    def subgraph(self, subgraph: str) -> str:
        """Print what the subgraph has, and what that refers to."""
        printed: dict[str, str] = {}
        wanted = ["Query", *(one for one in self.entities if list(self._own(one, subgraph)))]
        while wanted:
            name = wanted.pop()
            if name not in printed:
                printed[name] = self._definition(name, subgraph)
                wanted += self.nodes if name == "Node" else [one for one in self.types if one in printed[name]]
        return "\n".join([*WHOLE.values(), *printed.values()])

    def _own(self, name: str, subgraph: str | None) -> Iterator[str]:
        for field, (text, homes) in self.fields[name].items():
            if subgraph is None or subgraph in homes:
                shared = " @shareable" if subgraph and len(homes) > 1 else ""
                arguments = "(by: Filter, first: Int = 3)" if field == "f1" else ""
                yield f"{field}{arguments}: {text}{shared}"

    def _definition(self, name: str, subgraph: str | None) -> str:
        if name == "Any":
            return f"union Any = {' | '.join(self.members)}"
        if name == "Node":
            return "interface Node { id: ID! }"
        own = list(self._own(name, subgraph))
        if name in self.entities:
            own.insert(0, "id: ID!")
        head = f"type {name}{' implements Node' if name in self.nodes else ''}"
        key = ' @key(fields: "id")' if subgraph and name in self.entities else ""
        return f"{head}{key} {{ {' '.join(own)} }}" if own else ""


@pytest.mark.parametrize("number", range(60))
def test_a_split_schema_composes_back_to_itself(number: int) -> None:
    draw = Draw(random.Random(SEED + number))  # noqa: S311 - no secret
    composition = composed(**{one: draw.subgraph(one) for one in draw.subgraphs})
    told = f"seed {SEED + number}: {[error.render() for error in composition.errors]}"
    assert composition.supergraph_sdl is not None, told
    api_schema = to_api_schema(parse(composition.supergraph_sdl))
    monolith = build_schema(draw.monolith())
    assert print_schema(lexicographic_sort_schema(api_schema)) == print_schema(lexicographic_sort_schema(monolith)), (
        told
    )
