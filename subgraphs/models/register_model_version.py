"""`registerModelVersion`: the next version of a model, and the model with its first."""

from dataclasses import astuple, dataclass
from functools import partial
from typing import Any, Final, Self
from uuid import UUID

from uuid6 import uuid7

from subgraphs.kernel import global_id
from subgraphs.kernel.database import Connection, Database, visible
from subgraphs.kernel.idempotency import once
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.refusal import conflict, invalid, not_found
from subgraphs.models.inputs import RegisterModelVersionInput
from subgraphs.models.writes import check_name, model_changed

Json = Any

MAX_DIMENSION: Final = 32_768


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What is registered, its values checked."""

    project_id: UUID
    model_name: str
    modality: str
    artifact_uri: str
    embedding_dimension: int | None
    signature: Json
    tags: Json

    @classmethod
    def of(cls, token: InternalToken, input: RegisterModelVersionInput) -> Self:
        """Check an input. Raises: Refusal."""
        project = global_id.decode("Project", input.project_id)
        if project is None or project not in token.project_ids:
            raise not_found("project", "projectId")
        name = check_name("A name", input.model_name, "modelName")
        if input.embedding_dimension is not None and not 0 < input.embedding_dimension <= MAX_DIMENSION:
            raise invalid(f"A dimension is from 1 to {MAX_DIMENSION}.", "embeddingDimension")
        return cls(
            project_id=project,
            model_name=name,
            modality=input.modality.value,
            artifact_uri=input.artifact_uri,
            embedding_dimension=input.embedding_dimension,
            signature=None if input.signature is None else input.signature.to_json(),
            tags=input.tags,
        )


async def register_model_version(database: Database, token: InternalToken, input: RegisterModelVersionInput) -> UUID:
    """Register a version; its id. Raises: Refusal."""
    new = NewVersion.of(token, input)
    request = [str(new.project_id), *astuple(new)[1:]]
    async with database.as_tenant(token) as connection:
        run = partial(_register, connection, token, new)
        answer = await once(connection, token, "models.registerModelVersion", input.idempotency_key, request, run)
    return UUID(answer)


async def _register(connection: Connection, token: InternalToken, new: NewVersion) -> Json:
    model, id = await _hold_model(connection, token, new), uuid7()
    await connection.execute(
        "INSERT INTO models.model_version (id, tenant_id, project_id, owner_id, model_id, number, status, signature,"
        " artifact_uri, embedding_dimension)"
        " SELECT $1, $2, $3, $4, $5, coalesce(max(v.number), 0) + 1, 'READY', $6, $7, $8::int"
        " FROM models.model_version v WHERE v.model_id = $5",
        *(id, token.tenant, new.project_id, token.principal, model, new.signature, new.artifact_uri),
        new.embedding_dimension,
    )
    await model_changed(connection, token, model, new.model_name)
    return str(id)


async def _hold_model(connection: Connection, token: InternalToken, new: NewVersion) -> UUID:
    """Make or find the model, and hold it. Raises: Refusal if its name is another project's."""
    await connection.execute(
        "INSERT INTO models.registered_model (id, tenant_id, project_id, owner_id, name, modality, tags)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, name) DO NOTHING",
        *(uuid7(), token.tenant, new.project_id, token.principal, new.model_name, new.modality, new.tags),
    )
    model = await connection.fetchrow(
        f"SELECT m.id, m.project_id FROM models.registered_model m WHERE {visible('m')} AND m.name = $1 FOR UPDATE",
        new.model_name,
    )
    if model is None or model["project_id"] != new.project_id:
        raise conflict(f"The name '{new.model_name}' is taken.", "modelName")
    id: UUID = model["id"]
    return id
