"""The docker column of the support table: what one Docker Engine, through pulumi-docker 5.2, makes of every key.

Honoured means what `docker compose up` means by it. What the Engine has and pulumi-docker lacks is named as such.
"""

from typing import Any

from ...model import App, BindOptions, Parts, Path, Service
from ...support import Row, Table, Verdict
from . import container, order

LACKS = "pulumi-docker 5.2 has no argument for it"
BUILD_LACKS = "pulumi-docker-build has no argument for it"
WINDOWS = "Windows containers only"

HONOURED = """
name
services.*.image services.*.command services.*.entrypoint services.*.environment.* services.*.labels.*
services.*.volumes.type services.*.volumes.source services.*.volumes.target services.*.volumes.read_only
services.*.volumes.bind.propagation services.*.volumes.bind.create_host_path services.*.volumes.bind.selinux
services.*.volumes.volume.labels.* services.*.volumes.volume.nocopy services.*.volumes.volume.subpath
services.*.volumes.tmpfs.size services.*.volumes.tmpfs.mode services.*.volumes_from services.*.tmpfs
services.*.secrets.source services.*.secrets.target services.*.secrets.uid services.*.secrets.gid
services.*.secrets.mode services.*.configs.source services.*.configs.target services.*.configs.uid
services.*.configs.gid services.*.configs.mode
services.*.networks.* services.*.networks.*.aliases services.*.networks.*.ipv4_address
services.*.networks.*.ipv6_address services.*.networks.*.link_local_ips services.*.networks.*.mac_address
services.*.networks.*.driver_opts.* services.*.networks.*.gw_priority services.*.networks.*.use_service_name_alias
services.*.network_mode services.*.hostname services.*.domainname services.*.dns services.*.dns_opt
services.*.dns_search services.*.extra_hosts.* services.*.user services.*.group_add services.*.working_dir
services.*.read_only services.*.privileged services.*.cap_add services.*.cap_drop services.*.security_opt
services.*.sysctls.* services.*.ulimits.* services.*.ulimits.*.soft services.*.ulimits.*.hard services.*.init
services.*.ipc services.*.pid services.*.userns_mode services.*.cgroup services.*.cgroup_parent services.*.runtime
services.*.platform services.*.pull_policy services.*.stop_signal services.*.stop_grace_period
services.*.logging.driver services.*.logging.options.* services.*.devices services.*.devices.source
services.*.devices.target services.*.devices.permissions services.*.device_cgroup_rules
services.*.gpus services.*.gpus.** services.*.cpus services.*.cpuset services.*.cpu_shares services.*.cpu_quota
services.*.cpu_period services.*.mem_limit services.*.mem_reservation services.*.memswap_limit services.*.shm_size
services.*.storage_opt.** services.*.blkio_config.device_read_bps.** services.*.blkio_config.device_read_iops.**
services.*.blkio_config.device_write_bps.** services.*.blkio_config.device_write_iops.**
services.*.stdin_open services.*.tty services.*.restart services.*.scale services.*.container_name
services.*.healthcheck services.*.healthcheck.test services.*.healthcheck.interval services.*.healthcheck.timeout
services.*.healthcheck.retries services.*.healthcheck.start_period services.*.healthcheck.start_interval
services.*.healthcheck.disable
services.*.depends_on.* services.*.depends_on.*.condition services.*.depends_on.*.required
services.*.depends_on.*.restart
services.*.ports services.*.ports.target services.*.ports.published services.*.ports.host_ip
services.*.ports.protocol
services.*.deploy services.*.deploy.mode services.*.deploy.replicas services.*.deploy.update_config
services.*.deploy.update_config.order services.*.deploy.update_config.parallelism
services.*.deploy.update_config.delay services.*.deploy.update_config.failure_action
services.*.deploy.endpoint_mode services.*.deploy.resources services.*.deploy.resources.limits
services.*.deploy.resources.limits.cpus services.*.deploy.resources.limits.memory
services.*.deploy.resources.reservations services.*.deploy.resources.reservations.memory
services.*.deploy.resources.reservations.devices.** services.*.deploy.restart_policy
services.*.deploy.restart_policy.condition services.*.deploy.restart_policy.max_attempts
services.*.links
services.*.build services.*.build.context services.*.build.dockerfile services.*.build.dockerfile_inline
services.*.build.args.* services.*.build.ssh.* services.*.build.labels.* services.*.build.cache_from
services.*.build.cache_to services.*.build.no_cache services.*.build.additional_contexts.* services.*.build.network
services.*.build.pull services.*.build.target services.*.build.extra_hosts.* services.*.build.secrets.source
services.*.build.secrets.target services.*.build.tags services.*.build.platforms
services.*.x-slipway.managed
networks.*.name networks.*.driver networks.*.driver_opts.* networks.*.ipam.** networks.*.external
networks.*.internal networks.*.enable_ipv4 networks.*.enable_ipv6 networks.*.attachable networks.*.labels.*
volumes.*.name volumes.*.driver volumes.*.driver_opts.* volumes.*.external volumes.*.labels.*
volumes.*.x-slipway volumes.*.x-slipway.shared volumes.*.x-slipway.keep
secrets.*.environment secrets.*.file secrets.*.external
configs.*.content configs.*.environment configs.*.file configs.*.external
"""
"""What changes a resource, and means what it says."""

NO_EFFECT = {
    "version": "obsolete, ignored by the specification",
    "include": "resolved when the files are read",
    "services.*.extends.**": "resolved when the files are read",
    "services.*.env_file.**": "its variables are in `environment`",
    "services.*.label_file": "its labels are in `labels`",
    "services.*.profiles": "chosen when the files are read",
    "services.*.attach": "about the terminal of `docker compose up`",
    "services.*.develop.**": "for development with `docker compose watch`",
    "services.*.expose": "containers on one network reach every port of each other",
    "services.*.ports.mode": "on one Engine, ingress and host are the same",
    "services.*.ports.name": "a remark for people",
    "services.*.ports.app_protocol": "a remark for proxies",
    "services.*.volumes.consistency": "ignored by every Engine since 17.06",
    "services.*.x-slipway": "a block of other keys",
    "services.*.x-slipway.patch.**": "for another target",
    "secrets.*.name": "the file's name is the grant's",
    "configs.*.name": "the file's name is the grant's",
    "services.*.volumes.bind": "a block of other keys",
    "services.*.volumes.volume": "a block of other keys",
    "services.*.volumes.tmpfs": "a block of other keys",
    "services.*.logging": "a block of other keys",
    "services.*.blkio_config": "a block of other keys",
    "services.*.build.secrets.uid": "a build's secret is read by the build alone",
    "services.*.build.secrets.gid": "a build's secret is read by the build alone",
    "services.*.build.secrets.mode": "a build's secret is read by the build alone",
}
"""What holds although no resource changes, and why."""

APPROXIMATED = {
    "services.*.annotations.**": f"it is not set ({LACKS})",
    "services.*.mem_swappiness": f"the Engine's default holds ({LACKS})",
    "services.*.oom_score_adj": f"the Engine's default holds ({LACKS})",
    "services.*.blkio_config.weight": f"every container has the same weight ({LACKS})",
    "services.*.blkio_config.weight_device.**": f"every container has the same weight ({LACKS})",
    "services.*.pull_refresh_after": "an image is pulled when its reference changes",
    "services.*.networks.*.interface_name": f"the Engine names the interface ({LACKS})",
    "services.*.networks.*.priority": "networks are connected in no certain order; gw_priority chooses the gateway",
    "services.*.deploy.labels.**": "there is no service object to carry it; containers have `labels`",
    "services.*.deploy.placement.**": "everything runs on the one Engine",
    "services.*.deploy.update_config.monitor": "a new container counts when it is healthy, and is not watched after",
    "services.*.deploy.update_config.max_failure_ratio": "the first failure stops the update",
    "services.*.deploy.rollback_config.**": "nothing rolls back: a failed update leaves the other replicas as they are",
    "services.*.deploy.resources.reservations.cpus": "no processor is reserved; use limits",
    "services.*.deploy.restart_policy.delay": "the Engine's own growing delay holds",
    "services.*.deploy.restart_policy.window": "a restart counts when the container has run for 10 s",
    "services.*.build.no_cache_filter": f"the cache is used ({BUILD_LACKS})",
    "services.*.build.provenance": "attestations are off: they would change the digest of an unchanged image",
    "services.*.build.sbom": "attestations are off: they would change the digest of an unchanged image",
    "services.*.x-slipway.autoscale.**": "replicas are fixed at `min`",
    "volumes.*.x-slipway.size": "the size is not limited",
    "volumes.*.x-slipway.class": "the volume is where the Engine keeps its volumes",
    "secrets.*.labels.**": "a file has no labels",
    "configs.*.labels.**": "a file has no labels",
    "jobs.*.**": "it is not created: there is nothing to trigger it; run it with `docker compose run`",
}
"""What becomes something weaker."""

REJECTED = {
    "services.*.pids_limit": LACKS,
    "services.*.oom_kill_disable": LACKS,
    "services.*.cpu_rt_period": LACKS,
    "services.*.cpu_rt_runtime": LACKS,
    "services.*.cpu_count": WINDOWS,
    "services.*.cpu_percent": WINDOWS,
    "services.*.isolation": WINDOWS,
    "services.*.credential_spec.**": WINDOWS,
    "services.*.uts": LACKS,
    "services.*.umask": LACKS,
    "services.*.mac_address": "write it under the service's network",
    "services.*.use_api_socket": "it would give the container the Engine and your registry logins",
    "services.*.models.**": "language models need Docker Model Runner",
    "services.*.provider.**": "it would run a program of this machine",
    "services.*.external_links": LACKS,
    "services.*.pre_start.**": "pulumi-docker runs no hooks; use a service and depends_on",
    "services.*.post_start.**": "pulumi-docker runs no hooks",
    "services.*.pre_stop.**": "pulumi-docker runs no hooks",
    "services.*.volumes.bind.recursive": LACKS,
    "services.*.volumes.image.**": LACKS,
    "services.*.deploy.resources.limits.pids": LACKS,
    "services.*.deploy.resources.reservations.generic_resources.**": "only Swarm has generic resources",
    "services.*.build.entitlements": BUILD_LACKS,
    "services.*.build.isolation": WINDOWS,
    "services.*.build.privileged": BUILD_LACKS,
    "services.*.build.shm_size": BUILD_LACKS,
    "services.*.build.ulimits.**": BUILD_LACKS,
    "services.*.x-slipway.ingress.**": "the Engine's entry point is not built yet; publish a port",
    "services.*.x-slipway.patch.docker.**": "not built yet",
    "jobs.*.triggers.schedule.**": "the Engine runs nothing by the clock",
    "secrets.*.driver": "the Engine alone has no secret drivers",
    "secrets.*.driver_opts.**": "the Engine alone has no secret drivers",
    "secrets.*.template_driver": "the Engine alone has no templates",
    "configs.*.template_driver": "the Engine alone has no templates",
    "models.**": "language models need Docker Model Runner",
}
"""What cannot be right, and why."""


def _service(app: App, path: Path) -> Service:
    return app.services[str(path[1])]


def _is_secret(_app: App, _path: Path, value: Any) -> bool:
    return isinstance(value, Parts) and value.secret


def _is(*values: Any) -> Any:
    return lambda _app, _path, value: value in values


def _is_not(*values: Any) -> Any:
    return lambda _app, _path, value: value not in values


def _in_the_way(app: App, path: Path, value: Any) -> bool:
    return value == "start-first" and order.obstacle(_service(app, path), app) is not None


def _not_whole(_app: App, _path: Path, value: Any) -> bool:
    return isinstance(value, int) and value > 0 and value % container.MIB != 0


def _anonymous(app: App, path: Path, value: Any) -> bool:
    return value == "volume" and _service(app, path).volumes[int(path[3])].source is None


def _is_service(_app: App, _path: Path, value: Any) -> bool:
    return str(value).startswith("service:")


def _bind(app: App, path: Path) -> BindOptions:
    return _service(app, path).volumes[int(path[3])].bind or BindOptions()


def _propagated(app: App, path: Path, value: Any) -> bool:
    return value is True and _bind(app, path).propagation is not None


def _not_relabelled(app: App, path: Path, _value: Any) -> bool:
    bind = _bind(app, path)
    return bind.propagation is not None or bind.create_host_path is False


def _only_on_failure(app: App, path: Path, _value: Any) -> bool:
    deploy = _service(app, path).deploy
    policy = deploy.restart_policy if deploy else None
    return policy is not None and policy.condition != "on-failure"


def _aliased(_app: App, _path: Path, value: Any) -> bool:
    name, colon, alias = str(value).partition(":")
    return bool(colon) and alias != name


def _several(app: App, path: Path, _value: Any) -> bool:
    build = _service(app, path).build
    return build is not None and len(build.platforms) > 1


A, R = Verdict.APPROXIMATED, Verdict.REJECTED
ROUNDED = "rounded up to whole MiB"
PROCESSES = "the process list would show a secret"
LABEL = "a label is no place for a secret"
SHOWN = "`docker inspect` shows it: use a Compose secret, and the image's `_FILE` variable where it has one"

SECRET = {
    "services.*.environment.*": (A, SHOWN),
    "services.*.logging.options.*": (A, "`docker inspect` shows it"),
    "services.*.sysctls.*": (A, "`docker inspect` shows it"),
    "services.*.storage_opt.**": (A, "`docker inspect` shows it"),
    "services.*.gpus.**": (A, "`docker inspect` shows it"),
    "services.*.deploy.resources.reservations.devices.**": (A, "`docker inspect` shows it"),
    "networks.*.driver_opts.*": (A, "`docker network inspect` shows it"),
    "networks.*.ipam.**": (A, "`docker network inspect` shows it"),
    "volumes.*.driver_opts.*": (A, "`docker volume inspect` shows it"),
    "services.*.command": (R, PROCESSES),
    "services.*.entrypoint": (R, PROCESSES),
    "services.*.healthcheck.test": (R, PROCESSES),
    "services.*.labels.*": (R, LABEL),
    "services.*.volumes.volume.labels.*": (R, LABEL),
    "networks.*.labels.*": (R, LABEL),
    "volumes.*.labels.*": (R, LABEL),
    "services.*.networks.*.driver_opts.*": (R, "an option of a network is no place for a secret"),
    "services.*.build.labels.*": (R, "the image keeps it"),
    "services.*.build.args.*": (R, "the image keeps it: use build.secrets"),
}
"""Where a value that holds a secret would be read by others."""

CONDITIONAL = (
    *(Row(path, verdict, reason, _is_secret, "a secret") for path, (verdict, reason) in SECRET.items()),
    Row("services.*.build.platforms", R, "an Engine holds one platform of an image", _several, "more than one"),
    Row(
        "services.*.build.network",
        R,
        "BuildKit builds on default, host or none",
        _is_not("default", "host", "none"),
        "not default, host or none",
    ),
    Row(
        "services.*.build.additional_contexts.*",
        R,
        "images are built apart from each other",
        _is_service,
        "service:NAME",
    ),
    Row(
        "services.*.volumes.bind.create_host_path",
        A,
        "with propagation, a folder that the host lacks is an error",
        _propagated,
        "true, with propagation",
    ),
    Row(
        "services.*.volumes.bind.selinux",
        R,
        "with propagation or create_host_path: false, pulumi-docker relabels nothing",
        _not_relabelled,
        "with propagation, or create_host_path: false",
    ),
    Row("services.*.volumes.type", R, LACKS, _is("image", "cluster", "npipe"), "image, cluster, npipe"),
    Row(
        "services.*.volumes.type",
        A,
        "an anonymous volume goes with its container, at every replacement; give it a name",
        _anonymous,
        "volume without a source",
    ),
    Row("services.*.mem_limit", A, ROUNDED, _not_whole, "no whole MiB"),
    Row("services.*.mem_reservation", A, ROUNDED, _not_whole, "no whole MiB"),
    Row("services.*.memswap_limit", A, ROUNDED, _not_whole, "no whole MiB"),
    Row("services.*.shm_size", A, ROUNDED, _not_whole, "no whole MiB"),
    Row("services.*.deploy.resources.limits.memory", A, ROUNDED, _not_whole, "no whole MiB"),
    Row("services.*.deploy.resources.reservations.memory", A, ROUNDED, _not_whole, "no whole MiB"),
    Row(
        "services.*.pull_policy",
        A,
        "an image is pulled when it is missing or its reference changes",
        _is_not("missing", "if_not_present", "build"),
        "always, never, daily, weekly, every_*, refresh",
    ),
    Row(
        "services.*.deploy.mode",
        R,
        "use depends_on with service_completed_successfully",
        _is("replicated-job", "global-job"),
        "a job",
    ),
    Row(
        "services.*.deploy.endpoint_mode",
        A,
        "the name resolves to every replica's address",
        _is("vip"),
        "vip",
    ),
    Row(
        "services.*.deploy.update_config.order",
        A,
        "the old container goes first: name, host port or volume is in the way of two",
        _in_the_way,
        "start-first, with a container_name, a host port, or a volume of one writer",
    ),
    Row(
        "services.*.deploy.update_config.parallelism",
        A,
        "replicas are replaced one at a time",
        _is_not(1),
        "not 1",
    ),
    Row("services.*.deploy.update_config.delay", A, "the next replica follows at once", _is_not(0), "not 0"),
    Row(
        "services.*.deploy.update_config.failure_action",
        A,
        "the first replica that fails stops the update, and the others stay as they are",
        _is("rollback", "continue"),
        "rollback, continue",
    ),
    Row(
        "services.*.deploy.restart_policy.max_attempts",
        A,
        "attempts are counted for on-failure alone",
        _only_on_failure,
        "condition is not on-failure",
    ),
    Row("services.*.links", R, "write the alias under the linked service's network", _aliased, "with an alias"),
    Row("networks.*.enable_ipv4", R, LACKS, _is(False), "false"),
)
"""What depends on the value."""

SUPPORT = Table(
    [
        *CONDITIONAL,
        *(Row(path, Verdict.HONOURED) for path in HONOURED.split()),
        *(Row(path, Verdict.HONOURED, reason) for path, reason in NO_EFFECT.items()),
        *(Row(path, Verdict.APPROXIMATED, reason) for path, reason in APPROXIMATED.items()),
        *(Row(path, Verdict.REJECTED, reason) for path, reason in REJECTED.items()),
    ]
)
"""What the target docker does with every key."""
