"""What a cluster gives to an application, and what a target gives back: the two types between clusters and targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .cloud_access import CloudRunAccess, EcsAccess, EntryBalancer
from .model import App, Opaque, Parts, Text, concat

__all__ = [
    "Access",
    "CloudRunAccess",
    "Contents",
    "Deployed",
    "DockerAccess",
    "EcsAccess",
    "EntryBalancer",
    "EntryPoint",
    "ImageReference",
    "Images",
    "KubernetesAccess",
    "OwnRegistry",
    "Registry",
    "SwarmAccess",
    "own_images",
]

ONLY_KNOWN = ("UserKnownHostsFile=/dev/null", "GlobalKnownHostsFile=/dev/null", "StrictHostKeyChecking=yes")
"""No other host key counts than the one that is given (https://man.openbsd.org/ssh_config)."""


def _known(host_key: str) -> str:
    """The option by which `ssh` asks a program for the host's key, which it gives the host's name as `%H`."""
    return f"KnownHostsCommand=/bin/echo %H {host_key}"


@dataclass(frozen=True, kw_only=True)
class DockerAccess:
    """A Docker Engine.

    Attributes:
        host: `unix:///...`, `tcp://host:2376` or `ssh://user@host`; None: the Engine that the user's own tools would
            use (`DOCKER_HOST`, else the default socket).
        ca: PEM of the authority that signed the Engine's certificate (tcp with TLS).
        cert: PEM of the client's certificate.
        key: PEM of the client's key, a secret.
        host_key: SSH host key of the Engine's machine, `ssh-ed25519 ...`: it and no other is talked to; None: those
            that the user's own `ssh` knows.
        ssh_key: path of the private key for ssh; None: what the user's own `ssh` would take.
        published_at: the name or address at which published ports answer; None: that of `host`.
    """

    host: Any = None
    ca: Any = None
    cert: Any = None
    key: Any = None
    host_key: Any = None
    ssh_key: str | None = None
    published_at: Any = None

    @property
    def remote(self) -> bool:
        """Whether the Engine is on another machine; an Engine that is not known yet counts as one."""
        if self.host is None:
            return False
        return not (isinstance(self.host, str) and urlsplit(self.host).scheme in {"unix", "npipe"})

    @property
    def address(self) -> Any:
        """The name or address at which published ports answer; an output, where it is not known yet."""
        if self.published_at is not None:
            return self.published_at
        if isinstance(self.host, str) and self.remote:
            return urlsplit(self.host).hostname or "localhost"
        return "localhost"

    @property
    def provider(self) -> dict[str, Any]:
        """The arguments of a docker provider that reaches the Engine."""
        given = {
            "host": self.host,
            "ca_material": self.ca,
            "cert_material": self.cert,
            "key_material": self.key,
            "ssh_opts": self.ssh or None,
        }
        return {key: value for key, value in given.items() if value is not None}

    @property
    def ssh(self) -> list[Any]:
        """Options of `ssh`, so that the host's key is known without a file (docs/adr/0009)."""
        options: list[Any] = []
        if self.host_key is not None:
            told = _known(self.host_key) if isinstance(self.host_key, str) else self.host_key.apply(_known)
            options += [part for option in (told, *ONLY_KNOWN) for part in ("-o", option)]
        if self.ssh_key is not None:
            options += ["-i", self.ssh_key, "-o", "IdentitiesOnly=yes"]
        return options


@dataclass(frozen=True, kw_only=True)
class EntryPoint:
    """What takes requests from outside to the services of a Swarm. An application adds routes to it, and no more.

    Attributes:
        network: ID of the overlay network on which it reaches services.
        volume: the volume that holds its routes, a file per application.
        node: placement constraint of the node that has the volume.
        image: what it runs; what keeps an application's routes runs it too, for its shell.
        http: port that is published for HTTP.
        https: port that is published for HTTPS.
    """

    network: Any
    volume: Any
    node: Any
    image: Any
    http: Any = 80
    https: Any = 443


@dataclass(frozen=True, kw_only=True)
class SwarmAccess(DockerAccess):
    """A Docker Swarm, by the Engine of one of its managers.

    Attributes:
        routing_mesh: whether a published port answers on every node, and a service has a virtual IP; both need IP_VS
            in the nodes' kernels. Without it names resolve to the tasks' own addresses, and ports are published on
            the nodes where tasks run.
        volume_node: where tasks with a volume of their own run: a node's hostname, or a placement constraint.
        entry: the entry point; None: there is none that is known.
    """

    routing_mesh: bool = True
    volume_node: str | None = None
    entry: EntryPoint | None = None


@dataclass(frozen=True, kw_only=True)
class KubernetesAccess:
    """A Kubernetes cluster, and what an application's stack chose of the ways it offers.

    Attributes:
        kubeconfig: the content of a kubeconfig, a secret, or the path of one; None: what the user's own kubectl would
            take (`KUBECONFIG`, else `~/.kube/config`).
        context: of the kubeconfig; None: its current one.
        identifier: what tells the cluster from another: where it changes, everything is made anew. None: the API
            server's URL, so that no rotated credential is a change.
        namespace: where the application is; None: the application's name.
        create_namespace: whether the namespace is the application's own, made and removed with it.
        publish: what a published port becomes: `NodePort`, `LoadBalancer`, or `ClusterIP` (reachable inside only).
        address: the name or address at which node ports answer; None: that of the API server.
        service_annotations: on the Services of published ports, for what makes load balancers.
        ingress_class: IngressClass of what `x-slipway.ingress` makes; None: the cluster's default.
        gateway: `namespace/name` of a Gateway that takes HTTPRoutes, in place of an Ingress.
        issuer: cert-manager's ClusterIssuer for `tls: auto`; None: the controller's own certificate.
        storage_class: StorageClass of volumes with one writer; None: the cluster's default.
        shared_storage_class: StorageClass of volumes with several writers; None: the cluster's default.
        storage_classes: the word in `x-slipway.class` -> StorageClass; a word without a row is the name of one.
        security: the Pod Security Standard that pods keep to as far as the file allows: `baseline` or `restricted`
            (https://kubernetes.io/docs/concepts/security/pod-security-standards/).
        network_policies: whether Compose's networks become NetworkPolicies.
        rollback: whether a rollout that fails is taken back, instead of left for the next `up`.
        cluster_domain: the cluster's DNS domain.
        wait_image: what the init containers that wait for dependencies run: it needs `sh`, `nc`, `nslookup` and
            `grep`.
    """

    kubeconfig: Any = field(default=None, repr=False)
    context: str | None = None
    identifier: str | None = None
    namespace: str | None = None
    create_namespace: bool = True
    publish: str = "NodePort"
    address: str | None = None
    service_annotations: Mapping[str, str] = field(default_factory=dict)
    ingress_class: str | None = None
    gateway: str | None = None
    issuer: str | None = None
    storage_class: str | None = None
    shared_storage_class: str | None = None
    storage_classes: Mapping[str, str] = field(default_factory=dict)
    security: str = "baseline"
    network_policies: bool = True
    rollback: bool = False
    cluster_domain: str = "cluster.local"
    wait_image: str = "docker.io/library/busybox:1.37"

    @property
    def remote(self) -> bool:
        """Whether the cluster is on another machine: a cluster always counts as that."""
        return True


Access = CloudRunAccess | DockerAccess | EcsAccess | KubernetesAccess
"""How a target is reached."""


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """One service as the target made it.

    Attributes:
        url: where it answers from outside; None: it is not published.
        identities: what it runs as on the platform (container IDs), for logs and inspection.
    """

    url: Any = None
    identities: Sequence[Any] = ()


@dataclass(frozen=True, kw_only=True)
class Registry:
    """Where built images are pushed, and as whom.

    Attributes:
        prefix: host and path that the images' names begin with: `registry.example.com/team`.
        username: None: the user's own `docker login` is used.
        password: a secret; None without a username.
    """

    prefix: str
    username: str | None = None
    password: Any = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """The registry's address, as a login names it."""
        return self.prefix.partition("/")[0]


@dataclass(frozen=True, kw_only=True)
class OwnRegistry:
    """A registry that a target has of its own, where the stack names none.

    Attributes:
        registry: without a login, which is given to each build.
        login: the registries that a build may push to, as docker-build takes them.
        repositories: service -> the resources that have to be there before its image is pushed.
        provider: of the target, which deploys with it too; None: it has another.
    """

    registry: Registry
    login: Sequence[Mapping[str, Any]] = field(default=(), repr=False)
    repositories: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    provider: Any = None


@dataclass(frozen=True, kw_only=True)
class ImageReference:
    """What a service runs.

    Attributes:
        name: of what was built here, the tag on docker, the repository on a registry; else the whole reference.
        digest: of what was built here; None: the image comes from a registry, or from the Engine's own store.
    """

    name: str
    digest: Any = None

    @property
    def text(self) -> Text:
        """The whole reference: `name@sha256:...` for what was built here."""
        return self.name if self.digest is None else concat(self.name, "@", Parts([Opaque(self.digest, secret=False)]))


Images = Mapping[str, ImageReference]
"""Service name -> what it runs."""


def own_images(app: App) -> Images:
    """What services run where nothing was built: each its own `image`."""
    return {name: ImageReference(name=service.image or "") for name, service in app.services.items()}


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What the application's secrets and configs contain, read before anything is rendered.

    Attributes:
        secrets: name -> content; bytes where it is not text.
        configs: name -> content; bytes where it is not text.
    """

    secrets: Mapping[str, Any] = field(default_factory=dict)
    configs: Mapping[str, Any] = field(default_factory=dict)
