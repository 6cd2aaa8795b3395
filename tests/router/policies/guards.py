"""Draws demands, and who meets them."""

from __future__ import annotations

import random
from dataclasses import dataclass

from graphql import ConstDirectiveNode, ScalarTypeDefinitionNode, parse

from router.request import Identity

Alternatives = frozenset[frozenset[str]]

SCOPES, POLICIES = ("a", "b", "c"), ("p", "q")
HARMLESS: Alternatives = frozenset({frozenset()})


@dataclass(frozen=True, slots=True)
class Guard:
    """What is demanded at one place: all three of it."""

    somebody: bool = False
    scopes: Alternatives = HARMLESS
    policies: Alternatives = HARMLESS

    def __and__(self, other: Guard) -> Guard:
        return Guard(
            self.somebody or other.somebody, _both(self.scopes, other.scopes), _both(self.policies, other.policies)
        )

    def opens_to(self, caller: Identity | None) -> bool:
        scopes = caller.scopes if caller else frozenset[str]()
        policies = caller.policies if caller else frozenset[str]()
        return (
            (caller is not None or not self.somebody)
            and any(names <= scopes for names in self.scopes)
            and any(names <= policies for names in self.policies)
        )

    def directives(self) -> tuple[ConstDirectiveNode, ...]:
        """Write it, under names that need no import."""
        text = "@federation__authenticated " * self.somebody
        for name, argument, alternatives in (
            ("requiresScopes", "scopes", self.scopes),
            ("policy", "policies", self.policies),
        ):
            if alternatives != HARMLESS:
                lists = ", ".join(f"[{', '.join(map(_quoted, sorted(names)))}]" for names in alternatives)
                text += f"@federation__{name}({argument}: [{lists}]) "
        definition = parse(f"scalar S {text}").definitions[0]
        assert isinstance(definition, ScalarTypeDefinitionNode)
        return tuple(definition.directives or ())


OPEN = Guard()


def draw_guard(rng: random.Random) -> Guard:
    """Draw one directive, or two."""
    kinds = rng.sample(["somebody", "scopes", "policies"], rng.choice([1, 1, 2]))
    return Guard(
        "somebody" in kinds,
        _alternatives(rng, SCOPES) if "scopes" in kinds else HARMLESS,
        _alternatives(rng, POLICIES) if "policies" in kinds else HARMLESS,
    )


def draw_caller(rng: random.Random) -> Identity | None:
    """Draw who asks, nobody in particular among them."""
    if rng.random() < 0.25:
        return None
    scopes, policies = (frozenset(one for one in names if rng.random() < 0.5) for names in (SCOPES, POLICIES))
    return Identity("t", "ada", scopes, policies=policies)


def _both(one: Alternatives, other: Alternatives) -> Alternatives:
    return frozenset(names | others for names in one for others in other)


def _alternatives(rng: random.Random, names: tuple[str, ...]) -> Alternatives:
    return frozenset(frozenset(rng.sample(names, rng.choice([1, 1, 2]))) for _ in range(rng.choice([1, 1, 2])))


def _quoted(name: str) -> str:
    return f'"{name}"'
