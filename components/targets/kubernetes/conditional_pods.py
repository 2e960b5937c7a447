"""What of the kubernetes column depends on the value: what pods mount, and what runs them."""

from ...support import Row, Verdict
from ..conditional import UPDATES, binds, companions, ending, runs, shared_mounts
from ..conditions import anonymous, bind_of_socket, more_than_size, of_socket, one_of, sent
from . import conditions as when

A, HARMLESS, H, R = Verdict.APPROXIMATED, Verdict.HARMLESS, Verdict.HONOURED, Verdict.REJECTED
ALWAYS = "pods are always restarted"

MOUNTS = (
    *binds("the nodes"),
    Row(
        "services.*.volumes.type",
        R,
        "a node need not have a Docker Engine",
        bind_of_socket,
        "bind of docker.sock",
        "use the Kubernetes API, with a ServiceAccount of your own",
    ),
    Row(
        "services.*.volumes.type",
        A,
        when.OF_NODE,
        when.bind_of_node,
        "bind of anything else",
    ),
    Row(
        "services.*.volumes.type",
        R,
        "Kubernetes has no such mount",
        one_of("cluster", "npipe"),
        "cluster, npipe",
        "use a named volume",
    ),
    Row(
        "services.*.volumes.type",
        A,
        "an anonymous volume goes with its pod, at every replacement; give it a name",
        anonymous,
        "volume without a source",
    ),
    Row(
        "services.*.volumes.bind.propagation",
        R,
        "Kubernetes lets only a privileged container pass mounts on to its node",
        when.shared_unprivileged,
        "rshared or shared, without privileged",
        "write rslave, or privileged: true",
    ),
    Row(
        "volumes.*.driver_opts.*",
        A,
        "the node's own options of NFS hold",
        when.more_nfs_options,
        "o of an NFS server's folder, beyond addr, ro and rw",
    ),
    Row("volumes.*.driver_opts.*", H, "", when.by_nfs, "of an NFS server's folder"),
    *(
        Row(f"volumes.*.{key}", A, "it is a folder of an NFS server", when.by_nfs, "of an NFS server's folder")
        for key in ("labels.*", "x-slipway.class", "x-slipway.keep", "x-slipway.size")
    ),
    Row(
        "services.*.volumes.bind.create_host_path",
        HARMLESS,
        "the bind itself is refused",
        of_socket,
        "bind of docker.sock",
    ),
    Row("services.*.volumes.bind.create_host_path", H, "", sent, "bind of a project file"),
    Row("services.*.volumes.bind.recursive", H, "", one_of("readonly"), "readonly"),
    *shared_mounts("Kubernetes", "pod"),
    Row(
        "services.*.volumes.source",
        A,
        "every replica has a volume of its own; write x-slipway.shared: true for one that all of them have",
        when.per_replica,
        "a volume of one writer, with several replicas",
    ),
    Row(
        "services.*.volumes.source",
        R,
        "pods on several nodes cannot have a volume of one writer",
        when.on_every_node,
        "a volume of one writer, with deploy.mode: global",
        "write x-slipway.shared: true",
    ),
    Row(
        "services.*.tmpfs",
        A,
        "a volume in memory has a size, and no other options",
        more_than_size,
        "other options",
    ),
)
"""Of what a container mounts."""

OF_A_POD = (
    *("dns", "dns_opt", "dns_search", "extra_hosts.*", "hostname", "platform", "restart", "runtime", "sysctls.*"),
    *("deploy.endpoint_mode", "deploy.labels.*", "deploy.mode", "deploy.placement.constraints"),
    *("deploy.placement.max_replicas_per_node", "deploy.placement.preferences.spread"),
    *("deploy.restart_policy.condition", "deploy.restart_policy.max_attempts"),
    *(f"deploy.update_config.{key}" for key in UPDATES),
)
"""Keys that a container in another service's pods has no say in."""
COMPANIONS = companions("pod", OF_A_POD)
"""Of a service whose containers are in another's pods."""
WORKLOADS = (
    *runs(when.job),
    *(
        Row(
            f"services.*.deploy.update_config.{key}",
            A,
            "every replica has a volume of its own, and is replaced in its turn",
            when.stateful,
            "replicas with a volume of one writer",
        )
        for key in ("order", "parallelism")
    ),
    *(
        Row(
            f"services.*.deploy.update_config.{key}",
            A,
            "the old pods go first, all at once: two cannot have the volume, or the host's network",
            when.recreated,
            "with a volume of one writer, or the host's network",
        )
        for key in ("order", "parallelism")
    ),
    Row(
        "services.*.deploy.update_config.order",
        HARMLESS,
        "new pods come first where the file says nothing, too",
        when.rolls,
        "start-first",
    ),
    Row("services.*.deploy.update_config.failure_action", H, "", one_of("pause"), "pause"),
    Row(
        "services.*.deploy.mode",
        R,
        "Kubernetes runs a Job once in all, not once on every node",
        one_of("global-job"),
        "global-job",
        "use replicated-job",
    ),
    Row("services.*.deploy.endpoint_mode", H, "", one_of("dnsrr"), "dnsrr"),
    Row(
        "services.*.deploy.placement.constraints",
        R,
        "Kubernetes has no such label of a node",
        when.no_constraint,
        "not node.labels.NAME, node.hostname, node.role, node.platform",
        "use node.labels.NAME",
    ),
    Row(
        "services.*.deploy.placement.preferences.spread",
        A,
        "replicas are spread over zones and nodes: Kubernetes has no such label of a node",
        when.no_topology,
        "not node.labels.NAME, node.hostname, node.platform",
    ),
    Row("services.*.deploy.placement.max_replicas_per_node", H, "", one_of(1), "1"),
    *ending("pod", ALWAYS, when.ends, "it is a Job"),
)
"""What runs a service's pods, and when."""
