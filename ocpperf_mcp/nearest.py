"""The known word that a mistyped one was meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches

_SHOWN = 12


def meant(word: str, known: Iterable[str], what: str) -> str:
    """The next step for somebody who wrote `word`: the nearest of the known words, else the first of them."""
    words = sorted(set(known))
    if close := get_close_matches(word, words, n=1, cutoff=0.55):
        return f"Did you mean '{close[0]}'?"
    if not words:
        return f"There is no {what} yet."
    more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    return f"Known: {', '.join(words[:_SHOWN])}{more}."
