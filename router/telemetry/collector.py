"""What both kinds of sending to a collector have in common. Imported only where something is sent."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from opentelemetry.exporter.http.transport._urllib3 import Urllib3HTTPTransport
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from router.settings.telemetry import OtlpMetrics, OtlpTraces

SCOPE = InstrumentationScope("fedra.router")


def resource_of(service_name: str | None, attributes: Mapping[str, str]) -> Resource:
    """Say who sends: by the settings, then by `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`."""
    found = Resource.create(dict(attributes))
    if service_name is None and not str(found.attributes[SERVICE_NAME]).startswith("unknown_service"):
        return found
    return found.merge(Resource({SERVICE_NAME: service_name or "fedra-router"}))


def exporter_arguments(settings: OtlpTraces | OtlpMetrics, path: str) -> dict[str, Any]:
    """Say where to send, and how, as the exporters take it; None is for the environment to say."""
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # each of their failures is several lines
    headers = {name: value.get_secret_value() for name, value in settings.http.headers.items()}
    return {
        "endpoint": settings.endpoint and _with_path(settings.endpoint, path),
        "headers": headers or None,
        "timeout": settings.batch_processor.max_export_timeout.total_seconds(),
        "_transport": _transport(path.rpartition("/")[2].upper()),
    }


def _transport(signal: str) -> Urllib3HTTPTransport:
    """Make what sends, with the certificates that the environment names for a signal.

    The exporters would take `requests` by themselves, for which every worker holds 5 MB, and have no other word for it.
    Source: OpenTelemetry Protocol Exporter, "Configuration Options".
    """

    def said(ending: str) -> str | None:
        return os.environ.get(f"OTEL_EXPORTER_OTLP_{signal}{ending}") or os.environ.get(f"OTEL_EXPORTER_OTLP{ending}")

    certificate, key = said("_CLIENT_CERTIFICATE"), said("_CLIENT_KEY")
    own = (certificate, key) if certificate and key else certificate
    return Urllib3HTTPTransport(verify=said("_CERTIFICATE") or True, cert=own)


def _with_path(endpoint: str, path: str) -> str:
    return endpoint if urlsplit(endpoint).path.strip("/") else endpoint.rstrip("/") + path
