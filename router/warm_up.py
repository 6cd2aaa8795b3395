"""Before a supergraph is served: what clients asked for most, and what is registered, is prepared and planned."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from itertools import islice

from router.errors import RouterError
from router.policies.authorize import Verdict
from router.snapshot import PlanKey, Snapshot

log = logging.getLogger(__name__)

SECONDS = 10.0
"""What is not planned by then is planned when it is asked for."""

Wish = tuple[str, str | None, PlanKey | None]
"""Text and operation name, and for what it was planned; a registered document: for nobody yet."""


async def warm_up(snapshot: Snapshot, last: Snapshot | None, registered: Sequence[str], count: int) -> None:
    """Prepare and plan so many operations for a snapshot: first those that the last one was asked for most.

    Raises nothing: what is cold is served, too.
    """
    try:
        async with asyncio.timeout(SECONDS):
            await snapshot.planning.load()
            for wish in islice(_wishes(snapshot, last, registered), count):
                await _try(snapshot, *wish)
    except TimeoutError:
        log.warning("warming up took too long, and was left", extra={"seconds": SECONDS})
    except Exception:
        log.exception("warming up failed, and was left")


def _wishes(snapshot: Snapshot, last: Snapshot | None, registered: Sequence[str]) -> Iterator[Wish]:
    if last is not None and last is not snapshot:
        sources = last.prepared.sources()
        for key in last.plans.most_used():
            if key[0] in sources:
                yield (*sources[key[0]], key)
    for text in registered:
        yield text, None, None


async def _try(snapshot: Snapshot, text: str, name: str | None, key: PlanKey | None) -> None:
    try:
        await _plan(snapshot, text, name, key)
    except RouterError:
        pass  # it is not valid any more, and whoever asks is told so
    except Exception:
        log.exception("an operation was not warmed up")


async def _plan(snapshot: Snapshot, text: str, name: str | None, key: PlanKey | None) -> None:
    if key is None:
        prepared = await snapshot.prepared.alone(text)
        await snapshot.plans.get(prepared, Verdict(prepared.operation), frozenset())
        return
    prepared = await snapshot.prepared.get(text, name)
    _, view, labels = key
    await snapshot.plans.get(prepared, prepared.guards.without(view & prepared.guards.demanded), labels)
