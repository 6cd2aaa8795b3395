"""What a worker is told on its command line: which one it is, and the two sockets that it inherits."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """The place of one worker. Written `INDEX:ADDRESS:LINE`."""

    index: int
    address: int
    """Descriptor of the address, reserved by the supervisor."""
    line: int
    """Descriptor of a line to the supervisor: a worker says on it that it serves, and its end is that of the other."""

    @classmethod
    def parse(cls, text: str) -> Place:
        """Read one. Raises: ValueError."""
        index, address, line = map(int, text.split(":"))
        return cls(index, address, line)

    def __str__(self) -> str:
        return f"{self.index}:{self.address}:{self.line}"
