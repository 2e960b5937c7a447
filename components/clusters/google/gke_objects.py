"""What is within a new GKE cluster: how requests come in. Arguments of the SDK. Pure."""

from typing import Any

NAMESPACE = "slipway-ingress"
GATEWAY = "entry"
CLASSES = {False: "gke-l7-global-external-managed", True: "gke-l7-rilb"}
"""Whether it is reachable inside the network only -> the class of Gateway
(https://cloud.google.com/kubernetes-engine/docs/concepts/gateway-api#gatewayclass)."""
MAP = "networking.gke.io/certmap"
"""https://cloud.google.com/kubernetes-engine/docs/how-to/secure-gateway#secure-using-certificate-manager"""


def gateway(*, internal: bool, certificates: Any) -> dict[str, Any]:
    """The Gateway of all applications: routes of any namespace may join it.

    Args:
        internal: whether it is reachable inside the network only.
        certificates: ID of a certificate map, a text or an output; None: it speaks HTTP alone.
    """
    allowed = {"namespaces": {"from": "All"}}
    listeners = [{"name": "http", "protocol": "HTTP", "port": 80, "allowedRoutes": allowed}]
    metadata: dict[str, Any] = {"name": GATEWAY, "namespace": NAMESPACE}
    if certificates is not None:
        listeners.append({"name": "https", "protocol": "HTTPS", "port": 443, "allowedRoutes": allowed})
        metadata["annotations"] = {MAP: last_part(certificates)}
    return {"metadata": metadata, "spec": {"gatewayClassName": CLASSES[internal], "listeners": listeners}}


def last_part(certificates: Any) -> Any:
    """The name of a map, which is the last part of its ID."""
    if isinstance(certificates, str):
        return certificates.rpartition("/")[2]
    return certificates.apply(lambda known: known.rpartition("/")[2])
