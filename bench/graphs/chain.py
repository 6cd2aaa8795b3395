"""Ten subgraphs in a row: each knows the key of what the next one holds."""

from __future__ import annotations

from bench.graphs.graph import Graph, Record

HOPS = 10


def _sdl(hop: int) -> str:
    query = "type Query { hop0: Hop0! }" if hop == 0 else ""
    following = f"hop{hop + 1}: Hop{hop + 1}!" if hop + 1 < HOPS else ""
    other = f'type Hop{hop + 1} @key(fields: "id") {{ id: ID! }}' if hop + 1 < HOPS else ""
    return f'{query} type Hop{hop} @key(fields: "id") {{ id: ID! name: String! {following} }} {other}'


def _record(hop: int) -> Record:
    return {
        "__typename": f"Hop{hop}",
        "id": f"id-{hop}",
        "name": f"hop number {hop}",
        f"hop{hop + 1}": lambda _: _record(hop + 1),
    }


def query() -> str:
    """Ask for every hop."""
    text = ""
    for hop in reversed(range(HOPS)):
        text = f"hop{hop} {{ name {text} }}"
    return f"{{ {text} }}"


CHAIN = Graph(
    "chain",
    {f"hop{hop}": _sdl(hop) for hop in range(HOPS)},
    {"hop0": _record(0)},
    lambda representation: _record(int(representation["__typename"].removeprefix("Hop"))),
)
