"""From the settings to documents that clients need not send."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.persisted.documents import Documents
from router.persisted.learnt import LearntDocuments, LearntInFleet, LearntInProcess
from router.persisted.manifest import InvalidManifest, RegisteredDocument, read_manifest
from router.persisted.registered import RegisteredDocuments
from router.resources import Keep
from router.settings import Manifest, Settings
from router.shared_store import SharedStore


def make_documents(settings: Settings, keep: Keep) -> Documents:
    """Join the documents of the manifests and those learnt from clients. Raises: InvalidManifest."""
    apq, persisted = settings.apq, settings.persisted_queries
    learnt: LearntDocuments | None = None
    if apq.enabled:
        learnt = keep(LearntInFleet, apq, keep(SharedStore, apq.redis)) if apq.redis else keep(LearntInProcess, apq)
    return Documents(persisted.mode, load_manifests(persisted.manifests), learnt, settings.limits.max_tokens)


def load_manifests(manifests: Sequence[Manifest]) -> RegisteredDocuments:
    """Read them all; what one id names is the same in all of them. Raises: InvalidManifest."""
    known: dict[tuple[str | None, str], RegisteredDocument] = {}
    for source, one in _read(manifests):
        if known.setdefault((one.client, one.id), one).text != one.text:
            raise InvalidManifest(f"{source}: another manifest has a different document under the id '{one.id}'.")
    return RegisteredDocuments(tuple(known.values()))


def _read(manifests: Sequence[Manifest]) -> Iterator[tuple[str, RegisteredDocument]]:
    for manifest in manifests:
        source = str(manifest.file)
        try:
            content = manifest.file.read_bytes()
        except OSError as error:
            raise InvalidManifest(f"{source}: the manifest cannot be read: {error.strerror}.") from error
        yield from ((source, one) for one in read_manifest(content, manifest.client, source))
