"""`ocpperf collect`: the assets over a window, one run a cluster."""

from ocpperf_assets.collecting.every import Collected, collect_window
from ocpperf_assets.collecting.one import failed_run

__all__ = ["Collected", "collect_window", "failed_run"]
