"""docs/catalogue.md is what the catalogue says, and every name of the predecessor is accounted for."""

import csv
from pathlib import Path

from ocpperf_assets.catalogue import Catalogue
from ocpperf_assets.catalogue.book import FILE, RETIRED, book
from ocpperf_assets.catalogue.locate import metrics_directory

ROOT = Path(__file__).parents[3]


def test_the_book_is_what_the_catalogue_says() -> None:
    renew = "run `python -m ocpperf_assets.catalogue.book`"
    assert (ROOT / FILE).read_text(encoding="utf-8") == book(metrics_directory()), renew


def upstream(state: str) -> list[dict[str, str]]:
    with (metrics_directory() / RETIRED).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["state"] for row in rows} == {"kept", "retired"}
    return [row for row in rows if row["state"] == state]


def test_all_208_names_of_the_predecessor_are_accounted_for() -> None:
    names = {(row["domain"], row["name"]) for state in ("kept", "retired") for row in upstream(state)}
    assert len(names) == 208


def test_a_kept_name_is_a_metric_of_that_domain_and_category(shipped: Catalogue) -> None:
    there = {(metric.domain, metric.category, metric.name) for metric in shipped.metrics}
    assert {(row["domain"], row["category"], row["name"]) for row in upstream("kept")} - there == set()


def test_a_retired_name_has_a_reason_and_a_successor_that_exists(shipped: Catalogue) -> None:
    names = {metric.name for metric in shipped.metrics}
    retired = upstream("retired")
    assert [row["name"] for row in retired if not row["reason"] or row["name"] in names] == []
    assert {row["successor"] for row in retired} - names - {""} == set()
