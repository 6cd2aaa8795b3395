"""`createTask`: an input checked in full, then made once per idempotency key and id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from subgraphs.kernel.database import Connection
from subgraphs.kernel.global_id import decode
from subgraphs.kernel.graphql_types import NotFoundError, UserError, ValidationError
from subgraphs.kernel.idempotency import once
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.refusal import Refusal, conflict
from subgraphs.tasks import store
from subgraphs.tasks.inputs import CreateTaskInput, InferenceSpecInput, IngestSpecInput, RetryPolicyInput
from subgraphs.tasks.new_task import DEFAULT_PRIORITY, NewTask, create
from subgraphs.tasks.records import TYPE_NAMES, Kind, Progress, RetryPolicy, TaskRecord
from subgraphs.tasks.specs import Mistake, inference_mistakes, ingest_mistakes, is_word

Json = Any

OPERATION = "tasks.createTask"
MAX_KEY_CHARACTERS = 200
PRIORITIES = range(11)
YEARS = range(2000, 3000)
MAX_ATTEMPTS = 20
MAX_CODES = 50
MAX_DELAY_MS = 3_600_000
MAX_MULTIPLIER = 10.0


@dataclass(frozen=True, slots=True)
class _Work:
    """The part of a new task that depends on its kind."""

    kind: Kind
    input: Json
    progress: Progress
    model_id: UUID | None = None
    collection_id: UUID | None = None


async def create_task(connection: Connection, token: InternalToken, input: CreateTaskInput) -> TaskRecord:
    """Make the task, or find the one that this key or id made before. Raises: Refusal, with all that is wrong."""
    work = _work(input.spec.inference or input.spec.ingest)
    if errors := list(_errors(token, input, work)):
        raise Refusal(*errors)
    new = _new_task(input, work)

    async def run() -> Json:
        task = await create(connection, token, new) or await _same(connection, token, new)
        return {"id": str(task.id)}

    request = {**asdict(new), "id": input.id or None}
    answer = await once(connection, token, OPERATION, input.idempotency_key, request, run)
    id = UUID(answer["id"])
    found = await store.by_ids(connection, [id])
    if id not in found:
        raise Refusal(NotFoundError(message="The task that this key made is gone."))
    return found[id]


async def _same(connection: Connection, token: InternalToken, new: NewTask) -> TaskRecord:
    """Find the task that has the id already, if the same principal asked for the same. Raises: Refusal."""
    found = (await store.by_ids(connection, [new.id])).get(new.id)
    asked = (token.principal, new.project_id, new.session_id, new.model_id, new.collection_id, new.input)
    if found is None or asked != (
        found.owner_id,
        found.project_id,
        found.session_id,
        found.model_id,
        found.collection_id,
        found.input,
    ):
        raise conflict("The id belongs to another task.", "id")
    return found


def _work(spec: InferenceSpecInput | IngestSpecInput | None) -> _Work:
    if isinstance(spec, InferenceSpecInput):
        return _Work(Kind.INFERENCE, spec.input, Progress(), model_id=decode("ModelVersion", spec.model_id))
    assert spec is not None  # noqa: S101 - @oneOf
    return _Work(
        Kind.INGEST,
        {"sourceUris": spec.source_uris},
        Progress(total=len(spec.source_uris), unit="documents"),
        collection_id=decode("Collection", spec.collection_id),
    )


def _new_task(input: CreateTaskInput, work: _Work) -> NewTask:
    project = decode("Project", input.project_id)
    assert project is not None  # noqa: S101 - checked before
    return NewTask(
        id=decode(TYPE_NAMES[work.kind], input.id) or UUID(bytes=uuid7().bytes),
        project_id=project,
        session_id=decode("Session", input.session_id),
        kind=work.kind,
        input=work.input,
        progress=work.progress,
        model_id=work.model_id,
        collection_id=work.collection_id,
        priority=DEFAULT_PRIORITY if input.priority is None else input.priority,
        retry=_retry(input.retry or None),
        scheduled_for=input.scheduled_for or None,
        deadline=input.deadline or None,
    )


def _retry(given: RetryPolicyInput | None) -> RetryPolicy:
    plain = RetryPolicy()
    if given is None:
        return plain
    return RetryPolicy(
        max_attempts=plain.max_attempts if given.max_attempts is None else given.max_attempts,
        initial_delay_ms=plain.initial_delay_ms if given.initial_delay_ms is None else given.initial_delay_ms,
        max_delay_ms=plain.max_delay_ms if given.max_delay_ms is None else given.max_delay_ms,
        multiplier=plain.multiplier if given.multiplier is None else given.multiplier,
        non_retryable_codes=tuple(given.non_retryable_codes or ()),
    )


def _errors(token: InternalToken, input: CreateTaskInput, work: _Work) -> Iterator[UserError]:
    """Check an input, every rule of it."""
    project = decode("Project", input.project_id)
    if project is None or project not in token.project_ids:
        yield NotFoundError(message="There is no such project.", path=["projectId"])
    if input.session_id and decode("Session", input.session_id) is None:
        yield NotFoundError(message="There is no such session.", path=["sessionId"])
    if input.id and (token.actor is None or decode(TYPE_NAMES[work.kind], input.id) is None):
        yield ValidationError(
            message=f"Only a service chooses an id, and it is of '{TYPE_NAMES[work.kind]}'.", path=["id"]
        )
    for mistake in [*_work_mistakes(work), *_form_mistakes(input), *_retry_mistakes(_retry(input.retry or None))]:
        yield ValidationError(message=mistake.message, path=list(mistake.path))


def _work_mistakes(work: _Work) -> list[Mistake]:
    if work.kind is Kind.INFERENCE:
        known = work.model_id is not None
        unknown = [] if known else [Mistake(("spec", "inference", "modelId"), "There is no such model version.")]
        return unknown + _within(("spec", "inference", "input"), inference_mistakes(work.input))
    known = work.collection_id is not None
    unknown = [] if known else [Mistake(("spec", "ingest", "collectionId"), "There is no such collection.")]
    return unknown + _within(("spec", "ingest"), ingest_mistakes(work.input["sourceUris"]))


def _within(prefix: tuple[str, ...], mistakes: list[Mistake]) -> list[Mistake]:
    return [Mistake((*prefix, *mistake.path), mistake.message) for mistake in mistakes]


def _form_mistakes(input: CreateTaskInput) -> Iterator[Mistake]:
    if not is_word(input.idempotency_key, MAX_KEY_CHARACTERS):
        yield Mistake(("idempotencyKey",), f"A key has 1 to {MAX_KEY_CHARACTERS} characters, none of them NUL.")
    for name, moment in (("scheduledFor", input.scheduled_for), ("deadline", input.deadline)):
        if moment and moment.year not in YEARS:
            yield Mistake((name,), f"The year must be from {YEARS[0]} to {YEARS[-1]}.")
    if input.priority is not None and input.priority not in PRIORITIES:
        yield Mistake(("priority",), f"A priority is from {PRIORITIES[0]} to {PRIORITIES[-1]}, the highest first.")
    if input.deadline and input.scheduled_for and input.deadline <= input.scheduled_for:
        yield Mistake(("deadline",), "The deadline must come after 'scheduledFor'.")


def _retry_mistakes(retry: RetryPolicy) -> Iterator[Mistake]:
    if not 1 <= retry.max_attempts <= MAX_ATTEMPTS:
        yield Mistake(("retry", "maxAttempts"), f"There are from 1 to {MAX_ATTEMPTS} attempts.")
    if not 0 <= retry.initial_delay_ms <= retry.max_delay_ms <= MAX_DELAY_MS:
        yield Mistake(("retry",), f"Needs 0 ≤ initialDelayMs ≤ maxDelayMs ≤ {MAX_DELAY_MS}.")
    codes = retry.non_retryable_codes
    if len(codes) > MAX_CODES or not all(is_word(code, MAX_KEY_CHARACTERS) for code in codes):
        yield Mistake(("retry", "nonRetryableCodes"), f"There are at most {MAX_CODES} codes.")
    if not 1 <= retry.multiplier <= MAX_MULTIPLIER:
        yield Mistake(("retry", "multiplier"), f"The multiplier is from 1 to {MAX_MULTIPLIER}.")
