"""Names and values shared by the pipeline and the query side (standard library and pydantic only)."""
