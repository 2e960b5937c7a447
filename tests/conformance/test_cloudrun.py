"""What an application does on Cloud Run, beyond what every target must do or in place of what it cannot, on the tests'
own Google Cloud.

In place of three behaviours of `test_behaviours.py`: a service that is called has HTTP and one port, its callers name
it as a URL, and its health check is a request. See `on_cloudrun.py` for what is not proved.
"""

import re
from typing import Any

import pytest
from on_target import SLEEP
from rolling import answers, client, web

from tests.gcp.client import HERE

pytestmark = [pytest.mark.engine, pytest.mark.targets("cloudrun")]

HEALTHY = {"test": ["CMD", "curl", "-f", "http://127.0.0.1:8000/"], "interval": "1s", "timeout": "1s", "retries": 20}
"""A request: Cloud Run makes it itself, and the container needs no curl."""
PROBE_FAILED = "The user-provided container failed the configured startup probe checks"


def server(deployment: Any, version: str = "one", **keys: Any) -> dict[str, Any]:
    """One instance of a service that says its version to those who ask."""
    return web(deployment, version, **{"healthcheck": HEALTHY, "deploy": {"replicas": 1}, **keys})


def application(deployment: Any, version: str = "one", **keys: Any) -> dict[str, Any]:
    return {"services": {"web": server(deployment, version, **keys), "client": client(deployment)}}


# in place of behaviours of every target


def test_a_service_is_reached_by_the_url_that_names_it_and_nothing_else_is(deployment) -> None:
    code, said = deployment.up(application(deployment))
    assert code == 0, said
    host = deployment.outside("web", 8000)
    assert deployment.run("client", "printenv", "WEB") == f"https://{host}/"
    finding = "the service that it names has its address on Google Cloud in the name's place"
    assert f"services.client.environment.WEB: on cloudrun, {finding}" in said
    assert set(answers(deployment)) == {"one"}
    assert deployment.run("client", "sh", "-c", "getent hosts web || echo none") == "none"


def test_a_service_that_is_not_published_does_not_answer_the_internet(deployment) -> None:
    assert deployment.up(application(deployment))[0] == 0
    assert deployment.google.fetch(deployment.outside("web", 8000)).status_code == 404


def test_a_second_up_changes_nothing(deployment) -> None:
    served = server(
        deployment,
        ports=["8000"],
        labels={"a": "b"},
        volumes=["data:/data"],
        secrets=["pw"],
        configs=[{"source": "page", "target": "/etc/page/page"}],
        tmpfs=["/t:size=1m"],
        deploy={"resources": {"limits": {"cpus": "1", "memory": "512M"}}},
    )
    deployment.secrets = {"PW": "x"}
    given = {
        "services": {"web": served, "client": client(deployment)},
        "volumes": {"data": {}},
        "secrets": {"pw": {"environment": "PW"}},
        "configs": {"page": {"content": "hello"}},
    }
    code, said = deployment.up(given)
    assert code == 0, said
    before = deployment.running("web"), deployment.running("client")
    code, said = deployment.up(given)
    assert code == 0
    assert "unchanged" in said
    assert not re.search(r"[0-9] (updated|created|replaced)", said)
    assert (deployment.running("web"), deployment.running("client")) == before


def test_a_dependent_starts_after_its_dependency_is_healthy(deployment) -> None:
    command = ["sh", "-c", "sleep 2; exec probe serve :8000"]
    after = client(deployment, depends_on={"web": {"condition": "service_healthy"}})
    assert deployment.up({"services": {"web": server(deployment, command=command), "client": after}})[0] == 0
    (before,) = deployment.running("web").values()
    (created,) = deployment.running("client").values()
    assert created >= before + 2


# beyond them


@pytest.mark.parametrize(
    ("keys", "reasons"),
    [
        ({"image": "not-there:1"}, ["/not-there:1' not found"]),
        ({"healthcheck": {**HEALTHY, "retries": 3}, "command": SLEEP}, [PROBE_FAILED]),
        ({"command": ["sh", "-c", "echo no such table; exit 3"]}, ["no such table"]),
    ],
    ids=["an image that is not there", "never healthy", "it ends at once"],
)  # fmt: skip
def test_a_failed_update_fails_every_up_until_it_is_mended_and_the_old_revision_serves(
    deployment, keys, reasons
) -> None:
    assert deployment.up(application(deployment))[0] == 0
    for _ in range(2):
        given = {
            **keys,
            **({"image": f"{deployment.google.cloud.registry}/{keys['image']}"} if "image" in keys else {}),
        }
        code, said = deployment.up(application(deployment, "two", **given))
        assert code != 0
        assert "is not ready and cannot serve traffic" in said, said
        assert not [reason for reason in reasons if reason not in said], said
        assert "Traceback" not in said
        assert set(answers(deployment)) == {"one"}
    assert deployment.up(application(deployment, "three"))[0] == 0
    assert set(answers(deployment)) == {"three"}


def test_a_first_creation_that_never_gets_healthy_fails_and_the_next_up_converges(deployment) -> None:
    bad = application(deployment, command=["sh", "-c", "exit 3"])
    assert deployment.up(bad)[0] != 0
    assert deployment.up(application(deployment, "two"))[0] == 0
    assert set(answers(deployment)) == {"two"}


def test_a_companion_shares_localhost_and_is_of_the_same_instance(deployment) -> None:
    beside = deployment.service(network_mode="service:web")
    assert deployment.up({"services": {"web": server(deployment), "beside": beside}})[0] == 0
    assert not deployment.exists("beside")
    (container,) = deployment.containers("web", "beside")
    assert container.exec_run(["probe", "check", "http://127.0.0.1:8000/"]).exit_code == 0


def test_a_file_beside_those_of_the_image_hides_none_of_them(deployment) -> None:
    served = server(deployment, configs=[{"source": "page", "target": "/etc/apt/page"}])
    assert deployment.up({"services": {"web": served}, "configs": {"page": {"content": "hello"}}})[0] == 0
    said = deployment.run("web", "sh", "-c", "cat /etc/apt/page; test -d /etc/apt/sources.list.d && echo kept")
    assert said == "hellokept"


def test_a_secret_in_the_environment_is_no_plain_value_at_google(deployment) -> None:
    deployment.secrets = {"PW": "marker"}
    served = server(deployment, environment={"URL": "redis://:${PW}@example.com/0", "VERSION": "one"})
    code, said = deployment.up({"services": {"web": served}})
    assert code == 0, said
    assert deployment.run("web", "printenv", "URL") == "redis://:marker@example.com/0"
    assert "marker" not in said + deployment.state() + deployment.shown("web")


def test_a_worker_that_ends_is_started_again(deployment) -> None:
    script = "test -e /data/once && exec sleep infinity; touch /data/once"
    worker = deployment.service(command=["sh", "-c", script], volumes=["data:/data"])
    assert deployment.up({"services": {"worker": worker}, "volumes": {"data": {}}})[0] == 0
    deployment.until(lambda: "infinity" in deployment.run("worker", "sh", "-c", "cat /proc/[0-9]*/cmdline"))


def test_a_schedule_runs_its_job_as_the_account_that_may(deployment) -> None:
    job = {"image": deployment.image, "command": ["true"], "triggers": {"schedule": ["0 3 * * *"]}}
    code, said = deployment.up({"services": {"web": server(deployment)}, "jobs": {"sweep": job}})
    assert code == 0, said
    (schedule,) = [each["name"] for each in deployment.google.ask("GET", "cloudscheduler", f"{HERE}/jobs")["jobs"]
                   if deployment.name in each["name"]]  # fmt: skip
    deployment.google.ask("POST", "cloudscheduler", f"{schedule}:run", {})
    job = f"{HERE}/jobs/{deployment.name}-sweep"
    deployment.until(
        lambda: (
            deployment.google.ask("GET", "run", job)["latestCreatedExecution"]["completionStatus"]
            == "EXECUTION_SUCCEEDED"
        )
    )


def test_destroy_leaves_nothing_at_google(deployment) -> None:
    deployment.secrets = {"PW": "x"}
    given = {
        "services": {"web": server(deployment, secrets=["pw"], volumes=["data:/data"]), "client": client(deployment)},
        "secrets": {"pw": {"environment": "PW"}},
        "volumes": {"data": {"x-slipway": {"keep": False}}},
    }
    assert deployment.up(given)[0] == 0
    deployment.run("web", "sh", "-c", "echo x > /data/file")
    code, said = deployment.cli.show("destroy", "--yes", "--skip-preview")
    assert code == 0, said
    assert left(deployment) == []


def left(deployment: Any) -> list[str]:
    """What of the application Google still has."""
    google, found = deployment.google, []
    for api, path, key in (
        ("run", f"{HERE}/services", "services"),
        ("run", f"{HERE}/workerPools", "workerPools"),
        ("run", f"{HERE}/jobs", "jobs"),
        ("secretmanager", f"{HERE.partition('/locations')[0]}/secrets", "secrets"),
        ("iam", f"{HERE.partition('/locations')[0]}/serviceAccounts", "accounts"),
    ):
        found += [each["name"] for each in google.ask("GET", api, path).get(key, ())]
    buckets = google.ask("GET", "storage", "b", project=HERE.split("/")[1]).get("items", ())
    return [each for each in (*found, *(each["name"] for each in buckets)) if deployment.name in each]
