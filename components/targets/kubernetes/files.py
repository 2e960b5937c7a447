"""Secrets, configs and files of the project as objects of the cluster, and as files in a pod.

A pod sees all of them through one projected volume; each is mounted at its own path, so that what else is in its folder
stays. Checksums on the pod's template roll the pods when a content changes.
"""

import hashlib
import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from ...access import Contents
from ...errors import Problem
from ...model import App, Container, FileObject, Mount, Service, is_secret
from .. import project_files
from ..files import GrantedFile, granted
from ..project_files import ProjectFile
from ..rows import Base64, Checksum, Key, Row
from . import environment, names
from .given import Scope

VOLUME = "files"
PLAIN, SECRET = "slipway.dev/files", "slipway.dev/secrets"
"""Annotations of a pod's template: checksums of what is not secret, and of what is."""
LIMIT = 1024 * 1024
"""Bytes of a ConfigMap or Secret (https://kubernetes.io/docs/concepts/configuration/configmap/)."""
SOURCES: Mapping[str, str] = {"Secret": "secret", "ConfigMap": "configMap"}
"""Kind of an object -> what a projected volume calls it."""


def object_of(scope: Scope, kind: str, key: str) -> Key:
    """The object of a Compose secret or config: its kind, and its name.

    A config whose content holds a secret is a Secret. What is external has the object's own name.

    Args:
        scope: the application.
        kind: secrets or configs.
        key: in the file.
    """
    item: FileObject = getattr(scope.app, kind)[key]
    if item.external:
        return ("Secret" if kind == "secrets" else "ConfigMap", item.name or key)
    name = names.physical(item.name, key, scope.app.name)
    if kind == "secrets":
        return ("Secret", name)
    hidden = is_secret(scope.given.contents.configs.get(key))
    return ("Secret", f"{name}-config") if hidden else ("ConfigMap", name)


def entry_of(scope: Scope, kind: str, key: str) -> str:
    """The key of a secret or config in its object's data; an external object calls it as itself."""
    item: FileObject = getattr(scope.app, kind)[key]
    return (item.name or key) if item.external else key


def project_name(service: str) -> str:
    """The ConfigMap with the project's files that a service binds."""
    return f"{names.label(service)}-project"


# --- objects ---------------------------------------------------------------------------------------------------------


def rows(scope: Scope) -> Iterator[Row]:
    """An object for every secret and config that is not external, and one per service for the project's files."""
    for kind in ("secrets", "configs"):
        contents = getattr(scope.given.contents, kind)
        for key, item in getattr(scope.app, kind).items():
            if item.external or key not in contents:
                continue
            made, name = object_of(scope, kind, key)
            notes = {label: value for label, value in item.labels.items() if names.is_annotation(label)}
            yield scope.row(made, name, _body(made, f"{kind}.{key}", key, contents[key]), annotations=notes)
    for service, bound in scope.given.project.items():
        if bound:
            yield scope.row("ConfigMap", project_name(service), _project(bound), service=service)


def _body(kind: str, where: str, key: str, content: Any) -> dict[str, Any]:
    encoded = {key: Base64(content, where, LIMIT)} if isinstance(content, bytes) else None
    if kind == "Secret":
        return {"type": "Opaque", **({"stringData": {key: content}} if encoded is None else {"data": encoded})}
    return {"data": {key: content}} if encoded is None else {"binaryData": encoded}


def _project(bound: tuple[ProjectFile, ...]) -> dict[str, Any]:
    texts: dict[str, Any] = {}
    binary: dict[str, Any] = {}
    for file in bound:
        try:
            texts[file.key] = file.content.decode()
        except UnicodeDecodeError:
            binary[file.key] = Base64(file.content, file.path, LIMIT)
    return {key: values for key, values in (("data", texts), ("binaryData", binary)) if values}


def keys(scope: Scope, service: Service) -> list[Key]:
    """The rows of the objects that a service's pods read, those of secret variables among them."""
    found: list[Key] = [
        object_of(scope, file.kind, file.grant.source)
        for container in _containers(scope, service)
        for file in granted(container)
        if not getattr(scope.app, file.kind)[file.grant.source].external
    ]
    for each in scope.members(service):
        found += [("ConfigMap", project_name(each.name))] if scope.given.project.get(each.name) else []
        found += [
            ("Secret", environment.secret_name(name))
            for name, container in environment.containers(each)
            if environment.secrets(container)
        ]
    return list(dict.fromkeys(found))


# --- in the pod ------------------------------------------------------------------------------------------------------


def volumes(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """The projected volume with the files of all containers of a service's pods; empty where there are none."""
    sources: dict[Key, dict[str, dict[str, Any]]] = {}
    for container in _containers(scope, service):
        for file in granted(container):
            items = sources.setdefault(object_of(scope, file.kind, file.grant.source), {})
            entry = entry_of(scope, file.kind, file.grant.source)
            items[_inside(file)] = {"key": entry, "path": _inside(file), "mode": file.mode}
    for each in scope.members(service):
        for mount in project_files.bound(each, scope.app):
            for path, sent in _files(scope, each, mount):
                items = sources.setdefault(("ConfigMap", project_name(each.name)), {})
                items[path] = {"key": sent.key, "path": path, "mode": sent.mode}
    listed = [{SOURCES[kind]: {"name": name, "items": list(items.values())}} for (kind, name), items in sources.items()]
    return [{"name": VOLUME, "projected": {"sources": listed}}] if listed else []


def mounts(scope: Scope, service: Service, container: Container) -> list[dict[str, Any]]:
    """Where a container sees its files.

    Args:
        scope: the application.
        service: whose binds of project files there are.
        container: the service's own, or one of its steps.
    """
    found = [(file.path, _inside(file)) for file in granted(container)]
    found += [
        (mount.target, _bind(service, mount))
        for mount in project_files.bound(service, scope.app)
        if any(True for _ in _files(scope, service, mount))
    ]
    return [{"name": VOLUME, "mountPath": path, "subPath": inside, "readOnly": True} for path, inside in found]


def _containers(scope: Scope, service: Service) -> Iterator[Container]:
    for each in scope.members(service):
        yield from each.pre_start
        yield each


def _inside(file: GrantedFile) -> str:
    """Where a file is in the projected volume: one grant's mode may differ from another's."""
    return f"{file.kind}/{file.grant.source}-{file.mode:o}"


def _bind(service: Service, mount: Mount) -> str:
    """Where a bind is in the projected volume."""
    return f"project/{names.label(service.name)}/{names.inner(mount.target)}"


def _files(scope: Scope, service: Service, mount: Mount) -> Iterator[tuple[str, ProjectFile]]:
    """What a bind brings, each file with where it is in the projected volume."""
    for file in scope.given.project.get(service.name, ()):
        if file.path == mount.target:
            yield _bind(service, mount), file
        elif file.path.startswith(mount.target.rstrip("/") + "/"):
            yield posixpath.join(_bind(service, mount), posixpath.relpath(file.path, mount.target)), file


# --- checksums -------------------------------------------------------------------------------------------------------


def checksums(scope: Scope, service: Service) -> dict[str, Any]:
    """Annotations that change with a content. What is external is another's to change, and to roll."""
    plain: dict[str, str | bytes] = {}
    opaque: dict[str, Any] = {}
    for name, content in _contents(scope, service):
        if isinstance(content, (str, bytes)) and not name.startswith("secrets."):
            plain[name] = content
        else:
            opaque[name] = content
    found: dict[str, Any] = {PLAIN: _plain(plain)} if plain else {}
    # without the key there is nothing that could stand for a secret: set-up makes one for every stack
    if opaque and scope.given.name_key is not None:
        found[SECRET] = Checksum(opaque, scope.given.name_key)
    return found


def _contents(scope: Scope, service: Service) -> Iterator[tuple[str, Any]]:
    contents = scope.given.contents
    for container in _containers(scope, service):
        for file in granted(container):
            if file.grant.source in getattr(contents, file.kind):
                yield f"{file.kind}.{file.grant.source}", file.content(contents)
    for each in scope.members(service):
        for bound_file in scope.given.project.get(each.name, ()):
            yield f"{each.name}:{bound_file.path}", bound_file.content
        for name, container in environment.containers(each):
            for variable, value in environment.secrets(container).items():
                yield f"{name}.environment.{variable}", value


def _plain(contents: Mapping[str, str | bytes]) -> str:
    found = hashlib.sha256()
    for name, content in contents.items():
        raw = content.encode() if isinstance(content, str) else content
        found.update(f"{name}:{len(raw)}:".encode() + raw)
    return found.hexdigest()


# --- what is known before --------------------------------------------------------------------------------------------


def problems(app: App, contents: Contents) -> Iterator[Problem]:
    """Contents that are too large for an object; a secret's size is known only when it is sent."""
    for kind in ("secrets", "configs"):
        for key, content in getattr(contents, kind).items():
            size = _size(content)
            if size is not None and size > LIMIT:
                what = f"it has {size} bytes, and Kubernetes takes {LIMIT} at most"
                yield Problem(what, app.where((kind, key)), "make it smaller, or use a volume")


def project_problems(app: App, project: project_files.ProjectFiles) -> Iterator[Problem]:
    """Services whose binds of project files are together more than one object takes."""
    for service, files in project.items():
        size = sum(len(file.content) for file in files)
        if size > LIMIT:
            what = f"the project's files have {size} bytes together, and Kubernetes takes {LIMIT} at most"
            yield Problem(what, app.where(("services", service, "volumes")), "put them into the image")


def _size(content: Any) -> int | None:
    if isinstance(content, bytes):
        return len(content)
    return len(content.encode()) if isinstance(content, str) else None
