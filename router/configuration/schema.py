"""The JSON Schema of the settings, for editors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from router.settings import Settings
from router.settings.values import write_duration

_EXPANDED = {"type": "string", "pattern": r"\$\{(env|file)\."}
_NOTES = ("title", "description", "default")
_NARROW = ("enum", "const", "pattern", "format", "minLength")


class _Generator(GenerateJsonSchema):
    def encode_default(self, dft: Any) -> Any:  # noqa: ANN401 (as the base class has it)
        return write_duration(dft) if isinstance(dft, timedelta) else super().encode_default(dft)


def json_schema() -> dict[str, Any]:
    """Describe the tree; wherever a value is more than any text, `${env.NAME}` and `${file.PATH}` may stand for it."""
    schema = _expandable(Settings.model_json_schema(schema_generator=_Generator))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Configuration of Fedra"}


def _expandable(schema: Mapping[str, Any]) -> dict[str, Any]:
    below = {key: _below(key, value) for key, value in schema.items()}
    is_narrow = schema.get("type") in {"integer", "number", "boolean"} or any(key in schema for key in _NARROW)
    if not is_narrow:
        return below
    notes = {key: below.pop(key) for key in _NOTES if key in below}
    return {**notes, "anyOf": [below, _EXPANDED]}


def _below(key: str, value: Any) -> Any:  # noqa: ANN401 (any JSON)
    if key in {"properties", "$defs"}:
        return {name: _expandable(one) for name, one in value.items()}
    if key in {"anyOf", "oneOf", "allOf", "prefixItems"}:
        return [_expandable(one) for one in value]
    return _expandable(value) if key in {"items", "additionalProperties"} and isinstance(value, dict) else value
