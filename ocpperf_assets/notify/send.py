"""Sending one digest: a few tries, as the server asks, and no word that holds the address."""

import random
import time
from dataclasses import dataclass

import requests

from ocpperf_assets.authorities import check_bundle
from ocpperf_assets.notify.refusals import Refusal, of_answer, of_connection
from ocpperf_assets.notify.targets import Address, Target


@dataclass(frozen=True)
class Patience:
    """How often is tried, how long is waited for an answer and, at most, before the next try, in seconds."""

    attempts: int = 4
    timeout_s: float = 15.0
    backoff_s: float = 1.0
    longest_pause_s: float = 60.0


def send(target: Target, address: Address, body: bytes, patience: Patience = Patience()) -> None:
    """Post the JSON. Raises OcpperfError when it was not taken: told by the target's name and the reason alone."""
    if target.ca:
        check_bundle(target.ca.expanduser(), f"Point `ca` of target {target.name} at a file with certificates in PEM.")
    for attempt in range(1, patience.attempts + 1):
        refusal = _post(target, address, body, patience)
        if refusal is None:
            return
        if refusal.is_final or attempt == patience.attempts:
            raise refusal.error(target.name)
        time.sleep(pause_s(attempt, refusal.asked_s, patience))


def _post(target: Target, address: Address, body: bytes, patience: Patience) -> Refusal | None:
    """None where it was taken.

    Nothing is raised here, so that no error carries a library's own, which may repeat the address. Without TLS it is
    sent to loopback alone: a proxy of the environment would take it over the network in clear.
    """
    try:
        with requests.Session() as session:
            session.trust_env = address.url.startswith("https:")
            response = session.post(
                address.url,
                data=body,
                headers={"Content-Type": "application/json; charset=utf-8"},
                timeout=patience.timeout_s,
                allow_redirects=False,
                verify=str(target.ca.expanduser()) if target.ca else True,
            )
    except requests.RequestException as fault:
        return of_connection(fault)
    return of_answer(response)


def pause_s(attempt: int, asked_s: float | None, patience: Patience) -> float:
    """Seconds until the next try: as the server asks, else twice as many each time, and a little more by chance."""
    wanted = patience.backoff_s * 2 ** (attempt - 1) if asked_s is None else asked_s
    return min(wanted, patience.longest_pause_s) + random.uniform(0, patience.backoff_s / 4)
