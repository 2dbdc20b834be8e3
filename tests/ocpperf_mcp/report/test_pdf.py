"""The PDF has the page's text, and what it needs is said in a sentence where it is missing."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.report.needed import needed
from ocpperf_mcp.report.pdf import pdf


def test_its_text_is_the_reports(faulty_hours: Report) -> None:
    read = PdfReader(BytesIO(pdf(faulty_hours)))
    text = " ".join(" ".join(page.extract_text() for page in read.pages).split())
    assert read.metadata is not None
    assert read.metadata.title == faulty_hours.title
    for sentence in faulty_hours.summary:
        assert sentence.text in text
    assert f"1 / {len(read.pages)}" in text
    assert "Where the numbers come from" in text


def test_a_library_that_is_not_installed_is_named_with_what_to_do() -> None:
    with pytest.raises(OcpperfError) as fault:
        needed("no_such_library")
    assert "'no_such_library' is not installed" in fault.value.what
    assert fault.value.next_step == "Install ocpperf with its report extra: pip install 'ocpperf[report]'."


def test_shared_libraries_that_are_missing_are_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A module that fails as WeasyPrint does without Pango."""
    (tmp_path / "library_without_pango.py").write_text(
        "print('pages of advice')\nraise OSError('cannot load library')\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(OcpperfError) as fault:
        needed("library_without_pango")
    assert "apt-get install libpango-1.0-0" in fault.value.next_step
    assert capsys.readouterr().out == ""
