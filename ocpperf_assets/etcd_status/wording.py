"""Words of etcd and etcdctl that may be repeated: bounded, on one line, and without paths of certificates and keys."""

import json
import re

LONGEST = 300
"""Characters."""
# No address has a slash that neither follows a word nor another slash.
_PATH = re.compile(r"(?<![\w/.])/(?!/)(?:[\w.@%+~-]+/)*[\w.@%+~-]+")


def sayable(text: str) -> str:
    """What may be shown and stored. Addresses of endpoints stay."""
    words = " ".join(_PATH.sub("(a file)", text).split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def last_words(stderr: str) -> str:
    """What etcdctl gave up with: its last line for people, else what its last log line says."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    spoken = [line for line in lines if not line.startswith("{")]
    if spoken or not lines:
        return sayable(spoken[-1] if spoken else "")
    try:
        logged = json.loads(lines[-1])
        return sayable(f"{logged.get('msg', '')}: {logged.get('error', '')}".strip(": "))
    except (ValueError, AttributeError):
        return ""
