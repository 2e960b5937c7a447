"""The ecs column of the support table: what ECS on Fargate makes of every key.

Honoured means what the specification says, done by what AWS has for it. What Fargate takes and what not is in
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html. Where a key's verdict depends
on its value, `conditional.py` has the rows; of a service that AWS's own takes the place of, `managed_keys.py`.
Jobs and `pre_start` steps are judged as the services that they look like, but for what they cannot have (`steps.py`,
`repeated.py`).
"""

from ...support import Row, Table, Verdict
from .. import lacking, repeated
from ..managed_keys import of_managed
from ..swarm import support as swarm
from .conditional import CONDITIONAL, EKS
from .conditional_tasks import COMPANIONS
from .managed import ENGINES
from .render import RULES
from .steps import OF_A_TASK, TRIGGERS

LACKS = "Fargate has no setting for it"
ADDRESSES = "the cluster's network gives tasks their addresses"
ONE_NETWORK = "a task has one network interface"
DEVICES = "Fargate has no devices"
SENT = "a file of the project is copied into the task, and any other bind is refused"
CLASSES = "volumes are on EFS"
EXTERNAL = "use x-slipway, or external: true with the ID of a file system in name"

FILES = ("configs", "secrets")

HONOURED = """
name include
services.*.extends.** services.*.env_file.** services.*.label_file services.*.profiles
services.*.image services.*.command services.*.entrypoint services.*.environment.* services.*.labels.*
services.*.volumes.type services.*.volumes.source services.*.volumes.target services.*.volumes.read_only
services.*.volumes.volume.subpath services.*.volumes.tmpfs.size services.*.volumes.tmpfs.mode services.*.tmpfs
services.*.volumes_from
services.*.secrets.source services.*.secrets.target services.*.secrets.uid services.*.secrets.gid
services.*.secrets.mode services.*.configs.source services.*.configs.target services.*.configs.uid
services.*.configs.gid services.*.configs.mode
services.*.networks.* services.*.networks.*.aliases services.*.network_mode services.*.links
services.*.dns_opt services.*.dns_search services.*.extra_hosts.*
services.*.user services.*.working_dir services.*.read_only services.*.cap_add services.*.cap_drop
services.*.sysctls.* services.*.ulimits.* services.*.ulimits.*.soft services.*.ulimits.*.hard services.*.init
services.*.pid services.*.platform services.*.stop_grace_period services.*.stdin_open services.*.tty
services.*.cpus services.*.cpu_quota services.*.cpu_period services.*.mem_limit services.*.mem_reservation
services.*.scale
services.*.healthcheck services.*.healthcheck.test services.*.healthcheck.interval services.*.healthcheck.timeout
services.*.healthcheck.retries services.*.healthcheck.start_period services.*.healthcheck.disable
services.*.depends_on.* services.*.depends_on.*.condition services.*.depends_on.*.required
services.*.ports services.*.ports.target services.*.ports.published services.*.ports.protocol services.*.expose
services.*.deploy services.*.deploy.mode services.*.deploy.replicas services.*.deploy.labels.*
services.*.deploy.update_config services.*.deploy.update_config.parallelism services.*.deploy.update_config.order
services.*.deploy.rollback_config services.*.deploy.resources services.*.deploy.resources.limits
services.*.deploy.resources.limits.cpus services.*.deploy.resources.limits.memory
services.*.deploy.resources.reservations services.*.deploy.resources.reservations.cpus
services.*.deploy.resources.reservations.memory services.*.deploy.restart_policy services.*.deploy.placement
services.*.x-slipway.patch.ecs.** services.*.x-slipway.ingress services.*.x-slipway.ingress.port
services.*.x-slipway.ingress.host services.*.x-slipway.ingress.path services.*.x-slipway.ingress.tls
services.*.x-slipway.ingress.tls.certificate services.*.x-slipway.ingress.health_path
services.*.x-slipway.ingress.redirect_http services.*.x-slipway.ingress.sticky
services.*.x-slipway.autoscale services.*.x-slipway.autoscale.min services.*.x-slipway.autoscale.max
services.*.x-slipway.autoscale.cpu services.*.x-slipway.autoscale.memory
services.*.x-slipway.managed
networks.*.labels.* volumes.*.external volumes.*.labels.*
volumes.*.x-slipway volumes.*.x-slipway.shared volumes.*.x-slipway.keep
secrets.*.environment secrets.*.file secrets.*.external secrets.*.labels.*
configs.*.content configs.*.environment configs.*.file configs.*.external
"""
"""What changes a resource, and means what it says."""

REMARKED = {
    "services.*.x-slipway.autoscale.requests": "with x-slipway.ingress, whose load balancer counts them",
}
"""What is honoured under a condition that only the whole service tells."""

HARMLESS = {
    "version": "obsolete: the specification tells to ignore it",
    "services.*.attach": "it is about the terminal of `docker compose up`",
    "services.*.develop.**": "it is for development with `docker compose watch`",
    "services.*.restart": "a task that ends is always replaced",
    "services.*.pull_policy": "a task always pulls its image",
    "services.*.pull_refresh_after": "a task always pulls its image",
    "services.*.deploy.placement.max_replicas_per_node": "every task has a machine of its own",
    "services.*.ports.mode": "a load balancer takes what comes, and there are no nodes",
    "services.*.ports.name": "a name for people",
    "services.*.ports.app_protocol": "a remark for proxies",
    **{f"services.*.volumes.bind.{key}": SENT for key in ("create_host_path", "propagation", "recursive", "selinux")},
    "services.*.volumes.consistency": "every Engine since 17.06 ignores it",
    "services.*.x-slipway.patch.**": "it is for another target",
    "services.*.x-slipway.ingress.internal": "it is refused where the cluster's load balancer is not internal",
    "networks.*.name": "services are called by their own names",
    "volumes.*.name": "a volume is called by its key; the file system is the application's own",
    **{f"{kind}.*.name": "AWS's name is made up; the file is called as its grant says" for kind in FILES},
}
"""What changes nothing, and why nothing is lost by it."""

APPROXIMATED = {
    "services.*.annotations.*": "it is not set: ECS has labels alone",
    "services.*.container_name": "others reach it by that name; its tasks are named by ECS",
    "services.*.hostname": "others reach it by that name; the container's own is made up by Fargate",
    "services.*.domainname": "it is not set: a task's domain is the network's",
    "services.*.dns": "the network's own resolver is asked, which has the services' names",
    **{
        f"services.*.logging.{key}": "CloudWatch Logs keeps what is printed: `aws logs tail`"
        for key in ("driver", "options.*")
    },
    "services.*.mem_swappiness": "Fargate has no swap",
    "services.*.memswap_limit": "Fargate has no swap",
    "services.*.oom_score_adj": f"the task's own score holds ({LACKS})",
    "services.*.shm_size": f"shared memory has Fargate's own size ({LACKS})",
    "services.*.cpu_shares": "the weight follows cpus",
    "services.*.blkio_config.weight": f"every container has the same weight ({LACKS})",
    "services.*.blkio_config.weight_device.**": f"every container has the same weight ({LACKS})",
    "services.*.stop_signal": "containers are stopped by SIGTERM, or by their image's STOPSIGNAL",
    "services.*.healthcheck.start_interval": f"the interval holds from the beginning ({LACKS})",
    "services.*.depends_on.*.restart": "a dependent is not restarted after its dependency was updated",
    "services.*.networks.*.driver_opts.*": ONE_NETWORK,
    "services.*.networks.*.interface_name": ONE_NETWORK,
    "services.*.networks.*.priority": ONE_NETWORK,
    "services.*.networks.*.gw_priority": ONE_NETWORK,
    "services.*.networks.*.use_service_name_alias": "the service's name is known all the same",
    "services.*.ports.host_ip": "it is not published: forward it with `aws ssm start-session`",
    "services.*.volumes.volume.labels.*": "a volume has the labels of its top-level entry",
    "services.*.volumes.volume.nocopy": "nothing of the image is ever copied into a volume",
    "services.*.deploy.endpoint_mode": "names lead to the tasks' own addresses",
    "services.*.deploy.placement.preferences.**": "AWS spreads tasks over zones",
    "services.*.deploy.restart_policy.condition": "a task that ends is always replaced",
    "services.*.deploy.restart_policy.delay": "ECS' own growing delay holds",
    "services.*.deploy.restart_policy.max_attempts": "a task that ends is always replaced",
    "services.*.deploy.restart_policy.window": "ECS' own delay holds",
    "services.*.deploy.update_config.delay": "the next tasks start as soon as those before are well",
    "services.*.deploy.update_config.failure_action": "an update that fails is rolled back, or stops with pause",
    "services.*.deploy.update_config.max_failure_ratio": "the circuit breaker's own count of failed tasks holds",
    "services.*.deploy.update_config.monitor": "the circuit breaker looks until all tasks are well",
    "services.*.deploy.rollback_config.**": "a rollback goes as the update went",
    "networks.*.driver_opts.*": "the cluster's network has its own options",
    "networks.*.ipam.**": ADDRESSES,
    "networks.*.enable_ipv4": ADDRESSES,
    "networks.*.enable_ipv6": ADDRESSES,
    "networks.*.internal": "its services may call the world; none but them may call these",
    "networks.*.external": "none but this application's services are on it: others call what is published",
    "networks.*.attachable": "none but this application's tasks are on it",
    "configs.*.labels.*": "it is not set: a config is in the task definition, and has no tags of its own",
    "volumes.*.x-slipway.size": "EFS grows with what is in it",
    "volumes.*.x-slipway.class": "EFS has one class for all volumes of an application",
}
"""What becomes something weaker."""

REJECTED = {
    **lacking.refused(LACKS, ADDRESSES),
    **lacking.on_a_cloud(LACKS, "ECS"),
    "services.*.group_add": (LACKS, 'write user: "USER:GROUP", or set the groups in the image'),
    "services.*.privileged": ("a task on Fargate has no such rights", EKS),
    "services.*.security_opt": ("Fargate has its own profiles", EKS),
    "services.*.ipc": ("containers on Fargate share no memory", "use a network, or a volume"),
    "services.*.runtime": (LACKS, EKS),
    "services.*.gpus.**": (DEVICES, EKS),
    "services.*.devices.**": (DEVICES, EKS),
    "services.*.device_cgroup_rules": (DEVICES, EKS),
    "services.*.deploy.resources.reservations.devices.**": (DEVICES, EKS),
    "services.*.deploy.resources.reservations.generic_resources.**": (DEVICES, EKS),
    "services.*.deploy.placement.constraints": ("AWS places tasks, and there are no nodes to choose from", ""),
    "services.*.storage_opt.**": (LACKS, "write ephemeral_storage in x-slipway.patch.ecs.TaskDefinition"),
    "services.*.volumes.image.**": ("Fargate mounts no images", "fill a named volume from the image"),
    "services.*.use_api_socket": ("a task has no Docker Engine", ""),
    "networks.*.driver": ("the cluster has one network", "leave it out"),
    "volumes.*.driver": (CLASSES, EXTERNAL),
    "volumes.*.driver_opts.*": (CLASSES, EXTERNAL),
    "secrets.*.driver": ("secrets are in Secrets Manager", "use environment, file or external"),
    "secrets.*.driver_opts.**": ("secrets are in Secrets Manager", "use environment, file or external"),
}
"""What cannot be right: why, and what to do instead where there is anything but to remove it."""

BUILDS = tuple(row for row in swarm.SUPPORT.rows if row.path.startswith("services.*.build"))
"""As on every target that has a registry."""

SERVICES = (
    *CONDITIONAL,
    *(Row(path, Verdict.HONOURED) for path in HONOURED.split()),
    *(Row(path, Verdict.HONOURED, reason) for path, reason in REMARKED.items()),
    *(Row(path, Verdict.HARMLESS, reason) for path, reason in HARMLESS.items()),
    *(Row(path, Verdict.APPROXIMATED, reason) for path, reason in APPROXIMATED.items()),
    *(Row(path, Verdict.REJECTED, reason, instead=instead) for path, (reason, instead) in REJECTED.items()),
)

SUPPORT = Table(
    [
        *of_managed(SERVICES, ENGINES, "RDS"),
        *BUILDS,
        *COMPANIONS,
        *SERVICES,
        *repeated.steps(SERVICES, repeated.inside("task", OF_A_TASK)),
        *repeated.jobs(SERVICES, "task", TRIGGERS),
    ],
    rules=RULES,
)
"""What the target ecs does with every key."""
