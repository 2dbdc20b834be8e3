"""Checks on the domains, asked of the published warehouse: enough collected, objectives met, which rules fired."""

from ocpperf_assets.assets.judged.step import domain_checks

__all__ = ["domain_checks"]
