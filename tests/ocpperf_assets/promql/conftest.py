"""A real Prometheus over a small history whose every value is awkward."""

from collections.abc import Iterator

import pytest

from demo.prometheus import LocalPrometheus
from tests.openmetrics import serving
from tests.wire import Wire, wire_to

START = 1_767_225_600
"""2026-01-01T00:00:00Z in Unix seconds."""

VALUES = ["1", "-0.5", "NaN", "+Inf", "-Inf", "1e-300", "1.7976931348623157e+308", "0.1", "123456789.123456789", "3e6"]
HOSTILE = {
    "quotes": r"a \"quoted\" value",
    "commas": "a,b,],[,[1,2]]",
    "values": r"\"values\":[[1,\"2\"]]",
    "newline": r"line\nline",
    "backslash": r"back\\slash",
    "unicode": "Zürich 東京 𝄞",
    "spaces": "  two  spaces\tand a tab ",
    "brackets": "]]}}",
}


def history() -> list[str]:
    lines = ["# TYPE awkward gauge"]
    for moment in range(0, 3600, 20):
        lines.append(f"awkward {VALUES[moment // 20 % len(VALUES)]} {START + moment}.250")
    lines.append("# TYPE hostile gauge")
    for name, value in HOSTILE.items():
        lines += [f'hostile{{case="{name}",text="{value}"}} {moment} {START + moment}.5' for moment in (0, 60, 120)]
    lines += ["# TYPE once gauge", f"once 7 {START + 30}.001", "# TYPE many gauge"]
    lines += [
        f'many{{n="{number:02}"}} {number} {START + moment}.75' for number in range(30) for moment in range(0, 3600, 30)
    ]
    return lines


@pytest.fixture(scope="session")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPrometheus]:
    with serving(history(), tmp_path_factory.mktemp("awkward")) as server:
        yield server


@pytest.fixture
def wire(awkward: LocalPrometheus) -> Iterator[Wire]:
    with wire_to(awkward.url) as proxy:
        yield proxy
