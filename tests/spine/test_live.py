"""A real etcd and a real node_exporter, scraped by a real Prometheus: what is collected is what Prometheus answers."""

ETCD_METRICS = ("etcd_has_leader", "proposal_commit_rate", "etcd_db_physical_size")
