"""What the router tells of itself: logs, traces, metrics, usage. Known by all parts, knows only settings."""
