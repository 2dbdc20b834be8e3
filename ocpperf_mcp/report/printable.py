"""Text of the warehouse as it may be shown anywhere: on one line, without signs that steer a terminal or the eye."""

import unicodedata

_STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_INSTEAD = "\N{REPLACEMENT CHARACTER}"


def printable(text: str) -> str:
    """Line breaks and tabs as spaces; escape sequences, marks of writing direction and the like made visible."""
    spaced = " ".join(text.split())
    if spaced.isprintable():
        return spaced
    return "".join(_INSTEAD if unicodedata.category(sign) in _STEERING else sign for sign in spaced)
