"""What the mutations of the registry are told."""

import strawberry
from strawberry.scalars import JSON

from subgraphs.models.tensor_types import ModelSignatureInput, TensorInput
from subgraphs.models.types import Modality


@strawberry.input
class RegisterModelVersionInput:
    """A version to register; the model comes with its first version. `modality` counts only then."""

    idempotency_key: str
    project_id: strawberry.ID
    model_name: str
    artifact_uri: str
    modality: Modality = Modality.TEXT
    embedding_dimension: int | None = None
    signature: ModelSignatureInput | None = None
    tags: JSON | None = None
    client_mutation_id: str | None = None


@strawberry.input
class SetModelAliasInput:
    """An alias to point at a version; with `expectedVersionId` only if it points there until now."""

    idempotency_key: str
    model_name: str
    alias: str
    version_id: strawberry.ID
    expected_version_id: strawberry.ID | None = None
    client_mutation_id: str | None = None


@strawberry.input
class InferInput:
    """Tensors for the model behind an endpoint. `outputs` names those to answer; all of them if absent."""

    endpoint_id: strawberry.ID
    inputs: list[TensorInput]
    outputs: list[str] | None = None
    parameters: JSON | None = None
    timeout_ms: int = 10_000
    client_mutation_id: str | None = None
