-- alert_metric: the metric from which everything is told of alerts that fire.
-- function: alert_metric()
'top_alerts'
