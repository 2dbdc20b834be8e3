"""Collect what was missed: hours that Prometheus still has and the warehouse has not."""
