"""How often, or how dearly, callers may ask."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from pydantic import Field

from router.settings.mode import Mode
from router.settings.shared_store import Redis
from router.settings.values import Branch, Count, Duration


class Unit(StrEnum):
    """What is counted."""

    REQUESTS = "requests"
    COST = "cost"


class RateRule(Branch):
    """One bound. A caller may use `limit` units at once, and regains them in `period`, at a steady pace."""

    by: str = Field(default="ip", pattern=r"^(everyone|ip|client|principal|tenant|header:[\w-]+)$")
    """Who shares an account: the address, the client by the name it gives itself, the principal or the tenant of the \
token (without one: the address), all with the same value of a `header:NAME`, or `everyone`."""
    limit: Count
    """Units of one period."""
    period: Duration = timedelta(seconds=60)
    """Time in which all units are regained."""
    unit: Unit = Unit.REQUESTS
    """`requests`, or `cost` as `demand_control` estimates it."""


class RateLimits(Branch):
    """Bounds on what callers use over time."""

    mode: Mode = Mode.ENFORCE
    """Whether requests past a bound are refused, or only logged and counted."""
    rules: tuple[RateRule, ...] = ()
    """The bounds; a request has to be within each."""
    redis: Redis | None = None
    """Where routers share their accounts; none given: each router, and each of its workers, counts alone."""
    trusted_proxies: int = Field(default=0, ge=0)
    """How many proxies of yours stand before the router: the address is taken that many places from the end of \
`x-forwarded-for`."""
