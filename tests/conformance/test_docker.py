"""What an application does on docker beyond what every target must do.

Where the docker plugin is the stand-in, this does not prove that the official one behaves alike.
"""

import json
import subprocess
from typing import Any

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.targets("docker")]


def test_a_service_that_never_gets_healthy_fails_the_update_and_says_why(deployment) -> None:
    check = {"test": ["CMD-SHELL", "echo not yet; exit 1"], "interval": "0.2s", "timeout": "1s", "retries": 1}
    command = ["sh", "-c", "echo starting up; sleep infinity"]
    code, said = deployment.up({"services": {"web": deployment.service(command=command, healthcheck=check)}})
    assert code != 0
    assert "web-1" in said
    assert "not yet" in said
    assert "starting up" in said


def test_ulimits_and_a_loopback_address_are_no_change_at_the_next_up(deployment) -> None:
    web = deployment.service(ports=["127.0.0.1::80"], ulimits={"nofile": 1024})
    deployment.up({"services": {"web": web}})
    before = deployment.running("web")
    code, said = deployment.up({"services": {"web": web}})
    assert code == 0
    assert "unchanged" in said
    assert deployment.running("web") == before
    assert deployment.outside("web", 80).startswith("127.0.0.1:")


def test_a_taken_port_is_reported_before_anything_is_created(deployment) -> None:
    listener: Any = deployment.engine.containers.run(
        deployment.image, ["sleep", "infinity"], detach=True, ports={"80/tcp": ("127.0.0.1", None)}
    )
    try:
        listener.reload()
        port = listener.attrs["NetworkSettings"]["Ports"]["80/tcp"][0]["HostPort"]
        code, said = deployment.up({"services": {"web": deployment.service(ports=[f"127.0.0.1:{port}:80"])}})
    finally:
        listener.remove(force=True)
    assert code != 0
    assert f'port {port} is taken by container "{listener.name}"' in said
    assert "Traceback" not in said
    assert not [each for each in deployment.resources() if each["type"].startswith("docker:")]


def test_docker_compose_reads_what_was_deployed(deployment) -> None:
    deployment.up({"services": {"web": deployment.service()}})
    done = subprocess.run(
        ["docker-compose", "-p", deployment.name, "ps", "--format", "json"], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["Service"] == "web"
