CREATE TABLE notes.note (
    id uuid PRIMARY KEY,
    tenant_id text NOT NULL,
    project_id uuid,
    owner_id uuid,
    visibility text NOT NULL,
    body text NOT NULL
);
CALL notes.protect('notes.note');
