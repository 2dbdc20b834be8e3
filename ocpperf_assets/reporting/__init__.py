"""Reports that Dagster writes, by itself and when it is asked to."""
