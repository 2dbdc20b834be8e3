"""What a SQL file says about itself, and what is refused with the file's name."""

from datetime import timedelta
from pathlib import Path

import pytest

from ocpperf_assets.models import Model, load_models
from ocpperf_mcp.contracts.errors import OcpperfError
from tests.sql.folder_case import DOMAINS, SQL

RAW = """-- raw_domain: samples.
-- keys: cluster, ts
-- time: ts
-- for each: domain
create table if not exists raw_${domain} (cluster varchar, ts timestamp, value double)
"""


def write(directory: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return directory


def loaded(directory: Path, files: dict[str, str]) -> dict[str, Model]:
    return {model.name: model for model in load_models(write(directory, files), ["disk", "etcd"])}


def test_a_header_says_all_the_runner_needs(tmp_path: Path) -> None:
    text = (
        "-- fct_load: load of the hour.\n-- It is a sum.\n-- grain: one row per cluster and hour\n"
        "-- keys: cluster, hour\n-- window: hour\n-- lookback: 1h30m\n"
        "select $cluster as cluster, ts as hour from raw_disk where ts >= $lookback_start\n"
    )
    model = loaded(tmp_path, {"raw/raw_domain.sql": RAW, "fct/fct_load.sql": text})["fct_load"]
    assert (model.kind, model.folder, model.is_windowed) == ("window", "fct", True)
    assert model.description == "load of the hour. It is a sum."
    assert model.grain == "one row per cluster and hour"
    assert model.keys == ("cluster", "hour")
    assert model.time_column == "hour"
    assert model.lookback == timedelta(minutes=90)
    assert model.parameters == {"cluster", "lookback_start"}
    assert model.depends_on == ("raw_disk",)


def test_a_template_makes_one_table_a_domain_and_a_union_reads_them_all(tmp_path: Path) -> None:
    union = "-- raw_sample: all.\n-- view\n-- union: domain\nselect '${domain}' as domain, * from raw_${domain}\n"
    models = loaded(tmp_path, {"raw/raw_domain.sql": RAW, "raw/raw_sample.sql": union})
    assert set(models) == {"raw_disk", "raw_etcd", "raw_sample"}
    assert models["raw_sample"].depends_on == ("raw_disk", "raw_etcd")


def test_examples_are_kept_one_a_line_filled_with_the_domain_and_are_no_reason_to_build_again(tmp_path: Path) -> None:
    described = RAW.replace("-- for each", "-- example: from raw_${domain}\n-- example: select 1\n-- for each")
    plain, with_examples = (
        loaded(tmp_path / "a", {"raw/raw_domain.sql": RAW}),
        loaded(tmp_path / "b", {"raw/raw_domain.sql": described}),
    )
    assert with_examples["raw_disk"].examples == ("from raw_disk", "select 1")
    assert with_examples["raw_etcd"].examples == ("from raw_etcd", "select 1")
    assert with_examples["raw_disk"].sql_hash == plain["raw_disk"].sql_hash


def test_a_common_table_expression_is_no_dependency_even_under_the_name_of_its_table(tmp_path: Path) -> None:
    text = (
        "-- dim_x: x.\n-- keys: cluster\n-- window: none\n"
        "with raw_disk as (select * from raw_disk), x as (select cluster from raw_disk) select * from x\n"
    )
    assert loaded(tmp_path, {"raw/raw_domain.sql": RAW, "dim/dim_x.sql": text})["dim_x"].depends_on == ("raw_disk",)


def test_functions_and_table_macros_are_dependencies(tmp_path: Path) -> None:
    models = loaded(
        tmp_path,
        {
            "macro/twice.sql": "-- twice: doubles.\n-- function: twice(x)\nx * 2\n",
            "macro/pairs.sql": "-- pairs: two rows.\n-- macro: pairs(a)\nselect twice(a) as value\n",
            "dim/dim_x.sql": "-- dim_x: x.\n-- window: none\nselect value from pairs(3)\n",
        },
    )
    assert list(models) == ["twice", "pairs", "dim_x"]
    assert models["dim_x"].depends_on == ("pairs",)


def test_the_hash_follows_what_a_model_reads_but_not_raw_tables(tmp_path: Path) -> None:
    files = {
        "raw/raw_domain.sql": RAW,
        "macro/twice.sql": "-- twice: doubles.\n-- function: twice(x)\nx * 2\n",
        "dim/dim_x.sql": "-- dim_x: x.\n-- window: none\nselect twice(value) as value from raw_disk\n",
    }
    before = loaded(tmp_path, files)["dim_x"].sql_hash
    wider = loaded(tmp_path, {"raw/raw_domain.sql": RAW.replace("value double", "value double, x int")})
    assert wider["dim_x"].sql_hash == before
    changed = loaded(tmp_path, {"macro/twice.sql": files["macro/twice.sql"].replace("* 2", "+ x")})
    assert changed["dim_x"].sql_hash != before


def test_a_domain_more_changes_no_hash() -> None:
    few, more = (
        {model.name: model.sql_hash for model in load_models(SQL, names)} for names in (DOMAINS, (*DOMAINS, "x"))
    )
    assert {name for name in few if few[name] != more[name]} == set()
    assert set(more) - set(few) == {"raw_x"}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("dim/dim_x.sql", "select 1 as x\n", "dim/dim_x.sql does not begin with '-- dim_x: <one sentence>'."),
        ("dim/dim_x.sql", "-- dim_x: x.\nselect 1 as x\n", "dim/dim_x.sql says neither 'window: hour' nor"),
        (
            "dim/dim_x.sql",
            "-- dim_x: x.\n-- window: none\nselect from where\n",
            "dim/dim_x.sql does not parse:",
        ),
        (
            "dim/dim_x.sql",
            "-- dim_x: x.\n-- window: none\nselect 1 from raw_dsk\n",
            "dim/dim_x.sql reads raw_dsk, which",
        ),
        (
            "fct/fct_x.sql",
            "-- fct_x: x.\n-- window: hour\nselect $clustr as c\n",
            "fct/fct_x.sql uses $clustr, which",
        ),
        (
            "checks/check_x_y.sql",
            "select 1 as x\n",
            "checks/check_x_y.sql does not begin with '-- fail' or '-- warn'.",
        ),
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(OcpperfError) as caught:
        loaded(tmp_path, {name: text})
    assert caught.value.what.startswith(message)
    assert caught.value.next_step


def test_a_circle_is_named(tmp_path: Path) -> None:
    files = {
        "dim/dim_a.sql": "-- dim_a: a.\n-- window: none\nselect * from dim_b\n",
        "dim/dim_b.sql": "-- dim_b: b.\n-- window: none\nselect * from dim_a\n",
    }
    with pytest.raises(OcpperfError, match="read each other in a circle") as caught:
        loaded(tmp_path, files)
    assert caught.value.next_step == "See dim_a.sql, dim_b.sql."


def test_two_files_cannot_make_one_table(tmp_path: Path) -> None:
    text = "-- dim_a: a.\n-- window: none\nselect 1 as a\n"
    with pytest.raises(OcpperfError, match="both make dim_a"):
        loaded(tmp_path, {"dim/dim_a.sql": text, "rpt/dim_a.sql": text})


def test_shipped_models_are_documented_short_and_come_after_what_they_read() -> None:
    models = load_models(SQL, DOMAINS)
    places = {model.name: place for place, model in enumerate(models)}
    for model in models:
        assert all(places[name] < places[model.name] for name in model.depends_on if name in places)
        assert model.description.endswith((".", '"')), model.name
        lines = model.path.read_text(encoding="utf-8").splitlines()
        assert len([line for line in lines if not line.startswith("-- example: ")]) <= 150, model.path.name
        if model.is_table:
            assert model.keys, model.name
            assert model.grain, model.name


def test_shipped_models_are_portable() -> None:
    words = ("create index", "primary key", "unique (", "references ", "nextval", "create sequence")
    found = [(path.name, word) for path in SQL.rglob("*.sql") for word in words if word in path.read_text().lower()]
    assert found == []
