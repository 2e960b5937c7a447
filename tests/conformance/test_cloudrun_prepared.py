"""Files, volumes and runs on Cloud Run, on the tests' own Google Cloud: what is written before containers start.

Not proved: how a job of Google's own ends where it has several containers, which none of its pages says; here it ends
when all have.
"""

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.targets("cloudrun")]

BOTH = "cat /run/secrets/a /run/secrets/b /etc/apt/page"
OBJECTS = {
    "secrets": {"a": {"environment": "A"}, "b": {"environment": "B"}},
    "configs": {"page": {"content": "hello"}},
}


def test_a_run_sees_several_secrets_and_a_config_and_ends(deployment) -> None:
    deployment.secrets = {"A": "one", "B": "two"}
    given = ["a", {"source": "b", "uid": "1000", "gid": "1000", "mode": 0o400}]
    script = f'test "$({BOTH})" = onetwohello && test "$(stat -c %u:%a /run/secrets/b)" = 1000:400'
    migrate = deployment.service(
        command=["sh", "-c", script], secrets=given, configs=[{"source": "page", "target": "/etc/apt/page"}]
    )
    client = deployment.service(depends_on={"migrate": {"condition": "service_completed_successfully"}})
    code, said = deployment.up({"services": {"client": client, "migrate": migrate}, **OBJECTS})
    assert code == 0, said
    assert deployment.exists("client")


def test_a_worker_sees_several_secrets_and_a_rotated_one_is_rolled_out(deployment) -> None:
    deployment.secrets = {"A": "one", "B": "two"}
    worker = deployment.service(secrets=["a", "b"], configs=[{"source": "page", "target": "/etc/apt/page"}])
    assert deployment.up({"services": {"worker": worker}, **OBJECTS})[0] == 0
    assert deployment.run("worker", "sh", "-c", BOTH) == "onetwohello"
    deployment.secrets = {"A": "three", "B": "two"}
    assert deployment.up({"services": {"worker": worker}, **OBJECTS})[0] == 0
    deployment.until(lambda: deployment.run("worker", "sh", "-c", BOTH) == "threetwohello")


def test_a_folder_in_memory_is_there_and_goes_with_its_instance(deployment) -> None:
    worker = deployment.service(tmpfs=["/scratch:size=1m"])
    assert deployment.up({"services": {"worker": worker}})[0] == 0
    assert deployment.run("worker", "sh", "-c", "echo x > /scratch/file; cat /scratch/file") == "x"


def test_a_step_ends_before_its_service_starts_and_one_that_fails_stops_it(deployment) -> None:
    step = {"command": ["sh", "-c", "date +%s%N > /data/step"]}
    worker = deployment.service(
        command=["sh", "-c", "test -s /data/step && exec sleep infinity"], pre_start=[step], volumes=["data:/data"]
    )
    code, said = deployment.up({"services": {"worker": worker}, "volumes": {"data": {}}})
    assert code == 0, said
    assert deployment.run("worker", "cat", "/data/step").isdigit()
    failing = {**worker, "pre_start": [{"command": ["sh", "-c", "echo no; exit 3"]}]}
    code, said = deployment.up({"services": {"worker": failing}, "volumes": {"data": {}}})
    assert code != 0, said
    assert "worker-pre-start-1" in said
    assert "failed with exit code: 3" in said
