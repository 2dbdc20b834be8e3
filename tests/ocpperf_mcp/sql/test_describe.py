"""`describe_tables`: what a warehouse says of itself, without the files it was made from."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from ocpperf_assets.slots import write_turn
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import Window
from ocpperf_mcp.sql.describe import DescribedTable, describe_tables
from ocpperf_mcp.sql.run import SqlRunner
from ocpperf_mcp.warehouse import open_published
from tests.ocpperf_assets.models.conftest import simulated
from tests.sql.folder_case import SQL, Case, publish_case

AN_HOUR = Window(datetime(2026, 1, 1, 8, tzinfo=UTC), datetime(2026, 1, 1, 9, tzinfo=UTC))


def described(home: Home, *names: str) -> list[DescribedTable]:
    with open_published(home) as con:
        return describe_tables(con, names)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Six hours of two nodes, published as a collection publishes them."""
    return publish_case(Home(tmp_path_factory.mktemp("described") / "home"), simulated(6))


@pytest.fixture(scope="module")
def tables(built: Home) -> dict[str, DescribedTable]:
    return {table.name: table for table in described(built)}


def refusal(home: Home, *names: str) -> tuple[str, str]:
    with pytest.raises(OcpperfError) as caught:
        described(home, *names)
    return caught.value.what, caught.value.next_step


def test_a_table_tells_what_a_row_is_its_key_and_its_columns_with_units(built: Home) -> None:
    (table,) = described(built, "fct_latency_hourly")
    assert (table.kind, table.call) == ("table", "fct_latency_hourly")
    assert table.description.startswith("merged latency quantiles of every entity")
    assert table.grain == "one row per cluster, metric, entity and hour"
    assert [column.name for column in table.columns if column.is_key] == [
        *("cluster", "metric", "entity_kind", "entity", "hour")
    ]
    columns = {column.name: column for column in table.columns}
    assert (columns["p99"].type, columns["p99"].unit) == ("DOUBLE", "dim_metric.unit")
    assert columns["share_at_or_below_low"].unit == "ratio"
    assert columns["hour"].unit is None
    assert columns["hour"].description == "beginning of the clock hour, UTC"


def test_a_macro_tells_its_parameters_and_how_it_is_called(built: Home) -> None:
    (macro,) = described(built, "rpt_top")
    assert macro.call == "rpt_top(of_cluster, of_metric, t0, t1, how_many)"
    assert [(one.name, one.type) for one in macro.parameters] == [
        ("of_cluster", "VARCHAR"),
        ("of_metric", "VARCHAR"),
        ("t0", "TIMESTAMP"),
        ("t1", "TIMESTAMP"),
        ("how_many", "INTEGER"),
    ]
    assert "value" in [column.name for column in macro.columns]


def test_an_example_names_the_cluster_and_the_hours_that_the_warehouse_has(built: Home) -> None:
    (macro,) = described(built, "rpt_alert")
    assert macro.examples[0] == "from rpt_alert('c1', timestamp '2025-12-31 06:00', timestamp '2026-01-01 06:00')"


def test_what_a_column_means_in_one_table_goes_before_what_it_means_elsewhere(
    tables: dict[str, DescribedTable],
) -> None:
    said = {
        name: {column.name: column.description for column in tables[name].columns}["ts"]
        for name in ("raw_histogram", "raw_sample")
    }
    assert said == {"raw_histogram": "beginning of the five minutes, UTC", "raw_sample": "time of the sample, UTC"}


def test_every_relation_people_read_is_described_with_every_column_and_three_examples(
    built: Home, tables: dict[str, DescribedTable]
) -> None:
    with SqlRunner(built) as runner:
        listed = runner.run(
            "select table_name from duckdb_tables() union select view_name from duckdb_views() where not internal "
            "union select function_name from duckdb_functions() where function_type = 'table_macro' and not internal"
        ).rows
    read = {str(name) for (name,) in listed if str(name).startswith(("raw_", "dim_", "fct_", "rpt_"))}
    assert read - tables.keys() == {"raw_publication"}
    for table in tables.values():
        assert table.columns, table.name
        assert len(table.examples) == 3, table.name
        assert [one.name for one in (*table.columns, *table.parameters) if not one.description] == [], table.name


def test_no_word_is_about_a_column_that_is_not_there(tables: dict[str, DescribedTable]) -> None:
    words = yaml.safe_load((SQL / "columns.yaml").read_text(encoding="utf-8"))
    names = {table.name: {one.name for one in (*table.columns, *table.parameters)} for table in tables.values()}
    anywhere = set().union(*names.values())
    found = [entry for entry in words if entry not in anywhere]
    assert [entry for entry in found if entry.partition(".")[2] not in names.get(entry.partition(".")[0], set())] == []


def test_names_are_described_in_the_order_asked_for(built: Home) -> None:
    assert [table.name for table in described(built, "raw_series", "dim_node")] == ["raw_series", "dim_node"]


@pytest.mark.parametrize(
    ("name", "next_step"),
    [
        ("fct_latency_houry", "Near: fct_latency_hourly, fct_alert_hourly, fct_target_hourly."),
        ("latency", "Near: fct_latency_hourly, raw_latency, rpt_latency."),
        ("zzz", "Leave the name out to have all of them."),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(built: Home, name: str, next_step: str) -> None:
    what, told = refusal(built, name)
    assert what == f"The warehouse has no table, view or macro '{name}'."
    assert told == next_step


@pytest.mark.parametrize("table", ["dim_table", "dim_column"])
def test_the_words_go_with_the_rows_into_the_other_slot(built: Home, table: str, tmp_path: Path) -> None:
    copied = Home(tmp_path / "home")
    shutil.copytree(built.root, copied.root, symlinks=True)
    with write_turn(copied, "again", rewrite=True) as turn:
        turn.changed_whole("raw_model")
    with SqlRunner(built) as before, SqlRunner(copied) as after:
        rows = before.run(f"from {table} order by all").rows
        assert after.run(f"from {table} order by all").rows == rows != []


def test_a_warehouse_of_an_older_ocpperf_is_told_as_that(home: Home) -> None:
    what, next_step = refusal(home)
    assert what == "The warehouse does not describe its tables: an older ocpperf published it."
    assert next_step == "Collect again, or read docs/tables.md."


def test_before_anything_was_collected_examples_still_run(tmp_path: Path) -> None:
    empty = publish_case(Home(tmp_path / "home"), Case(AN_HOUR, AN_HOUR.end, {}))
    (table,) = described(empty, "rpt_findings")
    with SqlRunner(empty) as runner:
        assert runner.run(table.examples[0]).rows == []
