"""`setModelAlias`: a name of a model, pointed at one of its versions."""

from functools import partial
from typing import Any
from uuid import UUID

import asyncpg

from subgraphs.kernel import global_id
from subgraphs.kernel.database import Connection, Database, visible
from subgraphs.kernel.idempotency import once
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.refusal import conflict, not_found
from subgraphs.models.inputs import SetModelAliasInput
from subgraphs.models.writes import check_name, model_changed

Json = Any


async def set_model_alias(database: Database, token: InternalToken, input: SetModelAliasInput) -> None:
    """Point an alias at a version. Raises: Refusal, also if it does not point where the caller believes."""
    check_name("An alias", input.alias, "alias")
    request = [input.model_name, input.alias, input.version_id, input.expected_version_id]
    async with database.as_tenant(token) as connection:
        run = partial(_point, connection, token, input)
        await once(connection, token, "models.setModelAlias", input.idempotency_key, request, run)


async def _point(connection: Connection, token: InternalToken, input: SetModelAliasInput) -> Json:
    version = await _hold_version(connection, token, input)
    await _check_expected(connection, version["model_id"], input)
    await connection.execute(
        "INSERT INTO models.model_alias (tenant_id, model_id, name, version_id) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (model_id, name) DO UPDATE SET version_id = excluded.version_id",
        *(token.tenant, version["model_id"], input.alias, version["id"]),
    )
    await model_changed(connection, token, version["model_id"], input.model_name)
    return True


async def _hold_version(connection: Connection, token: InternalToken, input: SetModelAliasInput) -> asyncpg.Record:
    """Find the version, and hold its model against others who write to it. Raises: Refusal."""
    version = await connection.fetchrow(
        "SELECT v.id, v.model_id, v.project_id FROM models.model_version v"
        f" JOIN models.registered_model m ON m.id = v.model_id WHERE {visible('v')} AND v.id = $1 AND m.name = $2"
        " FOR UPDATE OF m",
        global_id.decode("ModelVersion", input.version_id),
        input.model_name,
    )
    if version is None or version["project_id"] not in token.project_ids:
        raise not_found("version of this model", "versionId")
    return version


async def _check_expected(connection: Connection, model: UUID, input: SetModelAliasInput) -> None:
    """Compare where the alias points with where the caller believes it points. Raises: Refusal."""
    if input.expected_version_id is None:
        return
    current = await connection.fetchrow(
        "SELECT a.version_id, v.number FROM models.model_alias a JOIN models.model_version v ON v.id = a.version_id"
        " WHERE a.model_id = $1 AND a.name = $2 FOR UPDATE OF a",
        model,
        input.alias,
    )
    if current is None or current["version_id"] != global_id.decode("ModelVersion", input.expected_version_id):
        number = None if current is None else current["number"]
        raise conflict("The alias was moved by someone else.", "expectedVersionId", current=number)
