"""What can go wrong between us and Prometheus, each as one sentence and a next step. No text holds a credential."""

import msgspec
import requests

from ocpperf_mcp.contracts.errors import OcpperfError

# Prometheus' own words for a query that asks for too much at once; Thanos and Mimir use the same or similar ones.
_TOO_LARGE = (
    "exceeded maximum resolution",
    "too many samples",
    "too many points",
    "query timed out",
    "limit hit while fetching",
    "response too large",
)


class QueryError(OcpperfError):
    """A query without an answer; `attempts`: how often it was sent, `status`: that of HTTP where there was one."""

    def __init__(self, what: str, next_step: str = "", attempts: int = 1, status: int | None = None) -> None:
        super().__init__(what, next_step)
        self.attempts = attempts
        self.status = status


class TooLargeError(QueryError):
    """The server, or our own bound on an answer's size, refused the query as too large: ask for less time at once."""


class _ErrorBody(msgspec.Struct):
    error: str = ""


# Made at import: msgspec ends the process when two threads make the decoder of a type at once.
_ERROR_BODY = msgspec.json.Decoder(_ErrorBody)


def of_token() -> OcpperfError:
    """A token with a space, a line break or a letter that is not ASCII."""
    return OcpperfError(
        "The bearer token holds characters that no token has.",
        "Give the bare token in OCPPERF_PROMETHEUS_TOKEN or OCPPERF_PROMETHEUS_TOKEN_FILE.",
    )


def of_connection(fault: requests.RequestException, address: str, attempts: int) -> QueryError:
    """A fault before any answer arrived. The library's own text may repeat the URL, so it is not passed on."""
    if isinstance(fault, requests.exceptions.SSLError) and "mismatch" in str(fault):
        return QueryError(
            f"The certificate of {address} is made out to another name.",
            "Write the host in OCPPERF_PROMETHEUS_URL as the certificate has it.",
            attempts,
        )
    if isinstance(fault, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" not in str(fault):
        return QueryError(
            f"{address} does not speak TLS as expected.",
            "Check whether OCPPERF_PROMETHEUS_URL should begin with http:// instead of https://.",
            attempts,
        )
    if isinstance(fault, requests.exceptions.SSLError):
        return QueryError(
            f"The certificate of {address} is not trusted.",
            "Set OCPPERF_PROMETHEUS_CA to the CA bundle that signed it.",
            attempts,
        )
    if isinstance(fault, requests.exceptions.Timeout):
        return QueryError(
            f"{address} did not answer in time.",
            "Raise OCPPERF_PROMETHEUS_TIMEOUT, or look at the load of Prometheus.",
            attempts,
        )
    return QueryError(
        f"{address} cannot be reached: {_reason(fault)}.",
        "Check OCPPERF_PROMETHEUS_URL and that Prometheus is running.",
        attempts,
    )


def _reason(fault: requests.RequestException) -> str:
    text = str(fault)
    known = {
        "Connection refused": "the connection was refused",
        "Name or service not known": "the host name is unknown",
        "Failed to resolve": "the host name is unknown",
        "No route to host": "there is no route to the host",
        "reset by peer": "the connection was reset",
        "Remote end closed": "the connection was closed without an answer",
        "IncompleteRead": "the answer was cut off",
    }
    return next((reason for mark, reason in known.items() if mark in text), "the connection failed")


def of_status(status: int, body: bytes, address: str, attempts: int) -> QueryError:
    """An answer with an HTTP status that is no success."""
    message = error_message(body)
    if any(mark in message.lower() for mark in _TOO_LARGE):
        return TooLargeError(f"{address} refused the query as too large: {message}.", "", attempts, status)
    if status in (401, 403):
        return QueryError(
            f"{address} refused the credentials (HTTP {status}).",
            "Give a token with monitoring-view rights in OCPPERF_PROMETHEUS_TOKEN or OCPPERF_PROMETHEUS_TOKEN_FILE.",
            attempts,
            status,
        )
    if message:
        return QueryError(f"{address} refused the query (HTTP {status}): {message}.", "", attempts, status)
    return QueryError(
        f"{address} answered HTTP {status} without saying why.",
        "Check that OCPPERF_PROMETHEUS_URL is Prometheus' base address.",
        attempts,
        status,
    )


def of_content(body: bytes, address: str, attempts: int) -> QueryError:
    """A successful answer that is not Prometheus' JSON."""
    if body.lstrip()[:1] == b"<":
        return QueryError(
            f"{address} answered with a web page instead of JSON.",
            "A login page or a proxy is in between: check OCPPERF_PROMETHEUS_URL and the token.",
            attempts,
        )
    return QueryError(
        f"{address} answered with JSON that is cut off or damaged ({len(body)} bytes).",
        "Try again; if it stays, a proxy in between cuts answers.",
        attempts,
    )


def error_message(body: bytes) -> str:
    """The server's own sentence, at most 300 characters of it; empty when the body is not its JSON."""
    try:
        return _ERROR_BODY.decode(body).error.rstrip(".")[:300]
    except msgspec.DecodeError:
        return ""
