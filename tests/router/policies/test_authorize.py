from __future__ import annotations

from graphql import parse
from hypothesis import given
from hypothesis import strategies as st

from router.operation.normalize import normalize
from router.policies.authorize import Guards, Refusal, Verdict
from router.policies.requirements import Kind, Requirement, Requirements
from router.prepared import choose_operation
from router.request import Identity
from schema.query_graph.selection import Condition, Field, InlineFragment, SelectionSet
from schema.supergraph import Supergraph
from tests.router.door import SUPERGRAPH

GRAPH = Supergraph.parse(SUPERGRAPH)
ADA = Identity("t", "ada")


def guards(query: str, graph: Supergraph = GRAPH) -> Guards:
    document = parse(query)
    operation = normalize(document, choose_operation(document, None), graph.api_schema)
    return Guards.of(operation, Requirements(graph.schema))


def judge(query: str, identity: Identity | None = None, graph: Supergraph = GRAPH) -> Verdict:
    return guards(query, graph).verdict(identity)


def shown(selections: SelectionSet) -> str:
    return " ".join(_show(one) for one in selections)


def _show(one: Field | InlineFragment) -> str:
    inner = f" {{ {shown(one.selections)} }}" if one.selections else ""
    return (one.response_name if isinstance(one, Field) else f"... on {one.type_condition}") + inner


def paths(verdict: Verdict) -> list[str]:
    return [".".join(refusal.path) for refusal in verdict.refusals]


def test_what_demands_nothing_runs_as_it_is() -> None:
    judged = guards("{ people { id name } }")
    assert judged.verdict(None) == Verdict(judged.operation)


def test_nobody_is_shown_nothing_that_demands_somebody() -> None:
    verdict = judge("{ people { id email salary notes { id } } }")
    assert shown(verdict.operation.selections) == "people { id }"
    assert paths(verdict) == ["people.@.email", "people.@.salary", "people.@.notes"]


def test_a_refusal_is_an_error_at_the_path_of_the_client() -> None:
    (refusal,) = judge('{ boss: person(id: "1") { post: email } }').refusals
    assert refusal.to_error({}).to_json() == {
        "message": "Unauthorized field or type",
        "path": ["boss", "post"],
        "extensions": {"code": "UNAUTHORIZED_FIELD_OR_TYPE"},
    }


def test_an_object_of_which_all_is_refused_is_still_an_object() -> None:
    verdict = judge('{ person(id: "1") { email } }')
    assert shown(verdict.operation.selections) == "person { __typename }"


def test_somebody_is_shown_what_demands_somebody() -> None:
    assert paths(judge("{ people { notes { __typename } } }", ADA)) == []


def test_all_scopes_of_any_one_alternative_are_demanded() -> None:
    query = "{ people { salary } }"
    for scopes, allowed in [
        ({"people:read"}, False),
        ({"salary:read"}, False),
        ({"people:read", "salary:read"}, True),
        ({"admin"}, True),
        (set(), False),
    ]:
        assert (paths(judge(query, Identity("t", "ada", scopes=frozenset(scopes)))) == []) is allowed


def test_policies_are_granted_by_the_identity() -> None:
    query = "{ people { email } }"
    assert paths(judge(query, ADA)) == ["people.@.email"]
    assert paths(judge(query, Identity("t", "ada", policies=frozenset({"pii.read"})))) == []


def test_a_field_of_an_interface_demands_what_any_object_behind_it_demands() -> None:
    verdict = judge("{ notes { id } }", ADA)
    assert shown(verdict.operation.selections) == "notes { __typename }"
    assert paths(verdict) == ["notes.@.id"]


def test_a_fragment_on_an_object_demands_what_that_object_demands() -> None:
    verdict = judge("{ notes { ... on Memo { text } ... on Secret { code } } }", ADA)
    assert shown(verdict.operation.selections) == "notes { ... on Memo { text } ... on Secret { __typename } }"
    assert verdict.refusals == (Refusal(("notes", "@", "code"), "Secret"),)


def test_a_refusal_stands_under_the_conditions_of_the_field() -> None:
    (refusal,) = judge("query ($a: Boolean!) { people @include(if: $a) { email @skip(if: $a) } }").refusals
    assert refusal.conditions == (Condition("a", True), Condition("a", False))
    assert not refusal.applies({"a": True})


def test_callers_who_lack_the_same_share_one_verdict() -> None:
    judged = guards("{ people { email salary } }")
    assert judged.verdict(ADA) is judged.verdict(Identity("other", "alan", scopes=frozenset({"unrelated"})))
    assert judged.verdict(ADA).auth_view == judged.verdict(None).auth_view


def test_directives_are_read_under_the_names_the_supergraph_links_them_by() -> None:
    renamed = (
        SUPERGRAPH.replace('authenticated/v0.1"', 'authenticated/v0.1", as: "login"')
        .replace("directive @authenticated", "directive @login")
        .replace("@authenticated", "@login")
        .replace('policy/v0.1"', 'policy/v0.1", import: [{name: "@policy", as: "@rule"}]')
        .replace("@policy(", "@rule(")
    )
    graph = Supergraph.parse(renamed)
    assert paths(judge("{ people { email notes { __typename } } }", None, graph)) == [
        "people.@.email",
        "people.@.notes",
    ]


def test_an_empty_list_of_scopes_demands_somebody() -> None:
    for alternatives in (frozenset[frozenset[str]](), frozenset({frozenset[str]()})):
        requirement = Requirement(Kind.SCOPES, alternatives)
        assert requirement.is_met_by(ADA)
        assert not requirement.is_met_by(None)


def test_introspection_demands_nothing() -> None:
    assert paths(judge("{ __typename __schema { types { name } } }")) == []


def test_a_type_guards_every_field_that_leads_to_it() -> None:
    graph = Supergraph.parse(SUPERGRAPH.replace("type Headers @join", "type Headers @authenticated @join"))
    assert paths(judge("{ headers { traceparent } }", None, graph)) == ["headers"]


def test_a_field_that_comes_through_an_interface_object_is_guarded_on_every_object() -> None:
    verdict = judge("{ items { ... on Book { id secret } } }", ADA, Supergraph.parse(INTERFACE_OBJECT))
    assert verdict.refusals == (Refusal(("items", "@", "secret"), "Book"),)


_PERSON = st.lists(
    st.sampled_from(["id", "name", "email", "salary", "e: email", "notes { id }", "notes { ... on Secret { code } }"]),
    min_size=1,
)
_NOTE = st.lists(
    st.sampled_from(["id", "text", "__typename", "... on Memo { text }", "... on Secret { c: code id }"]), min_size=1
)
_QUERIES = st.lists(
    st.one_of(
        _PERSON.map(lambda fields: f"people {{ {' '.join(fields)} }}"),
        _PERSON.map(lambda fields: f'p: person(id: "1") {{ {" ".join(fields)} }}'),
        _NOTE.map(lambda fields: f"notes {{ {' '.join(fields)} }}"),
    ),
    min_size=1,
).map(lambda fields: f"{{ {' '.join(fields)} }}")
_CALLERS = st.one_of(
    st.none(),
    st.builds(
        Identity,
        tenant=st.just("t"),
        principal=st.just("ada"),
        scopes=st.frozensets(st.sampled_from(["people:read", "salary:read", "admin", "secret:read"])),
        policies=st.frozensets(st.just("pii.read")),
    ),
)


@given(_QUERIES, _CALLERS)
def test_what_is_left_of_an_operation_demands_nothing_that_its_caller_lacks(
    query: str, caller: Identity | None
) -> None:
    judged = guards(query)
    verdict = judged.verdict(caller)
    left = Guards.of(verdict.operation, judged.requirements)
    assert not left.demanded & verdict.auth_view
    assert left.verdict(caller) == Verdict(verdict.operation)
    assert bool(verdict.refusals) == bool(verdict.auth_view)


_HEADER = SUPERGRAPH[: SUPERGRAPH.index("type Query")].replace("mutation: Mutation subscription: Subscription", "")
INTERFACE_OBJECT = (
    _HEADER
    + """
type Query @join__type(graph: PEOPLE) @join__type(graph: NOTES) { items: [Item!]! @join__field(graph: PEOPLE) }
interface Item
  @join__type(graph: PEOPLE, key: "id")
  @join__type(graph: NOTES, key: "id", isInterfaceObject: true)
{
  id: ID!
  secret: String @join__field(graph: NOTES) @requiresScopes(scopes: [["secret:read"]])
}
type Book implements Item @join__implements(graph: PEOPLE, interface: "Item") @join__type(graph: PEOPLE, key: "id") {
  id: ID!
  secret: String @join__field
}
"""
)
