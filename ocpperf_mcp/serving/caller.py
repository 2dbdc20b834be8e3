"""Who asks, once a bearer token has been accepted."""

from fastmcp.server.auth import AccessToken
from pydantic import Field


class Caller(AccessToken):
    """An access token whose own text is left out where it is shown, in a log line or in a traceback."""

    token: str = Field(repr=False)
