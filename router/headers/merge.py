"""Headers of several subgraphs' responses as headers of one answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from router.headers.cache_control import most_restrictive
from router.request import Collected


def merge(collected: Iterable[Collected]) -> list[tuple[str, str]]:
    """Settle each header once. Every `set-cookie` is a line of its own. Source: RFC 9110, "Field Order"; RFC 6265."""
    by_name: dict[str, list[Collected]] = {}
    for one in collected:
        by_name.setdefault(one.name, []).append(one)
    return [(name, value) for name, given in by_name.items() for value in _settle(name, given)]


def _settle(name: str, given: Sequence[Collected]) -> Sequence[str]:
    if name == "set-cookie":
        return list(dict.fromkeys(value for one in given for value in one.values))
    if name == "cache-control":
        return [most_restrictive([", ".join(one.values) for one in given])]
    match given[-1].merge:
        case "first":
            return [", ".join(given[0].values)]
        case "last":
            return [", ".join(given[-1].values)]
        case "append":
            return [", ".join(dict.fromkeys(value for one in given for value in one.values))]
