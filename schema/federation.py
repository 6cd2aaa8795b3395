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


def _v2(minor: int) -> Version:
    return Version(2, minor)


_PLACES = (
    "FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE"
    " | INPUT_OBJECT | INPUT_FIELD_DEFINITION"
)
_AUTH_PLACES = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"

FEDERATION_DIRECTIVES = (
    Element("key", _v2(0), "(fields: {FieldSet}!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE"),
    Element("requires", _v2(0), "(fields: {FieldSet}!) on FIELD_DEFINITION"),
    Element("provides", _v2(0), "(fields: {FieldSet}!) on FIELD_DEFINITION"),
    Element("external", _v2(0), "(reason: String) on OBJECT | FIELD_DEFINITION"),
    Element("extends", _v2(0), " on OBJECT | INTERFACE"),
    Element("tag", _v2(0), f"(name: String!) repeatable on {_PLACES}", until=_v2(3)),
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
    Element("FieldSet", _v2(0), ""),
    Element("Scope", _v2(5), ""),
    Element("Policy", _v2(6), ""),
    Element("ContextFieldValue", _v2(8), ""),
)

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
