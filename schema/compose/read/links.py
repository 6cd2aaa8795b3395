"""Checks of `@link`: known versions, known imports, names that do not clash."""

from __future__ import annotations

from collections.abc import Iterable

from schema.compose.read.spec_elements import elements_of
from schema.errors import Report
from schema.federation import FEDERATION, LATEST_FEDERATION, LINK, LINK_VERSION, SPEC_ELEMENTS
from schema.link import Link


def check_links(links: Iterable[Link], report: Report) -> None:
    """Report links of unknown versions and imports of unknown elements."""
    for link in links:
        if link.node is None:
            continue
        if link.identity == FEDERATION and not _is_known_federation(link):
            message = (
                f"Invalid version {link.version} for the federation feature in @link directive on schema: expected "
                f"v2.0 to {LATEST_FEDERATION}."
            )
            report.error("UNKNOWN_FEDERATION_LINK_VERSION", message)
        elif link.identity == LINK and link.version != LINK_VERSION:
            report.error(
                "UNKNOWN_LINK_VERSION",
                f'Unknown version {link.version} of the link feature: use "{LINK}/{LINK_VERSION}".',
            )
        else:
            _check_imports(link, report)


def _is_known_federation(link: Link) -> bool:
    return (
        link.version is not None and link.version.major == LATEST_FEDERATION.major and link.version <= LATEST_FEDERATION
    )


def _check_imports(link: Link, report: Report) -> None:
    if link.identity != FEDERATION and link.identity not in SPEC_ELEMENTS:
        return
    known = {f"@{one.name}" if one.sdl else one.name for one in elements_of(link)}
    for name in link.imports:
        if name not in known:
            hint = f' Did you mean "@{name}"?' if f"@{name}" in known else ""
            message = f'Cannot import unknown element "{name}" from "{link.identity}/{link.version}".{hint}'
            report.error("INVALID_LINK_DIRECTIVE_USAGE", message)
