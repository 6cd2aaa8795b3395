"""The DataLoaders of one request: each gathers what one level of an operation asks for into one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from strawberry.dataloader import DataLoader

from subgraphs.kernel.connections import Page
from subgraphs.kernel.loaders import lists_by, pages_by, rows_by
from subgraphs.models.records import AliasRow, EndpointRow, ModelFilter, ModelRow, VersionRow
from subgraphs.models.store import RegistryReader

ModelPage = tuple[UUID, tuple[ModelFilter, Page]]
VersionPage = tuple[UUID, Page]


@dataclass(frozen=True, slots=True)
class Loaders:
    """What a request loads."""

    models: DataLoader[UUID, ModelRow | None]
    models_by_name: DataLoader[str, ModelRow | None]
    models_of_project: DataLoader[ModelPage, Sequence[ModelRow]]
    versions: DataLoader[UUID, VersionRow | None]
    versions_by_number: DataLoader[tuple[UUID, int], VersionRow | None]
    versions_of_model: DataLoader[VersionPage, Sequence[VersionRow]]
    aliases_of_model: DataLoader[UUID, Sequence[AliasRow]]
    endpoints: DataLoader[UUID, EndpointRow | None]
    endpoints_of_version: DataLoader[UUID, Sequence[EndpointRow]]

    @classmethod
    def over(cls, reader: RegistryReader) -> "Loaders":
        """Make fresh loaders for one request."""
        return cls(
            models=rows_by(reader.models),
            models_by_name=rows_by(reader.models_by_name),
            models_of_project=pages_by(lambda ids, asked: reader.models_of(ids, *asked)),
            versions=rows_by(reader.versions),
            versions_by_number=rows_by(reader.versions_by_number),
            versions_of_model=pages_by(reader.versions_of),
            aliases_of_model=lists_by(reader.aliases),
            endpoints=rows_by(reader.endpoints),
            endpoints_of_version=lists_by(reader.endpoints_of),
        )
