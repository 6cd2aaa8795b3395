"""What a request may cost."""

from __future__ import annotations

from router.settings.mode import Mode
from router.settings.values import Branch, Count


class Limits(Branch):
    """What a request may not exceed. Operations are counted with their fragments spread out."""

    mode: Mode = Mode.ENFORCE
    """Whether operations past a limit are refused, or only logged; bodies are refused in any case."""
    max_body_bytes: Count = 2_000_000
    """Length of the body of a request."""
    max_tokens: Count = 15_000
    """Lexical tokens of a document."""
    max_depth: Count = 32
    """Levels of fields."""
    max_height: Count = 10_000
    """Fields."""
    max_aliases: Count = 128
    """Aliased fields."""
    max_root_fields: Count = 64
    """Fields of the root type."""
    max_directives: Count = 256
    """Applications of directives."""
    max_variable_depth: Count = 32
    """Levels of lists and objects within the values of variables."""
    max_variable_values: Count = 50_000
    """Values within the values of variables: items of lists, fields of objects."""
