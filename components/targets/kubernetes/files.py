"""Secrets, configs and files of the project as objects of the cluster, and as files in a pod.

A pod sees all of them through one projected volume; each is mounted at its own path, so that what else is in its folder
stays. A checksum on the pod's template rolls the pods when a content changes.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from ...access import Contents
from ...errors import Problem
from ...model import App, FileObject, Parts, Service
from ..files import GrantedFile, granted
from ..rows import Base64, Checksum, Row
from . import environment, names
from .given import Scope

VOLUME = "files"
CHECKSUM = "slipway.dev/files"
LIMIT = 1024 * 1024
"""Bytes of a ConfigMap or Secret (https://kubernetes.io/docs/concepts/configuration/configmap/)."""
KINDS: Mapping[str, str] = {"secrets": "Secret", "configs": "ConfigMap"}
SOURCES: Mapping[str, str] = {"secrets": "secret", "configs": "configMap"}


def object_name(key: str, item: FileObject) -> str:
    """The Secret or ConfigMap of a Compose secret or config; an external one has the object's own name."""
    return (item.name or key) if item.external else names.label(key)


def project_name(service: str) -> str:
    """The ConfigMap with the project's files that a service binds."""
    return f"{names.label(service)}-project"


def rows(scope: Scope) -> Iterator[Row]:
    """An object for every secret and config that is not external, and one per service for the project's files."""
    for kind in ("secrets", "configs"):
        for key, item in getattr(scope.app, kind).items():
            contents = getattr(scope.given.contents, kind)
            if not item.external and key in contents:
                yield scope.row(KINDS[kind], object_name(key, item), _body(kind, key, contents[key]))
    for service, bound in scope.given.project.items():
        if bound:
            body = {"binaryData": {file.key: Base64(file.content, file.path, LIMIT) for file in bound}}
            yield scope.row("ConfigMap", project_name(service), body, service=service)


def _body(kind: str, key: str, content: Any) -> dict[str, Any]:
    binary = isinstance(content, bytes)
    if kind == "secrets":
        encoded = {"data": {key: Base64(content, f"secrets.{key}", LIMIT)}}
        return {"type": "Opaque", **(encoded if binary else {"stringData": {key: content}})}
    return {"binaryData": {key: Base64(content, f"configs.{key}", LIMIT)}} if binary else {"data": {key: content}}


def problems(app: App, contents: Contents) -> Iterator[Problem]:
    """Configs that are more than a ConfigMap holds. A secret's size is known when it is written."""
    for key, content in contents.configs.items():
        size = 0 if isinstance(content, Parts) else len(content if isinstance(content, bytes) else content.encode())
        if size > LIMIT:
            where = app.where(("configs", key))
            yield Problem(f"it has {size} bytes, and {LIMIT} are the most of a ConfigMap", where, "use a volume")


def volumes(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """The projected volume of a service's files; empty where it has none."""
    sources: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for file in granted(service):
        item: FileObject = getattr(scope.app, file.kind)[file.grant.source]
        name = object_name(file.grant.source, item)
        entry = {"key": file.grant.source, "path": _inside(file), "mode": file.mode}
        sources.setdefault((SOURCES[file.kind], name), []).append(entry)
    for bound in scope.given.project.get(service.name, ()):
        entry = {"key": bound.key, "path": f"project/{bound.key}", "mode": bound.mode}
        sources.setdefault(("configMap", project_name(service.name)), []).append(entry)
    listed = [{kind: {"name": name, "items": _once(items)}} for (kind, name), items in sources.items()]
    return [{"name": VOLUME, "projected": {"sources": listed}}] if listed else []


def mounts(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """Where a container sees its files."""
    found = [(file.path, _inside(file)) for file in granted(service)]
    found += [(bound.path, f"project/{bound.key}") for bound in scope.given.project.get(service.name, ())]
    return [{"name": VOLUME, "mountPath": path, "subPath": inside, "readOnly": True} for path, inside in found]


def _inside(file: GrantedFile) -> str:
    """Where a file is in the projected volume: one grant's mode may differ from another's."""
    return f"{file.kind}/{file.grant.source}-{file.mode:o}"


def _once(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({item["path"]: item for item in items}.values())


def checksum(scope: Scope, service: Service) -> dict[str, Any]:
    """The annotation that changes with a content; empty where there is none, or no key that a secret's needs.

    What is external is another's to change, and to roll.
    """
    contents: dict[str, Any] = {
        f"{file.kind}.{file.grant.source}": file.content(scope.given.contents)
        for file in granted(service)
        if file.grant.source in getattr(scope.given.contents, file.kind)
    }
    contents |= {bound.path: bound.content for bound in scope.given.project.get(service.name, ())}
    contents |= {f"environment.{name}": value for name, value in environment.secrets(service).items()}
    if not contents:
        return {}
    if not any(isinstance(content, Parts) for content in contents.values()):
        return {CHECKSUM: _plain(contents)}
    return {CHECKSUM: Checksum(contents, scope.given.name_key)} if scope.given.name_key is not None else {}


def _plain(contents: Mapping[str, str | bytes]) -> str:
    found = hashlib.sha256()
    for name, content in contents.items():
        raw = content.encode() if isinstance(content, str) else content
        found.update(f"{name}:{len(raw)}:".encode() + raw)
    return found.hexdigest()


def secret_contents(app: App) -> bool:
    """Whether anything is told by a checksum that needs the secret key."""
    return any(environment.secrets(service) or service.secrets for service in app.services.values())
