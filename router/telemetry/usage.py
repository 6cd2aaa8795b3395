"""Which coordinates of the schema are used, by which clients: what checks of a changed schema ask for."""

from __future__ import annotations

import json
import logging
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from uuid import uuid4

from router.settings.telemetry import UsageSettings
from router.telemetry.periodic import Complaints, Periodic

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Coordinates:
    """What one operation uses, as schema coordinates; one object for all requests of the operation."""

    names: tuple[str, ...] = ()


NO_COORDINATES = Coordinates()


@dataclass(slots=True)
class _Tally:
    count: int = 0
    last_seen: float = 0


Used = tuple[Coordinates, str | None, str | None]
"""What was used, and by which client in which version."""


class Usage:
    """Counts by operation and client, and writes files of lines by coordinate and client from a thread of its own."""

    def __init__(self, folder: Path, settings: UsageSettings, chance: Callable[[], float] = random.random) -> None:
        """Units: chance gives [0, 1)."""
        self._folder = folder
        self._sampling = settings.sampling
        self._max_entries = settings.max_entries
        self._chance = chance
        self._lock = Lock()
        self._tallies: dict[Used, _Tally] = {}
        self._complaints = Complaints(log, "usage records are incomplete")
        self._periodic = Periodic(self._flush, settings.interval, "usage")

    def count(self, coordinates: Coordinates, client: str | None, version: str | None) -> bool:
        """Count one request. False: there was no room for it."""
        if self._sampling < 1 and self._chance() >= self._sampling:
            return True
        used = (coordinates, client, version)
        with self._lock:
            tally = self._tallies.get(used)
            if tally is None:
                if len(self._tallies) >= self._max_entries:
                    return False
                tally = self._tallies[used] = _Tally()
            tally.count += 1
            tally.last_seen = time.time()
        return True

    async def close(self) -> None:
        """Write what is left."""
        await self._periodic.close()

    def _flush(self) -> None:
        with self._lock:
            tallies, self._tallies = self._tallies, {}
        if len(tallies) >= self._max_entries:
            self._complaints.add(reason="more operations and clients than 'telemetry.usage.max_entries'")
        if not tallies:
            return
        try:
            write_whole(self._folder, "".join(lines_of(tallies, self._sampling)))
        except OSError as error:
            self._complaints.add(reason=str(error))


def lines_of(tallies: Mapping[Used, _Tally], sampling: float) -> Iterator[str]:
    """Write one line of JSON for each coordinate and client; what was sampled stands for all."""
    merged: defaultdict[tuple[str, str | None, str | None], _Tally] = defaultdict(_Tally)
    for (coordinates, client, version), tally in tallies.items():
        for name in coordinates.names:
            one = merged[name, client, version]
            one.count += tally.count
            one.last_seen = max(one.last_seen, tally.last_seen)
    for (name, client, version), tally in merged.items():
        seen = datetime.fromtimestamp(tally.last_seen, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        count = round(tally.count / sampling)
        line = {"coordinate": name, "client": client, "version": version, "count": count, "lastSeen": seen}
        yield json.dumps(line) + "\n"


def write_whole(folder: Path, text: str) -> None:
    """Write a new file that is never seen unfinished, named by the time. Raises: OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{uuid4().hex[:8]}.ndjson"
    unfinished = folder / f".{name}"
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(folder / name)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise
