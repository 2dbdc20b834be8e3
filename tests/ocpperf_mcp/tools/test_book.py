"""docs/tools.md is what the registry says."""

from pathlib import Path

from ocpperf_mcp.tools.book import FILE, book

ROOT = Path(__file__).parents[3]


def test_the_book_is_up_to_date() -> None:
    assert (ROOT / FILE).read_text(encoding="utf-8") == book(), "run `python -m ocpperf_mcp.tools.book`"
