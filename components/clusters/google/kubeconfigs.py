"""The kubeconfig of a GKE cluster: `gke-gcloud-auth-plugin` gives a token to whom it is used by. Pure.

https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl
"""

from .. import kubeconfigs

PLUGIN = "gke-gcloud-auth-plugin"
HINT = "install it: `gcloud components install gke-gcloud-auth-plugin`"


def kubeconfig(*, name: str, endpoint: str, authority: str | None = None) -> str:
    """A kubeconfig as JSON, which is YAML.

    Args:
        name: of the cluster, and of the one context.
        endpoint: host or address of the API server.
        authority: certificate of the authority that signed the API server's, as PEM in base64; None: one that
            everyone trusts, as at the endpoint that has a name.
    """
    cluster = {"server": f"https://{endpoint}"}
    if authority is not None:
        cluster["certificate-authority-data"] = authority
    return kubeconfigs.content(name, cluster, {"command": PLUGIN, "installHint": HINT, "provideClusterInfo": True})
