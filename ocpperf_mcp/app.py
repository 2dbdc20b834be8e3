"""The server that fastmcp.json names, over the warehouse that the settings name."""

from ocpperf_mcp.server import build_server
from ocpperf_mcp.settings import ServingSettings

server = build_server(ServingSettings().paths)
