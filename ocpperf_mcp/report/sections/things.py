"""Rows about measured things, and the cells that all tables of them share."""

from ocpperf_mcp.report.model import Column, Mark, ObjectiveVerdict, Value
from ocpperf_mcp.report.reading import Reading, Row, text

MEASURED = "report_thing"
"""Name of the table that `measure` makes."""
FROM_LEVELS, FROM_BUCKETS = "fct_metric_hourly", "fct_histogram_hourly"
LIMIT_SHARE = """
case better when 'lower' then {level} / nullif({objective}, 0) else {objective} / nullif({level}, 0) end
"""
"""SQL for how near a level is to its objective: 1 at the limit, more beyond it; NULL of a limit of zero."""
VERDICTS: dict[str, ObjectiveVerdict] = {"missed": "missed", "met": "met", "possible": "possibly missed"}
"""What a status is called that was judged."""
_STATUS = {**VERDICTS, "too little": "not evaluated: too little was collected"}
SHOWN = {
    "role": Column(key="role", title="Role"),
    "metric": Column(key="metric", title="Metric"),
    "thing": Column(key="thing", title="Of"),
    "statistic": Column(key="statistic", title="Statistic"),
    "level": Column(key="level", title="Level", kind="number"),
    "highest": Column(key="highest", title="Highest", kind="number"),
    "before": Column(key="before", title="Before", kind="number"),
    "objective": Column(key="objective", title="Objective", kind="number"),
    "status": Column(key="status", title="Objective is"),
}


def thing_of(row: Row) -> Value:
    """Name of a thing with what else its labels tell."""
    return text(f"{row['entity']} {row.get('part') or ''}".strip())


def marks_of(row: Row) -> tuple[Mark, ...]:
    """A severity, the highest of its metric and role, or both."""
    marks: list[Mark] = [row["severity"]] if row.get("severity") else []
    if row.get("place") == 1 and row.get("stands_out"):
        marks.append("top")
    return tuple(marks)


def level_of(reading: Reading, row: Row) -> Value:
    """The level within the window, claimed."""
    return _claimed(reading, row, "level", str(row["statistic"]), marks_of(row))


def highest_of(reading: Reading, row: Row) -> Value:
    """The highest sample, or of a latency the worst hour's P99, claimed."""
    statistic = "P99 of the worst hour" if row["statistic"] == "P99" else "max"
    return _claimed(reading, row, "highest", statistic)


def before_of(reading: Reading, row: Row) -> Value:
    """The level within the comparison window, claimed with the samples of that one."""
    if reading.against is None or row["before"]["number"] is None:
        return Value(text="-")
    of_then = {**row, "samples_found": row["found_before"], "samples_expected": row["expected_before"]}
    return reading.claims.value(
        row["before"],
        of_then,
        str(row["statistic"]),
        cluster=reading.cluster,
        relation=_relation(row),
        window=reading.against,
    )


def objective_of(row: Row) -> Value:
    limit = row["objective"]
    if limit["number"] is None:
        return Value(text="")
    tier = f" ({row['tier']})" if row.get("tier") else ""
    return Value(text=f"{limit['text']}{tier}", number=limit["number"], unit=limit["unit"])


def cells(reading: Reading, row: Row, columns: tuple[str, ...]) -> tuple[Value, ...]:
    """Those of the shared columns."""
    made = {
        "role": lambda: text(row["role"]),
        "metric": lambda: text(row["title"]),
        "thing": lambda: thing_of(row),
        "statistic": lambda: text(row["statistic"]),
        "level": lambda: level_of(reading, row),
        "highest": lambda: highest_of(reading, row),
        "before": lambda: before_of(reading, row),
        "objective": lambda: objective_of(row),
        "status": lambda: text(_STATUS.get(row["status"], "")),
    }
    return tuple(made[name]() for name in columns)


def columns_of(names: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(SHOWN[name] for name in names)


def _claimed(reading: Reading, row: Row, column: str, statistic: str, marks: tuple[Mark, ...] = ()) -> Value:
    if row[column]["number"] is None:
        return Value(text=row[column]["text"])
    return reading.claims.value(
        row[column],
        row,
        statistic,
        cluster=reading.cluster,
        relation=_relation(row),
        window=reading.window,
        marks=marks,
    )


def _relation(row: Row) -> str:
    return FROM_BUCKETS if row["statistic"] == "P99" else FROM_LEVELS
