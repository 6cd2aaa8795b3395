"""The local models over HTTP. Source: Open Inference Protocol V2, "HTTP/REST"."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from subgraphs.kernel.errors import SubgraphError
from subgraphs.kernel.serve import caller_of, state_of
from subgraphs.models.serving import Inference, Model, Signature
from subgraphs.models.tensors import InvalidTensor, Tensor, read_tensor

SERVER_NAME = "fedra-models"
MAX_BODY_BYTES = 8_000_000

logger = logging.getLogger(__name__)
oip = APIRouter()


class ServesModels(Protocol):
    """What the state of the process must have."""

    @property
    def local_models(self) -> Mapping[str, Model]: ...


class OipError(Exception):
    """Answered as `{"error": …}` with its status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


Route = Callable[[Request], Awaitable[object]]


def answering(route: Route) -> Callable[[Request], Awaitable[Response]]:
    """Make a route answer JSON, and every failure in the protocol's form."""

    async def answer(request: Request) -> Response:
        try:
            status, body = 200, await route(request)
        except OipError as error:
            status, body = error.status, {"error": str(error)}
        except SubgraphError as error:  # the token is not genuine
            status, body = 401, {"error": str(error)}
        except InvalidTensor as error:
            status, body = 400, {"error": str(error)}
        except Exception:  # the protocol wants its own form for every failure
            logger.exception("inference failed")
            status, body = 500, {"error": "The inference failed."}
        return Response(orjson.dumps(body), status, media_type="application/json")

    return answer


def _model(request: Request) -> Model:
    state: ServesModels = state_of(request)
    name, version = request.path_params["name"], request.path_params.get("version")
    model = state.local_models.get(name)
    if model is None:
        raise OipError(404, f"Model '{name}' is not served here.")
    if version not in {None, model.signature.version}:
        raise OipError(404, f"Model '{name}' has no version '{version}'.")
    return model


async def server_metadata(_: Request) -> object:
    """Describe the server."""
    return {"name": SERVER_NAME, "version": "2", "extensions": []}


async def live(_: Request) -> object:
    """Say that the process serves."""
    return {"live": True}


async def ready(_: Request) -> object:
    """Say that all models are loaded."""
    return {"ready": True}  # the models are loaded before the port opens


async def model_metadata(request: Request) -> object:
    """Describe a model."""
    return metadata_of(_model(request).signature)


async def model_ready(request: Request) -> object:
    """Say that a model can be asked."""
    return {"name": _model(request).signature.name, "ready": True}


async def infer(request: Request) -> object:
    """Run a model. Needs an internal token: inference is work, metadata is not."""
    if caller_of(request) is None:
        raise OipError(401, "Inference needs an internal token.")
    model = _model(request)
    body = await _read_body(request)
    inference = await model.infer([read_tensor(one) for one in _list(body, "inputs")])
    return _response(model.signature, body, inference)


def metadata_of(signature: Signature) -> dict[str, object]:
    """Describe a model. Source: Open Inference Protocol V2, "Model Metadata"."""
    return {
        "name": signature.name,
        "versions": [signature.version],
        "platform": signature.platform,
        "inputs": [spec.to_json() for spec in signature.inputs],
        "outputs": [spec.to_json() for spec in signature.outputs],
    }


async def _read_body(request: Request) -> Mapping[str, object]:
    received = bytearray()
    async for part in request.stream():
        received += part
        if len(received) > MAX_BODY_BYTES:
            raise OipError(413, f"The request is larger than {MAX_BODY_BYTES} bytes.")
    try:
        body = orjson.loads(received)
    except orjson.JSONDecodeError as error:
        raise OipError(400, "The body is not JSON.") from error
    if not isinstance(body, dict):
        raise OipError(400, "The body must be an object with 'inputs'.")
    return body


def _list(body: Mapping[str, object], name: str) -> Sequence[object]:
    value = body.get(name, [])
    if not isinstance(value, list):
        raise OipError(400, f"'{name}' must be a list.")
    return value


def _response(signature: Signature, body: Mapping[str, object], inference: Inference) -> dict[str, object]:
    outputs = _asked_for(_list(body, "outputs"), inference.outputs)
    response: dict[str, object] = {"model_name": signature.name, "model_version": signature.version}
    if isinstance(body.get("id"), str):
        response["id"] = body["id"]
    if inference.parameters:
        response["parameters"] = dict(inference.parameters)
    return response | {"outputs": [tensor.to_json() for tensor in outputs]}


def _asked_for(asked: Sequence[object], outputs: Sequence[Tensor]) -> Sequence[Tensor]:
    if not asked:
        return outputs
    known = {tensor.name: tensor for tensor in outputs}
    names = [one.get("name") if isinstance(one, dict) else None for one in asked]
    if unknown := [name for name in names if name not in known]:
        raise OipError(400, f"The model has no output {unknown[0]!r:.40}; it has {', '.join(map(repr, known))}.")
    return [known[str(name)] for name in names]


oip.add_route("/v2", answering(server_metadata), methods=["GET"])
oip.add_route("/v2/health/live", answering(live), methods=["GET"])
oip.add_route("/v2/health/ready", answering(ready), methods=["GET"])
for _path in ("/v2/models/{name}", "/v2/models/{name}/versions/{version}"):
    oip.add_route(_path, answering(model_metadata), methods=["GET"])
    oip.add_route(f"{_path}/ready", answering(model_ready), methods=["GET"])
    oip.add_route(f"{_path}/infer", answering(infer), methods=["POST"])
