"""HTTP over TLS: HTTP/2 where the server knows it, else HTTP/1.1."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import BodyDecodeError, ConnectError, PyreqwestError, RequestTimeoutError
from pyreqwest.response import Response

from router.fetch.http import (
    Endpoint,
    HttpError,
    HttpRequest,
    HttpResponse,
    HttpTimeout,
    ResponseTooLarge,
    check_headers,
)
from router.fetch.http1 import MAX_HEAD_BYTES
from router.settings.tls import ClientTls
from router.settings.traffic import Connections

CHUNK_BYTES = 256 * 1024

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class InvalidCertificates(ValueError):
    """Certificates or keys of the settings cannot be used."""


class TlsClient:
    """An `HttpClient` over TLS. What breaks is sent again by nobody: it cannot tell what the server had read."""

    def __init__(self, connections: Connections = Connections(), tls: ClientTls = ClientTls()) -> None:  # noqa: B008
        """Raises: InvalidCertificates."""
        self._client = _client(connections, tls)

    async def post(self, endpoint: Endpoint, request: HttpRequest) -> HttpResponse:
        """Send one request."""
        check_headers(request.headers)
        left = request.deadline - time.monotonic()
        if left <= 0:
            raise HttpTimeout
        building = self._client.post(f"https://{endpoint.authority}{endpoint.target}").headers(request.headers)
        try:
            sending = building.body_bytes(request.body).timeout(timedelta(seconds=left)).build_streamed()
            async with sending as response:
                body = await _body(response, request.max_body_bytes)
                return HttpResponse(response.status, list(_headers(response)), body)
        except RequestTimeoutError as error:
            if time.monotonic() < request.deadline and isinstance(error, ConnectError):
                raise HttpError("no connection in time") from error
            raise HttpTimeout from error
        except ConnectError as error:
            raise HttpError("no connection") from error
        except BodyDecodeError as error:
            raise HttpError("malformed content-encoding") from error
        except PyreqwestError as error:
            raise HttpError("the connection broke") from error

    async def close(self) -> None:
        """End it."""
        await self._client.close()


def _client(connections: Connections, tls: ClientTls) -> Client:
    building = (
        ClientBuilder()
        .follow_redirects(enable=False)
        .no_proxy()
        .https_only(enable=True)
        .http2(connections.http2)
        .http2_adaptive_window(enabled=True)
        .http2_max_header_list_size(MAX_HEAD_BYTES)
        .brotli(enable=False)
        .zstd(enable=False)
        .http1_lower_case_headers()
        .user_agent("fedra")
        .max_connections(connections.max_connections)
        .connect_timeout(connections.connect_timeout)
        .pool_idle_timeout(connections.pool_idle_timeout)
    )
    try:
        for certificate in _certificates(tls.certificate_authorities):
            building = building.add_root_certificate_pem(certificate.encode())
        own = tls.client_authentication
        if own is not None:
            building = building.identity_pem(f"{own.certificate_chain}\n{own.key.get_secret_value()}\n".encode())
        return building.build()
    except (PyreqwestError, ValueError) as error:
        raise InvalidCertificates("tls.subgraph: a certificate or key is not readable PEM.") from error


def _certificates(text: str | None) -> list[str]:
    found = _CERTIFICATE.findall(text or "")
    if text is not None and not found:
        raise InvalidCertificates("tls.subgraph: 'certificate_authorities' holds no certificate in PEM.")
    return found


async def _body(response: Response, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while (part := await response.body_reader.read(CHUNK_BYTES)) is not None and len(part):
        size += len(part)
        if size > most:
            raise ResponseTooLarge
        parts.append(bytes(part))
    return b"".join(parts)


def _headers(response: Response) -> Iterator[tuple[str, str]]:
    return ((name.lower(), value) for name, value in response.headers.items())
