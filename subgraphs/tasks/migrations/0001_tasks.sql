-- The truth about every task. `machine.py` holds the table of legal steps.
CREATE TABLE tasks.task (
    id uuid PRIMARY KEY,
    tenant_id text NOT NULL,
    project_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    visibility text NOT NULL DEFAULT 'PRIVATE' CHECK (visibility IN ('TENANT', 'PRIVATE')),
    initiator jsonb NOT NULL,  -- projects and scopes of the owner when the task was made: the worker acts within them
    session_id uuid,
    kind text NOT NULL CHECK (kind IN ('INFERENCE', 'INGEST')),
    model_id uuid CHECK ((model_id IS NOT NULL) = (kind = 'INFERENCE')),
    collection_id uuid CHECK ((collection_id IS NOT NULL) = (kind = 'INGEST')),
    input jsonb NOT NULL,
    output jsonb,
    input_tokens integer NOT NULL DEFAULT 0,
    output_tokens integer NOT NULL DEFAULT 0,
    progress jsonb NOT NULL,
    failure jsonb,
    status text NOT NULL CHECK (status IN (
        'SCHEDULED', 'QUEUED', 'RUNNING', 'RETRYING', 'CANCELLING',
        'SUCCEEDED', 'FAILED', 'CANCELLED', 'TIMED_OUT', 'CRASHED')),
    priority integer NOT NULL,
    attempt integer NOT NULL DEFAULT 1,
    max_attempts integer NOT NULL CHECK (max_attempts >= 1),
    retry jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    scheduled_for timestamptz,
    deadline timestamptz,
    due_at timestamptz NOT NULL DEFAULT now(),  -- when a SCHEDULED or RETRYING task is queued
    started_at timestamptz,
    finished_at timestamptz CHECK (
        (finished_at IS NOT NULL) = (status IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'TIMED_OUT', 'CRASHED'))),
    fence bigint NOT NULL DEFAULT 0,  -- grows with every claim; a write under an older one is refused
    worker text,
    lease_until timestamptz CHECK (lease_until IS NOT NULL OR status <> 'RUNNING'),
    last_seq bigint NOT NULL DEFAULT 0
);
CALL tasks.protect('tasks.task');

CREATE INDEX task_by_project ON tasks.task (tenant_id, project_id, created_at DESC, id DESC);
CREATE INDEX task_by_session ON tasks.task (tenant_id, session_id, created_at DESC, id DESC)
    WHERE session_id IS NOT NULL;
CREATE INDEX task_by_model ON tasks.task (tenant_id, project_id, model_id, finished_at) WHERE model_id IS NOT NULL;
CREATE INDEX task_by_owner ON tasks.task (tenant_id, owner_id);
CREATE INDEX task_to_claim ON tasks.task (priority DESC, due_at, id) WHERE status = 'QUEUED';
CREATE INDEX task_to_queue ON tasks.task (due_at) WHERE status IN ('SCHEDULED', 'RETRYING');
CREATE INDEX task_to_reap ON tasks.task (lease_until) WHERE status IN ('RUNNING', 'CANCELLING');

-- The history of a task: `seq` without a gap, in commit order, because the task's row lock gives it out.
CREATE TABLE tasks.task_event (
    task_id uuid NOT NULL REFERENCES tasks.task (id) ON DELETE CASCADE,
    seq bigint NOT NULL,
    tenant_id text NOT NULL,
    type text NOT NULL CHECK (type IN ('STATUS', 'PROGRESS')),
    at timestamptz NOT NULL DEFAULT now(),
    attempt integer NOT NULL,
    data jsonb NOT NULL,
    PRIMARY KEY (task_id, seq)
);
CALL tasks.protect('tasks.task_event');
-- History only grows; a task goes with its history, by erasure, which is system work.
REVOKE UPDATE, DELETE ON tasks.task_event FROM fedra_app;
REVOKE DELETE ON tasks.task FROM fedra_app;
