"""The ecs column where a verdict depends on the value. That it is true is tested in test_verdicts.py.

Not proved: that AWS does what it is asked for.
"""

from pathlib import Path
from typing import Any

import pytest
from renderings import rows
from samples import load

from components.model import App
from components.support import findings
from components.targets.ecs.support import SUPPORT

DIGEST = "web@sha256:" + "a" * 64
HONOURED: list[tuple[str, str, str]] = []
PATH = "services.web."
KNOWN = {"expose": ["80"]}
"""So that a service has a port, and nothing is said about that."""


def application(folder: Path, web: dict[str, Any], data: dict[str, Any] | None = None, **others: Any) -> App:
    services = {"web": {"image": DIGEST, **KNOWN, **web}, "db": {"image": DIGEST, **KNOWN}}
    if "network_mode" in web:
        services["web"].pop("expose")
    return load({"name": "shop", "services": services, "volumes": {"data": data}, **others}, folder)


def told(app: App) -> list[tuple[str, str, str]]:
    """Path, verdict and reason of every finding."""
    return [(each.path, each.verdict.value, each.reason) for each in findings(app, SUPPORT, "ecs")]


def approximated(key: str, reason: str) -> list[tuple[str, str, str]]:
    return [(PATH + key, "approximated", reason)]


def rejected(key: str, reason: str) -> list[tuple[str, str, str]]:
    return [(PATH + key, "rejected", reason)]


DATA = {"volumes": ["data:/data"]}
CHECK = ["CMD", "true"]
OWN_PROFILES = "Fargate has its own profiles"
MACHINES = "it is the machine's, not the task's"
REPLACED = "a task that ends is always replaced"
OLD_FIRST = "the old tasks go first, all at once: two at a time would write to the volume"
LARGER = "its task has the next size of Fargate's, and the container may use all of it"
COPIED = "what the image has in that folder is copied first, which takes sh and cp in the image"
IN_A_TASK = "its container is in the tasks of another service, and has what these have"
NO_CONTAINER = "AWS's own service has taken the container's place"


def update(**config: Any) -> dict[str, Any]:
    return {"deploy": {"update_config": config}}


def check(**config: Any) -> dict[str, Any]:
    return {"healthcheck": {"test": CHECK, **config}}


CASES = {
    # rights
    "the one capability that Fargate adds": ({"cap_add": ["CAP_SYS_PTRACE"]}, HONOURED),
    "another capability": ({"cap_add": ["NET_ADMIN"]}, rejected("cap_add", "Fargate adds SYS_PTRACE alone")),
    "a capability that is dropped": ({"cap_drop": ["ALL"]}, HONOURED),
    "no privileges": ({"privileged": False}, HONOURED),
    "privileges": ({"privileged": True}, rejected("privileged", "a task on Fargate has no such rights")),
    "no new privileges": (
        {"security_opt": ["no-new-privileges:true"]},
        approximated(
            "security_opt", "a process may gain privileges by a program that has them; drop them with cap_drop"
        ),
    ),
    "a seccomp profile": ({"security_opt": ["seccomp=unconfined"]}, rejected("security_opt", OWN_PROFILES)),
    "a kernel parameter of the task's": ({"sysctls": {"net.core.somaxconn": "1024"}}, HONOURED),
    "a kernel parameter of the machine's": (
        {"sysctls": {"vm.max_map_count": "262144"}},
        rejected("sysctls.vm.max_map_count", MACHINES),
    ),
    "open files": ({"ulimits": {"nofile": {"soft": 1024, "hard": 2048}}}, HONOURED),
    "another limit": (
        {"ulimits": {"memlock": {"soft": -1, "hard": -1}}},
        [
            *approximated("ulimits.memlock.soft", "Fargate's own limit holds"),
            *approximated("ulimits.memlock.hard", "Fargate's own limit holds"),
        ],
    ),
    "processes of the same task": ({"network_mode": "service:db", "pid": "service:db"}, HONOURED),
    "processes of another task": (
        {"pid": "service:db"},
        [
            *rejected("pid", "containers of other tasks run on other machines"),
            *approximated("depends_on.db.restart", "a dependent is not restarted after its dependency was updated"),
        ],
    ),
    "processes of the machine": ({"pid": "host"}, rejected("pid", "containers of other tasks run on other machines")),
    "an accelerator": ({"gpus": "all"}, rejected("gpus", "Fargate has no devices")),
    # where
    "another architecture": ({"platform": "linux/arm64"}, HONOURED),
    "another system": ({"platform": "windows/amd64"}, rejected("platform", "Fargate runs Linux on amd64 and arm64")),
    "the machine's network": (
        {"network_mode": "host"},
        rejected("network_mode", "a task has no machine of its own to share"),
    ),
    "a node's label": (
        {"deploy": {"placement": {"constraints": ["node.role == manager"]}}},
        rejected("deploy.placement.constraints", "AWS places tasks, and there are no nodes to choose from"),
    ),
    # sizes
    "processors that Fargate has": ({"cpus": 0.5}, HONOURED),
    "processors between two sizes": ({"cpus": 0.3}, approximated("cpus", LARGER)),
    "memory between two sizes": ({"mem_limit": "300m"}, HONOURED),
    # mounts
    "the Docker Engine": (
        {"volumes": ["/var/run/docker.sock:/var/run/docker.sock"]},
        rejected("volumes[0].type", "a task has no Docker Engine"),
    ),
    "a folder of the machine": (
        {"volumes": ["/srv:/srv"]},
        rejected("volumes[0].type", "a task has no machine of yours whose folders it could see"),
    ),
    "an anonymous volume": (
        {"volumes": ["/cache"]},
        approximated("volumes[0].type", "an anonymous volume goes with its task, at every replacement; give it a name"),
    ),
    "memory": ({"tmpfs": ["/run:size=64m,mode=1777"]}, HONOURED),
    "memory of a user": ({"tmpfs": ["/run:size=64m,uid=1000,noexec"]}, HONOURED),
    "memory in huge pages": ({"tmpfs": ["/run:huge=always"]}, approximated("tmpfs", "ECS has no such option")),
    "a database's files": (
        {**DATA, "image": "redis:7@sha256:" + "a" * 64},
        approximated(
            "volumes[0].source",
            "a database on EFS is slow, and its makers advise against it; x-slipway.managed has AWS's own",
        ),
    ),
    "other files": (DATA, HONOURED),
    "an anonymous volume, under a root that is read-only": (
        {"volumes": ["/cache"], "read_only": True},
        approximated("volumes[0].type", f"an anonymous volume goes with its task, at every replacement; {COPIED}"),
    ),
    # when
    "a wait for a health that is asked": (
        {"depends_on": {"db": {"condition": "service_healthy"}}},
        approximated(
            "depends_on.db.condition",
            "it waits until its tasks run: ECS does not ask what the image asks; write a healthcheck there",
        ),
    ),
    "a wait for an end": (
        {"depends_on": {"db": {"condition": "service_completed_successfully"}}},
        approximated(
            "depends_on.db.condition",
            "it may take 15 minutes: the function that waits for its end is given no more",
        ),
    ),
    "a health check": (check(interval="10s", timeout="5s", retries=3, start_period="1m"), HONOURED),
    "a health check every second": (
        check(interval="1s"),
        approximated("healthcheck.interval", "ECS takes 5 to 300 seconds, and the nearest of these"),
    ),
    "a health check that gives up late": (
        check(retries=30),
        approximated("healthcheck.retries", "ECS takes 1 to 10, and the nearest of these"),
    ),
    "a health check of the image's": (
        {"healthcheck": {"interval": "10s"}},
        approximated("healthcheck.interval", "ECS does not ask what the image asks; write test"),
    ),
    "a long goodbye": (
        {"stop_grace_period": "5m"},
        approximated("stop_grace_period", "Fargate takes 2 to 120 seconds, and the nearest of these"),
    ),
    "old tasks first": (update(order="stop-first"), HONOURED),
    "new tasks first, as it is": (update(order="start-first"), HONOURED),
    "new tasks first, with a volume": (
        {**DATA, **update(order="start-first")},
        approximated("deploy.update_config.order", OLD_FIRST),
    ),
    "an update that is taken back, as it is": (update(failure_action="rollback"), HONOURED),
    "an update that stops": (update(failure_action="pause"), HONOURED),
    "an update that goes on": (
        update(failure_action="continue"),
        approximated("deploy.update_config.failure_action", "an update that fails is rolled back, or stops with pause"),
    ),
    "one on every node": (
        {"deploy": {"mode": "global"}},
        approximated("deploy.mode", "Fargate has no nodes: there is one task"),
    ),
    "a server that may end": ({"restart": "on-failure"}, approximated("restart", REPLACED)),
    "a server that is kept": ({"restart": "unless-stopped"}, HONOURED),
    # from outside
    "a published port": ({"ports": ["8080:80"]}, HONOURED),
    "a port of this machine": (
        {"ports": ["127.0.0.1:8080:80"]},
        approximated("ports[0].host_ip", "it is not published: forward it with `aws ssm start-session`"),
    ),
    "a port of one address": (
        {"ports": ["192.0.2.1:8080:80"]},
        rejected("ports[0].host_ip", "a load balancer has addresses of its own"),
    ),
    # names
    "an alias": ({"networks": {"default": {"aliases": ["API"]}}}, HONOURED),
    "an alias with dots": (
        {"networks": {"default": {"aliases": ["api.example.com"]}}},
        rejected("networks.default.aliases", "a name in the application's domain is one DNS label"),
    ),
    "a label that is no tag": (
        {"deploy": {"labels": {"rule": "Host(`x`)"}}},
        rejected("deploy.labels.rule", "AWS takes no such tag"),
    ),
    "the host's own address": (
        {"extra_hosts": ["host.docker.internal:host-gateway"]},
        rejected("extra_hosts.host.docker.internal", "a task has no gateway to one host"),
    ),
    "an address": ({"extra_hosts": ["old.example.com:192.0.2.1"]}, HONOURED),
    # in another's place
    "what is a task's, of a container in another's": (
        {"network_mode": "service:db", "platform": "linux/arm64"},
        approximated("platform", IN_A_TASK),
    ),
    "what is a container's, of a database of AWS's": (
        {"image": "redis:7", "x-slipway": {"managed": "redis"}, "user": "1000"},
        approximated("user", NO_CONTAINER),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict_depends_on_the_value(name: str, tmp_path: Path) -> None:
    web, expected = CASES[name]
    assert told(application(tmp_path, web)) == expected


AS_IT_IS = {
    "no privileges",
    "new tasks first, as it is",
    "an update that is taken back, as it is",
    "a server that is kept",
}
"""Cases of `CASES` without a finding in which nothing has to change."""


@pytest.mark.parametrize("name", [name for name, (_, expected) in CASES.items() if expected == HONOURED])
def test_what_brings_no_finding_changes_a_resource_or_is_so_anyway(name: str, tmp_path: Path) -> None:
    web, _ = CASES[name]
    same = rows("ecs", application(tmp_path, web)) == rows("ecs", application(tmp_path, {}))
    assert same == (name in AS_IT_IS)


def test_a_service_that_others_can_call_without_a_port_is_open_to_them_and_told(tmp_path: Path) -> None:
    app = load({"name": "shop", "services": {"web": {"image": DIGEST}, "db": {"image": DIGEST, **KNOWN}}}, tmp_path)
    reason = "no port of it is known: what shares a network with it reaches all of them; write expose"
    assert told(app) == [("services.web.image", "approximated", reason)]


def test_a_port_that_another_service_names_is_known(tmp_path: Path) -> None:
    web = {"image": DIGEST, **KNOWN, "environment": {"DB": "redis://db:6379"}}
    app = load({"name": "shop", "services": {"web": web, "db": {"image": DIGEST}}}, tmp_path)
    assert told(app) == []


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/etc/app/x", [(PATH + "configs[0].source", "approximated", COPIED)]),
        ("/run/secrets/x", []),
    ],
)
def test_a_file_in_a_folder_of_the_image_takes_a_shell_there(
    target: str, expected: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    app = application(tmp_path, {"configs": [{"source": "c", "target": target}]}, configs={"c": {"content": "x"}})
    assert told(app) == expected


def test_a_bind_of_one_file_takes_a_shell_and_one_of_a_folder_does_not(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "site.conf").write_text("x")
    binds = ["./conf/site.conf:/etc/app/site.conf:ro", "./conf:/etc/other:ro"]
    assert told(application(tmp_path, {"volumes": binds})) == approximated("volumes[0].type", COPIED)


def test_of_volumes_that_are_there_the_name_is_told_to_AWS(tmp_path: Path) -> None:  # noqa: N802 - a name
    app = application(tmp_path, DATA, {"external": True, "name": "fs-1234/fsap-5678"})
    assert told(app) == []


def test_a_job_by_the_clock_is_told_that_runs_may_overlap(tmp_path: Path) -> None:
    app = application(tmp_path, {}, jobs={"x": {"image": DIGEST, "triggers": {"schedule": [{"cron": "0 3 * * *"}]}}})
    reason = "a run that is due during another runs beside it: EventBridge starts it whatever else runs"
    assert told(app) == [("jobs.x.triggers.schedule[0].cron", "approximated", reason)]


def test_a_step_has_what_its_service_has(tmp_path: Path) -> None:
    app = application(tmp_path, {"pre_start": [{"command": ["true"], "labels": {"a": "b"}}]})
    assert told(app) == approximated("pre_start[0].labels", "a step runs in its service's task, and has what that has")


MANAGED = {"image": "postgres:16", "x-slipway": {"managed": "postgres"}, "expose": []}


@pytest.mark.parametrize(
    ("web", "expected"),
    [
        ({"environment": {"POSTGRES_PASSWORD": "password"}, "cpus": 2, "healthcheck": {"test": CHECK}}, []),
        (
            {"environment": {"POSTGRES_PASSWORD": "password", "POSTGRES_INITDB_ARGS": "-k"}},
            approximated(
                "environment.POSTGRES_INITDB_ARGS", "AWS's own service reads its user, password and database alone"
            ),
        ),
        ({"command": ["postgres", "-c", "x=1"]}, approximated("command", NO_CONTAINER)),
        (
            {"volumes": ["./init.sql:/docker-entrypoint-initdb.d/init.sql:ro"]},
            approximated("volumes[0].type", NO_CONTAINER),
        ),
        (
            {"ports": ["5432:5432"]},
            approximated("ports[0].published", "AWS's own service is private: nothing of it is published"),
        ),
    ],
)
def test_of_a_managed_service_it_is_told_what_only_a_container_has(
    web: dict[str, Any], expected: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    (tmp_path / "init.sql").write_text("x")
    environment = {"environment": {"POSTGRES_PASSWORD": "password"}}
    assert told(application(tmp_path, {**MANAGED, **environment, **web})) == expected


def test_the_volume_of_a_managed_service_says_how_large_and_whether_it_is_kept(tmp_path: Path) -> None:
    web = {**MANAGED, **DATA, "environment": {"POSTGRES_PASSWORD": "password"}}
    assert told(application(tmp_path, web, {"x-slipway": {"size": "50GiB"}})) == []


@pytest.mark.parametrize(
    "web", [{"cap_add": ["NET_ADMIN"]}, {"sysctls": {"vm.max_map_count": "1"}}, {"ulimits": {"memlock": 1}}]
)
def test_what_fargate_would_refuse_is_left_out_where_its_loss_is_accepted(web: dict[str, Any], tmp_path: Path) -> None:
    assert rows("ecs", application(tmp_path, web)) == rows("ecs", application(tmp_path, {}))
