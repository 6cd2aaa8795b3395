"""Which specs the supergraph links, and in which versions. Source: federation-directives, "Specs and identities"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import DefinitionNode, parse

from schema.compose.merge.applied import CARRIED
from schema.compose.merge.context import Merge
from schema.compose.merge.joined import JOINED
from schema.errors import subgraph_list
from schema.federation import (
    AUTHENTICATED,
    CACHE_TAG,
    CONNECT,
    CONNECT_VERSIONS,
    CONTEXT,
    COST,
    CURRENT_CONNECT,
    EXECUTION,
    FEDERATION_DIRECTIVES,
    IMPLIED_FEDERATION,
    INACCESSIBLE,
    JOIN,
    JOIN_VERSIONS,
    LINK,
    POLICY,
    REQUIRES_SCOPES,
    SECURITY,
    TAG,
    UPGRADE_FEDERATION,
    Version,
)
from schema.link import Link
from schema.subgraph import Subgraph
from schema.value import EnumName, Value


@dataclass(frozen=True, slots=True)
class SupergraphSpec:
    """A spec as the supergraph links it."""

    identity: str
    version: Version
    purpose: str | None = None


CARRIED_SPECS = {
    "tag": SupergraphSpec(TAG, Version(0, 3)),
    "inaccessible": SupergraphSpec(INACCESSIBLE, Version(0, 2), SECURITY),
    "authenticated": SupergraphSpec(AUTHENTICATED, Version(0, 1), SECURITY),
    "requiresScopes": SupergraphSpec(REQUIRES_SCOPES, Version(0, 1), SECURITY),
    "policy": SupergraphSpec(POLICY, Version(0, 1), SECURITY),
    "cost": SupergraphSpec(COST, Version(0, 1)),
    "listSize": SupergraphSpec(COST, Version(0, 1)),
    "context": SupergraphSpec(CONTEXT, Version(0, 1), SECURITY),
    "fromContext": SupergraphSpec(CONTEXT, Version(0, 1), SECURITY),
}


def find_carried(merge: Merge) -> None:
    """Find the directives of known specs that are applied anywhere, and the one name each has in all subgraphs."""
    applied = {one.name: _names(one) for one in merge.subgraphs}
    for element in CARRIED:
        names = {subgraph: found[element] for subgraph, found in applied.items() if element in found}
        if len(set(names.values())) > 1:
            listed = " and ".join(f'"@{name}" in {subgraph_list([subgraph])}' for subgraph, name in names.items())
            message = (
                f'The "@{element}" directive (from {CARRIED_SPECS[element].identity}) is imported with mismatched '
                f"name between subgraphs: it is imported as {listed}"
            )
            linked = {subgraph: merge.subgraph(subgraph).link_of(name) for subgraph, name in names.items()}
            merge.report.error("LINK_IMPORT_NAME_MISMATCH", message, merge.locate(linked))
        elif names:
            merge.carried[element] = next(iter(names.values()))
    merge.joined = {element for element in JOINED if any(element in found for found in applied.values())}


def _names(subgraph: Subgraph) -> dict[str, str]:
    """The directives of known specs that are applied: spec name → name in the subgraph."""
    applications = [one for each in subgraph.annotated() for one in each.applications]
    return {one.element: one.name for one in (*applications, *subgraph.schema.applications) if one.element}


def federation_version(merge: Merge) -> Version:
    """The highest version any subgraph uses; federation 1 counts as the version it is upgraded to."""
    return max(_version_used(one) for one in merge.subgraphs)


def _version_used(subgraph: Subgraph) -> Version:
    linked = subgraph.federation or UPGRADE_FEDERATION
    return max(linked, *(_needed(link) or linked for link in subgraph.links))


def _needed(link: Link) -> Version | None:
    """The federation version that a linked spec needs at least."""
    if link.identity == CONNECT and link.version is not None:
        return CONNECT_VERSIONS.get(link.version)
    return IMPLIED_FEDERATION.get(link.identity)


def hint_upgrades(merge: Merge) -> None:
    """Say where a linked spec needs a newer federation than the subgraph links."""
    for subgraph in merge.subgraphs:
        used = _version_used(subgraph)
        if subgraph.federation and subgraph.federation < used:
            link = next(link for link in subgraph.links if _needed(link) == used)
            linked = subgraph.federation
            message = f'Subgraph "{subgraph.name}" has been implicitly upgraded from federation {linked} to {used}.'
            merge.report.hint("IMPLICITLY_UPGRADED_FEDERATION_VERSION", message, [subgraph.locate(link.node)])


def join_version(merge: Merge) -> Version:
    """The newest join spec that the subgraphs' federation version allows."""
    wanted = federation_version(merge)
    return max(version for version, since in JOIN_VERSIONS.items() if since <= wanted)


def links(merge: Merge) -> list[dict[str, Value]]:
    """Arguments of the supergraph's `@link` applications, in order."""
    merged: dict[str, dict[str, Value]] = {}
    for spec in (SupergraphSpec(LINK, Version(1, 0)), SupergraphSpec(JOIN, join_version(merge), EXECUTION)):
        merged[spec.identity] = _link(spec)
    for element, name in merge.carried.items():
        spec = CARRIED_SPECS[element]
        link = merged.setdefault(spec.identity, _link(spec))
        _import(link, element, name, is_default=spec.identity.endswith(f"/{element}"))
    merged |= {spec.identity: _link(spec) for spec in _joined_specs(merge)}
    return [*merged.values(), *_custom_links(merge)]


def _joined_specs(merge: Merge) -> Iterator[SupergraphSpec]:
    """Specs of what `join__directive` carries; connectors count where they are linked, used or not."""
    if "cacheTag" in merge.joined:
        yield SupergraphSpec(CACHE_TAG, Version(0, 1), EXECUTION)
    linked = {link.version for one in merge.subgraphs for link in one.links if link.identity == CONNECT}
    known = [version for version in CONNECT_VERSIONS if version in linked]
    if known:
        yield SupergraphSpec(CONNECT, max(CURRENT_CONNECT, *known), EXECUTION)


def _link(spec: SupergraphSpec) -> dict[str, Value]:
    link: dict[str, Value] = {"url": f"{spec.identity}/{spec.version}"}
    return link | {"for": EnumName(spec.purpose)} if spec.purpose else link


def _import(link: dict[str, Value], element: str, name: str, *, is_default: bool) -> None:
    if name == element and is_default:
        return
    item: Value = f"@{element}" if name == element else {"name": f"@{element}", "as": f"@{name}"}
    imports = link.get("import")
    link["import"] = [*imports, item] if isinstance(imports, list) else [item]


def _default_name(identity: str, element: str) -> str:
    feature = identity.rpartition("/")[2]
    return element if element == feature else f"{feature}__{element}"


def _custom_links(merge: Merge) -> list[dict[str, Value]]:
    merged: dict[str, dict[str, Value]] = {}
    for name, custom in merge.composed.items():
        link = merged.setdefault(custom.link.identity, {"url": f"{custom.link.identity}/{custom.link.version}"})
        element = custom.link.directive_element(name) or name
        _import(link, element, name, is_default=False)
    return list(merged.values())


def spec_definitions(merge: Merge) -> list[DefinitionNode]:
    """Definitions of all directives of the linked specs, and of the scalars in their arguments."""
    scalars = {
        "Scope": "requiresScopes__Scope",
        "Policy": "policy__Policy",
        "ContextFieldValue": "context__ContextFieldValue",
    }
    linked = {CARRIED_SPECS[element].identity for element in merge.carried}
    texts = []
    for one in FEDERATION_DIRECTIVES:
        spec = CARRIED_SPECS.get(one.name)
        if spec is not None and spec.identity in linked and one.until is None:
            name = merge.carried.get(one.name) or _default_name(spec.identity, one.name)
            texts.append(f"directive @{name}{one.sdl.format(**scalars)}")
            texts += [f"scalar {scalar}" for scalar in scalars.values() if scalar.startswith(f"{one.name}__")]
    return [node for text in texts for node in parse(text).definitions]
