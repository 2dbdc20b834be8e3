"""A double of OpenAI's chat completions: real HTTP, streamed as the real one streams, scripted answers."""

from tests.doubles.openai_api.server import Call, Cut, Fault, Garbled, Said, Scripted, Slow, serving_model

__all__ = ["Call", "Cut", "Fault", "Garbled", "Said", "Scripted", "Slow", "serving_model"]
