-- The registry is known to a whole tenant: every row is TENANT, so that its answers may be shared.
CREATE TABLE models.registered_model (
    id uuid PRIMARY KEY,
    tenant_id text NOT NULL,
    project_id uuid NOT NULL,
    owner_id uuid,
    visibility text NOT NULL DEFAULT 'TENANT' CHECK (visibility = 'TENANT'),
    name text NOT NULL,
    description text,
    modality text NOT NULL,
    tags jsonb,
    UNIQUE (tenant_id, name)
);
CREATE INDEX ON models.registered_model (tenant_id, project_id, name, id);
CALL models.protect('models.registered_model');

CREATE TABLE models.model_version (
    id uuid PRIMARY KEY,
    tenant_id text NOT NULL,
    project_id uuid NOT NULL,
    owner_id uuid,
    visibility text NOT NULL DEFAULT 'TENANT' CHECK (visibility = 'TENANT'),
    model_id uuid NOT NULL REFERENCES models.registered_model,
    number integer NOT NULL,
    status text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    context_window integer,
    embedding_dimension integer,
    license text,
    signature jsonb,
    artifact_uri text,
    input_per_mtok_usd double precision,
    output_per_mtok_usd double precision,
    CHECK ((input_per_mtok_usd IS NULL) = (output_per_mtok_usd IS NULL)),
    UNIQUE (model_id, number)
);
CALL models.protect('models.model_version');

CREATE TABLE models.model_alias (
    tenant_id text NOT NULL,
    model_id uuid NOT NULL REFERENCES models.registered_model,
    name text NOT NULL,
    version_id uuid NOT NULL REFERENCES models.model_version,
    PRIMARY KEY (model_id, name)
);
CALL models.protect('models.model_alias');

-- One version takes all the traffic of an endpoint. `url` is the base of the server's /v2.
CREATE TABLE models.serving_endpoint (
    id uuid PRIMARY KEY,
    tenant_id text NOT NULL,
    project_id uuid NOT NULL,
    owner_id uuid,
    visibility text NOT NULL DEFAULT 'TENANT' CHECK (visibility = 'TENANT'),
    name text NOT NULL,
    version_id uuid NOT NULL REFERENCES models.model_version,
    url text NOT NULL,
    replicas integer NOT NULL DEFAULT 1
);
CREATE INDEX ON models.serving_endpoint (version_id);
CALL models.protect('models.serving_endpoint');
