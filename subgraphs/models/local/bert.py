"""The BERT encoder of all-MiniLM-L6-v2 as a numpy forward pass."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from subgraphs.models.local.weights import Tensors

LAYERS: Final = 6
HEADS: Final = 12
NORM_EPSILON: Final = 1e-12
QKV: Final = ("query", "key", "value")

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


def encode(weights: Tensors, ids: Integers, mask: Integers) -> Floats:
    """Embed token ids as unit vectors: encoder, mean over the tokens that are not padding, L2 norm.

    Shapes: ids and mask [n, t], mask 1 for a token and 0 for padding; result [n, 384].
    Source: Devlin et al., "BERT"; Reimers and Gurevych, "Sentence-BERT", mean pooling.
    """
    hidden = _embed_tokens(weights, ids)
    penalty = np.where(mask, np.float32(0), np.float32(-1e9))[:, None, None, :]
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        hidden = _norm(weights, f"{name}.attention.output", hidden + _attend(weights, name, hidden, penalty))
        inner = _gelu(_linear(weights, f"{name}.intermediate.dense", hidden))
        hidden = _norm(weights, f"{name}.output", hidden + _linear(weights, f"{name}.output.dense", inner))
    return _unit(_mean(hidden, mask))


def _embed_tokens(weights: Tensors, ids: Integers) -> Floats:
    words = weights["embeddings.word_embeddings.weight"][ids]
    positions = weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
    segment = weights["embeddings.token_type_embeddings.weight"][0]
    return _norm(weights, "embeddings", words + positions + segment)


def _attend(weights: Tensors, name: str, hidden: Floats, penalty: Floats) -> Floats:
    """Mix every token with the others, per head. Shapes: hidden [n, t, d], penalty [n, 1, 1, t], result [n, t, d]."""
    n, t, d = hidden.shape
    query, key, value = (_heads(_linear(weights, f"{name}.attention.self.{part}", hidden)) for part in QKV)
    scores: Floats = query @ key.swapaxes(2, 3)
    scores *= np.float32(1 / np.sqrt(d // HEADS))
    scores += penalty
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    mixed = (scores @ value).swapaxes(1, 2).reshape(n, t, d)
    return _linear(weights, f"{name}.attention.output.dense", mixed)


def _heads(values: Floats) -> Floats:
    """Part a projection by heads. Shapes: values [n, t, d], result [n, heads, t, d / heads], contiguous for BLAS."""
    n, t, d = values.shape
    return np.ascontiguousarray(values.reshape(n, t, HEADS, d // HEADS).swapaxes(1, 2))


def _linear(weights: Tensors, name: str, values: Floats) -> Floats:
    # Two dimensions make it one matrix product of BLAS instead of one per sentence.
    product = values.reshape(-1, values.shape[-1]) @ weights[f"{name}.weight"].T
    product += weights[f"{name}.bias"]
    return product.reshape(*values.shape[:-1], -1)


def _norm(weights: Tensors, name: str, values: Floats) -> Floats:
    centred = values - values.mean(axis=-1, keepdims=True)
    spread = np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + np.float32(NORM_EPSILON))
    scaled: Floats = centred / spread * weights[f"{name}.LayerNorm.weight"] + weights[f"{name}.LayerNorm.bias"]
    return scaled


def _gelu(values: Floats) -> Floats:
    activated = erf(values * np.float32(np.sqrt(0.5)))
    activated += np.float32(1)
    activated *= values
    activated *= np.float32(0.5)
    return activated


def erf(values: Floats) -> Floats:
    """The error function to 2e-7, as good as float32 shows. In place, for this is where memory is the bound.

    Source: Abramowitz and Stegun, "Handbook of Mathematical Functions", 7.1.26.
    """
    t = np.abs(values)
    t *= np.float32(0.3275911)
    t += np.float32(1)
    np.reciprocal(t, out=t)
    series = t * np.float32(1.061405429)
    for coefficient in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series += np.float32(coefficient)
        series *= t
    np.square(values, out=t)
    np.negative(t, out=t)
    np.exp(t, out=t)
    series *= t
    np.subtract(np.float32(1), series, out=series)
    return np.copysign(series, values, out=series)


def _mean(hidden: Floats, mask: Integers) -> Floats:
    counted = mask.astype(np.float32)[:, :, None]
    mean: Floats = (hidden * counted).sum(axis=1) / counted.sum(axis=1)
    return mean


def _unit(vectors: Floats) -> Floats:
    unit: Floats = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit
