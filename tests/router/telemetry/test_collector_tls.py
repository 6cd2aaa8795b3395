"""A collector behind TLS: who it is, and who sends, is proved as the environment says."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace.export import SpanExportResult

from router.settings.telemetry import OtlpTraces
from router.telemetry.collector import exporter_arguments
from tests.router.fetch.certificates import Authority


class _Takes(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[str]:
    authority = Authority()
    (tmp_path / "authority.pem").write_text(authority.pem)
    with HTTPServer(("127.0.0.1", 0), _Takes) as server:
        server.socket = authority.server(tmp_path, asks=True).wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_certificates_are_those_of_the_environment(
    tmp_path: Path, collector: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_CERTIFICATE", str(tmp_path / "authority.pem"))
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", str(tmp_path / "certificate.pem"))
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", str(tmp_path / "key.pem"))
    exporter = OTLPSpanExporter(**exporter_arguments(OtlpTraces(endpoint=collector), "/v1/traces"))
    assert exporter.export(()) is SpanExportResult.SUCCESS
    exporter.shutdown()  # type: ignore[no-untyped-call]  # the library leaves it out
