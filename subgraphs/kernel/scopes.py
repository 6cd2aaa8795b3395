"""Scopes of mutations, checked where the work is done, too: the router's check does not stand alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from graphql import GraphQLField, GraphQLResolveInfo
from strawberry.federation import Schema
from strawberry.federation.schema_directives import RequiresScopes
from strawberry.schema.schema_converter import GraphQLCoreConverter

from subgraphs.kernel.errors import Forbidden, Unauthenticated
from subgraphs.kernel.identity import InternalToken

Resolver = Callable[..., Any]
AnyOf = Sequence[Sequence[str]]
"""Sets of scopes; all of one are needed. Source: Federation, "@requiresScopes"."""


def enforce_scopes(schema: Schema) -> None:
    """Let mutations refuse callers whom their `@requiresScopes` does not admit.

    A service that acts for an initiator does what it was built for: the initiator was admitted where it began.
    """
    mutation = schema._schema.mutation_type
    for field in mutation.fields.values() if mutation else ():
        for scopes in _required(field):
            field.resolve = _guarded(field.resolve, scopes)


def _required(field: GraphQLField) -> Iterable[AnyOf]:
    definition = field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    return [one.scopes for one in definition.directives if isinstance(one, RequiresScopes)]


def _guarded(resolve: Resolver, scopes: AnyOf) -> Resolver:
    def guarded(source: object, info: GraphQLResolveInfo[Any], **arguments: object) -> object:
        token: InternalToken | None = info.context.token
        if token is None:
            raise Unauthenticated
        if token.actor is None and not any(token.scopes.issuperset(needed) for needed in scopes):
            raise Forbidden(f"'{info.field_name}' needs a scope that the token does not hold.")
        return resolve(source, info, **arguments)

    return guarded
