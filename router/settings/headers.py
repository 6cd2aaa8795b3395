"""Rules for headers: which go from the client to subgraphs, and from subgraphs to the client."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from router.settings.header_names import OF_REQUESTS, HeaderName, is_of_responses
from router.settings.marks import BySubgraph
from router.settings.values import Branch

COOKIES = "set-cookie"
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def _check_value(value: str) -> str:
    if _CONTROL.search(value) or not value.isascii():
        raise ValueError("expected printable ASCII")
    return value


HeaderValue = Annotated[str, AfterValidator(_check_value)]
ContextKey = Literal["tenant", "principal", "client_name", "client_version", "trace_id"]


class Selection(Branch):
    """Which headers a rule is about."""

    named: HeaderName | None = None
    """The header of this name."""
    matching: re.Pattern[str] | None = None
    """Every header in whose name, written in lower case, this regular expression finds something."""

    @model_validator(mode="after")
    def _check_choice(self) -> Selection:
        if (self.named is None) is (self.matching is None):
            raise ValueError("expected either 'named' or 'matching'")
        return self


class Remove(Selection):
    """Takes back what the rules before it put there."""


class Propagate(Selection):
    """Hands a header on, unless a rule before it gave one of that name."""

    rename: HeaderName | None = None
    """The name under which it goes on."""
    default: HeaderValue | None = None
    """The value where there is none."""

    @model_validator(mode="after")
    def _check_named(self) -> Propagate:
        if self.named is None and (self.rename is not None or self.default is not None):
            raise ValueError("'rename' and 'default' need 'named'")
        return self


class PropagateBack(Propagate):
    """Hands a header of a subgraph on to the client."""

    merge: Literal["first", "last", "append"] = "last"
    """Which subgraph's value counts, in the order in which they answer, or whether all do, joined by commas."""


class Insert(Branch):
    """Sets a header, whatever rules before it gave."""

    name: HeaderName
    """The header."""
    value: HeaderValue | None = None
    """The value, or, instead:"""
    from_context: ContextKey | None = None
    """Something that the router knows of the request; if it does not, there is no header."""

    @model_validator(mode="after")
    def _check_choice(self) -> Insert:
        if (self.value is None) is (self.from_context is None):
            raise ValueError("expected either 'value' or 'from_context'")
        return self


class _Rule(Branch):
    propagate: Propagate | None = None
    insert: Insert | None = None
    remove: Remove | None = None

    @property
    def action(self) -> Propagate | Insert | Remove:
        """What the rule does."""
        given = self.propagate or self.insert or self.remove
        assert given is not None, "checked when it was read"  # noqa: S101
        return given

    def _is_one(self) -> bool:
        return [self.propagate, self.insert, self.remove].count(None) == 2  # noqa: PLR2004 (all but one)

    def _targets(self) -> Iterator[str]:
        if self.insert is not None:
            yield self.insert.name
        if self.propagate is not None:
            yield from filter(None, (self.propagate.rename or self.propagate.named,))


class RequestRule(_Rule):
    """One of `propagate`, `insert` and `remove`."""

    @model_validator(mode="after")
    def _check(self) -> RequestRule:
        if not self._is_one():
            raise ValueError("expected one of 'propagate', 'insert' and 'remove'")
        for name in self._targets():
            if name in OF_REQUESTS:
                raise ValueError(f"'{name}' is the router's own in a request to a subgraph")
        return self


class ResponseRule(_Rule):
    """One of `propagate`, `insert` and `remove`."""

    propagate: PropagateBack | None = None

    @model_validator(mode="after")
    def _check(self) -> ResponseRule:
        if not self._is_one():
            raise ValueError("expected one of 'propagate', 'insert' and 'remove'")
        for name in self._targets():
            if is_of_responses(name):
                raise ValueError(f"'{name}' is the router's own in an answer")
        return self


class HeaderRules(Branch):
    """What happens to headers, in this order."""

    request: tuple[RequestRule, ...] = ()
    """Rules for requests to subgraphs, applied one after the other: `propagate`, `insert` or `remove`."""
    response: tuple[ResponseRule, ...] = ()
    """Rules for their responses, whose headers go into the answer: `propagate`, `insert` or `remove`."""

    @property
    def hand_cookies_on(self) -> bool:
        """Whether clients may get cookies: whoever has one is somebody, so nobody else may get that one."""
        return any(
            COOKIES in {one.named, one.rename} or (one.matching is not None and bool(one.matching.search(COOKIES)))
            for one in (rule.propagate for rule in self.response)
            if one is not None
        )


class HeaderSettings(Branch):
    """Rules for all subgraphs, then those for one."""

    all: HeaderRules = HeaderRules()
    subgraphs: BySubgraph[HeaderRules] = Field(default_factory=dict)
    """Rules for one subgraph, by name, after those of `all`."""

    @property
    def each(self) -> tuple[HeaderRules, ...]:
        """List all rules there are."""
        return (self.all, *self.subgraphs.values())

    def of(self, subgraph: str) -> HeaderRules:
        """Give the rules for a subgraph, in the order in which they apply."""
        own = self.subgraphs.get(subgraph, HeaderRules())
        return HeaderRules(request=self.all.request + own.request, response=self.all.response + own.response)
