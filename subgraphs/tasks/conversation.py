"""What the worker writes into a conversation, through the subgraphs that own it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from subgraphs.kernel.global_id import encode
from subgraphs.kernel.outbox import Message
from subgraphs.kernel.service_client import ServiceClient
from subgraphs.tasks.initiator import token_of
from subgraphs.tasks.oip import Answer
from subgraphs.tasks.records import TaskRecord
from subgraphs.tasks.specs import Turn
from subgraphs.tasks.work import ACTOR, WorkFailed, refuse_errors

Json = Any

ANSWER_STEP = "answer"  # one step whether it succeeds or is given up: the first word stands

RECORD_MESSAGE = """
mutation RecordMessage($input: RecordMessageInput!) {
  recordMessage(input: $input) { message { id } errors { ... on UserError { code message } } }
}
"""
MESSAGE_TIMES = """
query MessageTimes($messages: [_Any!]!) {
  _entities(representations: $messages) { ... on Message { id role createdAt } }
}
"""
INDEX_MESSAGES = """
mutation IndexMessages($input: IndexMessagesInput!) {
  indexMessages(input: $input) { indexed errors { ... on UserError { code message } } }
}
"""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document that was found for a question. `document_id` is global."""

    document_id: str
    text: str
    score: float


async def record_answer(
    client: ServiceClient, task: TaskRecord, turn: Turn, answer: Answer, passages: Sequence[Passage]
) -> None:
    """Write the answer with its citations as the assistant's message. Raises: WorkFailed, ServiceError."""
    assert task.model_id is not None  # noqa: S101 - a check of the table
    variables = {
        "taskId": task.global_id,
        "attempt": task.attempt,
        "step": ANSWER_STEP,
        "sessionId": turn.session_id,
        "messageId": turn.message_id,
        "status": "COMPLETE",
        "parts": [{"text": answer.text, "citations": citations_of(answer, passages)}],
        "modelId": encode("ModelVersion", task.model_id),
        "usage": {"inputTokens": answer.input_tokens, "outputTokens": answer.output_tokens},
    }
    data = await client.call("sessions", RECORD_MESSAGE, {"input": variables}, task.on_behalf_of, ACTOR)
    refuse_errors(data["recordMessage"], "recordMessage")


def citations_of(answer: Answer, passages: Sequence[Passage]) -> list[dict[str, Json]]:
    """Name the document of each span of the answer that quotes one."""
    return [
        {"start": one.start, "end": one.end, "documentId": passages[one.passage].document_id, "score": one.score}
        for one in answer.citations
        if one.passage < len(passages)
    ]


async def index_turn(client: ServiceClient, task: TaskRecord, turn: Turn, question: str, answer: str) -> None:
    """Make question and answer findable, with the times that the sessions subgraph gave them."""
    texts = {turn.message_id: answer}
    if turn.user_message_id is not None:
        texts[turn.user_message_id] = question
    representations = [{"__typename": "Message", "id": id} for id in texts]
    data = await client.call("sessions", MESSAGE_TIMES, {"messages": representations}, task.on_behalf_of, ACTOR)
    found = [message for message in data["_entities"] if message is not None]
    if len(found) < len(texts):
        raise WorkFailed("NOT_FOUND", "A message of the turn is gone.")
    messages = [{**message, "sessionId": turn.session_id, "text": texts[message["id"]]} for message in found]
    variables = {"taskId": task.global_id, "attempt": task.attempt, "step": "index", "messages": messages}
    data = await client.call("search", INDEX_MESSAGES, {"input": variables}, task.on_behalf_of, ACTOR)
    refuse_errors(data["indexMessages"], "indexMessages")


async def abandon_message(client: ServiceClient, message: Message) -> None:
    """Tell the conversation that the answer it waits for will not come. Raises: ServiceError."""
    payload = dict(message.payload)
    token = token_of(message.tenant, UUID(payload.pop("owner")), payload.pop("initiator"))
    variables = {**payload, "step": ANSWER_STEP, "parts": []}
    await client.call("sessions", RECORD_MESSAGE, {"input": variables}, token, ACTOR)
