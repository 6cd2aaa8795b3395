"""Federations to plan over: the public gateways benchmark, many subgraphs, many types."""

from __future__ import annotations

from collections.abc import Mapping

from schema.compose.compose import compose
from schema.subgraph import SubgraphSource

LINK = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@shareable", "@external", "@requires", "@provides"])
"""

SHOP = {
    "accounts": """
      type Query { me: User user(id: ID!): User users: [User] }
      type User @key(fields: "id") { id: ID! name: String username: String @shareable birthday: Int }
    """,
    "inventory": """
      type Product @key(fields: "upc") {
        upc: String!
        weight: Int @external
        price: Int @external
        inStock: Boolean
        shippingEstimate: Int @requires(fields: "price weight")
      }
    """,
    "products": """
      type Query { topProducts(first: Int = 5): [Product] }
      type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }
    """,
    "reviews": """
      type Review @key(fields: "id") {
        id: ID!
        body: String
        author: User @provides(fields: "username")
        product: Product
      }
      type User @key(fields: "id") { id: ID! username: String @external reviews: [Review] }
      type Product @key(fields: "upc") { upc: String! reviews: [Review] }
    """,
}
SHOP_QUERY = """
fragment User on User { id username name }
fragment Review on Review { id body }
fragment Product on Product { inStock name price shippingEstimate upc weight }
query TestQuery {
  users { ...User reviews { ...Review product { ...Product reviews { ...Review author {
    ...User reviews { ...Review product { ...Product } } } } } } }
  topProducts { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } }
}
"""


def supergraph(subgraphs: Mapping[str, str]) -> str:
    """Compose them. Raises: ValueError if they do not compose."""
    sources = [SubgraphSource(name, f"http://127.0.0.1/{name}", LINK + sdl) for name, sdl in subgraphs.items()]
    composition = compose(sources)
    if composition.supergraph_sdl is None:
        raise ValueError(composition.errors)
    return composition.supergraph_sdl


def wide(subgraphs: int, fields: int) -> tuple[dict[str, str], str]:
    """One entity whose fields are spread over many subgraphs, and a query for all of them, a level deeper in each."""
    each = fields // subgraphs - 1
    sdl = {f"s{n}": _share(n, each) for n in range(subgraphs)}
    asked = " ".join(f"next{n} {{ id }} " + " ".join(f"f{n}x{one}" for one in range(each)) for n in range(subgraphs))
    return sdl, f"{{ item {{ {asked} }} }}"


def _share(number: int, fields: int) -> str:
    root = "type Query { item: Item }" if number == 0 else ""
    own = " ".join(f"f{number}x{one}: Int" for one in range(fields))
    return f'{root} type Item @key(fields: "id") {{ id: ID! {own} next{number}: Item }}'


def apart(types: int) -> tuple[dict[str, str], str]:
    """One interface, of which every type has a field of its own in another subgraph."""
    nodes = "".join(f'type T{n} implements Node @key(fields: "id") {{ id: ID! }}\n' for n in range(types))
    details = "".join(f'type T{n} @key(fields: "id") {{ id: ID! own{n}: Int }}\n' for n in range(types))
    asked = " ".join(f"... on T{n} {{ own{n} }}" for n in range(types))
    sdl = {"nodes": f"type Query {{ nodes: [Node!] }} interface Node {{ id: ID! }} {nodes}", "details": details}
    return sdl, f"{{ nodes {{ {asked} }} }}"


def split(types: int, levels: int) -> tuple[dict[str, str], str]:
    """One interface, a field of which two subgraphs resolve, each for every other type; level beneath level."""
    every = [f'type T{n} implements Node @key(fields: "id") {{ id: ID! next: [Node!]' for n in range(types)]
    even = "".join(f"{one} {'@external' if n % 2 else ''} }}\n" for n, one in enumerate(every))
    odd = "".join(f"{one} }}\n" if n % 2 else f"{one[: one.index('next')]} }}\n" for n, one in enumerate(every))
    query = "id"
    for _ in range(levels):
        query = f"id next {{ {query} }}"
    return {
        "even": f"type Query {{ nodes: [Node!] }} interface Node {{ id: ID! next: [Node!] }} {even}",
        "odd": f"interface Node {{ id: ID! }} {odd}",
    }, f"{{ nodes {{ {query} }} }}"


def large(subgraphs: int, types: int) -> dict[str, str]:
    """Many entities, each in two subgraphs and with a value type of its own."""
    parts: dict[int, list[str]] = {n: [] for n in range(subgraphs)}
    entities = types // 2
    for n in range(entities):
        parts[n % subgraphs].append(_entity(n))
        parts[(n + 1) % subgraphs].append(f'type E{n} @key(fields: "id") {{ id: ID! more{n}: Int extra: String }}')
    return {f"s{n}": f"type Query {{ q{n}: E{n} }} " + "\n".join(part) for n, part in parts.items()}


def _entity(number: int) -> str:
    return f"""
      type E{number} @key(fields: "id") {{ id: ID! name: String size: Int value: V{number} }}
      type V{number} {{ a: Int b: String c: [Int!] }}
    """
