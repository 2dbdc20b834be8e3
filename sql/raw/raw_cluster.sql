-- raw_cluster: clusters that are or were configured, with their labels and what is collected of them.
-- One that is configured no more keeps its row and all its data: configured is false, and removed_at says since when.
-- grain: one row per cluster
-- keys: cluster
-- example: from raw_cluster order by cluster
-- example: select cluster, labels['env'] as env from raw_cluster where configured
-- example: select cluster, removed_at from raw_cluster where not configured
create table if not exists raw_cluster (
    cluster varchar,
    labels map(varchar, varchar),
    flavour varchar,
    namespaces varchar,
    step_s bigint,
    configured boolean,
    first_configured_at timestamp,
    removed_at timestamp
)
