"""An application as the manifests of its Kubernetes objects, for Argo CD, Flux or `kubectl apply -k`: no engine needed.

A file per object, and `kustomization.yaml`. The objects are those that `pulumi up` creates, but for what `gitops.py`
says, the annotation that names the Pulumi stack (there is none), and secrets, which are references.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..errors import Problem, RejectedError
from ..model import Opaque, Parts
from ..targets.kubernetes.kinds import manifest
from ..targets.rows import Base64, Checksum, Row
from . import as_yaml, external_secrets, gitops
from .external_secrets import Store

KUSTOMIZATION = "kustomization.yaml"
HEAD = "# Written by `render`, which writes it anew.\n"


def render(rows: Sequence[Row], store: Store | None) -> dict[str, str]:
    """The files.

    Args:
        rows: of the application, in the order of creation, without the identity of a Pulumi stack.
        store: where ExternalSecrets find what is secret; None: Secrets are left out, and listed.

    Returns:
        File name -> content, in the order of creation, `kustomization.yaml` last.

    Raises:
        RejectedError: something secret would be in clear text.
    """
    waves = gitops.waves(rows)
    problems: list[Problem] = []
    objects = {}
    for row in rows:
        if row.kind != "Secret":
            objects[row.kind, row.key] = _object(row, waves[row.kind, row.key], problems)
        elif store is not None:
            metadata = _metadata(row, waves[row.kind, row.key], problems)
            objects["ExternalSecret", row.key] = external_secrets.external(row, store, metadata)
    if problems:
        raise RejectedError(problems)
    files = {f"{kind.lower()}-{name}.yaml": HEAD + as_yaml.dump(body) for (kind, name), body in objects.items()}
    secrets = [row for row in rows if row.kind == "Secret"]
    return {**files, KUSTOMIZATION: HEAD + _needed(secrets, store) + as_yaml.dump(_kustomization(files))}


def _kustomization(files: Mapping[str, str]) -> dict[str, Any]:
    return {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": list(files)}


def _needed(secrets: Sequence[Row], store: Store | None) -> str:
    """What has to be there for the pods to start, as a comment."""
    if not secrets:
        return ""
    if store is None:
        lines = ["These Secrets have to be in the namespace; <NAME> is a value of slipway:secrets, or a file:"]
        lines += [f"  {external_secrets.wanted(row)}" for row in secrets]
    else:
        names = {name for row in secrets for value in external_secrets.values(row).values() for name in _names(value)}
        lines = [f"The {store.kind} {store.name} has to have:", *(f"  {store.prefix}{name}" for name in sorted(names))]
    return "".join(f"# {line}\n" for line in lines)


def _names(value: Any) -> Iterator[str]:
    return external_secrets.parts(value)


def _object(row: Row, wave: int, problems: list[Problem]) -> dict[str, Any]:
    whole = manifest(row)
    shown: dict[str, Any] = _plain({key: value for key, value in whole.items() if key != "metadata"}, row, problems)
    head = {key: shown.pop(key) for key in ("apiVersion", "kind")}
    return {**head, "metadata": _metadata(row, wave, problems), **shown}


def _metadata(row: Row, wave: int, problems: list[Problem]) -> dict[str, Any]:
    notes = gitops.annotations(row, wave)
    metadata = {key: value for key, value in row.args["metadata"].items() if key != "annotations"}
    shown: dict[str, Any] = _plain({**metadata, **({"annotations": notes} if notes else {})}, row, problems)
    return shown


def _plain(value: Any, row: Row, problems: list[Problem]) -> Any:
    """A part of a manifest as plain values; what is secret is a problem."""
    if isinstance(value, Mapping):
        return {str(key): _plain(element, row, problems) for key, element in value.items()}
    if isinstance(value, Parts):
        return _text(value, row, problems)
    if isinstance(value, Base64):
        content = _plain(value.content, row, problems)
        return base64.b64encode(content if isinstance(content, bytes) else content.encode()).decode()
    if isinstance(value, Checksum):
        return checksum(value)
    return [_plain(element, row, problems) for element in value] if isinstance(value, (list, tuple)) else value


def _text(value: Parts, row: Row, problems: list[Problem]) -> str:
    if value.secret:
        what = f"{row.kind} {row.key} would show {value} in clear text"
        fix = "use a secret, or an environment variable, in its place"
        problems.append(Problem(what, f"services.{row.service}" if row.service else "", fix))
        return ""
    return "".join(str(part.value) if isinstance(part, Opaque) else part for part in value)


def checksum(value: Checksum) -> str:
    """The SHA-256 of what is known; of what is secret, only that it is there."""
    found = hashlib.sha256()
    for name, content in value.contents.items():
        raw = content if isinstance(content, bytes) else str(content).encode()
        found.update(f"{name}:{len(raw)}:".encode() + raw)
    return found.hexdigest()
