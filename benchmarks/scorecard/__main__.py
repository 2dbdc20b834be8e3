"""`python -m benchmarks.scorecard`: precision and recall of the findings on simulated clusters.

A fault run is one cluster with all scenarios one after the other, a quiet run one of normal life; each takes minutes.
Exit codes: 0 every goal is kept, 1 one is missed, 2 nothing could be measured.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence, Set
from pathlib import Path

from benchmarks.ground import knowledge
from benchmarks.scorecard.page import Card, Quiet, render
from benchmarks.scorecard.plan import make_plan, read_scenarios
from benchmarks.scorecard.runs import UPGRADE_AT, Stage
from benchmarks.scorecard.score import Score, score_run
from demo.scenario import FOLDER, Scenario
from ocpperf_mcp.contracts.errors import OcpperfError

FIRST_SEED, FIRST_QUIET_SEED = 2, 102
"""The tests simulate with 1: limits that were set on it are not measured on it."""
QUIET_HOURS = 24


def shipped() -> list[Path]:
    """The demo's own folders of scenarios."""
    return sorted(FOLDER.parent.glob(f"{FOLDER.name}*"))


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scorecard", description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="fault runs")
    parser.add_argument("--quiet-seeds", type=int, default=5, help="quiet runs")
    parser.add_argument("--scenarios", type=Path, nargs="+", default=shipped(), metavar="DIR", help="of scenario files")
    parser.add_argument("--hours-before", type=int, default=24, help="hours without a fault at the start")
    parser.add_argument("--hours-between", type=int, default=2, help="from the start of a scenario to the next")
    parser.add_argument("--workers", type=int, default=4, help="worker nodes of each cluster")
    parser.add_argument("--root", type=Path, default=Path(".benchmarks/scorecard"), help="directory to work in")
    parser.add_argument("--out", type=Path, default=Path("docs/scorecard.md"), help="page to write")
    return parser.parse_args(arguments)


def fault_runs(stage: Stage, scenarios: Sequence[Scenario], chosen: argparse.Namespace) -> Iterator[Score]:
    for seed in range(FIRST_SEED, FIRST_SEED + chosen.seeds):
        plan = make_plan(scenarios, seed, hours_before=chosen.hours_before, hours_between=chosen.hours_between)
        _say(f"Seed {seed}: {len(scenarios)} scenarios in {plan.hours} hours")
        findings = stage.run(f"fault-{seed}", seed, plan.hours, plan.scenarios)
        yield score_run(f"seed {seed}", plan.expectations(), findings)


def quiet_runs(stage: Stage, count: int) -> Iterator[Quiet]:
    for seed in range(FIRST_QUIET_SEED, FIRST_QUIET_SEED + count):
        _say(f"Seed {seed}: {QUIET_HOURS} quiet hours")
        yield Quiet(f"seed {seed}", stage.run(f"quiet-{seed}", seed, QUIET_HOURS, (), upgrade_after=UPGRADE_AT))


def head(scenarios: Sequence[Scenario], chosen: argparse.Namespace, rules: Set[str]) -> Iterator[str]:
    """What the result rests on."""
    expected = {each.rule for one in scenarios for each in one.expect}
    life = f"; {QUIET_HOURS} hours each, with an upgrade" if chosen.quiet_seeds else ""
    yield f"- scenarios ({len(scenarios)}): {', '.join(sorted(one.name for one in scenarios))}"
    yield (
        f"- fault runs: {_seeds(FIRST_SEED, chosen.seeds)}; first {chosen.hours_before} hours without a fault, then "
        f"the scenarios, {chosen.hours_between} hours apart or more, in an order of the seed, two of them at once"
    )
    yield f"- quiet runs: {_seeds(FIRST_QUIET_SEED, chosen.quiet_seeds)}{life}"
    yield f"- clusters: three control-plane nodes, two infra nodes, {chosen.workers} workers"
    yield f"- rules: a scenario expects {len(expected & rules)} of {len(rules)}; of the others recall says nothing"


def measure(chosen: argparse.Namespace) -> Card:
    scenarios = read_scenarios(chosen.scenarios)
    families = {rule.rule: rule.domain for rule in knowledge().rules}
    stage = Stage(chosen.root.resolve(), chosen.workers)
    score = sum(fault_runs(stage, scenarios, chosen), Score())
    quiet = tuple(quiet_runs(stage, chosen.quiet_seeds))
    return Card(score, quiet, families, tuple(head(scenarios, chosen, families.keys())))


def main() -> int:
    chosen = options()
    try:
        card = measure(chosen)
    except OcpperfError as fault:
        print(f"{fault.what}\n  {fault.next_step}", file=sys.stderr)
        return 2
    chosen.out.write_text(render(card), encoding="utf-8")
    for goal in card.goals():
        _say(f"  {goal.name:<36}{goal.measured:<14}{goal.goal}{'' if goal.kept is not False else ': missed'}")
    _say(f"What failed, by name: {chosen.out}")
    return 0 if card.is_good else 1


def _seeds(first: int, count: int) -> str:
    numbers = ", ".join(str(seed) for seed in range(first, first + count))
    return f"{'seed' if count == 1 else 'seeds'} {numbers}" if count else "none"


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
