"""A Kubernetes cluster that is there: `slipway:cluster: {existing: {kubeconfig: ..., context: ...}}`.

Everything else that `KubernetesAccess` has may stand in the same block, which is how another stack gives its cluster
with what fits it, or in the application's own `slipway:kubernetes`, which wins.
"""

import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from ..access import KubernetesAccess
from ..errors import Problem, SettingsError, suggest
from ..settings import key_of

EXISTING = "slipway:cluster.existing"
INITIALISE = "initialise"
"""For `make up`: where there is no kubeconfig, it makes a cluster of this machine's own."""
OPTIONS = "slipway:kubernetes"
DNS_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
"""What a namespace is called (RFC 1123; https://kubernetes.io/docs/concepts/overview/working-with-objects/names/)."""
GATEWAY = re.compile(rf"{DNS_LABEL.pattern}/[a-z0-9.-]+")
WORDS: Mapping[str, tuple[str, ...]] = {
    "publish": ("ClusterIP", "LoadBalancer", "NodePort"),
    "security": ("baseline", "restricted"),
}
"""Keys that take one word of a few."""

Found = tuple[str, str] | None
"""What is wrong with a value, and what to do; None: nothing."""


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
    problems = [Problem(f'unknown key "{key}"', where, suggest(str(key), known)) for key in block if key not in known]
    for key in known:
        found = _check(key)(key, block[key]) if block.get(key) is not None else None
        if found is not None:
            problems.append(Problem(found[0], where, found[1]))
    if problems:
        raise SettingsError(problems)
    values = {KEYS[key]: value for key, value in block.items() if value is not None}
    if isinstance(values.get("kubeconfig"), Mapping):
        values["kubeconfig"] = json.dumps(values["kubeconfig"])
    return dataclasses.replace(given, **values)


def _check(key: str) -> Callable[[str, Any], Found]:
    if key in WORDS:
        return _word
    return CHECKS.get(key, _string)


def _string(key: str, value: Any) -> Found:
    return None if isinstance(value, str) else (f"{key} is {value!r}, not a string", "write a string")


def _boolean(key: str, value: Any) -> Found:
    if isinstance(value, bool):
        return None
    return f"{key} is {value!r}, not true or false", "write one of these"


def _word(key: str, value: Any) -> Found:
    return None if value in WORDS[key] else (f'unknown {key} "{value}"', suggest(str(value), WORDS[key]))


def _kubeconfig(key: str, value: Any) -> Found:
    """It is a secret: no message shows it. An output is looked into when it is known."""
    if isinstance(value, (int, float, list)):
        return f"{key} is not a string", "write the path of a kubeconfig, or its content as a secret"
    return None


def _namespace(key: str, value: Any) -> Found:
    if isinstance(value, str) and DNS_LABEL.fullmatch(value):
        return None
    return f"{key} is {value!r}, not a namespace's name", "write 1 to 63 of a-z, 0-9 and -"


def _gateway(key: str, value: Any) -> Found:
    if isinstance(value, str) and GATEWAY.fullmatch(value):
        return None
    return f"{key} is {value!r}, not a Gateway", "write namespace/name"


def _strings(key: str, value: Any) -> Found:
    if isinstance(value, Mapping) and all(isinstance(each, str) for each in value.values()):
        return None
    return f"{key} is {value!r}, not a mapping of words to StorageClasses", "write word: name"


CHECKS: Mapping[str, Callable[[str, Any], Found]] = {
    "createNamespace": _boolean,
    "gateway": _gateway,
    "kubeconfig": _kubeconfig,
    "namespace": _namespace,
    "networkPolicies": _boolean,
    "rollback": _boolean,
    "storageClasses": _strings,
}
"""Key -> what its value must be; of any other, a string."""
KEYS = {key_of(field.name): field.name for field in dataclasses.fields(KubernetesAccess)}
"""Key of a block -> attribute."""
CLUSTER_KEYS = ("context", "identifier", "kubeconfig")
"""Keys that say which cluster it is."""
