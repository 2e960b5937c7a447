"""The docker column of the support table: what one Docker Engine, through pulumi-docker 5.2, makes of every key.

Honoured means what `docker compose up` means by it. What the Engine has and pulumi-docker lacks is named as such.
What is honoured by reading the files (`extends`, `env_file`, `profiles`) is honoured here as on every target.
"""

from ...support import Row, Table, Verdict
from ..conditions import aliased, external, is_secret, none_of, one_of
from ..lacking import MODELS, PROVIDER, WINDOWS
from . import conditions, versions
from .render import RULES

LACKS = "pulumi-docker 5.2 has no argument for it"
BUILD_LACKS = "pulumi-docker-build has no argument for it"
HOOKS = "pulumi-docker runs no hooks"
ELSEWHERE = "build it elsewhere and name it in slipway:images"

HONOURED = """
name include
services.*.extends.** services.*.env_file.** services.*.label_file services.*.profiles
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
services.*.platform services.*.stop_signal services.*.stop_grace_period
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
services.*.deploy services.*.deploy.replicas services.*.deploy.update_config
services.*.deploy.update_config.order services.*.deploy.resources services.*.deploy.resources.limits
services.*.deploy.resources.limits.cpus services.*.deploy.resources.limits.memory
services.*.deploy.resources.reservations services.*.deploy.resources.reservations.memory
services.*.deploy.resources.reservations.devices.** services.*.deploy.restart_policy
services.*.deploy.restart_policy.condition services.*.deploy.restart_policy.max_attempts
services.*.links services.*.mac_address
services.*.build services.*.build.context services.*.build.dockerfile services.*.build.dockerfile_inline
services.*.build.args.* services.*.build.ssh.* services.*.build.labels.* services.*.build.cache_from
services.*.build.cache_to services.*.build.no_cache services.*.build.additional_contexts.* services.*.build.network
services.*.build.pull services.*.build.target services.*.build.extra_hosts.* services.*.build.secrets.source
services.*.build.secrets.target services.*.build.tags services.*.build.platforms
services.*.x-slipway.patch.docker.**
networks.*.name networks.*.driver networks.*.driver_opts.* networks.*.ipam.** networks.*.external
networks.*.internal networks.*.enable_ipv6 networks.*.attachable networks.*.labels.*
volumes.*.name volumes.*.driver volumes.*.driver_opts.* volumes.*.external volumes.*.labels.*
volumes.*.x-slipway volumes.*.x-slipway.shared volumes.*.x-slipway.keep
secrets.*.environment secrets.*.file secrets.*.external
configs.*.content configs.*.environment configs.*.file configs.*.external
"""
"""What changes a resource, and means what it says."""

HARMLESS = {
    "version": "obsolete: the specification tells to ignore it",
    "services.*.attach": "it is about the terminal of `docker compose up`",
    "services.*.develop.**": "it is for development with `docker compose watch`",
    "services.*.expose": "containers on one network reach every port of each other",
    "services.*.ports.mode": "on one Engine, ingress and host are the same",
    "services.*.ports.name": "a remark for people",
    "services.*.ports.app_protocol": "a remark for proxies",
    "services.*.volumes.consistency": "every Engine since 17.06 ignores it",
    "services.*.deploy.mode": "on one Engine, replicated and global are the same",
    "services.*.x-slipway.managed": "a cloud has a service of its own; here the container runs",
    "services.*.x-slipway.patch.**": "it is for another target",
    "secrets.*.name": "the file is called as its grant says",
    "configs.*.name": "the file is called as its grant says",
    "services.*.build.secrets.uid": "a build's secret is read by the build alone",
    "services.*.build.secrets.gid": "a build's secret is read by the build alone",
    "services.*.build.secrets.mode": "a build's secret is read by the build alone",
}
"""What changes nothing, and why nothing is lost by it."""

APPROXIMATED = {
    "services.*.annotations.**": f"it is not set ({LACKS})",
    "services.*.mem_swappiness": f"the Engine's default holds ({LACKS})",
    "services.*.oom_score_adj": f"the Engine's default holds ({LACKS})",
    "services.*.blkio_config.weight": f"every container has the same weight ({LACKS})",
    "services.*.blkio_config.weight_device.**": f"every container has the same weight ({LACKS})",
    "services.*.pull_policy": "an image is pulled when it is missing or its reference changes",
    "services.*.pull_refresh_after": "an image is pulled when its reference changes",
    "services.*.networks.*.interface_name": f"the Engine names the interface ({LACKS})",
    "services.*.networks.*.priority": "networks are connected in no certain order; gw_priority chooses the gateway",
    "services.*.deploy.labels.**": "there is no service object to carry it; containers have `labels`",
    "services.*.deploy.placement.**": "everything runs on the one Engine",
    "services.*.deploy.endpoint_mode": "the name resolves to every replica's address",
    "services.*.deploy.update_config.parallelism": "replicas are replaced one at a time",
    "services.*.deploy.update_config.delay": "the next replica follows at once",
    "services.*.deploy.update_config.failure_action": (
        "the first replica that fails stops the update, and the others stay as they are"
    ),
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
    "services.*.pids_limit": (LACKS, "use ulimits.nproc"),
    "services.*.oom_kill_disable": (LACKS, ""),
    "services.*.cpu_rt_period": (LACKS, "use cpu_shares or cpus"),
    "services.*.cpu_rt_runtime": (LACKS, "use cpu_shares or cpus"),
    "services.*.cpu_count": (WINDOWS, "use cpus"),
    "services.*.cpu_percent": (WINDOWS, "use cpus"),
    "services.*.isolation": (WINDOWS, ""),
    "services.*.credential_spec.**": (WINDOWS, ""),
    "services.*.uts": (LACKS, "use hostname"),
    "services.*.umask": (LACKS, "set it in the entrypoint"),
    "services.*.use_api_socket": ("it would give the container the Engine and your registry logins", "bind the socket"),
    "services.*.models.**": MODELS,
    "services.*.provider.**": PROVIDER,
    "services.*.external_links": (LACKS, "join the container's network with networks.<name>.external"),
    "services.*.pre_start.**": (
        "no step is run before a service on its own",
        "make it a service, and depend on it with service_completed_successfully",
    ),
    "services.*.post_start.**": (HOOKS, "do it in the entrypoint"),
    "services.*.pre_stop.**": (HOOKS, "do it in the process, on stop_signal"),
    "services.*.volumes.bind.recursive": (LACKS, "bind the folders that are mounts themselves"),
    "services.*.volumes.image.**": (LACKS, "fill a named volume from the image"),
    "services.*.deploy.resources.limits.pids": (LACKS, "use ulimits.nproc"),
    "services.*.deploy.resources.reservations.generic_resources.**": (
        "only Swarm has generic resources",
        "use devices",
    ),
    "services.*.build.entitlements": (BUILD_LACKS, ELSEWHERE),
    "services.*.build.isolation": (WINDOWS, ""),
    "services.*.build.privileged": (BUILD_LACKS, ELSEWHERE),
    "services.*.build.shm_size": (BUILD_LACKS, ELSEWHERE),
    "services.*.build.ulimits.**": (BUILD_LACKS, ELSEWHERE),
    "services.*.x-slipway.ingress.**": (
        "an Engine has no entry point that services share",
        "publish a port with ports",
    ),
    "jobs.*.triggers.schedule.**": ("the Engine runs nothing by the clock", "run it by a timer of the host"),
    "networks.*.enable_ipv4": (LACKS, ""),
    "secrets.*.driver": ("the Engine alone has no secret drivers", "use environment, file or external"),
    "secrets.*.driver_opts.**": ("the Engine alone has no secret drivers", "use environment, file or external"),
    "secrets.*.template_driver": ("the Engine alone has no templates", "write the content out"),
    "configs.*.template_driver": ("the Engine alone has no templates", "write the content out"),
    "models.**": MODELS,
}
"""What cannot be right: why, and what to do instead where there is anything but to remove it."""


A, H, R = Verdict.APPROXIMATED, Verdict.HONOURED, Verdict.REJECTED
IN_MIB = (
    "mem_limit",
    "mem_reservation",
    "memswap_limit",
    "shm_size",
    "deploy.resources.limits.memory",
    "deploy.resources.reservations.memory",
)
"""Sizes that pulumi-docker takes in MiB."""
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
    "services.*.networks.*.driver_opts.*": (A, "`docker inspect` shows it"),
    "services.*.build.labels.*": (R, "the image keeps it"),
    "services.*.build.args.*": (R, "the image keeps it: use build.secrets"),
}
"""Where a value that holds a secret would be read by others."""

CONDITIONAL = (
    *(Row(path, verdict, reason, is_secret, "a secret") for path, (verdict, reason) in SECRET.items()),
    Row(
        "services.*.build.platforms",
        R,
        "an Engine holds one platform of an image",
        conditions.several,
        "more than one",
        "name one",
    ),
    Row(
        "services.*.build.network",
        R,
        "BuildKit builds on default, host or none",
        none_of("default", "host", "none"),
        "not default, host or none",
        "use host",
    ),
    Row("services.*.build.provenance", H, "", one_of("false"), "false"),
    Row("services.*.build.sbom", H, "", one_of("false"), "false"),
    Row(
        "services.*.volumes.bind.create_host_path",
        A,
        "with propagation, a folder that the host lacks is an error",
        conditions.propagated,
        "true, with propagation",
    ),
    Row(
        "services.*.volumes.bind.selinux",
        R,
        "with propagation or create_host_path: false, pulumi-docker relabels nothing",
        conditions.not_relabelled,
        "with propagation, or create_host_path: false",
        "take these two away",
    ),
    Row(
        "services.*.volumes.type",
        R,
        LACKS,
        one_of("image", "cluster", "npipe"),
        "image, cluster, npipe",
        "use a named volume",
    ),
    Row(
        "services.*.volumes.type",
        A,
        "an anonymous volume goes with its container, at every replacement; give it a name",
        conditions.anonymous,
        "volume without a source",
    ),
    *(Row(f"services.*.{path}", A, "rounded up to whole MiB", conditions.not_whole, "no whole MiB") for path in IN_MIB),
    Row(
        "services.*.stop_grace_period",
        A,
        "rounded up to whole seconds",
        conditions.not_whole_seconds,
        "no whole seconds",
    ),
    *(
        Row(f"services.*.{path}", A, "a name is looked up on this machine", conditions.is_name, "a name, not a number")
        for path in ("secrets.uid", "secrets.gid", "configs.uid", "configs.gid")
    ),
    *(
        Row(
            f"services.*.{path}",
            R,
            "pulumi-docker takes no set-user, set-group or sticky bit",
            conditions.special_bits,
            "above 0777",
            "write three digits",
        )
        for path in ("secrets.mode", "configs.mode")
    ),
    Row(
        "services.*.networks.*.gw_priority",
        R,
        "pulumi-docker takes no negative priority",
        conditions.negative,
        "below 0",
        "raise the others",
    ),
    Row("services.*.pull_policy", H, "", one_of("missing", "build"), "missing, if_not_present, build"),
    Row(
        "services.*.security_opt",
        R,
        "pulumi-docker hands on the file's name, not what is in it",
        conditions.profile_file,
        "seccomp with a file",
        "write the profile itself after seccomp=",
    ),
    Row(
        "services.*.ipc",
        R,
        "the other service does not lend its memory",
        conditions.not_lent,
        "service:NAME, of a service without ipc: shareable",
        "write ipc: shareable there",
    ),
    Row(
        "services.*.mac_address",
        R,
        "without a network of its own, a container has no address",
        conditions.without_network,
        "with network_mode",
    ),
    Row(
        "services.*.deploy.mode",
        R,
        "an Engine has no jobs",
        one_of("replicated-job", "global-job"),
        "a job",
        "use depends_on with service_completed_successfully",
    ),
    Row("services.*.deploy.endpoint_mode", H, "", one_of("dnsrr"), "dnsrr"),
    Row(
        "services.*.deploy.update_config.order",
        A,
        "the old container goes first: name, host port or volume is in the way of two",
        conditions.in_the_way,
        "start-first, with a container_name, a host port, or a volume of one writer",
    ),
    Row("services.*.deploy.update_config.parallelism", H, "", one_of(1), "1"),
    Row("services.*.deploy.update_config.delay", H, "", one_of(0), "0"),
    Row("services.*.deploy.update_config.failure_action", H, "", one_of("pause"), "pause"),
    Row(
        "services.*.deploy.restart_policy.max_attempts",
        A,
        "attempts are counted for on-failure alone",
        conditions.only_on_failure,
        "condition is not on-failure",
    ),
    Row("services.*.links", A, "every service on the network sees the alias", aliased, "with an alias"),
    Row("networks.*.enable_ipv4", H, "", one_of(True), "true"),
    Row("secrets.*.name", H, "the name in slipway:secrets", external("secrets"), "external"),
    Row("configs.*.name", H, "the name in slipway:env", external("configs"), "external"),
)
"""What depends on the value."""


def _since(path: str) -> str:
    since = versions.KEYS.get(path)
    return "" if since is None else f"from Docker Engine {since.engine} on; the probe says where it is older"


SUPPORT = Table(
    [
        *CONDITIONAL,
        *(Row(path, Verdict.HONOURED, _since(path)) for path in HONOURED.split()),
        *(Row(path, Verdict.HARMLESS, reason) for path, reason in HARMLESS.items()),
        *(Row(path, Verdict.APPROXIMATED, reason) for path, reason in APPROXIMATED.items()),
        *(Row(path, Verdict.REJECTED, reason, instead=instead) for path, (reason, instead) in REJECTED.items()),
    ],
    rules=RULES,
)
"""What the target docker does with every key."""
