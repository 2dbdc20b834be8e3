"""One module an exporter: each yields the series that exporter shows of the simulated cluster."""
