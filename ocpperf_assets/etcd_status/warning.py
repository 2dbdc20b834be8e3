"""What is said at every run while etcdctl is turned on."""

ETCD_EXEC_ON = (
    "etcdctl is run in etcd's pods (OCPPERF_ETCD_EXEC): the right to that amounts to cluster-admin, so keep this "
    "credential accordingly, or leave it off."
)
