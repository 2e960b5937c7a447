"""What an application must do on every target, for real: `pulumi up` with the plugins that set-up brought.

Where the docker plugin is the stand-in, this does not prove that the official one behaves alike. Where the kernel has
no IP_VS, the Swarm has no virtual IPs and no routing mesh.
"""

import math
import re
from typing import Any

import pytest

pytestmark = pytest.mark.engine
BY_ADDRESS = pytest.mark.targets("docker", "swarm", "kubernetes", "ecs")
"""Where every container is reached by its name and checked by a command. On Cloud Run only what serves HTTP is:
`test_cloudrun.py` has the same behaviours with such services."""

HEALTHY = {"test": ["CMD", "test", "-e", "/tmp/ok"], "interval": "0.3s", "timeout": "1s", "retries": 20}
PAGE = [{"source": "page", "target": "/etc/page"}]
"""In a folder: ECS mounts nothing right below the root."""
READY = ["sh", "-c", "sleep 2; touch /tmp/ok; exec sleep infinity"]


@BY_ADDRESS
def test_services_reach_each_other_by_name_and_see_their_environment(deployment) -> None:
    web, db = deployment.service(environment={"A": "b c"}), deployment.service()
    code, _ = deployment.up({"services": {"web": web, "db": db}})
    assert code == 0
    assert deployment.run("web", "sh", "-c", "getent hosts db | wc -l") == "1"
    assert deployment.run("web", "printenv", "A") == "b c"


def test_a_published_port_answers_from_outside(deployment) -> None:
    command = ["probe", "serve", ":8000"]
    web = deployment.service(command=command, environment={"VERSION": "one", "DRAIN": "0s"}, ports=["8000"])
    assert deployment.up({"services": {"web": web}})[0] == 0
    assert deployment.fetched("web", 8000) == b"one\n"


@BY_ADDRESS
def test_a_second_up_changes_nothing(deployment) -> None:
    web = deployment.service(
        ports=["80"],
        labels={"a": "b"},
        healthcheck={"test": ["CMD", "true"], "interval": "0.5s", "timeout": "90s"},
        volumes=["data:/data"],
        secrets=["pw"],
        networks={"default": {"aliases": ["front", "also"]}},
        restart="on-failure",
        stop_grace_period="60s",
        sysctls={"net.ipv4.ip_unprivileged_port_start": 0},
        tmpfs=["/t:size=1m"],
        extra_hosts=["h:192.0.2.7"],
        logging={"driver": "json-file", "options": {"max-size": "1m"}},
        deploy={"resources": {"limits": {"cpus": "0.5", "memory": "64M"}}},
    )
    deployment.secrets = {"PW": "x"}
    application = {"services": {"web": web}, "volumes": {"data": {}}, "secrets": {"pw": {"environment": "PW"}}}
    assert deployment.up(application)[0] == 0
    before = deployment.running("web")
    code, said = deployment.up(application)
    assert code == 0
    assert "unchanged" in said
    assert not re.search(r"[0-9] (updated|created|replaced)", said)
    assert deployment.running("web") == before


def test_only_the_changed_service_is_rolled_and_its_volume_survives(deployment) -> None:
    def application(greeting: str) -> dict[str, Any]:
        web = deployment.service(environment={"GREETING": greeting}, volumes=["data:/data"])
        return {"services": {"web": web, "db": deployment.service()}, "volumes": {"data": {}}}

    deployment.up(application("one"))
    deployment.run("web", "sh", "-c", "echo kept > /data/file")
    web, db = deployment.running("web"), deployment.running("db")
    code, _ = deployment.up(application("two"))
    assert code == 0
    assert deployment.run("web", "cat", "/data/file") == "kept"
    assert deployment.run("web", "printenv", "GREETING") == "two"
    assert deployment.running("web") != web
    assert deployment.running("db") == db


def test_secrets_and_configs_are_files_and_a_rotated_secret_is_rolled_out(deployment) -> None:
    application = {
        "services": {"web": deployment.service(secrets=["pw"], configs=[{"source": "page", "target": "/etc/page"}])},
        "secrets": {"pw": {"environment": "PW"}},
        "configs": {"page": {"content": "hello"}},
    }
    deployment.secrets = {"PW": "marker-one"}
    assert deployment.up(application)[0] == 0
    assert deployment.run("web", "cat", "/run/secrets/pw", "/etc/page") == "marker-onehello"
    assert deployment.run("web", "stat", "-Lc", "%a", "/run/secrets/pw") == "444"
    deployment.secrets = {"PW": "marker-two"}
    code, said = deployment.up(application)
    assert code == 0
    deployment.settled(lambda: deployment.run("web", "cat", "/run/secrets/pw") == "marker-two")
    assert "marker" not in said + deployment.state() + deployment.shown("web")


def test_a_read_only_service_gets_its_secret_too(deployment) -> None:
    deployment.secrets = {"PW": "x"}
    web = deployment.service(read_only=True, secrets=["pw"])
    assert deployment.up({"services": {"web": web}, "secrets": {"pw": {"environment": "PW"}}})[0] == 0
    assert deployment.run("web", "cat", "/run/secrets/pw") == "x"


@BY_ADDRESS
def test_a_dependent_starts_after_its_dependency_is_healthy(deployment) -> None:
    web = deployment.service(depends_on={"db": {"condition": "service_healthy"}})
    db = deployment.service(command=READY, healthcheck=HEALTHY)
    assert deployment.up({"services": {"web": web, "db": db}})[0] == 0
    ready = float(deployment.run("db", "stat", "--format", "%.6Y", "/tmp/ok"))
    (created,) = deployment.running("web").values()
    assert created >= math.floor(ready)  # Kubernetes tells whole seconds


def test_a_failed_run_to_completion_stops_its_dependent_on_every_up_until_it_is_run_again(deployment) -> None:
    def application(script: str) -> dict[str, Any]:
        migrate = deployment.service(command=["sh", "-c", script])
        after = {"migrate": {"condition": "service_completed_successfully"}}
        return {"services": {"web": deployment.service(depends_on=after), "migrate": migrate}}

    for _ in range(2):
        code, said = deployment.up(application("echo no such table; exit 3"))
        assert code != 0
        assert re.search(r"migrate.* exit(ed with)? code:? 3", said)
        assert "no such table" in said
        assert deployment.remedy in said
        assert not deployment.running("web")
    assert deployment.up(application("exit 0"))[0] == 0
    assert deployment.running("web")


def test_replicas_come_and_go(deployment) -> None:
    for count in (2, deployment.many, 2):
        code, _ = deployment.up({"services": {"web": deployment.service(scale=count)}})
        assert code == 0
        deployment.settled(lambda wanted=count: len(deployment.running("web")) == wanted)


def test_what_was_removed_by_hand_comes_back_after_a_refresh(deployment) -> None:
    application = {"services": {"web": deployment.service()}}
    deployment.up(application)
    deployment.remove_one("web")
    code, _ = deployment.up(application, "--refresh")
    assert code == 0
    assert deployment.running("web")


def test_a_mistake_in_the_file_is_one_report_without_a_traceback(deployment) -> None:
    code, said = deployment.up({"services": {"web": deployment.service(imagee="x")}})
    assert code != 0
    assert "imagee" in said
    assert 'did you mean "image"?' in said
    assert "Traceback" not in said


def test_after_a_kill_in_the_middle_the_next_up_converges_and_keeps_the_volume(deployment) -> None:
    def application(value: str) -> dict[str, Any]:
        web = deployment.service(environment={"V": value}, command=READY, healthcheck=HEALTHY, volumes=["data:/data"])
        return {"services": {"web": web}, "volumes": {"data": {}}}

    deployment.up(application("one"))
    deployment.run("web", "sh", "-c", "echo kept > /data/file")
    before = deployment.running("web")
    deployment.kill_during_up(application("two"), lambda: deployment.running("web") != before)
    code, _ = deployment.up(application("two"))
    assert code == 0
    assert deployment.run("web", "cat", "/data/file") == "kept"
    assert deployment.run("web", "printenv", "V") == "two"


def test_after_a_kill_in_the_first_creation_the_next_up_converges(deployment) -> None:
    web = deployment.service(command=READY, healthcheck=HEALTHY, configs=PAGE)
    application = {"services": {"web": web}, "configs": {"page": {"content": "hello"}}}
    deployment.kill_during_up(application, lambda: deployment.exists("web"))
    code, _ = deployment.up(application)
    assert code == 0
    assert len(deployment.running("web")) == 1


def test_destroy_leaves_nothing_that_runs(deployment) -> None:
    application = {
        "services": {"web": deployment.service(configs=PAGE, volumes=["data:/data"])},
        "configs": {"page": {"content": "hello"}},
        "volumes": {"data": {}},
    }
    assert deployment.up(application)[0] == 0
    code, _ = deployment.cli.show("destroy", "--yes", "--skip-preview")
    assert code == 0
    assert not deployment.running("web")
    assert not deployment.resources()
