"""Who may call the MCP server over HTTP."""

from fastmcp.server.auth import AuthProvider, MultiAuth

from ocpperf_mcp.serving.signed_tokens import signed_tokens
from ocpperf_mcp.serving.static_tokens import static_tokens
from ocpperf_mcp.settings import ServingSettings


def authentication(settings: ServingSettings) -> AuthProvider | None:
    """What FastMCP takes as `auth=`: static tokens, signed ones (JWT) or both; None when neither is configured.

    With one kind a caller's `client_id` is its name. With both, FastMCP puts the kind before it, so that no signed
    token can pass for a static one of the same name; the name alone is then in `original_client_id`.

    Raises OcpperfError when what is configured would let in nobody, or more than was meant.
    """
    static, signed = static_tokens(settings), signed_tokens(settings)
    if static and signed:
        return MultiAuth(verifiers={"static": static, "signed": signed})
    return static or signed
