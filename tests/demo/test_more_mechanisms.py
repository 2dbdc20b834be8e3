"""What must be seen of each fault beside the demo's, and only where it is."""

import numpy as np

from demo.timeline import Floats
from tests.demo.conftest import Disturbed, Exposed, scenario

BEFORE, FAULT, AFTER = (0, 40), (46, 74), (80, 110)
"""Minutes; the fault holds from 45 to 75."""


def window(exposed: Exposed, values: Floats, minutes: tuple[int, int]) -> Floats:
    return np.asarray(values[exposed.during(minutes)])


def a_second(exposed: Exposed, name: str, minutes: tuple[int, int], /, **labels: str) -> float:
    """What a counter gained each second."""
    return float(window(exposed, exposed.gained(name, **labels), minutes).mean() / 30)


def test_short_memory_is_seen_in_what_is_available_in_faults_in_pressure_and_in_reads(
    quiet: Exposed, disturbed: Disturbed
) -> None:
    short, node = disturbed(scenario("memory", "worker-0", used=0.97)), {"instance": "worker-0"}
    late = (52, 74)
    available = short.values("node_memory_MemAvailable_bytes", **node) / 32 / 1024**3
    assert window(short, available, BEFORE).min() > 0.4
    assert window(short, available, late).max() < 0.04
    parts = [short.values(f"node_memory_{part}_bytes", **node) for part in ("MemFree", "Cached", "Buffers")]
    assert min(part.min() for part in parts) >= 0
    assert np.all(sum(parts) <= short.values("node_memory_MemTotal_bytes", **node))
    assert a_second(short, "node_vmstat_pgmajfault", late, **node) > 100 * a_second(
        short, "node_vmstat_pgmajfault", BEFORE, **node
    )
    for kind in ("waiting", "stalled"):
        pressure = f"node_pressure_memory_{kind}_seconds_total"
        assert a_second(short, pressure, late, **node) > 0.1 > a_second(short, pressure, BEFORE, **node) == 0
    reads = ("node_disk_reads_completed_total", late)
    disk = {**node, "device": "nvme0n1"}
    assert a_second(short, *reads, **disk) > 3 * a_second(quiet, *reads, **disk)


def test_a_file_system_fills_stays_full_and_is_cleaned(quiet: Exposed, disturbed: Disturbed) -> None:
    filling, files = disturbed(scenario("filling", "worker-0", fills_to=0.985)), {"instance": "worker-0"}
    size = filling.values("node_filesystem_size_bytes", **files)
    used = 1 - filling.values("node_filesystem_avail_bytes", **files) / size
    assert np.all(np.diff(window(filling, used, (46, 59))) > 0)
    assert np.allclose(window(filling, used, (61, 74)), 0.985, atol=1e-6)
    assert np.array_equal(
        window(filling, filling.values("node_filesystem_avail_bytes", **files), AFTER),
        window(quiet, quiet.values("node_filesystem_avail_bytes", **files), AFTER),
    )


def test_a_clock_without_source_drifts_and_the_kernel_reckons_with_a_growing_error(disturbed: Disturbed) -> None:
    drifting, node = disturbed(scenario("clock", "worker-0", drift_ppm=120)), {"instance": "worker-0"}
    offset = drifting.values("node_timex_offset_seconds", **node)
    assert np.abs(window(drifting, offset, BEFORE)).max() < 1e-4
    assert np.all(np.diff(window(drifting, offset, FAULT)) > 0.003)
    assert 0.15 < window(drifting, offset, FAULT).max() < 0.25
    assert np.abs(window(drifting, offset, AFTER)).max() < 1e-4
    error = drifting.values("node_timex_maxerror_seconds", **node)
    assert window(drifting, error, FAULT).max() > 0.5
    assert np.all(drifting.values("node_timex_sync_status", **node) == 1), "sixteen seconds take hours"
