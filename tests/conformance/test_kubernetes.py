"""What an application does on a real Kubernetes beyond what every target must do.

Where the kubernetes plugin is a stand-in of an older version, this does not prove that the official one behaves alike:
it applies by itself and not by the server. The cluster of this machine's own has one node, and its network enforces no
NetworkPolicy: what these say is tested by their meaning (tests/targets/kubernetes), and that an API server takes them
(test_kubernetes_manifests.py).
"""

import contextlib
import json
from typing import Any

import pytest
from rolling import answers, application, web

from components.errors import InputError

pytestmark = [pytest.mark.engine, pytest.mark.targets("kubernetes")]

UNHEALTHY = {"test": ["CMD-SHELL", "exit 1"], "interval": "0.3s", "retries": 1}
SOON = {"patch": {"kubernetes": {"Deployment": {"metadata": {"annotations": {"pulumi.com/timeoutSeconds": "20"}}}}}}
"""How long a rollout that cannot succeed is waited for."""


@pytest.mark.parametrize(
    ("keys", "reasons"),
    [
        ({"image": "slipway/not-there:1"}, ["container web waits: ImagePullBackOff", "slipway/not-there:1"]),
        ({"healthcheck": UNHEALTHY}, ["container web runs, but is not ready", "serving two"]),
        ({"command": ["sh", "-c", "echo no such table; exit 3"]}, ["container web", "no such table"]),
    ],
    ids=["an image that is not there", "never healthy", "it ends at once"],
)
def test_a_failed_update_says_why_while_the_old_version_answers(deployment, keys, reasons) -> None:
    assert deployment.up(application(deployment, "one"))[0] == 0
    code, said = deployment.up(application(deployment, "two", **keys, **{"x-slipway": SOON}))
    assert code != 0
    assert "web: it failed, and this is what is known" in said
    assert not [reason for reason in reasons if reason not in said], said
    assert "Traceback" not in said
    assert set(answers(deployment)) == {"one"}
    assert deployment.up(application(deployment, "three"))[0] == 0
    deployment.until(lambda: set(answers(deployment)) == {"three"})


def test_a_failed_update_is_taken_back_where_the_stack_asks_for_it_and_the_next_up_is_no_no_op(deployment) -> None:
    def template() -> str:
        (found,) = deployment.objects("deployments", "web")
        (container,) = found["spec"]["template"]["spec"]["containers"]
        return next(each["value"] for each in container["env"] if each["name"] == "VERSION")

    deployment.config = {"slipway:kubernetes": {"rollback": True}}
    assert deployment.up(application(deployment, "one"))[0] == 0
    code, said = deployment.up(application(deployment, "two", healthcheck=UNHEALTHY, **{"x-slipway": SOON}))
    assert code != 0
    assert "web: it was taken back to revision 1" in said
    assert template() == "one"
    assert set(answers(deployment)) == {"one"}
    assert deployment.up(application(deployment, "two"))[0] == 0
    assert template() == "two"
    deployment.until(lambda: set(answers(deployment)) == {"two"})


def test_a_first_creation_that_never_gets_healthy_says_why_and_the_next_up_converges(deployment) -> None:
    broken = application(deployment, "one", healthcheck=UNHEALTHY, **{"x-slipway": SOON})
    code, said = deployment.up(broken)
    assert code != 0
    assert "container web runs, but is not ready" in said
    assert deployment.up(application(deployment, "two"))[0] == 0
    assert set(answers(deployment)) == {"two"}


def test_a_kill_of_the_program_in_a_rolling_update_converges_by_the_next_up(deployment) -> None:
    assert deployment.up(application(deployment, "one"))[0] == 0
    before = deployment.running("web")
    deployment.kill_during_up(application(deployment, "two"), lambda: deployment.running("web") != before)
    assert set(answers(deployment)) <= {"one", "two"}
    assert deployment.up(application(deployment, "two"))[0] == 0
    deployment.until(lambda: set(answers(deployment)) == {"two"})


def test_whatever_is_deleted_behind_pulumis_back_is_repaired_by_the_next_up(deployment) -> None:
    deployment.secrets = {"PW": "x"}
    wanted = {
        "services": {"web": web(deployment, "one", secrets=["pw"]), "client": deployment.service()},
        "secrets": {"pw": {"environment": "PW"}},
    }
    assert deployment.up(wanted)[0] == 0
    for kind in ("service/web", "secret/pw", "deployment/web"):
        deployment.kubectl("delete", kind)
    assert deployment.up(wanted, "--refresh")[0] == 0
    assert set(answers(deployment)) == {"one"}
    assert deployment.run("web", "cat", "/run/secrets/pw") == "x"


def test_a_second_up_with_a_refresh_changes_nothing_that_the_cluster_has_filled_in(deployment) -> None:
    service = web(deployment, "one", ports=["8000"], volumes=["data:/data"], networks=["back"])
    wanted = {"services": {"web": {**service, "deploy": {"replicas": 1}}}, "volumes": {"data": {}}}
    wanted["networks"] = {"back": {"internal": True}}
    assert deployment.up(wanted)[0] == 0
    before = deployment.running("web")
    code, said = deployment.up(wanted, "--refresh")
    assert code == 0
    assert not [word for word in ("updated", "created", "replaced", "deleted") if word in said], said
    assert deployment.running("web") == before


def test_each_replica_keeps_a_volume_of_its_own_over_an_update(deployment) -> None:
    def wanted(version: str) -> dict[str, Any]:
        return {"services": {"web": web(deployment, version, volumes=["data:/data"])}, "volumes": {"data": {}}}

    def each_says(*command: str) -> list[str]:
        return [deployment.kubectl("exec", f"web-{number}", "--", *command).strip() for number in range(2)]

    assert deployment.up(wanted("one"))[0] == 0
    each_says("sh", "-c", "hostname > /data/file")
    before = deployment.running("web").keys()
    assert deployment.up(wanted("two"))[0] == 0
    # the plugin that stands in ends its wait before the last replica is through
    deployment.until(lambda: len(deployment.running("web").keys() - before) == 2)
    assert each_says("printenv", "VERSION") == ["two", "two"]
    assert each_says("cat", "/data/file") == ["web-0", "web-1"]


def test_a_rescheduled_dependent_waits_for_its_dependency_too(deployment) -> None:
    """`depends_on` holds where the cluster starts pods by itself, with no `pulumi up` to keep an order."""
    services = {
        "client": deployment.service(depends_on={"web": {"condition": "service_healthy"}}),
        "web": web(deployment, "one"),
    }
    assert deployment.up({"services": services})[0] == 0
    deployment.kubectl("scale", "deployment/web", "--replicas=0")
    deployment.until(lambda: not deployment.objects("pods", "web"))  # one on its way out answers until its end
    deployment.kubectl("delete", "pod", "--selector=app.kubernetes.io/name=client")

    def waits() -> bool:
        (pod,) = deployment.objects("pods", "client")
        (status,) = pod["status"].get("initContainerStatuses", [{}])
        return "running" in status.get("state", {})

    deployment.until(waits)
    assert not deployment.running("client")
    deployment.kubectl("scale", "deployment/web", "--replicas=2")
    deployment.until(lambda: bool(deployment.running("client")))


def test_a_changed_run_to_completion_is_run_before_its_dependent_is_updated(deployment) -> None:
    def wanted(version: str) -> dict[str, Any]:
        migrate = deployment.service(command=["sh", "-c", f"sleep 2; echo {version}"])
        after = {"migrate": {"condition": "service_completed_successfully"}}
        return {"services": {"web": web(deployment, version, depends_on=after), "migrate": migrate}}

    for version in ("one", "two"):
        assert deployment.up(wanted(version))[0] == 0
        (job,) = deployment.objects("jobs", "migrate")
        newest = max(deployment.running("web").values())
        assert deployment.kubectl("logs", "job/migrate").strip() == version
        assert newest >= deployment.seconds(job["status"]["completionTime"])


def test_a_global_service_runs_on_every_node(deployment) -> None:
    assert deployment.up({"services": {"agent": deployment.service(deploy={"mode": "global"})}})[0] == 0
    nodes = json.loads(deployment.kubectl("get", "nodes", "--output=json"))["items"]
    deployment.until(lambda: len(deployment.running("agent")) == len(nodes))


def test_a_job_without_a_schedule_is_run_by_hand(deployment) -> None:
    job = {"image": deployment.image, "command": ["sh", "-c", "echo $$GREETING"], "environment": {"GREETING": "hi"}}
    job["triggers"] = {"manual": True}
    assert deployment.up({"services": {"web": deployment.service()}, "jobs": {"greet": job}})[0] == 0
    assert deployment.objects("jobs") == []
    deployment.kubectl("create", "job", "--from=cronjob/greet", "greet-1")
    deployment.kubectl("wait", "--for=condition=complete", "job/greet-1", "--timeout=120s")
    assert deployment.kubectl("logs", "job/greet-1") == "hi\n"


def test_a_pod_that_may_do_little_is_admitted_where_the_namespace_says_restricted(deployment) -> None:
    deployment.config = {"slipway:kubernetes": {"security": "restricted"}}
    assert deployment.up({"services": {"web": web(deployment, "one", user="1000:1000", read_only=True)}})[0] == 0
    labels = json.loads(deployment.kubectl("get", "namespace", deployment.name, "--output=json"))["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert deployment.run("web", "id", "-u") == "1000"
    with contextlib.suppress(InputError):
        deployment.run("web", "sh", "-c", "touch /file")
        pytest.fail("the root file system can be written to")
