"""Asks inference servers over the Open Inference Protocol V2."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import httpx
import orjson

from subgraphs.kernel.identity import InternalToken, ServiceSigner
from subgraphs.kernel.settings import Settings
from subgraphs.models.records import EndpointRow

Json = Any

READY_SECONDS: Final = 5.0  # how long one poll of readiness is believed
POLL_TIMEOUT_SECONDS: Final = 2.0


class InferenceRefused(Exception):
    """The server understood the request and will not do it: the caller's fault."""


class EndpointUnavailable(Exception):
    """The server did not answer, or not in time."""


@dataclass(slots=True)
class EndpointClient:
    """Asks servers; our own gets an internal token on behalf of the caller, a foreign one never does."""

    settings: Settings
    http: httpx.AsyncClient
    _polled: dict[UUID, tuple[float, bool]] = field(default_factory=dict)

    async def is_ready(self, endpoint: EndpointRow) -> bool:
        """Tell whether the endpoint's version can be asked, as polled at most `READY_SECONDS` ago."""
        now = time.monotonic()
        polled_at, ready = self._polled.get(endpoint.id, (-READY_SECONDS, False))
        if now - polled_at >= READY_SECONDS:
            ready = await self._poll(endpoint)
            self._polled[endpoint.id] = (now, ready)
        return ready

    async def infer(
        self, endpoint: EndpointRow, request: Mapping[str, Json], token: InternalToken, seconds: float
    ) -> Sequence[Json]:
        """Run the endpoint's model; the output tensors. Raises: InferenceRefused, EndpointUnavailable."""
        headers = {"content-type": "application/json", **self._authorization(endpoint, token)}
        try:
            response = await self.http.post(
                f"{_base(endpoint)}/infer", content=orjson.dumps(request), headers=headers, timeout=seconds
            )
            body = orjson.loads(response.content)
        except (httpx.HTTPError, orjson.JSONDecodeError) as error:
            raise EndpointUnavailable(f"The endpoint '{endpoint.name}' does not answer.") from error
        if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise EndpointUnavailable(f"The endpoint '{endpoint.name}' failed.")
        if response.status_code != httpx.codes.OK:
            raise InferenceRefused(str(body.get("error")))
        outputs: list[Json] = body["outputs"]
        return outputs

    async def _poll(self, endpoint: EndpointRow) -> bool:
        try:
            response = await self.http.get(f"{_base(endpoint)}/ready", timeout=POLL_TIMEOUT_SECONDS)
        except httpx.HTTPError:
            return False
        return response.status_code == httpx.codes.OK

    def _authorization(self, endpoint: EndpointRow, token: InternalToken) -> Mapping[str, str]:
        if endpoint.url != self.settings.oip_url:
            return {}
        signer = ServiceSigner(self.settings.required("service_key"))
        return {"authorization": f"Bearer {signer.sign(token, 'models', 'models')}"}


def _base(endpoint: EndpointRow) -> str:
    return f"{endpoint.url}/v2/models/{endpoint.model}/versions/{endpoint.number}"
