"""words.yaml is refused with the place of its fault, and loads as it is shipped."""

from pathlib import Path

import pytest

from ocpperf_mcp.agent.lexicon import FILE, LEXICON, read_lexicon
from ocpperf_mcp.contracts.errors import OcpperfError

SHIPPED = FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  worse: [", "  worst: [", "at phrases.worse, Field required"),
        ("multiples:\n", "multiple: {}\nmultiples:\n", "at multiple, Extra inputs are not permitted"),
        ("  severity: [critical, warning, unknown]", "  severity: []", "at phrases.severity, it is no list of phrases"),
        ("  severity: [critical, ", "  severity: ['(critical', ", r"at phrases.severity, '(critical' is no regular"),
        ("counted:\n  finding: [finding,", "counted:\n  finding: []\n  other: [finding,", "at counted.finding"),
        ("factor: 3600,", "factor: -1,", "at units.5.factor, Input should be greater than 0"),
        ("\nunits:\n", "\nunits: [\n", "it is no YAML"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert SHIPPED.count(old) == 1
    file = tmp_path / "words.yaml"
    file.write_text(SHIPPED.replace(old, new), encoding="utf-8")
    with pytest.raises(OcpperfError) as caught:
        read_lexicon(file)
    assert said in str(caught.value)
    assert str(caught.value).startswith("words.yaml cannot be used: at ")


def test_the_shipped_words_are_read_as_whole_words_in_either_case() -> None:
    assert LEXICON.phrases.fault.search("The disk was Slower.")
    assert LEXICON.phrases.severity.search("uncritical") is None
