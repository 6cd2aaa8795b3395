-- What has to be told to others, written in the transaction that made it true. One relay per partition, in id order.
CREATE TABLE {schema}.outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partition smallint NOT NULL,
    tenant_id text NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    not_before timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON {schema}.outbox (partition, id);
CALL {schema}.protect('{schema}.outbox');
-- Request work only adds.
REVOKE SELECT, UPDATE, DELETE ON {schema}.outbox FROM fedra_app;
