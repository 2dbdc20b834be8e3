"""What the process says and how it ends."""

import json
import socket
import time

from ocpperf_mcp.contracts.paths import Home
from tests.ocpperf_mcp.serving.running import serving


def test_calls_are_logged_without_their_arguments_and_the_last_is_answered_after_sigterm(home: Home) -> None:
    token = {"Authorization": "Bearer planted-token-of-a-caller"}
    with serving(home, "--analyzer", "etcd", OCPPERF_MCP_TOKEN="planted-token-of-a-caller") as running:
        host, _, port = running.host.partition(":")
        assert running.process is not None
        running.call("get_findings", {"rule": "planted-word"}, token)
        running.call("get_findings", {"planted-name": "planted-value"}, token)
        running.call("get_findings", headers={"Authorization": "Bearer wrong-planted-token"})
        with socket.create_connection((host, int(port)), timeout=60) as slow:
            body = b'{"duration": "1h"}'
            slow.sendall(
                b"POST /tools/get_node_health HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Authorization: Bearer planted-token-of-a-caller\r\nContent-Length: %d\r\n\r\n%s"
                % (len(body), body[:5])
            )
            # Answered after the other was taken: both are under way when the signal comes.
            assert running.get("/ready").status == 200
            running.process.terminate()
            wait_until_refused(host, int(port))
            slow.sendall(body[5:])
            assert slow.recv(15) == b"HTTP/1.1 200 OK"
        code, lines = running.end()
    assert code == 0
    calls = [line for line in lines if line["message"] == "call"]
    assert [(line["tool"], line["outcome"], line["caller"]) for line in calls] == [
        ("get_findings", "refused", "token-1"),
        ("get_findings", "refused", "token-1"),
        ("get_node_health", "ok", "token-1"),
    ]
    assert calls[-1]["duration_ms"] > 0
    assert calls[-1]["bytes"] > 100
    assert "planted" not in json.dumps(lines)


def wait_until_refused(host: str, port: int) -> None:
    """Until a new connection is not taken any more."""
    for _ in range(600):
        try:
            socket.create_connection((host, port), timeout=5).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.05)
    raise AssertionError("still open")
