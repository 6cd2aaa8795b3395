"""What the mutations of the registry answer."""

from typing import Annotated, cast

import strawberry

from subgraphs.kernel.federation import assumed_size
from subgraphs.kernel.graphql_types import ConflictError, IdempotencyError, NotFoundError, UserError, ValidationError
from subgraphs.kernel.refusal import Refusal
from subgraphs.models.tensor_types import TensorOutput
from subgraphs.models.types import RegisteredModel
from subgraphs.models.version_types import ModelVersion


@strawberry.type
class ModelNotReadyError(UserError):
    """The endpoint cannot answer now."""

    code: str = "MODEL_NOT_READY"
    retry_after_seconds: int | None = None


ModelError = Annotated[
    ValidationError | NotFoundError | ConflictError | IdempotencyError | ModelNotReadyError,
    strawberry.union("ModelError"),
]


@strawberry.type
class RegisterModelVersionPayload:
    """The version as registered."""

    client_mutation_id: str | None = None
    version: ModelVersion | None = None
    errors: list[ModelError] = strawberry.field(default_factory=list)


@strawberry.type
class SetModelAliasPayload:
    """The model whose alias was set."""

    client_mutation_id: str | None = None
    model: RegisteredModel | None = None
    errors: list[ModelError] = strawberry.field(default_factory=list)


@strawberry.federation.type
class InferPayload:
    """The model's tensors, the version they come from, and how long it took."""

    client_mutation_id: str | None = None
    outputs: list[TensorOutput] | None = strawberry.field(default=None, directives=[assumed_size(3)])
    served_by: ModelVersion | None = None
    latency_ms: float | None = None
    errors: list[ModelError] = strawberry.field(default_factory=list)


def errors_of(refusal: Refusal) -> list[ModelError]:
    """Show a refusal."""
    return cast("list[ModelError]", list(refusal.errors))
