"""Embeds texts with a model served over the Open Inference Protocol V2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import httpx
import orjson

from subgraphs.kernel.errors import SubgraphError
from subgraphs.kernel.identity import InternalToken, ServiceSigner
from subgraphs.search.records import EmbeddingSpace

TEXTS_PER_REQUEST: Final = 32
TIMEOUT_SECONDS: Final = 60.0

Vector = list[float]


class EmbeddingUnavailable(SubgraphError):
    """The model that embeds texts does not answer."""

    code = "EMBEDDING_UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Embedding:
    """A client of one inference server."""

    http: httpx.AsyncClient
    url: str
    signer: ServiceSigner

    async def embed(self, space: EmbeddingSpace, texts: Sequence[str], token: InternalToken) -> list[Vector]:
        """Embed texts on behalf of the caller. Shapes: result [n, space.dimension]. Raises: EmbeddingUnavailable."""
        vectors: list[Vector] = []
        for start in range(0, len(texts), TEXTS_PER_REQUEST):
            vectors += await self._embed(space, texts[start : start + TEXTS_PER_REQUEST], token)
        return vectors

    async def _embed(self, space: EmbeddingSpace, texts: Sequence[str], token: InternalToken) -> list[Vector]:
        tensor = {"name": "text", "datatype": "BYTES", "shape": [len(texts)], "data": list(texts)}
        headers = {
            "authorization": f"Bearer {self.signer.sign(token, 'models', 'search')}",
            "content-type": "application/json",
        }
        url = f"{self.url}/v2/models/{space.model_name}/infer"
        try:
            response = await self.http.post(
                url, content=orjson.dumps({"inputs": [tensor]}), headers=headers, timeout=TIMEOUT_SECONDS
            )
            response.raise_for_status()
            (output,) = orjson.loads(response.content)["outputs"]
            flat: Vector = output["data"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise EmbeddingUnavailable(f"The model '{space.model_name}' does not embed now.") from error
        if len(flat) != len(texts) * space.dimension:
            raise EmbeddingUnavailable(f"The model '{space.model_name}' does not give {space.dimension} dimensions.")
        return [flat[start : start + space.dimension] for start in range(0, len(flat), space.dimension)]
