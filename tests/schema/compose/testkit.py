"""Short ways to say which subgraphs are composed."""

from __future__ import annotations

from schema.compose import Composition, compose
from schema.subgraph import SubgraphSource

ENTITY = 'type T @key(fields: "id") { id: ID'

IMPORTS = (
    "@key @requires @provides @external @extends @shareable @override @inaccessible @tag @composeDirective"
    " @interfaceObject @authenticated @requiresScopes @policy @context @fromContext @cost @listSize"
)


def fed2(sdl: str, version: str = "v2.9", imports: str = IMPORTS) -> str:
    """Link federation, and import what the tests use."""
    names = ", ".join(f'"{name}"' for name in imports.split())
    return f'extend schema @link(url: "https://specs.apollo.dev/federation/{version}", import: [{names}])\n{sdl}'


def composed(**sdls: str) -> Composition:
    """Compose federation 2 subgraphs, by name."""
    return composed_raw(**{name: fed2(sdl) for name, sdl in sdls.items()})


def composed_raw(**sdls: str) -> Composition:
    """Compose subgraphs as they are written, by name."""
    return compose([SubgraphSource(name, f"http://{name}", sdl, f"{name}.graphql") for name, sdl in sdls.items()])


def codes(composition: Composition) -> list[str]:
    """The codes of all errors, sorted."""
    return sorted(error.code for error in composition.errors)


def hints(composition: Composition) -> list[str]:
    """The codes of all hints, sorted."""
    return sorted(hint.code for hint in composition.hints)


def definition(composition: Composition, name: str) -> str:
    """One type or directive of the supergraph, as printed; its lines joined with single spaces."""
    assert composition.supergraph_sdl is not None, [error.render() for error in composition.errors]
    for block in composition.supergraph_sdl.split("\n\n"):
        words = block.split()
        if len(words) > 1 and words[1].partition("(")[0] == name and not words[0].startswith('"'):
            return " ".join(words)
    raise AssertionError(f"no {name} in the supergraph")


def contextual(value: str) -> str:
    """A type with a field that takes an argument from a context."""
    return f'type U @key(fields: "id") {{ id: ID f(a: String @fromContext(field: "{value}")): Int @shareable }}'


def subgraphs(sdls: tuple[str, ...], *, raw: bool) -> dict[str, str]:
    """Names for the subgraphs; federation 2 is linked where it is not yet."""
    linked = [sdl if raw or "/federation/" in sdl else fed2(sdl) for sdl in sdls]
    return dict(zip("abc", linked, strict=False))
