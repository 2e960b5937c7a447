"""What pods may do: as little as the file asks for, within a Pod Security Standard.

https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...errors import Problem
from ...model import App, Container, Path, Service
from .. import sharing
from ..files import granted
from ..project_files import of_project
from . import volumes
from .given import Scope

BASELINE, RESTRICTED, PRIVILEGED = "baseline", "restricted", "privileged"
BASELINE_CAPABILITIES = frozenset(
    [
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    ]
)
"""What a pod may add under `baseline`."""
RESTRICTED_CAPABILITIES = frozenset({"NET_BIND_SERVICE"})
"""What a pod may add under `restricted`."""
SAFE_SYSCTLS = frozenset(
    [
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.tcp_wmem",
    ]
)
"""What a pod may set under `baseline`, and what every kubelet takes."""
UNPRIVILEGED_PORTS = {"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}
"""As the Docker Engine sets it: a process that is not root may listen on port 80."""
FIRST_UNPRIVILEGED = 1024
VOLUME_GROUP = 2000
"""The group that volumes belong to where the file names none: a process that is not root can write to them."""
SELINUX = ("user", "role", "type", "level")
UNCONFINED = ("seccomp:unconfined", "apparmor:unconfined")
WORLD_READABLE = 0o004


def capabilities(names: tuple[str, ...]) -> list[str]:
    """Capabilities without the kernel's prefix."""
    return [name.upper().removeprefix("CAP_") for name in names]


def number(name: str) -> int | None:
    """A user or a group as a number; None: it is another name than root's, which only the image can tell."""
    if name == "root":
        return 0
    return int(name) if name.isascii() and name.isdigit() else None


def container(given: Container, standard: str) -> dict[str, Any]:
    """A container's `securityContext`.

    Args:
        given: whose it is.
        standard: `baseline` or `restricted`.
    """
    context: dict[str, Any] = {"allowPrivilegeEscalation": _may_escalate(given)}
    if given.privileged:
        context["privileged"] = True
    drop, add = capabilities(given.cap_drop), capabilities(given.cap_add)
    if standard == RESTRICTED:
        drop = ["ALL"]
    if drop or add:
        context["capabilities"] = {**({"add": add} if add else {}), **({"drop": drop} if drop else {})}
    if given.read_only:
        context["readOnlyRootFilesystem"] = True
    return {**context, **_user(given.user), **_options(given.security_opt)}


def pod(scope: Scope, service: Service) -> dict[str, Any]:
    """A pod's `securityContext`."""
    members = scope.members(service)
    context: dict[str, Any] = {}
    if scope.given.access.security == RESTRICTED:
        context["runAsNonRoot"] = True
    context["seccompProfile"] = {"type": "RuntimeDefault"}
    group = _volume_group(scope, service)
    if group is not None:
        context |= {"fsGroup": group, "fsGroupChangePolicy": "OnRootMismatch"}
    groups = [found for each in members for name in each.group_add if (found := number(name)) is not None]
    if groups:
        context["supplementalGroups"] = list(dict.fromkeys(groups))
    sysctls = _sysctls(service)
    if sysctls:
        context["sysctls"] = sysctls
    return context


def needed(app: App, standard: str) -> str:
    """The standard that the namespace has to allow: the chosen one, or what the file asks for beyond it."""
    return PRIVILEGED if any(_beyond_baseline(each, app) for _, each in _containers(app)) else standard


def problems(app: App, standard: str) -> Iterator[Problem]:
    """What the file asks for and the chosen standard forbids; under `baseline` the namespace allows what is needed."""
    if standard != RESTRICTED:
        return
    for path, given in _containers(app):
        for key, forbidden in FORBIDDEN.items():
            for what in forbidden(given, app):
                fix = "remove it, or set slipway:kubernetes.security to baseline"
                yield Problem(f"{what}, and Pod Security restricted forbids that", app.where((*path, key)), fix)


def _containers(app: App) -> Iterator[tuple[Path, Container]]:
    for name, service in app.services.items():
        yield ("services", name), service
        for index, step in enumerate(service.pre_start):
            yield ("services", name, "pre_start", index), step
    for name, job in app.jobs.items():
        yield ("jobs", name), job


def _beyond_baseline(given: Container, app: App) -> bool:
    added = set(capabilities(given.cap_add))
    asked = any(FORBIDDEN[key](given, app) for key in BEYOND_BASELINE)
    return asked or not added <= BASELINE_CAPABILITIES or bool(_host_mounts(given, app))


def _host_mounts(given: Container, app: App) -> list[str]:
    mounts = sharing.mounts(given, app)
    return [
        f"it binds {each.source} of the host" for each in mounts if each.type == "bind" and not of_project(each, app)
    ]


def _nfs_mounts(given: Container, app: App) -> list[str]:
    mounted = [each.source for each in sharing.mounts(given, app) if each.type == "volume" and each.source is not None]
    return [f"it mounts {key} by NFS without a claim" for key in mounted if volumes.nfs(app.volumes[key]) is not None]


def _host(mode: str | None) -> list[str]:
    return ["it is the host's"] if mode == "host" else []


def _unconfined(given: Container) -> list[str]:
    return [option for option in given.security_opt if option.replace("=", ":") in UNCONFINED]


FORBIDDEN: Mapping[str, Callable[[Container, App], list[str]]] = {
    "privileged": lambda given, _app: ["it is privileged"] if given.privileged else [],
    "network_mode": lambda given, _app: _host(given.network_mode),
    "pid": lambda given, _app: _host(given.pid),
    "ipc": lambda given, _app: _host(given.ipc),
    "cap_add": lambda given, _app: [
        f"it adds {name}" for name in capabilities(given.cap_add) if name not in RESTRICTED_CAPABILITIES
    ],
    "sysctls": lambda given, _app: [f"it sets {name}" for name in given.sysctls if name not in SAFE_SYSCTLS],
    "security_opt": lambda given, _app: [f"it is {option}" for option in _unconfined(given)],
    "user": lambda given, _app: ["it runs as root"] if number((given.user or "").partition(":")[0]) == 0 else [],
    "volumes": lambda given, app: [*_host_mounts(given, app), *_nfs_mounts(given, app)],
}
"""Key -> what of its value the standard `restricted` forbids, in words."""
BEYOND_BASELINE = ("privileged", "network_mode", "pid", "ipc", "sysctls", "security_opt")
"""Keys of `FORBIDDEN` of which `baseline` forbids the same; of capabilities it allows more, and root, and NFS."""


def _may_escalate(given: Container) -> bool:
    """No, but where Kubernetes insists on it: a privileged container, or one with CAP_SYS_ADMIN."""
    return bool(given.privileged) or bool({"SYS_ADMIN", "ALL"} & set(capabilities(given.cap_add)))


def _user(user: str | None) -> dict[str, Any]:
    name, _, group = (user or "").partition(":")
    found = {"runAsUser": number(name), "runAsGroup": number(group)}
    return {key: value for key, value in found.items() if value is not None}


def _volume_group(scope: Scope, service: Service) -> int | None:
    """The group of volumes and of files that not everybody may read; None: there are none."""
    members = scope.members(service)
    hidden = [file.grant for each in members for file in granted(each) if not file.mode & WORLD_READABLE]
    if not hidden and not volumes.claimed(scope, service):
        return None
    asked = [grant.gid for grant in hidden] + [(each.user or "").partition(":")[2] for each in members]
    return next((found for name in asked if name and (found := number(name))), VOLUME_GROUP)


def _sysctls(service: Service) -> list[dict[str, Any]]:
    found = [{"name": name, "value": value} for name, value in service.sysctls.items()]
    low = any(port.target < FIRST_UNPRIVILEGED for port in service.ports)
    if low and service.network_mode != "host" and UNPRIVILEGED_PORTS["name"] not in service.sysctls:
        found.append(dict(UNPRIVILEGED_PORTS))
    return found


def _options(options: tuple[str, ...]) -> dict[str, Any]:
    """`label:type:svirt_t`, `apparmor:unconfined`, `no-new-privileges`; the support table refuses every other."""
    context: dict[str, Any] = {}
    for option in options:
        word, _, value = option.replace("=", ":").partition(":")
        name, _, inner = value.partition(":")
        if word == "label" and name in SELINUX:
            context.setdefault("seLinuxOptions", {})[name] = inner
        elif word == "apparmor":
            local = {"type": "Localhost", "localhostProfile": value}
            context["appArmorProfile"] = {"type": "Unconfined"} if value == "unconfined" else local
        elif word == "seccomp" and value == "unconfined":
            context["seccompProfile"] = {"type": "Unconfined"}
        elif word == "no-new-privileges":
            context["allowPrivilegeEscalation"] = value == "false"
    return context
