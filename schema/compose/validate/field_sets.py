"""`@key`, `@requires` and `@provides`: what their field sets may select. Source: composition, "Field sets"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import FieldNode, GraphQLSyntaxError, InlineFragmentNode, SelectionSetNode

from schema.compose.contexts import is_contextual
from schema.compose.field_facts import FieldFacts
from schema.compose.field_set import parse_field_set
from schema.compose.validate.values import wrong_values
from schema.elements import Application, Field, Kind, base_type
from schema.errors import Report
from schema.federation import Version
from schema.subgraph import Subgraph
from schema.value import EnumName

COMPOSITE = (Kind.OBJECT, Kind.INTERFACE, Kind.UNION)
KEYS_ON_INTERFACES = Version(2, 3)


def check_keys(subgraph: Subgraph, report: Report) -> None:
    """Report every bad `@key`."""
    facts = FieldFacts.of(subgraph)
    for definition in subgraph.types.values():
        for key in definition.applied("key"):
            if definition.kind is Kind.INTERFACE and subgraph.federation and subgraph.federation < KEYS_ON_INTERFACES:
                message = f'Cannot use @key on interface "{definition.name}": @key is not yet supported on interfaces'
                _report(subgraph, report, "KEY_UNSUPPORTED_ON_INTERFACE", message, key)
            owner = f'On type "{definition.name}", for @key{_shown(key)}: '
            _FieldSet(subgraph, facts, "key", definition.name).report(owner, key, report)


def check_provides_targets(subgraph: Subgraph, report: Report) -> None:
    """Report `@provides` where there is nothing to select from, or nothing is resolved."""
    facts = FieldFacts.of(subgraph)
    for definition, one in subgraph.fields():
        for application in one.applied("provides"):
            coordinate = f"{definition.name}.{one.name}"
            if facts.is_external(definition.name, one.name):
                message = f'Cannot have both @provides and @external on field "{coordinate}"'
                _report(subgraph, report, "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE", message, application)
            elif not _is_composite(subgraph, base_type(one.type)):
                message = (
                    f'Invalid @provides directive on field "{coordinate}": field has type "{one.type}" which is not a '
                    "Composite Type"
                )
                _report(subgraph, report, "PROVIDES_ON_NON_OBJECT_FIELD", message, application)


def check_requires(subgraph: Subgraph, report: Report) -> None:
    """Report every bad `@requires`."""
    _check_on_fields(subgraph, report, "requires")


def check_provides(subgraph: Subgraph, report: Report) -> None:
    """Report every bad `@provides`."""
    _check_on_fields(subgraph, report, "provides")


def _check_on_fields(subgraph: Subgraph, report: Report, element: str) -> None:
    facts = FieldFacts.of(subgraph)
    for definition, one in subgraph.fields():
        coordinate = f"{definition.name}.{one.name}"
        for application in one.applied(element):
            if definition.kind is Kind.INTERFACE:
                message = (
                    f'Cannot use @{element} on field "{coordinate}" of parent type "{definition.name}": @{element} is '
                    "not yet supported within interfaces"
                )
                _report(subgraph, report, f"{element.upper()}_UNSUPPORTED_ON_INTERFACE", message, application)
            target = definition.name if element == "requires" else base_type(one.type)
            owner = f'On field "{coordinate}", for @{element}{_shown(application)}: '
            _FieldSet(subgraph, facts, element, target).report(owner, application, report)


def _is_composite(subgraph: Subgraph, type_name: str) -> bool:
    return type_name in subgraph.types and subgraph.types[type_name].kind in COMPOSITE


def _shown(application: Application) -> str:
    return f'(fields: "{application.text("fields")}")'


def _report(subgraph: Subgraph, report: Report, code: str, message: str, application: Application) -> None:
    report.error(code, f"[{subgraph.name}] {message}", [subgraph.locate(application.node)])


_DECISIVE = ("INVALID_FIELDS", "FIELDS_SELECT_INVALID_TYPE")


@dataclass(frozen=True, slots=True)
class _Problem:
    code: str
    text: str
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class _FieldSet:
    """One field set on a type; codes begin with the name of its directive."""

    subgraph: Subgraph
    facts: FieldFacts
    element: str
    type_name: str

    def report(self, owner: str, application: Application, report: Report) -> None:
        """Report each problem once; a field set that is no selection of the type at all has no other problems."""
        found = list(dict.fromkeys(self._problems(application)))
        worst = next((code for code in _DECISIVE if any(one.code == code for one in found)), None)
        for one in found:
            if worst is not None and one.code != worst:
                continue
            code = f"{self.element.upper()}_{one.code}"
            here = [self.subgraph.locate(application.node)]
            report.error(code, f"[{self.subgraph.name}] {owner}{one.text}", here, one.fix)

    def _problems(self, application: Application) -> Iterator[_Problem]:
        fields = application.arguments.get("fields")
        if not isinstance(fields, str) or isinstance(fields, EnumName):
            text = 'Invalid value for argument "fields": must be a string.'
            yield _Problem("INVALID_FIELDS_TYPE", text)
            return
        try:
            selections = parse_field_set(fields)
        except (GraphQLSyntaxError, TypeError) as error:
            yield _Problem("INVALID_FIELDS", str(getattr(error, "message", error)))
            return
        yield from self._in_set(selections, self.type_name, below_external=False)

    def _in_set(self, selections: SelectionSetNode, parent: str, *, below_external: bool) -> Iterator[_Problem]:
        for one in selections.selections:
            if one.directives:
                yield _Problem("DIRECTIVE_IN_FIELDS_ARG", "cannot have directive applications in the fields argument.")
            match one:
                case FieldNode():
                    yield from self._in_field(one, parent, below_external=below_external)
                case InlineFragmentNode():
                    yield from self._in_fragment(one, parent, below_external=below_external)
                case _:
                    yield _Problem("INVALID_FIELDS", "named fragments cannot be used.")

    def _in_fragment(self, node: InlineFragmentNode, parent: str, *, below_external: bool) -> Iterator[_Problem]:
        condition = node.type_condition.name.value if node.type_condition else parent
        if not _is_composite(self.subgraph, condition):
            yield _Problem(
                "INVALID_FIELDS", f'Cannot expand type "{condition}": it is not an object, interface or union.'
            )
        else:  # also where it can never apply: it selects nothing then
            yield from self._in_set(node.selection_set, condition, below_external=below_external)

    def _in_field(self, node: FieldNode, parent: str, *, below_external: bool) -> Iterator[_Problem]:
        name = node.name.value
        if node.alias is not None:
            yield _Problem("INVALID_FIELDS", f'Cannot use alias "{node.alias.value}": aliases are not supported.')
            return
        if name == "__typename":
            if not below_external:
                yield from self._not_external(f"{parent}.{name}")
            return
        declared = self.subgraph.field(parent, name)
        if declared is None:
            text = f'Cannot query field "{name}" on type "{parent}"'
            fix = "If the field is defined in another subgraph, you need to add it to this subgraph with @external."
            yield _Problem("INVALID_FIELDS", f"{text}.", fix)
            return
        yield from self._arguments(node, declared, f"{parent}.{name}")
        yield from self._below(node, declared, parent, below_external=below_external)

    def _arguments(self, node: FieldNode, declared: Field, coordinate: str) -> Iterator[_Problem]:
        if self.element != "requires" and declared.arguments:
            yield _Problem("FIELDS_HAS_ARGS", f"field {coordinate} cannot be included because it has arguments.")
        given = {one.name.value: one.value for one in node.arguments or ()}
        for name in sorted(given.keys() - declared.arguments.keys()):
            yield _Problem("INVALID_FIELDS", f'Unknown argument "{name}" on field "{coordinate}".')
        for name, argument in declared.arguments.items():
            if name in given:
                for text in wrong_values(self.subgraph, given[name], argument.type):
                    yield _Problem("INVALID_FIELDS", f'Invalid value for argument "{coordinate}({name}:)": {text}.')
            elif argument.is_required and not is_contextual(argument):
                yield _Problem("INVALID_FIELDS", f'Missing required argument "{name}" on field "{coordinate}".')

    def _below(self, node: FieldNode, declared: Field, parent: str, *, below_external: bool) -> Iterator[_Problem]:
        target = base_type(declared.type)
        coordinate = f"{parent}.{declared.name}"
        if not _is_composite(self.subgraph, target):
            if node.selection_set is not None:
                yield _Problem("INVALID_FIELDS", f'Field "{coordinate}" has no subfields: it is of type "{target}".')
            elif not below_external and not self.facts.is_external(parent, declared.name):
                yield from self._not_external(coordinate)
            return
        if self.element == "key" and self.subgraph.types[target].kind is not Kind.OBJECT:
            text = f'field "{coordinate}" is of type "{target}", an interface or union: it cannot be part of a key'
            yield _Problem("FIELDS_SELECT_INVALID_TYPE", text)
        elif node.selection_set is None:
            yield _Problem(
                "INVALID_FIELDS", f'Invalid empty selection set for field "{coordinate}" of type "{target}".'
            )
        else:
            external = below_external or self._is_external(parent, declared.name)
            yield from self._in_set(node.selection_set, target, below_external=external)

    def _not_external(self, coordinate: str) -> Iterator[_Problem]:
        if self.element != "key":
            because = "it is already provided by this subgraph (it is not marked @external)"
            text = f'field "{coordinate}" should not be part of a @{self.element} since {because}'
            yield _Problem("FIELDS_MISSING_EXTERNAL", text)

    def _is_external(self, parent: str, name: str) -> bool:
        """External here, or, of an interface, in an implementation: what is below is then resolved elsewhere."""
        places = {parent, *self.subgraph.runtime_types(parent)}
        return any(self.facts.is_external(place, name) for place in places)
