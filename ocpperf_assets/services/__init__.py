"""Long-running services, started, watched and ended together."""
