"""Sentence embeddings: all-MiniLM-L6-v2 by numpy and tokenizers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from tokenizers import Encoding, Tokenizer

from subgraphs.models.local.bert import Floats, encode
from subgraphs.models.local.weights import Tensors, checked, installed_folder, read_safetensors

DIMENSION: Final = 384
MAX_TOKENS: Final = 256
TOKENS_PER_BATCH: Final = 512  # what one forward pass holds then stays in the cache of a core; more was not faster


@dataclass(frozen=True, slots=True)
class Embedder:
    """Turns texts into unit vectors whose dot product is their likeness."""

    weights: Tensors
    tokenizer: Tokenizer

    @classmethod
    def load(cls, folder: Path | None = None) -> "Embedder":
        """Read the checked weights. Raises: WeightsUnusable."""
        folder = folder or installed_folder()
        tokenizer = Tokenizer.from_str(checked(folder, "tokenizer.json").decode())
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        return cls(read_safetensors(checked(folder, "model.safetensors")), tokenizer)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Embed texts, each by its first 256 tokens. Shapes: result [n, 384], in the order of texts [n]."""
        encodings = self.tokenizer.encode_batch(list(texts))
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        for slots in _batches([len(one.ids) for one in encodings]):
            vectors[slots] = self._encode([encodings[slot] for slot in slots])
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> int:
        """Count what `embed` reads of the texts. Units: tokens, without the two that frame each text."""
        return sum(len(one.ids) - 2 for one in self.tokenizer.encode_batch(list(texts)))

    def _encode(self, encodings: Sequence[Encoding]) -> Floats:
        shape = len(encodings), max(len(one.ids) for one in encodings)
        ids, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for row, one in enumerate(encodings):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        return encode(self.weights, ids, mask)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Group texts of like length, so that padding costs little. Shapes: each item, indices into lengths [n]."""
    batch: list[int] = []
    for slot in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[slot] > TOKENS_PER_BATCH:
            yield batch
            batch = []
        batch.append(slot)
    if batch:
        yield batch
