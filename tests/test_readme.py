"""What README says is so: every command and setting is in it, and its examples work as they stand."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ocpperf_assets.catalogue import load_catalogue, load_rules
from ocpperf_assets.catalogue.locate import metrics_directory
from ocpperf_assets.environment_book import variables
from ocpperf_assets.models import load_models
from ocpperf_assets.models.model import read_model
from ocpperf_assets.settings import Settings
from ocpperf_mcp.cli import application
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.server import specs
from ocpperf_mcp.settings import ModelSettings, ServingSettings
from tests.ocpperf_assets.slots.conftest import Warehouse
from tests.sql.folder_case import SQL
from tests.sql.test_rule_examples import KINDS, hold_to_example

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_every_command_is_described() -> None:
    commands = {
        command.name or getattr(command.callback, "__name__", "") for command in application().registered_commands
    } | {group.name for group in application().registered_groups}
    assert commands >= {"collect", "sql", "demo"}
    assert {command for command in commands if f"| `ocpperf {command}` |" not in README} == set()


def test_every_setting_is_described_and_no_other() -> None:
    settings = {*variables(Settings), *variables(ServingSettings), *variables(ModelSettings)}
    named = set(re.findall(r"`(OCPPERF_[A-Z0-9_]+|KUBECONFIG|LOG_LEVEL|OPENAI_[A-Z_]+|BASE_URL)(?:=1)?`", README))
    assert named == settings


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))
    assert {"demo", "test"} <= named <= targets


def test_every_relation_that_is_named_exists() -> None:
    catalogue = load_catalogue([metrics_directory()])
    models = {model.name for model in load_models(SQL, catalogue.domains)}
    named = set(re.findall(r"`((?:rpt|fct|dim)_\w+|raw_(?:series|histogram|extraction)|wal_\w+)", README))
    assert len(named) > 10
    assert named <= models


def test_the_metric_of_the_example_joins_the_catalogue(tmp_path: Path) -> None:
    (entry,) = [block for block in blocks("yaml") if block.startswith("domain:")]
    (tmp_path / "disk.yaml").write_text(entry, encoding="utf-8")
    catalogue = load_catalogue([metrics_directory(), tmp_path])
    assert catalogue.metric(yaml.safe_load(entry)["metrics"][0]["name"]).domain == "disk"


@pytest.mark.parametrize("kind", KINDS)
def test_the_rule_of_the_example_does_what_its_examples_say(tmp_path: Path, kind: str) -> None:
    (entry,) = [block for block in blocks("yaml") if block.startswith("rules:")]
    (tmp_path / "disk.yaml").write_text(entry, encoding="utf-8")
    rules = load_rules([metrics_directory() / "rules", tmp_path], load_catalogue([metrics_directory()]))
    (rule,) = [rule for rule in rules if rule.rule == yaml.safe_load(entry)["rules"][0]["rule"]]
    hold_to_example(rule, kind)


def test_the_table_of_the_example_is_a_model(tmp_path: Path) -> None:
    (statement,) = blocks("sql")
    path = tmp_path / "fct_disk_hourly.sql"
    path.write_text(statement, encoding="utf-8")
    (model,) = read_model(path, ("disk",))
    assert model.is_windowed
    assert model.keys == ("cluster", "entity", "hour")
    assert model.tables == {"fct_metric_hourly"}


def test_every_file_that_is_linked_exists_and_every_picture_is_linked() -> None:
    linked = set(re.findall(r"\]\(([^)#:]+)\)", README))
    assert {target for target in linked if not (ROOT / target).exists()} == set()
    assert {f"docs/{path.name}" for path in (ROOT / "docs").iterdir()} <= linked


def test_a_backup_is_made_in_the_writers_turn_and_put_back(tmp_path: Path) -> None:
    warehouse = Warehouse(Home(tmp_path / "home"))
    warehouse.publish(0)
    back_up, put_back = blocks("bash")
    assert back_up.startswith(f"flock $OCPPERF_HOME/{warehouse.home.lock.relative_to(warehouse.home.root)} cp ")
    run_in(tmp_path, back_up)
    warehouse.publish(1)
    run_in(tmp_path, put_back.removeprefix("ocpperf down\n"))
    assert warehouse.totals() == [(0, 1000.0)]
    warehouse.publish(2)
    assert warehouse.totals() == [(0, 1000.0), (2, 1000.0)]


def run_in(directory: Path, script: str) -> None:
    environment = {**os.environ, "OCPPERF_HOME": str(directory / "home")}
    subprocess.run(["bash", "-e", "-c", script.replace("/backup/", f"{directory}/")], env=environment, check=True)


def started_by_clients() -> list[list[str]]:
    """The commands in the snippets for MCP clients."""
    entries = [entry for block in blocks("json") for group in json.loads(block).values() for entry in group.values()]
    return [[entry["command"], *entry["args"]] for entry in entries if "command" in entry]


def test_what_mcp_clients_are_told_to_start_is_a_server(tmp_path: Path) -> None:
    """Its standard input is at its end at once, so that it ends as soon as it has started."""
    assert len(started_by_clients()) == 2
    for command in started_by_clients():
        program = str(Path(sys.executable).with_name(command[0]))
        environment = {**os.environ, "OCPPERF_HOME": str(tmp_path)}
        finished = subprocess.run([program, *command[1:]], stdin=subprocess.DEVNULL, env=environment, timeout=60)
        assert finished.returncode == 0, command


def test_the_number_of_tools_is_the_registry_s() -> None:
    assert f"{len(specs())} tools that only" in " ".join(README.split())
