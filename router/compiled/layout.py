"""Where generated code stands in the result, and which answers are layers there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from router.compiled.held import Held, Source


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the place at which code stands: the variable that has it, and whose answer it is a part of.

    `is_there`: it is an object wherever code stands here; else it may be empty.
    """

    variable: str
    held: Held
    source: int
    is_there: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """A place of the result in generated code.

    Shapes: `types` has one more than `names`: for each place on the way, of which object types objects are there.
    Layers are in the order of the plan, oldest first.
    """

    names: tuple[str, ...]
    types: tuple[frozenset[str], ...]
    layers: tuple[Layer, ...]

    def holding(self, name: str) -> list[Layer]:
        """Find the layers in which a field may be, oldest first."""
        return [one for one in self.layers if name in one.held.fields]

    def below(self, name: str, variables: Sequence[str], types: frozenset[str]) -> Frame:
        """Stand at a field. Shapes: variables of the layers that hold it, in their order."""
        layers = zip(self.holding(name), variables, strict=True)
        is_there = len(variables) == 1
        below = tuple(Layer(variable, one.held.fields[name], one.source, is_there) for one, variable in layers)
        return Frame((*self.names, name), (*self.types, types), below)

    def of_types(self, types: frozenset[str]) -> Frame:
        """Stand where it is known that an object is of one of these types."""
        return replace(self, types=(*self.types[:-1], types))

    def with_layer(self, layer: Layer) -> Frame:
        """Have one layer more."""
        return replace(self, layers=(*self.layers, layer))

    def of_sources(self, sources: Collection[int]) -> Frame:
        """See some of the answers only."""
        return replace(self, layers=tuple(one for one in self.layers if one.source in sources))


@dataclass(frozen=True, slots=True)
class Layout:
    """All answers of a plan by their places."""

    sources: Sequence[Source]

    def behind(self, source: Source) -> Sequence[Source]:
        """Give the sources whose answers its fetch comes after."""
        return [one for one in self.sources if one.index in source.behind]

    def attached(self, names: tuple[str, ...]) -> Iterator[Source]:
        """Find those whose entities become layers of a place, whatever the types on the way."""
        return (one for one in self.sources if one.names == names and one.asks_entities)

    def constraints(self, names: tuple[str, ...], sources: Iterable[Source]) -> set[frozenset[str]]:
        """Find the types on which it depends at a place whether an answer is a layer there or below."""
        depth = len(names)
        return {types for one in sources if one.names[:depth] == names and (types := one.types[depth]) is not None}


def is_layer(source: Source, types: Sequence[frozenset[str]]) -> bool:
    """Whether an answer is a layer of a place that is reached through objects of these types.

    Shapes: types of each place from the root. Either all types of a place are among those of the path, or none is.
    """
    return all(wanted is None or wanted >= given for wanted, given in zip(source.types, types, strict=True))
