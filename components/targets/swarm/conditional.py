"""What of the swarm column depends on the value: rows of `support.py` with a condition."""

from typing import Any

from ...model import App, Path
from ...support import Row, Verdict
from .. import dependencies, project_files
from ..conditions import aliased, external, is_secret, mount_at, none_of, one_of, port_at, service_at
from ..docker import support as docker
from . import mounts, ports, service

A, H, R = Verdict.APPROXIMATED, Verdict.HONOURED, Verdict.REJECTED
ELSEWHERE = "the path is that of whichever node runs the task, and has to be there"
INSPECT = "`docker service inspect` shows it"
SHOWN = f"{INSPECT}: use a Compose secret, and the image's `_FILE` variable where it has one"

SECRET = {
    **{path: docker.SECRET[path] for path in ("services.*.command", "services.*.entrypoint")},
    **{path: docker.SECRET[path] for path in ("services.*.healthcheck.test", "services.*.labels.*")},
    **{path: docker.SECRET[path] for path in ("services.*.volumes.volume.labels.*", "networks.*.labels.*")},
    **{path: docker.SECRET[path] for path in ("volumes.*.labels.*", "networks.*.driver_opts.*", "networks.*.ipam.**")},
    "services.*.deploy.labels.*": (R, docker.LABEL),
    "secrets.*.labels.*": (R, docker.LABEL),
    "configs.*.labels.*": (R, docker.LABEL),
    "services.*.environment.*": (A, SHOWN),
    "services.*.logging.options.*": (A, INSPECT),
    "services.*.sysctls.*": (A, INSPECT),
    "services.*.networks.*.driver_opts.*": (A, INSPECT),
    "volumes.*.driver_opts.*": (A, INSPECT),
    "configs.*.content": (A, "`docker config inspect` shows it: use a Compose secret"),
}
"""Where a value that holds a secret would be read by others."""


def _bind(check: Any) -> Any:
    """A condition on a mount that binds a project file."""

    def holds(app: App, path: Path, value: Any) -> bool:
        mount = mount_at(app, path)
        return value == "bind" and project_files.of_project(mount, app) and bool(check(mount))

    return holds


def _of_node(app: App, path: Path, value: Any) -> bool:
    """The short form says `create_host_path` too, and is told there."""
    mount = mount_at(app, path)
    told = mount.bind is not None and mount.bind.create_host_path is True
    return value == "bind" and not told and not project_files.of_project(mount, app)


def _socket(app: App, path: Path, value: Any) -> bool:
    return value == "bind" and project_files.is_socket(mount_at(app, path))


def _anonymous(app: App, path: Path, value: Any) -> bool:
    return value == "volume" and mount_at(app, path).source is None


def _sent_or_socket(app: App, path: Path, _value: Any) -> bool:
    mount = mount_at(app, path)
    return project_files.of_project(mount, app) or project_files.is_socket(mount)


def _host_mode(app: App, path: Path, value: Any) -> bool:
    return value == "start-first" and any(port.mode == "host" for port in service_at(app, path).ports)


def _dnsrr_ingress(app: App, path: Path, value: Any) -> bool:
    return value == "dnsrr" and any(port.mode == "ingress" for port in service_at(app, path).ports)


def _one_address(_app: App, _path: Path, value: Any) -> bool:
    return value not in ("0.0.0.0", "::", "")  # noqa: S104 - compared


def _range(app: App, path: Path, _value: Any) -> bool:
    return "-" in (port_at(app, path).published or "")


def _in_hundredths(_app: App, _path: Path, value: Any) -> bool:
    return round(float(value), 1) != float(value)


def _global(app: App, path: Path, value: Any) -> bool:
    other = app.services.get(str(path[3]))
    return other is not None and service.is_global(other) and value != "service_completed_successfully"


def _second(_app: App, path: Path, _value: Any) -> bool:
    return isinstance(path[5], int) and path[5] > 0


def _not_shared(app: App, path: Path, value: Any) -> bool:
    return value is True and mounts.on_one_node(app.volumes[str(path[1])])


def _no_selinux(_app: App, _path: Path, value: Any) -> bool:
    return str(value).replace("=", ":").partition(":")[0] != "label"


def _run(app: App, path: Path, _value: Any) -> bool:
    return dependencies.runs_to_completion(str(path[1]), app)


def _run_and_volume(app: App, path: Path, value: Any) -> bool:
    return value == "volume" and _run(app, path, value)


def _unreadable(_app: App, _path: Path, value: Any) -> bool:
    return not mounts.tmpfs_readable(str(value))


OF_SERVICES = (
    "labels.*",
    "endpoint_mode",
    "mode",
    *(
        f"{block}.{key}"
        for block in ("update_config", "rollback_config")
        for key in ("parallelism", "delay", "failure_action", "monitor", "max_failure_ratio", "order")
    ),
    "placement.constraints",
    "placement.preferences.**",
    "placement.max_replicas_per_node",
    "resources.reservations.cpus",
    "resources.reservations.generic_resources.**",
    "restart_policy.delay",
    "restart_policy.window",
)
"""Keys of `deploy` that a container has no word for."""

CONDITIONAL = (
    *(
        Row(
            f"services.*.deploy.{key}",
            A,
            "a run to completion is a container of the manager that Pulumi talks to",
            _run,
            "of a run to completion",
        )
        for key in OF_SERVICES
    ),
    *(Row(path, verdict, reason, is_secret, "a secret") for path, (verdict, reason) in SECRET.items()),
    Row(
        "services.*.volumes.type",
        R,
        "there is nothing at its source",
        _bind(project_files.is_missing),
        "bind of a project file that is missing",
        "make it, or mend the path",
    ),
    Row(
        "services.*.volumes.type",
        R,
        "the nodes do not have the project's files, and get them to read only",
        _bind(lambda mount: not mount.read_only),
        "bind of a project file to write",
        "write read_only: true, or use a named volume",
    ),
    Row(
        "services.*.volumes.type",
        R,
        "the nodes do not have the project's files, and get 1 MiB at most",
        _bind(project_files.too_large),
        "bind of project files of more than 1 MiB",
        "put them into the image, or use a named volume",
    ),
    Row(
        "services.*.volumes.type",
        A,
        "the folder's files become configs, beside what the image has there",
        _bind(project_files.is_folder),
        "bind of a project folder",
    ),
    Row("services.*.volumes.type", A, "the container gets its node's Engine", _socket, "bind of docker.sock"),
    Row(
        "services.*.volumes.type",
        A,
        ELSEWHERE,
        _of_node,
        "bind of anything else",
    ),
    Row(
        "services.*.volumes.type",
        R,
        docker.LACKS,
        one_of("image", "cluster", "npipe"),
        "image, cluster, npipe",
        "use a named volume",
    ),
    Row(
        "services.*.volumes.type",
        A,
        "an anonymous volume goes with its task, at every replacement; give it a name",
        _anonymous,
        "volume without a source",
    ),
    Row(
        "services.*.volumes.type",
        A,
        "a run to completion has the volume of the manager that it runs on",
        _run_and_volume,
        "volume of a run to completion",
    ),
    Row(
        "services.*.volumes.bind.create_host_path", H, "", _sent_or_socket, "bind of a project file, or of docker.sock"
    ),
    Row("services.*.volumes.bind.create_host_path", H, "", one_of(False), "false"),
    Row(
        "services.*.tmpfs",
        R,
        "a task's tmpfs has a size and a mode",
        _unreadable,
        "other options",
        "take the other options away",
    ),
    Row(
        "services.*.security_opt",
        R,
        docker.LACKS,
        _no_selinux,
        "not an SELinux label",
        "set it in the nodes' daemon.json",
    ),
    Row(
        "services.*.ports.host_ip",
        R,
        "Swarm publishes a port on every address of its nodes",
        _one_address,
        "a certain address",
        "leave it out, and keep others away by a firewall",
    ),
    Row("services.*.ports.host_ip", H),
    Row("services.*.ports.published", R, "Swarm publishes one port", _range, "a range", "write one port"),
    Row(
        "services.*.deploy.mode",
        R,
        docker.LACKS,
        one_of("replicated-job", "global-job"),
        "a job",
        "use depends_on with service_completed_successfully",
    ),
    Row(
        "services.*.deploy.endpoint_mode",
        R,
        "the routing mesh needs a virtual IP",
        _dnsrr_ingress,
        "dnsrr, with a port in ingress mode",
        "write mode: host for its ports",
    ),
    Row(
        "services.*.deploy.update_config.order",
        R,
        "two tasks cannot share a port of one node, and the update would wait for ever",
        _host_mode,
        "start-first, with a port in host mode",
        ports.FIX,
    ),
    *(
        Row(
            f"services.*.deploy.{block}.max_failure_ratio",
            A,
            "rounded to tenths, as pulumi-docker reads it back",
            _in_hundredths,
            "not in tenths",
        )
        for block in ("update_config", "rollback_config")
    ),
    Row(
        "services.*.deploy.rollback_config.failure_action",
        R,
        "nothing rolls back a rollback",
        one_of("rollback"),
        "rollback",
        "use pause or continue",
    ),
    Row(
        "services.*.deploy.placement.preferences.**",
        A,
        "pulumi-docker keeps no order of preferences",
        _second,
        "more than one",
    ),
    Row(
        "services.*.depends_on.*.condition",
        A,
        "pulumi-docker does not wait for a global service: it has been created, and may not run yet",
        _global,
        "of a global service",
    ),
    Row("services.*.pull_policy", H, "", one_of("missing", "build"), "missing, if_not_present, build"),
    Row("services.*.links", A, "every service on the network sees the alias", aliased, "with an alias"),
    Row(
        "networks.*.driver",
        R,
        "services on several nodes need an overlay network",
        none_of("overlay"),
        "not overlay",
        "leave it out",
    ),
    Row("networks.*.enable_ipv4", H, "", one_of(True), "true"),
    Row(
        "volumes.*.x-slipway.shared",
        R,
        "a volume of the local driver is on one node",
        _not_shared,
        "true, with the local driver",
        "write driver_opts with type: nfs, o: addr=SERVER and device: :/PATH, or another driver",
    ),
    Row("volumes.*.x-slipway.keep", H, "", one_of(True), "true"),
    Row("secrets.*.name", H, "", external("secrets"), "external"),
    Row("configs.*.name", H, "", external("configs"), "external"),
)
"""What depends on the value."""
