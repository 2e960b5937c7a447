"""What pods may do. Whether a cluster admits them: tests/conformance/test_kubernetes_manifests.py."""

from typing import Any

import pytest
from apps import app, service
from scopes import scope

from components.model import App, BindOptions, FileGrant, FileObject, Job, Mount, Port, PreStart, Service, Volume
from components.targets.kubernetes import security

DATA = (Mount(type="volume", source="data", target="/data"),)
HOST_TIME = (Mount(type="bind", source="/etc/localtime", target="/etc/localtime", bind=BindOptions()),)


def container(standard: str = "baseline", **keys: Any) -> dict[str, Any]:
    return security.container(service("web", **keys), standard)


def pod(access: dict[str, Any] | None = None, **keys: Any) -> dict[str, Any]:
    web = service("web", **keys)
    return security.pod(scope(app(web), access=access), web)


def needed(web: Service) -> str:
    return security.needed(app(web), "baseline")


def refused(web: Service, **keys: Any) -> list[str]:
    return [str(problem) for problem in security.problems(app(web, **keys), "restricted")]


def test_a_container_cannot_gain_rights_and_nothing_else_is_said_without_need() -> None:
    assert container() == {"allowPrivilegeEscalation": False}


def test_under_restricted_every_capability_is_dropped() -> None:
    assert container("restricted", cap_add=("NET_BIND_SERVICE",)) == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"add": ["NET_BIND_SERVICE"], "drop": ["ALL"]},
    }


def test_capabilities_lose_the_kernel_s_prefix() -> None:
    found = container(cap_add=("CAP_CHOWN", "kill"), cap_drop=("ALL",))
    assert found["capabilities"] == {"add": ["CHOWN", "KILL"], "drop": ["ALL"]}


@pytest.mark.parametrize("keys", [{"privileged": True}, {"cap_add": ("SYS_ADMIN",)}, {"cap_add": ("ALL",)}])
def test_where_kubernetes_insists_a_container_may_gain_rights(keys: dict[str, Any]) -> None:
    assert container(**keys)["allowPrivilegeEscalation"] is True


@pytest.mark.parametrize(
    ("user", "context"),
    [
        ("1000", {"runAsUser": 1000}),
        ("1000:2000", {"runAsUser": 1000, "runAsGroup": 2000}),
        ("root:root", {"runAsUser": 0, "runAsGroup": 0}),
        (":50", {"runAsGroup": 50}),
        ("www-data", {}),
    ],
)
def test_a_user_is_a_number(user: str, context: dict[str, int]) -> None:
    assert container(user=user) == {"allowPrivilegeEscalation": False, **context}


def test_a_read_only_root_and_a_privileged_container() -> None:
    assert container(read_only=True, privileged=True) == {
        "allowPrivilegeEscalation": True,
        "privileged": True,
        "readOnlyRootFilesystem": True,
    }


@pytest.mark.parametrize(
    ("option", "context"),
    [
        ("label:type:svirt_t", {"seLinuxOptions": {"type": "svirt_t"}}),
        ("label=level:s0:c1,c2", {"seLinuxOptions": {"level": "s0:c1,c2"}}),
        ("apparmor=unconfined", {"appArmorProfile": {"type": "Unconfined"}}),
        ("apparmor:mine", {"appArmorProfile": {"type": "Localhost", "localhostProfile": "mine"}}),
        ("seccomp=unconfined", {"seccompProfile": {"type": "Unconfined"}}),
        ("no-new-privileges:false", {"allowPrivilegeEscalation": True}),
        ("no-new-privileges", {"allowPrivilegeEscalation": False}),
    ],
)
def test_security_options(option: str, context: dict[str, Any]) -> None:
    assert container(security_opt=(option,)) == {"allowPrivilegeEscalation": False, **context}


def test_a_pod_has_the_runtime_s_seccomp_profile() -> None:
    assert pod() == {"seccompProfile": {"type": "RuntimeDefault"}}


def test_under_restricted_a_pod_is_not_root() -> None:
    assert pod(access={"security": "restricted"})["runAsNonRoot"] is True


@pytest.mark.parametrize(("user", "group"), [(None, 2000), ("1000", 2000), ("1000:1001", 1001), ("0:0", 2000)])
def test_a_volume_belongs_to_a_group_of_the_pod(user: str | None, group: int) -> None:
    web = service("web", user=user, volumes=DATA)
    found = security.pod(scope(app(web, volumes={"data": Volume()})), web)
    assert (found["fsGroup"], found["fsGroupChangePolicy"]) == (group, "OnRootMismatch")


def _with_secret(**grant: Any) -> dict[str, Any]:
    web = service("web", secrets=(FileGrant(source="key", **grant),))
    return security.pod(scope(app(web, secrets={"key": FileObject(environment="K")})), web)


def test_a_file_that_not_everybody_may_read_is_read_by_its_group() -> None:
    assert _with_secret(mode=0o400, gid="33")["fsGroup"] == 33
    assert _with_secret(mode=0o440, uid="33")["fsGroup"] == 2000
    assert "fsGroup" not in _with_secret(gid="33")


def test_groups_and_kernel_parameters_are_the_pod_s() -> None:
    found = pod(group_add=("33", "audio", "root"), sysctls={"net.core.somaxconn": "1024"})
    assert found["supplementalGroups"] == [33, 0]
    assert found["sysctls"] == [{"name": "net.core.somaxconn", "value": "1024"}]


def test_a_low_port_may_be_listened_on_by_anybody_as_on_the_docker_engine() -> None:
    low = (Port(target=80),)
    assert pod(ports=low)["sysctls"] == [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]
    assert "sysctls" not in pod(ports=(Port(target=8080),))
    assert "sysctls" not in pod(ports=low, network_mode="host")
    own = {"net.ipv4.ip_unprivileged_port_start": "80"}
    assert pod(ports=low, sysctls=own)["sysctls"] == [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "80"}]


@pytest.mark.parametrize(
    "keys",
    [
        {"privileged": True},
        {"network_mode": "host"},
        {"pid": "host"},
        {"ipc": "host"},
        {"cap_add": ("NET_ADMIN",)},
        {"sysctls": {"net.core.somaxconn": "1"}},
        {"security_opt": ("seccomp=unconfined",)},
        {"security_opt": ("apparmor:unconfined",)},
        {"volumes": HOST_TIME},
        {"pre_start": (PreStart(privileged=True),)},
    ],
)
def test_the_namespace_allows_what_the_file_asks_for(keys: dict[str, Any]) -> None:
    assert needed(service("web", **keys)) == "privileged"


@pytest.mark.parametrize(
    "keys", [{}, {"cap_add": ("CHOWN",)}, {"user": "root"}, {"sysctls": {"net.ipv4.tcp_syncookies": "0"}}]
)
def test_the_namespace_allows_no_more(keys: dict[str, Any]) -> None:
    assert needed(service("web", **keys)) == "baseline"


@pytest.mark.parametrize(
    ("keys", "where", "what"),
    [
        ({"privileged": True}, "privileged", "it is privileged"),
        ({"network_mode": "host"}, "network_mode", "it is the host's"),
        ({"cap_add": ("CAP_CHOWN", "NET_BIND_SERVICE")}, "cap_add", "it adds CHOWN"),
        ({"sysctls": {"net.core.somaxconn": "1"}}, "sysctls", "it sets net.core.somaxconn"),
        ({"security_opt": ("seccomp=unconfined",)}, "security_opt", "it is seccomp=unconfined"),
        ({"user": "0:0"}, "user", "it runs as root"),
        ({"volumes": HOST_TIME}, "volumes", "it binds /etc/localtime of the host"),
    ],
)
def test_restricted_refuses_what_it_forbids(keys: dict[str, Any], where: str, what: str) -> None:
    assert refused(service("web", **keys)) == [
        f"services.web.{where}: {what}, and Pod Security restricted forbids that; "
        "remove it, or set slipway:kubernetes.security to baseline"
    ]


def test_steps_and_jobs_are_looked_at_too() -> None:
    web = service("web", pre_start=(PreStart(user="root"),))
    found = refused(web, jobs={"clean": Job(name="clean", privileged=True)})
    assert [each.partition(":")[0] for each in found] == ["services.web.pre_start[0].user", "jobs.clean.privileged"]


def test_baseline_refuses_nothing() -> None:
    assert list(security.problems(app(service("web", privileged=True)), "baseline")) == []


def test_an_application_with_nothing_special_keeps_to_the_chosen_standard() -> None:
    assert security.needed(App(name="shop"), "restricted") == "restricted"


def test_a_folder_of_an_nfs_server_is_in_baseline_and_not_in_restricted() -> None:
    folder = Volume(driver_opts={"type": "nfs", "o": "addr=nfs.example.com", "device": ":/srv"})
    web = service("web", volumes=DATA)
    assert refused(web, volumes={"data": folder}) == [
        "services.web.volumes: it mounts data by NFS without a claim, and Pod Security restricted forbids that;"
        " remove it, or set slipway:kubernetes.security to baseline"
    ]
    assert security.needed(app(web, volumes={"data": folder}), "baseline") == "baseline"
