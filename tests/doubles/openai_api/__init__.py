"""A double of OpenAI's chat completions: real HTTP, streamed as the real one streams, scripted answers."""

from tests.doubles.openai_api.answers import Answer, Cut, Declined, Fault, Filled, Garbled, Said, Slow
from tests.doubles.openai_api.dialects import Dialect, Refusal
from tests.doubles.openai_api.server import Scripted, serving_model

__all__ = [
    "Answer",
    "Cut",
    "Declined",
    "Dialect",
    "Fault",
    "Filled",
    "Garbled",
    "Refusal",
    "Said",
    "Scripted",
    "Slow",
    "serving_model",
]
