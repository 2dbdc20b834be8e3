"""What the settings and the server's answers mean, as lines."""

from datetime import UTC, datetime

from ocpperf_assets.catalogue.vocabulary import written_duration
from ocpperf_assets.doctor.history import History
from ocpperf_assets.doctor.line import Line, fault, ok, warning
from ocpperf_assets.doctor.server import Reached
from ocpperf_assets.endpoint import UNVERIFIED
from ocpperf_assets.promql import Endpoint
from ocpperf_assets.promql.identity import THANOS, Identity
from ocpperf_assets.settings import Settings

MOST_AHEAD_S = 5.0
WANTED_DAYS = 2
"""Less history than this is told: an hour not collected within it is lost."""


def of_settings(settings: Settings) -> Line:
    """What will be collected from where; of a token only where it comes from."""
    layers = [f"{name} {path}" for name, path in (("metrics", settings.metrics), ("rules", settings.rules)) if path]
    parts = [
        f"cluster {settings.cluster}",
        f"flavour {settings.flavour}",
        f"step {written_duration(round(settings.step.total_seconds()))}",
        f"{settings.prometheus_concurrency} queries at once",
        f"at most {written_duration(round(settings.prometheus_timeout.total_seconds()))} for an answer",
        f"home {settings.paths.root}",
        *layers,
    ]
    return ok(f"Settings: {', '.join(parts)}.")


def of_reached(endpoint: Endpoint, reached: Reached) -> Line:
    comma = "," if endpoint.via else ""
    return ok(f"{endpoint.described}{comma} answers, in {reached.seconds:.2f} s.")


def of_warnings(endpoint: Endpoint) -> list[Line]:
    return [warning(text, "") for text in endpoint.warnings]


def of_tls(endpoint: Endpoint) -> Line:
    if not endpoint.url.startswith("https://"):
        if endpoint.tokens:
            return warning(
                "The token is sent without TLS.", "Write https:// in OCPPERF_PROMETHEUS_URL if it can be had."
            )
        return ok("No TLS: the address begins with http://.")
    if endpoint.insecure:
        return warning(UNVERIFIED, "Unset it and set OCPPERF_PROMETHEUS_CA to the CA bundle.")
    return ok(f"The certificate is verified, by {endpoint.ca or _system(endpoint)}.")


def _system(endpoint: Endpoint) -> str:
    return "the CAs of the system" + (" or that of the cluster's routes" if endpoint.further_cas else "")


def of_token(endpoint: Endpoint, settings: Settings) -> Line:
    if settings.prometheus_token and settings.prometheus_token_file:
        return warning(
            "Both OCPPERF_PROMETHEUS_TOKEN and OCPPERF_PROMETHEUS_TOKEN_FILE are set; the file is not read.",
            "Unset the one that is not meant.",
        )
    if endpoint.tokens:
        return ok(f"The token {endpoint.tokens.origin} is accepted.")
    return ok("No token is set, and none is asked for.")


def of_identity(identity: Identity) -> Line:
    if not identity.name:
        return warning(
            "The server does not say what it is; Prometheus and Thanos are what was tried.",
            "If metrics are missing below, ask Prometheus itself.",
        )
    version = f" {identity.version}" if identity.version else ", of a version it does not tell"
    querying = " (a querier before several servers: an answer may be partial)" if identity.name == THANOS else ""
    return ok(f"The server is {identity.name}{version}{querying}.")


def of_clock(reached: Reached) -> Line:
    if reached.ahead_s is None:
        return warning(
            "The server's answers carry no date, so its clock is not compared.", "Compare `date -u` on both machines."
        )
    if abs(reached.ahead_s) > MOST_AHEAD_S:
        side = "ahead of" if reached.ahead_s > 0 else "behind"
        return warning(
            f"The server's clock is {abs(reached.ahead_s):.0f} s {side} this machine's.",
            "Let NTP set both: the open hour is cut at this machine's time.",
        )
    return ok("The clocks agree to within the second that the Date header tells.")


def of_history(history: History | None, identity: Identity, now_s: float) -> list[Line]:
    told = f" The server is set to keep {identity.retention}." if identity.retention else ""
    if history is None:
        return [
            fault(
                "No moment has any target: `up` is empty as far back as was asked.",
                "Check that the token may see all namespaces, and that OCPPERF_PROMETHEUS_URL is the cluster's.",
            )
        ]
    further = " or further" if history.reaches_further else ""
    days = (history.newest_s - history.oldest_s) / 86_400
    reach = f"Data reaches back to {_moment(history.oldest_s)}{further} ({_length(history)})."
    if days < WANTED_DAYS:
        lines = [warning(reach + told, "Hours before it cannot be collected any more: let the schedule run soon.")]
    else:
        lines = [ok(reach + told)]
    if not history.is_current:
        late = f"The newest data is of {_moment(history.newest_s)}, {(now_s - history.newest_s) / 60:.0f} min ago."
        lines.append(warning(late, "See whether Prometheus still scrapes; what follows is as of then."))
    return lines


def _length(history: History) -> str:
    hours = (history.newest_s - history.oldest_s) / 3600
    return f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.1f} hours"


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
