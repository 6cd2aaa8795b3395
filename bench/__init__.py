"""Measured work: as ratios inside one interleaved run, never as wall time."""
