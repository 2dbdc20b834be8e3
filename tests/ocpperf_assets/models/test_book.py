"""docs/tables.md is what sql/ makes, and every relation in it says what a row is."""

from pathlib import Path

from ocpperf_assets.models.book import FILE, book
from ocpperf_assets.models.described import SHOWN
from tests.sql.folder_case import shipped_models

ROOT = Path(__file__).parents[3]


def test_the_book_is_what_the_models_make() -> None:
    assert (ROOT / FILE).read_text(encoding="utf-8") == book(), "run `python -m ocpperf_assets.models.book`"


def test_every_relation_that_people_read_has_its_grain() -> None:
    without = [
        model.name
        for model in shipped_models()
        if model.folder in SHOWN and model.kind not in ("ddl", "function") and not model.grain and model.folder != "raw"
    ]
    assert without == []
