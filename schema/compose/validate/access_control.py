"""`@authenticated`, `@requiresScopes`, `@policy`: on what is resolved, not on what stands for it."""

from __future__ import annotations

from schema.elements import Annotated, Kind
from schema.errors import Report
from schema.subgraph import Subgraph

ACCESS_CONTROL = ("authenticated", "requiresScopes", "policy")


def check_access_control(subgraph: Subgraph, report: Report) -> None:
    """Report access control on interfaces, their fields, and interface objects."""
    for definition in subgraph.types.values():
        is_interface = definition.kind is Kind.INTERFACE
        places: dict[str, Annotated] = (
            {definition.name: definition} if is_interface or definition.is_interface_object else {}
        )
        if is_interface:
            places |= {f"{definition.name}.{one.name}": one for one in definition.fields.values()}
        for coordinate, place in places.items():
            for element in ACCESS_CONTROL:
                for application in place.applied(element):
                    message = (
                        f'[{subgraph.name}] Invalid use of @{element} on "{coordinate}": @{element} cannot be applied '
                        "on interfaces and interface objects"
                    )
                    fix = "Apply it to the implementations."
                    here = [subgraph.locate(application.node)]
                    report.error("AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE", message, here, fix)
