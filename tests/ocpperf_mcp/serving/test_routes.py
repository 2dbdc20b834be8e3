"""What the server answers beside MCP."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.server import specs
from ocpperf_mcp.serving.app import Policy, http_app
from tests.ocpperf_mcp.serving.running import JSON, Server, in_a_thread
from tests.ocpperf_mcp.tools.asking import ask

SLOW = {"start_time": "2026-01-01T10:00Z", "end_time": "2026-01-01T11:00Z"}


def test_health_tells_the_age_of_the_data_and_how_the_last_collection_ended(server: Server) -> None:
    answer = server.get("/health")
    assert (answer.status, answer.json["status"]) == (200, "ok")
    (cluster,) = answer.json["clusters"]
    assert (cluster["cluster"], cluster["data_as_of"]) == ("c1", "2026-01-01T11:30Z")
    assert cluster["data_age_s"] > 0
    assert cluster["last_collection"]["failed"] == 4
    assert server.get("/ready").json == {"ready": True}


def test_without_a_warehouse_health_says_so_and_nothing_is_ready(tmp_path: Path) -> None:
    with in_a_thread(http_app(Home(tmp_path), None, Policy())) as empty:
        answer = empty.get("/health")
        assert (answer.status, answer.json["status"]) == (503, "unreadable")
        assert answer.json["error"].startswith("There is no warehouse at")
        assert (empty.get("/ready").status, empty.get("/ready").json) == (503, {"ready": False})
        refused = empty.call("list_clusters")
        assert (refused.status, refused.json["error"]) == (400, answer.json["error"])


def test_data_older_than_a_setting_allows_is_not_healthy(strict: Server) -> None:
    answer = strict.get("/health")
    assert (answer.status, answer.json["status"]) == (503, "stale")
    assert strict.get("/ready").status == 200


def test_a_tool_answers_the_same_over_plain_http_as_over_mcp(server: Server, home: Home) -> None:
    answer = server.call("get_etcd_disk_wal_fsync", SLOW)
    assert answer.status == 200
    assert answer.json == ask(home, "get_etcd_disk_wal_fsync", **SLOW)


def test_an_empty_body_asks_nothing_in_particular(server: Server) -> None:
    assert server.request("POST", "/tools/list_clusters").json["tables"]["clusters"]["rows"]


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "words"),
    [
        ("/tools/get_finding", "{}", JSON, 404, "There is no tool 'get_finding'. Did you mean 'get_findings'?"),
        ("/tools/get_findings", "[]", JSON, 400, "The body is no object."),
        ("/tools/get_findings", "{", JSON, 400, "The body is no JSON."),
        ("/tools/get_findings", "[" * 100_000, JSON, 400, "The body is no JSON."),
        ("/tools/get_findings", b"\xff\xfe", JSON, 400, "The body is no JSON."),
        ("/tools/get_findings", "{}", {}, 415, "The body is not said to be JSON."),
        ("/tools/get_findings", '{"severty": "info"}', JSON, 400, "There is no parameter 'severty'. Did you mean"),
        ("/tools/get_findings", '{"cluster": "c9"}', JSON, 400, "The warehouse holds no cluster 'c9'."),
        ("/tools/run_sql", '{"sql": "drop table dim_rule"}', JSON, 400, "The warehouse is read-only here"),
        ("/tool", "{}", JSON, 404, "There is nothing here."),
        ("/tools", "{}", JSON, 405, "This path takes another method"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_shape(
    server: Server, path: str, body: bytes | str, headers: dict[str, str], status: int, words: str
) -> None:
    answer = server.request("POST", path, body, headers)
    assert (answer.status, list(answer.json)) == (status, ["error"])
    assert answer.json["error"].startswith(words)


def test_the_tools_are_listed_with_their_parameters(server: Server) -> None:
    listed = {tool["name"]: tool for tool in server.get("/tools").json["tools"]}
    assert listed.keys() == {spec.name for spec in specs()}
    assert "severity" in listed["get_findings"]["input_schema"]["properties"]


def test_openapi_describes_every_tool_and_each_of_its_references_leads_somewhere(server: Server) -> None:
    document = server.get("/openapi.json").json
    assert document["openapi"] == "3.1.0"
    assert {path.removeprefix("/tools/") for path in document["paths"] if path.startswith("/tools/")} == {
        spec.name for spec in specs()
    }
    for reference in references(document):
        assert reference.startswith("#/components/schemas/")
        assert reference.rpartition("/")[2] in document["components"]["schemas"]
    answer = server.call("get_findings").json
    Draft202012Validator(document["components"]["schemas"]["Answer"]).validate(answer)
    for path in document["paths"].values():
        for operation in path.values():
            for schema in schemas(operation):
                Draft202012Validator.check_schema(schema)


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if "$ref" in part else []
        return own + [found for value in part.values() for found in references(value)]
    return [found for value in part for found in references(value)] if isinstance(part, list) else []


def schemas(part: Any) -> list[Any]:
    if isinstance(part, dict):
        own = [part["schema"]] if "schema" in part else []
        return own + [found for value in part.values() for found in schemas(value)]
    return []


def test_metrics_count_calls_and_refusals_and_tell_the_age_of_the_data(server: Server) -> None:
    before = samples(server)
    server.call("list_clusters")
    server.call("list_clusters", {"limit": 0})
    server.call("not_a_tool")
    server.get("/health", Host="evil.example")
    after = samples(server)

    def counted(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert counted('ocpperf_mcp_calls_total{tool="list_clusters",outcome="ok"}') == 1
    assert counted('ocpperf_mcp_calls_total{tool="list_clusters",outcome="refused"}') == 1
    assert counted('ocpperf_mcp_calls_total{tool="unknown",outcome="refused"}') == 1
    assert counted('ocpperf_mcp_call_duration_seconds_bucket{tool="list_clusters",le="+Inf"}') == 2
    assert counted('ocpperf_mcp_requests_refused_total{reason="host"}') == 1
    assert after['ocpperf_mcp_data_age_seconds{cluster="c1"}'] > 0
    assert after["ocpperf_mcp_warehouse_readable"] == 1
    assert not [name for name in after if "not_a_tool" in name]


def samples(server: Server) -> dict[str, float]:
    answer = server.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in answer.body.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}
