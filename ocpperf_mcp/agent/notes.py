"""Why the rules' text stands where a model was asked: the only sentences a narrative's note may be."""

from typing import Final

_INSTEAD: Final = "the text is that of the rules."
UNCHECKED: Final = f"What the model wrote did not agree with the report after two corrections; {_INSTEAD}"
UNREADABLE: Final = f"What the model answered could not be read after two corrections; {_INSTEAD}"
TOO_LATE: Final = f"The model did not answer within OCPPERF_LLM_TIMEOUT; {_INSTEAD}"
UNREACHED: Final = f"The connection to the model's API failed; {_INSTEAD}"
REFUSED: Final = f"The model's API refused the request; {_INSTEAD}"
BUSY: Final = f"The model's API was overloaded or allowed no more requests; {_INSTEAD}"
BROKEN: Final = f"The model's API failed; {_INSTEAD}"
DECLINED: Final = f"The model declined to write about the report; {_INSTEAD}"
FILTERED: Final = f"The API's content filter stopped the model's answer; {_INSTEAD}"
CUT: Final = f"The model's answer was longer than one answer may be; {_INSTEAD}"
TOKENS: Final = f"The report would have taken more than OCPPERF_LLM_MAX_TOKENS; {_INSTEAD}"
COST: Final = f"The report would have cost more than OCPPERF_LLM_MAX_COST; {_INSTEAD}"
NOTES: Final = frozenset(
    {UNCHECKED, UNREADABLE, TOO_LATE, UNREACHED, REFUSED, BUSY, BROKEN, DECLINED, FILTERED, CUT, TOKENS, COST}
)
