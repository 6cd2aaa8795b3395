"""How a subgraph's schema is made: federation 2.9, the caching directives, the scalars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import Enum

import strawberry
from graphql import GraphQLError, OperationDefinitionNode, Undefined
from strawberry.extensions import ParserCache, SchemaExtension, ValidationCache
from strawberry.federation import Schema
from strawberry.federation.schema_directive import Location, schema_directive
from strawberry.federation.schema_directives import Authenticated, Cost, Key, ListSize, Policy, RequiresScopes
from strawberry.federation.types import FieldSet
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types import ExecutionContext
from strawberry.types.scalar import ScalarDefinition

from subgraphs.kernel.scopes import enforce_scopes

CACHING = "https://specs.fedra.dev/caching/v0.1"
DOCUMENTS = 512

NAMED_ONLY = Key(fields=FieldSet("id"), resolvable=False)
"""The key of an entity that this subgraph names, and another resolves."""


@strawberry.enum(name="caching__Scope")
class CacheScope(Enum):
    """With whom a cached value may be shared."""

    PUBLIC = "PUBLIC"
    TENANT = "TENANT"
    PRIVATE = "PRIVATE"


@schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.OBJECT, Location.INTERFACE, Location.UNION],
    name="cacheControl",
    compose=True,
    import_url=CACHING,
)
class CacheControl:
    """How long, and with whom, a value may be shared. Units: seconds."""

    max_age: int | None = strawberry.directive_field(name="maxAge", default=strawberry.UNSET)
    scope: CacheScope | None = strawberry.UNSET
    swr: int | None = strawberry.UNSET


@schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.OBJECT],
    name="cacheTag",
    repeatable=True,
    compose=True,
    import_url=CACHING,
)
class CacheTag:
    """A name under which a cached value is purged."""

    format: str


def requires_scopes(*scopes: str) -> RequiresScopes:
    """Ask for all of these scopes."""
    return RequiresScopes(scopes=[list(scopes)])


def policy(name: str) -> Policy:
    """Ask for one policy."""
    return Policy(policies=[[name]])


def authenticated() -> Authenticated:
    """Ask for a login."""
    return Authenticated()


def cost(weight: int) -> Cost:
    """Weigh a field for demand control."""
    return Cost(weight=weight)


def assumed_size(size: int) -> ListSize:
    """Say how long a list without paging is reckoned to be."""
    return _list_size(assumed_size=size)


def sized_by(*arguments: str, edges: bool = True, one_required: bool = False) -> ListSize:
    """Say which arguments bound a list; in a connection they bound its `edges`."""
    return _list_size(slicing_arguments=list(arguments), sized_fields=["edges"] if edges else None, one=one_required)


def _list_size(
    *,
    assumed_size: int | None = None,
    slicing_arguments: list[str] | None = None,
    sized_fields: list[str] | None = None,
    one: bool | None = None,
) -> ListSize:
    absent = strawberry.UNSET
    return ListSize(
        assumed_size=absent if assumed_size is None else assumed_size,
        slicing_arguments=absent if slicing_arguments is None else slicing_arguments,
        sized_fields=absent if sized_fields is None else sized_fields,
        require_one_slicing_argument=absent if one is None else one,
    )


def _parse_date_time(value: object) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    if moment is None or moment.tzinfo is None:
        raise ValueError("A DateTime is a text of RFC 3339 with an offset, such as '2025-01-31T12:00:00Z'.")
    return moment


def _print_date_time(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


DATE_TIME = ScalarDefinition(
    name="DateTime",
    description="A moment, in the form of RFC 3339.",
    specified_by_url="https://scalars.graphql.org/andimarek/date-time",
    serialize=_print_date_time,
    parse_value=_parse_date_time,
    parse_literal=None,
)


class OneOperation(SchemaExtension):
    """Refuses a document of several operations of which none is named; Strawberry would run the first."""

    def on_parse(self) -> Iterator[None]:
        yield
        context = self.execution_context
        definitions = context.graphql_document.definitions if context.graphql_document else ()
        operations = [one for one in definitions if isinstance(one, OperationDefinitionNode)]
        if len(operations) > 1 and context._provided_operation_name is None:
            raise CannotGetOperationTypeError(None)


class _Schema(Schema):
    """Leaves errors to `execution`: it logs what was not expected, and never a document."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        pass


def federation_schema(query: type, mutation: type | None = None, types: Iterable[type] = ()) -> Schema:
    """Build the schema of a subgraph; parsed and validated documents are kept."""
    schema = _Schema(
        query=query,
        mutation=mutation,
        types=types,
        federation_version="2.9",
        config=StrawberryConfig(scalar_map={datetime: DATE_TIME}),
        extensions=[OneOperation, lambda: ParserCache(DOCUMENTS), lambda: ValidationCache(DOCUMENTS)],
    )
    _drop_null_defaults(schema)
    enforce_scopes(schema)
    return schema


def _drop_null_defaults(schema: Schema) -> None:
    """Let an argument that Python defaults to None have no default in the graph: left out is not null.

    Strawberry then calls with Python's own default, so that nothing else changes.
    """
    types = schema._schema.type_map.values()
    fields = [field for one in types for field in getattr(one, "fields", {}).values()]
    for value in [*fields, *(argument for field in fields for argument in getattr(field, "args", {}).values())]:
        if getattr(value, "default_value", Undefined) is None:
            value.default_value = Undefined
