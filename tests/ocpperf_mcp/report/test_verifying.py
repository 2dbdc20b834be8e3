"""A report is held against the warehouse: what was changed in it, or is no longer so, is told."""

import json
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.report.as_json import as_json, read_json
from ocpperf_mcp.report.gather import gather
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.report.verify import Verification, verify
from ocpperf_mcp.warehouse import open_published
from tests.ocpperf_mcp.report.conftest import FAULTY

Change = Callable[[dict[str, Any]], None]
Verified = Callable[[Change], Verification]


@pytest.fixture(scope="module")
def verified(case_home: Home, faulty_hours: Report) -> Iterator[Verified]:
    """Holds the report, changed, against the one that the warehouse gives now."""
    with open_published(case_home) as con:
        again = gather(con, FAULTY)

        def readable(number: float, unit: str) -> str:
            return str(con.execute("select readable(?, ?)", [number, unit]).fetchall()[0][0])

        def hold(change: Change) -> Verification:
            written = json.loads(as_json(faulty_hours))
            change(written)
            return verify(read_json(json.dumps(written), "report.json"), again, readable)

        yield hold


def claim(written: dict[str, Any]) -> dict[str, Any]:
    """That n1's fsync was slow."""
    return next(
        dict_
        for dict_ in written["claims"]
        if (dict_["metric"], dict_["entity"], dict_["statistic"]) == ("fsync", "n1", "P99")
    )


def cell(written: dict[str, Any]) -> dict[str, Any]:
    """The same in the table of objectives."""
    return dict(written["sections"][1]["tables"][0]["rows"][0][3])


def put(written: dict[str, Any], **changed: Any) -> None:
    written["sections"][1]["tables"][0]["rows"][0][3].update(changed)


def to_do(written: dict[str, Any]) -> list[dict[str, Any]]:
    """Tables of what to do, by horizon."""
    return cast("list[dict[str, Any]]", written["sections"][0]["tables"])


def of_alert(written: dict[str, Any], column: int) -> dict[str, Any]:
    """A cell of the one alert that fired."""
    (section,) = (one for one in written["sections"] if one["key"] == "alerts")
    return cast("dict[str, Any]", section["tables"][0]["rows"][0][column])


def alert_claim(written: dict[str, Any], column: int) -> dict[str, Any]:
    return next(one for one in written["claims"] if one["claim_id"] == of_alert(written, column)["claim"])


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda written: claim(written).update(value=0.005), "P99 of fsync of n1"),
        (lambda written: claim(written).update(samples_found=1), "P99 of fsync of n1, samples_found"),
        (lambda written: claim(written).update(expr_hashes=["0"]), "P99 of fsync of n1, expr_hashes"),
        (lambda written: claim(written).update(entity="n2"), "P99 of fsync of n2"),
        (lambda written: written["claims"].remove(claim(written)), "P99 of fsync of n1"),
        (lambda written: put(written, text="5 ms"), "sections/1/tables/0/rows/0/3/text"),
        (lambda written: put(written, number=0.005), "sections/1/tables/0/rows/0/3/number"),
        (lambda written: put(written, marks=[]), "sections/1/tables/0/rows/0/3/marks"),
        (lambda written: written["findings"][0].update(severity="info"), "findings/0/severity"),
        (lambda written: written["findings"].pop(), "findings"),
        (lambda written: written["states"][0].update(state="healthy"), "states/0/state"),
        (lambda written: written.update(state="healthy"), "state"),
        (lambda written: written["summary"][0].update(text="All is well."), "summary"),
        (lambda written: written["charts"][0]["lines"][0]["values"].__setitem__(0, 0.0), "charts/0/lines/0/values/0"),
        (lambda written: written["metrics"][0].update(expression="vector(0)"), "metrics/0/expression"),
        (lambda written: to_do(written).pop(), "roadmap"),
        (lambda written: to_do(written)[0]["rows"][0][1].update(text="oc delete node n1"), "roadmap"),
        (lambda written: written["findings"][0]["actions"][0].update(horizon="now"), "roadmap"),
        (lambda written: of_alert(written, 3).update(number=5), "sections/3/tables/0/rows/0/3/number"),
        (lambda written: of_alert(written, 3).update(text="5"), "sections/3/tables/0/rows/0/3/text"),
    ],
)
def test_what_was_tampered_with_is_named(verified: Verified, change: Change, place: str) -> None:
    assert place in [one.place for one in verified(change).differences]


@pytest.mark.parametrize(("column", "statistic"), [(3, "time it fired"), (4, "beginnings"), (5, "most at once")])
def test_figures_of_alerts_are_claims_and_are_computed_again(verified: Verified, column: int, statistic: str) -> None:
    found = verified(lambda written: alert_claim(written, column).update(value=7))
    assert any(
        one.place.startswith(f"{statistic} of top_alerts of Slow") and one.said[0] == "7" for one in found.differences
    )
    assert found.holding == found.claims - 1


def test_both_what_is_said_and_what_is_held_are_told(verified: Verified) -> None:
    found = verified(lambda written: claim(written).update(value=0.005))
    (one,) = (one for one in found.differences if one.place == "P99 of fsync of n1")
    assert (one.said, one.found) == ("0.005 seconds, 24 of 24 samples", "1.98667 seconds, 24 of 24 samples")
    assert found.holding == found.claims - 1


def test_the_last_digit_of_a_sum_is_no_difference(verified: Verified) -> None:
    def nudge(written: dict[str, Any]) -> None:
        claim(written)["value"] *= 1 + 1e-14
        put(written, number=cell(written)["number"] * (1 + 1e-14))

    assert verified(nudge).differences == []


def test_a_changed_catalogue_is_said_apart(verified: Verified) -> None:
    found = verified(lambda written: written["data"][0].update(catalogue="0"))
    assert (found.differences, found.catalogue_changed) == ([], True)
