"""The asset graph: raw domains, models over them, what is published."""
