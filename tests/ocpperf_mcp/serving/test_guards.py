"""What is refused before it is looked at."""

import pytest

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.serving.app import Policy, http_app
from ocpperf_mcp.serving.guards import Buckets, Rate
from tests.ocpperf_mcp.serving.running import JSON, Server, in_a_thread


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("127.0.0.1:1", 200), ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("", 421)],
)
def test_a_name_that_is_not_the_server_s_is_not_answered(server: Server, host: str, status: int) -> None:
    answer = server.get("/tools", Host=host)
    assert answer.status == status
    assert status == 200 or "OCPPERF_MCP_HOSTS" in answer.json["error"]


@pytest.mark.parametrize("path", ["/mcp", "/tools/list_clusters"])
def test_pages_of_another_origin_are_refused_everywhere(server: Server, path: str) -> None:
    answer = server.request("POST", path, "{}", {**JSON, "Origin": "https://evil.example"})
    assert (answer.status, list(answer.json)) == (403, ["error"])


def test_hosts_and_origins_that_were_named_are_let_in(strict: Server) -> None:
    assert strict.get("/tools", Host="other.example").status == 200
    assert strict.get("/tools", Host="perf.example", Origin="https://page.example").status == 200
    assert strict.get("/tools", Host="perf.example", Origin="https://evil.example").status == 403


@pytest.mark.parametrize("path", ["/mcp", "/tools/list_clusters"])
@pytest.mark.parametrize("in_chunks", [False, True], ids=["whole", "in chunks"])
def test_a_body_over_the_limit_is_refused_however_it_is_sent(strict: Server, path: str, in_chunks: bool) -> None:
    body = iter([b" " * 1000] * 3) if in_chunks else b" " * 2049
    answer = strict.request("POST", path, body, JSON)
    assert (answer.status, answer.json["error"]) == (413, "The body has more than 2,048 bytes. Ask for less at once.")


def test_a_body_at_the_limit_is_taken(strict: Server) -> None:
    assert strict.request("POST", "/tools/list_clusters", b"{}" + b" " * 2046, JSON).status == 200


def test_a_caller_that_asks_too_often_is_told_when_to_come_again(home: Home) -> None:
    with in_a_thread(http_app(home, None, Policy(rate=Rate(per_second=0.5, burst=1)))) as running:
        assert running.get("/tools").status == 200
        refused = running.get("/tools")
        assert (refused.status, refused.headers["retry-after"]) == (429, "2")
        assert refused.json["error"].startswith("More than 0.5 requests a second.")
        assert running.get("/health").status == 200


def test_tokens_come_back_with_time_and_each_caller_has_its_own() -> None:
    now = 0.0
    buckets = Buckets(Rate(per_second=2, burst=3), clock=lambda: now)
    assert [buckets.wait_s("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.wait_s("b") == 0
    now = 0.5
    assert [buckets.wait_s("a") for _ in range(2)] == [0, 0.5]
    now = 100
    assert [buckets.wait_s("a") for _ in range(4)] == [0, 0, 0, 0.5]
