"""The registry as it is written: versions registered, aliases moved."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from uuid6 import uuid7

from subgraphs.kernel import global_id
from subgraphs.kernel.database import Connection, visible
from subgraphs.kernel.events import entity_changed
from subgraphs.kernel.identity import InternalToken

Json = Any


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What is registered."""

    project_id: UUID
    model_name: str
    modality: str
    artifact_uri: str
    embedding_dimension: int | None
    signature: Json
    tags: Json


class ForeignModel(Exception):
    """The model's name is taken by another project of the tenant."""


class AliasMoved(Exception):
    """The alias does not point where the caller believes; `version` is where it points."""

    def __init__(self, number: int | None) -> None:
        super().__init__("The alias was moved by someone else.")
        self.number = number


async def register_version(connection: Connection, token: InternalToken, new: NewVersion) -> UUID:
    """Add the next version of a model, the model too if its name is new; the version's id. Raises: ForeignModel."""
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
        raise ForeignModel(new.model_name)
    id = uuid7()
    await connection.execute(
        "INSERT INTO models.model_version (id, tenant_id, project_id, owner_id, model_id, number, status, signature,"
        " artifact_uri, embedding_dimension)"
        " SELECT $1, $2, $3, $4, $5, coalesce(max(v.number), 0) + 1, 'READY', $6, $7, $8::int"
        " FROM models.model_version v WHERE v.model_id = $5",
        *(id, token.tenant, new.project_id, token.principal, model["id"], new.signature, new.artifact_uri),
        new.embedding_dimension,
    )
    await _model_changed(connection, token, model["id"], new.model_name)
    return id


async def set_alias(
    connection: Connection, token: InternalToken, version: asyncpg.Record, alias: str, expected: UUID | None
) -> None:
    """Point an alias at a version that `find_version` found. Raises: AliasMoved if it does not point at `expected`."""
    current = await connection.fetchrow(
        "SELECT a.version_id, v.number FROM models.model_alias a JOIN models.model_version v ON v.id = a.version_id"
        " WHERE a.model_id = $1 AND a.name = $2 FOR UPDATE OF a",
        version["model_id"],
        alias,
    )
    if expected is not None and (current is None or current["version_id"] != expected):
        raise AliasMoved(None if current is None else current["number"])
    await connection.execute(
        "INSERT INTO models.model_alias (tenant_id, model_id, name, version_id) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (model_id, name) DO UPDATE SET version_id = excluded.version_id",
        *(token.tenant, version["model_id"], alias, version["id"]),
    )
    await _model_changed(connection, token, version["model_id"], version["model_name"])


async def find_version(connection: Connection, model_name: str, id: UUID) -> asyncpg.Record | None:
    """Find a version of a model, and hold its model against others who write to it."""
    return await connection.fetchrow(
        "SELECT v.id, v.model_id, v.project_id, m.name AS model_name FROM models.model_version v"
        f" JOIN models.registered_model m ON m.id = v.model_id WHERE {visible('v')} AND v.id = $1 AND m.name = $2"
        " FOR UPDATE OF m",
        id,
        model_name,
    )


async def _model_changed(connection: Connection, token: InternalToken, id: UUID, name: str) -> None:
    key = global_id.encode("RegisteredModel", id)
    await entity_changed(connection, "models", token, key, ["models", f"model:{name}", f"RegisteredModel:{key}"])
