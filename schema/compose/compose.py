"""Subgraph SDLs to supergraph SDL: one stage after the other, each reporting all its errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schema.compose.check import check_supergraph
from schema.compose.coordinates import with_coordinates
from schema.compose.garbage import rarely_collecting
from schema.compose.merge.context import Merge
from schema.compose.merge.merge import merge_subgraphs
from schema.compose.read.build import build_subgraph
from schema.compose.upgrade import upgrade
from schema.compose.validate import validate
from schema.compose.write.sdl import print_supergraph
from schema.errors import CompositionError, Hint, Location, Report
from schema.subgraph import Subgraph, SubgraphSource


@dataclass(frozen=True, slots=True)
class Composition:
    """Errors, or a supergraph; hints either way."""

    errors: tuple[CompositionError, ...]
    hints: tuple[Hint, ...]
    supergraph_sdl: str | None


def compose(sources: Sequence[SubgraphSource]) -> Composition:
    """Compose subgraphs into a supergraph. Source: composition, "Pipeline"."""
    report = Report()
    with rarely_collecting():
        supergraph = _compose(sorted(sources, key=lambda one: one.name), report)
    errors = tuple(with_coordinates(report.errors, sources)) if report.errors else ()
    return Composition(errors, tuple(report.hints), None if errors else supergraph)


def _compose(sources: Sequence[SubgraphSource], report: Report) -> str | None:
    merge = merged(sources, report)
    if merge is None:
        return None
    supergraph = print_supergraph(merge)
    check_supergraph(merge, supergraph)
    return supergraph


def merged(sources: Sequence[SubgraphSource], report: Report) -> Merge | None:
    """Read, upgrade and merge subgraphs that are sorted by name; None, with errors reported, when that cannot be."""
    _check_names(sources, report)
    subgraphs = _read(sources, report)
    if not report.errors:
        subgraphs = _upgrade(subgraphs, report)
    if report.errors:
        return None
    merge = merge_subgraphs(subgraphs, report)
    return None if report.errors else merge


def _check_names(sources: Sequence[SubgraphSource], report: Report) -> None:
    names = [one.name for one in sources]
    if not names:
        report.error("NO_QUERIES", "No subgraphs to compose.")
    for name in sorted({name for name in names if names.count(name) > 1}):
        message = f'Several subgraphs are named "{name}": each needs a name of its own.'
        report.error("INVALID_SUBGRAPH_NAME", message, _files(sources, name))
    for name, why in (("", "it is empty"), ("_", "it is reserved")):
        if name in names:
            message = f'Invalid name "{name}" for a subgraph: {why}.'
            report.error("INVALID_SUBGRAPH_NAME", message, _files(sources, name))


def _files(sources: Sequence[SubgraphSource], name: str) -> list[Location]:
    return [Location(one.name, one.file) for one in sources if one.name == name]


def _read(sources: Sequence[SubgraphSource], report: Report) -> Sequence[Subgraph]:
    """Build all subgraphs; what is wrong with one does not hide what is wrong with another."""
    subgraphs = []
    for source in sources:
        before = len(report.errors)
        subgraph = build_subgraph(source, report)
        if subgraph is None or len(report.errors) > before:
            continue
        subgraphs.append(subgraph)
        if subgraph.is_fed2:
            validate(subgraph, report)
    return subgraphs


def _upgrade(subgraphs: Sequence[Subgraph], report: Report) -> Sequence[Subgraph]:
    upgraded = upgrade(subgraphs, report)
    if not report.errors:
        for before, after in zip(subgraphs, upgraded, strict=True):
            if not before.is_fed2:
                validate(after, report)
    return upgraded
