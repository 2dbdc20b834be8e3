"""The stable identity of a series."""

import hashlib
import json
from collections.abc import Mapping


def series_id(cluster: str, metric: str, labels: Mapping[str, str]) -> int:
    """Signed 64-bit hash of cluster, metric and sorted labels: the same series has it in every rebuilt warehouse."""
    canonical = json.dumps([cluster, metric, sorted(labels.items())], ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.blake2b(canonical.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
