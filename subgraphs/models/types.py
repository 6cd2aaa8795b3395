"""The types of the registry: models, their lists and their names."""

from enum import Enum

import strawberry
from strawberry.scalars import JSON

from subgraphs.kernel import global_id
from subgraphs.kernel.connections import Page, read_page, slice_rows
from subgraphs.kernel.federation import CacheControl, CacheScope, CacheTag, assumed_size, sized_by
from subgraphs.kernel.graphql_types import Node, PageInfo
from subgraphs.models.context import Info
from subgraphs.models.records import AliasRow, ModelFilter, ModelRow
from subgraphs.models.version_types import INTERNAL, ModelVersion, present

TENANT_MINUTE = CacheControl(max_age=60, scope=CacheScope.TENANT, swr=300)

MODELS_BY_NAME = "models:NAME"
VERSIONS_BY_NUMBER = "versions:NUMBER_DESC"


@strawberry.enum
class Modality(Enum):
    """What a model works on."""

    TEXT = "TEXT"
    EMBEDDING = "EMBEDDING"
    IMAGE = "IMAGE"
    AUDIO = "AUDIO"
    TABULAR = "TABULAR"
    RERANK = "RERANK"


@strawberry.type
class ModelAlias:
    """A name that points at one version of a model."""

    name: str
    row: strawberry.Private[AliasRow]

    @strawberry.field
    async def version(self, info: Info) -> ModelVersion:
        return present(await ModelVersion.by_id(info, self.row.version_id))


@strawberry.type
class ModelVersionEdge:
    """A version in a list."""

    cursor: str
    node: ModelVersion


@strawberry.type
class ModelVersionConnection:
    """Versions of a model, newest first."""

    edges: list[ModelVersionEdge]
    page_info: PageInfo


@strawberry.federation.type(keys=["id", "name"], directives=[TENANT_MINUTE, CacheTag(format="models")])
class RegisteredModel(Node):
    """A model by its name; what can be used is a version of it."""

    row: strawberry.Private[ModelRow]
    name: str
    description: str | None
    modality: Modality
    tags: JSON | None = strawberry.field(directives=[INTERNAL])

    @classmethod
    def of(cls, row: ModelRow) -> "RegisteredModel":
        """Show a row."""
        return cls(
            id=strawberry.ID(global_id.encode("RegisteredModel", row.id)),
            row=row,
            name=row.name,
            description=row.description,
            modality=Modality(row.modality),
            tags=row.tags,
        )

    @classmethod
    async def by_name(cls, info: Info, name: str) -> "RegisteredModel | None":
        """Load a model of the caller's tenant."""
        row = await info.context.loaders.models_by_name.load(name)
        return None if row is None else cls.of(row)

    @classmethod
    async def resolve_reference(
        cls, info: Info, id: strawberry.ID | None = None, name: str | None = None
    ) -> "RegisteredModel | None":
        if id is None:
            return None if name is None else await cls.by_name(info, name)
        key = global_id.decode("RegisteredModel", id)
        row = None if key is None else await info.context.loaders.models.load(key)
        return None if row is None else cls.of(row)

    @strawberry.field
    def project(self) -> "Project":
        return Project(id=strawberry.ID(global_id.encode("Project", self.row.project_id)))

    @strawberry.field(directives=[sized_by("first")])
    async def versions(self, info: Info, first: int = 10, after: str | None = None) -> ModelVersionConnection:
        cursors = info.context.state.cursors
        page = read_page(cursors, VERSIONS_BY_NUMBER, first, after)
        rows = await info.context.loaders.versions_of_model.load((self.row.id, page))
        part = slice_rows(cursors, VERSIONS_BY_NUMBER, page, rows, lambda row: (row.number, row.id))
        edges = [
            ModelVersionEdge(cursor=cursor, node=ModelVersion.of(row))
            for cursor, row in zip(part.cursors, part.rows, strict=True)
        ]
        return ModelVersionConnection(edges=edges, page_info=part.page_info)

    @strawberry.field
    async def version(self, info: Info, alias: str | None = None, number: int | None = None) -> ModelVersion | None:
        """One version: by alias, by number, or, with neither, the newest."""
        loaders = info.context.loaders
        if alias is not None:
            pointed = {one.name: one.version_id for one in await loaders.aliases_of_model.load(self.row.id)}
            found = await ModelVersion.by_id(info, pointed.get(alias))
            return found if found is None or number in {None, found.number} else None
        if number is not None:
            row = await loaders.versions_by_number.load((self.row.id, number))
            return None if row is None else ModelVersion.of(row)
        newest = await loaders.versions_of_model.load((self.row.id, Page(1)))
        return ModelVersion.of(newest[0]) if newest else None

    @strawberry.field(directives=[assumed_size(5)])
    async def aliases(self, info: Info) -> list[ModelAlias]:
        rows = await info.context.loaders.aliases_of_model.load(self.row.id)
        return [ModelAlias(name=row.name, row=row) for row in rows]


@strawberry.type
class RegisteredModelEdge:
    """A model in a list."""

    cursor: str
    node: RegisteredModel


@strawberry.type
class RegisteredModelConnection:
    """Models of a project, by name."""

    edges: list[RegisteredModelEdge]
    page_info: PageInfo


@strawberry.federation.type(keys=["id"])
class Project:
    """A project as the registry knows it: by its models."""

    id: strawberry.ID

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "Project":
        return cls(id=id)

    @strawberry.field(directives=[sized_by("first")])
    async def models(self, info: Info, first: int = 20, after: str | None = None) -> RegisteredModelConnection:
        return await list_models(info, self.id, ModelFilter(), first, after)


async def list_models(
    info: Info, project: strawberry.ID, chosen: ModelFilter, first: int, after: str | None
) -> RegisteredModelConnection:
    """Answer one page of a project's models. Raises: BadUserInput."""
    cursors = info.context.state.cursors
    page = read_page(cursors, MODELS_BY_NAME, first, after)
    key = global_id.decode("Project", project)
    rows = () if key is None else await info.context.loaders.models_of_project.load((key, (chosen, page)))
    part = slice_rows(cursors, MODELS_BY_NAME, page, rows, lambda row: (row.name, row.id))
    edges = [
        RegisteredModelEdge(cursor=cursor, node=RegisteredModel.of(row))
        for cursor, row in zip(part.cursors, part.rows, strict=True)
    ]
    return RegisteredModelConnection(edges=edges, page_info=part.page_info)
