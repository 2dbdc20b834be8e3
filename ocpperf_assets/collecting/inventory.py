"""The inventory beside a collection: a run of its own, so that what fails there costs nothing else."""

from datetime import UTC, datetime

import dagster as dg
from rich.console import Console

from ocpperf_assets.access.kubeconfig import expects_inventory, no_inventory
from ocpperf_assets.assets.inventory import INVENTORY
from ocpperf_assets.clusters.configured import Cluster
from ocpperf_assets.collecting.run import failure_of, materialize
from ocpperf_assets.collecting.shown import progress
from ocpperf_assets.etcd_status.warning import ETCD_EXEC_ON
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR, Window, floor_hour
from ocpperf_mcp.warehouse import open_published

_STATES = """
select state, case when state = 'ok' then format('{} parts', count(*)) else string_agg(part, ', ' order by part) end
from raw_inventory_part
where cluster = $cluster and taken_at >= $began and state <> 'off'
group by state
order by state <> 'ok', state
"""


def take_inventory(settings: Settings, cluster: Cluster, console: Console) -> bool:
    """Take a snapshot of the cluster and say how it went; whether all is well.

    One that is not to be taken is well, and told where somebody might expect it.
    """
    if reason := no_inventory(cluster.settings):
        if expects_inventory(cluster.settings):
            console.print(f"No inventory: {reason}", highlight=False)
        return True
    if cluster.settings.etcd_exec:
        console.print(f"Warning: {ETCD_EXEC_ON}", highlight=False)
    began = datetime.now(UTC)
    hour = floor_hour(began)
    with progress(console):
        selection = dg.AssetSelection.assets(INVENTORY)
        result = materialize(settings, cluster.name, selection, Window(hour, hour + HOUR), {})
    if not result.success:
        console.print(f"No inventory: {failure_of(result)}", highlight=False, markup=False)
        return False
    told = _told(settings.paths, cluster.name, began)
    console.print(f"Inventory: {told or 'none, since the hour ended meanwhile'}.", highlight=False)
    return True


def _told(home: Home, cluster: str, began: datetime) -> str:
    with open_published(home) as con:
        parts = con.execute(_STATES, {"cluster": cluster, "began": began.replace(tzinfo=None)}).fetchall()
    return "; ".join(f"{state}: {names}" for state, names in parts)
