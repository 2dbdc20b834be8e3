"""One Prometheus endpoint: POST, credentials read afresh, retries with backoff, bounded answers."""

import random
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import requests
from prometheus_api_client import PrometheusConnect
from pydantic import SecretStr
from requests.adapters import HTTPAdapter
from urllib3.exceptions import InsecureRequestWarning
from urllib3.util.retry import Retry

from ocpperf_assets.promql import faults
from ocpperf_assets.promql.faults import QueryError, TooLargeError
from ocpperf_mcp.contracts.errors import OcpperfError

_RETRIED = (429, 502, 503, 504)
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Endpoint:
    """Where Prometheus answers and how it is asked."""

    url: str
    token: SecretStr | None = None
    token_file: Path | None = None
    ca: Path | None = None
    insecure: bool = False
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
        self._session.mount(url, HTTPAdapter(max_retries=Retry(0), pool_maxsize=endpoint.concurrency))
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
        return self._ask("POST", "query_range", form)

    def query(self, query: str, at_s: float, *, stats: bool = False) -> Answer:
        """Ask for one instant, `stats` with what it took the server. Raises as `query_range` does."""
        form = {"query": query, "time": f"{at_s:.3f}"}
        return self._ask("POST", "query", form | ({"stats": "all"} if stats else {}))

    def get(self, path: str) -> Answer:
        """One of the server's descriptions of itself, such as `status/buildinfo`. Raises as `query_range` does."""
        return self._ask("GET", path, {})

    def close(self) -> None:
        self._session.close()

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
        with self._session.request(
            method,
            f"{self.endpoint.url.rstrip('/')}/api/v1/{path}",
            data=form,
            headers=self._headers(),
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

    def _headers(self) -> dict[str, str]:
        token = self._token()
        return {"Authorization": f"Bearer {token}"} if token else {}

    def _token(self) -> str | None:
        """A token goes into a header: one that no header can hold is refused here, where it is not repeated."""
        token = self.endpoint.token.get_secret_value().strip() if self.endpoint.token else self._token_of_file()
        if token and not (token.isascii() and token.isprintable() and " " not in token):
            raise faults.of_token()
        return token

    def _token_of_file(self) -> str | None:
        if not self.endpoint.token_file:
            return None
        try:
            token = self.endpoint.token_file.read_text(encoding="utf-8").strip()
        except UnicodeDecodeError:
            raise faults.of_token() from None
        except OSError as fault:
            raise OcpperfError(
                f"The token file {self.endpoint.token_file} cannot be read: {fault.strerror}.",
                "Point OCPPERF_PROMETHEUS_TOKEN_FILE at a readable file.",
            ) from None
        if not token:
            raise OcpperfError(
                f"The token file {self.endpoint.token_file} is empty.",
                "Write the token into it, or unset OCPPERF_PROMETHEUS_TOKEN_FILE.",
            )
        return token

    def _pause(self, attempt: int, retry_after: str | None) -> None:
        """Full jitter: many clients that failed together do not come back together."""
        longest = min(self.endpoint.backoff_s * 2**attempt, 30.0)
        asked = float(retry_after) if retry_after and retry_after.isdigit() else 0.0
        time.sleep(min(asked, 60.0) + random.uniform(0, longest))


__all__ = ["Answer", "Endpoint", "PrometheusClient", "QueryError"]
