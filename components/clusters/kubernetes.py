"""A Kubernetes cluster that is there: `slipway:cluster: {existing: {kubeconfig: ..., context: ...}}`.

Everything else that `KubernetesAccess` has may stand in the same block, which is how another stack gives its cluster
with what fits it, or in the application's own `slipway:kubernetes`, which wins.
"""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from ..access import KubernetesAccess
from ..errors import SettingsError
from ..settings import key_of
from . import blocks

EXISTING = "slipway:cluster.existing"
INITIALISE = "initialise"
"""For `make up`: where there is no kubeconfig, it makes a cluster of this machine's own."""
OPTIONS = "slipway:kubernetes"
DNS_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
"""What a namespace is called (RFC 1123; https://kubernetes.io/docs/concepts/overview/working-with-objects/names/)."""
GATEWAY = rf"{DNS_LABEL}/[a-z0-9.-]+"


def access(existing: Mapping[str, Any]) -> KubernetesAccess:
    """The access that a stack's `existing` block describes; an empty block is the cluster of the user's own kubectl.

    Args:
        existing: the attributes of `KubernetesAccess` in camelCase. `kubeconfig` may be a mapping too, as some programs
            put it out.

    Raises:
        SettingsError: with every problem at once.
    """
    known = {key: value for key, value in existing.items() if key != INITIALISE}
    return _with(KubernetesAccess(), known, EXISTING, list(KEYS))


def chosen(given: KubernetesAccess, options: Mapping[str, Any]) -> KubernetesAccess:
    """A cluster's access with what a stack's `slipway:kubernetes` chooses otherwise.

    Args:
        given: how the cluster is reached, and what fits it.
        options: the attributes of `KubernetesAccess` in camelCase, but those that say which cluster it is.

    Raises:
        SettingsError: with every problem at once.
    """
    return _with(given, options, OPTIONS, [key for key in KEYS if key not in CLUSTER_KEYS])


def _with(given: KubernetesAccess, block: Mapping[str, Any], where: str, known: list[str]) -> KubernetesAccess:
    problems = blocks.problems(block, where, {key: CHECKS.get(key, blocks.string) for key in known})
    if problems:
        raise SettingsError(problems)
    values = blocks.attributes(block, KEYS.values())
    if isinstance(values.get("kubeconfig"), Mapping):
        values["kubeconfig"] = json.dumps(values["kubeconfig"])
    return dataclasses.replace(given, **values)


def _kubeconfig(key: str, value: Any) -> blocks.Found:
    """It is a secret: no message shows it."""
    if isinstance(value, (int, float, list)):
        return f"{key} is not a string", "write the path of a kubeconfig, or its content as a secret"
    return None


CHECKS: Mapping[str, blocks.Check] = {
    "createNamespace": blocks.boolean,
    "gateway": blocks.form(GATEWAY, "a Gateway", "write namespace/name"),
    "kubeconfig": _kubeconfig,
    "namespace": blocks.form(DNS_LABEL, "a namespace's name", "write 1 to 63 of a-z, 0-9 and -"),
    "networkPolicies": blocks.boolean,
    "publish": blocks.word("ClusterIP", "LoadBalancer", "NodePort"),
    "rollback": blocks.boolean,
    "security": blocks.word("baseline", "restricted"),
    "serviceAnnotations": blocks.strings,
    "storageClasses": blocks.strings,
}
"""Key -> what its value must be; of any other, a string."""
KEYS = {key_of(field.name): field.name for field in dataclasses.fields(KubernetesAccess)}
"""Key of a block -> attribute."""
CLUSTER_KEYS = ("context", "identifier", "kubeconfig")
"""Keys that say which cluster it is."""
