"""The kubernetes column of the support table: what any Kubernetes cluster makes of every key.

Honoured means what the specification says, done by what Kubernetes has for it: not that the object looks like a
container of Docker's. Where a key's verdict depends on its value, `conditional.py` has the rows. Jobs and `pre_start`
steps are judged as the services that they look like, but for what they cannot have (`steps.py`, `repeated.py`).
"""

from ...support import Row, Table, Verdict
from .. import lacking, repeated
from ..swarm import support as swarm
from .conditional import CONDITIONAL
from .conditional_pods import COMPANIONS
from .conditions import OF_NODE
from .render import RULES
from .steps import OF_A_POD, TRIGGERS

LACKS = "Kubernetes has no field for it"
NODE = "it is for the node's container runtime to set"
ADDRESSES = "the cluster gives pods their addresses"
ONE_NETWORK = "a pod has one network interface"
PLUGINS = "Kubernetes gives pods devices by device plugins"
CLASSES = "what kind of disk it is, its StorageClass tells"

FILES = ("configs", "secrets")

HONOURED = """
name include
services.*.extends.** services.*.env_file.** services.*.label_file services.*.profiles
services.*.image services.*.command services.*.entrypoint services.*.environment.* services.*.labels.*
services.*.annotations.*
services.*.volumes.type services.*.volumes.source services.*.volumes.target services.*.volumes.read_only
services.*.volumes.bind.propagation services.*.volumes.volume.subpath services.*.volumes.image.subpath
services.*.volumes.tmpfs.size services.*.tmpfs services.*.shm_size services.*.volumes_from
services.*.secrets.source services.*.secrets.target services.*.secrets.mode
services.*.configs.source services.*.configs.target services.*.configs.mode
services.*.networks.* services.*.networks.*.aliases services.*.network_mode services.*.links
services.*.hostname services.*.dns_opt services.*.dns_search services.*.extra_hosts.*
services.*.user services.*.group_add services.*.working_dir services.*.read_only services.*.privileged
services.*.cap_add services.*.cap_drop services.*.security_opt services.*.sysctls.* services.*.init
services.*.ipc services.*.pid services.*.runtime services.*.platform services.*.pull_policy
services.*.stop_grace_period services.*.stdin_open services.*.tty
services.*.cpus services.*.cpu_quota services.*.cpu_period services.*.mem_limit services.*.mem_reservation
services.*.gpus services.*.gpus.count services.*.gpus.driver services.*.gpus.capabilities
services.*.scale
services.*.healthcheck services.*.healthcheck.test services.*.healthcheck.interval services.*.healthcheck.timeout
services.*.healthcheck.retries services.*.healthcheck.start_period services.*.healthcheck.start_interval
services.*.healthcheck.disable
services.*.depends_on.* services.*.depends_on.*.condition services.*.depends_on.*.required
services.*.ports services.*.ports.target services.*.ports.protocol services.*.ports.mode
services.*.ports.name services.*.ports.app_protocol services.*.expose
services.*.post_start services.*.post_start.command services.*.post_start.environment.*
services.*.post_start.working_dir
services.*.pre_stop services.*.pre_stop.command services.*.pre_stop.environment.* services.*.pre_stop.working_dir
services.*.deploy services.*.deploy.mode services.*.deploy.replicas services.*.deploy.labels.*
services.*.deploy.update_config services.*.deploy.update_config.parallelism services.*.deploy.update_config.delay
services.*.deploy.update_config.monitor services.*.deploy.update_config.order services.*.deploy.rollback_config
services.*.deploy.resources services.*.deploy.resources.limits services.*.deploy.resources.limits.cpus
services.*.deploy.resources.limits.memory services.*.deploy.resources.reservations
services.*.deploy.resources.reservations.cpus services.*.deploy.resources.reservations.memory
services.*.deploy.resources.reservations.devices services.*.deploy.resources.reservations.devices.count
services.*.deploy.resources.reservations.devices.driver
services.*.deploy.resources.reservations.devices.capabilities
services.*.deploy.resources.reservations.generic_resources.**
services.*.deploy.restart_policy services.*.deploy.placement
services.*.deploy.placement.constraints services.*.deploy.placement.preferences.**
services.*.x-slipway.patch.kubernetes.** services.*.x-slipway.ingress services.*.x-slipway.ingress.port
services.*.x-slipway.ingress.host services.*.x-slipway.ingress.path services.*.x-slipway.ingress.tls
services.*.x-slipway.ingress.tls.certificate services.*.x-slipway.ingress.health_path
services.*.x-slipway.autoscale services.*.x-slipway.autoscale.min services.*.x-slipway.autoscale.max
services.*.x-slipway.autoscale.cpu services.*.x-slipway.autoscale.memory
networks.*.name networks.*.internal networks.*.enable_ipv6 networks.*.labels.*
volumes.*.name volumes.*.external volumes.*.labels.*
volumes.*.x-slipway volumes.*.x-slipway.size volumes.*.x-slipway.class volumes.*.x-slipway.shared
volumes.*.x-slipway.keep
secrets.*.name secrets.*.environment secrets.*.file secrets.*.external secrets.*.labels.*
configs.*.name configs.*.content configs.*.environment configs.*.file configs.*.external configs.*.labels.*
"""
"""What changes an object, and means what it says."""

REMARKED = {
    "services.*.x-slipway.ingress.sticky": "by ingress-nginx and AWS' load balancers; another class is refused",
    "services.*.x-slipway.ingress.redirect_http": "by ingress-nginx, or a Gateway; true is refused for another class",
}
"""What is honoured by what only the stack's settings tell."""

HARMLESS = {
    "version": "obsolete: the specification tells to ignore it",
    "services.*.attach": "it is about the terminal of `docker compose up`",
    "services.*.develop.**": "it is for development with `docker compose watch`",
    "services.*.restart": "pods are always restarted",
    "services.*.deploy.endpoint_mode": "a Service has a virtual IP",
    "services.*.volumes.consistency": "every Engine since 17.06 ignores it",
    "services.*.x-slipway.managed": "a cloud has a service of its own; here the container runs",
    "services.*.x-slipway.patch.**": "it is for another target",
    "networks.*.attachable": "any pod with the network's label is on it",
}
"""What changes nothing, and why nothing is lost by it."""

APPROXIMATED = {
    "services.*.container_name": "others reach it by that name; its pods are named after the service",
    "services.*.domainname": "it is not set: a pod's domain is the cluster's",
    "services.*.dns": "these are asked after the cluster's own DNS, which has the services' names",
    **{
        f"services.*.logging.{key}": "the node keeps what is printed: `kubectl logs`" for key in ("driver", "options.*")
    },
    "services.*.mem_swappiness": "swap is the node's affair, and most nodes have none",
    "services.*.memswap_limit": "swap is the node's affair, and most nodes have none",
    "services.*.oom_score_adj": "the kubelet sets it by what is reserved and limited",
    "services.*.cpu_shares": "the weight follows deploy.resources.reservations.cpus",
    "services.*.blkio_config.weight": f"every container has the same weight ({LACKS})",
    "services.*.blkio_config.weight_device.**": f"every container has the same weight ({LACKS})",
    "services.*.pull_refresh_after": "nodes pull an image when its reference changes",
    "services.*.stop_signal": "containers are stopped by SIGTERM, or by their image's STOPSIGNAL",
    "services.*.depends_on.*.restart": "a dependent is not restarted after its dependency was updated",
    **{f"services.*.{kind}.uid": "the file belongs to root; its mode says who reads it" for kind in FILES},
    **{f"services.*.{kind}.gid": "every file that not all may read is the pod's group's" for kind in FILES},
    "services.*.networks.*.driver_opts.*": ONE_NETWORK,
    "services.*.networks.*.interface_name": ONE_NETWORK,
    "services.*.networks.*.priority": ONE_NETWORK,
    "services.*.networks.*.gw_priority": ONE_NETWORK,
    "services.*.networks.*.use_service_name_alias": "the service's name is known all the same",
    "services.*.ports.published": (
        "a node port between 30000 and 32767 is taken, unless slipway:kubernetes.publish is LoadBalancer"
    ),
    "services.*.ports.host_ip": "it is not published: forward it with `kubectl port-forward`",
    "services.*.volumes.bind.create_host_path": OF_NODE,
    "services.*.volumes.volume.labels.*": "a volume has the labels of its top-level entry",
    "services.*.volumes.volume.nocopy": "nothing of the image is ever copied into a volume",
    "services.*.volumes.tmpfs.mode": "everybody may write there",
    "services.*.deploy.placement.max_replicas_per_node": "replicas are spread evenly over nodes",
    "services.*.deploy.restart_policy.condition": "pods are always restarted",
    "services.*.deploy.restart_policy.delay": "the kubelet's own growing delay holds",
    "services.*.deploy.restart_policy.max_attempts": "pods are always restarted",
    "services.*.deploy.restart_policy.window": "the kubelet forgets a restart after 10 minutes without another",
    "services.*.deploy.update_config.failure_action": "an update that fails stops, and the old pods keep serving",
    "services.*.deploy.update_config.max_failure_ratio": "the first pod that gets not ready stops the update",
    "services.*.deploy.rollback_config.**": "nothing rolls back: an update that fails leaves the old pods serving",
    "services.*.x-slipway.autoscale.requests": (
        "the cluster's own metrics have no requests: use cpu, or patch in an external metric"
    ),
    "networks.*.driver_opts.*": "the cluster's one network has its own options",
    "networks.*.ipam.**": ADDRESSES,
    "networks.*.enable_ipv4": ADDRESSES,
    "networks.*.external": "services of another application are called NAME.NAMESPACE",
}
"""What becomes something weaker."""

REJECTED = {
    **lacking.refused(LACKS, ADDRESSES),
    "services.*.pids_limit": (NODE, "set podPidsLimit of the kubelets"),
    "services.*.ulimits.**": (NODE, "set the runtime's default on the nodes"),
    "services.*.cpuset": ("the kubelet's CPU manager gives out processors", "use deploy.resources.limits.cpus"),
    "services.*.devices.**": (PLUGINS, "use deploy.resources.reservations.generic_resources"),
    "services.*.device_cgroup_rules": (PLUGINS, "use deploy.resources.reservations.generic_resources"),
    "services.*.gpus.device_ids": ("a pod asks for a number of devices", "use count"),
    "services.*.gpus.options.*": (PLUGINS, ""),
    "services.*.deploy.resources.reservations.devices.device_ids": (
        "a pod asks for a number of devices",
        "use count",
    ),
    "services.*.deploy.resources.reservations.devices.options.*": (PLUGINS, ""),
    "services.*.deploy.resources.limits.pids": (NODE, "set podPidsLimit of the kubelets"),
    "services.*.storage_opt.**": (LACKS, ""),
    "services.*.cgroup_parent": (LACKS, ""),
    "services.*.userns_mode": (LACKS, ""),
    "services.*.uts": (LACKS, "use hostname"),
    "services.*.volumes.bind.recursive": (LACKS, "bind the folders that are mounts themselves"),
    "services.*.volumes.bind.selinux": (LACKS, "label the folder on the nodes"),
    "services.*.use_api_socket": (
        "it would give the container an Engine that the nodes need not have",
        "",
    ),
    "services.*.external_links": (
        "it names a container of an Engine",
        "call SERVICE.NAMESPACE, on a network that is external",
    ),
    "services.*.post_start.user": ("a hook runs as its container's user", "do it in the entrypoint"),
    "services.*.post_start.privileged": ("a hook has its container's rights", "do it in the entrypoint"),
    "services.*.pre_stop.user": ("a hook runs as its container's user", "do it in the process, on SIGTERM"),
    "services.*.pre_stop.privileged": ("a hook has its container's rights", "do it in the process, on SIGTERM"),
    "services.*.x-slipway.ingress.internal": (
        "who can reach an IngressClass is for its controller to say",
        "name the class of an internal controller in slipway:kubernetes.ingressClass, or leave ingress out",
    ),
    "networks.*.driver": ("the cluster has one network, and its own driver", "leave it out"),
    "volumes.*.driver": (CLASSES, "use x-slipway.class"),
    "volumes.*.driver_opts.*": (CLASSES, "use x-slipway.class, or type: nfs with o: addr=SERVER and device: :/FOLDER"),
    "secrets.*.driver": (LACKS, "use environment, file or external"),
    "secrets.*.driver_opts.**": (LACKS, "use environment, file or external"),
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
        *BUILDS,
        *COMPANIONS,
        *SERVICES,
        *repeated.steps(SERVICES, repeated.inside("pod", OF_A_POD)),
        *repeated.jobs(SERVICES, "pod", TRIGGERS),
    ],
    rules=RULES,
)
"""What the target kubernetes does with every key."""
