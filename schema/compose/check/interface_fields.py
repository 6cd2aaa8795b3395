"""Every object has the fields of its interfaces, also those that another subgraph brought."""

from __future__ import annotations

from schema.compose.merge.context import Merge
from schema.errors import subgraph_list


def check_interface_fields(merge: Merge) -> None:
    """Report objects that miss a field of a merged interface."""
    for definition in merge.types.values():
        for interface in definition.interfaces:
            required = merge.types[interface].fields if interface in merge.types else {}
            for name in required:
                if name not in definition.fields:
                    _report(merge, definition.name, interface, name)


def _report(merge: Merge, type_name: str, interface: str, name: str) -> None:
    with_field = {subgraph: one for subgraph, one in merge.declarations(interface).items() if name in one.fields}
    with_type = merge.declarations(type_name)
    message = (
        f'Interface field "{interface}.{name}" is declared in {subgraph_list(list(with_field))} but type '
        f'"{type_name}", which implements "{interface}" in {subgraph_list(list(with_type))}, does not have '
        f'field "{name}".'
    )
    merge.report.error("INTERFACE_FIELD_NO_IMPLEM", message, merge.locate(with_field))
