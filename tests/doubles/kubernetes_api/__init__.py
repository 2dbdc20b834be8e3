"""A double of the Kubernetes API: it speaks the wire format over HTTPS to the real client.

`flavours` makes a `Cluster`, `serving_api` serves it, `KubernetesDouble.kubeconfig` leads there. Any resource is
listed, paged and got once its objects are in the store.
"""

from tests.doubles.kubernetes_api.cluster import Cluster, refuses, slowly
from tests.doubles.kubernetes_api.server import KubernetesDouble, serving_api

__all__ = ["Cluster", "KubernetesDouble", "refuses", "serving_api", "slowly"]
