"""One SQL file: its header, its body, what it reads."""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import parse_duration

Kind = Literal["ddl", "view", "macro", "function", "whole", "window", "check"]
Keep = Literal["", "raw", "5m", "hourly"]

PARAMETERS = frozenset({"cluster", "window_start", "window_end", "lookback_start", "now"})
_KEYS = (
    *("grain", "keys", "window", "time", "keep", "lookback", "prose", "macro", "function", "for each", "union"),
    "example",
)
_UNHASHED = frozenset({"keep", "example"})
_ENTRY = re.compile(rf"({'|'.join(_KEYS)}): *(.+)")
_PARAMETER = re.compile(r"\$([a-z_]+)")


@dataclass(frozen=True)
class Model:
    """A file of `sql/`; its stem is the name of what it makes.

    `window` models are replaced hour by hour, `whole` ones entirely; `ddl` declares a raw table, `function`
    is a scalar macro. `lookback` is how far before its window a model reads: a changed hour changes the rows
    of the hours after it as far as that. `keep` names the class of rows whose age retention limits, told by
    `kept_by`; without one, rows stay. `examples` are queries that readers may start from.
    """

    name: str
    kind: Kind
    description: str
    body: str
    path: Path
    grain: str = ""
    keys: tuple[str, ...] = ()
    time_column: str | None = None
    keep: Keep = ""
    kept_by: str = ""
    lookback: timedelta = timedelta(0)
    prose: tuple[str, ...] = ()
    signature: str = ""
    examples: tuple[str, ...] = ()
    severity: Literal["fail", "warn", ""] = ""
    tables: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    depends_on: tuple[str, ...] = ()
    sql_hash: str = ""

    @property
    def parameters(self) -> frozenset[str]:
        """Names of the `$parameters` the body uses."""
        return frozenset(_PARAMETER.findall(self.body))

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names of a macro's or function's own parameters, in order."""
        _, _, inside = self.signature.removesuffix(")").partition("(")
        return _names(inside)

    @property
    def folder(self) -> str:
        return self.path.parent.name

    @property
    def is_windowed(self) -> bool:
        return self.kind == "window"

    @property
    def is_table(self) -> bool:
        return self.kind in ("ddl", "whole", "window")


def read_model(path: Path, domains: tuple[str, ...]) -> list[Model]:
    """Read one file: one model, or one a domain for a template.

    Raises OcpperfError naming the file when the header or the SQL cannot be read.
    """
    header, body = _split(path.read_text(encoding="utf-8"))
    if path.stem.startswith("check_"):
        return [_check(path, header, body)]
    entries, description = _entries(path, header)
    if "for each" in entries:
        stem = path.stem.removesuffix("domain")
        return [
            _model(path, stem + domain, _of_domain(entries, domain), description, _fill(body, domain))
            for domain in domains
        ]
    if "union" in entries:
        # Hashed as the template, so that a domain more does not rebuild everything that reads the union.
        union = "\nunion all\n".join(_fill(body, domain) for domain in domains)
        return [_model(path, path.stem, entries, description, union, template=body)]
    return [_model(path, path.stem, entries, description, body)]


def _split(text: str) -> tuple[list[str], str]:
    lines = text.splitlines()
    length = next((i for i, line in enumerate(lines) if not line.startswith("--")), len(lines))
    header = [line.removeprefix("--").strip() for line in lines[:length]]
    return header, "\n".join(lines[length:]).strip().removesuffix(";")


def _entries(path: Path, header: list[str]) -> tuple[dict[str, str], str]:
    title = f"{path.stem}: "
    if not header or not header[0].startswith(title):
        raise _fault(path, f"does not begin with '-- {title}<one sentence>'")
    entries: dict[str, str] = {}
    description = [header[0].removeprefix(title)]
    for line in header[1:]:
        if match := _ENTRY.fullmatch(line):
            # Examples are several, one a line.
            before = f"{entries[match[1]]}\n" if match[1] == "example" and "example" in entries else ""
            entries[match[1]] = before + match[2].strip()
        elif line == "view":
            entries["view"] = ""
        else:
            description.append(line)
    return entries, " ".join(description)


def _model(path: Path, name: str, entries: dict[str, str], description: str, body: str, template: str = "") -> Model:
    kind = _kind(path, entries, body)
    signature = entries.get("macro", entries.get("function", ""))
    tables, calls = _references(path, kind, body)
    time_column = entries.get("time", "hour" if kind == "window" else None)
    keep, kept_by = _keep(path, entries.get("keep", "hourly" if kind == "window" else ""), time_column)
    model = Model(
        name=name,
        kind=kind,
        description=description,
        body=body,
        path=path,
        grain=entries.get("grain", ""),
        keys=_names(entries.get("keys", "")),
        time_column=time_column,
        keep=keep,
        kept_by=kept_by,
        lookback=parse_duration(entries["lookback"]) if "lookback" in entries else timedelta(0),
        prose=_names(entries.get("prose", "")),
        signature=signature,
        examples=tuple(entries.get("example", "").splitlines()),
        tables=tables,
        calls=calls,
        sql_hash=_digest(*(f"{key}={entries[key]}" for key in sorted(entries.keys() - _UNHASHED)), template or body),
    )
    if unknown := model.parameters - PARAMETERS:
        raise _fault(path, f"uses ${sorted(unknown)[0]}, which the runner does not know")
    return model


def _kind(path: Path, entries: dict[str, str], body: str) -> Kind:
    if body.lower().startswith("create table"):
        return "ddl"
    named: dict[str, Kind] = {"view": "view", "macro": "macro", "function": "function"}
    for entry, kind in named.items():
        if entry in entries:
            return kind
    windows: dict[str, Kind] = {"hour": "window", "none": "whole"}
    if entries.get("window") not in windows:
        raise _fault(path, "says neither 'window: hour' nor 'window: none' nor 'view'")
    return windows[entries["window"]]


def _keep(path: Path, entry: str, time_column: str | None) -> tuple[Keep, str]:
    """`raw`, `5m` or `hourly`, by the time column or by the one that is named: `hourly by last_seen`."""
    classes: dict[str, Keep] = {"": "", "raw": "raw", "5m": "5m", "hourly": "hourly"}
    name, _, column = entry.partition(" by ")
    if name not in classes:
        raise _fault(path, f"keeps its rows as '{name}', which is neither raw nor 5m nor hourly")
    if name and not (column or time_column):
        raise _fault(path, "says how long its rows are kept and not by which time")
    return classes[name], column or time_column or ""


def _check(path: Path, header: list[str], body: str) -> Model:
    severities: dict[str, Literal["fail", "warn"]] = {"fail": "fail", "warn": "warn"}
    if not header or header[0] not in severities:
        raise _fault(path, "does not begin with '-- fail' or '-- warn'")
    tables, calls = _references(path, "check", body)
    return Model(
        name=path.stem,
        kind="check",
        description=" ".join(header[1:]),
        body=body,
        path=path,
        severity=severities[header[0]],
        tables=tables,
        calls=calls,
        sql_hash=_digest(body),
    )


def _references(path: Path, kind: Kind, body: str) -> tuple[frozenset[str], frozenset[str]]:
    """The tables of FROM and JOIN that are no CTE of the file, and the functions it calls."""
    if kind == "ddl":
        return frozenset(), frozenset()
    try:
        tree = sqlglot.parse_one(f"select {body}" if kind == "function" else body, dialect="duckdb")
    except SqlglotError as error:
        raise _fault(path, f"does not parse: {str(error).splitlines()[0]}") from error
    local = {cte.alias for cte in tree.find_all(exp.CTE)}
    tables = {table.name for table in tree.find_all(exp.Table) if table.name and not _is_local(table, local)}
    return frozenset(tables), frozenset(call.name for call in tree.find_all(exp.Anonymous))


def _is_local(table: exp.Table, local: set[str]) -> bool:
    """A CTE may bear the name of the table it reads: inside itself the name means the table."""
    if table.name not in local:
        return False
    enclosing = table.find_ancestor(exp.CTE)
    return enclosing is None or enclosing.alias != table.name


def _of_domain(entries: dict[str, str], domain: str) -> dict[str, str]:
    return {**entries, "example": _fill(entries["example"], domain)} if "example" in entries else entries


def _fill(body: str, domain: str) -> str:
    return body.replace("${domain}", domain)


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _fault(path: Path, what: str) -> OcpperfError:
    return OcpperfError(f"{path.parent.name}/{path.name} {what}.", "Mend the file; sql/README.md shows the form.")
