"""Reports that no warehouse is needed for: written by hand, to be drawn."""

from datetime import UTC, datetime, timedelta

from ocpperf_mcp.report.model import (
    Chart,
    Claim,
    ClusterFacts,
    Column,
    Data,
    Event,
    Finding,
    Line,
    MetricSource,
    Report,
    Section,
    Span,
    Table,
    Value,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
WINDOW = Span(start=START, end=START + timedelta(hours=6))
HOSTILE = "</title></script><script>alert(1)</script>\n\u202e\"'>"
FORMULA = "=cmd|' /C calc'!A0"


def finding(place: int = 0, **more: object) -> Finding:
    """A node that was busy for an hour."""
    told: dict[str, object] = {
        "finding_id": f"f{place:06x}",
        "kind": "limit",
        "cluster": "c1",
        "severity": "warning",
        "rule": "cpu-busy",
        "analyzer": "etcd",
        "metric": "busy",
        "entity_kind": "node",
        "entity": f"n{place}",
        "node": f"n{place}",
        "start": START + timedelta(hours=1),
        "end": START + timedelta(hours=2),
        "open": False,
        "certainty": "certain",
        "observed": Value(text="96 %", number=0.96, unit="ratio"),
        "limit": Value(text="90 %", number=0.9, unit="ratio"),
        "tier": "T1",
        "source": "node mixin",
        "held_s": 3600,
        "summary": f"CPU of node n{place} was over its limit.",
        "common_causes": ("A workload without limits.",),
    }
    return Finding.model_validate(told | more)


def chart(*values: float | None, **more: object) -> Chart:
    """Hourly pieces of a node's CPU."""
    told: dict[str, object] = {
        "key": "busy node n0",
        "title": "CPU, n0",
        "metric": "busy",
        "unit": "ratio",
        "statistic": "mean",
        "window": WINDOW,
        "width_s": 3600,
        "lines": (Line(label="n0", values=values),),
        "limit": 0.9,
        "limit_label": "90 % (T1)",
        "findings": ("f000000",),
    }
    return Chart.model_validate(told | more)


def event(minutes: int, **more: object) -> Event:
    told: dict[str, object] = {
        "cluster": "c1",
        "kind": "reboot",
        "start": START + timedelta(minutes=minutes),
        "entity": "n0",
        "node": "n0",
        "summary": f"n0 rebooted {minutes} minutes in.",
    }
    return Event.model_validate(told | more)


def report(**more: object) -> Report:
    """Of a cluster of which nothing is known, but for what is given."""
    told: dict[str, object] = {
        "title": "Performance of c1",
        "scope": "cluster",
        "analyzer": "all",
        "top": 3,
        "window": WINDOW,
        "clusters": (ClusterFacts(cluster="c1"),),
        "data": (Data(cluster="c1", hours=6, hours_collected=0),),
        "state": "unknown",
        "states": (),
        "summary": (),
    }
    return Report.model_validate(told | more)


def table(names: int, key: str = "usage", **more: object) -> Table:
    """Rows of CPU with a claim each, the first ones marked."""
    columns = (
        Column(key="metric", title="Metric"),
        Column(key="thing", title="Of"),
        Column(key="level", title="Level", kind="number"),
        Column(key="objective", title="Objective", kind="number"),
        Column(key="last", title="Last seen", kind="moment"),
    )
    rows = tuple(
        (
            Value(text="CPU"),
            Value(text=f"n{place}"),
            Value(
                text=f"{97 - place % 90} %",
                number=(97 - place % 90) / 100,
                unit="ratio",
                claim=f"{key}{place}",
                marks=("warning", "top") if place == 0 else (),
            ),
            Value(text="90 % (T1)", number=0.9, unit="ratio"),
            Value(text="2026-01-01 05:00", moment=START + timedelta(hours=5)),
        )
        for place in range(names)
    )
    told = {"key": key, "title": f"Usage of {key}", "columns": columns, "rows": rows, "rows_in_all": names}
    return Table.model_validate(told | more)


def claimed(*tables: Table) -> dict[str, object]:
    """What a report with these tables says besides: a section, the claims, and the metric behind them."""
    claims = tuple(
        Claim(
            claim_id=value.claim,
            cluster="c1",
            relation="metric_hours",
            metric="busy",
            statistic="mean",
            entity_kind="node",
            entity=row[1].text,
            window=WINDOW,
            value=value.number,
            unit=value.unit,
            samples_expected=360,
            samples_found=350,
            expr_hashes=("abc",),
        )
        for table in tables
        for row in table.rows
        for value in row
        if value.claim
    )
    source = MetricSource(
        cluster="c1",
        metric="busy",
        title="CPU",
        domain="node",
        kind="gauge",
        unit="ratio",
        expression='sum(rate(cpu{mode!="idle"}[5m]))',
        step_s=60,
        window_s=300,
        expr_hash="abc",
    )
    return {
        "sections": (Section(key="nodes", title="Nodes", tables=tables),),
        "claims": claims,
        "metrics": (source,),
        "data": (Data(cluster="c1", hours=6, hours_collected=6, catalogue="cat"),),
    }
