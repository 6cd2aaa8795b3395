"""From a parsed document to a normalized operation and coerced variables."""
