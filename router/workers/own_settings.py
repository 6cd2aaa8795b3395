"""What each of several workers must have of its own, or their numbers would be told as those of one."""

from __future__ import annotations

from collections.abc import Iterator

from router.configuration.mistakes import InvalidSettings, KeyPath, Mistake
from router.settings import Settings

INSTANCE = "service.instance.id"
MAX_PORT = 65535

_LISTEN: KeyPath = ("telemetry", "exporters", "metrics", "prometheus", "listen")
_INSTANCE: KeyPath = ("telemetry", "resource", INSTANCE)


def check_workers(settings: Settings) -> None:
    """Refuse what workers cannot each have of their own. Raises: InvalidSettings."""
    mistakes = list(_mistakes(settings)) if settings.workers.count > 1 else []
    if mistakes:
        raise InvalidSettings(mistakes)


def settings_of_worker(settings: Settings, index: int, instance: str) -> Settings:
    """Give a worker a port for Prometheus and an instance id of its own."""
    telemetry = settings.telemetry
    metrics = telemetry.exporters.metrics
    listen = metrics.prometheus.listen
    own_listen = listen.model_copy(update={"port": listen.port + index})
    own_metrics = metrics.model_copy(
        update={"prometheus": metrics.prometheus.model_copy(update={"listen": own_listen})}
    )
    changed = {
        "resource": {**telemetry.resource, INSTANCE: instance},
        "exporters": telemetry.exporters.model_copy(update={"metrics": own_metrics}),
    }
    return settings.model_copy(update={"telemetry": telemetry.model_copy(update=changed)})


def _mistakes(settings: Settings) -> Iterator[Mistake]:
    count, telemetry = settings.workers.count, settings.telemetry
    if INSTANCE in telemetry.resource:
        yield Mistake(_INSTANCE, f"names one process, and there are {count} workers: leave it out, each gets its own.")
    prometheus = telemetry.exporters.metrics.prometheus
    first = prometheus.listen.port
    last = first + count - 1
    if not prometheus.enabled:
        return
    if not first:
        yield Mistake(_LISTEN, f"{count} workers take as many ports, from this one on: name one.")
    elif last > MAX_PORT:
        yield Mistake(_LISTEN, f"{count} workers take the ports {first} to {last}, and {MAX_PORT} is the last.")
    elif first <= settings.supergraph.listen.port <= last:
        yield Mistake(_LISTEN, f"{count} workers take the ports {first} to {last}, one of which is that of GraphQL.")
