"""What became of one rule in the hours of a run, in the words of a check's result."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from ocpperf_assets.assets.judged.judge import Rows
from ocpperf_assets.assets.markdown import table

_FAILING = ("critical", "warning")
_NAMED = 10
"""Entities named in place; the UI shows tables only behind a link."""


@dataclass(frozen=True)
class Verdict:
    """Findings, worst first, and hours. Without an argument: that of a rule nothing is known of."""

    findings: Rows = field(default_factory=list)
    """What nobody has acknowledged."""
    acknowledged: Rows = field(default_factory=list)
    collected_hours: int = 0
    """Hours of the run of which anything was collected."""
    inapplicable_hours: int = 0
    """Hours in which the cluster did not have what the rule judges, or an override switched it off."""
    lacking: Mapping[str, int] = field(default_factory=dict)
    """Hours in which it could not be judged, by the reason."""

    @property
    def worst(self) -> str | None:
        """The highest severity that nobody has acknowledged."""
        return str(self.findings[0]["severity"]) if self.findings else None

    @property
    def judged_hours(self) -> int:
        return self.collected_hours - self.inapplicable_hours - sum(self.lacking.values())

    @property
    def could_be_judged(self) -> bool:
        """Whether silence would mean health, in every hour."""
        return self.collected_hours > 0 and not self.lacking

    @property
    def passed(self) -> bool:
        return self.worst not in _FAILING and self.could_be_judged

    @property
    def word(self) -> str:
        """The severity, or what there is instead of one."""
        if self.worst:
            return self.worst
        if not self.could_be_judged:
            return "not evaluated"
        if self.acknowledged:
            return "acknowledged"
        return "silent" if self.judged_hours else "not applicable"

    @property
    def sentence(self) -> str:
        """The worst finding, what is acknowledged, what could not be judged; that it was silent when it was."""
        parts = [self.findings[0]["summary"]] if self.findings else []
        if self.acknowledged:
            parts.append(f"Acknowledged: {', '.join(finding['entity'] for finding in self.acknowledged)}.")
        if not self.could_be_judged:
            parts.append(self._not_evaluated())
        return " ".join(parts) or self._silent()

    @property
    def metadata(self) -> Mapping[str, Any]:
        told: dict[str, Any] = {
            "verdict": self.word,
            "findings": len(self.findings),
            "hours judged": f"{self.judged_hours} of {self.collected_hours}",
        }
        if self.findings:
            told["entities"] = _named(self.findings)
            told["found"] = dg.MetadataValue.md(_listed(self.findings))
        if self.acknowledged:
            told["acknowledged"] = dg.MetadataValue.md(_listed(self.acknowledged))
        if not self.could_be_judged:
            told["not evaluated"] = self._not_evaluated()
        return told

    def _not_evaluated(self) -> str:
        if not self.collected_hours:
            return "Not evaluated: nothing was collected."
        reasons = "; ".join(f"{reason} ({hours})" for reason, hours in self.lacking.items())
        return f"Not evaluated in {sum(self.lacking.values())} of {self.collected_hours} hours: {reasons}."

    def _silent(self) -> str:
        if not self.judged_hours:
            return "Not evaluated: the cluster does not have what it judges, or an override switches it off."
        return f"Silent in all {self.judged_hours} hours, every one of them judged."


def verdict_of(windows: Rows, findings: Rows) -> Verdict:
    """`windows`: hours of each window of the run; `findings`: those of every window, so that one may come twice."""
    lacking: Counter[str] = Counter()
    for window in windows:
        lacking.update({lack["reason"]: lack["hours"] for lack in window["lacking"] or ()})
    once = list({finding["finding_id"]: finding for finding in findings}.values())
    return Verdict(
        findings=[finding for finding in once if not finding["acknowledged"]],
        acknowledged=[finding for finding in once if finding["acknowledged"]],
        collected_hours=sum(window["collected_hours"] for window in windows),
        inapplicable_hours=sum(window["inapplicable_hours"] for window in windows),
        lacking=lacking,
    )


def _named(findings: Rows) -> str:
    """Each entity with its severity and the id of its finding."""
    more = [f"{len(findings) - _NAMED} more"] if len(findings) > _NAMED else []
    named = [f"{row['entity']} ({row['severity']}, {row['finding_id']})" for row in findings[:_NAMED]]
    return ", ".join([*named, *more])


def _listed(findings: Rows) -> str:
    """Id, severity, entity, beginning and what was said of it, and how to read on of the worst."""
    worst = findings[0]["finding_id"]
    shown = table(
        ("finding", "severity", "entity", "since (UTC)", "note"),
        [
            (row["finding_id"], row["severity"], row["entity"], row["since"], row["acknowledged_because"] or "")
            for row in findings
        ],
        rest="rpt_findings",
    )
    return f"{shown}\n\n`ocpperf sql \"select causes, actions from rpt_findings where finding_id = '{worst}'\"`"
