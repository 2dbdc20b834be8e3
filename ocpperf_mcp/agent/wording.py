"""Words of prose that say something by themselves, as patterns."""

import re


def spoken(phrases: str) -> re.Pattern[str]:
    """Any of the phrases as whole words, in either case. Commas separate them; each may be a regular expression."""
    return re.compile(rf"\b(?:{'|'.join(one.strip() for one in phrases.split(','))})\b", re.IGNORECASE)


HEALTHY = spoken(
    r"healthy, in order, all clear, in good shape, fine, normal, "
    r"no (?:\w+ )?(?:problem|issue|fault|bottleneck|concern|finding)s?"
)
SEVERITY = spoken("critical, warning, unknown")
OVERALL = spoken("cluster, platform, overall, everything, system, state, environment, fleet, all")
FAULT = spoken(
    r"slow\w*, bottlenecks?, breach\w*, exceed\w*, saturat\w*, critical, overload\w*, suffer\w*, starv\w*, short of, "
    r"exhaust\w*, too little, (?:over|above) (?:its|their|the), fault\w*, busy, missed, degraded, struggl\w*, fail\w*, "
    r"broken"
)
LIES = spoken(r"(?:it|they|which|that|one|both) (?:is|was|are|were|lies?) (?:on|under|at|in)")
TO_DO = spoken(
    "move, restart, drain, look, check, replace, cordon, reboot, add, scale, give, run, inspect, free, defragment, "
    "measure, debug, migrate, lower, raise, limit, evict"
)
OPEN = spoken("still (?:open|going on|ongoing|active|firing|over|above), ongoing, has not ended, persists")
CLOSED = spoken("resolved, has ended, is over, no longer, recovered, went away, back to normal")
UP = spoken(
    r"r[oi]se(?:s|n)?, rising, increas\w+, grow(?:s|n|ing)?, grew, climb\w*, jump\w*, surg\w+, doubled, tripled, "
    r"quadrupled, spik\w+, soar\w*, went up, higher than before"
)
DOWN = spoken(
    r"f[ae]ll(?:s|en|ing)?, drop(?:ped|s|ping)?, decreas\w+, declin\w+, shr[aiu]nk\w*, halved, went down, "
    r"lower than before, dipped, reduced"
)
WORSE = spoken(r"worse\w*, deteriorat\w+, degrad(?:ed|ing), regress\w+")
BETTER = spoken(r"better, improv\w+, recover(?:ed|ing), eased")
STILL = spoken("unchanged, stable, steady, flat, constant, did not change, no change")
AHEAD = spoken(
    r"trend\w*, forecast\w*, predict\w*, on course, heading (?:for|towards), at this rate, steadily, gradually, "
    r"progressively, continu\w+ to, keeps? (?:on )?\w+ing, daily, weekly, every (?:day|night|week), recurr\w+, "
    r"periodic\w*, will (?:soon )?(?:fill|exhaust|run|reach|exceed|rise|grow|fail|break)"
)
UNTIL = spoken("once, if, whether, make sure, confirm, verify, check, provided, unless, until")
ADVICE = spoken(
    r"should, would, could, may, might, can, must, to (?:get|make|bring|let), if, whether, likely, before it, until it"
)
TROUBLE = spoken(
    r"over, above, exceed\w*, busy, slow, short, affected, findings?, problems?, limits?, warnings?, critical"
)
VAGUE = spoken("dozens?, hundreds, thousands, millions, billions, thirds?, quarters?, fifths?, tenths?, couple")
MULTIPLES = {"doubled": (1.75, 2.5), "tripled": (2.5, 3.5), "quadrupled": (3.5, 4.5), "halved": (0.4, 0.6)}
"""Words of change, and between which ratios of after to before they hold."""
