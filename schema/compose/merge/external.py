"""External declarations: each must agree with the field that another subgraph resolves."""

from __future__ import annotations

from collections.abc import Mapping

from schema.compose.merge.applied import BUILT_IN, CARRIED
from schema.compose.merge.context import Merge
from schema.compose.merge.type_reference import is_subtype
from schema.elements import Field, InputValue
from schema.errors import subgraph_list
from schema.value import canonical


def report_missing_base(merge: Merge, type_name: str, sources: Mapping[str, Field], coordinate: str) -> None:
    """Report a field that every subgraph with it declares external."""
    missing = [name for name in merge.declarations(type_name) if name not in sources]
    absent = f" (it is not declared in {subgraph_list(missing)})" if missing else ""
    message = (
        f'Field "{coordinate}" is marked @external on all the subgraphs in which it is listed '
        f"({subgraph_list(list(sources))}){absent}."
    )
    fix = "Declare it without @external in the subgraph that resolves it."
    merge.report.error("EXTERNAL_MISSING_ON_BASE", message, merge.locate(sources), fix)


def check_externals(
    merge: Merge, coordinate: str, merged: Field, resolved: Mapping[str, Field], externals: Mapping[str, Field]
) -> None:
    """Compare each external declaration with the merged field."""
    agreed = len({one.type for one in resolved.values()}) == 1
    for subgraph, external in externals.items():
        here = merge.locate({subgraph: external})
        _check_directives(merge, coordinate, subgraph, external)
        fits = external.type == merged.type or (not agreed and is_subtype(merge, external.type, merged.type))
        if not fits:
            message = (
                f'Type of field "{coordinate}" is incompatible across subgraphs (where marked @external): it has type '
                f'"{merged.type}" in {subgraph_list(list(resolved))} but type "{external.type}" in '
                f"{subgraph_list([subgraph])}"
            )
            merge.report.error("EXTERNAL_TYPE_MISMATCH", message, here)
        for name, argument in merged.arguments.items():
            _check_argument(merge, f"{coordinate}({name}:)", argument, subgraph, external)


def _check_argument(merge: Merge, place: str, argument: InputValue, subgraph: str, external: Field) -> None:
    here = merge.locate({subgraph: external})
    own = external.arguments.get(argument.name)
    where = subgraph_list([subgraph])
    if own is None:
        message = (
            f'Field "{place.partition("(")[0]}" is missing argument "{place}" in some subgraphs where it is marked '
            f'@external: argument "{place}" is declared elsewhere but not in {where}.'
        )
        merge.report.error("EXTERNAL_ARGUMENT_MISSING", message, here)
        return
    if not is_subtype(merge, argument.type, own.type):
        message = (
            f'Type of argument "{place}" is incompatible across subgraphs (where "{external.name}" is marked '
            f'@external): it has type "{argument.type}" but type "{own.type}" in {where}'
        )
        merge.report.error("EXTERNAL_ARGUMENT_TYPE_MISMATCH", message, here)
    defaults = [canonical(one.default.value) if one.default else None for one in (own, argument)]
    if defaults[0] != defaults[1]:
        message = (
            f'Argument "{place}" has incompatible defaults across subgraphs (where "{external.name}" is marked '
            f"@external): its default in {where} is another."
        )
        merge.report.error("EXTERNAL_ARGUMENT_DEFAULT_MISMATCH", message, here)


def _check_directives(merge: Merge, coordinate: str, subgraph: str, external: Field) -> None:
    for one in external.applications:
        if one.element in (*CARRIED, *BUILT_IN) or subgraph in merge.composers(one.name):
            message = f'[{subgraph}] Cannot apply merged directive @{one.name} to external field "{coordinate}"'
            fix = "Apply it where the field is resolved."
            merge.report.error("MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL", message, merge.locate({subgraph: one}), fix)
