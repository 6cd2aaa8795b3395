"""What the registry is told, and inference through an endpoint."""

import time
from dataclasses import astuple
from typing import Annotated, Any, Final
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from subgraphs.kernel import global_id
from subgraphs.kernel.database import Connection
from subgraphs.kernel.errors import Unauthenticated
from subgraphs.kernel.federation import assumed_size, cost, requires_scopes
from subgraphs.kernel.graphql_types import (
    ConflictError,
    IdempotencyError,
    NotFoundError,
    UserError,
    ValidationError,
)
from subgraphs.kernel.idempotency import once
from subgraphs.kernel.identity import InternalToken
from subgraphs.models.context import Info
from subgraphs.models.endpoint_client import EndpointUnavailable, InferenceRefused
from subgraphs.models.registration import (
    AliasMoved,
    ForeignModel,
    NewVersion,
    find_version,
    register_version,
    set_alias,
)
from subgraphs.models.tensor_types import ModelSignatureInput, TensorInput, TensorOutput
from subgraphs.models.types import Modality, RegisteredModel
from subgraphs.models.version_types import ModelVersion

Json = Any

MAX_TIMEOUT_MS: Final = 30_000
MAX_NAME_CHARACTERS: Final = 128
MAX_DIMENSION: Final = 32_768


@strawberry.type
class ModelNotReadyError(UserError):
    """The endpoint cannot answer now."""

    code: str = "MODEL_NOT_READY"
    retry_after_seconds: int | None = None


Failure = ValidationError | NotFoundError | ConflictError | IdempotencyError | ModelNotReadyError
ModelError = Annotated[Failure, strawberry.union("ModelError")]


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


@strawberry.type
class Mutation:
    """Writes of the registry, and inference."""

    @strawberry.mutation(directives=[requires_scopes("models:write")])
    async def register_model_version(self, info: Info, input: RegisterModelVersionInput) -> RegisterModelVersionPayload:
        answer = await _register(info, input)
        if isinstance(answer, Failure):
            return RegisterModelVersionPayload(client_mutation_id=input.client_mutation_id, errors=[answer])
        version = await ModelVersion.by_id(info, UUID(answer))
        return RegisterModelVersionPayload(client_mutation_id=input.client_mutation_id, version=version)

    @strawberry.mutation(directives=[requires_scopes("models:write")])
    async def set_model_alias(self, info: Info, input: SetModelAliasInput) -> SetModelAliasPayload:
        error = await _set_alias(info, input)
        model = None if error else await RegisteredModel.by_name(info, input.model_name)
        return SetModelAliasPayload(
            client_mutation_id=input.client_mutation_id, model=model, errors=[error] if error else []
        )

    @strawberry.mutation(directives=[requires_scopes("models:infer"), cost(100)])
    async def infer(self, info: Info, input: InferInput) -> InferPayload:
        """Ask a model and wait for it; what takes long belongs in a task."""
        answer = await _infer(info, input)
        if isinstance(answer, Failure):
            return InferPayload(client_mutation_id=input.client_mutation_id, errors=[answer])
        answer.client_mutation_id = input.client_mutation_id
        return answer


async def _register(info: Info, input: RegisterModelVersionInput) -> str | Failure:
    token = _caller(info)
    project = global_id.decode("Project", input.project_id)
    if project is None or project not in token.project_ids:
        return NotFoundError(message="There is no such project.", path=["projectId"])
    if not 0 < len(input.model_name) <= MAX_NAME_CHARACTERS:
        return ValidationError(message=f"A name has 1 to {MAX_NAME_CHARACTERS} characters.", path=["modelName"])
    if input.embedding_dimension is not None and not 0 < input.embedding_dimension <= MAX_DIMENSION:
        return ValidationError(message=f"A dimension is from 1 to {MAX_DIMENSION}.", path=["embeddingDimension"])
    signature = None if input.signature is None else input.signature.to_json()
    new = NewVersion(
        project_id=project,
        model_name=input.model_name,
        modality=input.modality.value,
        artifact_uri=input.artifact_uri,
        embedding_dimension=input.embedding_dimension,
        signature=signature,
        tags=input.tags,
    )
    request = [str(project), *astuple(new)[1:]]
    try:
        async with info.context.state.database.as_tenant(token) as connection:

            async def run() -> Json:
                return str(await register_version(connection, token, new))

            return await once(connection, token, "models.registerModelVersion", input.idempotency_key, request, run)
    except ForeignModel:
        return ConflictError(message=f"The name '{new.model_name}' is taken.", path=["modelName"])


async def _set_alias(info: Info, input: SetModelAliasInput) -> Failure | None:
    token = _caller(info)
    if not 0 < len(input.alias) <= MAX_NAME_CHARACTERS:
        return ValidationError(message=f"An alias has 1 to {MAX_NAME_CHARACTERS} characters.", path=["alias"])
    request = [input.model_name, input.alias, input.version_id, input.expected_version_id]
    try:
        async with info.context.state.database.as_tenant(token) as connection:

            async def run() -> Json:
                return await _point(connection, token, input)

            answer = await once(connection, token, "models.setModelAlias", input.idempotency_key, request, run)
    except _Refused as refused:
        return refused.error
    return answer if isinstance(answer, Failure) else None


class _Refused(Exception):
    """Carries the error out of the transaction, which is rolled back."""

    def __init__(self, error: Failure) -> None:
        self.error = error


async def _point(connection: Connection, token: InternalToken, input: SetModelAliasInput) -> Json:
    """Set the alias. Raises: _Refused, so that the idempotency key stays free."""
    id = global_id.decode("ModelVersion", input.version_id)
    version = None if id is None else await find_version(connection, input.model_name, id)
    if version is None or version["project_id"] not in token.project_ids:
        raise _Refused(NotFoundError(message="There is no such version of this model.", path=["versionId"]))
    expected = None
    if input.expected_version_id is not None:
        expected = global_id.decode("ModelVersion", input.expected_version_id) or UUID(int=0)
    try:
        await set_alias(connection, token, version, input.alias, expected)
    except AliasMoved as moved:
        raise _Refused(
            ConflictError(message=str(moved), path=["expectedVersionId"], current_version=moved.number)
        ) from moved
    return True


async def _infer(info: Info, input: InferInput) -> InferPayload | Failure:
    token = _caller(info)
    key = global_id.decode("ServingEndpoint", input.endpoint_id)
    endpoint = None if key is None else await info.context.loaders.endpoints.load(key)
    if endpoint is None:
        return NotFoundError(message="There is no such endpoint.", path=["endpointId"])
    if not 0 < input.timeout_ms <= MAX_TIMEOUT_MS:
        return ValidationError(message=f"'timeoutMs' is from 1 to {MAX_TIMEOUT_MS}.", path=["timeoutMs"])
    started = time.perf_counter()
    try:
        outputs = await info.context.state.endpoint_client.infer(
            endpoint, _oip_request(input), token, input.timeout_ms / 1000
        )
    except InferenceRefused as refused:
        return ValidationError(message=str(refused), path=["inputs"])
    except EndpointUnavailable as unavailable:
        return ModelNotReadyError(message=str(unavailable), path=["endpointId"], retry_after_seconds=5)
    return InferPayload(
        outputs=[TensorOutput.of(one) for one in outputs],
        served_by=await ModelVersion.by_id(info, endpoint.version_id),
        latency_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def _oip_request(input: InferInput) -> Json:
    request: dict[str, Json] = {"inputs": [one.to_json() for one in input.inputs]}
    if input.outputs:
        request["outputs"] = [{"name": name} for name in input.outputs]
    if input.parameters is not None:
        request["parameters"] = input.parameters
    return request


def _caller(info: Info) -> InternalToken:
    if info.context.token is None:
        raise Unauthenticated
    return info.context.token
