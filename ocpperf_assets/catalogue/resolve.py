"""Variables of expressions: selectors of the flavour, and the window."""

import re
from collections.abc import Mapping

from ocpperf_assets.catalogue.faults import nearest
from ocpperf_assets.catalogue.vocabulary import written_duration

WINDOW = "window"

_VARIABLE = re.compile(r"\$(?:(?P<name>[A-Za-z_]\w*)|\{[A-Za-z_][^}]*\})")
_QUOTED = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`""")
_QUOTED_OR_VARIABLE = re.compile(f"{_QUOTED.pattern}|{_VARIABLE.pattern}")


def resolve(expr: str, selectors: Mapping[str, str], window_s: int) -> tuple[str, list[str]]:
    """The query Prometheus is asked, and a sentence for every variable that nothing stands for.

    A `$name` inside quotes counts as one: as a regular expression it could match nothing.
    """
    known = {**selectors, WINDOW: written_duration(window_s)}
    faults: list[str] = []

    def value(found: re.Match[str]) -> str:
        text, name = found[0], found["name"]
        if name in known:
            return known[name]
        faults.extend(_unresolved(inner[0], known) for inner in _VARIABLE.finditer(text))
        return text

    return _QUOTED_OR_VARIABLE.sub(value, expr).strip(), faults


def _unresolved(variable: str, known: Mapping[str, str]) -> str:
    listed = ", ".join(f"${name}" for name in sorted(known))
    return f"unresolved variable {variable}, this file has {listed}{nearest(variable, [f'${k}' for k in known])}"
