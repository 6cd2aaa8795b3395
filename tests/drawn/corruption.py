"""What subgraphs may answer that they should not: drawn anew for each request, the same for whoever asks it."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphql import GraphQLSchema, is_object_type

from router.fetch.subgraph_request import SubgraphRequest
from router.request import Json

LEAVES: Sequence[Json] = (
    *(None, None, None, True, False, 0, 1, -1, 1.0, -0.0, 0.5, 1e300, 2**31, 2**53 + 1, 2**70, -(2**31) - 1),
    *("", "1", "1.0", "true", "null", "\u0000", "\U0001f600", "a text", "__typename"),
)
COMPOSITES: Sequence[Json] = ([], [None], [[]], [1, "1"], [[None], []], {}, {"id": "1"}, {"id": None, "nested": [{}]})
STRANGERS: Sequence[Json] = ("Nobody", "", None, 7, True, ["Query"], {"name": "Query"})
PATHS: Sequence[Json] = (None, [], "0", [True], [1.5], [0, "id"], [99], [-1], ["nothing", 0])

Body = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Corruption:
    """Changes responses: how much of them, in parts of one, is `rate`; `types` are the names of object types.

    An entity is changed alike wherever it stands among those that are asked for. What was not asked for is not added,
    and an object that is known by an abstract type is of no other: see "Two engines" in docs/testing.md.
    """

    seed: int
    rate: float
    types: Sequence[str] = ()

    @classmethod
    def draw(cls, seed: int, schema: GraphQLSchema) -> Corruption:
        """Draw how much is changed."""
        types = tuple(sorted(name for name, one in schema.type_map.items() if is_object_type(one)))
        return cls(seed, random.Random(seed).choice((0.01, 0.03, 0.1)), types)  # noqa: S311 - nothing is secret here

    def __call__(self, request: SubgraphRequest, body: Body) -> Body:
        """Change one response, or leave it as it is."""
        lists = {name for name in request.variables if name.startswith("representations")}
        others = {name: value for name, value in request.variables.items() if name not in lists}
        rng = self._rng(request.subgraph, request.query, others)
        data = body.get("data")
        errors = list(body.get("errors") or ())
        if not isinstance(data, dict) or rng.random() < 0.3:
            return body
        changed = {}
        for key, value in data.items():
            sent = _representations(request.variables, key)
            if sent is None:
                changed[key] = self._change(value, rng)
                if rng.random() < self.rate:
                    errors.append(_error(rng, [key]))
            else:
                changed[key] = self._entities(key, value, sent, rng, errors)
        if rng.random() < self.rate / 2:
            errors.append(_error(rng, rng.choice(PATHS)))
        if rng.random() < self.rate / 4:
            return {"errors": [*errors, _error(rng, None)]}
        return {"data": changed, **({"errors": errors} if errors else {})}

    def _entities(self, key: str, entities: Json, sent: Sequence[Json], rng: random.Random, errors: list[Json]) -> Json:
        if not isinstance(entities, list):
            return entities
        changed = []
        for at, (entity, representation) in enumerate(zip(entities, sent, strict=True)):
            own = self._rng(key, representation)
            one = self._change(entity, own)
            if own.random() < self.rate:
                below = [one for one in entity or () if own.random() < 0.5][:1]
                errors.append(_error(own, [key, at, *below]))
                one = None if own.random() < 0.7 and not below else one
            changed.append(one)
        match rng.randrange(int(12 / self.rate)):
            case 0:
                return changed[1:]
            case 1:
                return [*changed, None]
            case 2:
                return rng.choice(COMPOSITES)
            case _:
                return changed

    def _change(self, value: Json, rng: random.Random, name: str = "") -> Json:
        """Change a value at some places, chosen without regard to what stands there."""
        if rng.random() < self.rate:
            return self._other(value, rng, name)
        if isinstance(value, dict):
            kept = [key for key in value if rng.random() >= self.rate / 4]
            return {key: self._change(value[key], rng, key) for key in kept}
        if isinstance(value, list):
            return [self._change(one, rng) for one in value]
        return value

    def _other(self, value: Json, rng: random.Random, name: str) -> Json:
        if name == "__typename":
            return rng.choice((*STRANGERS, *self.types, *self.types) if value in self.types else STRANGERS)
        if isinstance(value, list) and rng.random() < 0.6:
            return rng.choice((value[1:], [*value, None], value * 2, [value], value[::-1], [*value, *COMPOSITES]))
        if isinstance(value, dict) and rng.random() < 0.5:
            return rng.choice((None, [value], dict(reversed(value.items()))))
        return rng.choice(LEAVES if rng.random() < 0.75 else COMPOSITES)

    def _rng(self, *about: Json) -> random.Random:
        return random.Random(f"{self.seed} {json.dumps(about, sort_keys=True)}")  # noqa: S311 - nothing is secret here


def _representations(variables: Mapping[str, Json], key: str) -> Sequence[Json] | None:
    """Find what was sent for a response name, if it is one of `_entities`."""
    names = ("representations", f"representations_{key}") if key == "_entities" else (f"representations_{key}",)
    return next((variables[name] for name in names if name in variables), None)


def _error(rng: random.Random, path: Json) -> Json:
    told = {"message": rng.choice(("Broken.", "Gone.", 7)), "path": path}
    return told if rng.random() < 0.7 else {**told, "extensions": {"code": "BROKEN", "hint": [1]}}
