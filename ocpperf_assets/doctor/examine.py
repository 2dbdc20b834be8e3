"""The whole examination, line by line as it becomes known."""

import dataclasses
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocpperf_assets.catalogue import Metric, flavours
from ocpperf_assets.catalogue.locate import metrics_directory
from ocpperf_assets.clusters.configured import configured_clusters
from ocpperf_assets.doctor import bill_verdict, catalogue_verdict, server_verdict
from ocpperf_assets.doctor.absence import Absences
from ocpperf_assets.doctor.answers import Answered, ask_catalogue
from ocpperf_assets.doctor.bill import DAY, count_nodes, make_bill
from ocpperf_assets.doctor.history import find_history
from ocpperf_assets.doctor.kubernetes_verdict import of_access
from ocpperf_assets.doctor.line import Line, of_error
from ocpperf_assets.doctor.memory_verdict import of_memory
from ocpperf_assets.doctor.server import reach
from ocpperf_assets.doctor.sizes import sample_bytes
from ocpperf_assets.endpoint import endpoint
from ocpperf_assets.knowledge import load_cluster_catalogue
from ocpperf_assets.promql import PrometheusClient
from ocpperf_assets.promql.identity import identify
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError


@dataclass(frozen=True)
class Wish:
    """What is to be told beside the verdicts.

    `nodes`: the size of cluster the bill is made for, as it is when None; `cluster`: the only one, all when None.
    """

    verbose: bool = False
    cost: bool = False
    nodes: int | None = None
    cluster: str | None = None


def examine(wish: Wish) -> Iterator[Line]:
    """Lines until the end, or until a fault that leaves nothing more to ask. Raises nothing a person could act on."""
    try:
        chosen = configured_clusters(Settings()).chosen(wish.cluster)
    except OcpperfError as error:
        yield of_error(error)
        return
    for cluster in chosen:
        try:
            yield from _examine(cluster.settings, wish)
        except OcpperfError as error:
            yield of_error(error)


def _examine(settings: Settings, wish: Wish) -> Iterator[Line]:
    yield server_verdict.of_settings(settings)
    yield from of_access(settings)
    # Somebody waits: what does not answer twice is told.
    where = dataclasses.replace(endpoint(settings), attempts=2, backoff_s=0.2)
    client = PrometheusClient(where)
    try:
        now_s = time.time()
        reached = reach(client)
        yield server_verdict.of_reached(where, reached)
        yield from server_verdict.of_warnings(where)
        yield server_verdict.of_tls(where)
        yield server_verdict.of_token(where, settings)
        identity = identify(client)
        yield server_verdict.of_identity(identity)
        yield server_verdict.of_clock(reached)
        history = find_history(client, now_s)
        yield from server_verdict.of_history(history, identity, now_s)
        if history:
            yield from of_memory(settings, history)
            yield from _catalogue(client, settings, wish, history.newest_s)
    finally:
        client.close()


def _catalogue(client: PrometheusClient, settings: Settings, wish: Wish, at_s: float) -> Iterator[Line]:
    catalogue = load_cluster_catalogue(settings)
    yield from catalogue_verdict.of_parts_without(catalogue, settings.flavour)
    answers = ask_catalogue(client, catalogue.metrics, at_s)
    silent = [one.metric for one in answers if not one.series and not one.failure]
    others = _other_flavours(settings) if silent else {}
    absences = Absences(client, at_s, others).explain(silent, [one.metric for one in answers if one.series])
    yield from catalogue_verdict.of_answers(answers, absences, verbose=wish.verbose)
    yield from catalogue_verdict.of_failures(answers, verbose=wish.verbose)
    yield from catalogue_verdict.of_absences(absences, verbose=wish.verbose)
    yield from catalogue_verdict.of_speed(answers)
    if wish.cost:
        yield from _cost(client, settings, answers, at_s, wish.nodes)


def _other_flavours(settings: Settings) -> dict[str, dict[str, Metric]]:
    directories = [metrics_directory(), *([settings.metrics] if settings.metrics else [])]
    loaded = {
        other: load_cluster_catalogue(settings.model_copy(update={"flavour": other}))
        for other in flavours(directories)
        if other != settings.flavour
    }
    return {other: {metric.name: metric for metric in catalogue.metrics} for other, catalogue in loaded.items()}


def _cost(
    client: PrometheusClient, settings: Settings, answers: Sequence[Answered], at_s: float, nodes: int | None
) -> Iterator[Line]:
    step_s = round(settings.step.total_seconds())
    raw_days = settings.keep_raw / DAY
    bill = make_bill(answers, step_s, raw_days, nodes=nodes)
    calmer = make_bill(answers, bill_verdict.CALMER_STEP_S, raw_days, nodes=nodes)
    size = nodes or count_nodes(answers)
    yield from bill_verdict.of_bill(bill, sample_bytes(client, answers, at_s, step_s), step_s, size)
    yield from bill_verdict.of_step(bill, calmer, size, step_s)
