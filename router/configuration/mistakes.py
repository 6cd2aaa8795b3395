"""What is wrong with settings: all of it at once, each with its key and its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from: `router.yaml:12`, or the name of a variable. A secret one is never shown."""

    place: str
    is_secret: bool = False


Origins = Mapping[KeyPath, Origin]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong; without a path it is about the whole."""

    path: KeyPath
    text: str
    place: str = ""

    def __str__(self) -> str:
        key = ".".join(map(str, self.path))
        return ": ".join(part for part in (self.place, key, self.text) if part)

    def placed(self, origins: Origins) -> Mistake:
        """Say where it stands: at its key, or at the nearest one above."""
        known = (self.path[:length] for length in range(len(self.path), 0, -1))
        origin = next((origins[path] for path in known if path in origins), None)
        return self if self.place or origin is None else replace(self, place=origin.place)


class InvalidSettings(ValueError):
    """The settings cannot be used."""

    def __init__(self, mistakes: Sequence[Mistake], source: str = "The configuration") -> None:
        super().__init__("\n".join([f"{source} cannot be used:", *(f"  {mistake}" for mistake in mistakes)]))
        self.mistakes = tuple(mistakes)
        self.source = source

    def placed(self, origins: Origins) -> InvalidSettings:
        """Say where each mistake stands."""
        return InvalidSettings([one.placed(origins) for one in self.mistakes], self.source)
