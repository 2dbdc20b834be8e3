"""docs/catalogue.md, made from the catalogue's own files; run as a module, it writes the file anew."""

import csv
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from ocpperf_assets.catalogue.explain import TIERS
from ocpperf_assets.catalogue.loader import load_catalogue
from ocpperf_assets.catalogue.locate import metrics_directory
from ocpperf_assets.catalogue.metric import Catalogue, Metric

FILE = Path("docs/catalogue.md")
RETIRED = "upstream.csv"
_INTRO = """\
# The catalogue

Made from `metrics/` by `python -m ocpperf_assets.catalogue.book`. `ocpperf catalogue NAME` says more of one metric:
its query, its rules, what it means when it is absent. Units are base units, `labels` is the grain of a row, and an
objective is a published limit with its tier: """


def book(directory: Path) -> str:
    """The whole text for the catalogue in that directory, selectors of OpenShift."""
    catalogue = load_catalogue([directory])
    tiers = ", ".join(f"{tier} {words}" for tier, words in TIERS.items())
    parts = [f"{_INTRO}{tiers}.", *_counts(catalogue)]
    for domain in catalogue.domains:
        parts += _domain(domain, catalogue.of_domain(domain))
    return "\n".join([*parts, *_retired(directory / RETIRED)]) + "\n"


def _counts(catalogue: Catalogue) -> Iterator[str]:
    families = sum(metric.kind == "histogram" for metric in catalogue.metrics)
    yield f"\n{len(catalogue.metrics)} metrics, {families} of them bucket families:\n"
    yield from _table(
        ("domain", "metrics"), [(name, str(len(catalogue.of_domain(name)))) for name in catalogue.domains]
    )


def _domain(domain: str, metrics: Sequence[Metric]) -> Iterator[str]:
    yield f"\n## {domain}"
    ordered = sorted(metrics, key=lambda metric: metric.category)
    for category, group in groupby(ordered, key=lambda metric: metric.category):
        yield f"\n### {domain}: {category}\n"
        heads = ("name", "unit", "labels", "objective", "what it measures")
        yield from _table(heads, [_row(metric) for metric in group])


def _row(metric: Metric) -> tuple[str, ...]:
    objective = f"{metric.objective.value:g} ({metric.objective.tier})" if metric.objective else ""
    kind = "" if metric.kind == "gauge" else f" ({metric.kind})"
    said = f"**{metric.title}**{kind}. {metric.description}"
    return f"`{metric.name}`", metric.unit, ", ".join(metric.labels), objective, said


def _retired(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["state"] == "retired"]
    yield "\n## Names that were retired\n"
    yield "Names and categories of the analyzer that ocpperf succeeds are kept, except these:\n"
    yield from _table(
        ("name", "domain", "successor", "reason"),
        [(f"`{row['name']}`", row["domain"], _named(row["successor"]), row["reason"]) for row in rows],
    )


def _named(successor: str) -> str:
    return f"`{successor}`" if successor else "none"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    yield from (f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)


if __name__ == "__main__":
    FILE.write_text(book(metrics_directory()), encoding="utf-8")
