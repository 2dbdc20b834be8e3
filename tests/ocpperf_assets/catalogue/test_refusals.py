"""What a catalogue is refused for, and what the person who wrote it is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ocpperf_assets.catalogue import load_catalogue

Write = Callable[..., Path]
Refusal = Callable[[Callable[[], object]], list[str]]

A_SECOND = "per_second, operations_per_second, requests_per_second, packets_per_second"
NO_RATE = (
    "metrics/disk.yaml:11: reads: unit: expected ratio, count, cores, boolean, info as the expression yields, "
    "found 'operations_per_second'"
)
READS = "sum by (instance, device) (rate(node_disk_reads_completed_total{$disk}[$window]))"
P99 = "histogram_quantile(0.99, sum by (pod, le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket{$etcd}[$window])))"
BUCKETS = "sum by (pod, le) (increase(etcd_disk_wal_fsync_duration_seconds_bucket{$etcd}[$window]))"

FIELDS = [
    pytest.param(
        ("unit: operations_per_second", "unti: operations_per_second"),
        [
            "metrics/disk.yaml:7: reads: unit: the field is missing",
            "metrics/disk.yaml:11: reads: unti: unknown field; did you mean 'until'?",
        ],
        id="unknown field",
    ),
    pytest.param(
        ("domain: disk", "domain: disk\nselector: {}"),
        ["metrics/disk.yaml:2: selector: unknown field; did you mean 'selectors'?"],
        id="unknown field of the file",
    ),
    pytest.param(
        ("unit: operations_per_second", "unit: operation_per_second"),
        [
            "metrics/disk.yaml:11: reads: unit: expected one of bits_per_second, boolean, bytes, bytes_per_second, "
            "cores, count, info, operations_per_second, packets_per_second, per_second, ratio, requests_per_second, "
            "seconds, unix_seconds, found 'operation_per_second'; did you mean 'operations_per_second'?"
        ],
        id="unknown unit",
    ),
    pytest.param(
        ("better: neither", "better: loewr"),
        [
            "metrics/disk.yaml:13: reads: better: expected one of higher, lower, neither, found 'loewr'; "
            "did you mean 'lower'?"
        ],
        id="unknown direction",
    ),
    pytest.param(
        ("kind: histogram", "kind: histogramm"),
        [
            "metrics/disk.yaml:18: fsync: kind: expected one of gauge, histogram, state, found 'histogramm'; "
            "did you mean 'histogram'?"
        ],
        id="unknown kind",
    ),
    pytest.param(
        ("better: neither", "better: neither\n    absent_means: none"),
        ["metrics/disk.yaml:14: reads: absent_means: expected one of missing, not_applicable, zero, found 'none'"],
        id="unknown meaning of absence",
    ),
    pytest.param(
        ("tier: T2, source: etcd FAQ", "tier: T2"),
        ["metrics/disk.yaml:23: fsync: objective.source: the field is missing"],
        id="objective without source",
    ),
    pytest.param(
        ("tier: T2", "tier: T7"),
        [
            "metrics/disk.yaml:23: fsync: objective.tier: expected one of T1, T2, T3, T4, T5, found 'T7'",
        ],
        id="objective of unknown tier",
    ),
    pytest.param(
        ("better: neither", "better: neither\n    since: 4.10"),
        ["metrics/disk.yaml:14: reads: since: expected text, found 4.1; put it in quotes"],
        id="version that YAML reads as a number",
    ),
    pytest.param(
        ("better: neither", "better: neither\n    window: five minutes"),
        ["metrics/disk.yaml:14: reads: window: expected a duration like 30s, 5m or 1h30m, found 'five minutes'"],
        id="no duration",
    ),
    pytest.param(
        ("better: neither", "better: neither\n    title: Again"),
        ["metrics/disk.yaml:8: title: written twice, again in line 14"],
        id="field written twice",
    ),
    pytest.param(
        ("labels: [instance, device]", "labels: [instance, device"),
        ["metrics/disk.yaml:13: not YAML: did not find expected ',' or ']'"],
        id="no YAML",
    ),
    pytest.param(
        ("name: fsync_p99", "name: reads"),
        ["metrics/disk.yaml:25: reads: duplicate name, first used at metrics/disk.yaml:7"],
        id="duplicate name",
    ),
]

EXPRESSIONS = [
    pytest.param(
        (READS, READS[:-1]),
        [
            "metrics/disk.yaml:10: reads: expr: does not parse: unclosed left parenthesis, in "
            'sum by (instance, device) (rate(node_disk_reads_completed_total{job="node-exporter"}[5m])'
        ],
        id="does not parse",
    ),
    pytest.param(
        ("{$disk}", "{$dsk}"),
        [
            "metrics/disk.yaml:10: reads: expr: unresolved variable $dsk, this file has $disk, $etcd, $window; "
            "did you mean '$disk'?"
        ],
        id="unknown selector",
    ),
    pytest.param(
        ("{$disk}[$window]", "{$disk}[$interval]"),
        ["metrics/disk.yaml:10: reads: expr: unresolved variable $interval, this file has $disk, $etcd, $window"],
        id="unknown variable",
    ),
    pytest.param(
        ("{$disk}", '{$disk, instance=~"$node_name"}'),
        ["metrics/disk.yaml:10: reads: expr: unresolved variable $node_name, this file has $disk, $etcd, $window"],
        id="variable inside quotes",
    ),
    pytest.param(
        ("node_disk_reads_completed_total", "node_disk_read_completed_total"),
        [
            "metrics/disk.yaml:10: reads: expr: no known exporter exposes 'node_disk_read_completed_total'; "
            "did you mean 'node_disk_reads_completed_total'?"
        ],
        id="unknown series",
    ),
    pytest.param(
        ("node_disk_reads_completed_total", "zzz"),
        [
            "metrics/disk.yaml:10: reads: expr: no known exporter exposes 'zzz'; "
            "if it is new, give it a row in exporters-extra.csv"
        ],
        id="new series",
    ),
    pytest.param(
        ("node_disk_reads_completed_total", "node_disk_io_now"),
        ["metrics/disk.yaml:10: reads: expr: rate of 'node_disk_io_now', which is a gauge and no counter"],
        id="rate of a gauge",
    ),
    pytest.param(
        (READS, "sum by (instance) (increase(kube_node_role{$disk}[$window:1m]))"),
        [
            "metrics/disk.yaml:10: reads: expr: increase of 'kube_node_role', which is a gauge and no counter",
            NO_RATE,
            "metrics/disk.yaml:12: reads: labels: expected [instance] as the expression yields, "
            "found [instance, device]",
        ],
        id="increase of a gauge in a subquery",
    ),
    pytest.param(
        (READS, "sum by (instance, device) (delta(node_disk_reads_completed_total{$disk}[$window]))"),
        [
            "metrics/disk.yaml:10: reads: expr: delta of the counter 'node_disk_reads_completed_total', "
            "negative after a restart; use increase",
            NO_RATE,
        ],
        id="delta of a counter",
    ),
    pytest.param(
        ("(rate(node_disk_reads", "(irate(node_disk_reads"),
        [
            "metrics/disk.yaml:10: reads: expr: irate is not stored: it looks at two samples of the window only; "
            "use rate"
        ],
        id="irate",
    ),
    pytest.param(
        (READS, f"topk(10, {READS})"),
        [
            "metrics/disk.yaml:10: reads: expr: topk is not stored: it changes its members from step to step; "
            "rank after the query"
        ],
        id="topk",
    ),
    pytest.param(
        (READS, f"bottomk(10, {READS})"),
        [
            "metrics/disk.yaml:10: reads: expr: bottomk is not stored: it changes its members from step to step; "
            "rank after the query"
        ],
        id="bottomk",
    ),
    pytest.param(
        ("better: neither", "better: neither\n    window: 1m"),
        ["metrics/disk.yaml:14: reads: window: expected a window of at least 2m (four scrapes, one step), found 1m"],
        id="window under four scrapes",
    ),
    pytest.param(
        ("better: neither", "better: neither\n    step: 10m"),
        ["metrics/disk.yaml:7: reads: window: expected a window of at least 10m (four scrapes, one step), found 5m"],
        id="window under one step",
    ),
    pytest.param(
        ("{$disk}[$window]", "{$disk}[1m]"),
        ["metrics/disk.yaml:10: reads: expr: expected a window of at least 2m (four scrapes, one step), found 1m"],
        id="written window too short",
    ),
    pytest.param(
        ("domain: disk", "domain: disk\nscrape_interval: 2m"),
        [
            f"metrics/disk.yaml:{line}: {name}: window: expected a window of at least 8m (four scrapes, one step), "
            "found 5m"
            for line, name in ((8, "reads"), (16, "fsync"), (26, "fsync_p99"))
        ],
        id="window too short for the file's scrapes",
    ),
]

LATENCIES = [
    pytest.param(
        ("    quantile_of: fsync\n", ""),
        [
            "metrics/disk.yaml:25: fsync_p99: quantile_of: histogram_quantile needs quantile_of, "
            "the bucket family beside it"
        ],
        id="quantile without its family",
    ),
    pytest.param(
        ("quantile_of: fsync", "quantile_of: fsink"),
        ["metrics/disk.yaml:29: fsync_p99: quantile_of: there is no metric 'fsink'; did you mean 'fsync'?"],
        id="quantile of nothing",
    ),
    pytest.param(
        ("quantile_of: fsync", "quantile_of: reads"),
        ["metrics/disk.yaml:29: fsync_p99: quantile_of: expected a metric of kind histogram, 'reads' is of kind gauge"],
        id="quantile of a gauge",
    ),
    pytest.param(
        (P99, P99.replace("(pod, le)", "(pod)")),
        [
            "metrics/disk.yaml:28: fsync_p99: expr: histogram_quantile over an aggregation that loses le; "
            "add le to its by"
        ],
        id="quantile without le",
    ),
    pytest.param(
        (BUCKETS, BUCKETS.replace("(pod, le)", "(pod)")),
        [
            "metrics/disk.yaml:19: fsync: expr: expected sum by (..., le) (increase(x_bucket{...}[$window])) "
            "for kind histogram, found no le in the by"
        ],
        id="bucket family without le",
    ),
    pytest.param(
        (BUCKETS, BUCKETS.replace("increase", "rate")),
        [
            "metrics/disk.yaml:19: fsync: expr: expected sum by (..., le) (increase(x_bucket{...}[$window])) "
            "for kind histogram, found no increase in the sum",
        ],
        id="bucket family of rates",
    ),
    pytest.param(
        (BUCKETS, BUCKETS.replace("$window", "10m")),
        [
            "metrics/disk.yaml:15: fsync: window: buckets are kept in steps of five minutes: "
            "expected a window of 5m and no step"
        ],
        id="bucket family over another window",
    ),
    pytest.param(
        ("tier: T2, source: etcd FAQ}", "tier: T2, source: etcd FAQ}\n    sum_metric: reads"),
        ["metrics/disk.yaml:24: fsync: sum_metric: sum_metric and count_metric are given together or not at all"],
        id="half a mean",
    ),
    pytest.param(
        ("better: neither", "better: neither\n    sum_metric: fsync_p99\n    count_metric: reads"),
        [
            "metrics/disk.yaml:14: reads: sum_metric: only an entry of kind histogram has a sum_metric",
            "metrics/disk.yaml:15: reads: count_metric: only an entry of kind histogram has a count_metric",
        ],
        id="mean of a gauge",
    ),
]

GRAIN_AND_UNIT = [
    pytest.param(
        ("labels: [instance, device]", "labels: [instance]"),
        ["metrics/disk.yaml:12: reads: labels: expected [device, instance] as the expression yields, found [instance]"],
        id="other labels than the expression's",
    ),
    pytest.param(
        (READS, "rate(node_disk_reads_completed_total{$disk}[$window])"),
        [
            "metrics/disk.yaml:10: reads: expr: the labels of the result are left to the exporter; "
            "aggregate by the ones wanted"
        ],
        id="no aggregation",
    ),
    pytest.param(
        (READS, READS.replace("device)", "devise)")),
        [
            "metrics/disk.yaml:10: reads: expr: by (devise): the series below carry no such label (they have device)",
            "metrics/disk.yaml:12: reads: labels: expected [devise, instance] as the expression yields, "
            "found [instance, device]",
        ],
        id="label the series lack",
    ),
    pytest.param(
        (READS, f"{READS} / sum by (instance) (rate(node_disk_reads_completed_total{{$disk}}[$window]))"),
        [
            "metrics/disk.yaml:10: reads: expr: matches (device, instance) with (instance), which can pair nothing",
            NO_RATE,
        ],
        id="operands that cannot match",
    ),
    pytest.param(
        ("unit: operations_per_second", "unit: count"),
        [f"metrics/disk.yaml:11: reads: unit: expected {A_SECOND} as the expression yields, found 'count'"],
        id="rate of a count",
    ),
    pytest.param(
        ("node_disk_reads_completed_total", "node_disk_read_time_seconds_total"),
        [NO_RATE],
        id="rate of seconds",
    ),
    pytest.param(
        ("(rate(node_disk_reads", "(increase(node_disk_reads"),
        [NO_RATE],
        id="increase a second",
    ),
    pytest.param(
        (READS, f"{READS} / on (instance, device) {READS.replace('reads_completed', 'read_bytes')}"),
        [
            "metrics/disk.yaml:11: reads: unit: expected an expression that yields a base unit: scale it, "
            "or divide like by like, found 'operations_per_second'"
        ],
        id="a ratio of unlike things",
    ),
    pytest.param(
        (READS, f"{READS.replace('reads_completed', 'read_bytes')} * 8"),
        [
            "metrics/disk.yaml:11: reads: unit: expected bits_per_second as the expression yields, "
            "found 'operations_per_second'"
        ],
        id="bits called something else",
    ),
    pytest.param(
        ("labels: [instance, device]", "labels: [instance, device]\n    max_series: 5001"),
        ["metrics/disk.yaml:13: reads: max_series: expected at most 5000, or many_because with the reason, found 5001"],
        id="many series without a reason",
    ),
]


@pytest.mark.parametrize(("change", "expected"), [*FIELDS, *EXPRESSIONS, *LATENCIES, *GRAIN_AND_UNIT])
def test_a_faulty_entry_is_refused_by_place_and_reason(
    write: Write, refusal: Refusal, change: tuple[str, str], expected: list[str]
) -> None:
    directory = write(change)
    lines = refusal(lambda: load_catalogue([directory]))
    assert lines[1:] == expected
    assert lines[0] == f"The catalogue has {len(expected)} fault{'s' if len(expected) > 1 else ''}:"


def test_the_unbroken_catalogue_loads(write: Write) -> None:
    assert [metric.name for metric in load_catalogue([write()]).metrics] == ["reads", "fsync", "fsync_p99"]


def test_faults_of_several_entries_and_files_are_told_at_once(write: Write, refusal: Refusal) -> None:
    write(("better: neither", "better: up"), ("name: fsync_p99", "name: p99"), ("{$disk}", "{$dsik}"))
    directory = write(text="domain: net\nmetrics: [{name: p99}]\n", name="net.yaml")
    lines = refusal(lambda: load_catalogue([directory]))
    assert lines[0] == "The catalogue has 9 faults:"
    assert {line.split(":")[0] for line in lines[1:]} == {"metrics/disk.yaml", "metrics/net.yaml"}
    assert "metrics/net.yaml:2: p99: duplicate name, first used at metrics/disk.yaml:25" in lines


def test_an_unknown_flavour_names_those_there_are(write: Write, refusal: Refusal) -> None:
    directory = write()
    lines = refusal(lambda: load_catalogue([directory], "openshfit"))
    assert lines[1] == (
        "metrics/disk.yaml:2: selectors: flavour: expected one of openshift, found 'openshfit'; "
        "did you mean 'openshift'?"
    )


def test_every_flavour_must_have_the_same_selectors(write: Write, refusal: Refusal) -> None:
    directory = write(("metrics:\n", "  kubernetes: {disk: 'job=\"node\"'}\nmetrics:\n"))
    lines = refusal(lambda: load_catalogue([directory]))
    assert lines[1:] == ["metrics/disk.yaml:6: selectors.kubernetes: lacks 'etcd', which others have"]


def test_at_most_sixty_metrics_are_watched(write: Write, refusal: Refusal) -> None:
    entry = """\
  - name: reads_{n}
    title: Reads
    category: io
    expr: sum by (instance) (node_load1)
    unit: count
    labels: [instance]
    better: neither
    watch: true
    description: Load.
"""
    many = "domain: disk\nmetrics:\n" + "".join(entry.format(n=n) for n in range(61))
    directory = write(text=many)
    lines = refusal(lambda: load_catalogue([directory]))
    assert lines[1:] == ["metrics/disk.yaml:550: reads_60: watch: 61 metrics are watched, at most 60 may be"]


def test_a_directory_that_is_not_there_is_named(tmp_path: Path, refusal: Refusal) -> None:
    lines = refusal(lambda: load_catalogue([tmp_path / "nowhere"]))
    assert lines[1:] == ["nowhere: there is no such directory"]
