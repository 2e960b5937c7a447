"""The swarm column of the support table: what a Docker Swarm, through pulumi-docker 5.2, makes of every key.

Honoured means what `docker stack deploy` means by it, and where that says nothing, what the specification says. What
Swarm has and pulumi-docker lacks is named as such. Builds are judged as on docker, but for what a registry makes
possible.
"""

from ...support import Row, Table, Verdict
from .. import lacking
from ..docker import support as docker
from .conditional import CONDITIONAL, ELSEWHERE
from .render import RULES

LACKS = docker.LACKS
NODES = "tasks share nothing but networks: they may be on different nodes"
ADDRESSES = "Swarm gives its tasks their addresses"

HONOURED = """
name include
services.*.extends.** services.*.env_file.** services.*.label_file services.*.profiles
services.*.image services.*.command services.*.entrypoint services.*.environment.* services.*.labels.*
services.*.volumes.type services.*.volumes.source services.*.volumes.target services.*.volumes.read_only
services.*.volumes.bind.propagation services.*.volumes.volume.labels.* services.*.volumes.volume.nocopy
services.*.volumes.tmpfs.size services.*.volumes.tmpfs.mode services.*.tmpfs services.*.shm_size
services.*.secrets.source services.*.secrets.target services.*.secrets.uid services.*.secrets.gid
services.*.secrets.mode services.*.configs.source services.*.configs.target services.*.configs.uid
services.*.configs.gid services.*.configs.mode
services.*.networks.* services.*.networks.*.aliases services.*.networks.*.driver_opts.*
services.*.networks.*.use_service_name_alias
services.*.hostname services.*.dns services.*.dns_opt services.*.dns_search services.*.extra_hosts.*
services.*.user services.*.group_add services.*.working_dir services.*.read_only services.*.cap_add
services.*.cap_drop services.*.security_opt services.*.sysctls.* services.*.init services.*.platform
services.*.stop_signal services.*.stop_grace_period services.*.logging.driver services.*.logging.options.*
services.*.cpus services.*.mem_limit services.*.mem_reservation
services.*.restart services.*.scale
services.*.healthcheck services.*.healthcheck.test services.*.healthcheck.interval services.*.healthcheck.timeout
services.*.healthcheck.retries services.*.healthcheck.start_period services.*.healthcheck.disable
services.*.depends_on.* services.*.depends_on.*.condition services.*.depends_on.*.required
services.*.ports services.*.ports.target services.*.ports.published services.*.ports.protocol services.*.ports.mode
services.*.ports.name
services.*.deploy services.*.deploy.mode services.*.deploy.replicas services.*.deploy.endpoint_mode
services.*.deploy.labels.* services.*.deploy.update_config services.*.deploy.update_config.parallelism
services.*.deploy.update_config.delay services.*.deploy.update_config.failure_action
services.*.deploy.update_config.monitor services.*.deploy.update_config.max_failure_ratio
services.*.deploy.update_config.order services.*.deploy.rollback_config
services.*.deploy.rollback_config.parallelism services.*.deploy.rollback_config.delay
services.*.deploy.rollback_config.failure_action services.*.deploy.rollback_config.monitor
services.*.deploy.rollback_config.max_failure_ratio services.*.deploy.rollback_config.order
services.*.deploy.resources services.*.deploy.resources.limits services.*.deploy.resources.limits.cpus
services.*.deploy.resources.limits.memory services.*.deploy.resources.reservations
services.*.deploy.resources.reservations.cpus services.*.deploy.resources.reservations.memory
services.*.deploy.resources.reservations.generic_resources.**
services.*.deploy.restart_policy services.*.deploy.restart_policy.condition
services.*.deploy.restart_policy.delay services.*.deploy.restart_policy.max_attempts
services.*.deploy.restart_policy.window services.*.deploy.placement
services.*.deploy.placement.constraints services.*.deploy.placement.preferences.**
services.*.deploy.placement.max_replicas_per_node
services.*.links
services.*.x-slipway.patch.swarm.** services.*.x-slipway.ingress services.*.x-slipway.ingress.port
services.*.x-slipway.ingress.host services.*.x-slipway.ingress.path services.*.x-slipway.ingress.tls
services.*.x-slipway.ingress.redirect_http
networks.*.name networks.*.driver networks.*.driver_opts.* networks.*.ipam.** networks.*.external
networks.*.internal networks.*.enable_ipv6 networks.*.attachable networks.*.labels.*
volumes.*.name volumes.*.driver volumes.*.driver_opts.* volumes.*.external volumes.*.labels.*
volumes.*.x-slipway volumes.*.x-slipway.shared
secrets.*.environment secrets.*.file secrets.*.external secrets.*.labels.*
configs.*.content configs.*.environment configs.*.file configs.*.external configs.*.labels.*
"""
"""What changes a resource, and means what it says."""

HARMLESS = {
    "version": "obsolete: the specification tells to ignore it",
    "services.*.attach": "it is about the terminal of `docker compose up`",
    "services.*.develop.**": "it is for development with `docker compose watch`",
    "services.*.expose": "tasks on one network reach every port of each other",
    "services.*.ports.app_protocol": "a remark for proxies",
    "services.*.volumes.consistency": "every Engine since 17.06 ignores it",
    "services.*.x-slipway.managed": "a cloud has a service of its own; here the container runs",
    "services.*.x-slipway.patch.**": "it is for another target",
    "secrets.*.name": "Swarm's name changes with the content; the file is called as its grant says",
    "configs.*.name": "Swarm's name changes with the content; the file is called as its grant says",
}
"""What changes nothing, and why nothing is lost by it."""

APPROXIMATED = {
    "services.*.annotations.**": f"it is not set ({LACKS})",
    "services.*.container_name": "Swarm names containers after service and task",
    "services.*.domainname": f"it is not set ({LACKS}); write it into hostname",
    "services.*.stdin_open": f"there is no input ({LACKS})",
    "services.*.tty": f"there is no terminal, and a shell without one ends at once ({LACKS})",
    "services.*.mem_swappiness": f"the Engine's default holds ({LACKS})",
    "services.*.oom_score_adj": f"the Engine's default holds ({LACKS})",
    "services.*.cpu_shares": f"every container has the same weight ({LACKS}); use deploy.resources",
    "services.*.blkio_config.weight": f"every container has the same weight ({LACKS})",
    "services.*.blkio_config.weight_device.**": f"every container has the same weight ({LACKS})",
    "services.*.pull_policy": "nodes pull an image when its digest changes",
    "services.*.pull_refresh_after": "nodes pull an image when its digest changes",
    "services.*.healthcheck.start_interval": f"the interval holds from the beginning ({LACKS})",
    "services.*.depends_on.*.restart": "a dependent is not restarted after its dependency was updated",
    "services.*.networks.*.interface_name": f"the Engine names the interface ({LACKS})",
    "services.*.networks.*.priority": "networks are connected in no certain order",
    "services.*.networks.*.gw_priority": f"the Engine chooses the gateway ({LACKS})",
    "services.*.volumes.bind.create_host_path": ELSEWHERE,
    "services.*.x-slipway.autoscale.**": "replicas are fixed at `min`",
    "services.*.x-slipway.ingress.health_path": "Swarm's own health check decides which tasks get requests",
    "services.*.x-slipway.ingress.sticky": "any task gets any request: keep sessions in a store that tasks share",
    "volumes.*.x-slipway.size": "the size is not limited",
    "volumes.*.x-slipway.class": "the volume is where its node keeps its volumes",
    "volumes.*.x-slipway.keep": "a volume that a node has made stays; remove it there with `docker volume rm`",
    "jobs.*.**": "it is not created: there is nothing to trigger it; run it with `docker compose run`",
}
"""What becomes something weaker."""

REJECTED = {
    **lacking.refused(LACKS, ADDRESSES),
    "services.*.pids_limit": (LACKS, "set default-ulimits in the nodes' daemon.json"),
    "services.*.ulimits.**": (LACKS, "set default-ulimits in the nodes' daemon.json"),
    "services.*.memswap_limit": (LACKS, "use deploy.resources.limits.memory"),
    "services.*.cpuset": (LACKS, "use deploy.resources.limits.cpus"),
    "services.*.cpu_quota": (LACKS, "use deploy.resources.limits.cpus"),
    "services.*.cpu_period": (LACKS, "use deploy.resources.limits.cpus"),
    "services.*.privileged": ("Swarm has no privileged tasks", "use cap_add"),
    "services.*.devices.**": ("Swarm gives tasks no devices", "declare generic resources on the nodes"),
    "services.*.device_cgroup_rules": ("Swarm gives tasks no devices", "declare generic resources on the nodes"),
    "services.*.gpus.**": (
        "Swarm counts accelerators as generic resources",
        "use deploy.resources.reservations.generic_resources",
    ),
    "services.*.deploy.resources.reservations.devices.**": (
        "Swarm counts accelerators as generic resources",
        "use generic_resources",
    ),
    "services.*.deploy.resources.limits.pids": (LACKS, "set default-ulimits in the nodes' daemon.json"),
    "services.*.storage_opt.**": (LACKS, "set it in the nodes' daemon.json"),
    "services.*.runtime": (LACKS, "set default-runtime in the nodes' daemon.json"),
    "services.*.cgroup_parent": (LACKS, "set it in the nodes' daemon.json"),
    "services.*.userns_mode": (LACKS, "set userns-remap in the nodes' daemon.json"),
    "services.*.uts": (LACKS, "use hostname"),
    "services.*.ipc": (NODES, "use a network"),
    "services.*.pid": (NODES, "use a network"),
    "services.*.network_mode": (NODES, "use networks, and ports with mode: host"),
    "services.*.volumes_from": (NODES, "mount the same named volume in both"),
    "services.*.volumes.bind.recursive": (LACKS, "bind the folders that are mounts themselves"),
    "services.*.volumes.bind.selinux": (LACKS, "label the folder on the nodes"),
    "services.*.volumes.volume.subpath": (LACKS, "use a volume of its own"),
    "services.*.volumes.image.**": (LACKS, "fill a named volume from the image"),
    "services.*.use_api_socket": ("it would give the container the Engine and your registry logins", "bind the socket"),
    "services.*.external_links": (NODES, "join the service's network with networks.<name>.external"),
    "services.*.pre_start.**": (docker.HOOKS, "use a service and depends_on with service_completed_successfully"),
    "services.*.post_start.**": (docker.HOOKS, "do it in the entrypoint"),
    "services.*.pre_stop.**": (docker.HOOKS, "do it in the process, on stop_signal"),
    "services.*.x-slipway.ingress.internal": (
        "the Swarm's one entry point is open to the outside",
        "leave ingress out: services on one network reach each other",
    ),
    "services.*.x-slipway.ingress.tls.certificate": (
        "the entry point's certificates are its own stack's",
        "write tls: auto, and give the certificate to the Swarm's stack",
    ),
    "jobs.*.triggers.schedule.**": ("Swarm runs nothing by the clock", "run it by a timer of a node"),
    "networks.*.enable_ipv4": (LACKS, ""),
    "secrets.*.driver": (LACKS, "use environment, file or external"),
    "secrets.*.driver_opts.**": (LACKS, "use environment, file or external"),
}
"""What cannot be right: why, and what to do instead where there is anything but to remove it."""

BUILDS = tuple(
    row
    for row in docker.SUPPORT.rows
    if row.path.startswith("services.*.build") and row.path != "services.*.build.platforms"
)
"""As on docker; of several platforms, a registry holds them all."""

SUPPORT = Table(
    [
        *CONDITIONAL,
        *BUILDS,
        Row("services.*.build.platforms", Verdict.HONOURED),
        *(Row(path, Verdict.HONOURED) for path in HONOURED.split()),
        *(Row(path, Verdict.HARMLESS, reason) for path, reason in HARMLESS.items()),
        *(Row(path, Verdict.APPROXIMATED, reason) for path, reason in APPROXIMATED.items()),
        *(Row(path, Verdict.REJECTED, reason, instead=instead) for path, (reason, instead) in REJECTED.items()),
    ],
    rules=RULES,
)
"""What the target swarm does with every key."""
