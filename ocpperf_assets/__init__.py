"""The pipeline: a Dagster code location that fills and publishes the warehouse."""
