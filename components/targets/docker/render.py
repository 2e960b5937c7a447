"""From an application to the rows of one Docker Engine: networks, volumes, images, containers, in dependency order.

The meaning is `docker compose up`'s. Rendering is pure: the same application gives the same rows, and nothing is asked.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ...access import Contents, DockerAccess, ImageReference, Images
from ...errors import Problem, RejectedError
from ...model import App, Dependency, Network, Service, ServiceNetwork, Volume, concat
from ...support import Rule
from .. import health, patch
from ..dependencies import in_dependency_order, must_be_healthy, runs_to_completion
from ..forms import label_list
from ..rows import Key, Ref, Row
from . import container, files, labels, mounts, order, ports
from .arguments import patchable

NO_CONTENTS = Contents()
RULES: tuple[Rule, ...] = (ports.conflicts, lambda app: patch.conflicts(app, patchable()))
"""What is wrong with an application on an Engine whatever its contents are."""


def render(
    app: App, images: Images, *, contents: Contents = NO_CONTENTS, stack: str = "", protect: bool = False
) -> tuple[Row, ...]:
    """Every resource of the application.

    Args:
        app: checked against the support table before.
        images: what each service runs.
        contents: what secrets and configs contain.
        stack: the identity of the Pulumi stack, for the label `slipway.stack`; see `targets.identity`.
        protect: whether volumes are kept whatever the file says.

    Raises:
        RejectedError: for what depends on contents, with every problem at once.
    """
    found = problems(app, contents)
    found += [Problem(each.what, app.where(each.path), each.fix) for rule in RULES for each in rule(app)]
    if found:
        raise RejectedError(found)
    rows = [network_row(key, network, app, stack) for key, network in app.networks.items() if not network.external]
    rows += [volume_row(key, volume, app, stack, protect) for key, volume in app.volumes.items() if not volume.external]
    for service in in_dependency_order(app):
        rows.append(_image(service, images[service.name]))
        rows += container_rows(service, app, contents, stack)
    return patch.apply(rows, app, patchable())


def problems(app: App, contents: Contents, _access: DockerAccess | None = None) -> list[Problem]:
    """What depends on contents, and is known before anything is created."""
    return list(files.problems(app, contents))


def replica_keys(service: Service) -> list[str]:
    """The keys of a service's container rows: `web-1`, `web-2`."""
    return [f"{service.name}-{number}" for number in range(1, service.replicas + 1)]


def network_row(key: str, network: Network, app: App, stack: str) -> Row:
    """A network of the application."""
    flags = {
        "driver": network.driver,
        "internal": network.internal,
        "attachable": network.attachable,
        "ipv6": network.enable_ipv6,
    }
    args: dict[str, Any] = {"name": network.name or f"{app.name}_{key}"}
    args.update({name: value for name, value in flags.items() if value is not None})
    if network.driver_opts:
        args["options"] = dict(network.driver_opts)
    if network.ipam is not None:
        args.update(_ipam(network))
    own = {**labels.own(app.name, stack), f"{labels.COMPOSE}.network": key}
    args["labels"] = label_list({**network.labels, **own})
    return Row(kind="network", key=key, args=args, stop_first=True)


def _ipam(network: Network) -> dict[str, Any]:
    ipam = network.ipam
    args: dict[str, Any] = {}
    if ipam is None:
        return args
    if ipam.driver is not None:
        args["ipam_driver"] = ipam.driver
    if ipam.options:
        args["ipam_options"] = dict(ipam.options)
    if ipam.config:
        keys = ("subnet", "ip_range", "gateway")
        args["ipam_configs"] = [
            {
                **{key: getattr(config, key) for key in keys if getattr(config, key) is not None},
                **({"aux_address": dict(config.aux_addresses)} if config.aux_addresses else {}),
            }
            for config in ipam.config
        ]
    return args


def volume_row(key: str, volume: Volume, app: App, stack: str, protect: bool) -> Row:  # noqa: FBT001 - a setting, passed on
    """A named volume of the application."""
    args: dict[str, Any] = {"name": volume.name or f"{app.name}_{key}"}
    if volume.driver is not None:
        args["driver"] = volume.driver
    if volume.driver_opts:
        args["driver_opts"] = dict(volume.driver_opts)
    own = {**labels.own(app.name, stack), f"{labels.COMPOSE}.volume": key}
    args["labels"] = label_list({**volume.labels, **own})
    keep = volume.x_slipway.keep if volume.x_slipway is not None else None
    # docker compose down leaves named volumes alone; so does destroy, unless the file says `keep: false`
    return Row(kind="volume", key=key, args=args, stop_first=True, retain=protect or keep is not False)


def _image(service: Service, image: ImageReference) -> Row:
    args: dict[str, Any] = {"name": image.name, "keep_locally": True}
    if image.digest is not None:
        # the reference is a tag that stays the same: only the digest tells that there is something new behind it
        args["triggers"] = {"digest": image.digest}
    if service.platform is not None:
        args["platform"] = service.platform
    return Row(kind="image", key=service.name, args=args, service=service.name)


def container_rows(service: Service, app: App, contents: Contents, stack: str) -> Iterator[Row]:
    """A container per replica of a service, and the volumes that its files need where its root is read-only."""
    uploads = files.uploads(service, contents)
    mounted: list[Row] = []
    if service.read_only and uploads:
        mounted = list(_file_volumes(service, app, uploads, stack))
        uploads = []
    yield from mounted
    fillers = [row for row in mounted if row.kind == "container"]
    after, completed = _dependencies(service, app)
    previous: tuple[Key, ...] = ()
    for number, key in enumerate(replica_keys(service), start=1):
        args = _container_arguments(service, app, number)
        if uploads:
            args["uploads"] = uploads
        if mounted:
            args.setdefault("volumes", []).extend(_file_mounts(mounted))
        extra: dict[str, Any] = {f"slipway.files.{row.key}": Ref("container", row.key, "id") for row in fillers}
        extra |= _restarts(service, app)
        own = labels.container(app.name, stack, service, number, {**args, **patch.of(service, "docker")})
        args["labels"] = label_list({**service.labels, **own, **extra})
        start_first = order.start_first(service, app)
        if not start_first:
            args["name"] = service.container_name or f"{app.name}-{key}"
        yield Row(
            kind="container",
            key=key,
            args=args,
            after=(*previous, *after),
            completed=completed,
            stop_first=not start_first,
            service=service.name,
        )
        previous = (("container", key),)


def _dependencies(service: Service, app: App) -> tuple[tuple[Key, ...], tuple[Key, ...]]:
    """Rows that must be there first, and rows that must have completed first."""
    after: list[Key] = []
    completed: list[Key] = []
    for name, dependency in service.depends_on.items():
        if name not in app.services:
            continue
        keys: list[Key] = [("container", key) for key in replica_keys(app.services[name])]
        (completed if dependency.condition == "service_completed_successfully" else after).extend(keys)
    return tuple(after), tuple(completed)


def _restarts(service: Service, app: App) -> dict[str, Ref]:
    """`depends_on.<name>.restart`: a label with the dependency's ID replaces the dependent when that is replaced."""
    wanted: dict[str, Dependency] = {name: dep for name, dep in service.depends_on.items() if dep.restart}
    return {
        f"slipway.restart.{key}": Ref("container", key, "id")
        for name in wanted
        if name in app.services
        for key in replica_keys(app.services[name])
    }


def _container_arguments(service: Service, app: App, number: int) -> dict[str, Any]:
    args: dict[str, Any] = {"image": Ref("image", service.name, "image_id")}
    args.update(container.arguments(service))
    args.update(mounts.arguments(service, app))
    args.update(ports.arguments(service, number))
    args.update(_networks(service, app))
    for key, argument in (("pid", "pid_mode"), ("ipc", "ipc_mode")):
        value = getattr(service, key)
        if value is not None:
            args[argument] = _namespace(value)
    if runs_to_completion(service.name, app):
        return {**args, "attach": True, "must_run": False, "logs": True}
    if health.checked(service) and service.healthcheck is not None:
        args.update(wait=True, wait_timeout=health.wait_timeout(service.healthcheck))
    elif must_be_healthy(service.name, app):
        args.update(wait=True, wait_timeout=int(health.IMAGE_WAIT))
    return args


def _networks(service: Service, app: App) -> dict[str, Any]:
    if service.network_mode is not None:
        return {"network_mode": _namespace(service.network_mode)}
    by_priority = sorted(service.networks.items(), key=lambda item: -((item[1] and item[1].priority) or 0))
    attachments = [_attachment(service, key, on, app) for key, on in by_priority]
    if attachments and service.mac_address is not None:
        # the address of a service without one for its network is that of its first network, as with docker compose
        attachments[0].setdefault("mac_address", service.mac_address)
    return {"networks_advanced": attachments} if attachments else {}


def _namespace(mode: str) -> Any:
    """`service:web` means web's first container; pulumi-docker takes `container:<id>`, joined when it is known."""
    kind, _, name = mode.partition(":")
    return Ref("container", f"{name}-1", "namespace") if kind == "service" else mode


def _attachment(service: Service, key: str, on: ServiceNetwork | None, app: App) -> dict[str, Any]:
    network = app.networks[key]
    on = on or ServiceNetwork()
    own_alias = () if on.use_service_name_alias is False else (service.name,)
    args: dict[str, Any] = {
        "name": (network.name or key) if network.external else Ref("network", key, "name"),
        "aliases": list(dict.fromkeys((*own_alias, *on.aliases, *_linked(service, key, app)))),
    }
    for name in ("ipv4_address", "ipv6_address", "mac_address", "gw_priority"):
        value = getattr(on, name)
        if value is not None:
            args[name] = value
    if on.link_local_ips:
        args["link_local_ips"] = list(on.link_local_ips)
    if on.driver_opts:
        args["driver_opts"] = [concat(f"{name}=", value) for name, value in on.driver_opts.items()]
    return args


def _linked(service: Service, network: str, app: App) -> Iterator[str]:
    """The aliases that other services on a network link this one by (`links: [db:database]`)."""
    for other in app.services.values():
        for link in other.links if network in other.networks else ():
            name, _, alias = link.partition(":")
            if name == service.name and alias:
                yield alias


def _file_volumes(service: Service, app: App, uploads: list[dict[str, Any]], stack: str) -> Iterator[Row]:
    """A volume per folder, and the container that fills it and never starts."""
    own: Mapping[str, Any] = labels.own(app.name, stack)
    for directory, inside in files.directories(uploads).items():
        key = files.directory_key(service, directory)
        args = {"name": f"{app.name}_{key}", "labels": label_list(own)}
        yield Row(kind="volume", key=key, args=args, stop_first=True, service=service.name, auxiliary=True)
        filler: dict[str, Any] = {
            "image": Ref("image", service.name, "image_id"),
            "name": f"{app.name}-{key}",
            "start": False,
            "must_run": False,
            "uploads": inside,
            "volumes": [{"volume_name": Ref("volume", key, "name"), "container_path": directory}],
            "labels": label_list(own),
        }
        yield Row(kind="container", key=key, args=filler, stop_first=True, service=service.name, auxiliary=True)


def _file_mounts(mounted: list[Row]) -> list[dict[str, Any]]:
    return [
        {**volume, "read_only": True} for row in mounted if row.kind == "container" for volume in row.args["volumes"]
    ]


def offline(app: App, images: Images, contents: Contents, stack: str = "") -> tuple[Row, ...]:
    """`render`, as far as it is known without asking the platform: here, all."""
    return render(app, images, contents=contents, stack=stack)
