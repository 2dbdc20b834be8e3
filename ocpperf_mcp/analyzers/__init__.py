"""The tools: one module an analyzer, and those that all show. The catalogue says which metrics each tool shows."""
