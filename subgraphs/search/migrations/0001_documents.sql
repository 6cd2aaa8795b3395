-- Collections are known to a whole tenant; what stands in them is PRIVATE. These tables are the record, Milvus is an index over them.
CREATE TABLE search.collection (
    id uuid PRIMARY KEY,
    tenant_id text NOT NULL,
    project_id uuid NOT NULL,
    owner_id uuid,
    visibility text NOT NULL DEFAULT 'TENANT' CHECK (visibility = 'TENANT'),
    name text NOT NULL,
    embedding_model_id uuid NOT NULL,
    model_name text NOT NULL,
    dimension integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (tenant_id, project_id, name)
);
CREATE INDEX ON search.collection (project_id, created_at, id);
CALL search.protect('search.collection');

-- `acl`: principals and projects that may read it besides its owner and its project.
CREATE TABLE search.document (
    id uuid PRIMARY KEY,
    tenant_id text NOT NULL,
    project_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    visibility text NOT NULL DEFAULT 'PRIVATE' CHECK (visibility = 'PRIVATE'),
    acl uuid[] NOT NULL DEFAULT '{}',
    collection_id uuid NOT NULL REFERENCES search.collection,
    title text,
    uri text,
    media_type text,
    metadata jsonb,
    chunk_count integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON search.document (collection_id, created_at, id);
CREATE INDEX ON search.document (tenant_id, owner_id);
CALL search.protect('search.document');

CREATE TABLE search.chunk (
    id uuid PRIMARY KEY,
    tenant_id text NOT NULL,
    document_id uuid NOT NULL REFERENCES search.document ON DELETE CASCADE,
    index integer NOT NULL,
    text text NOT NULL,
    start_offset integer NOT NULL,
    end_offset integer NOT NULL,
    UNIQUE (document_id, index)
);
CALL search.protect('search.chunk');

-- A copy of what was said, for recall: role and time of a message never change.
CREATE TABLE search.message (
    id uuid PRIMARY KEY,
    tenant_id text NOT NULL,
    project_id uuid,
    owner_id uuid NOT NULL,
    visibility text NOT NULL DEFAULT 'PRIVATE' CHECK (visibility = 'PRIVATE'),
    session_id uuid NOT NULL,
    role text NOT NULL,
    text text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX ON search.message (tenant_id, owner_id);
CREATE INDEX ON search.message (tenant_id, session_id);
CALL search.protect('search.message');

-- What tasks have had indexed, so that a step is done once and an attempt that was given up writes nothing more.
CREATE TABLE search.task_step (
    tenant_id text NOT NULL,
    task_id uuid NOT NULL,
    step text NOT NULL,
    attempt integer NOT NULL,
    owner_id uuid NOT NULL,
    indexed integer NOT NULL,
    PRIMARY KEY (tenant_id, task_id, step)
);
CALL search.protect('search.task_step');
