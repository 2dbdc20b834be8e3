"""Cutting a draft to a page: by a number of rows where one was asked for, else by what the reader can afford."""

import json
from typing import Any

from ocpperf_mcp.tools.answer import Answer, Row, Table
from ocpperf_mcp.tools.cursor import Cursor
from ocpperf_mcp.tools.draft import FINDINGS, Draft, written
from ocpperf_mcp.tools.tokens import tokens

BUDGET = 2500
"""Tokens of an answer whose caller gave no limit."""
_CURSOR = 90
"""Tokens kept for `truncated`."""


def page(draft: Draft, cursor: Cursor, limit: int | None) -> Answer:
    """The pieces from the cursor on, as many as the limit allows or the budget affords, one at least."""
    answer = _head(draft)
    pieces = list(draft.items())
    rest = pieces[cursor.shown :]
    left = BUDGET - _CURSOR - cost(answer.payload())
    taken = 0
    for name, piece in rest:
        left -= _add(answer, draft, name, piece, affordable=left if limit is None and taken else None)
        if left < 0 and limit is None and taken:
            break
        taken += 1
        if taken == limit:
            break
    if taken < len(rest):
        answer.truncated = _truncated(draft, cursor.shown + taken, len(pieces), limit)
    return answer


def cost(part: Any) -> int:
    return tokens(dumped(part))


def dumped(part: Any) -> str:
    """JSON as it goes over the wire."""
    return json.dumps(part, separators=(",", ":"), ensure_ascii=False)


def _head(draft: Draft) -> Answer:
    asked = written(draft.window) if draft.window else ""
    return Answer(
        cluster=draft.cluster,
        asked=asked,
        answered="" if draft.answered == asked else draft.answered,
        data_as_of=draft.data_as_of,
        coverage=draft.coverage,
        notes=draft.notes,
        text=draft.text,
    )


def _add(answer: Answer, draft: Draft, name: str, piece: Any, affordable: int | None) -> int:
    """Put a piece on the page unless it costs more than is affordable; answers with its tokens."""
    metric = draft.metric_of(name, piece)
    legend = draft.metrics.get(metric or "") if metric not in answer.metrics else None
    opens = name != FINDINGS and name not in answer.tables
    spent = (
        cost(piece) + 1 + (cost({metric: legend}) if legend else 0) + (cost(draft.columns[name]) + 12 if opens else 0)
    )
    if affordable is not None and spent > affordable:
        return spent
    if legend and metric:
        answer.metrics[metric] = legend
    if name == FINDINGS:
        answer.findings.append(piece)
    else:
        answer.tables.setdefault(name, Table(columns=draft.columns[name], rows=[])).rows.append(piece)
    return spent


def _truncated(draft: Draft, shown: int, total: int, limit: int | None) -> Row:
    reason = f"limit is {limit}" if limit else f"an answer without limit has at most {BUDGET} tokens"
    return {"reason": reason, "shown": shown, "total": total, "cursor": Cursor(shown, draft.window).written()}
