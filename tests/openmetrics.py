"""Histories that a test writes by hand, as OpenMetrics text."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from demo.prometheus import LocalPrometheus, find_binaries


@contextmanager
def serving(lines: Sequence[str], folder: Path) -> Iterator[LocalPrometheus]:
    """A real Prometheus over the samples of these lines, loaded by promtool."""
    text, data = folder / "history.om", folder / "data"
    text.write_text("\n".join([*lines, "# EOF", ""]), encoding="utf-8")
    load = [find_binaries().promtool, "tsdb", "create-blocks-from", "openmetrics", "-q", "--max-block-duration=24h"]
    subprocess.run([*load, str(text), str(data)], check=True, capture_output=True)
    with LocalPrometheus(data) as server:
        yield server
