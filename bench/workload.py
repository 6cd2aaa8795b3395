"""A federation of three subgraphs over generated data, and one plain schema over the same data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLSchema, build_schema

from router.fetch.in_process import InProcessSource
from router.fetch.subgraph_request import SubgraphRequest
from schema.compose.compose import compose
from schema.subgraph import SubgraphSource

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n'
SUBGRAPHS = {
    "accounts": 'type User @key(fields: "id") { id: ID! name: String! }',
    "products": """type Query { products: [Product!]! }
      type Product @key(fields: "upc") { upc: ID! name: String! price: Int }""",
    "reviews": """type Product @key(fields: "upc") { upc: ID! reviews: [Review!]! }
      type Review { body: String! stars: Int! author: User! }  type User @key(fields: "id") { id: ID! }""",
}
MONOLITH = """type Query { products: [Product!]! }
  type Product { upc: ID! name: String! price: Int reviews: [Review!]! }
  type Review { body: String! stars: Int! author: User! }  type User { id: ID! name: String! }"""
QUERY = "{ products { upc name price reviews { body stars author { id name } } } }"


def data(products: int) -> list[dict[str, Any]]:
    """Products with two reviews each, every author a user of its own."""
    return [
        {"upc": str(n), "name": f"Product {n}", "price": n, "reviews": [_review(n, one) for one in range(2)]}
        for n in range(products)
    ]


def _review(product: int, one: int) -> dict[str, Any]:
    author = {"id": f"{product}-{one}", "name": f"User {product}-{one}"}
    return {"body": f"Review {one} of product {product}", "stars": one, "author": author}


def supergraph() -> str:
    """Compose the three. Raises: ValueError if they do not compose."""
    sources = [SubgraphSource(name, f"http://127.0.0.1/{name}", LINK + sdl) for name, sdl in SUBGRAPHS.items()]
    composition = compose(sources)
    if composition.supergraph_sdl is None:
        raise ValueError(composition.errors)
    return composition.supergraph_sdl


def monolith() -> GraphQLSchema:
    """The same graph as one schema."""
    return build_schema(MONOLITH)


def source(products: list[dict[str, Any]]) -> InProcessSource:
    """Subgraphs that answer from memory at once, so that what is measured is the router."""
    reviews = {one["upc"]: {"reviews": [_keyed(review) for review in one["reviews"]]} for one in products}
    users = {r["author"]["id"]: {"name": r["author"]["name"]} for one in products for r in one["reviews"]}
    listed = [{"__typename": "Product", **{key: one[key] for key in ("upc", "name", "price")}} for one in products]

    async def answer_products(_: SubgraphRequest) -> Mapping[str, Any]:
        return {"data": {"products": listed}}

    async def answer_reviews(request: SubgraphRequest) -> Mapping[str, Any]:
        return {"data": {"_entities": [reviews[one["upc"]] for one in _representations(request)]}}

    async def answer_accounts(request: SubgraphRequest) -> Mapping[str, Any]:
        return {"data": {"_entities": [users[one["id"]] for one in _representations(request)]}}

    return InProcessSource({"products": answer_products, "reviews": answer_reviews, "accounts": answer_accounts})


def _keyed(review: dict[str, Any]) -> dict[str, Any]:
    return {**review, "author": {"__typename": "User", "id": review["author"]["id"]}}


def _representations(request: SubgraphRequest) -> list[dict[str, Any]]:
    representations: list[dict[str, Any]] = next(iter(request.variables.values()))
    return representations
