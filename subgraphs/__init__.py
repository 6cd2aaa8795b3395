"""Four programs that do not know each other."""
