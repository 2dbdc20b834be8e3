"""What one report may take of a model: tokens, money and time."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from ocpperf_mcp.agent import notes
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.settings import ModelSettings

ANSWER = 4000
"""Tokens that one answer may have."""
_MILLION = 1_000_000


class Withheld(Exception):  # noqa: N818 - no error: the rules' text takes the place
    """The model has no words for this report; `note` says why."""

    def __init__(self, note: str) -> None:
        self.note = note
        super().__init__(note)


@dataclass
class Budget:
    """Filled by each call; prices are those of a million tokens."""

    tokens: int
    seconds: float
    cost: float | None = None
    price_in: float = 0.0
    price_out: float = 0.0
    clock: Callable[[], float] = monotonic
    sent: int = 0
    answered: int = 0

    def __post_init__(self) -> None:
        self.until = self.clock() + self.seconds

    def remaining_s(self) -> float:
        """Raises Withheld when the time is over."""
        left = self.until - self.clock()
        if left <= 0:
            raise Withheld(notes.TOO_LATE)
        return left

    def allow(self, prompt: int) -> int:
        """Tokens that the answer to a prompt of so many may have. Raises Withheld where even the prompt is too much."""
        left = min(ANSWER, self.tokens - self.sent - self.answered - prompt)
        if left < ANSWER // 4:
            raise Withheld(notes.TOKENS)
        if self.cost is not None and self._costs(self.sent + prompt, self.answered + left) > self.cost:
            raise Withheld(notes.COST)
        return left

    def spend(self, sent: int, answered: int) -> None:
        self.sent += sent
        self.answered += answered

    def _costs(self, sent: int, answered: int) -> float:
        return (sent * self.price_in + answered * self.price_out) / _MILLION


def budget_of(settings: ModelSettings) -> Budget:
    """Raises OcpperfError where a cost is limited and prices are not known."""
    if settings.llm_max_cost is not None and None in (settings.llm_price_in, settings.llm_price_out):
        raise OcpperfError(
            "OCPPERF_LLM_MAX_COST is set, and what a token costs is not known.",
            "Set OCPPERF_LLM_PRICE_IN and OCPPERF_LLM_PRICE_OUT, each for a million tokens.",
        )
    return Budget(
        settings.llm_max_tokens,
        settings.llm_timeout.total_seconds(),
        settings.llm_max_cost,
        settings.llm_price_in or 0.0,
        settings.llm_price_out or 0.0,
    )
