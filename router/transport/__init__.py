"""GraphQL over HTTP: the only place that knows ASGI messages."""
