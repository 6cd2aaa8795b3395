"""What can be told of settings only beside others: beside the supergraph, or beside those that served before."""

from __future__ import annotations

from collections.abc import Collection

from graphql.pyutils import did_you_mean, suggestion_list

from router.configuration.mistakes import InvalidSettings, Mistake
from router.settings import Settings
from router.settings.marks import NamesSubgraphs, NeedsRestart, marked


def check_subgraph_names(settings: Settings, known: Collection[str]) -> None:
    """Refuse settings for subgraphs that are not there. Raises: InvalidSettings."""
    mistakes = [
        Mistake((*path, name), f"no such subgraph.{did_you_mean(suggestion_list(name, sorted(known)))}")
        for path, names in marked(settings, NamesSubgraphs)
        for name in names
        if name not in known
    ]
    if mistakes:
        raise InvalidSettings(mistakes)


def changed_until_restart(old: Settings, new: Settings) -> list[str]:
    """List the keys that differ and are read at start only."""
    before = dict(marked(old, NeedsRestart))
    return [".".join(map(str, path)) for path, value in marked(new, NeedsRestart) if before.get(path) != value]
