"""A model call over the Open Inference Protocol. Source: Open Inference Protocol V2, "Inference"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import orjson

from subgraphs.kernel.identity import InternalToken, ServiceSigner
from subgraphs.tasks.work import ACTOR, WorkFailed

Json = Any

TIMEOUT_SECONDS = 60.0
SERVER_ERRORS = 500


@dataclass(frozen=True, slots=True)
class Citation:
    """Which passage a span of the answer quotes. Units: characters of the answer."""

    passage: int
    start: int
    end: int
    score: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said."""

    text: str
    citations: tuple[Citation, ...]
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class OipClient:
    """Calls models on behalf of an initiator."""

    url: str
    signer: ServiceSigner
    http: httpx.AsyncClient

    async def answer(self, model: str, question: str, passages: Sequence[str], token: InternalToken) -> Answer:
        """Have a model answer from passages. Raises: WorkFailed."""
        body = {"inputs": [_texts("question", [question]), _texts("passages", passages)]}
        headers = {
            "authorization": f"Bearer {self.signer.sign(token, 'models', ACTOR)}",
            "content-type": "application/json",
        }
        url = f"{self.url.rstrip('/')}/v2/models/{quote(model, safe='')}/infer"
        try:
            response = await self.http.post(url, content=orjson.dumps(body), headers=headers, timeout=TIMEOUT_SECONDS)
        except httpx.HTTPError as error:
            reason = f"'{model}' did not answer: {type(error).__name__}."
            raise WorkFailed("MODEL_UNAVAILABLE", reason, retryable=True) from error
        if response.is_error:
            reason = f"'{model}' answered with status {response.status_code}."
            raise WorkFailed("MODEL_FAILED", reason, retryable=response.status_code >= SERVER_ERRORS)
        return _read(model, response.content)


def _texts(name: str, data: Sequence[str]) -> dict[str, Json]:
    return {"name": name, "datatype": "BYTES", "shape": [len(data)], "data": list(data)}


def _read(model: str, content: bytes) -> Answer:
    try:
        body = orjson.loads(content)
        outputs: Mapping[str, list[str]] = {output["name"]: output["data"] for output in body["outputs"]}
        citations = [orjson.loads(text) for text in outputs["citations"]]
        return Answer(
            text=outputs["answer"][0],
            citations=tuple(Citation(one["passage"], one["start"], one["end"], one.get("score")) for one in citations),
            input_tokens=int(body["parameters"]["input_tokens"]),
            output_tokens=int(body["parameters"]["output_tokens"]),
        )
    except (orjson.JSONDecodeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise WorkFailed("MODEL_ANSWER_MALFORMED", f"'{model}' did not answer as an answering model does.") from error
