"""Why a digest was not taken and what to do about it, without a word that may hold the address."""

import re
from dataclasses import dataclass

import requests

from ocpperf_mcp.contracts.errors import OcpperfError

_RETRIED = (429, 500, 502, 503, 504)
_OTHER_ADDRESS = (401, 403, 404, 410)
# Slack says in such a word what is wrong; whatever else a server says may repeat what it was asked.
_WORD = re.compile(r"[a-z_]{1,60}")
_LATER = "It is tried again of itself; `ocpperf notify` tries it at once."
_OF_CONNECTIONS: dict[type[requests.RequestException], tuple[str, str]] = {
    requests.exceptions.ProxyError: ("the proxy in between cannot be used", "Check HTTPS_PROXY and NO_PROXY."),
    requests.exceptions.Timeout: ("it did not answer in time", _LATER),
    requests.exceptions.InvalidURL: (
        "its address is none",
        "Write the webhook's whole address into its file or variable.",
    ),
}


@dataclass(frozen=True)
class Refusal:
    """`is_final`: trying again is of no use. `asked_s`: seconds after which the server wants to be asked again."""

    reason: str
    next_step: str
    is_final: bool = False
    asked_s: float | None = None

    def error(self, target: str) -> OcpperfError:
        """The sentence for people: the target's name and the reason alone."""
        return OcpperfError(f"Target {target} did not take the digest: {self.reason}.", self.next_step)


def of_connection(fault: requests.RequestException) -> Refusal:
    """A fault before any answer arrived. The library's own text may repeat the address."""
    if isinstance(fault, requests.exceptions.SSLError):
        return _of_tls(str(fault))
    for kind, (reason, next_step) in _OF_CONNECTIONS.items():
        if isinstance(fault, kind):
            return Refusal(reason, next_step)
    return Refusal("it cannot be reached", "Check its address, and that its host is reached from here.")


def _of_tls(text: str) -> Refusal:
    if "mismatch" in text:
        step = "Write the host in its address as the certificate has it."
        return Refusal("its certificate is made out to another name", step, is_final=True)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        step = "Point its `ca` at the CA bundle that signed it."
        return Refusal("its certificate is not trusted", step, is_final=True)
    return Refusal("it does not speak TLS as expected", "Check the port in its address.", is_final=True)


def of_answer(response: requests.Response) -> Refusal | None:
    """None where the digest was taken."""
    status = response.status_code
    if 200 <= status < 300:
        return None
    return Refusal(
        reason=f"HTTP {status}{_word(response)}",
        next_step=_step(status),
        is_final=status not in _RETRIED,
        asked_s=_seconds(response.headers.get("Retry-After")),
    )


def _step(status: int) -> str:
    if status in _RETRIED:
        return _LATER
    if status in _OTHER_ADDRESS:
        return "Make a webhook there anew, and write its address into its file or variable."
    if status < 400:
        return "Redirects are not followed: write the webhook's whole address into its file or variable."
    return "`ocpperf notify --dry-run` prints what is sent: check its kind and template."


def _word(response: requests.Response) -> str:
    word = response.text.strip() if len(response.content) <= 60 else ""
    return f", {word}" if _WORD.fullmatch(word) else ""


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isdigit() else None
