"""Claims about what came before what: held against the moments of findings and events."""

import re
from collections.abc import Iterator

from ocpperf_mcp.agent.clauses import Clause, clauses, sentences
from ocpperf_mcp.agent.fact import Fact
from ocpperf_mcp.agent.facts import Facts
from ocpperf_mcp.agent.lexicon import SPOKEN

Said = tuple[str, str]
_WHY = "the report's times do not say that order"
_EARLIER, _LATER, _TOGETHER = "earlier", "later", "together"
_RELATIONS = ((SPOKEN.together, _TOGETHER), (SPOKEN.earlier, _EARLIER), (SPOKEN.later, _LATER))
_END = re.compile(r"[;:.(]|,\s+(?:which|who|that|where)\b")
_IDLE = re.compile(r"\W*(?:(?:the|its|in|than|that|this|it|as|was|were|is|at|first|a|same|time)\W+)*", re.IGNORECASE)
_FIGURE_FIRST = re.compile(
    r"\s*(?:about |around |at |an? )?(?:\d|\w+ (?:minute|hour|day)s?\b|(?:hour|minute|day)s?\b)", re.I
)


def misordered(prose: str, facts: Facts) -> Iterator[Said]:
    """Orders that the report contradicts, and those of which it knows one side only."""
    earlier = ""
    for sentence in sentences(prose):
        found = _read(sentence, earlier)
        if found is not None:
            left, right, relation, words = found
            if not _holds(left, right, relation, facts):
                yield words, _WHY
        earlier = sentence


def _read(sentence: str, earlier: str) -> tuple[str, str, str, str] | None:
    """Two statements, how the first stands to the second, and the words that say so."""
    for phrases, relation in _RELATIONS:
        for match in phrases.finditer(sentence):
            left, right = sentence[: match.start()], _END.split(sentence[match.end() :], maxsplit=1)[0]
            if _IDLE.fullmatch(left) and "," in right:
                # Before A, B: the later of the two halves stands first.
                first, _, second = right.partition(",")
                left, right = (second, first) if not _is_idle(first) else (earlier, second)
            elif _IDLE.fullmatch(left):
                left = earlier
            if not _is_talk(left, right, sentence):
                return left, right, relation, match[0]
    return None


def _is_talk(left: str, right: str, sentence: str) -> bool:
    """A comparison with the window before, a duration, or an order of actions."""
    first = re.findall(r"[a-z]+", sentence.lower())[:1]
    return (
        not left.strip()
        or _is_idle(right)
        or right.startswith(",")
        or bool(_FIGURE_FIRST.match(right))
        or bool(SPOKEN.demanded.search(sentence))
        or any(bool(SPOKEN.to_do.search(word)) for word in first)
    )


def _is_idle(text: str) -> bool:
    return bool(_IDLE.fullmatch(f"{text} ")) or bool(SPOKEN.of_window.search(text))


def _holds(left: str, right: str, relation: str, facts: Facts) -> bool:
    left_clause, right_clause = _whole(left, facts), _whole(right, facts)
    ones = _meant(left_clause, right_clause, facts)
    others = _meant(right_clause, left_clause, facts)
    if not ones or not others:
        return False
    return all(_stand(one, other, left, right, relation) for one in ones for other in others if one is not other)


def _stand(one: Fact, other: Fact, left: str, right: str, relation: str) -> bool:
    if relation == _TOGETHER:
        return one.span[0] <= other.span[1] and other.span[0] <= one.span[1]
    at, against = (fact.span[1 if SPOKEN.ceased.search(said) else 0] for fact, said in ((one, left), (other, right)))
    return at < against if relation == _EARLIER else at > against


_Side = tuple[frozenset[str], frozenset[str]]


def _whole(text: str, facts: Facts) -> _Side:
    """Things and words of all clauses of a side."""
    found: list[Clause] = list(clauses(text, facts))
    return frozenset(one for clause in found for one in clause.things), frozenset().union(*(one.words for one in found))


def _meant(side: _Side, other: _Side, facts: Facts) -> list[Fact]:
    """Findings and events of what a side names; what it leaves out it has from the other."""
    things, words = side[0] or other[0], side[1] or other[1]
    timed = [fact for fact in facts.facts if fact.finding is not None or fact.is_event]
    shared = {id(fact): len(words & (fact.words | fact.causes)) for fact in timed}
    fitting = [fact for fact in timed if fact.is_event or not things or fact.things & things]
    most = max((len(words & fact.words) for fact in fitting), default=0)
    named = [fact for fact in fitting if len(words & fact.words) == most] if most else []
    by_cause = [fact for fact in fitting if shared[id(fact)]]
    return (named or by_cause) if words else [fact for fact in fitting if fact.finding is not None]
