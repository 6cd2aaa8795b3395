"""The graph of sessions: what was said, and the work that says it."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from strawberry.federation import field
from strawberry.scalars import JSON

from subgraphs.kernel.connections import read_page, slice_rows
from subgraphs.kernel.federation import CacheControl, CacheScope, CacheTag, assumed_size, sized_by
from subgraphs.kernel.global_id import decode, encode
from subgraphs.kernel.graphql_types import Node, PageInfo
from subgraphs.sessions.context import Info
from subgraphs.sessions.foreign import ModelVersion
from subgraphs.sessions.loaders import TranscriptPage
from subgraphs.sessions.parts import ContentPart, TextPart, TokenUsage
from subgraphs.sessions.principals import Principal, Project
from subgraphs.sessions.records import MessageRecord, MessageRole, MessageStatus, SessionRecord, SessionStatus

for _enum in (MessageRole, MessageStatus, SessionStatus):
    strawberry.enum(_enum)

TASK_TYPES = frozenset({"InferenceTask", "IngestTask"})


@strawberry.federation.type(
    keys=["id"],
    authenticated=True,
    directives=[CacheControl(max_age=5, scope=CacheScope.PRIVATE), CacheTag(format="session:{$key.id}")],
)
class Session(Node):
    """A conversation."""

    record: strawberry.Private[SessionRecord]
    title: str | None
    status: SessionStatus
    created_at: datetime
    last_activity_at: datetime
    message_count: int
    default_model: ModelVersion | None
    metadata: JSON | None
    system_prompt: str | None = field(policy=[["prompt.read"]], tags=["sensitive"])

    @strawberry.field
    async def project(self, info: Info) -> Project:
        record = await info.context.loaders.projects.load(self.record.project_id)
        if record is None:
            raise LookupError(f"Session {self.record.id} is in no project.")
        return Project.of(record)

    @strawberry.field
    async def owner(self, info: Info) -> Principal:
        record = await info.context.loaders.principals.load(self.record.owner_id)
        if record is None:
            raise LookupError(f"Session {self.record.id} is owned by nobody.")
        return Principal.of(record)

    @field(policy=[["transcript.read"]], directives=[sized_by("first", "last", one_required=True)])
    async def messages(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> MessageConnection:
        """The transcript, oldest first."""
        listing = f"messages:{self.record.id}"
        page = read_page(info.context.state.cursors, listing, first, after, last, before)
        records = await info.context.loaders.transcripts.load(TranscriptPage(self.record.id, page))
        part = slice_rows(
            info.context.state.cursors, listing, page, records, lambda record: (record.sequence, record.id)
        )
        edges = [MessageEdge(cursor=at, node=Message.of(one)) for at, one in zip(part.cursors, part.rows, strict=True)]
        return MessageConnection(edges=edges, page_info=part.page_info)

    @classmethod
    def of(cls, record: SessionRecord) -> Self:
        return cls(
            id=strawberry.ID(encode("Session", record.id)),
            record=record,
            title=record.title,
            status=record.status,
            created_at=record.created_at,
            last_activity_at=record.last_activity_at,
            message_count=record.message_count,
            default_model=ModelVersion.by_key(record.default_model_id),
            metadata=record.metadata,
            system_prompt=record.system_prompt,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        uuid = decode("Session", id)
        record = None if uuid is None else await info.context.loaders.sessions.load(uuid)
        return None if record is None else cls.of(record)


@strawberry.federation.type(
    keys=["id"],
    directives=[CacheControl(max_age=3600, scope=CacheScope.PRIVATE), CacheTag(format="message:{$key.id}")],
)
class Message(Node):
    """One turn of a conversation."""

    record: strawberry.Private[MessageRecord]
    sequence: int = field(description="Gapless per session.")
    role: MessageRole = field(shareable=True)
    created_at: datetime = field(shareable=True)
    status: MessageStatus
    parts: list[ContentPart] = field(policy=[["transcript.read"]], tags=["pii"], directives=[assumed_size(5)])
    usage: TokenUsage | None
    generated_by: Task | None
    model: ModelVersion | None

    @strawberry.field
    async def session(self, info: Info) -> Session:
        record = await info.context.loaders.sessions.load(self.record.session_id)
        if record is None:
            raise LookupError(f"Message {self.record.id} is in no session.")
        return Session.of(record)

    @strawberry.field
    async def author(self, info: Info) -> Principal | None:
        id = self.record.author_id
        record = None if id is None else await info.context.loaders.principals.load(id)
        return None if record is None else Principal.of(record)

    @strawberry.field
    async def parent(self, info: Info) -> Message | None:
        id = self.record.parent_id
        record = None if id is None else await info.context.loaders.messages.load(id)
        return None if record is None else Message.of(record)

    @classmethod
    def of(cls, record: MessageRecord) -> Self:
        return cls(
            id=strawberry.ID(encode("Message", record.id)),
            record=record,
            sequence=record.sequence,
            role=record.role,
            created_at=record.created_at,
            status=record.status,
            parts=[TextPart.of(part) for part in record.parts],
            usage=None if record.usage is None else TokenUsage.of(record.usage),
            generated_by=None if record.task_id is None else Task.generating(record.task_id),
            model=ModelVersion.by_key(record.model_id),
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        uuid = decode("Message", id)
        record = None if uuid is None else await info.context.loaders.messages.load(uuid)
        return None if record is None else cls.of(record)


@strawberry.type
class MessageEdge:
    """A message and its place in the transcript."""

    cursor: str
    node: Message


@strawberry.type
class MessageConnection:
    """A page of a transcript."""

    edges: list[MessageEdge]
    page_info: PageInfo


@strawberry.federation.interface_object(keys=["id"])
class Task:
    """Work of any kind, owned by the tasks subgraph."""

    id: strawberry.ID

    @field(description="The assistant turn this task produces, if any.")
    async def message(self, info: Info) -> Message | None:
        id = decode(TASK_TYPES, self.id)
        record = None if id is None else await info.context.loaders.messages_of_tasks.load(id)
        return None if record is None else Message.of(record)

    @classmethod
    def generating(cls, id: UUID) -> Self:
        """Name the task that generates a message."""
        return cls(id=strawberry.ID(encode("InferenceTask", id)))

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self | None:
        return None if decode(TASK_TYPES, id) is None else cls(id=id)
