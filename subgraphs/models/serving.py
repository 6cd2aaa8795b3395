"""The two local models as an inference server sees them: what each takes and gives, and the thread they run on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Final, Protocol, TypeVar

import numpy as np
import orjson
from threadpoolctl import threadpool_limits

from subgraphs.models.local.answer import answer
from subgraphs.models.local.embed import DIMENSION, Embedder
from subgraphs.models.tensors import ANY, InvalidTensor, Tensor, TensorSpec, check

MAX_TEXTS: Final = 512
MAX_CHARACTERS: Final = 1_000_000
TEXTS_PER_TURN: Final = 16  # the thread serves others between two turns: a long batch does not hold up a short question

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Signature:
    """What a model is called and what it takes and gives."""

    name: str
    version: str
    platform: str
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]


@dataclass(frozen=True, slots=True)
class Inference:
    """The tensors of one answer, with what else the model tells."""

    outputs: tuple[Tensor, ...]
    parameters: Mapping[str, int] = field(default_factory=dict)


class Model(Protocol):
    """Something that infers."""

    signature: Signature

    async def infer(self, inputs: Sequence[Tensor]) -> Inference: ...  # raises InvalidTensor


@dataclass(frozen=True, slots=True)
class Worker:
    """One thread for all models: the event loop stays free, the memory bounded."""

    executor: ThreadPoolExecutor

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do the work on the thread, after what was asked before."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, work)


class EmbedModel:
    """Texts to unit vectors."""

    signature = Signature(
        "embed",
        "1",
        "fedra_numpy",
        (TensorSpec("text", "BYTES", (ANY,)),),
        (TensorSpec("embedding", "FP32", (ANY, DIMENSION)),),
    )

    def __init__(self, embedder: Embedder, worker: Worker) -> None:
        self._embedder = embedder
        self._worker = worker

    async def infer(self, inputs: Sequence[Tensor]) -> Inference:
        """Embed every text. Shapes: text [n]; embedding [n, 384]. Raises: InvalidTensor."""
        texts = _texts(check(inputs, self.signature.inputs)["text"])
        _refuse_too_much(texts)
        turns = [texts[start : start + TEXTS_PER_TURN] for start in range(0, len(texts), TEXTS_PER_TURN)]
        vectors = [await self._worker.run(partial(self._embedder.embed, turn)) for turn in turns]
        data = np.concatenate(vectors).ravel().tolist() if vectors else []
        return Inference((Tensor("embedding", "FP32", (len(texts), DIMENSION), data),))


class AnswerModel:
    """A question and passages to quotes with citations."""

    signature = Signature(
        "answer",
        "1",
        "fedra_extractive",
        (TensorSpec("question", "BYTES", (1,)), TensorSpec("passages", "BYTES", (ANY,))),
        (TensorSpec("answer", "BYTES", (1,)), TensorSpec("citations", "BYTES", (ANY,))),
    )

    def __init__(self, embedder: Embedder, worker: Worker) -> None:
        self._embedder = embedder
        self._worker = worker

    async def infer(self, inputs: Sequence[Tensor]) -> Inference:
        """Quote what fits. Shapes: question [1], passages [m]; answer [1], citations [k]. Raises: InvalidTensor."""
        tensors = check(inputs, self.signature.inputs)
        (question,), passages = _texts(tensors["question"]), _texts(tensors["passages"])
        _refuse_too_much([question, *passages])
        found = await self._worker.run(partial(answer, self._embedder, question, passages))
        citations = [orjson.dumps(asdict(one)).decode() for one in found.citations]
        return Inference(
            (Tensor("answer", "BYTES", (1,), [found.text]), Tensor("citations", "BYTES", (len(citations),), citations)),
            {"input_tokens": found.input_tokens, "output_tokens": found.output_tokens},
        )


@asynccontextmanager
async def local_models() -> AsyncIterator[Mapping[str, Model]]:
    """Load the models, by name, for as long as the context lasts. Raises: WeightsUnusable."""
    # One thread inside the matrix products, too: more of them wait for each other by spinning on a busy machine.
    with (
        threadpool_limits(limits=1, user_api="blas"),
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="inference") as executor,
    ):
        worker = Worker(executor)
        embedder = await worker.run(Embedder.load)
        models: tuple[Model, ...] = (EmbedModel(embedder, worker), AnswerModel(embedder, worker))
        yield {model.signature.name: model for model in models}


def _texts(tensor: Tensor) -> list[str]:
    return [str(element) for element in tensor.data]


def _refuse_too_much(texts: Sequence[str]) -> None:
    characters = sum(map(len, texts))
    if len(texts) > MAX_TEXTS or characters > MAX_CHARACTERS:
        raise InvalidTensor(
            f"{len(texts)} texts of {characters} characters are too much:"
            f" at most {MAX_TEXTS} texts of {MAX_CHARACTERS} characters together."
        )
