"""Sending one digest: a few tries, as the server asks, and no word that holds the address."""

import random
import re
import time
from dataclasses import dataclass

import requests

from ocpperf_assets.authorities import check_bundle
from ocpperf_assets.notify.targets import Address, Target
from ocpperf_mcp.contracts.errors import OcpperfError

_RETRIED = (429, 500, 502, 503, 504)
# Slack says in such a word what is wrong; whatever else a server says may repeat what it was asked.
_WORD = re.compile(r"[a-z_]{1,60}")


@dataclass(frozen=True)
class Patience:
    """How often is tried, how long is waited for an answer and, at most, before the next try, in seconds."""

    attempts: int = 4
    timeout_s: float = 15.0
    backoff_s: float = 1.0
    longest_pause_s: float = 60.0


def send(target: Target, address: Address, body: bytes, patience: Patience = Patience()) -> None:
    """Post the JSON. Raises OcpperfError when it was not taken: told by the target's name and the status alone."""
    if target.ca:
        check_bundle(target.ca.expanduser(), f"Point `ca` of target {target.name} at a file with certificates in PEM.")
    fault = ""
    for attempt in range(1, patience.attempts + 1):
        asked_s: float | None = None
        try:
            response = _post(target, address, body, patience)
        except requests.RequestException as refused:
            fault, final = _reason(refused), isinstance(refused, requests.exceptions.SSLError)
        else:
            if response.ok and not response.is_redirect:
                return
            fault, final = _status(response), response.status_code not in _RETRIED
            asked_s = _seconds(response.headers.get("Retry-After"))
        if final:
            break
        if attempt < patience.attempts:
            time.sleep(pause_s(attempt, asked_s, patience))
    # Outside of the handlers: what is raised here carries nothing of a library's error, which may repeat the address.
    raise OcpperfError(
        f"Target {target.name} did not take the digest: {fault}.",
        "Correct its address or what is in between; `ocpperf notify` tries it at once.",
    )


def _post(target: Target, address: Address, body: bytes, patience: Patience) -> requests.Response:
    return requests.post(
        address.url,
        data=body,
        headers={"Content-Type": "application/json; charset=utf-8"},
        timeout=patience.timeout_s,
        allow_redirects=False,
        verify=str(target.ca.expanduser()) if target.ca else True,
    )


def pause_s(attempt: int, asked_s: float | None, patience: Patience) -> float:
    """Seconds until the next try: as the server asks, else twice as many each time, and a little more by chance."""
    wanted = patience.backoff_s * 2 ** (attempt - 1) if asked_s is None else asked_s
    return min(wanted, patience.longest_pause_s) + random.uniform(0, patience.backoff_s / 4)


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isdigit() else None


def _status(response: requests.Response) -> str:
    word = response.text.strip() if len(response.content) <= 60 else ""
    return f"HTTP {response.status_code}{f', {word}' if _WORD.fullmatch(word) else ''}"


def _reason(fault: requests.RequestException) -> str:
    kinds = {
        requests.exceptions.SSLError: "its certificate is not trusted",
        requests.exceptions.ProxyError: "the proxy in between cannot be used",
        requests.exceptions.Timeout: "it did not answer in time",
        requests.exceptions.InvalidURL: "its address is none",
    }
    return next((words for kind, words in kinds.items() if isinstance(fault, kind)), "it cannot be reached")
