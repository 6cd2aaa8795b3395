"""An inference task: passages found for a question, an answer from them, the answer written where it is awaited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from subgraphs.kernel.global_id import encode
from subgraphs.kernel.service_client import ServiceClient
from subgraphs.tasks.conversation import Passage, citations_of, index_turn, record_answer
from subgraphs.tasks.oip import OipClient
from subgraphs.tasks.records import Progress, TaskRecord
from subgraphs.tasks.specs import InferenceSpec
from subgraphs.tasks.transitions import Result
from subgraphs.tasks.work import ACTOR, Report, WorkFailed

MODEL_VERSION = """
query ModelVersion($id: ID!) { modelVersion(id: $id) { id model { name } } }
"""
SEARCH = """
query Search($input: SearchInput!, $first: Int!) {
  search(input: $input, first: $first) {
    edges { node { ... on DocumentHit { score snippet document { id } } } }
  }
}
"""
MAX_QUERY_CHARACTERS = 2_000  # what the search subgraph takes
STAGES = ("retrieving", "answering", "recording")


@dataclass(frozen=True, slots=True)
class Inference:
    """Runs inference tasks."""

    client: ServiceClient
    models: OipClient

    async def __call__(self, task: TaskRecord, report: Report) -> Result:
        """Retrieve, answer, record: each effect is made once, however often it is tried."""
        assert task.model_id is not None  # noqa: S101 - a check of the table
        spec = InferenceSpec.of(task.model_id, task.input)
        await report(_stage(0))
        model = await self._model_name(task, spec)
        passages = await self._passages(task, spec)
        await report(_stage(1))
        texts = [passage.text for passage in passages]
        answer = await self.models.answer(model, spec.question, texts, task.on_behalf_of)
        await report(_stage(2))
        if spec.turn is not None:
            await record_answer(self.client, task, spec.turn, answer, passages)
            await index_turn(self.client, task, spec.turn, spec.question, answer.text)
        output = {"answer": answer.text, "citations": citations_of(answer, passages)}
        return Result(output, answer.input_tokens, answer.output_tokens)

    async def _model_name(self, task: TaskRecord, spec: InferenceSpec) -> str:
        variables = {"id": encode("ModelVersion", spec.model_id)}
        data = await self.client.call("models", MODEL_VERSION, variables, task.on_behalf_of, ACTOR)
        if data["modelVersion"] is None:
            raise WorkFailed("MODEL_NOT_FOUND", "There is no such model version.")
        return str(data["modelVersion"]["model"]["name"])

    async def _passages(self, task: TaskRecord, spec: InferenceSpec) -> Sequence[Passage]:
        """Search the collections of the spec; a spec without collections is answered from nothing."""
        if not spec.collection_ids:
            return ()
        asked = {"query": spec.question[:MAX_QUERY_CHARACTERS], "mode": "HYBRID", "collectionIds": spec.collection_ids}
        variables = {"input": asked, "first": spec.top_k}
        data = await self.client.call("search", SEARCH, variables, task.on_behalf_of, ACTOR)
        hits = [edge["node"] for edge in data["search"]["edges"] if edge["node"]]
        return [Passage(hit["document"]["id"], hit["snippet"] or "", hit["score"]) for hit in hits]


def _stage(index: int) -> Progress:
    return Progress(index, len(STAGES), "stages", None, STAGES[index])
