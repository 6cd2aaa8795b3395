"""Metrics for Prometheus to read, at an address of their own."""

from __future__ import annotations

import asyncio
import logging
import socket
from http.server import ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, MetricsHandler

from router.settings.supergraph import Listen

log = logging.getLogger(__name__)


class MetricsServer(ThreadingHTTPServer):
    """Shows metrics from threads of its own, so that reading them holds up no request longer than it must."""

    daemon_threads = True

    def __init__(self, listen: Listen) -> None:
        """Raises: ValueError if the address cannot be taken."""
        self.address_family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
        self._shown: dict[str, CollectorRegistry] = {}
        try:
            super().__init__((listen.host, listen.port), _Handler)
        except OSError as error:
            raise ValueError(f"telemetry: cannot listen on {listen} for Prometheus: {error.strerror}.") from error
        Thread(target=self.serve_forever, name="prometheus", daemon=True).start()

    def show(self, path: str, registry: CollectorRegistry) -> None:
        """Show metrics at a path."""
        if path not in self._shown:
            log.info("metrics are shown", extra={"url": f"http://{self.server_name}:{self.server_port}{path}"})
        self._shown[path] = registry

    def at(self, path: str) -> CollectorRegistry | None:
        """Find what is shown at a path."""
        return self._shown.get(path)

    def server_bind(self) -> None:
        """Take the address. What the library does besides is to ask for the name of this machine, which takes long."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = self.socket.getsockname()[:2]

    async def close(self) -> None:
        """End it."""
        await asyncio.to_thread(self.shutdown)
        self.server_close()


class _Handler(MetricsHandler):
    server: MetricsServer
    timeout = 5

    def do_GET(self) -> None:  # noqa: N802  # the library's name
        registry = self.server.at(urlsplit(self.path).path)
        if registry is None:
            self.send_error(404)
            return
        self.registry = registry
        super().do_GET()
