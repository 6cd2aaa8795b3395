"""The Open Inference Protocol V2 as a client of it sees it."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import ANN, acting

TEXTS = {"name": "text", "datatype": "BYTES", "shape": [2], "data": ["one", "two"]}


async def infer(client: Client, model: str, body: object, token: str | None = None) -> httpx.Response:
    headers = {"authorization": f"Bearer {token or client.token(ANN)}"}
    return await client.http.post(f"/v2/models/{model}/infer", json=body, headers=headers)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/v2", {"name": "fedra-models", "version": "2", "extensions": []}),
        ("/v2/health/live", {"live": True}),
        ("/v2/health/ready", {"ready": True}),
        ("/v2/models/embed/ready", {"name": "embed", "ready": True}),
        ("/v2/models/answer/versions/1/ready", {"name": "answer", "ready": True}),
    ],
)
async def test_what_needs_no_token(models: Client, path: str, answer: object) -> None:
    response = await models.http.get(path)
    assert (response.status_code, response.json()) == (200, answer)


async def test_metadata_tells_what_a_model_takes_and_gives(models: Client) -> None:
    response = await models.http.get("/v2/models/embed/versions/1")
    assert response.json() == {
        "name": "embed",
        "versions": ["1"],
        "platform": "fedra_numpy",
        "inputs": [{"name": "text", "datatype": "BYTES", "shape": [-1]}],
        "outputs": [{"name": "embedding", "datatype": "FP32", "shape": [-1, 384]}],
    }


async def test_embed_answers_one_vector_per_text(models: Client) -> None:
    answer = (await infer(models, "embed/versions/1", {"id": "7", "inputs": [TEXTS]})).json()
    (output,) = answer["outputs"]
    assert (answer["model_name"], answer["model_version"], answer["id"]) == ("embed", "1", "7")
    assert (output["name"], output["datatype"], output["shape"]) == ("embedding", "FP32", [2, 384])
    assert len(output["data"]) == 2 * 384
    assert sum(x * x for x in output["data"][:384]) == pytest.approx(1)


async def test_answer_quotes_with_citations_and_usage(models: Client) -> None:
    question = {"name": "question", "datatype": "BYTES", "shape": [1], "data": ["Which port is it?"]}
    passages = {
        "name": "passages",
        "datatype": "BYTES",
        "shape": [2],
        "data": ["Bread is baked.", "The port is number 4000."],
    }
    answer = (await infer(models, "answer", {"inputs": [question, passages]}, models.token(acting(ANN)))).json()
    by_name = {output["name"]: output for output in answer["outputs"]}
    assert by_name["answer"]["data"] == ["The port is number 4000."]
    citation = json.loads(by_name["citations"]["data"][0])
    assert citation == {"passage": 1, "start": 0, "end": 24, "score": pytest.approx(0.7, abs=0.3)}
    assert answer["parameters"]["input_tokens"] > answer["parameters"]["output_tokens"] > 0


async def test_only_the_outputs_asked_for_are_answered(models: Client) -> None:
    question = {"name": "question", "datatype": "BYTES", "shape": [1], "data": ["?"]}
    passages = {"name": "passages", "datatype": "BYTES", "shape": [0], "data": []}
    body = {"inputs": [passages, question], "outputs": [{"name": "citations"}]}
    outputs = (await infer(models, "answer", body)).json()["outputs"]
    assert outputs == [{"name": "citations", "datatype": "BYTES", "shape": [0], "data": []}]


async def test_nested_data_counts_as_flat(models: Client) -> None:
    assert (await infer(models, "embed", {"inputs": [{**TEXTS, "data": [["one"], ["two"]]}]})).status_code == 200


@pytest.mark.parametrize(
    ("model", "body", "status", "error"),
    [
        ("none", {"inputs": [TEXTS]}, 404, "Model 'none' is not served here."),
        ("embed/versions/2", {"inputs": [TEXTS]}, 404, "Model 'embed' has no version '2'."),
        ("embed", [], 400, "The body must be an object with 'inputs'."),
        ("embed", {"inputs": 1}, 400, "'inputs' must be a list."),
        ("embed", {"inputs": []}, 400, "The inputs must be 'text', each once; given: none."),
        ("embed", {"inputs": [TEXTS, TEXTS]}, 400, "The inputs must be 'text', each once; given: 'text', 'text'."),
        ("embed", {"inputs": ["x"]}, 400, "A tensor is an object with 'name', 'datatype', 'shape' and 'data'."),
        (
            "embed",
            {"inputs": [{**TEXTS, "shape": [3]}]},
            400,
            "Tensor 'text' has 2 elements, but its shape [3] holds 3.",
        ),
        (
            "embed",
            {"inputs": [{**TEXTS, "shape": [True]}]},
            400,
            "Tensor 'text' needs a 'shape' of sizes, such as [1].",
        ),
        ("embed", {"inputs": [{**TEXTS, "data": ["a", 1]}]}, 400, "Tensor 'text' holds 1, which is no BYTES."),
        ("embed", {"inputs": [{**TEXTS, "data": ["a", 0]}]}, 400, "Tensor 'text' holds 0, which is no BYTES."),
        ("embed", {"inputs": [{**TEXTS, "data": ["a", None]}]}, 400, "Tensor 'text' holds None, which is no BYTES."),
        (
            "embed",
            {"inputs": [{"name": "text", "datatype": "FP32", "shape": [1], "data": [1.5]}]},
            400,
            "Input 'text' must be BYTES [-1], not FP32 [1].",
        ),
        (
            "embed",
            {"inputs": [TEXTS], "outputs": [{"name": "x"}]},
            400,
            "The model has no output 'x'; it has 'embedding'.",
        ),
        (
            "embed",
            {"inputs": [{**TEXTS, "shape": [513], "data": ["x"] * 513}]},
            400,
            "513 texts of 513 characters are too much: at most 512 texts of 1000000 characters together.",
        ),
    ],
)
async def test_a_wrong_request_is_told_what_is_wrong(
    models: Client, model: str, body: object, status: int, error: str
) -> None:
    response = await infer(models, model, body)
    assert (response.status_code, response.json()) == (status, {"error": error})


async def test_an_unknown_datatype_names_the_known_ones(models: Client) -> None:
    response = await infer(models, "embed", {"inputs": [{**TEXTS, "datatype": "TEXT"}]})
    assert response.json()["error"].startswith("Tensor 'text' has the unknown datatype 'TEXT'; known are BOOL, INT8")


async def test_inference_needs_a_genuine_internal_token(models: Client) -> None:
    none = await models.http.post("/v2/models/embed/infer", json={"inputs": [TEXTS]})
    forged = await infer(models, "embed", {"inputs": [TEXTS]}, "x.y.z")
    assert (none.status_code, none.json()) == (401, {"error": "Inference needs an internal token."})
    assert (forged.status_code, forged.json()) == (401, {"error": "The internal token is expired or not genuine."})


async def test_a_body_that_is_not_json_or_too_large_is_refused(models: Client) -> None:
    headers: Any = {"authorization": f"Bearer {models.token(ANN)}"}
    broken = await models.http.post("/v2/models/embed/infer", content=b"{", headers=headers)
    large = await models.http.post("/v2/models/embed/infer", content=b" " * 8_000_001, headers=headers)
    assert (broken.status_code, broken.json()) == (400, {"error": "The body is not JSON."})
    assert (large.status_code, large.json()) == (413, {"error": "The request is larger than 8000000 bytes."})
