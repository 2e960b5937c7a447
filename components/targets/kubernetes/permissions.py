"""What the kubeconfig's user may do in a cluster, as the API server itself tells.

https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ...errors import Problem
from . import cluster
from .cluster import Cluster

VERBS = ("create", "delete", "get", "patch")
"""What the plugin does with every object."""


def problems(kinds: Iterable[str], namespace: str, asked: Cluster, where: str) -> Iterator[Problem]:
    """What may not be done, by kind: one question tells all that is allowed, and what it leaves open is asked for.

    Args:
        kinds: of the objects that the application needs.
        namespace: where they are.
        asked: the cluster.
        where: what messages begin with.
    """
    allowed = _rules(namespace, asked)
    for kind in sorted(set(kinds)):
        denied = [verb for verb in VERBS if not _allows(allowed, kind, verb) and not _may(kind, verb, namespace, asked)]
        if denied:
            scope = "" if kind in cluster.CLUSTER_WIDE else f' in namespace "{namespace}"'
            what = f"no permission to {', '.join(denied)} {resource(kind)}{scope}"
            yield Problem(what, where, "ask for a role that allows it, or choose another context")


def resource(kind: str) -> str:
    """A kind as `kubectl auth can-i` has it: `deployments.apps`."""
    return ".".join(filter(None, (cluster.plural(kind), cluster.group(kind))))


def _rules(namespace: str, asked: Cluster) -> list[Mapping[str, Any]]:
    body = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": namespace},
    }
    answer = asked.call("POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", body=body)
    return list((answer or {}).get("status", {}).get("resourceRules", ()))


def _allows(rules: Iterable[Mapping[str, Any]], kind: str, verb: str) -> bool:
    wanted = {"apiGroups": cluster.group(kind), "resources": cluster.plural(kind), "verbs": verb}
    # the rules of one namespace say nothing about what belongs to the whole cluster
    return kind not in cluster.CLUSTER_WIDE and any(
        not rule.get("resourceNames") and all(_names(rule.get(key, ()), word) for key, word in wanted.items())
        for rule in rules
    )


def _names(words: Sequence[str], word: str) -> bool:
    return "*" in words or word in words


def _may(kind: str, verb: str, namespace: str, asked: Cluster) -> bool:
    attributes = {"verb": verb, "group": cluster.group(kind), "resource": cluster.plural(kind)}
    if kind not in cluster.CLUSTER_WIDE:
        attributes["namespace"] = namespace
    body = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }
    answer = asked.call("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", body=body)
    return bool((answer or {}).get("status", {}).get("allowed"))
