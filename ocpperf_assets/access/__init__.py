"""The way into a cluster: credentials of the Kubernetes API, where its Prometheus answers, and which token it takes."""
