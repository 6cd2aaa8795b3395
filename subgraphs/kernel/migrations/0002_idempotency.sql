-- What a creating mutation answered, so that a retry gets the same answer.
CREATE TABLE {schema}.idempotency (
    tenant_id text NOT NULL,
    principal_id uuid NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    result jsonb NOT NULL,
    touched text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, principal_id, operation, key)
);
CREATE INDEX ON {schema}.idempotency (created_at);
CALL {schema}.protect('{schema}.idempotency');
