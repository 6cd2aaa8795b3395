"""What both kinds of sending to a collector have in common. Imported only where something is sent."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

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
    }


def _with_path(endpoint: str, path: str) -> str:
    return endpoint if urlsplit(endpoint).path.strip("/") else endpoint.rstrip("/") + path
