"""Webhooks on loopback, and a warehouse whose hours close one after the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ocpperf_mcp.contracts.paths import Home
from tests.doubles.webhooks import Webhooks, serving_webhooks
from tests.ocpperf_assets.notify.hours import BUSIER, BUSY, CALM, TABLES, case
from tests.ocpperf_assets.notify.telling import Configure, Publish
from tests.sql.folder_case import publish_case

DAY = {
    "calm": [CALM, CALM],
    "calm again": [CALM] * 5,
    "busy": [CALM, BUSY],
    "busier": [CALM, BUSY, BUSIER],
    "over": [CALM, BUSY, BUSIER, CALM],
}


@pytest.fixture
def webhooks() -> Iterator[Webhooks]:
    with serving_webhooks() as served:
        yield served


@pytest.fixture(scope="session")
def day(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Home]:
    """A warehouse as it is published after each of the hours."""
    root = tmp_path_factory.mktemp("day")
    return {name: publish_case(Home(root / name), case(hours), *TABLES) for name, hours in DAY.items()}


@pytest.fixture
def publish(day: dict[str, Home], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Publishes the warehouse of an hour in a home of the test's own, which keeps its state."""
    home = Home(tmp_path / "home")
    home.root.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OCPPERF_HOME", str(home.root))

    def switch(name: str) -> None:
        home.link.unlink(missing_ok=True)
        home.link.symlink_to(day[name].link.resolve())

    return switch


@pytest.fixture
def configure(webhooks: Webhooks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configure:
    """Writes the targets file; each entry says what differs from a webhook that is told everything.

    No cluster is ever silent, unless the test says otherwise.
    """

    def write(*entries: dict[str, object]) -> None:
        reached = [{"name": name, "prometheus_url": f"http://{name}.example:9090"} for name in ("c1", "c2")]
        (tmp_path / "clusters.yaml").write_text(yaml.safe_dump({"clusters": reached}))
        targets = []
        for place, entry in enumerate(entries or ({},)):
            kind = str(entry.get("kind", "webhook"))
            (tmp_path / f"url-{kind}").write_text(webhooks.address(kind))
            targets.append({"name": f"t{place}", "kind": kind, "url_file": str(tmp_path / f"url-{kind}")} | entry)
        (tmp_path / "notify.yaml").write_text(yaml.safe_dump({"targets": targets}))

    monkeypatch.setenv("OCPPERF_NOTIFY", str(tmp_path / "notify.yaml"))
    monkeypatch.setenv("OCPPERF_NOTIFY_STALE", "0")
    monkeypatch.setenv("OCPPERF_CLUSTERS", str(tmp_path / "clusters.yaml"))
    write()
    return write
