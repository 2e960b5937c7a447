"""What an application must do on docker, for real: `pulumi up` with the plugins that set-up brought.

Where the docker plugin is the stand-in, this does not prove that the official one behaves alike.
"""

import json
import os
import signal
import subprocess
import time
from datetime import datetime
from typing import Any

import pytest

from toolchain import recover as clear
from toolchain.places import Places

pytestmark = pytest.mark.engine

IMAGE = "debian:bookworm-slim"
SLEEP = ["sleep", "infinity"]
HEALTHY = {"test": ["CMD", "test", "-e", "/tmp/ok"], "interval": "0.3s", "timeout": "1s", "retries": 20}
READY = ["sh", "-c", "sleep 1; touch /tmp/ok; exec sleep infinity"]


def service(**keys: Any) -> dict[str, Any]:
    return {"image": IMAGE, "command": SLEEP, "stop_grace_period": "1s", **keys}


def test_services_reach_each_other_by_name_and_see_their_environment(deployment) -> None:
    application = {"services": {"web": service(environment={"A": "b c"}), "db": service()}}
    code, _ = deployment.up(application)
    assert code == 0
    assert deployment.run("web-1", "sh", "-c", "getent hosts db | wc -l") == "1"
    assert deployment.run("web-1", "printenv", "A") == "b c"


def test_a_second_up_changes_nothing(deployment) -> None:
    application = {"services": {"web": service(ports=["127.0.0.1::80"], labels={"a": "b"}, ulimits={"nofile": 1024})}}
    deployment.up(application)
    before = deployment.container("web-1").id
    code, said = deployment.up(application)
    assert code == 0
    assert "unchanged" in said
    assert deployment.container("web-1").id == before


def test_only_the_changed_service_is_replaced_and_its_volume_survives(deployment) -> None:
    def application(greeting: str) -> dict[str, Any]:
        web = service(environment={"GREETING": greeting}, volumes=["data:/data"])
        return {"services": {"web": web, "db": service()}, "volumes": {"data": {}}}

    deployment.up(application("one"))
    deployment.run("web-1", "sh", "-c", "echo kept > /data/file")
    db = deployment.container("db-1").id
    code, _ = deployment.up(application("two"))
    assert code == 0
    assert deployment.run("web-1", "cat", "/data/file") == "kept"
    assert deployment.run("web-1", "printenv", "GREETING") == "two"
    assert deployment.container("db-1").id == db


def test_secrets_and_configs_are_files_and_a_rotated_secret_is_rolled_out(deployment) -> None:
    application = {
        "services": {"web": service(secrets=["pw"], configs=[{"source": "page", "target": "/etc/page"}])},
        "secrets": {"pw": {"environment": "PW"}},
        "configs": {"page": {"content": "hello"}},
    }
    deployment.secrets = {"PW": "marker-one"}
    assert deployment.up(application)[0] == 0
    assert deployment.run("web-1", "cat", "/run/secrets/pw", "/etc/page") == "marker-onehello"
    assert deployment.run("web-1", "stat", "-c", "%a", "/run/secrets/pw") == "444"
    deployment.secrets = {"PW": "marker-two"}
    code, said = deployment.up(application)
    assert code == 0
    assert deployment.run("web-1", "cat", "/run/secrets/pw") == "marker-two"
    assert "marker" not in said + deployment.state()
    assert "marker" not in json.dumps(deployment.container("web-1").attrs)


def test_a_read_only_service_gets_its_secret_too(deployment) -> None:
    deployment.secrets = {"PW": "x"}
    application = {
        "services": {"web": service(read_only=True, secrets=["pw"])},
        "secrets": {"pw": {"environment": "PW"}},
    }
    assert deployment.up(application)[0] == 0
    assert deployment.run("web-1", "cat", "/run/secrets/pw") == "x"


def test_a_dependent_starts_after_its_dependency_is_healthy(deployment) -> None:
    application = {
        "services": {
            "web": service(depends_on={"db": {"condition": "service_healthy"}}),
            "db": service(command=READY, healthcheck=HEALTHY),
        }
    }
    assert deployment.up(application)[0] == 0
    ready = float(deployment.run("db-1", "stat", "--format", "%.6Y", "/tmp/ok"))
    created = datetime.fromisoformat(deployment.container("web-1").attrs["Created"][:26] + "+00:00").timestamp()
    assert created > ready
    assert deployment.container("db-1").attrs["State"]["Health"]["Status"] == "healthy"


def test_a_service_that_never_gets_healthy_fails_the_update_and_says_why(deployment) -> None:
    check = {"test": ["CMD-SHELL", "echo not yet; exit 1"], "interval": "0.2s", "timeout": "1s", "retries": 1}
    application = {
        "services": {"web": service(command=["sh", "-c", "echo starting up; sleep infinity"], healthcheck=check)}
    }
    code, said = deployment.up(application)
    assert code != 0
    assert "web-1" in said
    assert "not yet" in said
    assert "starting up" in said


def test_a_failed_run_to_completion_stops_its_dependent_on_every_up_until_it_is_run_again(deployment) -> None:
    def application(script: str) -> dict[str, Any]:
        migrate = service(command=["sh", "-c", script])
        after = {"migrate": {"condition": "service_completed_successfully"}}
        return {"services": {"web": service(depends_on=after), "migrate": migrate}}

    for _ in range(2):
        code, said = deployment.up(application("echo no such table; exit 3"))
        assert code != 0
        assert "migrate-1: exit code 3" in said
        assert "no such table" in said
        assert "pulumi up --replace" in said
    assert deployment.up(application("exit 0"))[0] == 0
    assert deployment.container("web-1").status == "running"


def test_replicas_come_and_go(deployment) -> None:
    def names() -> list[str]:
        label = {"label": f"com.docker.compose.project={deployment.name}"}
        return sorted(
            each.name.removeprefix(f"{deployment.name}-") for each in deployment.engine.containers.list(filters=label)
        )

    deployment.up({"services": {"web": service(scale=1)}})
    deployment.up({"services": {"web": service(scale=3)}})
    assert names() == ["web-1", "web-2", "web-3"]
    deployment.up({"services": {"web": service(scale=2)}})
    assert names() == ["web-1", "web-2"]


def test_what_was_removed_by_hand_comes_back_after_a_refresh(deployment) -> None:
    application = {"services": {"web": service()}}
    deployment.up(application)
    deployment.container("web-1").remove(force=True)
    code, _ = deployment.up(application, "--refresh")
    assert code == 0
    assert deployment.container("web-1").status == "running"


def test_a_taken_port_is_reported_before_anything_is_created(deployment) -> None:
    listener = deployment.engine.containers.run(
        IMAGE, SLEEP, detach=True, ports={"80/tcp": ("127.0.0.1", None)}, labels={"com.docker.compose.project": "other"}
    )
    try:
        listener.reload()
        port = listener.attrs["NetworkSettings"]["Ports"]["80/tcp"][0]["HostPort"]
        code, said = deployment.up({"services": {"web": service(ports=[f"127.0.0.1:{port}:80"])}})
    finally:
        listener.remove(force=True)
    assert code != 0
    assert f'port {port} is taken by container "{listener.name}"' in said
    assert "Traceback" not in said
    assert not [each for each in deployment.resources() if each["type"].startswith("docker:")]


def test_a_mistake_in_the_file_is_one_report_without_a_traceback(deployment) -> None:
    code, said = deployment.up({"services": {"web": service(imagee="x")}})
    assert code != 0
    assert "imagee" in said
    assert 'did you mean "image"?' in said
    assert "Traceback" not in said


def test_docker_compose_reads_what_was_deployed(deployment) -> None:
    deployment.up({"services": {"web": service()}})
    done = subprocess.run(
        ["docker-compose", "-p", deployment.name, "ps", "--format", "json"], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["Service"] == "web"


def test_after_a_kill_in_the_middle_the_next_up_converges_and_keeps_the_volume(deployment) -> None:
    def application(value: str) -> dict[str, Any]:
        web = service(environment={"V": value}, command=READY, healthcheck=HEALTHY, volumes=["data:/data"])
        return {"services": {"web": web}, "volumes": {"data": {}}}

    deployment.up(application("one"))
    deployment.run("web-1", "sh", "-c", "echo kept > /data/file")
    (deployment.folder / "compose.yaml").write_text(json.dumps({"name": deployment.name, **application("two")}))
    process = subprocess.Popen(
        ["pulumi", "up", "--yes", "--skip-preview", "--stack", deployment.name,
         "--config-file", str(deployment.cli.config), "--non-interactive"],
        cwd=deployment.cli.project, env={**os.environ, **deployment.cli.env},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    end = time.monotonic() + 60
    while time.monotonic() < end:
        label = {"label": f"com.docker.compose.project={deployment.name}"}
        found = deployment.engine.containers.list(filters=label)
        if any("V=two" in each.attrs["Config"]["Env"] for each in found):
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    recover(deployment)
    code, _ = deployment.up(application("two"))
    assert code == 0
    assert deployment.run("web-1", "cat", "/data/file") == "kept"
    assert deployment.run("web-1", "printenv", "V") == "two"


def recover(deployment) -> None:
    class Here(Places):
        @property
        def state(self):
            return deployment.folder / "state"

    clear.run(Here(deployment.cli.project, deployment.folder), deployment.cli)
