"""What is configured of each cluster, and how each is asked for a metric, as tables that outlive the configuration."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from ocpperf_assets.catalogue import Catalogue

_CLUSTERS = pa.schema(
    [
        ("cluster", pa.string()),
        ("labels", pa.map_(pa.string(), pa.string())),
        ("flavour", pa.string()),
        ("namespaces", pa.string()),
        ("step_s", pa.int64()),
    ]
)
_METRICS = pa.schema(
    [(name, pa.string()) for name in ("cluster", "metric", "query", "expr_hash", "absent_means", "job")]
)

_KNOWN = """
select cluster, labels::varchar, flavour, namespaces, step_s from raw_cluster where configured order by cluster
"""
_TOLD = "select cluster, labels::varchar, flavour, namespaces, step_s from told_cluster order by cluster"
_REMOVE = """
update raw_cluster set configured = false, removed_at = $now
where configured and cluster not in (select cluster from told_cluster)
"""
_STORE = """
merge into raw_cluster as old using told_cluster as new on old.cluster = new.cluster
when matched then update set
    labels = new.labels, flavour = new.flavour, namespaces = new.namespaces, step_s = new.step_s, configured = true,
    removed_at = null
when not matched then insert values
    (new.cluster, new.labels, new.flavour, new.namespaces, new.step_s, true, $now, null)
"""
_OTHER_METRICS = """
with kept as (from raw_cluster_metric where cluster in (select cluster from told_cluster_metric))
select count(*)
from ((from told_cluster_metric except all from kept) union all (from kept except all from told_cluster_metric))
"""
_STORE_METRICS = """
delete from raw_cluster_metric where cluster in (select cluster from told_cluster_metric);
insert into raw_cluster_metric from told_cluster_metric order by cluster, metric;
"""


@dataclass(frozen=True)
class KnownCluster:
    """One configured cluster; `catalogue` has the metrics as this cluster is asked for them."""

    name: str
    labels: tuple[tuple[str, str], ...]
    flavour: str
    namespaces: str | None
    step_s: int
    catalogue: Catalogue


def store(con: duckdb.DuckDBPyConnection, clusters: Sequence[KnownCluster], now: datetime) -> Iterator[str]:
    """Bring `raw_cluster` and `raw_cluster_metric` up to the configuration; yields the tables that changed.

    A cluster that is configured no more keeps its rows.
    """
    con.register("told_cluster", pa.Table.from_pylist([_row(one) for one in clusters], schema=_CLUSTERS))
    if con.execute(_KNOWN).fetchall() != con.execute(_TOLD).fetchall():
        for statement in (_REMOVE, _STORE):
            con.execute(statement, {"now": now.replace(tzinfo=None)})
        yield "raw_cluster"
    metrics = [row for one in clusters for row in _metric_rows(one)]
    con.register("told_cluster_metric", pa.Table.from_pylist(metrics, schema=_METRICS))
    ((others,),) = con.execute(_OTHER_METRICS).fetchall()
    if others:
        con.execute(_STORE_METRICS)
        yield "raw_cluster_metric"


def _row(cluster: KnownCluster) -> dict[str, object]:
    return {
        "cluster": cluster.name,
        "labels": list(cluster.labels),
        "flavour": cluster.flavour,
        "namespaces": cluster.namespaces,
        "step_s": cluster.step_s,
    }


def _metric_rows(cluster: KnownCluster) -> Iterator[dict[str, object]]:
    for metric in cluster.catalogue.metrics:
        yield {
            "cluster": cluster.name,
            "metric": metric.name,
            "query": metric.query,
            "expr_hash": metric.expr_hash,
            "absent_means": metric.absent_means,
            "job": metric.job,
        }
