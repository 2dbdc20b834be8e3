"""The first Prometheus of the cluster that answers, and the token it takes."""

import dataclasses
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus

from ocpperf_assets.access import openshift, vanilla
from ocpperf_assets.access.api import ApiError, KubernetesApi
from ocpperf_assets.access.candidate import Candidate, Takes
from ocpperf_assets.access.tokens import RequestedToken, UserToken
from ocpperf_assets.promql import Endpoint, PrometheusClient, QueryError
from ocpperf_assets.promql.decode import DecodeError
from ocpperf_assets.promql.faults import of_content
from ocpperf_assets.promql.instant import decode_instant
from ocpperf_assets.promql.tokens import TokenSource
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError

_PATIENCE_S = 10.0


def discover(settings: Settings, api: KubernetesApi, given: TokenSource | None = None) -> Endpoint:
    """Try routes, services and the API's proxy in this order; `given` is the token of the settings.

    Raises OcpperfError that says what was tried and why it is none of them, and ApiError without an API.
    """
    notes: list[str] = []
    for candidate in _candidates(api, notes.append):
        for tokens in _tokens(settings, api, given, candidate):
            endpoint = _endpoint(settings, candidate, tokens)
            refusal = _refusal(endpoint)
            if refusal is None:
                return endpoint
            token = f" with the token {tokens.origin}" if tokens else ""
            notes.append(f"{candidate.via}{token}: {refusal.what.rstrip('.')}")
            if refusal.status not in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
                break  # another token is of no use
    raise OcpperfError(
        f"No Prometheus was found by {api.credentials.origin}: {'; '.join(dict.fromkeys(notes))}.",
        "Set OCPPERF_PROMETHEUS_URL, or see which rights of deploy/rbac.yaml are missing.",
    )


def _candidates(api: KubernetesApi, note: Callable[[str], None]) -> Iterator[Candidate]:
    if openshift.is_openshift(api):
        # Nothing else there: an application's Prometheus would answer in the place of one that refuses.
        yield from openshift.of_routes(api, note)
        yield from openshift.of_services(api)
    else:
        yield from vanilla.of_services(api, note)


def _tokens(
    settings: Settings, api: KubernetesApi, given: TokenSource | None, candidate: Candidate
) -> Iterator[TokenSource | None]:
    """What to try there, in this order. One that was given is the only one: whoever set it meant it."""
    own = UserToken(api.credentials) if api.credentials.bearer() else None
    if not candidate.is_secure:
        yield None
    elif candidate.takes is Takes.API:
        yield own
    elif given or candidate.takes is Takes.GIVEN:
        yield given
    else:
        if own:
            yield own
        if not api.credentials.pod:
            yield RequestedToken(api, settings.service_account)


def _endpoint(settings: Settings, candidate: Candidate, tokens: TokenSource | None) -> Endpoint:
    through_api = candidate.takes is Takes.API
    return Endpoint(
        url=candidate.url,
        tokens=tokens,
        ca=candidate.ca if through_api else settings.prometheus_ca or candidate.ca,
        further_cas="" if settings.prometheus_ca else candidate.further_cas,
        client_certificate=candidate.client_certificate,
        insecure=settings.insecure_tls,
        timeout_s=settings.prometheus_timeout.total_seconds(),
        concurrency=settings.prometheus_concurrency,
        thanos=candidate.thanos,
        via=candidate.via,
        warnings=candidate.warnings,
    )


def _refusal(endpoint: Endpoint) -> QueryError | ApiError | None:
    """Why the place is none that answers: asked for a constant, once and for some seconds."""
    client = PrometheusClient(dataclasses.replace(endpoint, attempts=1, timeout_s=_PATIENCE_S))
    try:
        answer = client.query("vector(1)", time.time())
        decode_instant(answer.body)
    except (QueryError, ApiError) as refusal:
        return refusal
    except DecodeError:
        return of_content(answer.body, endpoint.address, 1)
    finally:
        client.close()
    return None
