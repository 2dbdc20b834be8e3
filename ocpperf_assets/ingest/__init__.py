"""From staged Parquet to a published slot: one write phase a run."""
