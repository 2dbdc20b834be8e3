"""The graph's nodes: gather, analyse, draft, check, render. Each reads the state and gives what it adds."""

from dataclasses import dataclass
from typing import Literal

from langchain_core.messages import HumanMessage, SystemMessage

from ocpperf_mcp.agent import notes
from ocpperf_mcp.agent.aliases import Aliases, aliases_of
from ocpperf_mcp.agent.budget import Withheld
from ocpperf_mcp.agent.by_rules import by_rules
from ocpperf_mcp.agent.chat_model import ChatModel, Progress
from ocpperf_mcp.agent.dossier import INSTRUCTIONS, data_text
from ocpperf_mcp.agent.draft import faults_of, narrative_of, unknown_actions
from ocpperf_mcp.agent.gathering import verdicts
from ocpperf_mcp.agent.state import State
from ocpperf_mcp.contracts.paths import Home

CORRECTIONS = 2
"""How often a draft is sent back."""
_SHOWN = 20


@dataclass(frozen=True)
class Nodes:
    """`model` is None where no model is asked."""

    home: Home
    model: ChatModel | None
    is_aliased: bool
    progress: Progress

    async def gather(self, state: State) -> State:
        self.progress("Asking the tools for findings.")
        found, not_judged = await verdicts(self.home, state["report"])
        return {"found": found, "not_judged": not_judged}

    def analyse(self, state: State) -> State:
        """What the rules hold to be a finding, as it is sent. A finding that was published meanwhile waits."""
        report = state["report"]
        if self.model is None:
            return {"drafts": 0}
        aliases = aliases_of(report) if self.is_aliased else Aliases({})
        standing = tuple(one for one in report.findings if one.finding_id in state["found"])
        data = data_text(report.model_copy(update={"findings": standing}), state["not_judged"])
        sent = [SystemMessage(INSTRUCTIONS), HumanMessage(aliases.hide(data))]
        return {"aliases": aliases, "messages": list(sent), "drafts": 0}

    async def draft(self, state: State) -> State:
        """Ask the model for its words, or again with what is wrong with them."""
        if self.model is None:
            return {"draft": None}
        number = state["drafts"] + 1
        self.progress(f"{self.model.name} writes{f', correction {number - 1}' if number > 1 else ''}.")
        try:
            draft, answer = await self.model.draft(state["messages"], state["aliases"], self.progress)
        except Withheld as why:
            return {"draft": None, "note": why.note, "wrong": ()}
        if isinstance(draft, str):
            return {"draft": None, "drafts": number, "messages": [answer], "wrong": (draft,), "note": notes.UNREADABLE}
        return {"draft": draft, "drafts": number, "messages": [answer], "wrong": (), "note": ""}

    def check(self, state: State) -> State:
        """Hold the draft against the report; what does not agree goes back to the model."""
        draft, report = state.get("draft"), state["report"]
        if self.model is None or state.get("note") not in ("", notes.UNREADABLE):
            return {}
        wrong = [*state["wrong"]]
        if draft is not None:
            wrong = unknown_actions(draft, report)
            if not wrong:
                narrative = narrative_of(draft, report, self.model.name)
                wrong = faults_of(report.model_copy(update={"narrative": narrative}))
        if not wrong:
            return {"wrong": ()}
        self.progress(f"{len(wrong)} statements do not agree with the report.")
        note = notes.UNCHECKED if draft is not None else notes.UNREADABLE
        sent = "\n".join(
            ["This does not agree with the data. Mend it and answer with the whole Draft:", *wrong[:_SHOWN]]
        )
        return {"wrong": tuple(wrong), "note": note, "messages": [HumanMessage(state["aliases"].hide(sent))]}

    def onward(self, state: State) -> Literal["draft", "render"]:
        """Back to the model while something is wrong and may still be mended."""
        is_open = bool(state.get("wrong")) and state["drafts"] <= CORRECTIONS
        return "draft" if is_open else "render"

    def render(self, state: State) -> State:
        """The model's words where all of them hold, else those of the rules."""
        draft, report = state.get("draft"), state["report"]
        if draft is None or state.get("wrong") or self.model is None:
            narrative = by_rules(report, state.get("note", ""))
        else:
            narrative = narrative_of(draft, report, self.model.name)
        return {"report": report.model_copy(update={"narrative": narrative})}
