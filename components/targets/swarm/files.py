"""Secrets and configs: Swarm's objects, which never change. Another content is another object, under another name.

Pulumi's auto-naming gives the names: the new object is made first, then the service is rolled, then the old one goes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...access import Contents
from ...errors import Problem
from ...model import App, Service, Text
from ..dependencies import runs_to_completion
from ..files import GrantedFile, granted
from ..forms import label_list
from ..project_files import ProjectFile, ProjectFiles
from ..rows import Base64, Ref, Row

SECRET_LIMIT = 500 * 1024 - 1
CONFIG_LIMIT = 1000 * 1024 - 1
"""Bytes (https://github.com/moby/swarmkit, `api/validation/secrets.go`, `manager/controlapi/config.go`)."""
NAME_LIMIT = 64
"""Characters of a secret's or config's name (swarmkit, `manager/controlapi/common.go`)."""
SUFFIX = 8
"""Characters that auto-naming adds."""

KINDS = {"secrets": "secret", "configs": "config"}
LIMITS = {"secrets": SECRET_LIMIT, "configs": CONFIG_LIMIT}


@dataclass(frozen=True, kw_only=True)
class Identities:
    """What the Swarm has already: name -> ID of external networks, secrets and configs."""

    networks: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    configs: Mapping[str, str] = field(default_factory=dict)


def rows(app: App, contents: Contents, project: ProjectFiles, own: Mapping[str, Any]) -> Iterator[Row]:
    """A row per secret and config that some service sees, and per project file."""
    for kind, name in _seen(app):
        item = getattr(app, kind)[name]
        if not item.external:
            yield _row(kind, name, getattr(contents, kind)[name], {**item.labels, **own})
    sent = {file.key: file for service in _services(app) for file in project.get(service.name, ())}
    for key, file in sent.items():
        yield _row("configs", key, _text(file.content), own)


def _seen(app: App) -> list[tuple[str, str]]:
    """Kind and name of the secrets and configs that Swarm's services see, in the file's order."""
    seen = {(file.kind, file.grant.source) for service in _services(app) for file in granted(service)}
    return [(kind, name) for kind in KINDS for name in getattr(app, kind) if (kind, name) in seen]


def _services(app: App) -> list[Service]:
    """Those that are Swarm's; a run to completion gets its files otherwise."""
    return [service for name, service in app.services.items() if not runs_to_completion(name, app)]


def _row(kind: str, key: str, content: Text | bytes, labels: Mapping[str, Any]) -> Row:
    args: dict[str, Any] = {"labels": label_list(labels)}
    if kind == "configs" and not isinstance(content, bytes):
        args["data_raw"] = content  # readable in a preview
    else:
        args["data"] = Base64(content, f"{kind}.{key}", LIMITS[kind])
    return Row(kind=KINDS[kind], key=key, args=args)


def _text(content: bytes) -> str | bytes:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content


def references(
    service: Service, app: App, project: ProjectFiles, identities: Identities = Identities()
) -> dict[str, Any]:
    """The arguments `secrets` and `configs` of a service's container; what is not used is left out."""
    args: dict[str, list[dict[str, Any]]] = {"secrets": [], "configs": []}
    for file in granted(service):
        args[file.kind].append(_reference(file, app, identities))
    args["configs"] += [_sent(file) for file in project.get(service.name, ())]
    return {kind: found for kind, found in args.items() if found}


def _reference(file: GrantedFile, app: App, identities: Identities) -> dict[str, Any]:
    kind, name = KINDS[file.kind], file.grant.source
    item = getattr(app, file.kind)[name]
    if item.external:
        physical = item.name or name
        args: dict[str, Any] = {f"{kind}_id": getattr(identities, file.kind)[physical], f"{kind}_name": physical}
    else:
        args = {f"{kind}_id": Ref(kind, name, "id"), f"{kind}_name": Ref(kind, name, "name")}
    args |= {"file_name": file.path, "file_mode": file.mode}
    if file.grant.uid is not None:
        args["file_uid"] = file.grant.uid
    if file.grant.gid is not None:
        args["file_gid"] = file.grant.gid
    return args


def _sent(file: ProjectFile) -> dict[str, Any]:
    return {
        "config_id": Ref("config", file.key, "id"),
        "config_name": Ref("config", file.key, "name"),
        "file_name": file.path,
        "file_mode": file.mode,
    }


def problems(app: App, contents: Contents) -> Iterator[Problem]:
    """Contents of a size that Swarm refuses, and names that are too long for it."""
    for kind, name in _seen(app):
        where = app.where((kind, name))
        if getattr(app, kind)[name].external:
            continue
        size = _size(getattr(contents, kind)[name])
        if size == 0:
            yield Problem("it is empty, which Swarm refuses", where, "give it content")
        if size is not None and size > LIMITS[kind]:
            yield Problem(f"it has {size} bytes, and Swarm takes {LIMITS[kind]} at most", where, "make it smaller")
        if len(f"{app.name}-{name}") + SUFFIX > NAME_LIMIT:
            most = NAME_LIMIT - SUFFIX - len(app.name) - 1
            yield Problem(f"its name has {len(name)} characters, and {most} are the most", where, "shorten it")


def _size(content: Text | bytes) -> int | None:
    """Bytes; None where it is not known before it is deployed."""
    if isinstance(content, bytes):
        return len(content)
    return len(content.encode()) if isinstance(content, str) else None
