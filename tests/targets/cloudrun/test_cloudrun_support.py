"""The cloudrun column where a verdict depends on the value. That it is true is tested in test_verdicts.py; what is told
of how services are reached, in test_conditional_reach.py.

Not proved: that Google does what it is asked for.
"""

from pathlib import Path
from typing import Any

import pytest
from renderings import rows
from samples import load

from components.model import App
from components.support import findings
from components.targets.cloudrun.support import SUPPORT

DIGEST = "web@sha256:" + "a" * 64
HONOURED: list[tuple[str, str, str]] = []
PATH = "services.web."
SERVED = {"expose": ["80"]}
"""So that a service takes requests."""


def application(folder: Path, web: dict[str, Any], data: dict[str, Any] | None = None, **others: Any) -> App:
    services = {"web": {"image": DIGEST, **SERVED, **web}, "db": {"image": DIGEST, **SERVED}}
    if "network_mode" in web:
        services["web"].pop("expose")
    return load({"name": "shop", "services": services, "volumes": {"data": data}, **others}, folder)


def told(app: App) -> list[tuple[str, str, str]]:
    """Path, verdict and reason of every finding."""
    return [(each.path, each.verdict.value, each.reason) for each in findings(app, SUPPORT, "cloudrun")]


def approximated(key: str, reason: str) -> list[tuple[str, str, str]]:
    return [(PATH + key, "approximated", reason)]


def rejected(key: str, reason: str) -> list[tuple[str, str, str]]:
    return [(PATH + key, "rejected", reason)]


DATA = {"volumes": ["data:/data"]}
READ = {"volumes": ["data:/data:ro"]}
HTTP = ["CMD", "curl", "-f", "http://localhost:80/health"]
COMMAND = ["CMD", "true"]
OWN_PROFILES = "Cloud Run has its own profiles"
AMD64 = "Cloud Run runs Linux on amd64"
REPLACED = "an instance that ends is always replaced"
LARGER = "its container has the next size that Cloud Run has, and may use all of it"
COPIED = "what the image has in that folder is copied first, which takes sh, cp and sleep in the image"
BUCKET = (
    "it is a bucket: whole files are written, the last one to write wins, and nothing is locked; "
    "x-slipway.class: nfs has a folder of a share"
)
IN_AN_INSTANCE = "its container is in the instances of another service, and has what these have"
NO_CONTAINER = "Google Cloud's own service has taken the container's place"
CAPABILITIES = "containers have the capabilities that Cloud Run gives them all"
UNASKED = (
    "Cloud Run asks over the network and runs no command: "
    "it is well once it takes connections, for which it has 240 seconds"
)
TENFOLD = "a run that fails is tried again 10 times at most"
ENDS: dict[str, Any] = {"expose": [], "restart": "on-failure:3"}
"""What runs to its end."""


def check(test: list[str], **config: Any) -> dict[str, Any]:
    return {"healthcheck": {"test": test, **config}}


def resources(**config: Any) -> dict[str, Any]:
    return {"deploy": {"resources": config}}


def annotated(key: str) -> dict[str, Any]:
    return {"labels": {key: "x"}, "deploy": {"labels": {key: "x"}}}


CASES = {
    # rights
    "a capability that an Engine gives": ({"cap_add": ["CAP_CHOWN"]}, approximated("cap_add", CAPABILITIES)),
    "another capability": ({"cap_add": ["NET_ADMIN"]}, rejected("cap_add", "Cloud Run adds none")),
    "no privileges": ({"privileged": False}, HONOURED),
    "privileges": ({"privileged": True}, rejected("privileged", "a container on Cloud Run has no such rights")),
    "no new privileges": (
        {"security_opt": ["no-new-privileges:true"]},
        approximated("security_opt", "a process may gain privileges by a program that has them"),
    ),
    "a seccomp profile": ({"security_opt": ["seccomp=unconfined"]}, rejected("security_opt", OWN_PROFILES)),
    "a user": ({"user": "1000"}, rejected("user", "Cloud Run runs it as the image's own user")),
    "the machine's processes": ({"pid": "host"}, rejected("pid", "containers on Cloud Run share no processes")),
    # where
    "the architecture that there is": ({"platform": "linux/amd64"}, HONOURED),
    "another architecture": ({"platform": "linux/arm64"}, rejected("platform", AMD64)),
    "the machine's network": (
        {"network_mode": "host"},
        rejected("network_mode", "an instance has no machine of its own to share"),
    ),
    "another container's network": (
        {"network_mode": "container:x"},
        rejected("network_mode", "Cloud Run knows no other instance's container"),
    ),
    "a node's label": (
        {"deploy": {"placement": {"constraints": ["node.role == manager"]}}},
        rejected("deploy.placement.constraints", "Google places instances, and there are no nodes to choose from"),
    ),
    # sizes
    "processors that Cloud Run has": ({"cpus": 2}, HONOURED),
    "processors between two sizes": ({"cpus": 2.5}, approximated("cpus", LARGER)),
    "less than a processor": (resources(limits={"cpus": "0.5"}), approximated("deploy.resources.limits.cpus", LARGER)),
    "memory that Cloud Run has": ({"mem_limit": "1g"}, HONOURED),
    "less memory than there is": ({"mem_limit": "64m"}, approximated("mem_limit", LARGER)),
    "a reservation of more": (resources(reservations={"cpus": "2", "memory": "1g"}), HONOURED),
    "a reservation of what it has anyway": (resources(reservations={"cpus": "0.5", "memory": "64m"}), HONOURED),
    "one accelerator": ({"gpus": [{"driver": "nvidia", "count": 1, "capabilities": ["gpu", "utility"]}]}, HONOURED),
    "all accelerators": ({"gpus": "all"}, HONOURED),
    "two accelerators": ({"gpus": [{"count": 2}]}, rejected("gpus[0].count", "an instance has one accelerator")),
    "another's accelerator": ({"gpus": [{"driver": "amd"}]}, rejected("gpus[0].driver", "Cloud Run has NVIDIA's")),
    "a device that is none": (
        resources(reservations={"devices": [{"capabilities": ["tpu"]}]}),
        rejected("deploy.resources.reservations.devices[0].capabilities", "Cloud Run has GPUs alone"),
    ),
    # mounts
    "the Docker Engine": (
        {"volumes": ["/var/run/docker.sock:/var/run/docker.sock"]},
        rejected("volumes[0].type", "an instance has no Docker Engine"),
    ),
    "a folder of the machine": (
        {"volumes": ["/srv:/srv"]},
        rejected("volumes[0].type", "an instance has no machine of yours whose folders it could see"),
    ),
    "an anonymous volume": (
        {"volumes": ["/cache"]},
        approximated("volumes[0].type", "an anonymous volume is in memory, and goes with its instance; give it a name"),
    ),
    "a volume that is written": (DATA, approximated("volumes[0].source", BUCKET)),
    "a volume that is read": (READ, HONOURED),
    "memory": ({"tmpfs": ["/run:size=64m"]}, HONOURED),
    "memory of a user": (
        {"tmpfs": ["/run:size=64m,uid=1000"]},
        approximated("tmpfs", "a folder in memory has a size, and no other options"),
    ),
    # health
    "a question of HTTP": (check(HTTP, interval="10s", timeout="5s", retries=3, start_period="1m"), HONOURED),
    "a question that takes long": (
        check(HTTP, start_period="5m"),
        approximated("healthcheck.start_period", "it has 240 seconds to come up, and no more"),
    ),
    "a question that is asked often": (
        check(HTTP, retries=30),
        approximated("healthcheck.retries", "it has 240 seconds to come up, and no more"),
    ),
    "a command": (check(COMMAND, interval="10s"), approximated("healthcheck", UNASKED)),
    "a command of what takes no requests": (
        {**check(COMMAND), "expose": []},
        approximated(
            "healthcheck",
            "Cloud Run asks over the network and runs no command: it is well as long as its process runs",
        ),
    ),
    "a question by TLS": (
        check(["CMD", "curl", "-fk", "https://localhost:443/"]),
        approximated("healthcheck", "a connection to the port is asked for in its place"),
    ),
    "a command of what ends": ({**check(COMMAND), "deploy": {"mode": "replicated-job"}}, HONOURED),
    "no question": (check(COMMAND, disable=True), HONOURED),
    "a wait for a health that nobody asks": (
        {"depends_on": {"db": {"condition": "service_healthy"}}},
        approximated(
            "depends_on.db.condition",
            "it waits until its instances have come up: Cloud Run does not ask what the image asks; "
            "write a healthcheck there",
        ),
    ),
    "a wait for an end": ({"depends_on": {"db": {"condition": "service_completed_successfully"}}}, HONOURED),
    # when
    "a short goodbye": ({"stop_grace_period": "5s"}, HONOURED),
    "a long goodbye": ({"stop_grace_period": "1m"}, approximated("stop_grace_period", "Cloud Run gives 10 seconds")),
    "one on every node": (
        {"deploy": {"mode": "global"}},
        approximated("deploy.mode", "Cloud Run has no nodes: it has as many instances as replicas"),
    ),
    "a server that may end": ({"restart": "on-failure"}, approximated("restart", REPLACED)),
    "a server that is kept": ({"restart": "unless-stopped"}, HONOURED),
    "what ends, and is tried again": (ENDS, HONOURED),
    "what ends, and is tried for ever": ({**ENDS, "restart": "on-failure"}, approximated("restart", TENFOLD)),
    # names
    "an alias that nobody calls": ({"networks": {"default": {"aliases": ["api"]}}}, HONOURED),
    "a label": (annotated("example.com/team"), HONOURED),
    "a label of Google's": (
        annotated("run.googleapis.com/x"),
        [
            *approximated("labels.run.googleapis.com/x", "it is not set: no annotation has that name"),
            *approximated("deploy.labels.run.googleapis.com/x", "it is not set: no annotation has that name"),
        ],
    ),
    # in another's place
    "what is an instance's, of a container in another's": (
        {"network_mode": "service:db", "restart": "always"},
        approximated("restart", IN_AN_INSTANCE),
    ),
    "what is a container's, of a database of Google's": (
        {"image": "redis:7", "x-slipway": {"managed": "redis"}, "working_dir": "/"},
        approximated("working_dir", NO_CONTAINER),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict_depends_on_the_value(name: str, tmp_path: Path) -> None:
    web, expected = CASES[name]
    assert told(application(tmp_path, web)) == expected


AS_IT_IS = {
    *("no privileges", "the architecture that there is"),
    *("a reservation of what it has anyway", "no question", "a short goodbye", "a server that is kept"),
    "an alias that nobody calls",
}
"""Cases of `CASES` without a finding in which nothing has to change."""


@pytest.mark.parametrize("name", [name for name, (_, expected) in CASES.items() if expected == HONOURED])
def test_what_brings_no_finding_changes_a_resource_or_is_so_anyway(name: str, tmp_path: Path) -> None:
    web, _ = CASES[name]
    same = rows("cloudrun", application(tmp_path, web)) == rows("cloudrun", application(tmp_path, {}))
    assert same == (name in AS_IT_IS)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/etc/app/x", approximated("configs[0].source", COPIED)),
        ("/run/secrets/x", HONOURED),
    ],
)
def test_a_file_in_a_folder_of_the_image_takes_a_shell_there(
    target: str, expected: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    app = application(tmp_path, {"configs": [{"source": "c", "target": target}]}, configs={"c": {"content": "x"}})
    assert told(app) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"x-slipway": {"class": "nfs"}}, []),
        (
            {"x-slipway": {"class": "fast"}},
            [("volumes.data.x-slipway.class", "approximated", "buckets have one class")],
        ),
        ({"x-slipway": {"shared": True}}, []),
        ({"labels": {"team": "shop"}}, []),
        (
            {"labels": {"Team": "Shop"}},
            [
                (
                    "volumes.data.labels.Team",
                    "approximated",
                    "Cloud Storage takes lower-case letters, digits, - and _, which others become",
                )
            ],
        ),
    ],
)
def test_what_is_said_of_a_volume_is_what_its_bucket_has(
    data: dict[str, Any], expected: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    assert told(application(tmp_path, READ, data)) == expected


@pytest.mark.parametrize(
    ("platforms", "expected"),
    [
        (["linux/amd64", "linux/arm64"], []),
        (["linux/arm64"], [("services.web.build.platforms", "rejected", AMD64)]),
    ],
)
def test_one_of_the_platforms_that_are_built_for_has_to_be_the_one_that_there_is(
    platforms: list[str], expected: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    web = {"build": {"context": ".", "platforms": platforms}, **SERVED}
    assert told(load({"name": "shop", "services": {"web": web}}, tmp_path)) == expected


def test_an_alias_that_a_value_names_changes_that_value(tmp_path: Path) -> None:
    def named(alias: str) -> App:
        web = {"networks": {"default": {"aliases": [alias]}}}
        db = {"image": DIGEST, **SERVED, "environment": {"API": "http://api/"}}
        return load({"name": "shop", "services": {"web": {"image": DIGEST, **SERVED, **web}, "db": db}}, tmp_path)

    assert rows("cloudrun", named("api")) != rows("cloudrun", named("other"))


def test_a_job_by_the_clock_is_told_that_runs_may_overlap(tmp_path: Path) -> None:
    app = application(tmp_path, {}, jobs={"x": {"image": DIGEST, "triggers": {"schedule": [{"cron": "0 3 * * *"}]}}})
    reason = "a run that is due during another runs beside it: Cloud Scheduler starts it whatever else runs"
    assert told(app) == [("jobs.x.triggers.schedule[0].cron", "approximated", reason)]


def test_a_step_is_a_run_of_its_own(tmp_path: Path) -> None:
    once = "a step runs once for all instances, before its service is made or changed"
    step = {"command": ["true"], "labels": {"a": "b"}, "cpus": 2}
    reason = f"{once}; what it writes is seen in named volumes alone"
    assert told(application(tmp_path, {"pre_start": [step]})) == approximated("pre_start[0].image", reason)
    each = application(tmp_path, {"pre_start": [{**step, "per_replica": True}]})
    assert told(each) == approximated("pre_start[0].per_replica", reason)
    assert told(application(tmp_path, {"pre_start": [{**step, "per_replica": False}]})) == HONOURED


MANAGED = {"image": "postgres:16", "x-slipway": {"managed": "postgres"}, "expose": []}


@pytest.mark.parametrize(
    ("web", "expected"),
    [
        ({"cpus": 2, "healthcheck": {"test": COMMAND}}, HONOURED),
        (
            {"environment": {"POSTGRES_PASSWORD": "password", "POSTGRES_INITDB_ARGS": "-k"}},
            approximated(
                "environment.POSTGRES_INITDB_ARGS",
                "Google Cloud's own service reads its user, password and database alone",
            ),
        ),
        (
            {"volumes": ["./init.sql:/docker-entrypoint-initdb.d/init.sql:ro"]},
            approximated("volumes[0].type", NO_CONTAINER),
        ),
        (
            {"ports": ["5432:5432"]},
            approximated("ports[0].published", "Google Cloud's own service is private: nothing of it is published"),
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


@pytest.mark.parametrize("web", [{"cap_add": ["NET_ADMIN"]}, {"user": "1000"}, {"sysctls": {"net.x": "1"}}])
def test_what_cloud_run_would_refuse_is_left_out_where_its_loss_is_accepted(
    web: dict[str, Any], tmp_path: Path
) -> None:
    assert rows("cloudrun", application(tmp_path, web)) == rows("cloudrun", application(tmp_path, {}))
