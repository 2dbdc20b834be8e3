-- metric_of: the catalogue as one cluster is asked for it; as dim_metric has it where nothing else is known of the cluster.
-- grain: one row per metric
-- macro: metric_of(of_cluster)
select
    dim_metric.* replace (
        coalesce(own.query, dim_metric.query) as query,
        coalesce(own.expr_hash, dim_metric.expr_hash) as expr_hash,
        coalesce(own.absent_means, dim_metric.absent_means) as absent_means,
        case when own.metric is null then dim_metric.job else own.job end as job
    )
from dim_metric
left join raw_cluster_metric as own on own.cluster = of_cluster and own.metric = dim_metric.metric
