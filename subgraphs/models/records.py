"""The rows of the registry."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

Json = Any


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A registered model."""

    id: UUID
    project_id: UUID
    name: str
    description: str | None
    modality: str
    tags: Json


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a model. Units: prices in US dollars per million tokens."""

    id: UUID
    model_id: UUID
    number: int
    status: str
    created_at: datetime
    context_window: int | None
    embedding_dimension: int | None
    license: str | None
    signature: Json
    artifact_uri: str | None
    input_per_mtok_usd: float | None
    output_per_mtok_usd: float | None


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """Where a version is served. `url` is the base of the server's `/v2`, `model` its name there."""

    id: UUID
    name: str
    version_id: UUID
    url: str
    replicas: int
    model: str
    number: int


@dataclass(frozen=True, slots=True)
class AliasRow:
    """A name that points at one version of a model."""

    model_id: UUID
    name: str
    version_id: UUID


@dataclass(frozen=True, slots=True)
class ModelFilter:
    """Which models of a project are listed; None does not restrict."""

    modality: str | None = None
    name_contains: str | None = None
    alias: str | None = None
