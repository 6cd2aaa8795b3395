"""Items without end, each of which differs: whoever asks for an id gets a record whose texts hold it."""

from __future__ import annotations

from bench.graphs.graph import Graph, Record

SDL = {
    "items": """
      type Query { items(first: Int!): [Item!]! pick(ids: [ID!]!): [Item!]! }
      type Item @key(fields: "id") { id: ID! name: String! price: Int! weight: Int! }
    """,
    "stock": """
      type Item @key(fields: "id") {
        id: ID! price: Int! @external weight: Int! @external
        inStock: Boolean! shippingEstimate: Int! @requires(fields: "price weight")
      }
    """,
    "reviews": """
      type Item @key(fields: "id") { id: ID! review: Review! }
      type Review { stars: Int! body: String! author: Person! }
      type Person @key(fields: "id") { id: ID! }
    """,
    "people": 'type Person @key(fields: "id") { id: ID! name: String! }',
}


def _person(id: str) -> Record:
    return {"__typename": "Person", "id": id, "name": f"Person {id}"}


def _item(id: str) -> Record:
    number = int(id.rpartition("-")[2])
    price, weight = 100 + number, 10 + number % 90
    return {
        "__typename": "Item",
        "id": id,
        "name": f"Item {id}",
        "price": price,
        "weight": weight,
        "inStock": number % 3 != 0,
        "shippingEstimate": price // 10 + weight,
        "review": {"stars": 1 + number % 5, "body": f"What there is to say of {id}.", "author": _person(id)},
    }


def _entity(representation: Record) -> Record:
    if representation["__typename"] == "Person":
        return _person(representation["id"])
    item = dict(_item(representation["id"]))
    if "price" not in representation:
        return {**item, "shippingEstimate": None}
    return {**item, "shippingEstimate": representation["price"] // 10 + representation["weight"]}


CATALOG = Graph(
    "catalog",
    SDL,
    {
        "items": lambda _, first: [_item(f"item-{number}") for number in range(first)],
        "pick": lambda _, ids: [_item(id) for id in ids],
    },
    _entity,
)
