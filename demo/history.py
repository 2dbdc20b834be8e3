"""A Prometheus data directory made of samples of the past: written to a real server, kept as one block."""

import json
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import TracebackType

from demo.prometheus import LocalPrometheus
from demo.remote_write import HEADERS
from ocpperf_mcp.contracts.errors import OcpperfError


class HistoryWriter:
    """A context in which remote write requests are taken; when it ends well, their samples are a block in `data`.

    `span`: from the first sample to the last. The server takes samples as old as half of what it keeps in memory, so
    that a series may be written from beginning to end before the next. Raises OcpperfError when it refuses.
    """

    def __init__(self, data: Path, span: timedelta) -> None:
        self.data = data
        self._scratch = Path(tempfile.mkdtemp(prefix="ocpperf-history-"))
        in_memory = f"{2 * (int(span / timedelta(hours=1)) + 2)}h"
        self._server = LocalPrometheus(
            self._scratch,
            flags=[
                "--web.enable-remote-write-receiver",
                "--web.enable-admin-api",
                f"--storage.tsdb.min-block-duration={in_memory}",
                f"--storage.tsdb.max-block-duration={in_memory}",
            ],
        )

    def __enter__(self) -> "HistoryWriter":
        try:
            self._server.__enter__()
        except BaseException:
            shutil.rmtree(self._scratch, ignore_errors=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._keep()
        finally:
            self._server.stop()
            shutil.rmtree(self._scratch, ignore_errors=True)

    def write(self, request: bytes) -> None:
        """Hand over one encoded request."""
        self._post("/api/v1/write", request, HEADERS)

    def _keep(self) -> None:
        answer = json.loads(self._post("/api/v1/admin/tsdb/snapshot", b"", {}))
        self.data.mkdir(parents=True, exist_ok=True)
        for block in (self._scratch / "snapshots" / answer["data"]["name"]).iterdir():
            shutil.move(block, self.data / block.name)

    def _post(self, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        request = urllib.request.Request(self._server.url + path, data=body, headers=dict(headers), method="POST")
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as refusal:
            said = refusal.read(200).decode(errors="replace").strip() or refusal.reason
            raise OcpperfError(f"Prometheus refused the simulated history: {said}.", "Is the disk full?") from None
        except OSError as fault:
            raise OcpperfError(
                f"Prometheus ended while it was given the simulated history: {fault}.", "Is the disk full?"
            ) from None
