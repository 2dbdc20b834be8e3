"""What every MCP tool is made of: parameters, the question, the answer, how it is cut to size, the registry."""
