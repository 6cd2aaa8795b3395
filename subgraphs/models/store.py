"""The registry as it is read. Every statement carries the predicate; every method is one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Final
from uuid import UUID

import asyncpg

from subgraphs.kernel.connections import Page
from subgraphs.kernel.database import Database, visible
from subgraphs.kernel.identity import InternalToken
from subgraphs.models.records import AliasRow, EndpointRow, ModelFilter, ModelRow, VersionRow

MODEL: Final = ", ".join(f"m.{one.name}" for one in fields(ModelRow))
VERSION: Final = ", ".join(f"v.{one.name}" for one in fields(VersionRow))
ENDPOINT: Final = "e.id, e.name, e.version_id, e.url, e.replicas, m.name AS model, v.number"
ENDPOINTS: Final = (
    "models.serving_endpoint e JOIN models.model_version v ON v.id = e.version_id"
    " JOIN models.registered_model m ON m.id = v.model_id"
)

Rows = Sequence[asyncpg.Record]


class RegistryReader:
    """Reads for one caller. Raises: Unauthenticated, on the first read, without a token."""

    def __init__(self, database: Database, token: InternalToken | None) -> None:
        self._database = database
        self._token = token

    async def models(self, ids: Sequence[UUID]) -> Mapping[UUID, ModelRow]:
        """Find models by id."""
        rows = await self._fetch(
            f"SELECT {MODEL} FROM models.registered_model m WHERE {visible('m')} AND m.id = ANY($1)", ids
        )
        return {row["id"]: ModelRow(**row) for row in rows}

    async def models_by_name(self, names: Sequence[str]) -> Mapping[str, ModelRow]:
        """Find models by name, which is unique in a tenant."""
        rows = await self._fetch(
            f"SELECT {MODEL} FROM models.registered_model m WHERE {visible('m')} AND m.name = ANY($1)", names
        )
        return {row["name"]: ModelRow(**row) for row in rows}

    async def versions(self, ids: Sequence[UUID]) -> Mapping[UUID, VersionRow]:
        """Find versions by id."""
        rows = await self._fetch(
            f"SELECT {VERSION} FROM models.model_version v WHERE {visible('v')} AND v.id = ANY($1)", ids
        )
        return {row["id"]: VersionRow(**row) for row in rows}

    async def versions_by_number(self, keys: Sequence[tuple[UUID, int]]) -> Mapping[tuple[UUID, int], VersionRow]:
        """Find versions by model and number."""
        rows = await self._fetch(
            f"SELECT {VERSION} FROM models.model_version v JOIN unnest($1::uuid[], $2::int[]) k (model_id, number)"
            f" ON v.model_id = k.model_id AND v.number = k.number WHERE {visible('v')}",
            [model for model, _ in keys],
            [number for _, number in keys],
        )
        return {(row["model_id"], row["number"]): VersionRow(**row) for row in rows}

    async def aliases(self, models: Sequence[UUID]) -> Mapping[UUID, Sequence[AliasRow]]:
        """List the aliases of several models by name."""
        rows = await self._fetch(
            "SELECT a.model_id, a.name, a.version_id FROM models.model_alias a"
            f" JOIN models.model_version v ON v.id = a.version_id WHERE {visible('v')} AND a.model_id = ANY($1)"
            " ORDER BY a.name",
            models,
        )
        return _grouped(rows, "model_id", AliasRow)

    async def endpoints(self, ids: Sequence[UUID]) -> Mapping[UUID, EndpointRow]:
        """Find endpoints by id."""
        rows = await self._fetch(f"SELECT {ENDPOINT} FROM {ENDPOINTS} WHERE {visible('e')} AND e.id = ANY($1)", ids)
        return {row["id"]: EndpointRow(**row) for row in rows}

    async def endpoints_of(self, versions: Sequence[UUID]) -> Mapping[UUID, Sequence[EndpointRow]]:
        """List the endpoints that serve several versions, by name."""
        rows = await self._fetch(
            f"SELECT {ENDPOINT} FROM {ENDPOINTS} WHERE {visible('e')} AND e.version_id = ANY($1) ORDER BY e.name, e.id",
            versions,
        )
        return _grouped(rows, "version_id", EndpointRow)

    async def models_of(
        self, projects: Sequence[UUID], chosen: ModelFilter, page: Page
    ) -> Mapping[UUID, Sequence[ModelRow]]:
        """List the models of several projects by name, each list cut to one row more than the page."""
        start = page.start or (None, None)
        rows = await self._fetch(
            "SELECT m.* FROM unnest($1::uuid[]) p (id) CROSS JOIN LATERAL"
            f" (SELECT {MODEL} FROM models.registered_model m WHERE {visible('m')}"
            " AND m.project_id = p.id AND ($2::text IS NULL OR m.modality = $2)"
            " AND ($3::text IS NULL OR position(lower($3) IN lower(m.name)) > 0) AND ($4::text IS NULL OR EXISTS"
            " (SELECT FROM models.model_alias a WHERE a.model_id = m.id AND a.name = $4))"
            f" AND ($5::text IS NULL OR (m.name, m.id) {page.comparison(False)} ($5, $6::uuid))"
            f" ORDER BY m.name {page.order(False)}, m.id {page.order(False)} LIMIT $7) m",
            projects,
            chosen.modality,
            chosen.name_contains,
            chosen.alias,
            *start,
            page.limit + 1,
        )
        return _grouped(rows, "project_id", ModelRow)

    async def versions_of(self, models: Sequence[UUID], page: Page) -> Mapping[UUID, Sequence[VersionRow]]:
        """List the versions of several models, newest first, each list cut to one row more than the page."""
        start = page.start or (None, None)
        rows = await self._fetch(
            "SELECT v.* FROM unnest($1::uuid[]) p (id) CROSS JOIN LATERAL"
            f" (SELECT {VERSION} FROM models.model_version v WHERE {visible('v')} AND v.model_id = p.id"
            f" AND ($2::int IS NULL OR (v.number, v.id) {page.comparison(True)} ($2, $3::uuid))"
            f" ORDER BY v.number {page.order(True)}, v.id {page.order(True)} LIMIT $4) v",
            models,
            *start,
            page.limit + 1,
        )
        return _grouped(rows, "model_id", VersionRow)

    async def _fetch(self, statement: str, *arguments: object) -> Rows:
        async with self._database.as_tenant(self._token) as connection:
            return await connection.fetch(statement, *arguments)


def _grouped(rows: Rows, key: str, of: Any) -> dict[UUID, list[Any]]:  # noqa: ANN401 - any of the row classes
    groups: dict[UUID, list[Any]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(of(**row))
    return groups
