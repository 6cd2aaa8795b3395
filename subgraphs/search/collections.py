"""Collections made, and found by those who may write into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg
from uuid6 import uuid7

from subgraphs.kernel import global_id
from subgraphs.kernel.database import Connection, visible
from subgraphs.kernel.errors import SubgraphError
from subgraphs.kernel.events import entity_changed
from subgraphs.kernel.idempotency import once
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.refusal import conflict, invalid, not_found
from subgraphs.kernel.service_client import ServiceError
from subgraphs.search.context import State
from subgraphs.search.inputs import CreateCollectionInput
from subgraphs.search.records import CollectionRow, EmbeddingSpace
from subgraphs.search.store import COLLECTION

ACTOR: Final = "search"
MAX_NAME_CHARACTERS: Final = 128
EMBEDDING_MODEL: Final = """
query EmbeddingModel($id: ID!) { modelVersion(id: $id) { embeddingDimension model { name } } }
"""


class ModelsUnavailable(SubgraphError):
    """The models subgraph does not answer."""

    code = "MODELS_UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class NewCollection:
    """A collection to make, its values checked."""

    project_id: UUID
    name: str
    embedding_model_id: UUID

    @classmethod
    def of(cls, token: InternalToken, input: CreateCollectionInput) -> NewCollection:
        """Check an input. Raises: Refusal."""
        project = global_id.decode("Project", input.project_id)
        if project is None or project not in token.project_ids:
            raise not_found("project", "projectId")
        if not 0 < len(input.name.strip()) <= len(input.name) <= MAX_NAME_CHARACTERS:
            raise invalid(f"A name has 1 to {MAX_NAME_CHARACTERS} characters, not only blanks.", "name")
        model = global_id.decode("ModelVersion", input.embedding_model_id)
        if model is None:
            raise not_found("model version", "embeddingModelId")
        return cls(project, input.name, model)


async def create_collection(state: State, token: InternalToken, input: CreateCollectionInput) -> UUID:
    """Make a collection for a model that embeds; its id. Raises: Refusal, ModelsUnavailable."""
    new = NewCollection.of(token, input)
    space = await _space(state, token, input.embedding_model_id)
    request = [str(new.project_id), new.name, str(new.embedding_model_id)]
    async with state.database.as_tenant(token) as connection:

        async def run() -> str:
            return str(await _insert(connection, token, new, space))

        answer = await once(connection, token, "search.createCollection", input.idempotency_key, request, run)
    return UUID(answer)


async def writable_collection(connection: Connection, token: InternalToken, id: str) -> CollectionRow:
    """Find a collection of a project that the caller belongs to. Raises: Refusal."""
    row = await connection.fetchrow(
        f"SELECT {COLLECTION} FROM search.collection c WHERE {visible('c')} AND c.id = $1 AND c.project_id = ANY($2)",
        global_id.decode("Collection", id),
        token.project_ids,
    )
    if row is None:
        raise not_found("collection", "collectionId")
    return CollectionRow(**row)


async def _space(state: State, token: InternalToken, model_id: str) -> EmbeddingSpace:
    """Ask the models subgraph, as the caller, what the model is. Raises: Refusal, ModelsUnavailable."""
    try:
        data = await state.services.call("models", EMBEDDING_MODEL, {"id": model_id}, token, ACTOR)
    except ServiceError as error:
        raise ModelsUnavailable("The models cannot be asked now.") from error
    version = data["modelVersion"]
    if version is None:
        raise not_found("model version", "embeddingModelId")
    if version["embeddingDimension"] is None:
        raise invalid("This model does not embed.", "embeddingModelId")
    return EmbeddingSpace(version["model"]["name"], version["embeddingDimension"])


async def _insert(connection: Connection, token: InternalToken, new: NewCollection, space: EmbeddingSpace) -> UUID:
    id = uuid7()
    try:
        async with connection.transaction():
            await connection.execute(
                "INSERT INTO search.collection (id, tenant_id, project_id, owner_id, name, embedding_model_id,"
                " model_name, dimension) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                *(id, token.tenant, new.project_id, token.principal, new.name, new.embedding_model_id),
                *(space.model_name, space.dimension),
            )
    except asyncpg.UniqueViolationError as error:
        raise conflict(f"The project has a collection '{new.name}'.", "name") from error
    key = global_id.encode("Collection", id)
    project = global_id.encode("Project", new.project_id)
    await entity_changed(connection, "search", token, key, [f"collection:{key}", f"Project:{project}"])
    return id
