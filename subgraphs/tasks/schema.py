"""The schema of the tasks subgraph."""

from __future__ import annotations

from typing import cast

import strawberry

from subgraphs.kernel.federation import (
    CacheControl,
    CacheScope,
    authenticated,
    cost,
    federation_schema,
    requires_scopes,
    sized_by,
)
from subgraphs.kernel.global_id import decode
from subgraphs.kernel.refusal import Refusal
from subgraphs.tasks.cancel_task import cancel_task
from subgraphs.tasks.context import Info
from subgraphs.tasks.create_task import create_task
from subgraphs.tasks.history import TaskProgressEvent, TaskStatusEvent
from subgraphs.tasks.inputs import CancelTaskInput, CancelTaskPayload, CreateTaskInput, CreateTaskPayload, TaskError
from subgraphs.tasks.listing import TaskFilter
from subgraphs.tasks.model_version import ModelVersion
from subgraphs.tasks.records import TYPE_NAMES, TaskRecord
from subgraphs.tasks.types import InferenceTask, IngestTask, Project, Session, Task, TaskConnection, load_task, task_of

_FRESH = CacheControl(max_age=1, scope=CacheScope.PRIVATE)
_RUN = requires_scopes("tasks:run")


@strawberry.type
class Query:
    """Where reading tasks begins."""

    @strawberry.federation.field(directives=[authenticated(), _FRESH])
    async def task(self, info: Info, id: strawberry.ID) -> Task | None:
        return await load_task(info, id)

    @strawberry.federation.field(directives=[requires_scopes("tasks:read"), sized_by("first"), _FRESH])
    async def tasks(
        self,
        info: Info,
        project_id: strawberry.ID,
        filter: TaskFilter | None = strawberry.UNSET,
        first: int | None = 20,
        after: str | None = strawberry.UNSET,
    ) -> TaskConnection:
        return await TaskConnection.read(info, "project_id", decode("Project", project_id), filter, first, after)


@strawberry.type
class Mutation:
    """What changes tasks."""

    @strawberry.federation.field(directives=[_RUN, cost(10)])
    async def create_task(self, info: Info, input: CreateTaskInput) -> CreateTaskPayload:
        caller, client_mutation_id = info.context.caller, input.client_mutation_id or None
        try:
            async with info.context.state.database.as_tenant(caller) as connection:
                made = await create_task(connection, caller, input)
        except Refusal as refusal:
            return CreateTaskPayload(client_mutation_id=client_mutation_id, task=None, errors=_errors(refusal))
        return CreateTaskPayload(client_mutation_id=client_mutation_id, task=_changed(info, made), errors=[])

    @strawberry.federation.field(directives=[_RUN])
    async def cancel_task(self, info: Info, input: CancelTaskInput) -> CancelTaskPayload:
        id, client_mutation_id = decode(frozenset(TYPE_NAMES.values()), input.task_id), input.client_mutation_id or None
        reason = input.reason or "Cancelled by request."
        try:
            async with info.context.state.database.as_tenant(info.context.caller) as connection:
                asked = await cancel_task(connection, id, reason, force=bool(input.force))
        except Refusal as refusal:
            return CancelTaskPayload(client_mutation_id=client_mutation_id, task=None, errors=_errors(refusal))
        return CancelTaskPayload(client_mutation_id=client_mutation_id, task=_changed(info, asked), errors=[])


def _changed(info: Info, record: TaskRecord) -> Task:
    """Show a task as it is now; later fields of the operation see the new row, too."""
    info.context.loaders.tasks.prime(record.id, record, force=True)
    return task_of(record)


def _errors(refusal: Refusal) -> list[TaskError]:
    return cast("list[TaskError]", list(refusal.errors))


schema = federation_schema(
    Query,
    Mutation,
    types=[InferenceTask, IngestTask, Session, Project, ModelVersion, TaskStatusEvent, TaskProgressEvent],
)
