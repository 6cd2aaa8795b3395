-- Who acts and where. Everybody of a tenant may see these, so they are never PRIVATE.
CREATE TABLE sessions.principal (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    project_id uuid CHECK (project_id IS NULL),
    owner_id uuid GENERATED ALWAYS AS (id) STORED,
    visibility text NOT NULL DEFAULT 'TENANT' CHECK (visibility = 'TENANT'),
    kind text NOT NULL CHECK (kind IN ('USER', 'SERVICE', 'AGENT')),
    display_name text,
    email text,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id)
);
CALL sessions.protect('sessions.principal');

CREATE TABLE sessions.project (
    id uuid PRIMARY KEY,
    tenant_id text NOT NULL,
    project_id uuid GENERATED ALWAYS AS (id) STORED,
    owner_id uuid CHECK (owner_id IS NULL),
    visibility text NOT NULL DEFAULT 'TENANT' CHECK (visibility = 'TENANT'),
    name text NOT NULL,
    slug text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (tenant_id, slug)
);
CALL sessions.protect('sessions.project');

CREATE TABLE sessions.session (
    id uuid PRIMARY KEY,
    tenant_id text NOT NULL,
    project_id uuid NOT NULL REFERENCES sessions.project,
    owner_id uuid NOT NULL,
    visibility text NOT NULL DEFAULT 'PRIVATE' CHECK (visibility IN ('TENANT', 'PRIVATE')),
    title text,
    status text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'ARCHIVED', 'LOCKED')),
    created_at timestamptz NOT NULL DEFAULT now(),
    last_activity_at timestamptz NOT NULL DEFAULT now(),
    message_count integer NOT NULL DEFAULT 0,
    default_model_id uuid,
    metadata jsonb,
    system_prompt text
);
CREATE INDEX ON sessions.session (project_id, last_activity_at DESC, id DESC);
CREATE INDEX ON sessions.session (project_id, created_at DESC, id DESC);
CREATE INDEX ON sessions.session (tenant_id, owner_id);
CALL sessions.protect('sessions.session');

-- The transcript: one row per message, its parts as JSON. Who may see a session may see its messages.
CREATE TABLE sessions.message (
    id uuid PRIMARY KEY,
    tenant_id text NOT NULL,
    session_id uuid NOT NULL REFERENCES sessions.session ON DELETE CASCADE,
    project_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    visibility text NOT NULL,
    sequence integer NOT NULL CHECK (sequence > 0),
    role text NOT NULL CHECK (role IN ('USER', 'ASSISTANT', 'SYSTEM', 'TOOL')),
    status text NOT NULL CHECK (status IN ('IN_PROGRESS', 'COMPLETE', 'INCOMPLETE', 'FAILED', 'REDACTED')),
    created_at timestamptz NOT NULL DEFAULT now(),
    author_id uuid,
    parent_id uuid REFERENCES sessions.message ON DELETE SET NULL,
    parts jsonb NOT NULL,
    usage jsonb,
    task_id uuid,
    model_id uuid,
    UNIQUE (session_id, sequence)
);
CREATE UNIQUE INDEX ON sessions.message (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX ON sessions.message (tenant_id, author_id);
CREATE INDEX ON sessions.message (parent_id);
CREATE UNIQUE INDEX one_generation ON sessions.message (session_id) WHERE status = 'IN_PROGRESS';
CALL sessions.protect('sessions.message');

-- What tasks have recorded: each step of a task takes effect once, and never for a lower attempt.
CREATE TABLE sessions.recording (
    tenant_id text NOT NULL,
    task_id uuid NOT NULL,
    step text NOT NULL,
    attempt integer NOT NULL,
    message_id uuid NOT NULL REFERENCES sessions.message ON DELETE CASCADE,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (task_id, step)
);
CREATE INDEX ON sessions.recording (message_id);
CALL sessions.protect('sessions.recording');
