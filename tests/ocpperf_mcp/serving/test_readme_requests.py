"""The requests that README shows, sent to a server as they stand."""

import re
import shlex
from pathlib import Path

import pytest

from tests.ocpperf_mcp.serving.running import Response, Server

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
LINES = re.findall(r"^curl .*?(?= {2,}#|$)", README, re.MULTILINE)


def sent(server: Server, line: str) -> Response:
    """What curl would get: options are in pairs, but for -s."""
    words = [word for word in shlex.split(line) if word not in ("curl", "-s")]
    address, options = words[0], list(zip(words[1::2], words[2::2], strict=True))
    headers = dict(value.split(": ", 1) for option, value in options if option == "-H")
    body = next((value for option, value in options if option == "-d"), None)
    path = "/" + address.split("/", 3)[3]
    return server.request("POST" if body else "GET", path, body, headers)


@pytest.mark.parametrize("line", LINES)
def test_a_request_of_readme_is_answered(server: Server, line: str) -> None:
    assert sent(server, line).status == 200


def test_readme_shows_health_a_call_and_a_token() -> None:
    assert len(LINES) == 5
    assert "Authorization: Bearer" in LINES[-1]
