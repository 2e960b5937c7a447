"""The cloudrun column of the support table: what Cloud Run makes of every key.

Honoured means what the specification says, done by what Cloud Run has for it. What it takes and what not is in
https://cloud.google.com/run/docs/container-contract. Where a key's verdict depends on its value, `conditional.py` has
the rows; of a service that Google's own takes the place of, `managed_keys.py`. Jobs and `pre_start` steps, which are
jobs here, are judged as the services that they look like, but for what they have otherwise.
"""

from ...support import Row, Table, Verdict
from .. import lacking, repeated
from ..conditions import of_service, one_of
from ..managed_keys import of_managed
from ..swarm import support as swarm
from . import conditions as when
from .conditional import CONDITIONAL
from .conditional_instances import COMPANIONS, GKE, REPLACED, UNASKED
from .conditional_reach import TRIGGERS
from .managed import ENGINES
from .render import RULES

A, HARMLESS, H, R = Verdict.APPROXIMATED, Verdict.HARMLESS, Verdict.HONOURED, Verdict.REJECTED
LACKS = "Cloud Run has no setting for it"
ADDRESSES = "instances have no address of their own that others call"
ONE_NETWORK = "an instance has one network interface"
SENT = "a file of the project is copied into the instance, and any other bind is refused"
CLASSES = "volumes are buckets, or on an NFS share"
OWN_RIGHTS = "containers have the capabilities that Cloud Run gives them all"
EXTERNAL = "use x-slipway, or external: true with the name of a bucket"
NO_DEVICES = "Cloud Run has no devices"
FILES = ("configs", "secrets")

HONOURED = """
name include
services.*.extends.** services.*.env_file.** services.*.label_file services.*.profiles
services.*.image services.*.command services.*.entrypoint services.*.environment.* services.*.labels.*
services.*.volumes.type services.*.volumes.source services.*.volumes.target services.*.volumes.read_only
services.*.volumes.volume.subpath services.*.volumes.tmpfs.size services.*.tmpfs services.*.volumes_from
services.*.secrets.source services.*.secrets.target services.*.secrets.uid services.*.secrets.gid
services.*.secrets.mode services.*.configs.source services.*.configs.target services.*.configs.uid
services.*.configs.gid services.*.configs.mode
services.*.networks.* services.*.network_mode services.*.links services.*.working_dir services.*.platform
services.*.cpus services.*.cpu_quota services.*.cpu_period services.*.mem_limit services.*.mem_reservation
services.*.gpus services.*.gpus.count services.*.gpus.driver services.*.gpus.capabilities
services.*.scale
services.*.depends_on.* services.*.depends_on.*.condition services.*.depends_on.*.required
services.*.ports
services.*.deploy services.*.deploy.mode services.*.deploy.replicas services.*.deploy.labels.*
services.*.deploy.update_config services.*.deploy.rollback_config services.*.deploy.resources
services.*.deploy.resources.limits services.*.deploy.resources.limits.cpus services.*.deploy.resources.limits.memory
services.*.deploy.resources.reservations services.*.deploy.resources.reservations.cpus
services.*.deploy.resources.reservations.memory services.*.deploy.resources.reservations.devices.count
services.*.deploy.resources.reservations.devices.driver services.*.deploy.resources.reservations.devices.capabilities
services.*.deploy.restart_policy services.*.deploy.placement
services.*.x-slipway.patch.cloudrun.** services.*.x-slipway.ingress services.*.x-slipway.autoscale
services.*.x-slipway.managed
volumes.*.external volumes.*.labels.* volumes.*.x-slipway volumes.*.x-slipway.keep
secrets.*.environment secrets.*.file secrets.*.external secrets.*.labels.*
configs.*.content configs.*.environment configs.*.file configs.*.external
"""
"""What changes a resource, and means what it says."""

HARMLESS_KEYS = {
    "version": "obsolete: the specification tells to ignore it",
    "services.*.attach": "it is about the terminal of `docker compose up`",
    "services.*.develop.**": "it is for development with `docker compose watch`",
    "services.*.restart": REPLACED,
    "services.*.pull_policy": "a revision always pulls its image",
    "services.*.pull_refresh_after": "a revision always pulls its image",
    "services.*.networks.*.aliases": "values are looked through for it",
    "services.*.ports.app_protocol": "requests come by HTTP/1, or by WebSockets",
    "volumes.*.x-slipway.shared": "any number of instances have it",
    "services.*.deploy.placement.max_replicas_per_node": "every instance has a machine of its own",
    **{f"services.*.volumes.bind.{key}": SENT for key in ("create_host_path", "propagation", "recursive", "selinux")},
    "services.*.volumes.consistency": "every Engine since 17.06 ignores it",
    "services.*.x-slipway.patch.**": "it is for another target",
    "networks.*.name": "services are called by their addresses",
    "volumes.*.name": "a volume is called by its key; its bucket has a name of its own",
    **{f"{kind}.*.name": "Google's name is made up; the file is called as its grant says" for kind in FILES},
}
"""What changes nothing, and why nothing is lost by it."""

APPROXIMATED = {
    "services.*.annotations.*": "it is not set: the annotations of Cloud Run are the labels",
    "services.*.container_name": "others reach it by that name; its instances are named by Cloud Run",
    "services.*.hostname": "others reach it by that name; the container's own is made up by Cloud Run",
    "services.*.domainname": "it is not set: an instance's domain is Google's",
    "services.*.dns": "Google's own resolver is asked",
    "services.*.dns_opt": "Google's own resolver is asked",
    "services.*.dns_search": "Google's own resolver is asked",
    **{
        f"services.*.logging.{key}": "Cloud Logging keeps what is printed: `gcloud logging read`"
        for key in ("driver", "options.*")
    },
    "services.*.mem_swappiness": "Cloud Run has no swap",
    "services.*.memswap_limit": "Cloud Run has no swap",
    "services.*.oom_score_adj": f"the instance's own score holds ({LACKS})",
    "services.*.shm_size": f"shared memory has Cloud Run's own size ({LACKS})",
    "services.*.cpu_shares": "the weight follows cpus",
    "services.*.blkio_config.weight": f"every container has the same weight ({LACKS})",
    "services.*.blkio_config.weight_device.**": f"every container has the same weight ({LACKS})",
    "services.*.stop_signal": "containers are stopped by SIGTERM",
    "services.*.stop_grace_period": "Cloud Run gives 10 seconds",
    "services.*.init": "the image's own process is the first; put an init such as tini into the image",
    "services.*.read_only": f"it may write to its own disk, which is in memory ({LACKS})",
    "services.*.cap_add": OWN_RIGHTS,
    "services.*.cap_drop": OWN_RIGHTS,
    "services.*.ulimits.*": "Cloud Run's own limit holds",
    "services.*.ulimits.*.soft": "Cloud Run's own limit holds",
    "services.*.ulimits.*.hard": "Cloud Run's own limit holds",
    "services.*.tty": "nobody sits at an instance",
    "services.*.stdin_open": "nobody sits at an instance",
    "services.*.volumes.tmpfs.mode": "every process may write there",
    "services.*.depends_on.*.restart": "a dependent is not restarted after its dependency was updated",
    "services.*.networks.*.driver_opts.*": ONE_NETWORK,
    "services.*.networks.*.interface_name": ONE_NETWORK,
    "services.*.networks.*.priority": ONE_NETWORK,
    "services.*.networks.*.gw_priority": ONE_NETWORK,
    "services.*.networks.*.use_service_name_alias": "the service's name is known all the same",
    "services.*.volumes.volume.labels.*": "a volume has the labels of its top-level entry",
    "services.*.volumes.volume.nocopy": "nothing of the image is ever copied into a volume",
    "services.*.deploy.endpoint_mode": "a service has one address, which Google spreads over instances",
    "services.*.deploy.placement.preferences.**": "Google spreads instances over zones",
    "services.*.deploy.restart_policy.condition": REPLACED,
    "services.*.deploy.restart_policy.delay": "Cloud Run's own growing delay holds",
    "services.*.deploy.restart_policy.max_attempts": REPLACED,
    "services.*.deploy.restart_policy.window": "Cloud Run's own delay holds",
    "networks.*.driver_opts.*": "the project's network has its own options",
    "networks.*.labels.*": "it is not set: no resource stands for a network",
    "networks.*.ipam.**": ADDRESSES,
    "networks.*.enable_ipv4": ADDRESSES,
    "networks.*.enable_ipv6": ADDRESSES,
    "networks.*.internal": "its services may call the world; none but the project's network calls them",
    "networks.*.external": "none but this application's services are on it: others call what is published",
    "networks.*.attachable": "none but this application's instances are on it",
    "configs.*.labels.*": "they are set where it is kept in Secret Manager, and are lost in the template else",
    "volumes.*.x-slipway.size": "it grows with what is in it",
    "volumes.*.x-slipway.class": "buckets have one class",
}
"""What becomes something weaker."""

REJECTED = {
    **lacking.refused(LACKS, ADDRESSES),
    **lacking.on_a_cloud(LACKS, "Cloud Run"),
    "services.*.user": ("Cloud Run runs it as the image's own user", "set USER in the image"),
    "services.*.group_add": (LACKS, "set the groups in the image"),
    "services.*.extra_hosts.*": (LACKS, "write the address where it is used"),
    "services.*.sysctls.*": (LACKS, GKE),
    "services.*.privileged": ("a container on Cloud Run has no such rights", GKE),
    "services.*.security_opt": ("Cloud Run has its own profiles", GKE),
    "services.*.ipc": ("containers on Cloud Run share no memory", "use a network, or a volume"),
    "services.*.pid": ("containers on Cloud Run share no processes", GKE),
    "services.*.runtime": (LACKS, GKE),
    "services.*.gpus.device_ids": ("Google chooses the device", "use count"),
    "services.*.gpus.options.*": (LACKS, GKE),
    "services.*.deploy.resources.reservations.devices.device_ids": ("Google chooses the device", "use count"),
    "services.*.deploy.resources.reservations.devices.options.*": (LACKS, GKE),
    "services.*.devices.**": (NO_DEVICES, GKE),
    "services.*.device_cgroup_rules": (NO_DEVICES, GKE),
    "services.*.deploy.resources.reservations.generic_resources.**": (NO_DEVICES, GKE),
    "services.*.deploy.placement.constraints": ("Google places instances, and there are no nodes to choose from", ""),
    "services.*.storage_opt.**": (LACKS, ""),
    "services.*.volumes.image.**": ("Cloud Run mounts no images", "fill a named volume from the image"),
    "services.*.use_api_socket": ("an instance has no Docker Engine", ""),
    "networks.*.driver": ("the project has one network", "leave it out"),
    "volumes.*.driver": (CLASSES, EXTERNAL),
    "volumes.*.driver_opts.*": (CLASSES, EXTERNAL),
    "secrets.*.driver": ("secrets are in Secret Manager", "use environment, file or external"),
    "secrets.*.driver_opts.**": ("secrets are in Secret Manager", "use environment, file or external"),
}
"""What cannot be right: why, and what to do instead where there is anything but to remove it."""

BUILDS = tuple(row for row in swarm.SUPPORT.rows if row.path.startswith("services.*.build"))
"""As on every target that has a registry."""
OF_JOBS = (
    *TRIGGERS,
    Row("jobs.*.expose", A, "nothing calls a job"),
    Row("jobs.*.healthcheck.**", HARMLESS, UNASKED),
)
"""What jobs have of their own."""
ONCE = "a step runs once for all instances, before its service is made or changed"
APART = f"{ONCE}; what it writes is seen in named volumes alone"
OF_STEPS = (
    Row("services.*.pre_start.networks.**", A, "a step is on its service's networks"),
    Row("services.*.pre_start.network_mode", R, "a step has instances of its own", of_service, "service:NAME"),
    Row(
        "services.*.pre_start.label_file",
        A,
        "it is not set: only a service's own label_file is read; write its labels under labels",
    ),
    *(Row(f"services.*.pre_start.{key}", A, APART, when.in_each, "without per_replica: false") for key in when.FIRST),
    Row("services.*.pre_start.per_replica", A, APART),
    Row("services.*.pre_start.per_replica", HARMLESS, ONCE, one_of(False), "false"),
)
"""What a step before a service has of its own: it is a job."""

SERVICES = (
    *CONDITIONAL,
    *(Row(path, H) for path in HONOURED.split()),
    *(Row(path, HARMLESS, reason) for path, reason in HARMLESS_KEYS.items()),
    *(Row(path, A, reason) for path, reason in APPROXIMATED.items()),
    *(Row(path, R, reason, instead=instead) for path, (reason, instead) in REJECTED.items()),
)

SUPPORT = Table(
    [
        *of_managed(SERVICES, ENGINES, "Cloud SQL"),
        *BUILDS,
        *COMPANIONS,
        *SERVICES,
        *repeated.steps(SERVICES, OF_STEPS),
        *repeated.jobs(SERVICES, "run", OF_JOBS),
    ],
    rules=RULES,
)
"""What the target cloudrun does with every key."""
