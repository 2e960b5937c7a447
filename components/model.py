"""The application model: what a Compose file means, as frozen dataclasses, without Pulumi.

A field has the name and the meaning of its key in the Compose Specification
(https://github.com/compose-spec/compose-spec, `05-services.md` to `09-secrets.md`, `deploy.md`, `build.md`), in the
long form, after interpolation, merge and defaults. What the specification writes in several ways has one type here:
durations are `Seconds`, sizes are `Bytes`, commands are tuples, paths are absolute, lists of `KEY=VALUE` are mappings.
A key that was not written is `None`, an empty tuple or an empty mapping: nothing else counts as "not used".

`Text` is a string, or `Parts` where it holds a secret or an output of another resource: the model carries such a value
without looking into it, only the target joins the parts.
"""

import dataclasses
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NewType

from .errors import Problem

Seconds = NewType("Seconds", float)
"""A duration in seconds."""

Bytes = NewType("Bytes", int)
"""A size in bytes; -1 is 'unlimited' where the platform knows it."""

Path = tuple[str | int, ...]
"""The place of a value: `("services", "web", "ports", 0)`."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value that is carried, not read: a secret, or an output of another resource.

    Attributes:
        value: a string, or a `pulumi.Output`; never shown.
        name: where it came from, for messages (`REDIS_PASSWORD`).
        secret: whether the target has to keep it out of clear text.
    """

    value: Any = field(repr=False)
    name: str = ""
    secret: bool = True


class Parts(tuple[str | Opaque, ...]):
    """A string of which some parts are opaque. It counts as set and as not empty; `str()` masks what is opaque."""

    __slots__ = ()

    def __str__(self) -> str:
        return "".join(part if isinstance(part, str) else f"<{part.name or 'opaque'}>" for part in self)

    @property
    def secret(self) -> bool:
        """Whether any part is a secret."""
        return any(isinstance(part, Opaque) and part.secret for part in self)


Text = str | Parts


def concat(*texts: Text) -> Text:
    """Join texts; a plain string where no part is opaque."""
    parts: list[str | Opaque] = []
    for text in texts:
        parts.extend((text,) if isinstance(text, str) else text)
    if all(isinstance(part, str) for part in parts):
        return "".join(str(part) for part in parts)
    return Parts(parts)


def is_secret(value: Any) -> bool:
    """Whether a value has a secret in it."""
    return isinstance(value, Parts) and value.secret


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file.

    Attributes:
        file: as the user named it, relative to where the program runs where it can be.
        line: from 1.
        column: from 1.
    """

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


# --- x-slipway: what Compose has no word for -------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Ingress:
    """HTTP(S) from outside, through an entry point that several services share.

    Attributes:
        port: the container's; None: the only one that the service publishes or exposes.
        host: a host name; None: whatever address the entry point has.
        path: the prefix that is the service's.
        tls: `auto`, `off`, or `{"certificate": <name, ARN or secret>}`; None: the target's own default.
        redirect_http: whether plain HTTP is sent on to HTTPS; None: where there is TLS.
        health_path: what is asked to see whether the service is well; None: what an HTTP health check asks.
        sticky: whether a client stays with one replica.
        internal: whether it is reachable only inside the private network.
    """

    port: int | None = None
    host: str | None = None
    path: str = "/"
    tls: Any = None
    redirect_http: bool | None = None
    health_path: str | None = None
    sticky: bool = False
    internal: bool = False


@dataclass(frozen=True, kw_only=True)
class Autoscale:
    """Replicas by load.

    Attributes:
        min: how many there are at rest; None: as many as without it.
        max: how many there are at most.
        cpu: the load to keep, in percent of what is reserved.
        memory: the same of memory.
        requests: the load to keep, in requests per second and replica.
    """

    min: int | None = None
    max: int | None = None
    cpu: float | None = None
    memory: float | None = None
    requests: float | None = None


@dataclass(frozen=True, kw_only=True)
class ServiceExtension:
    """`x-slipway` of a service.

    Attributes:
        ingress: see `Ingress`.
        autoscale: see `Autoscale`.
        managed: postgres, mysql or redis: the cloud's own service takes the container's place where there is one.
        patch: target -> kind of resource -> what is merged into its arguments; see `targets.patch`.
    """

    ingress: Ingress | None = None
    autoscale: Autoscale | None = None
    managed: str | None = None
    patch: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class VolumeExtension:
    """`x-slipway` of a volume.

    Attributes:
        size: how much it has to hold; None: the target's own default.
        storage_class: the platform's word for the kind of disk.
        shared: whether several replicas write to it at once.
        keep: whether it survives `pulumi destroy`; None: the target's own default.
    """

    size: Bytes | None = None
    storage_class: str | None = field(default=None, metadata={"key": "class"})
    shared: bool = False
    keep: bool | None = None


# --- parts of a service ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Port:
    """A published port; a range has been expanded to one `Port` for each where both ends are ranges.

    Attributes:
        target: the container's port.
        published: the host's port or range of ports (`"8080"`, `"8000-8010"`); None: the platform picks one.
        host_ip: the host's address; None: all.
        protocol: tcp or udp or sctp.
        mode: ingress or host.
    """

    target: int
    published: str | None = None
    host_ip: str | None = None
    protocol: str = "tcp"
    mode: str = "ingress"
    name: str | None = None
    app_protocol: str | None = None


@dataclass(frozen=True, kw_only=True)
class BindOptions:
    """`volumes[].bind`."""

    propagation: str | None = None
    create_host_path: bool | None = None
    recursive: str | None = None
    selinux: str | None = None


@dataclass(frozen=True, kw_only=True)
class VolumeOptions:
    """`volumes[].volume`."""

    labels: Mapping[str, Text] = field(default_factory=dict)
    nocopy: bool | None = None
    subpath: str | None = None


@dataclass(frozen=True, kw_only=True)
class TmpfsOptions:
    """`volumes[].tmpfs`. `mode` is the number (0o1777)."""

    size: Bytes | None = None
    mode: int | None = None


@dataclass(frozen=True, kw_only=True)
class ImageOptions:
    """`volumes[].image`."""

    subpath: str | None = None


@dataclass(frozen=True, kw_only=True)
class Mount:
    """An entry of a service's `volumes`.

    Attributes:
        type: bind, volume, tmpfs, cluster, npipe or image.
        source: absolute host path, name of a top-level volume, or image; None: anonymous.
        target: the path in the container.
    """

    type: str
    target: str
    source: str | None = None
    read_only: bool | None = None
    consistency: str | None = None
    bind: BindOptions | None = None
    volume: VolumeOptions | None = None
    tmpfs: TmpfsOptions | None = None
    image: ImageOptions | None = None


@dataclass(frozen=True, kw_only=True)
class FileGrant:
    """A secret or config that a service (or a build) sees as a file.

    Attributes:
        source: its name among the application's secrets or configs.
        target: path; relative for secrets means below /run/secrets.
        mode: the number (0o444).
    """

    source: str
    target: str | None = None
    uid: str | None = None
    gid: str | None = None
    mode: int | None = None


@dataclass(frozen=True, kw_only=True)
class ServiceNetwork:
    """How a service is on one network."""

    aliases: tuple[str, ...] = ()
    interface_name: str | None = None
    ipv4_address: str | None = None
    ipv6_address: str | None = None
    link_local_ips: tuple[str, ...] = ()
    mac_address: str | None = None
    driver_opts: Mapping[str, Text] = field(default_factory=dict)
    priority: int | None = None
    gw_priority: int | None = None
    use_service_name_alias: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Dependency:
    """`depends_on.<service>`. `restart`: restart the dependent after the dependency was updated."""

    condition: str = "service_started"
    required: bool = True
    restart: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Healthcheck:
    """`test` has its kind first: CMD, CMD-SHELL or NONE."""

    test: tuple[Text, ...] = ()
    interval: Seconds | None = None
    timeout: Seconds | None = None
    retries: int | None = None
    start_period: Seconds | None = None
    start_interval: Seconds | None = None
    disable: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Ulimit:
    """A soft and a hard limit; -1 is unlimited."""

    soft: int
    hard: int


@dataclass(frozen=True, kw_only=True)
class Logging:
    """`logging`."""

    driver: str | None = None
    options: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Device:
    """`devices[]`: a host device, or a CDI name."""

    source: str
    target: str | None = None
    permissions: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeviceRequest:
    """A request for accelerators: `gpus[]` and `deploy.resources.reservations.devices[]`. `count` -1 is 'all'."""

    capabilities: tuple[str, ...] = ()
    count: int | None = None
    device_ids: tuple[str, ...] = ()
    driver: str | None = None
    options: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ThrottleDevice:
    """`blkio_config.device_*[]`; `rate` in bytes or operations per second."""

    path: str
    rate: Bytes = Bytes(0)


@dataclass(frozen=True, kw_only=True)
class WeightDevice:
    """`blkio_config.weight_device[]`."""

    path: str
    weight: int = 0


@dataclass(frozen=True, kw_only=True)
class BlkioConfig:
    """`blkio_config`."""

    weight: int | None = None
    weight_device: tuple[WeightDevice, ...] = ()
    device_read_bps: tuple[ThrottleDevice, ...] = ()
    device_read_iops: tuple[ThrottleDevice, ...] = ()
    device_write_bps: tuple[ThrottleDevice, ...] = ()
    device_write_iops: tuple[ThrottleDevice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CredentialSpec:
    """`credential_spec` (Windows)."""

    config: str | None = None
    file: str | None = None
    registry: str | None = None


@dataclass(frozen=True, kw_only=True)
class EnvFile:
    """An `env_file` entry. Its variables are in `environment` already; it is kept for `config`."""

    path: str
    required: bool = True
    format: str | None = None


@dataclass(frozen=True, kw_only=True)
class ModelGrant:
    """`models.<name>` of a service."""

    endpoint_var: str | None = None
    model_var: str | None = None


@dataclass(frozen=True, kw_only=True)
class Hook:
    """`post_start[]` and `pre_stop[]`."""

    command: tuple[Text, ...] = ()
    user: str | None = None
    privileged: bool | None = None
    working_dir: str | None = None
    environment: Mapping[str, Text | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Watch:
    """`develop.watch[]`."""

    path: str
    action: str
    target: str | None = None
    ignore: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exec: Hook | None = None
    initial_sync: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Develop:
    """`develop`."""

    watch: tuple[Watch, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Provider:
    """`provider`: a service that another program manages."""

    type: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Build:
    """`build`. `context` is an absolute path or a URL; `dockerfile` is relative to it."""

    context: str | None = None
    dockerfile: str | None = None
    dockerfile_inline: str | None = None
    entitlements: tuple[str, ...] = ()
    args: Mapping[str, Text | None] = field(default_factory=dict)
    ssh: Mapping[str, str | None] = field(default_factory=dict)
    labels: Mapping[str, Text] = field(default_factory=dict)
    cache_from: tuple[str, ...] = ()
    cache_to: tuple[str, ...] = ()
    no_cache: bool | None = None
    no_cache_filter: tuple[str, ...] = ()
    additional_contexts: Mapping[str, str] = field(default_factory=dict)
    network: str | None = None
    provenance: str | None = None
    sbom: str | None = None
    pull: bool | None = None
    target: str | None = None
    shm_size: Bytes | None = None
    extra_hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    isolation: str | None = None
    privileged: bool | None = None
    secrets: tuple[FileGrant, ...] = ()
    tags: tuple[str, ...] = ()
    ulimits: Mapping[str, Ulimit] = field(default_factory=dict)
    platforms: tuple[str, ...] = ()


# --- deploy ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class UpdateConfig:
    """`deploy.update_config` and `deploy.rollback_config`."""

    parallelism: int | None = None
    delay: Seconds | None = None
    failure_action: str | None = None
    monitor: Seconds | None = None
    max_failure_ratio: float | None = None
    order: str | None = None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """`deploy.resources.limits`; `cpus` in cores."""

    cpus: float | None = None
    memory: Bytes | None = None
    pids: int | None = None


@dataclass(frozen=True, kw_only=True)
class DiscreteResource:
    """`generic_resources[].discrete_resource_spec`."""

    kind: str = ""
    value: int = 0


@dataclass(frozen=True, kw_only=True)
class GenericResource:
    """`generic_resources[]`."""

    discrete_resource_spec: DiscreteResource | None = None


@dataclass(frozen=True, kw_only=True)
class Reservations:
    """`deploy.resources.reservations`; `cpus` in cores."""

    cpus: float | None = None
    memory: Bytes | None = None
    generic_resources: tuple[GenericResource, ...] = ()
    devices: tuple[DeviceRequest, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Resources:
    """`deploy.resources`."""

    limits: Limits | None = None
    reservations: Reservations | None = None


@dataclass(frozen=True, kw_only=True)
class RestartPolicy:
    """`deploy.restart_policy`; `condition` is none, on-failure or any."""

    condition: str | None = None
    delay: Seconds | None = None
    max_attempts: int | None = None
    window: Seconds | None = None


@dataclass(frozen=True, kw_only=True)
class Preference:
    """`deploy.placement.preferences[]`."""

    spread: str | None = None


@dataclass(frozen=True, kw_only=True)
class Placement:
    """`deploy.placement`."""

    constraints: tuple[str, ...] = ()
    preferences: tuple[Preference, ...] = ()
    max_replicas_per_node: int | None = None


@dataclass(frozen=True, kw_only=True)
class Deploy:
    """`deploy`."""

    mode: str | None = None
    endpoint_mode: str | None = None
    replicas: int | None = None
    labels: Mapping[str, Text] = field(default_factory=dict)
    update_config: UpdateConfig | None = None
    rollback_config: UpdateConfig | None = None
    resources: Resources | None = None
    restart_policy: RestartPolicy | None = None
    placement: Placement | None = None


# --- what runs -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Container:
    """What a service, a job and a `pre_start` step have in common (the schema's `container_spec`)."""

    image: str | None = None
    command: tuple[Text, ...] | None = None
    entrypoint: tuple[Text, ...] | None = None
    environment: Mapping[str, Text | None] = field(default_factory=dict)
    env_file: tuple[EnvFile, ...] = ()
    label_file: tuple[str, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict)
    annotations: Mapping[str, Text] = field(default_factory=dict)
    volumes: tuple[Mount, ...] = ()
    volumes_from: tuple[str, ...] = ()
    tmpfs: tuple[str, ...] = ()
    secrets: tuple[FileGrant, ...] = ()
    configs: tuple[FileGrant, ...] = ()
    networks: Mapping[str, ServiceNetwork | None] = field(default_factory=dict)
    network_mode: str | None = None
    mac_address: str | None = None
    hostname: str | None = None
    domainname: str | None = None
    dns: tuple[str, ...] = ()
    dns_opt: tuple[str, ...] = ()
    dns_search: tuple[str, ...] = ()
    extra_hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    user: str | None = None
    group_add: tuple[str, ...] = ()
    working_dir: str | None = None
    read_only: bool | None = None
    privileged: bool | None = None
    cap_add: tuple[str, ...] = ()
    cap_drop: tuple[str, ...] = ()
    security_opt: tuple[str, ...] = ()
    sysctls: Mapping[str, Text] = field(default_factory=dict)
    ulimits: Mapping[str, Ulimit] = field(default_factory=dict)
    umask: int | None = None
    init: bool | None = None
    ipc: str | None = None
    pid: str | None = None
    uts: str | None = None
    userns_mode: str | None = None
    cgroup: str | None = None
    cgroup_parent: str | None = None
    isolation: str | None = None
    runtime: str | None = None
    platform: str | None = None
    pull_policy: str | None = None
    pull_refresh_after: str | None = None
    stop_signal: str | None = None
    stop_grace_period: Seconds | None = None
    logging: Logging | None = None
    devices: tuple[Device, ...] = ()
    device_cgroup_rules: tuple[str, ...] = ()
    gpus: tuple[DeviceRequest, ...] = ()
    cpus: float | None = None
    cpuset: str | None = None
    cpu_shares: int | None = None
    cpu_quota: int | None = None
    cpu_period: int | None = None
    cpu_rt_period: int | None = None
    cpu_rt_runtime: int | None = None
    cpu_count: int | None = None
    cpu_percent: float | None = None
    mem_limit: Bytes | None = None
    mem_reservation: Bytes | None = None
    memswap_limit: Bytes | None = None
    mem_swappiness: int | None = None
    oom_kill_disable: bool | None = None
    oom_score_adj: int | None = None
    pids_limit: int | None = None
    shm_size: Bytes | None = None
    blkio_config: BlkioConfig | None = None
    storage_opt: Mapping[str, Text] = field(default_factory=dict)
    credential_spec: CredentialSpec | None = None
    use_api_socket: bool | None = None
    models: Mapping[str, ModelGrant | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PreStart(Container):
    """`pre_start[]`: a container that runs to completion before the service's own."""

    per_replica: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Workload(Container):
    """What a service and a job have in common."""

    name: str = field(default="", metadata={"key": None})
    build: Build | None = None
    depends_on: Mapping[str, Dependency] = field(default_factory=dict)
    healthcheck: Healthcheck | None = None
    ports: tuple[Port, ...] = ()
    expose: tuple[str, ...] = ()
    stdin_open: bool | None = None
    tty: bool | None = None
    profiles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Service(Workload):
    """One Compose service."""

    deploy: Deploy | None = None
    develop: Develop | None = None
    restart: str | None = None
    scale: int | None = None
    attach: bool | None = None
    container_name: str | None = None
    provider: Provider | None = None
    links: tuple[str, ...] = ()
    external_links: tuple[str, ...] = ()
    pre_start: tuple[PreStart, ...] = ()
    post_start: tuple[Hook, ...] = ()
    pre_stop: tuple[Hook, ...] = ()
    x_slipway: ServiceExtension | None = field(default=None, metadata={"key": "x-slipway"})

    @property
    def replicas(self) -> int:
        """How many replicas there are at rest: `autoscale.min`, else `deploy.replicas`, else `scale`, else 1."""
        autoscale = self.x_slipway.autoscale if self.x_slipway is not None else None
        if autoscale is not None and autoscale.min is not None:
            return autoscale.min
        if self.deploy is not None and self.deploy.replicas is not None:
            return self.deploy.replicas
        return 1 if self.scale is None else self.scale


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """`jobs.<name>.triggers.schedule[]`."""

    cron: str
    timezone: str | None = None
    concurrency: str | None = None
    missed_fires: str | None = None


@dataclass(frozen=True, kw_only=True)
class Triggers:
    """`jobs.<name>.triggers`."""

    manual: bool | None = None
    schedule: tuple[Schedule, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Job(Workload):
    """One Compose job: a container that runs to completion when triggered."""

    triggers: Triggers | None = None


# --- what the application shares -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class IpamConfig:
    """`networks.<name>.ipam.config[]`."""

    subnet: str | None = None
    ip_range: str | None = None
    gateway: str | None = None
    aux_addresses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Ipam:
    """`networks.<name>.ipam`."""

    driver: str | None = None
    config: tuple[IpamConfig, ...] = ()
    options: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Network:
    """A top-level network. `name` is the physical name."""

    name: str | None = None
    driver: str | None = None
    driver_opts: Mapping[str, Text] = field(default_factory=dict)
    ipam: Ipam | None = None
    external: bool = False
    internal: bool | None = None
    enable_ipv4: bool | None = None
    enable_ipv6: bool | None = None
    attachable: bool | None = None
    labels: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Volume:
    """A top-level volume. `name` is the physical name."""

    name: str | None = None
    driver: str | None = None
    driver_opts: Mapping[str, Text] = field(default_factory=dict)
    external: bool = False
    labels: Mapping[str, Text] = field(default_factory=dict)
    x_slipway: VolumeExtension | None = field(default=None, metadata={"key": "x-slipway"})


@dataclass(frozen=True, kw_only=True)
class FileObject:
    """A top-level secret or config. `name` is the physical name; `content` is a config's own text."""

    name: str | None = None
    content: Text | None = None
    environment: str | None = None
    file: str | None = None
    external: bool = False
    labels: Mapping[str, Text] = field(default_factory=dict)
    driver: str | None = None
    driver_opts: Mapping[str, Text] = field(default_factory=dict)
    template_driver: str | None = None


@dataclass(frozen=True, kw_only=True)
class LanguageModel:
    """A top-level `models` entry."""

    name: str | None = None
    model: str
    context_size: int | None = None
    runtime_flags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class App:
    """A whole application.

    Attributes:
        name: the project name, normalised.
        directory: absolute path of the project; relative paths of the files were resolved against it.
        env: what interpolation saw: `.env`, the settings' env and secrets. Compose configs and secrets with
            `environment:` take their content from it.
        marks: where each value was written; empty for an application built in Python.
        warnings: what is suspicious in the files but refused nowhere: variables that are not set.
    """

    name: str
    services: Mapping[str, Service] = field(default_factory=dict)
    jobs: Mapping[str, Job] = field(default_factory=dict)
    networks: Mapping[str, Network] = field(default_factory=dict)
    volumes: Mapping[str, Volume] = field(default_factory=dict)
    secrets: Mapping[str, FileObject] = field(default_factory=dict)
    configs: Mapping[str, FileObject] = field(default_factory=dict)
    models: Mapping[str, LanguageModel] = field(default_factory=dict)
    directory: str = field(default="", metadata={"key": None})
    env: Mapping[str, Text] = field(default_factory=dict, repr=False, metadata={"key": None})
    marks: Mapping[Path, Mark] = field(default_factory=dict, repr=False, compare=False, metadata={"key": None})
    warnings: tuple[Problem, ...] = field(default=(), repr=False, compare=False, metadata={"key": None})

    def where(self, path: Path) -> str:
        """The place of `path` for a message: `compose.yaml:14:9 services.web.ports[0]`.

        The mark is that of the path, or of the nearest key above it that was written in a file.
        """
        for end in range(len(path), 0, -1):
            mark = self.marks.get(path[:end])
            if mark is not None:
                return f"{mark} {dotted(path)}"
        return dotted(path)


def dotted(path: Path) -> str:
    """`("services", "web", "ports", 0)` as `services.web.ports[0]`."""
    text = ""
    for element in path:
        text += f"[{element}]" if isinstance(element, int) else f".{element}" if text else element
    return text


def key_of(spec: "dataclasses.Field[Any]") -> str | None:
    """The Compose key of a field; None for what has none (a service's name is the key above it)."""
    key = spec.metadata.get("key", spec.name)
    return None if key is None else str(key)


def used(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every leaf that is set in a model value, with its path in Compose's own keys, in the model's order.

    A leaf is a scalar, a `Text`, or an element of a list or mapping of these. What equals its field's default is left
    out: it was not written, or it changes nothing.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, (type, Opaque)):
        yield from _used_fields(value, path)
    elif isinstance(value, Mapping):
        for key, element in value.items():
            yield from used(element, (*path, key))
    elif isinstance(value, tuple) and not isinstance(value, Parts):
        for index, element in enumerate(value):
            yield from used(element, (*path, index))
    else:
        yield path, value


def _used_fields(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    empty = True
    kind: Any = type(value)
    for name, key, default in _keys(kind):
        element = getattr(value, name)
        if element is default or element == default:
            continue
        empty = False
        yield from used(element, (*path, key))
    if empty and path:
        yield path, value


@functools.cache
def _keys(kind: Any) -> tuple[tuple[str, str, Any], ...]:
    """Of each field that has a Compose key: its name, the key, its default."""
    specs = [(spec, key_of(spec)) for spec in dataclasses.fields(kind)]
    return tuple((spec.name, key, _default(spec)) for spec, key in specs if key is not None)


def _default(spec: "dataclasses.Field[Any]") -> Any:
    if spec.default is not dataclasses.MISSING:
        return spec.default
    return spec.default_factory() if spec.default_factory is not dataclasses.MISSING else dataclasses.MISSING
