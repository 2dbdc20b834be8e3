"""The MCP server over HTTP: who may call, how often, what is told beside MCP, and how it ends."""
