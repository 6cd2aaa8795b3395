"""Schemas to mount: of graphql-core and of Strawberry, with the same answers."""

from __future__ import annotations

import strawberry
from graphql import GraphQLError, GraphQLResolveInfo, build_schema

from router.request import Json

Info = GraphQLResolveInfo[Json]


async def _me(_: Json, info: Info) -> str | None:
    authorization: str | None = info.context.headers.get("authorization")
    return authorization


async def _entities(_: Json, _info: Info, representations: list[Json]) -> list[Json]:
    return [{"__typename": "Product", "title": f"title of {one['upc']}"} for one in representations]


async def _fails(_: Json, _info: Info) -> None:
    raise RuntimeError("secret")


async def _refuses(_: Json, _info: Info) -> None:
    raise GraphQLError("no", extensions={"code": "REFUSED"})


PRODUCTS = build_schema("""
scalar _Any
type Query { me: String fails: Int refuses: Int _entities(representations: [_Any!]!): [_Entity]! }
union _Entity = Product
type Product { title: String }
""")
assert PRODUCTS.query_type
for _name, _resolve in {"me": _me, "fails": _fails, "refuses": _refuses, "_entities": _entities}.items():
    PRODUCTS.query_type.fields[_name].resolve = _resolve

NOTES = build_schema("""
type Query { notes: [Note!] fails: Int }
interface Note { id: ID! text: String }
type Memo implements Note { id: ID! text: String }
""")


async def _notes(_: Json, _info: Info) -> list[Json]:
    return [{"__typename": "Memo", "id": "h", "text": "at home"}]


assert NOTES.query_type
NOTES.query_type.fields["notes"].resolve = _notes
NOTES.query_type.fields["fails"].resolve = _fails


@strawberry.federation.type(keys=["upc"])
class Product:
    """An entity."""

    upc: strawberry.ID

    @classmethod
    async def resolve_reference(cls, upc: strawberry.ID) -> Product:
        return cls(upc=upc)

    @strawberry.field
    async def title(self) -> str:
        return f"title of {self.upc}"


@strawberry.type
class Query:
    """The root."""

    @strawberry.field
    async def me(self, info: strawberry.Info) -> str | None:
        authorization: str | None = info.context.headers.get("authorization")
        return authorization

    @strawberry.field
    async def fails(self) -> int | None:
        raise RuntimeError("secret")

    @strawberry.field
    async def refuses(self) -> int | None:
        raise GraphQLError("no", extensions={"code": "REFUSED"})


STRAWBERRY = strawberry.federation.Schema(query=Query, types=[Product])
