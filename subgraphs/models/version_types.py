"""The types of what is used: versions of models, and the endpoints that serve them."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import strawberry
from strawberry.federation.schema_directives import Tag

from subgraphs.kernel import global_id
from subgraphs.kernel.federation import CacheControl, CacheScope, CacheTag, assumed_size, requires_scopes
from subgraphs.kernel.graphql_types import Node
from subgraphs.models.context import Info
from subgraphs.models.records import EndpointRow, VersionRow
from subgraphs.models.tensor_types import ModelSignature

Row = TypeVar("Row")

if TYPE_CHECKING:
    from subgraphs.models.types import RegisteredModel

TENANT_MINUTES = CacheControl(max_age=300, scope=CacheScope.TENANT, swr=600)
INTERNAL = Tag(name="internal")
TENANT_SECONDS = CacheControl(max_age=5, scope=CacheScope.TENANT)


def present(row: Row | None) -> Row:
    """Prove what the foreign keys of the registry promise: rows of one tenant are all visible to it."""
    if row is None:
        raise LookupError("The registry lost a row that another one names.")
    return row


@strawberry.enum
class ModelVersionStatus(Enum):
    """Whether a version can be used."""

    PENDING = "PENDING"
    READY = "READY"
    FAILED = "FAILED"
    RETIRED = "RETIRED"


@strawberry.enum
class InferenceProtocol(Enum):
    """How an endpoint is spoken to."""

    OIP_V2_REST = "OIP_V2_REST"


@strawberry.type
class ModelPricing:
    """What a million tokens cost. Units: US dollars."""

    input_per_m_tok_usd: float = strawberry.field(name="inputPerMTokUsd")
    output_per_m_tok_usd: float = strawberry.field(name="outputPerMTokUsd")


@strawberry.federation.type(keys=["id"], directives=[TENANT_MINUTES, CacheTag(format="modelVersion:{$key.id}")])
class ModelVersion(Node):
    """One version of a model: what answers, is priced and is served."""

    row: strawberry.Private[VersionRow]
    number: int
    status: ModelVersionStatus
    created_at: datetime
    context_window: int | None
    embedding_dimension: int | None
    license: str | None
    artifact_uri: str | None = strawberry.field(directives=[requires_scopes("models:admin"), INTERNAL])

    @classmethod
    def of(cls, row: VersionRow) -> "ModelVersion":
        """Show a row."""
        return cls(
            id=strawberry.ID(global_id.encode("ModelVersion", row.id)),
            row=row,
            number=row.number,
            status=ModelVersionStatus(row.status),
            created_at=row.created_at,
            context_window=row.context_window,
            embedding_dimension=row.embedding_dimension,
            license=row.license,
            artifact_uri=row.artifact_uri,
        )

    @classmethod
    async def by_id(cls, info: Info, id: UUID | None) -> "ModelVersion | None":
        """Load a version that the caller may see."""
        row = None if id is None else await info.context.loaders.versions.load(id)
        return None if row is None else cls.of(row)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> "ModelVersion | None":
        return await cls.by_id(info, global_id.decode("ModelVersion", id))

    @strawberry.field
    async def model(self, info: Info) -> Annotated["RegisteredModel", strawberry.lazy("subgraphs.models.types")]:
        from subgraphs.models.types import RegisteredModel  # noqa: PLC0415 - a version knows its model, a model its versions

        row = await info.context.loaders.models.load(self.row.model_id)
        return RegisteredModel.of(present(row))

    @strawberry.field
    def signature(self) -> ModelSignature | None:
        return None if self.row.signature is None else ModelSignature.of(self.row.signature)

    @strawberry.field(directives=[requires_scopes("models:pricing")])
    def pricing(self) -> ModelPricing | None:
        inward, outward = self.row.input_per_mtok_usd, self.row.output_per_mtok_usd
        if inward is None or outward is None:
            return None
        return ModelPricing(input_per_m_tok_usd=inward, output_per_m_tok_usd=outward)

    @strawberry.field(directives=[requires_scopes("models:read"), assumed_size(3)])
    async def endpoints(self, info: Info) -> list["ServingEndpoint"]:
        return [ServingEndpoint.of(row) for row in await info.context.loaders.endpoints_of_version.load(self.row.id)]


@strawberry.type
class TrafficTarget:
    """The part of an endpoint's traffic that one version takes."""

    percent: int
    version_id: strawberry.Private[UUID]

    @strawberry.field
    async def version(self, info: Info) -> ModelVersion:
        return present(await ModelVersion.by_id(info, self.version_id))


@strawberry.federation.type(keys=["id"])
class ServingEndpoint(Node):
    """Where a version is served."""

    row: strawberry.Private[EndpointRow]
    name: str
    replicas: int
    protocol: InferenceProtocol = InferenceProtocol.OIP_V2_REST
    url: str = strawberry.field(directives=[requires_scopes("models:admin"), INTERNAL])

    @classmethod
    def of(cls, row: EndpointRow) -> "ServingEndpoint":
        """Show a row."""
        id = strawberry.ID(global_id.encode("ServingEndpoint", row.id))
        return cls(id=id, row=row, name=row.name, replicas=row.replicas, url=row.url)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> "ServingEndpoint | None":
        key = global_id.decode("ServingEndpoint", id)
        row = None if key is None else await info.context.loaders.endpoints.load(key)
        return None if row is None else cls.of(row)

    @strawberry.field(directives=[TENANT_SECONDS])
    async def ready(self, info: Info) -> bool:
        return await info.context.state.endpoint_client.is_ready(self.row)

    @strawberry.field(directives=[assumed_size(3)])
    def traffic(self) -> list[TrafficTarget]:
        return [TrafficTarget(percent=100, version_id=self.row.version_id)]
