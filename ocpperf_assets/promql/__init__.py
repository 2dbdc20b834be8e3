"""Asking Prometheus: one client, its faults as sentences, its answers as Arrow."""

from ocpperf_assets.promql.client import Answer, Endpoint, PrometheusClient
from ocpperf_assets.promql.decode import Matrix, decode_matrix
from ocpperf_assets.promql.faults import QueryError, TooLargeError

__all__ = [
    "Answer",
    "Endpoint",
    "Matrix",
    "PrometheusClient",
    "QueryError",
    "TooLargeError",
    "decode_matrix",
]
