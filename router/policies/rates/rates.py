"""The bounds on what callers use over time, applied to one request."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple

from router.errors import RateLimited
from router.policies.rates.counters import Counters, CountersInFleet, CountersInProcess
from router.policies.rates.gcra import Decision, Rate
from router.request import RequestContext
from router.resources import Keep
from router.settings import Mode, RateLimits, RateRule, Unit
from router.shared_store import SharedStore
from router.telemetry.instruments import EXCEEDED
from router.telemetry.watch import count

log = logging.getLogger(__name__)

MAX_NAME = 128
"""Characters of the name of an account: a longer one is known by its hash, since headers may be long."""


Names = Callable[[RequestContext], str | None]
"""Gives what names a caller, if there is such a thing."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A rule as it is applied, and told."""

    rule: RateRule
    rate: Rate
    account: str
    """What the names of its accounts begin with: those of a rule that is changed are others."""
    names: Names
    label: str
    policy: str

    @classmethod
    def of(cls, rule: RateRule) -> Bound:
        pace = rule.period.total_seconds() / rule.limit
        label = f'"{rule.unit}-{rule.by.replace(":", "-")}"'
        policy = f"{label};q={rule.limit};w={math.ceil(rule.period.total_seconds())}"
        account = f"{rule.unit}:{rule.limit}:{pace:g}:"
        return cls(rule, Rate(rule.limit, pace), account, _names(rule.by), label, policy)

    def account_of(self, context: RequestContext) -> str:
        """Name the account of a caller; whoever has no name of the kind is one with its address."""
        name = self.names(context)
        if name is None:
            return f"{self.account}ip:{context.address}"
        return f"{self.account}{self.rule.by}:{name if len(name) <= MAX_NAME else sha256(name.encode()).hexdigest()}"


class Standing(NamedTuple):
    """How a caller stands with one rule, after a request."""

    bound: Bound
    decision: Decision


class Rates:
    """Charges each request to the accounts that the rules name."""

    def __init__(self, settings: RateLimits | None = None, counters: Counters | None = None) -> None:
        settings = settings or RateLimits()
        self._enforced = settings.mode is Mode.ENFORCE
        self._bounds = {unit: [Bound.of(one) for one in settings.rules if one.unit is unit] for unit in Unit}
        self._counters = counters or CountersInProcess()

    async def use(self, unit: Unit, units: float, context: RequestContext) -> tuple[Standing, ...]:
        """Charge a request to every account it touches. Raises: RateLimited, if the mode is to enforce."""
        bounds = self._bounds[unit]
        if not bounds:
            return ()
        use = self._counters.use
        standings = tuple([Standing(one, await use(one.account_of(context), one.rate, units)) for one in bounds])
        refused = [one for one in standings if not one.decision.allowed]
        for one in refused:
            count(EXCEEDED, f"rate.{one.bound.rule.unit}", str(self._enforced).lower())
            log.warning("a rate limit is exceeded", extra={"rule": one.bound.label, "enforced": self._enforced})
        if refused and self._enforced:
            raise _refusal(refused, standings)
        return standings


def make_rates(settings: RateLimits, keep: Keep) -> Rates:
    """Join the rules with the accounts of their callers, which outlive a change of the rules."""
    if settings.redis is None:
        return Rates(settings, keep(CountersInProcess))
    return Rates(settings, keep(CountersInFleet, keep(SharedStore, settings.redis)))


def headers_of(standings: Sequence[Standing]) -> tuple[tuple[str, str], ...]:
    """Tell a caller what is left. Source: draft-ietf-httpapi-ratelimit-headers, "RateLimit"."""
    if not standings:
        return ()
    policies = ", ".join([one.bound.policy for one in standings])
    left = ", ".join([_left(one) for one in standings])
    return (("ratelimit-policy", policies), ("ratelimit", left))


def _left(standing: Standing) -> str:
    decision = standing.decision
    return f"{standing.bound.label};r={math.floor(decision.remaining)};t={math.ceil(decision.reset_after)}"


def _refusal(refused: Sequence[Standing], standings: Sequence[Standing]) -> RateLimited:
    waits = [one.decision.retry_after for one in refused]
    if None in waits:
        error = RateLimited("The operation costs more than this caller may use at once: ask for less.")
        error.headers = headers_of(standings)
        return error
    wait = max(1, math.ceil(max(wait for wait in waits if wait is not None)))
    error = RateLimited(f"This caller has asked too much for now: ask again in {wait} s.", retryAfter=wait)
    error.headers = (("retry-after", str(wait)), *headers_of(standings))
    return error


def _names(by: str) -> Names:
    kind, _, header = by.partition(":")
    return _NAMES[kind] if not header else partial(_header, name=header.lower())


def _header(context: RequestContext, name: str) -> str | None:
    return context.headers.get(name)


def _principal(context: RequestContext) -> str | None:
    identity = context.identity
    return f"{identity.tenant}:{identity.principal}" if identity and identity.principal is not None else None


_NAMES: Mapping[str, Names] = MappingProxyType(
    {
        "client": lambda context: context.client.name,
        "everyone": lambda _: "",
        "ip": lambda _: None,
        "principal": _principal,
        "tenant": lambda context: context.identity.tenant if context.identity else None,
    }
)
