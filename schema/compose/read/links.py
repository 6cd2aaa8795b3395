"""Checks of `@link`: known versions, known imports, names that do not clash."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from schema.compose.read.spec_elements import elements_of, is_known_federation
from schema.errors import Location, Report
from schema.federation import FEDERATION, INACCESSIBLE, LATEST_FEDERATION, LINK, LINK_VERSION, SPEC_ELEMENTS, TAG
from schema.link import Link

_ALIAS = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
Refuse = Callable[[str, Link, str], None]


def check_links(links: Sequence[Link], report: Report, locate: Callable[[Link], Location]) -> None:
    """Report links of unknown versions, imports of unknown elements, and names that mean two things."""

    def refuse(code: str, link: Link, message: str) -> None:
        report.error(code, message, [locate(link)])

    written = [link for link in links if link.node is not None]
    for link in written:
        if link.version is None:
            refuse(
                "INVALID_LINK_IDENTIFIER", link, f'Invalid @link URL "{link.identity}": it has no version like "v1.0".'
            )
        elif link.identity == FEDERATION and not is_known_federation(link):
            message = (
                f"Invalid version {link.version} for the federation feature: expected v2.0 to {LATEST_FEDERATION}."
            )
            refuse("UNKNOWN_FEDERATION_LINK_VERSION", link, message)
        elif link.identity == LINK and link.version != LINK_VERSION:
            message = f'Unknown version {link.version} of the link feature: use "{LINK}/{LINK_VERSION}".'
            is_linked = any(one.identity == FEDERATION for one in written)  # which links what it needs itself
            refuse("INVALID_LINK_DIRECTIVE_USAGE" if is_linked else "UNKNOWN_LINK_VERSION", link, message)
        else:
            for problem in (*_unknown_imports(link), *_bad_alias(link), *_confusing_imports(link)):
                refuse("INVALID_LINK_DIRECTIVE_USAGE", link, problem)
    if all(link.identity != FEDERATION for link in written):
        _check_twins(written, refuse)
    _check_clashes([link for link in links if link.node is not None or link.identity == LINK], refuse)


def _unknown_imports(link: Link) -> Iterable[str]:
    if link.identity != FEDERATION and link.identity not in SPEC_ELEMENTS:
        return
    known = {f"@{one.name}" if one.is_directive else one.name for one in elements_of(link)}
    for name in link.imports.keys() - known:
        hint = f' Did you mean "@{name}"?' if f"@{name}" in known else ""
        yield f'Cannot import unknown element "{name}" from "{link.identity}/{link.version}".{hint}'


def _bad_alias(link: Link) -> Iterable[str]:
    if not (_ALIAS.fullmatch(link.alias) and "__" not in link.alias and not link.alias.endswith("_")):
        yield (
            f'Cannot link feature "{link.identity}" as "{link.alias}": it must be a name without "__" that does '
            "not end "
            'with "_". Rename it with "as".'
        )


def _confusing_imports(link: Link) -> Iterable[str]:
    """Two elements under one name, or one under a name that stands for another without being imported."""
    owners: dict[str, str] = {}
    for element, name in link.imports.items():
        other = owners.setdefault(name, element)
        other = other if other != element else _namespaced(link, name) or element
        if other != element:
            yield (
                f'Cannot import "{element}" as "{name}" from "{link.identity}": that is the name of "{other}". Rename '
                'it with "as".'
            )


def _check_twins(links: Sequence[Link], refuse: Refuse) -> None:
    """Without federation being linked, `@tag` and `@inaccessible` are federation's own."""
    for link in links:
        if link.identity in {TAG, INACCESSIBLE} and link.directive_name(link.name) == link.name:
            message = f'Import "@{link.name}" from "{FEDERATION}" instead of linking "{link.identity}".'
            refuse("INVALID_LINK_DIRECTIVE_USAGE", link, message)


def _check_clashes(links: Sequence[Link], refuse: Refuse) -> None:
    code = "INVALID_LINK_DIRECTIVE_USAGE"
    identities: set[str] = set()
    owners: dict[str, Link] = {}
    for link in links:
        if link.identity in identities:
            refuse(code, link, f'Cannot link feature "{link.identity}" since it has already been linked in the schema.')
            continue
        identities.add(link.identity)
        if owners.setdefault(link.alias, link) is not link:
            other = owners[link.alias].identity
            refuse(code, link, f'Cannot link feature "{link.identity}" as "{link.alias}": "{other}" has that alias.')
    _check_imports(links, refuse)


def _check_imports(links: Sequence[Link], refuse: Refuse) -> None:
    owners: dict[str, Link] = {}
    for link in links:
        for name in link.imports.values():
            other = owners.setdefault(name, link)
            inside = next((one for one in links if one is not link and _namespaced(one, name)), None)
            if other is not link or inside is not None:
                owner = inside or other
                message = (
                    f'Cannot import "{name}" from feature "{link.identity}": the name belongs to "{owner.identity}". '
                    'Link only one of them, or rename with "as".'
                )
                refuse("INVALID_LINK_DIRECTIVE_USAGE", link, message)


def _namespaced(link: Link, name: str) -> str | None:
    """The element that a link gives this name to without importing it."""
    prefix = f"{link.alias}__"
    if name == f"@{link.alias}":
        return f"@{link.name}"
    return name.replace(prefix, "", 1) if name.removeprefix("@").startswith(prefix) else None
