"""The schema of the models subgraph."""

import strawberry

from subgraphs.kernel.federation import (
    CacheTag,
    authenticated,
    federation_schema,
    requires_scopes,
    sized_by,
)
from subgraphs.models.context import Info
from subgraphs.models.mutations import Mutation
from subgraphs.models.records import ModelFilter
from subgraphs.models.types import (
    TENANT_MINUTE,
    Modality,
    Project,
    RegisteredModel,
    RegisteredModelConnection,
    list_models,
)
from subgraphs.models.version_types import TENANT_MINUTES, TENANT_SECONDS, ModelVersion, ServingEndpoint


@strawberry.input(name="ModelFilter")
class ModelFilterInput:
    """Which models of a project are listed."""

    modality: Modality | None = None
    name_contains: str | None = None
    alias: str | None = None


@strawberry.type
class Query:
    """What the registry is asked."""

    @strawberry.field(directives=[authenticated(), TENANT_MINUTE, CacheTag(format="model:{$args.name}")])
    async def model(self, info: Info, name: str) -> RegisteredModel | None:
        return await RegisteredModel.by_name(info, name)

    @strawberry.field(directives=[authenticated(), sized_by("first"), TENANT_MINUTE])
    async def models(
        self,
        info: Info,
        project_id: strawberry.ID,
        filter: ModelFilterInput | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> RegisteredModelConnection:
        asked = filter or ModelFilterInput()
        modality = None if asked.modality is None else asked.modality.value
        chosen = ModelFilter(modality, asked.name_contains, asked.alias)
        return await list_models(info, project_id, chosen, first, after)

    @strawberry.field(directives=[authenticated(), TENANT_MINUTES])
    async def model_version(self, info: Info, id: strawberry.ID) -> ModelVersion | None:
        return await ModelVersion.resolve_reference(info, id)

    @strawberry.field(directives=[requires_scopes("models:read"), TENANT_SECONDS])
    async def endpoint(self, info: Info, id: strawberry.ID) -> ServingEndpoint | None:
        return await ServingEndpoint.resolve_reference(info, id)


schema = federation_schema(Query, Mutation, types=[Project])
