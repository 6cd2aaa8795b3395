"""The generic cell rate algorithm: one number a caller, and no background work.

A caller's number is the time at which all it has used would be regained. Source: ITU-T I.371.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

ROUNDING = 1e-4
"""Seconds by which times of day may be off after adding and taking away."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many units may be used at once, and are regained at a steady pace. Units: seconds a unit."""

    burst: float
    seconds_per_unit: float


class Decision(NamedTuple):
    """Whether units may be used. Units: times in seconds; `retry_after` is None where waiting does not help."""

    allowed: bool
    remaining: float
    reset_after: float
    retry_after: float | None = 0.0


def decide(regained_at: float | None, now: float, rate: Rate, units: float) -> tuple[Decision, float]:
    """Decide about using units now; give the caller's number after it, which stays as it was if they may not be."""
    start = now if regained_at is None or regained_at < now else regained_at
    after = start + units * rate.seconds_per_unit
    window = rate.burst * rate.seconds_per_unit
    too_early = after - window - now
    allowed = too_early <= ROUNDING
    end = after if allowed else start
    remaining = (window - (end - now)) / rate.seconds_per_unit
    retry_after = 0.0 if allowed else (too_early if units <= rate.burst else None)
    return Decision(allowed, remaining if remaining > 0 else 0.0, end - now, retry_after), end
