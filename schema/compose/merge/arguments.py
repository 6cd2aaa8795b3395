"""Arguments of fields and directives: those that all sources have."""

from __future__ import annotations

from collections.abc import Mapping

from schema.compose.contexts import is_contextual
from schema.compose.merge.applied import merge_applied
from schema.compose.merge.context import Merge
from schema.compose.merge.description import merge_description
from schema.compose.merge.type_reference import Position, merge_type
from schema.elements import Default, DirectiveDefinition, Field, InputValue
from schema.errors import subgraph_list
from schema.value import canonical, print_value

Owner = Field | DirectiveDefinition


def merge_arguments(merge: Merge, coordinate: str, sources: Mapping[str, Owner]) -> dict[str, InputValue]:
    """Merge the arguments that every source has; report those that are required but not everywhere."""
    merged = {}
    for name in dict.fromkeys(name for one in sources.values() for name in one.arguments):
        given = {subgraph: one.arguments[name] for subgraph, one in sources.items() if name in one.arguments}
        place = f"{coordinate}({name}:)"
        if any(map(is_contextual, given.values())):
            _report_not_contextual(merge, place, given)
        elif len(given) < len(sources):
            _report_missing(merge, place, given, [subgraph for subgraph in sources if subgraph not in given])
        else:
            merged[name] = _merge_argument(merge, place, given)
    return merged


def _report_not_contextual(merge: Merge, place: str, given: Mapping[str, InputValue]) -> None:
    """A contextual argument is not for clients: where it is a plain one, it goes too."""
    plain = {subgraph: one for subgraph, one in given.items() if not is_contextual(one)}
    if not plain:
        return
    code = "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS"
    message = f'Argument "{place}" is contextual in at least one subgraph but not in {subgraph_list(list(plain))}'
    if any(one.is_required for one in plain.values()):
        merge.report.error(code, f"{message}, where it is required.", merge.locate(plain))
    else:
        merge.report.hint(code, f"{message}.", merge.locate(plain))


def _report_missing(merge: Merge, place: str, given: Mapping[str, InputValue], missing: list[str]) -> None:
    required = [subgraph for subgraph, one in given.items() if one.is_required]
    if required:
        message = (
            f'Argument "{place}" is required in some subgraphs but does not appear in all subgraphs: it is required '
            f"in {subgraph_list(required)} but does not appear in {subgraph_list(missing)}"
        )
        merge.report.error("REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH", message, merge.locate(given))
        return
    message = (
        f'Optional argument "{place}" will not be included in the supergraph as it does not appear in all subgraphs: '
        f"it is defined in {subgraph_list(list(given))} but not in {subgraph_list(missing)}."
    )
    merge.report.hint("INCONSISTENT_ARGUMENT_PRESENCE", message, merge.locate(given))


def _merge_argument(merge: Merge, place: str, sources: Mapping[str, InputValue]) -> InputValue:
    first = next(iter(sources.values()))
    return InputValue(
        name=first.name,
        type=merge_type(merge, f'argument "{place}"', "FIELD_ARGUMENT", sources, Position.INPUT),
        default=merge_default(merge, f'Argument "{place}"', "FIELD_ARGUMENT_DEFAULT_MISMATCH", sources),
        description=merge_description(merge, f'Argument "{place}"', sources),
        applications=tuple(merge_applied(merge, place, sources)),
    )


def merge_default(merge: Merge, what: str, code: str, sources: Mapping[str, InputValue]) -> Default | None:
    """Keep a default that all sources have; drop it with a hint when some have none."""
    given = {subgraph: one.default for subgraph, one in sources.items() if one.default is not None}
    if not given:
        return None
    first = next(iter(given.values()))
    if len({canonical(one.value) for one in given.values()}) > 1:
        values = ", ".join(f"{print_value(one.value)} in {subgraph_list([name])}" for name, one in given.items())
        merge.report.error(
            code,
            f"{what} has incompatible default values across subgraphs: it has default value {values}",
            merge.locate(sources),
        )
        return first
    if len(given) < len(sources):
        message = f"{what} has a default value in only some subgraphs: it is dropped."
        merge.report.hint("INCONSISTENT_DEFAULT_VALUE_PRESENCE", message, merge.locate(sources))
        return None
    return first
