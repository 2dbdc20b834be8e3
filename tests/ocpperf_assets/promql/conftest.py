"""A real Prometheus over a small history whose every value is awkward."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.prometheus import LocalPrometheus, find_binaries
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


def history() -> str:
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
    return "\n".join([*lines, "# EOF", ""])


@pytest.fixture(scope="session")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPrometheus]:
    folder = tmp_path_factory.mktemp("awkward")
    text = folder / "history.om"
    text.write_text(history(), encoding="utf-8")
    promtool = find_binaries().promtool
    load = [promtool, "tsdb", "create-blocks-from", "openmetrics", "-q", str(text), str(folder / "data")]
    subprocess.run(load, check=True, capture_output=True)
    with LocalPrometheus(Path(folder / "data")) as server:
        yield server


@pytest.fixture
def wire(awkward: LocalPrometheus) -> Iterator[Wire]:
    with wire_to(awkward.url) as proxy:
        yield proxy
