"""The public gateways benchmark: its schema, its query, and records of the same number, keys and lengths.

One thing differs: what shipping costs comes of the representation, so that it shows whether what is required was sent.
"""

from __future__ import annotations

from itertools import cycle, islice
from typing import Any

from bench.graphs.graph import Graph, Record
from bench.planning_workload import SHOP

BODY_LENGTHS = {
    "1": (445, 289, 275, 143),
    "2": (445, 289, 275, 143),
    "3": (143,),
    "4": (143, 844),
}
"""Of the reviews of each product. Units: characters."""
PRODUCTS = (
    ("Table", 899, 100, True),
    ("Couch", 1299, 1000, False),
    ("Glass", 15, 20, False),
    ("Chair", 499, 100, False),
    ("TV", 1299, 1000, True),
    ("Lamp", 6999, 300, True),
    ("Grill", 3999, 2000, True),
    ("Fridge", 100000, 6000, False),
    ("Sofa", 9999, 800, True),
)
FREE_FROM = 1000


def _text(length: int) -> str:
    return "".join(islice(cycle("A table stands firmly, a chair less so. "), length))


def shipping_estimate(product: Record) -> int:
    """Say what a product costs to ship, by its price and its weight."""
    return 0 if product["price"] > FREE_FROM else product["weight"] // 2


def _user(number: int) -> dict[str, Any]:
    return {
        "__typename": "User",
        "id": str(number),
        "name": f"Reviewer Nr. {number}",
        "username": f"reviewer{number}",
        "birthday": 1234567890,
        "reviews": lambda _: REVIEWS[:2],
    }


def _product(upc: str, name: str, price: int, weight: int, in_stock: bool) -> dict[str, Any]:
    return {
        "__typename": "Product",
        "upc": upc,
        "name": name,
        "price": price,
        "weight": weight,
        "inStock": in_stock,
        "reviews": lambda _: [one for one in REVIEWS if one["product"] is BY_UPC[upc]],
    }


USERS = {str(number): _user(number) for number in range(1, 7)}
BY_UPC = {str(number): _product(str(number), *one) for number, one in enumerate(PRODUCTS, 1)}
for _one in BY_UPC.values():
    _one["shippingEstimate"] = shipping_estimate(_one)
REVIEWS: list[dict[str, Any]] = [
    {
        "__typename": "Review",
        "id": str(number),
        "body": _text(length),
        "product": BY_UPC[upc],
        "author": USERS["1"],
    }
    for number, (upc, length) in enumerate(((upc, one) for upc, some in BODY_LENGTHS.items() for one in some), 1)
]


def _entity(representation: Record) -> Record:
    kind = representation["__typename"]
    if kind == "User":
        return USERS[representation["id"]]
    if kind == "Review":
        return REVIEWS[int(representation["id"]) - 1]
    product = BY_UPC[representation["upc"]]
    if "price" not in representation:
        return {**product, "shippingEstimate": None}
    return {**product, "shippingEstimate": shipping_estimate(representation)}


SHOP_GRAPH = Graph(
    "shop",
    SHOP,
    {
        "me": USERS["1"],
        "users": list(USERS.values()),
        "user": lambda _, id: USERS[id],
        "topProducts": lambda _, first: list(BY_UPC.values())[:first],
    },
    _entity,
)
