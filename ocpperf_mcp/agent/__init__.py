"""The report agent: a language model words what the rules found, and every figure of its words is checked."""
