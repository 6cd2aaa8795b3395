"""A process of its own that prepares and plans operations that are new: those that are known do not wait for it.

The router asks over a Unix socket that only its user can reach, and that only processes of this program use: what
travels is pickled.
"""
