"""What browsers may send and read."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, model_validator

from router.settings.mode import Mode
from router.settings.values import Branch, Duration

_ORIGIN = re.compile(r"null|[a-z][a-z0-9+.-]*://[^/?#@\s*]+")


def _check_origin(value: str) -> str:
    if not _ORIGIN.fullmatch(value):
        hint = (
            "'allow_any_origin: true' allows all" if value == "*" else "without a path, such as 'https://example.com'"
        )
        raise ValueError(f"expected an origin, {hint}")
    return value


Origin = Annotated[str, AfterValidator(_check_origin)]


class Csrf(Branch):
    """Protection from requests that a browser sends to us from a foreign page without asking first."""

    unsafe_disabled: bool = False
    """Whether simple requests are served too."""
    mode: Mode = Mode.ENFORCE
    """Whether such requests are refused, or only logged."""
    required_headers: tuple[str, ...] = ("apollo-require-preflight", "x-apollo-operation-name")
    """Any of these headers, or a `content-type` that is not a form's, proves that the browser asked first."""


class CorsPolicy(Branch):
    """What the pages of some origins may do; what is not said is as `cors` itself has it."""

    origins: tuple[Origin, ...] = ()
    """Whose pages: origins such as `https://app.example.com`."""
    match_origins: tuple[re.Pattern[str], ...] = ()
    """Whose pages besides: regular expressions, each for a whole origin."""
    allow_credentials: bool | None = None
    """Whether the browser may send cookies along."""
    allow_headers: tuple[str, ...] | None = None
    """Headers that scripts may set; an empty list allows all."""
    expose_headers: tuple[str, ...] | None = None
    """Headers of answers that scripts may read."""
    methods: tuple[str, ...] | None = None
    """Methods that scripts may use."""
    max_age: Duration | None = None
    """How long a browser remembers what it was allowed."""


class Cors(Branch):
    """Foreign pages whose scripts may read our answers; by default none."""

    origins: tuple[Origin, ...] = ()
    """Whose pages: origins such as `https://app.example.com`."""
    match_origins: tuple[re.Pattern[str], ...] = ()
    """Whose pages besides: regular expressions, each for a whole origin."""
    allow_any_origin: bool = False
    """Whether everybody's pages may, instead of those named; never together with credentials."""
    allow_credentials: bool = False
    """Whether the browser may send cookies along."""
    allow_headers: tuple[str, ...] = (
        "authorization",
        "content-type",
        "apollo-require-preflight",
        "apollographql-client-name",
        "apollographql-client-version",
        "graphql-client-name",
        "graphql-client-version",
    )
    """Headers that scripts may set; an empty list allows all."""
    expose_headers: tuple[str, ...] = ("x-request-id", "retry-after", "ratelimit", "ratelimit-policy", "fedra-cost")
    """Headers of answers that scripts may read."""
    methods: tuple[str, ...] = ("GET", "POST")
    """Methods that scripts may use."""
    max_age: Duration = timedelta(minutes=10)
    """How long a browser remembers what it was allowed."""
    policies: tuple[CorsPolicy, ...] = ()
    """Origins with rules of their own; of several that name an origin the first counts, before those above."""

    @model_validator(mode="after")
    def _check_credentials(self) -> Cors:
        if self.allow_any_origin and self.allow_credentials:
            raise ValueError("'allow_any_origin' and 'allow_credentials' exclude each other: name the origins")
        return self

    @property
    def shares(self) -> bool:
        """Whether there is anybody to share with."""
        return self.allow_any_origin or any(one.origins or one.match_origins for one in self.all_policies())

    def all_policies(self) -> tuple[CorsPolicy, ...]:
        """Give every policy in the order in which they count, nothing left unsaid."""
        mine = {name: getattr(self, name) for name in CorsPolicy.model_fields}
        own = [
            one.model_copy(update={name: value for name, value in mine.items() if getattr(one, name) is None})
            for one in self.policies
        ]
        return (*own, CorsPolicy.model_construct(**mine))
