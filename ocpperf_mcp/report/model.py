"""The report as data: what every renderer shows, and nothing else.

Times are UTC. A number stands with its unit, the text by which it is shown and, where it is claimed of the cluster, the
id of its claim: `Report.claims` says where each came from.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, WithJsonSchema

from ocpperf_mcp.contracts.tools import OF_ANALYZER
from ocpperf_mcp.contracts.windows import Window

LAYOUT = 1
"""Raised when a reader of earlier reports would misread a new one."""

Number = Annotated[
    float,
    WithJsonSchema({"anyOf": [{"type": "number"}, {"enum": ["Infinity", "-Infinity"]}]}),
]
State = Literal["critical", "warning", "healthy", "unknown"]
"""`unknown`: too little could be judged to call it healthy."""
Mark = Literal["critical", "warning", "top"]
Severity = Literal["critical", "warning", "info"]
Horizon = Literal["now", "days", "weeks", "months"]
"""By when an action can be done: at once; by a change; with a maintenance window or a roll-out; with new hardware."""
Kind = Literal["text", "number", "moment"]
ObjectiveVerdict = Literal["met", "possibly missed", "missed"]
"""Of what could be judged; a latency's buckets may leave it open."""


class Part(BaseModel):
    """A piece of the report; numbers that JSON lacks are written as texts."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")


class Span(Part):
    """A half-open window of time, with the name of the run where it has one."""

    start: AwareDatetime
    end: AwareDatetime
    name: str = ""

    @property
    def window(self) -> Window:
        return Window(self.start, self.end)


class Value(Part):
    """One thing shown: a text, and the number or moment behind it. `marks` may hold a severity and `top` together."""

    text: str
    number: Number | None = None
    unit: str = ""
    moment: AwareDatetime | None = None
    claim: str | None = None
    marks: tuple[Mark, ...] = ()


class Claim(Part):
    """A number that the report states of the cluster, with everything that is needed to compute it again.

    `relation` names what of the warehouse it was read from: the rows of `metric`, `entity` and `part` within `window`,
    or the finding that `reference` names. Samples are those of the thing within the window; None where they are not
    counted one by one, as of a metric whose every change is stored.
    """

    claim_id: str
    cluster: str
    relation: str
    reference: str = ""
    metric: str
    statistic: str
    entity_kind: str
    entity: str
    part: str = ""
    window: Span
    value: Number | None
    unit: str
    samples_expected: int | None = None
    samples_found: int | None = None
    expr_hashes: tuple[str, ...] = ()
    """Of the expressions that collected the metric in the window; two mean that it changed within it."""


class MetricSource(Part):
    """What the catalogue says of a metric that is claimed: how the cluster's Prometheus was asked for it."""

    cluster: str
    metric: str
    title: str
    domain: str
    kind: str
    unit: str
    expression: str
    """PromQL, as it is sent."""
    step_s: int
    window_s: int
    expr_hash: str
    description: str = ""


class ClusterFacts(Part):
    """What is known of a cluster: its version, and how many nodes bear each role."""

    cluster: str
    version: str = ""
    nodes: dict[str, int] = {}


class Data(Part):
    """What the report rests on."""

    cluster: str
    as_of: AwareDatetime | None = None
    """End of what was collected of the cluster."""
    hours: int
    """Closed hours that the window has."""
    hours_collected: int
    coverage: float | None = None
    """Mean over metrics and hours of what was collected of what was expected."""
    metrics: int = 0
    metrics_answered: int = 0
    metrics_empty: int = 0
    metrics_failed: int = 0
    published_at: AwareDatetime | None = None
    catalogue: str = ""
    """Hash over the catalogue's expressions and the rules' limits."""


class AnalyzerState(Part):
    """How one analyzer's part of a cluster stands."""

    cluster: str
    analyzer: str
    state: State
    critical: int
    warning: int
    info: int
    acknowledged: int
    rules: int
    """Those that apply to the cluster."""
    rules_unjudged: int
    """Those of them that could not be judged in some hour."""
    judged: float
    """Share of the hours of these rules that could be judged."""
    reason: str
    """One sentence."""


class Action(Part):
    """Something to run or to change."""

    command: str = ""
    change: str = ""
    precondition: str = ""
    risk: str = ""
    horizon: Horizon | None = None
    """None where the rule names none, as rules of one's own may, and of a warehouse of an older ocpperf."""


class RootCause(Part):
    """A cause that a finding is consistent with; `rivals` are the others that the same signs speak for."""

    cause: str
    title: str
    strength: int
    statement: str
    evidence: tuple[str, ...] = ()
    """Ids of findings."""
    rivals: tuple[str, ...] = ()
    check_command: str = ""
    check_tells: str = ""


class Finding(Part):
    """An episode in which a rule fired on one thing, or what else `kind` tells of."""

    finding_id: str
    kind: str
    cluster: str
    severity: Severity
    rule: str
    analyzer: str
    metric: str
    entity_kind: str
    entity: str
    node: str | None = None
    start: AwareDatetime
    end: AwareDatetime
    open: bool
    provisional: bool = False
    certainty: str
    observed: Value
    limit: Value
    tier: str
    source: str
    coverage: float | None = None
    held_s: int
    """For how long the worst level held, in seconds."""
    during: str = ""
    raised_by: str = ""
    acknowledged: bool = False
    acknowledged_because: str = ""
    summary: str
    common_causes: tuple[str, ...] = ()
    root_causes: tuple[RootCause, ...] = ()
    actions: tuple[Action, ...] = ()


class Event(Part):
    """Something that happened at a moment, or lasted: upgrades and reboots have an end."""

    cluster: str
    kind: str
    start: AwareDatetime
    end: AwareDatetime | None = None
    entity: str
    node: str | None = None
    summary: str


class Line(Part):
    """Values of one thing, one for each piece of the chart's window; None where there was none."""

    label: str
    values: tuple[Number | None, ...]
    before: tuple[Number | None, ...] = ()
    """Of the comparison window, piece by piece from its start; empty without one."""


class Chart(Part):
    """How a metric moved: pieces of `width_s` seconds from `window.start` on."""

    key: str
    title: str
    metric: str
    unit: str
    statistic: str
    window: Span
    width_s: int
    lines: tuple[Line, ...]
    limit: Number | None = None
    """The objective, or the limit that was broken."""
    limit_label: str = ""
    node: str | None = None
    """Of the thing, whose events are marked first."""
    verdict: ObjectiveVerdict | None = None
    """On the objective, where the chart is of one and of no finding."""
    findings: tuple[str, ...] = ()


class Column(Part):
    key: str
    title: str
    kind: Kind = "text"


class Table(Part):
    """Rows in the order in which they tell most; `rows_in_all` of them there were."""

    key: str
    title: str = ""
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    rows_in_all: int


class Section(Part):
    """A heading with sentences and tables."""

    key: str
    title: str
    text: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


def _known(analyzer: str) -> str:
    if analyzer != "all" and analyzer not in OF_ANALYZER:
        raise ValueError("there is no such analyzer")
    return analyzer


class Sentence(Part):
    """Of the executive summary: what it answers, and the findings and claims it rests on."""

    about: Literal["state", "worst", "changed", "cause", "action", "certainty"]
    text: str
    findings: tuple[str, ...] = ()


class Step(Part):
    """What to do, in the words of the finding that it follows from, and why in this place of the order."""

    finding: str
    what: str
    why: str = ""


class Judgement(Part):
    """What its author takes for the root cause."""

    cause: str
    confidence: Literal["low", "medium", "high"]
    rivals: tuple[str, ...] = ()
    evidence: Annotated[tuple[str, ...], Field(min_length=1)]
    """Ids of findings."""


class Narrative(Part):
    """The report in prose. Its figures are those of the report, against which it was checked."""

    author: str
    """`rules`, or the name of the language model that wrote it."""
    summary: str
    explanation: str = ""
    steps: tuple[Step, ...] = ()
    judgement: Judgement | None = None
    note: str = ""
    """Why the rules wrote it although a model was asked."""


class Report(Part):
    """All of it. Of a fleet there are several clusters, and no levels of a single one."""

    layout: int = LAYOUT
    title: str
    scope: Literal["cluster", "fleet"]
    analyzer: Annotated[str, AfterValidator(_known)]
    """`all`, or the one it is about."""
    top: Annotated[int, Field(ge=1, le=500)]
    """How many things of each metric and role its tables show."""
    window: Span
    typed: Span | None = None
    """The window as it was asked for, where its whole closed hours are another."""
    against: Span | None = None
    """The window it is compared with."""
    clusters: Annotated[tuple[ClusterFacts, ...], Field(min_length=1)]
    data: tuple[Data, ...]
    """Of each cluster."""
    state: State
    states: tuple[AnalyzerState, ...]
    summary: tuple[Sentence, ...]
    notes: tuple[str, ...] = ()
    """What the reader must know of the window: where it was cut or widened, and where the data end before it."""
    findings: tuple[Finding, ...] = ()
    events: tuple[Event, ...] = ()
    sections: tuple[Section, ...] = ()
    charts: tuple[Chart, ...] = ()
    metrics: tuple[MetricSource, ...] = ()
    """Of every claim."""
    claims: tuple[Claim, ...] = ()
    narrative: Narrative | None = None
    """Where one was asked for."""
