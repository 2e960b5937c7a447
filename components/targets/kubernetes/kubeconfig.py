"""Which cluster is meant: one context of the kubeconfig that `KubernetesAccess` names, read as kubectl reads it.

https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from ...access import KubernetesAccess
from ...errors import InputError, Problem, suggest

WHERE = "slipway:cluster.existing"
DEFAULT = "~/.kube/config"
FILES = {"clusters": ("certificate-authority",), "users": ("client-certificate", "client-key", "tokenFile")}
"""Where a kubeconfig names files, relative to its own folder."""
PARTS = {"clusters": "cluster", "contexts": "context", "users": "user"}
"""List -> the key of each item that holds what is named."""


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """One context of a kubeconfig, and nothing else of it.

    Attributes:
        context: its name.
        server: the API server's URL.
        content: a kubeconfig with this context alone; it holds credentials.
    """

    context: str
    server: str
    content: Mapping[str, Any] = field(repr=False)

    @property
    def text(self) -> str:
        """The content as JSON, which is YAML; a secret."""
        return json.dumps(self.content, sort_keys=True)

    @property
    def host(self) -> str:
        """The API server's name or address."""
        return urlsplit(self.server).hostname or "localhost"


def read(access: KubernetesAccess) -> Kubeconfig | None:
    """The kubeconfig that an access names: as content, by its path, or that of the user's own kubectl.

    Returns:
        None: the content is an output, which is not known yet; or nothing is named and there is none.

    Raises:
        InputError: the file is not there or no kubeconfig, or has no such context.
    """
    if not isinstance(access.kubeconfig, str | None):
        return None
    if access.kubeconfig is None:
        paths = _own()
        return _chosen(merged([_file(path) for path in paths]), access.context) if paths else None
    if is_content(access.kubeconfig):
        return parse(access.kubeconfig, access.context)
    return _chosen(_file(Path(access.kubeconfig).expanduser()), access.context)


def parse(text: str, context: str | None) -> Kubeconfig:
    """A context of a kubeconfig's content.

    Args:
        text: YAML or JSON.
        context: None: the current one.

    Raises:
        InputError: it is no kubeconfig, or has no such context.
    """
    return _chosen(_loaded(text, f"{WHERE}.kubeconfig"), context)


def is_content(kubeconfig: str) -> bool:
    """Whether it is a kubeconfig itself, and not the path of one."""
    return "\n" in kubeconfig or kubeconfig.lstrip().startswith("{")


def merged(configs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Several kubeconfigs as one: of what has the same name, and of the current contexts, the first one counts."""
    current = next((each["current-context"] for each in configs if each.get("current-context")), None)
    named: dict[str, Any] = {}
    for part in PARTS:
        items = {item["name"]: item for each in reversed(configs) for item in each.get(part) or ()}
        named[part] = list(items.values())
    return {"current-context": current, **named}


def _own() -> list[Path]:
    """The files that kubectl would read."""
    listed = os.environ.get("KUBECONFIG") or DEFAULT
    paths = [Path(each).expanduser() for each in listed.split(os.pathsep) if each]
    return [path for path in paths if path.is_file()]


def _file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        fix = "write the path of a kubeconfig, or its content as a secret"
        raise InputError(Problem(f'"{path}" cannot be read ({reason})', f"{WHERE}.kubeconfig", fix)) from None
    config = _loaded(text, str(path))
    for part, keys in FILES.items():
        for item in config.get(part) or ():
            held = item.get(PARTS[part]) or {}
            held.update({key: str(path.parent.resolve() / held[key]) for key in keys if held.get(key)})
    return config


def _loaded(text: str, where: str) -> dict[str, Any]:
    try:
        config = yaml.safe_load(text)
    except yaml.YAMLError:
        config = None  # what YAML says shows the text, and with it credentials
    if isinstance(config, dict) and _well_formed(config):
        return config
    raise InputError(Problem("it is no kubeconfig", where, "write what `kubectl config view --raw` prints"))


def _well_formed(config: Mapping[str, Any]) -> bool:
    return all(
        isinstance(items, list)
        and all(isinstance(each, dict) and "name" in each and isinstance(each.get(inner), dict) for each in items)
        for items, inner in ((config.get(part) or [], inner) for part, inner in PARTS.items())
    )


def _chosen(config: Mapping[str, Any], context: str | None) -> Kubeconfig:
    contexts = {item["name"]: item for item in config.get("contexts") or ()}
    where = f"{WHERE}.context"
    name = context or config.get("current-context")
    if not name:
        known = f"(known: {', '.join(sorted(contexts))})"
        raise InputError(Problem("the kubeconfig has no current context", where, f"write one {known}"))
    if name not in contexts:
        raise InputError(Problem(f'the kubeconfig has no context "{name}"', where, suggest(name, contexts)))
    chosen = contexts[name]["context"]
    clusters = [item for item in config.get("clusters") or () if item["name"] == chosen.get("cluster")]
    if not clusters or not clusters[0]["cluster"].get("server"):
        what = f'context "{name}" names the cluster "{chosen.get("cluster")}", of which the kubeconfig has no server'
        raise InputError(Problem(what, where, "choose another one, or mend the kubeconfig"))
    users = [item for item in config.get("users") or () if item["name"] == chosen.get("user")]
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "contexts": [contexts[name]],
        "clusters": clusters,
        "users": users,
    }
    return Kubeconfig(name, clusters[0]["cluster"]["server"], content)
