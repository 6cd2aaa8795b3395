"""Who sees which document or message: the predicate of the platform, once for each store."""

from __future__ import annotations

from collections.abc import Iterable

from subgraphs.kernel import database
from subgraphs.kernel.identity import InternalToken

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def visible_document(alias: str) -> str:
    """Say in SQL which documents the caller may see: by the platform's predicate, or by their access list."""
    return (
        f"({database.visible(alias)} OR ({alias}.tenant_id = current_setting('fedra.tenant', true) AND {alias}.acl &&"
        " (nullif(current_setting('fedra.projects', true), '')::uuid[]"
        " || nullif(current_setting('fedra.principal', true), '')::uuid)))"
    )


def visible_entry(token: InternalToken) -> str:
    """Say in Milvus' filter language which entries the caller may see. All are PRIVATE.

    An entry holds `tenant`, `owner`, `project` (empty: none) and `acl`. Without a principal nothing is visible.
    """
    own = equals("tenant", token.tenant)
    if token.principal is None:
        return f'({own} and id == "")'
    projects = [str(id) for id in token.project_ids]
    granted = [
        f"ARRAY_CONTAINS_ANY(acl, [{_listed([str(token.principal), *projects])}])",
        equals("owner", str(token.principal)),
    ]
    if projects:
        granted.append(one_of("project", projects))
    return f"({own} and ({' or '.join(granted)}))"


def equals(field: str, value: str) -> str:
    """Compare a field with a text."""
    return f"{field} == {_quoted(value)}"


def one_of(field: str, values: Iterable[str]) -> str:
    """Compare a field with several texts."""
    return f"{field} in [{_listed(values)}]"


def _listed(values: Iterable[str]) -> str:
    return ", ".join(_quoted(value) for value in values)


def _quoted(value: str) -> str:
    return f'"{value.translate(_ESCAPES)}"'
