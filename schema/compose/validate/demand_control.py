"""`@cost` and `@listSize`. Source: composition, "Shareable, tag, cost, auth, cacheTag"."""

from __future__ import annotations

from collections.abc import Iterator

from schema.elements import Application, Field, Kind, base_type
from schema.errors import Report
from schema.subgraph import Subgraph


def check_cost(subgraph: Subgraph, report: Report) -> None:
    """Report `@cost` on fields of interfaces."""
    for definition, one in subgraph.fields():
        if definition.kind is Kind.INTERFACE and one.has("cost"):
            message = f'[{subgraph.name}] @cost cannot be applied to interface "{definition.name}.{one.name}"'
            report.error("COST_APPLIED_TO_INTERFACE_FIELD", message, [subgraph.locate(one.node)])


def check_list_size(subgraph: Subgraph, report: Report) -> None:
    """Report every `@listSize` that cannot be counted with."""
    for definition, one in subgraph.fields():
        for application in one.applied("listSize"):
            for code, text in _problems(subgraph, f"{definition.name}.{one.name}", one, application):
                report.error(code, f"[{subgraph.name}] {text}", [subgraph.locate(application.node)])


def _problems(subgraph: Subgraph, coordinate: str, one: Field, application: Application) -> Iterator[tuple[str, str]]:
    size = application.arguments.get("assumedSize")
    sized = _names(application, "sizedFields")
    if not _is_list(one.type) and not sized:
        yield "LIST_SIZE_APPLIED_TO_NON_LIST", f'"{coordinate}" is not a list'
    if isinstance(size, int) and size < 0:
        yield "LIST_SIZE_INVALID_ASSUMED_SIZE", f'Assumed size of "{coordinate}" cannot be negative'
    for name in _names(application, "slicingArguments"):
        argument = one.arguments.get(name)
        if argument is None or argument.type.rstrip("!") != "Int":
            text = f'Slicing argument "{name}" of "{coordinate}" is not an argument of type Int or Int!'
            yield "LIST_SIZE_INVALID_SLICING_ARGUMENT", text
    target = subgraph.types.get(base_type(one.type))
    for name in sized:
        field = target.fields.get(name) if target else None
        if field is None:
            text = f'Sized field "{name}" of "{coordinate}" is not a field of "{base_type(one.type)}"'
            yield "LIST_SIZE_INVALID_SIZED_FIELD", text
        elif not _is_list(field.type):
            yield "LIST_SIZE_APPLIED_TO_NON_LIST", f'Sized field "{name}" of "{coordinate}" is not a list'


def _is_list(type_text: str) -> bool:
    return type_text.startswith("[")


def _names(application: Application, argument: str) -> list[str]:
    value = application.arguments.get(argument)
    return [str(one) for one in value] if isinstance(value, list) else []
