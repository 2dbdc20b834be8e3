"""`python -m ocpperf_mcp`: the `ocpperf` command."""

from ocpperf_mcp.cli import main

if __name__ == "__main__":
    main()
