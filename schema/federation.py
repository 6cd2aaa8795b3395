"""The specs as constants: identities, versions, and the definitions each spec gives to a schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Version(NamedTuple):
    """A version of a spec; versions order as pairs."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"v{self.major}.{self.minor}"

    @property
    def is_compatible_with(self) -> tuple[int, int]:
        """Equal for versions that may stand for one another: same major, and for major 0 also same minor."""
        return (self.major, 0 if self.major else self.minor)


SPECS = "https://specs.apollo.dev"
LINK = f"{SPECS}/link"
CORE = f"{SPECS}/core"
FEDERATION = f"{SPECS}/federation"
JOIN = f"{SPECS}/join"
TAG = f"{SPECS}/tag"
INACCESSIBLE = f"{SPECS}/inaccessible"
AUTHENTICATED = f"{SPECS}/authenticated"
REQUIRES_SCOPES = f"{SPECS}/requiresScopes"
POLICY = f"{SPECS}/policy"
CONTEXT = f"{SPECS}/context"
COST = f"{SPECS}/cost"
CACHE_TAG = f"{SPECS}/cacheTag"
CONNECT = f"{SPECS}/connect"

SECURITY = "SECURITY"
EXECUTION = "EXECUTION"

LINK_VERSION = Version(1, 0)
LATEST_FEDERATION = Version(2, 14)
UPGRADE_FEDERATION = Version(2, 4)
"""The version a fed1 subgraph counts as, once upgraded."""

READABLE_FEATURES = frozenset(
    {LINK, CORE, JOIN, TAG, INACCESSIBLE, AUTHENTICATED, REQUIRES_SCOPES, POLICY, CONTEXT, COST, CACHE_TAG}
)
"""What a reader may meet with a purpose and still be right; `connect` needs a router that speaks REST."""

BUILT_IN_SCALARS = frozenset({"Int", "Float", "String", "Boolean", "ID"})
BUILT_IN_DIRECTIVES = frozenset({"include", "skip", "deprecated", "specifiedBy", "oneOf"})
ROOT_TYPES = ("Query", "Mutation", "Subscription")
FEDERATION_TYPES = frozenset({"_Any", "_Service", "_Entity"})
FEDERATION_ROOT_FIELDS = frozenset({"_service", "_entities"})


@dataclass(frozen=True, slots=True)
class Element:
    """A directive or type of a spec, from the version that brought it; `{X}` in its SDL is type X of the spec."""

    name: str
    since: Version
    sdl: str
    until: Version | None = None
    keyword: str = "directive"

    @property
    def is_directive(self) -> bool:
        return self.keyword == "directive"


FEDERATION_1 = Version(1, 0)
"""What a subgraph counts as that links no federation spec."""

_V1 = FEDERATION_1


def _v2(minor: int) -> Version:
    return Version(2, minor)


def _scalar(name: str, since: Version) -> Element:
    return Element(name, since, "", keyword="scalar")


_PLACES = (
    "FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE"
    " | INPUT_OBJECT | INPUT_FIELD_DEFINITION"
)
_AUTH_PLACES = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"

FEDERATION_DIRECTIVES = (
    Element("key", _V1, "(fields: {FieldSet}!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE"),
    Element("requires", _V1, "(fields: {FieldSet}!) on FIELD_DEFINITION"),
    Element("provides", _V1, "(fields: {FieldSet}!) on FIELD_DEFINITION"),
    Element("external", _V1, "(reason: String) on OBJECT | FIELD_DEFINITION"),
    Element("extends", _V1, " on OBJECT | INTERFACE"),
    Element("tag", _V1, f"(name: String!) repeatable on {_PLACES}", until=_v2(3)),
    Element("tag", _v2(3), f"(name: String!) repeatable on {_PLACES} | SCHEMA"),
    Element("inaccessible", _v2(0), f" on {_PLACES}"),
    Element("shareable", _v2(0), " on OBJECT | FIELD_DEFINITION", until=_v2(2)),
    Element("shareable", _v2(2), " repeatable on OBJECT | FIELD_DEFINITION"),
    Element("override", _v2(0), "(from: String!) on FIELD_DEFINITION", until=_v2(7)),
    Element("override", _v2(7), "(from: String!, label: String) on FIELD_DEFINITION"),
    Element("composeDirective", _v2(1), "(name: String) repeatable on SCHEMA"),
    Element("interfaceObject", _v2(3), " on OBJECT"),
    Element("authenticated", _v2(5), f" on {_AUTH_PLACES}"),
    Element("requiresScopes", _v2(5), f"(scopes: [[{{Scope}}!]!]!) on {_AUTH_PLACES}"),
    Element("policy", _v2(6), f"(policies: [[{{Policy}}!]!]!) on {_AUTH_PLACES}"),
    Element("context", _v2(8), "(name: String!) repeatable on INTERFACE | OBJECT | UNION"),
    Element("fromContext", _v2(8), "(field: {ContextFieldValue}) on ARGUMENT_DEFINITION"),
    Element(
        "cost",
        _v2(9),
        "(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR",
    ),
    Element(
        "listSize",
        _v2(9),
        "(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!],"
        " requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION",
    ),
    Element("cacheTag", _v2(12), "(format: String!) repeatable on OBJECT | FIELD_DEFINITION"),
)

FEDERATION_SCALARS = (
    _scalar("FieldSet", _V1),
    _scalar("Scope", _v2(5)),
    _scalar("Policy", _v2(6)),
    _scalar("ContextFieldValue", _v2(8)),
)

CONNECT_VERSIONS = {Version(0, minor): _v2(minor + 9) for minor in range(1, 5)}
"""Versions of connect, with the federation version each needs."""

CURRENT_CONNECT = Version(0, 3)
"""The version that supergraphs link, unless a subgraph links a newer one."""

_CONNECT = min(CONNECT_VERSIONS)
_HTTP = "headers: [{HTTPHeaderMapping}!] path: {JSONSelection} queryParams: {JSONSelection}"
_METHODS = " ".join(f"{name}: {{URLPathTemplate}}" for name in ("GET", "POST", "PUT", "PATCH", "DELETE"))

CONNECT_ELEMENTS = (
    Element(
        "connect",
        _CONNECT,
        "(source: String, id: String, http: {ConnectHTTP}, batch: {ConnectBatch}, errors: {ConnectorErrors},"
        " selection: {JSONSelection}!, entity: Boolean = false, isSuccess: {JSONSelection})"
        " repeatable on FIELD_DEFINITION | OBJECT",
    ),
    Element(
        "source",
        _CONNECT,
        "(name: String!, http: {SourceHTTP}!, errors: {ConnectorErrors}, isSuccess: {JSONSelection})"
        " repeatable on SCHEMA",
    ),
    _scalar("URLPathTemplate", _CONNECT),
    _scalar("JSONSelection", _CONNECT),
    Element("ConnectHTTP", _CONNECT, f"{{{{ {_METHODS} body: {{JSONSelection}} {_HTTP} }}}}", keyword="input"),
    Element("SourceHTTP", _CONNECT, f"{{{{ baseURL: String! {_HTTP} }}}}", keyword="input"),
    Element("HTTPHeaderMapping", _CONNECT, "{{ name: String! from: String value: String }}", keyword="input"),
    Element("ConnectBatch", _CONNECT, "{{ maxSize: Int }}", keyword="input"),
    Element("ConnectorErrors", _CONNECT, "{{ message: {JSONSelection} extensions: {JSONSelection} }}", keyword="input"),
)
"""What subgraphs that are APIs behind connectors say of them; composition carries it, a router has to speak REST."""

SPEC_ELEMENTS = {
    TAG: ("tag",),
    INACCESSIBLE: ("inaccessible",),
    AUTHENTICATED: ("authenticated",),
    REQUIRES_SCOPES: ("requiresScopes", "Scope"),
    POLICY: ("policy", "Policy"),
    CONTEXT: ("context", "fromContext", "ContextFieldValue"),
    COST: ("cost", "listSize"),
    CONNECT: tuple(one.name for one in CONNECT_ELEMENTS),
}
"""Specs whose elements are known: a subgraph may link them directly."""

IMPLIED_FEDERATION = {AUTHENTICATED: _v2(5), COST: _v2(9)}
"""Specs that, linked directly, make a subgraph count as one of at least this version."""

LINK_DEFINITIONS = """
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA

enum link__Purpose {
  "`SECURITY` features provide metadata necessary to securely resolve fields."
  SECURITY
  "`EXECUTION` features provide metadata necessary for operation execution."
  EXECUTION
}

scalar link__Import
"""

ONE_OF_DEFINITION = "directive @oneOf on INPUT_OBJECT"
"""Written out: not every reader of supergraphs has it built in."""

JOIN_VERSIONS = {Version(0, 3): Version(2, 0), Version(0, 4): Version(2, 7), Version(0, 5): Version(2, 8)}
"""Join versions that are written, with the federation version each needs."""

_GRAPH_DIRECTIVES = """
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(
  graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true
  isInterfaceObject: Boolean! = false
) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
scalar join__FieldSet
"""
_JOIN_DIRECTIVE = """
directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments)
  repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION
scalar join__DirectiveArguments
"""
_CONTEXT_ARGUMENT = """
scalar join__FieldValue
input join__ContextArgument { name: String! type: String! context: String! selection: join__FieldValue! }
"""


def _join_field(extra: str = "") -> str:
    return (
        "directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String,"
        f" external: Boolean, override: String, usedOverridden: Boolean{extra})"
        " repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION\n"
    )


JOIN_DEFINITIONS = {
    Version(0, 3): _GRAPH_DIRECTIVES + _join_field(),
    Version(0, 4): _GRAPH_DIRECTIVES + _JOIN_DIRECTIVE + _join_field(", overrideLabel: String"),
    Version(0, 5): _GRAPH_DIRECTIVES
    + _JOIN_DIRECTIVE
    + _CONTEXT_ARGUMENT
    + _join_field(", overrideLabel: String, contextArguments: [join__ContextArgument!]"),
}
"""Definitions by join version; `join__Graph` is made from the subgraphs."""
