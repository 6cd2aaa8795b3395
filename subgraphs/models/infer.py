"""`infer`: the model behind an endpoint asked, and waited for."""

import time
from typing import Any, Final

from subgraphs.kernel import global_id
from subgraphs.kernel.context import Context
from subgraphs.kernel.refusal import Refusal, invalid, not_found
from subgraphs.models.context import State
from subgraphs.models.endpoint_client import EndpointUnavailable, InferenceRefused
from subgraphs.models.inputs import InferInput
from subgraphs.models.loaders import Loaders
from subgraphs.models.payloads import InferPayload, ModelNotReadyError
from subgraphs.models.records import EndpointRow
from subgraphs.models.tensor_types import TensorOutput
from subgraphs.models.version_types import ModelVersion

Json = Any

MAX_TIMEOUT_MS: Final = 30_000
RETRY_AFTER_SECONDS: Final = 5


async def infer(context: Context[State, Loaders], input: InferInput) -> InferPayload:
    """Ask a model. Raises: Refusal."""
    caller = context.caller
    endpoint = await _endpoint(context, input)
    if not 0 < input.timeout_ms <= MAX_TIMEOUT_MS:
        raise invalid(f"'timeoutMs' is from 1 to {MAX_TIMEOUT_MS}.", "timeoutMs")
    started, client = time.perf_counter(), context.state.endpoint_client
    try:
        outputs = await client.infer(endpoint, _oip_request(input), caller, input.timeout_ms / 1000)
    except InferenceRefused as refused:
        raise invalid(str(refused), "inputs") from refused
    except EndpointUnavailable as away:
        message, path = str(away), ["endpointId"]
        raise Refusal(ModelNotReadyError(message=message, path=path, retry_after_seconds=RETRY_AFTER_SECONDS)) from away
    version = await context.loaders.versions.load(endpoint.version_id)
    return InferPayload(
        client_mutation_id=input.client_mutation_id,
        outputs=[TensorOutput.of(one) for one in outputs],
        served_by=None if version is None else ModelVersion.of(version),
        latency_ms=round((time.perf_counter() - started) * 1000, 3),
    )


async def _endpoint(context: Context[State, Loaders], input: InferInput) -> EndpointRow:
    key = global_id.decode("ServingEndpoint", input.endpoint_id)
    endpoint = None if key is None else await context.loaders.endpoints.load(key)
    if endpoint is None:
        raise not_found("endpoint", "endpointId")
    return endpoint


def _oip_request(input: InferInput) -> Json:
    request: dict[str, Json] = {"inputs": [one.to_json() for one in input.inputs]}
    if input.outputs:
        request["outputs"] = [{"name": name} for name in input.outputs]
    if input.parameters is not None:
        request["parameters"] = input.parameters
    return request
