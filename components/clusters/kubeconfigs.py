"""The kubeconfig of a cloud's cluster: no credential is in it; a program gives a token to whom it is used by. Pure."""

import json
from collections.abc import Mapping
from typing import Any

VERSION = "client.authentication.k8s.io/v1beta1"
"""https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins"""


def content(name: str, cluster: Mapping[str, Any], command: Mapping[str, Any]) -> str:
    """A kubeconfig as JSON, which is YAML.

    Args:
        name: of the cluster, of the user, and of the one context.
        cluster: the API server, as a kubeconfig has it.
        command: the program that gives a token.
    """
    user = {"exec": {"apiVersion": VERSION, "interactiveMode": "IfAvailable", **command}}
    whole = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": name, "user": user}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "current-context": name,
    }
    return json.dumps(whole, sort_keys=True)
