"""The generation of an answer: the turn it will fill, and the task that fills it, asked for through the outbox."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from subgraphs.kernel.database import Connection
from subgraphs.kernel.global_id import encode
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.outbox import Message
from subgraphs.kernel.service_client import ServiceClient, ServiceError
from subgraphs.sessions import writes
from subgraphs.sessions.records import Json, MessageRole, MessageStatus

ACTOR = "sessions"
CREATE_TASK = "sessions.create-task"
FINAL_CODES = frozenset({"BAD_USER_INPUT", "FORBIDDEN", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"})

DOCUMENT = """
mutation CreateTask($input: CreateTaskInput!) {
  createTask(input: $input) {
    task { id }
    errors { __typename ... on UserError { code message } ... on IdempotencyError { inProgress } }
  }
}
"""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Generation:
    """What a task is to answer, and where. `message_id` is the turn it fills."""

    task_id: UUID
    message_id: UUID
    user_message_id: UUID
    session_id: UUID
    project_id: UUID
    model_id: UUID
    question: str
    collection_ids: tuple[UUID, ...]
    top_k: int

    def placeholder(self) -> writes.Draft:
        """Draft the turn that the task will fill."""
        return writes.Draft(
            id=self.message_id,
            role=MessageRole.ASSISTANT,
            status=MessageStatus.IN_PROGRESS,
            parent_id=self.user_message_id,
            task_id=self.task_id,
            model_id=self.model_id,
        )

    def to_payload(self, initiator: InternalToken) -> Json:
        """Write what the relay needs: whose wish it is, what to ask, and what to give up if it is refused."""
        return {
            "initiator": initiator.to_claims(),
            "sessionId": str(self.session_id),
            "messageId": str(self.message_id),
            "input": {
                "id": encode("InferenceTask", self.task_id),
                "idempotencyKey": f"message:{self.message_id}",
                "projectId": encode("Project", self.project_id),
                "sessionId": encode("Session", self.session_id),
                "spec": {
                    "inference": {
                        "modelId": encode("ModelVersion", self.model_id),
                        "input": {
                            "question": self.question,
                            "sessionId": encode("Session", self.session_id),
                            "messageId": encode("Message", self.message_id),
                            "userMessageId": encode("Message", self.user_message_id),
                            "collectionIds": [encode("Collection", id) for id in self.collection_ids],
                            "topK": self.top_k,
                        },
                    }
                },
            },
        }


@dataclass(frozen=True, slots=True)
class TaskCreator:
    """Handles the outbox topic `CREATE_TASK`: asks tasks to create the task, on behalf of the initiator."""

    client: ServiceClient

    async def __call__(self, connection: Connection, message: Message) -> None:
        """Create the task; if it is refused for good, its turn has failed. Raises: ServiceError to be called again."""
        payload = message.payload
        initiator = InternalToken.from_claims(payload["initiator"])
        reason = await self._create(payload["input"], initiator)
        if reason is not None:
            logger.warning("generation refused", extra={"reason": reason, "message_id": payload["messageId"]})
            await _fail(connection, initiator, UUID(payload["sessionId"]), UUID(payload["messageId"]))

    async def _create(self, input: Json, initiator: InternalToken) -> str | None:
        """Answer why the task will never be; None if it is created."""
        try:
            data = await self.client.call("tasks", DOCUMENT, {"input": input}, initiator, ACTOR)
        except ServiceError as error:
            if error.codes and FINAL_CODES.issuperset(error.codes):
                return str(error)
            raise
        errors = data["createTask"]["errors"]
        if any(error.get("inProgress") for error in errors):
            raise ServiceError("tasks", "the task is being created")
        return "; ".join(error["message"] for error in errors) or None


async def _fail(connection: Connection, initiator: InternalToken, session_id: UUID, message_id: UUID) -> None:
    await connection.execute(
        "UPDATE sessions.message SET status = 'FAILED' WHERE id = $1 AND status = 'IN_PROGRESS'", message_id
    )
    await writes.session_changed(connection, initiator, session_id, message_id)
