"""Where the subgraphs of a supergraph are asked: over the network, or in this process."""

from __future__ import annotations

from collections.abc import Mapping

from router.fetch.connection_pool import ConnectionPool
from router.fetch.headers import TokenMinter
from router.fetch.hooked import HookedSource
from router.fetch.http import Endpoint, HttpClient
from router.fetch.in_process import InProcessSource, Subgraph
from router.fetch.mounted import mount
from router.fetch.network import NetworkSource, Remote
from router.fetch.observed import ObservedSource
from router.fetch.redact import RedactingSource
from router.fetch.routed import RoutedSource
from router.fetch.source import EntitySource
from router.fetch.timed import TimedSource
from router.headers.rules import Rules
from router.hooks.calls import HookCalls
from router.python_object import load_object
from router.relay.source import RelaySource
from router.resources import Keep
from router.settings import Settings
from schema.supergraph import InvalidSupergraph, Supergraph

IN_PROCESS = "in-process:"
RELAY = "in-process:relay"


def source_for(
    supergraph: Supergraph,
    settings: Settings,
    keep: Keep,
    mint: TokenMinter | None,
    hooks: HookCalls | None = None,
) -> EntitySource:
    """Join the homes of all subgraphs to one source. Raises: InvalidSupergraph, InvalidReference."""
    urls = _urls(supergraph, settings.override_subgraph_url)
    remote = {name: url for name, url in urls.items() if not url.startswith(IN_PROCESS)}
    relays = [name for name, url in urls.items() if url == RELAY]
    rules = Rules(settings.headers)
    here = InProcessSource(
        {
            name: _mounted(name, url, settings.override_subgraph_url)
            for name, url in urls.items()
            if name not in remote and name not in relays
        },
        mint,
        rules,
    )
    network = NetworkSource({name: _remote(name, url, settings, keep) for name, url in remote.items()}, mint, rules)
    homes: EntitySource = RoutedSource(dict.fromkeys(urls.keys() - remote.keys(), here), network)
    if hooks is not None and (hooks.on_subgraph_request or hooks.on_subgraph_response):
        homes = HookedSource(homes, hooks, rules)
    shaping = {name: settings.traffic_shaping.of(name).timeout for name in urls}
    owners = RedactingSource(
        ObservedSource(TimedSource(homes, shaping.__getitem__)), settings.include_subgraph_errors.of
    )
    return RoutedSource({name: RelaySource(name, supergraph, owners) for name in relays}, owners)


def _urls(supergraph: Supergraph, overrides: Mapping[str, str]) -> dict[str, str]:
    return {name: overrides.get(name, one.url) for name, one in supergraph.subgraphs.items()}


def _remote(name: str, url: str, settings: Settings, keep: Keep) -> Remote:
    """Join a URL with how it is asked. Raises: InvalidSupergraph, InvalidCertificates."""
    shaping = settings.traffic_shaping.of(name)
    try:
        endpoint = Endpoint.of(url)
    except ValueError as error:
        raise InvalidSupergraph(f"A subgraph has no usable URL: {error}") from error
    client = _client(name, endpoint, settings, keep)
    deduplicates = shaping.deduplicate_query and not settings.headers.of(name).hand_cookies_on
    return Remote(endpoint, client, shaping.max_response_bytes, deduplicates)


def _client(name: str, endpoint: Endpoint, settings: Settings, keep: Keep) -> HttpClient:
    """Choose what speaks to a subgraph. Raises: InvalidCertificates."""
    connections = settings.traffic_shaping.of(name).connections
    if not endpoint.tls:
        return keep(ConnectionPool, connections)
    from router.fetch.tls import TlsClient  # noqa: PLC0415  # memory that plain HTTP does without

    return keep(TlsClient, connections, settings.tls.subgraph.of(name))


def _mounted(name: str, url: str, overrides: Mapping[str, str]) -> Subgraph:
    """Load the schema at `in-process:module:object`. A supergraph is data: only the settings may name Python code."""
    if name not in overrides:
        raise InvalidSupergraph(
            f"Subgraph '{name}' is at '{url}': Python code can be named by 'override_subgraph_url' only."
        )
    reference = url.removeprefix(IN_PROCESS)
    try:
        return mount(load_object(reference, f"override_subgraph_url.{name}"))
    except TypeError as error:
        raise InvalidSupergraph(f"Subgraph '{name}' cannot be mounted from '{reference}': {error}.") from error
