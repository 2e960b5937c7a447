"""What pods may do: as little as the file asks for, within a Pod Security Standard.

https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from typing import Any

from ...model import App, Container, Service
from . import volumes

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
        "net.ipv4.tcp_syncookies",
    ]
)
"""What a pod may set under `baseline`."""
VOLUME_GROUP = 2000
"""The group that volumes belong to where the file names none: a process that is not root can write to them."""
RESTRICTED = "restricted"


def capabilities(names: tuple[str, ...]) -> list[str]:
    """Capabilities without the kernel's prefix."""
    return [name.upper().removeprefix("CAP_") for name in names]


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


def pod(service: Service, app: App, standard: str) -> dict[str, Any]:
    """A pod's `securityContext`."""
    context: dict[str, Any] = {}
    if standard == RESTRICTED:
        context["runAsNonRoot"] = True
    if not unconfined(service) and not service.privileged:
        context["seccompProfile"] = {"type": "RuntimeDefault"}
    if volumes.claimed(service, app):
        context |= {"fsGroup": _group(service.user) or VOLUME_GROUP, "fsGroupChangePolicy": "OnRootMismatch"}
    if service.group_add:
        context["supplementalGroups"] = [int(group) for group in service.group_add if group.isdigit()]
    if service.sysctls:
        context["sysctls"] = [{"name": name, "value": value} for name, value in service.sysctls.items()]
    return context


def needed(app: App, standard: str) -> str:
    """The standard that the namespace has to allow: the chosen one, or what the file asks for beyond it."""
    asks = any(_beyond_baseline(each) for service in app.services.values() for each in (service, *service.pre_start))
    return "privileged" if asks else standard


def unconfined(given: Container) -> bool:
    """Whether the file switches seccomp off."""
    return any(option.replace("=", ":") == "seccomp:unconfined" for option in given.security_opt)


def _beyond_baseline(given: Container) -> bool:
    return (
        bool(given.privileged)
        or "host" in (given.network_mode, given.pid, given.ipc)
        or not set(capabilities(given.cap_add)) <= BASELINE_CAPABILITIES
        or not set(given.sysctls) <= SAFE_SYSCTLS
        or unconfined(given)
    )


def _may_escalate(given: Container) -> bool:
    """Kubernetes insists on it for a privileged container, and for one with CAP_SYS_ADMIN."""
    return bool(given.privileged) or "SYS_ADMIN" in capabilities(given.cap_add)


def _user(user: str | None) -> dict[str, Any]:
    name, _, group = (user or "").partition(":")
    context: dict[str, Any] = {}
    if name.isdigit():
        context["runAsUser"] = int(name)
    if group.isdigit():
        context["runAsGroup"] = int(group)
    return context


def _group(user: str | None) -> int | None:
    group = (user or "").partition(":")[2]
    return int(group) if group.isdigit() else None


SELINUX = ("user", "role", "type", "level")


def _options(options: tuple[str, ...]) -> dict[str, Any]:
    """`label:type:svirt_t`, `apparmor:unconfined`, `seccomp:unconfined`; the support table refuses every other."""
    context: dict[str, Any] = {}
    for option in options:
        word, _, value = option.replace("=", ":").partition(":")
        name, _, inner = value.partition(":")
        if word == "label" and name in SELINUX:
            context.setdefault("seLinuxOptions", {})[name] = inner
        if word == "apparmor" and value == "unconfined":
            context["appArmorProfile"] = {"type": "Unconfined"}
        if word == "seccomp" and value == "unconfined":
            context["seccompProfile"] = {"type": "Unconfined"}
    return context
