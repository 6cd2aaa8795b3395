"""What the mutations of search answer."""

from __future__ import annotations

from typing import Annotated, cast

import strawberry
from strawberry.federation.schema_directives import Inaccessible

from subgraphs.kernel.federation import assumed_size
from subgraphs.kernel.graphql_types import ConflictError, IdempotencyError, NotFoundError, ValidationError
from subgraphs.kernel.refusal import Refusal
from subgraphs.search.types import Collection, Document

SearchError = Annotated[
    ValidationError | NotFoundError | ConflictError | IdempotencyError, strawberry.union("SearchError")
]


@strawberry.type
class CreateCollectionPayload:
    """The collection as made."""

    client_mutation_id: str | None = None
    collection: Collection | None = None
    errors: list[SearchError] = strawberry.field(default_factory=list)


@strawberry.type
class UpsertDocumentsPayload:
    """The documents as written, in the order given."""

    client_mutation_id: str | None = None
    documents: list[Document] | None = strawberry.field(default=None, directives=[assumed_size(50)])
    errors: list[SearchError] = strawberry.field(default_factory=list)


@strawberry.type
class DeleteDocumentsPayload:
    """What was there and is gone."""

    client_mutation_id: str | None = None
    deleted_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    errors: list[SearchError] = strawberry.field(default_factory=list)


@strawberry.type(directives=[Inaccessible()])
class IndexPayload:
    """How much was indexed when the step was done."""

    indexed: int = 0
    errors: list[SearchError] = strawberry.field(default_factory=list)


def errors_of(refusal: Refusal) -> list[SearchError]:
    """Show a refusal."""
    return cast("list[SearchError]", list(refusal.errors))
