"""Cursors: an opaque, signed position (sort key, id) in one ordered list."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

import orjson

from subgraphs.kernel.errors import BadUserInput
from subgraphs.kernel.settings import content

SIGNATURE_BYTES = 12

SortKey = str | int | float | datetime
Position = tuple[SortKey, UUID]


class InvalidCursor(BadUserInput):
    """A cursor that is not ours, or of another list or order."""

    def __init__(self) -> None:
        super().__init__("The cursor does not belong to this list and order.")


@dataclass(frozen=True, slots=True)
class Cursors:
    """Writes and reads the cursors of one process. All processes of a subgraph share the key."""

    key: bytes

    @classmethod
    def of(cls, service_key: str) -> Self:
        """Derive the key from the service key, which all processes of the subgraph know."""
        return cls(hashlib.sha256(b"fedra cursor" + content(service_key).encode()).digest())

    def encode(self, listing: str, position: Position) -> str:
        """Write a position. `listing` names the list and its order, such as `sessions:LAST_ACTIVITY_DESC`."""
        sort_key, id = position
        marked = {"t": sort_key.isoformat()} if isinstance(sort_key, datetime) else sort_key
        body = orjson.dumps([marked, str(id)])
        return urlsafe_b64encode(self._sign(listing, body) + body).rstrip(b"=").decode()

    def decode(self, listing: str, text: str) -> Position:
        """Read a position. Raises: InvalidCursor."""
        try:
            signed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        except ValueError:
            raise InvalidCursor from None
        signature, body = signed[:SIGNATURE_BYTES], signed[SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(listing, body)):
            raise InvalidCursor
        marked, id = orjson.loads(body)
        return (datetime.fromisoformat(marked["t"]) if isinstance(marked, dict) else marked, UUID(id))

    def _sign(self, listing: str, body: bytes) -> bytes:
        return hmac.digest(self.key, listing.encode() + b"\0" + body, "sha256")[:SIGNATURE_BYTES]
