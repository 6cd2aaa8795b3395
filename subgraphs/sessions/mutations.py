"""The mutations of sessions. What they do stands in the module named for each."""

from __future__ import annotations

from typing import cast
from uuid import UUID

import strawberry
from strawberry.federation import mutation

from subgraphs.kernel.federation import cost
from subgraphs.kernel.refusal import Refusal
from subgraphs.sessions.context import Info
from subgraphs.sessions.create_session import create_session
from subgraphs.sessions.inputs import CreateSessionInput, RecordMessageInput, SendMessageInput
from subgraphs.sessions.payloads import CreateSessionPayload, SendMessagePayload, SessionError
from subgraphs.sessions.record_message import record_message
from subgraphs.sessions.send_message import send_message
from subgraphs.sessions.types import Message, Session, Task

WRITE = [["sessions:write"]]


@strawberry.type
class Mutation:
    """Changes of sessions."""

    @mutation(requires_scopes=WRITE, description="Begins a session of the caller's, in one of their projects.")
    async def create_session(self, info: Info, input: CreateSessionInput) -> CreateSessionPayload:
        context, client_mutation_id = info.context, input.client_mutation_id
        try:
            id = await create_session(context.state.database, context.caller, input)
        except Refusal as refusal:
            return CreateSessionPayload(errors=_errors(refusal), client_mutation_id=client_mutation_id)
        record = await context.loaders.sessions.load(id)
        session = None if record is None else Session.of(record)
        return CreateSessionPayload(session=session, client_mutation_id=client_mutation_id)

    @mutation(
        requires_scopes=WRITE,
        directives=[cost(10)],
        description="Appends a user turn. If `respondWith` is given, a task that answers is on its way, as `task`.",
    )
    async def send_message(self, info: Info, input: SendMessageInput) -> SendMessagePayload:
        context, client_mutation_id = info.context, input.client_mutation_id
        try:
            id, task_id = await send_message(context.state.database, context.caller, input)
        except Refusal as refusal:
            return SendMessagePayload(errors=_errors(refusal), client_mutation_id=client_mutation_id)
        message, task = await _message(info, id), None if task_id is None else Task.generating(task_id)
        return SendMessagePayload(message=message, task=task, client_mutation_id=client_mutation_id)

    @mutation(
        inaccessible=True,
        requires_scopes=WRITE,
        description="For services that act for the initiator of a task: what the task says, once per task and step.",
    )
    async def record_message(self, info: Info, input: RecordMessageInput) -> SendMessagePayload:
        try:
            id = await record_message(info.context.state.database, info.context.caller, input)
        except Refusal as refusal:
            return SendMessagePayload(errors=_errors(refusal))
        return SendMessagePayload(message=await _message(info, id), task=Task(id=input.task_id))


async def _message(info: Info, id: UUID) -> Message | None:
    record = await info.context.loaders.messages.load(id)
    return None if record is None else Message.of(record)


def _errors(refusal: Refusal) -> list[SessionError]:
    return cast("list[SessionError]", list(refusal.errors))
