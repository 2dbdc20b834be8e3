"""What a report's own sentences count."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ocpperf_mcp.agent.amounts import clock_free
from ocpperf_mcp.agent.lexicon import LEXICON

_PAIR = re.compile(r"\b(\d+) of (?:the |its )?(\d+)\b")
_NUMBER_AND_WORDS = re.compile(
    r"(?<![\d.,])\b(\d+)\b(?![.,]\d|\s*(?:%|of\b|:))(?:\s+([a-z]+))?(?:\s+([a-z]+))?(?:\s+([a-z]+))?", re.I
)


def counts(told: Iterable[str]) -> Mapping[str, frozenset[int]]:
    """By word the numbers that our sentences give it: the words after a number, and those of its sentence before."""
    found: dict[str, set[int]] = defaultdict(set)
    for text in told:
        for sentence in re.split(r"(?<=[.;])\s", clock_free(text)):
            for match in _NUMBER_AND_WORDS.finditer(sentence):
                words = [*match.groups("")[1:], *_nouns(sentence[: match.start()])]
                for word in filter(None, map(singular, words)):
                    found[word].add(int(match[1]))
    return {word: frozenset(numbers) for word, numbers in found.items() if word not in LEXICON.plain}


def pairs(text: str) -> Iterator[tuple[int, int]]:
    yield from ((int(match[1]), int(match[2])) for match in _PAIR.finditer(clock_free(text)))


def singular(word: str) -> str:
    lowered = word.lower()
    return lowered[:-1] if lowered.endswith("s") and not lowered.endswith("ss") else lowered


def _nouns(before: str) -> list[str]:
    """Of `of 4 published objectives: 2 met` the objectives count for the second number too."""
    counted = re.findall(r"\d+ (?:[a-z]+ )?([a-z]+s)\b", before)
    return counted[-1:]
