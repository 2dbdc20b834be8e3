"""A snapshot of the Kubernetes API of 500 nodes and 20,000 pods, taken and staged by a process of its own."""

import os
import sys
from pathlib import Path

from benchmarks.ground import Ground, verdict
from benchmarks.measure import measure, report
from tests.doubles.certificates import Authority
from tests.doubles.kubernetes_api import serving_api
from tests.doubles.kubernetes_api.inhabited import inhabited_openshift

NODES, PODS, OBJECTS, IMAGES = 500, 20_000, 10_000, 150
BUDGET_S = 10
BUDGET_BYTES = 200e6
ROUNDS = 2
_TAKE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ocpperf_assets.access.api import KubernetesApi
from ocpperf_assets.access.credentials import find_credentials
from ocpperf_assets.inventory.snapshot import take_snapshot
from ocpperf_assets.inventory.stage import stage
from ocpperf_assets.settings import Settings

api = KubernetesApi(find_credentials(Settings(kubeconfig=sys.argv[1])))
snapshot = take_snapshot(api, cluster="lab", taken_at=datetime.now(UTC))
stage(snapshot, Path(sys.argv[2]))
sys.exit(any(part.state != "ok" for part in snapshot.parts))
"""


def run(ground: Ground) -> bool:
    folder = ground.root / "inventory"
    folder.mkdir(parents=True, exist_ok=True)
    cluster = inhabited_openshift("token", nodes=NODES, pods=PODS, objects=OBJECTS, images=IMAGES)
    with serving_api(cluster, Authority(folder)) as double:
        config = double.kubeconfig(folder / "kubeconfig", {"token": "token"})
        command = [sys.executable, "-c", _TAKE, str(config), str(folder / "staged")]
        taken = [measure(command, _environment(folder)) for _ in range(ROUNDS)]
        asked = len(cluster.asked) // ROUNDS
    seconds, peak = max(one.seconds for one in taken), max(one.peak_bytes for one in taken)
    in_time, is_quick = verdict(seconds / BUDGET_S, 1)
    in_memory, is_small = verdict(peak / BUDGET_BYTES, 1)
    report(
        f"An inventory of {NODES} nodes with {IMAGES} images each, {PODS:,} pods, {OBJECTS:,} objects of every kind",
        [
            ("requests", str(asked)),
            ("wall time, imports and staging included", f"{seconds:.1f} s"),
            ("peak memory", f"{peak / 1e6:.0f} MB"),
            (f"of {BUDGET_S} s", in_time),
            (f"of {BUDGET_BYTES / 1e6:.0f} MB", in_memory),
        ],
    )
    return is_quick and is_small


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of whoever runs it but the way to the packages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OCPPERF_", "KUBE"))}
    return {**kept, "HOME": str(folder)}


if __name__ == "__main__":
    sys.exit(not run(Ground.from_arguments(__doc__)))
