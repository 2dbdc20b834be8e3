"""One Prometheus endpoint: POST, credentials read afresh, retries with backoff, bounded answers."""

import random
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from prometheus_api_client import PrometheusConnect
from requests.adapters import HTTPAdapter
from urllib3.exceptions import InsecureRequestWarning
from urllib3.util.retry import Retry

from ocpperf_assets.promql import faults
from ocpperf_assets.promql.faults import QueryError, TooLargeError
from ocpperf_assets.promql.tokens import TokenSource, sendable

_RETRIED = (429, 502, 503, 504)
_CHUNK = 1 << 20

# https://thanos.io/tip/components/query.md: OpenShift's querier downsamples by itself unless it is told not to.
_WHOLE = {"dedup": "true", "partial_response": "false", "max_source_resolution": "0s"}
_PARTLY = {"partial_response": "true"}
# What Thanos answers with when a store is away and the answer must not be partial.
_LACKING = (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE)


@dataclass(frozen=True)
class Endpoint:
    """Where Prometheus answers and how it is asked."""

    url: str
    tokens: TokenSource | None = None
    ca: Path | None = None
    """The only CAs that are trusted; None for those of the system."""
    further_cas: str = field(default="", repr=False)
    """Certificates in PEM that are trusted as well."""
    client_certificate: tuple[str, str] | None = None
    """Files with certificate and key, where the server knows us by them."""
    insecure: bool = False
    thanos: bool = False
    """Whole answers at full resolution are asked for by Thanos' own parameters, partial ones only failing that."""
    via: str = ""
    """How it was found, in words that follow `found by`; empty for an address of the settings."""
    warnings: tuple[str, ...] = ()
    """What whoever uses it is told once a run."""
    timeout_s: float = 120.0
    concurrency: int = 4
    attempts: int = 4
    backoff_s: float = 0.5
    max_answer_bytes: int = 256 << 20

    @property
    def address(self) -> str:
        """The URL without user and password, for people to read."""
        parts = urlsplit(self.url)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path.rstrip("/"), "", ""))

    @property
    def described(self) -> str:
        """The address, and how it was found where it had to be."""
        return f"{self.address}, found by {self.via}" if self.via else self.address


@dataclass(frozen=True)
class Answer:
    """The bytes of a successful answer, and what it took to get them."""

    body: bytes
    attempts: int
    seconds: float
    date: str | None = None
    """The server's own clock, as its HTTP header says it."""


class PrometheusClient:
    """Thread-safe; at most `endpoint.concurrency` connections are kept open.

    The session, with its TLS and proxy handling, is that of prometheus-api-client; retries are decided here, because
    whether a 503 is worth another try stands in its body.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        url = endpoint.url.rstrip("/")
        self._connect = PrometheusConnect(url=url, disable_ssl=endpoint.insecure, retry=Retry(0))
        self._session: requests.Session = self._connect._session
        self._session.mount(url, _Adapter(endpoint.further_cas, endpoint.concurrency))
        self._session.cert = endpoint.client_certificate
        if endpoint.ca and not endpoint.insecure:
            self._session.verify = str(endpoint.ca)
        if endpoint.insecure:
            # Who chose it is warned once a run, not once a request.
            warnings.filterwarnings("ignore", category=InsecureRequestWarning)
        self._given_up = 0

    def query_range(self, query: str, start_s: float, end_s: float, step_s: int) -> Answer:
        """Ask for samples at `start_s`, `start_s + step_s`, … up to and including `end_s` (Unix seconds).

        Raises TooLargeError when less must be asked for at once, QueryError when there is no answer.
        """
        form = {"query": query, "start": f"{start_s:.3f}", "end": f"{end_s:.3f}", "step": str(step_s)}
        return self._ask_whole("query_range", form)

    def query(self, query: str, at_s: float, *, stats: bool = False) -> Answer:
        """Ask for one instant, `stats` with what it took the server. Raises as `query_range` does."""
        form = {"query": query, "time": f"{at_s:.3f}"}
        return self._ask_whole("query", form | ({"stats": "all"} if stats else {}))

    def get(self, path: str) -> Answer:
        """One of the server's descriptions of itself, such as `status/buildinfo`. Raises as `query_range` does."""
        return self._ask("GET", path, {})

    def close(self) -> None:
        self._session.close()

    def _ask_whole(self, path: str, form: dict[str, str]) -> Answer:
        """Of Thanos, an answer that lacks nothing; where that is refused, what it has, with its words on the rest."""
        if not self.endpoint.thanos:
            return self._ask("POST", path, form)
        try:
            return self._ask("POST", path, form | _WHOLE)
        except QueryError as refusal:
            if isinstance(refusal, TooLargeError) or refusal.status not in _LACKING:
                raise
            answer = self._ask("POST", path, form | _WHOLE | _PARTLY)
            return replace(answer, attempts=refusal.attempts + answer.attempts)

    def _ask(self, method: str, path: str, form: dict[str, str]) -> Answer:
        started = time.monotonic()
        attempts = self._attempts()
        for attempt in range(1, attempts + 1):
            retry_after = None
            try:
                status, body, headers = self._send(method, path, form, attempt)
                retry_after = headers.get("Retry-After")
            except requests.RequestException as fault:
                refusal = faults.of_connection(fault, self.endpoint.address, attempt)
                final = isinstance(fault, requests.exceptions.SSLError)
            else:
                if status < 300:
                    self._given_up = 0
                    return Answer(body, attempt, time.monotonic() - started, headers.get("Date"))
                refusal = faults.of_status(status, body, self.endpoint.address, attempt)
                final = status not in _RETRIED or isinstance(refusal, TooLargeError)
            if final:
                raise refusal
            if attempt < attempts:
                self._pause(attempt, retry_after)
        self._given_up += 1
        raise refusal

    def _attempts(self) -> int:
        """One, once as many queries in a row as run side by side were given up: until an answer, waiting is in vain."""
        return 1 if self._given_up >= self.endpoint.concurrency else self.endpoint.attempts

    def _send(self, method: str, path: str, form: dict[str, str], attempt: int) -> tuple[int, bytes, Mapping[str, str]]:
        """The answer; a token that is refused is renewed once, where it can be."""
        tokens = self.endpoint.tokens
        token = sendable(tokens.token()) if tokens else ""
        answer = self._exchange(method, path, form, attempt, token)
        other = tokens.renewed(token) if tokens and answer[0] == HTTPStatus.UNAUTHORIZED else None
        return self._exchange(method, path, form, attempt, sendable(other)) if other else answer

    def _exchange(
        self, method: str, path: str, form: dict[str, str], attempt: int, token: str
    ) -> tuple[int, bytes, Mapping[str, str]]:
        with self._session.request(
            method,
            f"{self.endpoint.url.rstrip('/')}/api/v1/{path}",
            data=form,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=(10, self.endpoint.timeout_s),
            stream=True,
            # Said for each request: REQUESTS_CA_BUNDLE would win over what the session has.
            verify=self._session.verify,
        ) as response:
            return response.status_code, self._body(response, attempt), response.headers

    def _body(self, response: requests.Response, attempt: int) -> bytes:
        chunks, size = [], 0
        for chunk in response.iter_content(_CHUNK):
            chunks.append(chunk)
            size += len(chunk)
            if size > self.endpoint.max_answer_bytes:
                raise TooLargeError(f"The answer is larger than {self.endpoint.max_answer_bytes} bytes.", "", attempt)
        return b"".join(chunks)

    def _pause(self, attempt: int, retry_after: str | None) -> None:
        """Full jitter: many clients that failed together do not come back together."""
        longest = min(self.endpoint.backoff_s * 2**attempt, 30.0)
        asked = float(retry_after) if retry_after and retry_after.isdigit() else 0.0
        time.sleep(min(asked, 60.0) + random.uniform(0, longest))


class _Adapter(HTTPAdapter):
    """Connections that are kept, and that trust some CAs beside the session's."""

    def __init__(self, further_cas: str, kept: int) -> None:
        self._tls: dict[str, Any] = {"ca_cert_data": further_cas} if further_cas else {}
        super().__init__(max_retries=Retry(0), pool_maxsize=kept)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **named: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, **named, **self._tls)

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        return super().proxy_manager_for(proxy, **named, **self._tls)


__all__ = ["Answer", "Endpoint", "PrometheusClient", "QueryError"]
