"""An application as a stack file, which `docker stack deploy` takes: what the swarm target would create, in its words.

The dialect is the Docker CLI's own (https://github.com/docker/cli, `cli/compose/schema/data/config_schema_v3.13.json`),
which has fewer words than a Swarm has: what it cannot say is a remark. It has no order, and no runs that others wait
for: a run to completion becomes a `replicated-job`, and starts together with the rest.

Configs become files beside it, under a name that changes with the content, because a Swarm changes none. Secrets are
external: `docker secret create` makes them.
"""

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import Problem, RejectedError
from ..model import App, Dependency, Parts, Service, Text
from ..targets.dependencies import runs_to_completion
from ..targets.rows import Base64, Ref, Row
from . import as_yaml
from .compose_file import written
from .stack_words import OWN, SERVICE, pairs

FILE = "stack.yaml"
VERSION = "3.13"
DIGITS = 8


def without_order(app: App) -> App:
    """The application with every run to completion as a service that others wait for no longer."""

    def started(dependency: Dependency) -> Dependency:
        return dataclasses.replace(dependency, condition="service_started")

    def free(service: Service) -> Service:
        waits = {name: started(dependency) for name, dependency in service.depends_on.items()}
        return dataclasses.replace(service, depends_on=waits)

    return dataclasses.replace(app, services={name: free(service) for name, service in app.services.items()})


def render(rows: Sequence[Row], app: App, jobs: frozenset[str]) -> tuple[dict[str, str | bytes], list[str]]:
    """The files.

    Args:
        rows: of the application without order, see `without_order`.
        app: the application.
        jobs: services that run to completion.

    Returns:
        File name -> content, and what the dialect has no word for.

    Raises:
        RejectedError: a config has something secret in it.
    """
    lost: list[str] = []
    images = {row.key: row.args["name"] for row in rows if row.kind == "image"}
    _refuse_secret([row for row in rows if row.kind == "config"], app)
    configs = {row.key: _config(row, app) for row in rows if row.kind == "config"}
    services = {row.key: _service(row, images, lost) for row in rows if row.kind == "service"}
    for name in jobs:
        _as_job(services[name])
    lost += [f"services.{name}.depends_on: it starts together with the rest" for name in _waiting(app)]
    shared = {
        "networks": {**_networks_of(rows, lost), **_external(app, "networks")},
        "volumes": _volumes(rows, app),
        "secrets": {
            **{row.key: {"external": True, "name": f"{app.name}_{row.key}"} for row in rows if row.kind == "secret"},
            **_external(app, "secrets"),
        },
        "configs": {**{key: dict(config.entry) for key, config in configs.items()}, **_external(app, "configs")},
    }
    tree = {"version": VERSION, "services": services, **{group: found for group, found in shared.items() if found}}
    head = [
        "Written by `render`, which writes it anew.",
        f"docker stack deploy --with-registry-auth --prune --compose-file {FILE} {app.name}",
        *(f"Before: docker secret create {app.name}_{row.key} -" for row in rows if row.kind == "secret"),
        *(f"Not said here: {remark}" for remark in lost),
    ]
    text = "".join(f"# {line}\n" for line in head) + as_yaml.dump(tree)
    return {FILE: text, **{config.file: config.content for config in configs.values()}}, lost


def completing(app: App) -> frozenset[str]:
    """The services that others wait for to end."""
    return frozenset(name for name in app.services if runs_to_completion(name, app))


def _waiting(app: App) -> list[str]:
    return [name for name, service in app.services.items() if service.depends_on]


def _service(row: Row, images: Mapping[str, Any], lost: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path, value in _leaves(row.args):
        if path in SERVICE:
            key, convert = SERVICE[path]
            written = convert(images[value.key] if isinstance(value, Ref) else value)
            if written != {}:
                _put(found, key, written)
        elif path not in OWN:
            lost.append(f"services.{row.key}: {path}")
    lost += [f"services.{row.key}: {each}" for each in _unsaid(row)]
    return found


def _leaves(args: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every argument that the table knows, or that is no mapping, with its path."""
    for name, value in args.items():
        here = f"{path}.{name}" if path else name
        if isinstance(value, Mapping) and here not in SERVICE and here not in OWN:
            yield from _leaves(value, here)
        else:
            yield here, value


def _unsaid(row: Row) -> Iterator[str]:
    """What is said within a list, and has no word."""
    for mount in row.args["task_spec"]["container_spec"].get("mounts", ()):
        if "mode" in mount.get("tmpfs_options", {}):
            yield f"the mode of the tmpfs {mount['target']}"
    for port in row.args.get("endpoint_spec", {}).get("ports", ()):
        if "name" in port:
            yield f"the name of the port {port['target_port']}"


def _put(found: dict[str, Any], path: str, value: Any) -> None:
    *above, last = path.split(".")
    for key in above:
        found = found.setdefault(key, {})
    found[last] = value


def _as_job(service: dict[str, Any]) -> None:
    """What Swarm takes of a job, which is never updated (swarmkit, `manager/controlapi/service.go`)."""
    deploy = service.setdefault("deploy", {})
    deploy["mode"] = "replicated-job"
    deploy["restart_policy"] = {"condition": "none"}
    for key in ("update_config", "rollback_config"):
        deploy.pop(key, None)


def _networks_of(rows: Sequence[Row], lost: list[str]) -> dict[str, Any]:
    return {row.key: _network(row, lost) for row in rows if row.kind == "network"}


def _network(row: Row, lost: list[str]) -> dict[str, Any]:
    names = {"name": "name", "driver": "driver", "options": "driver_opts", "internal": "internal"}
    names["attachable"] = "attachable"
    found = {names[name]: value for name, value in row.args.items() if name in names}
    labels = pairs(row.args.get("labels", ()))
    if labels:
        found["labels"] = labels
    subnets = [{"subnet": each["subnet"]} for each in row.args.get("ipam_configs", ()) if "subnet" in each]
    if subnets:
        found["ipam"] = {"config": subnets}
    said = {*names, "labels", "ipam_configs"}
    lost += [f"networks.{row.key}: {name}" for name in row.args if name not in said]
    lost += [
        f"networks.{row.key}: {name} of a subnet"
        for each in row.args.get("ipam_configs", ())
        for name in each.keys() - {"subnet"}
    ]
    return found


def _volumes(rows: Sequence[Row], app: App) -> dict[str, Any]:
    """Every named volume that a service mounts, under its physical name."""
    external = {volume.name or key for key, volume in app.volumes.items() if volume.external}
    found: dict[str, Any] = {}
    for row in rows:
        mounts = row.args["task_spec"]["container_spec"].get("mounts", ()) if row.kind == "service" else ()
        for mount in mounts:
            if mount["type"] == "volume" and "source" in mount:
                name = str(mount["source"])
                found[name] = {"name": name, **({"external": True} if name in external else _made(mount))}
    return found


def _made(mount: Mapping[str, Any]) -> dict[str, Any]:
    options = mount.get("volume_options", {})
    given = {
        "driver": options.get("driver_name"),
        "driver_opts": written(options.get("driver_options", {})),
        "labels": pairs(options.get("labels", ())),
    }
    return {key: value for key, value in given.items() if value}


def _external(app: App, group: str) -> dict[str, Any]:
    """What is there already, under its physical name, which is how services refer to it."""
    names = [item.name or key for key, item in getattr(app, group).items() if item.external]
    return {name: {"external": True, "name": name} for name in names}


@dataclass(frozen=True, kw_only=True)
class _Config:
    """A config as a file beside the stack file, and as an entry of it."""

    file: str
    content: str | bytes
    entry: Mapping[str, Any]


def _config(row: Row, app: App) -> _Config:
    content = _content(row)
    shown = content if isinstance(content, bytes) else str(content)
    raw = shown if isinstance(shown, bytes) else shown.encode()
    file = f"config-{row.key}"
    name = f"{app.name}_{row.key}-{hashlib.sha256(raw).hexdigest()[:DIGITS]}"
    labels = pairs(row.args.get("labels", ()))
    entry = {"name": name, "file": f"./{file}", **({"labels": labels} if labels else {})}
    return _Config(file=file, content=shown, entry=entry)


def _content(row: Row) -> Text | bytes:
    data = row.args.get("data_raw", row.args.get("data"))
    content: Text | bytes = data.content if isinstance(data, Base64) else data
    return content


def _refuse_secret(configs: Sequence[Row], app: App) -> None:
    shown = [row.key for row in configs if isinstance(content := _content(row), Parts) and content.secret]
    what, fix = "it has a secret in it, and would be in clear text", "make it a secret"
    if shown:
        raise RejectedError([Problem(what, app.where(("configs", key)), fix) for key in shown])
