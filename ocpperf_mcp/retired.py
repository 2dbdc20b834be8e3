"""Environment variables of ocp-performance-analyzer-mcp that are read no more, and what is there instead."""

from collections.abc import Mapping
from typing import Final

RETIRED: Final = {
    "ENABLE_MCP_INSPECTOR": "Start it by hand: `npx @modelcontextprotocol/inspector ocpperf mcp`.",
    "MCP_INSPECTOR_URL": "Give the inspector the address that `ocpperf mcp --transport http` prints.",
    "OVNK_LOG_LEVEL": "`LOG_LEVEL` holds for everything.",
    "OVNK_PROM_LOG_LEVEL": "`LOG_LEVEL` holds for everything.",
    "PROMETHEUS_URL": "`OCPPERF_PROMETHEUS_URL`.",
    "OCP_PROMETHEUS_URL": "`OCPPERF_PROMETHEUS_URL`.",
    "PROMETHEUS_TOKEN": "`OCPPERF_PROMETHEUS_TOKEN`, or better `OCPPERF_PROMETHEUS_TOKEN_FILE`.",
    "PROMETHEUS_CA_CERT": "`OCPPERF_PROMETHEUS_CA`.",
    "PROMETHEUS_VERIFY": "Certificates are verified; `OCPPERF_INSECURE_TLS` accepts any.",
    "PROMETHEUS_FALLBACK_URLS": "Without `OCPPERF_PROMETHEUS_URL` all usual places are tried.",
    "K8S_VERIFY": "Certificates are verified; `OCPPERF_INSECURE_TLS` accepts any.",
    "OCP_API_VERIFY": "Certificates are verified; `OCPPERF_INSECURE_TLS` accepts any.",
    "K8S_CA_CERT": "`certificate-authority` in the kubeconfig.",
    "REPORT_OUTPUT_DIR": "Reports are written to `exports` in `OCPPERF_HOME`.",
}
"""`KUBECONFIG` and `LOG_LEVEL` are read as they were; `TZ` was set by its servers, and times are UTC here anyway."""


def retired_and_set(environment: Mapping[str, str]) -> list[str]:
    """A sentence for each that is set; what it is set to is not repeated."""
    return [f"{name} is read no more. {successor}" for name, successor in RETIRED.items() if environment.get(name)]
