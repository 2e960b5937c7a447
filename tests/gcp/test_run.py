"""Cloud Run as the tests have it, by its API alone: no Slipway runs here.

What these show is that the stand-in keeps to what Google's pages say, where they say it; not that Google does.
"""

import time

import pytest

from tests.gcp.client import HERE, NUMBER, RefusedError, until
from tests.gcp.scratch import Scratch, container, server

pytestmark = [pytest.mark.engine, pytest.mark.google]

READY = {"tcpSocket": {"port": 9000}, "periodSeconds": 1, "failureThreshold": 10, "timeoutSeconds": 1}
LISTEN = "perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(Listen => 5, LocalPort => 9000); sleep 1000'"


def test_a_service_answers_at_its_deterministic_url_with_a_certificate(scratch: Scratch) -> None:
    made = scratch.serve(server())
    assert made["urls"][0] == f"https://{scratch.name}-{NUMBER}.europe-west1.run.app"
    assert made["latestReadyRevision"] == made["latestCreatedRevision"]
    assert scratch.said() == "hello"


def test_a_container_gets_what_the_contract_says_and_no_port_where_it_takes_no_requests(scratch: Scratch) -> None:
    made = scratch.serve(server(name="web", ports=[{"containerPort": 8000}]), container(name="beside"))
    revision = made["latestReadyRevision"].rpartition("/")[2]
    said = scratch.inside("web", "echo $PORT $K_SERVICE $K_REVISION $K_CONFIGURATION")
    assert said == f"8000 {scratch.name} {revision} {scratch.name}"
    assert scratch.inside("beside", "echo [$PORT]") == "[]"


def test_containers_of_an_instance_share_localhost_and_start_in_their_order(scratch: Scratch) -> None:
    first = container(f"sleep 1; date +%s.%N > /shared/first; exec {LISTEN}", name="first", startupProbe=READY)
    after = 'test -e /shared/first && exec bash -c "echo > /dev/tcp/127.0.0.1/9000 && touch /tmp/reached; sleep 1000"'
    mount = [{"name": "shared", "mountPath": "/shared"}]
    second = {**container(after, name="second"), "dependsOn": ["first"], "volumeMounts": mount}
    volumes = [{"name": "shared", "emptyDir": {"medium": "MEMORY"}}]
    scratch.pool({**first, "volumeMounts": mount}, second, template={"volumes": volumes})
    until(lambda: scratch.inside("second", "ls /tmp") == "reached")


def test_a_revision_that_does_not_listen_fails_and_the_one_before_serves_on(scratch: Scratch) -> None:
    first = scratch.serve(server("one"))
    with pytest.raises(
        RefusedError, match=r"is not ready and cannot serve traffic\. The user-provided container failed"
    ):
        scratch.serve(container("echo no such table; exit 3"))
    found = scratch.google.ask("GET", "run", first["name"])
    assert found["terminalCondition"]["state"] == "CONDITION_FAILED"
    assert found["latestReadyRevision"] == first["latestReadyRevision"] != found["latestCreatedRevision"]
    assert scratch.said() == "one"
    revision = found["latestCreatedRevision"].rpartition("/")[2]
    wanted = f'resource.type="cloud_run_revision" AND resource.labels.revision_name="{revision}"'
    body = {"resourceNames": [HERE.partition("/locations")[0]], "filter": wanted}
    entries = scratch.google.ask("POST", "logging", "entries:list", body)["entries"]
    assert [each["textPayload"] for each in entries] == ["no such table"]


def test_an_unchanged_template_makes_no_revision_and_does_not_mend_a_failed_one(scratch: Scratch) -> None:
    first = scratch.serve(server("one"))
    same = scratch.serve(server("one"), labels={"a": "b"})
    assert same["latestCreatedRevision"] == first["latestCreatedRevision"]
    for _ in range(2):
        with pytest.raises(RefusedError, match="is not ready"):
            scratch.serve(container("exit 3"))
    scratch.serve(server("two"))
    assert scratch.said() == "two"


def test_an_image_that_is_not_there_fails_the_revision(scratch: Scratch) -> None:
    image = f"{scratch.google.cloud.registry}/nobody:none"
    with pytest.raises(RefusedError, match=f"Image '{image}' not found"):
        scratch.serve({"image": image})


def test_an_instance_that_fails_its_liveness_probe_or_ends_is_replaced(scratch: Scratch) -> None:
    probe = {"httpGet": {"path": "/", "port": 8080}, "periodSeconds": 1, "failureThreshold": 1}
    scratch.serve(server(name="web", livenessProbe=probe))
    (before,) = scratch.containers("web")
    stop = "for each in /proc/[0-9]*; do grep -q perl $each/comm && kill -STOP ${each#/proc/}; done"
    before.exec_run(["sh", "-c", stop])
    until(lambda: [each for each in scratch.containers("web") if each.id != before.id])
    until(lambda: scratch.google.fetch(scratch.google.host(scratch.name)).status_code == 200)


def test_instances_come_and_go_without_a_new_revision(scratch: Scratch) -> None:
    made = scratch.pool(container(name="work"), count=3)
    until(lambda: len(scratch.containers("work")) == 3)
    same = scratch.pool(container(name="work"), count=1)
    assert same["latestReadyRevision"] == made["latestReadyRevision"]
    until(lambda: len(scratch.containers("work")) == 1)


# who may call


def test_only_calls_through_the_vpc_reach_what_is_internal(scratch: Scratch) -> None:
    network = scratch.google.network(scratch.name)
    scratch.serve(server("inner"), ingress="INGRESS_TRAFFIC_INTERNAL_ONLY")
    assert scratch.google.fetch(scratch.google.host(scratch.name)).status_code == 404
    ask = f"perl -MSocket -e 'print inet_ntoa(scalar gethostbyname(q({scratch.google.host(scratch.name)})))'"
    access = {"egress": "PRIVATE_RANGES_ONLY", "networkInterfaces": [network]}
    scratch.pool(container(name="caller"), template={"vpcAccess": access})
    inner = scratch.inside("caller", ask)
    scratch.pool(container(name="other"))
    assert inner != scratch.inside("other", ask) == scratch.google.cloud.front


def test_a_service_whose_callers_are_checked_refuses_who_has_no_token(scratch: Scratch) -> None:
    scratch.serve(server(), invokerIamDisabled=False)
    assert scratch.google.fetch(scratch.google.host(scratch.name)).status_code == 403
    binding = {"role": "roles/run.invoker", "members": ["allUsers"]}
    name = f"{HERE}/services/{scratch.name}"
    scratch.google.ask("POST", "run", f"{name}:setIamPolicy", {"policy": {"bindings": [binding]}})
    assert scratch.said() == "hello"


# secrets and volumes


def test_a_secret_is_read_at_its_version_by_the_account_that_may_alone(scratch: Scratch) -> None:
    account, other = scratch.google.account(scratch.name), scratch.google.account(f"{scratch.name}-o")
    scratch.google.secret(scratch.name, "one", account)
    scratch.google.secret(scratch.name, "two")
    chosen = {"valueSource": {"secretKeyRef": {"secret": scratch.name, "version": "1"}}}
    given = container(name="web", env=[{"name": "PW", **chosen}])
    with pytest.raises(RefusedError, match=f"Permission denied on secret: projects/{NUMBER}/secrets/{scratch.name}/"):
        scratch.pool(given, template={"serviceAccount": other})
    scratch.pool(given, template={"serviceAccount": account})
    assert scratch.inside("web", "echo $PW") == "one"


def test_a_secret_volume_has_its_items_alone_and_hides_what_the_image_has(scratch: Scratch) -> None:
    account = scratch.google.account(scratch.name)
    scratch.google.secret(scratch.name, "content", account)
    items = [{"path": "pw", "version": "1", "mode": 0o400}]
    volumes = [{"name": "s", "secret": {"secret": scratch.name, "items": items}}]
    given = container(name="web", volumeMounts=[{"name": "s", "mountPath": "/etc/apt"}])
    scratch.pool(given, template={"serviceAccount": account, "volumes": volumes})
    assert scratch.inside("web", "ls /etc/apt; cat /etc/apt/pw; stat -c ' %a' /etc/apt/pw") == "pw\ncontent 400"
    assert scratch.inside("web", "touch /etc/apt/x 2> /dev/null || echo no") == "no"


def test_a_bucket_outlives_instances_and_is_not_mounted_by_who_may_not_write(scratch: Scratch) -> None:
    account = scratch.google.account(scratch.name)
    scratch.google.ask(
        "POST", "storage", "b", {"name": scratch.name, "location": "europe-west1"}, project="slipway-tests"
    )
    volumes = [{"name": "data", "gcs": {"bucket": scratch.name}}]
    given = container(name="web", volumeMounts=[{"name": "data", "mountPath": "/data"}])
    template = {"serviceAccount": account, "volumes": volumes}
    with pytest.raises(RefusedError, match="does not have storage"):
        scratch.pool({**given, "env": [{"name": "A", "value": "a"}]}, template=template)
    binding = {"role": "roles/storage.objectUser", "members": [f"serviceAccount:{account}"]}
    scratch.google.ask("PUT", "storage", f"b/{scratch.name}/iam", {"bindings": [binding]})
    scratch.pool(given, template=template)
    scratch.inside("web", "echo kept > /data/file")
    scratch.pool({**given, "env": [{"name": "A", "value": "b"}]}, template=template)
    until(lambda: len(scratch.containers("web")) == 1)
    assert scratch.inside("web", "cat /data/file") == "kept"
    with pytest.raises(RefusedError, match="is not empty"):
        scratch.google.ask("DELETE", "storage", f"b/{scratch.name}")
    assert [each["name"] for each in scratch.google.ask("GET", "storage", f"b/{scratch.name}/o")["items"]] == ["file"]


# jobs


def test_a_task_is_tried_again_until_it_succeeds(scratch: Scratch) -> None:
    job = scratch.job(container("exit $((CLOUD_RUN_TASK_ATTEMPT < 1))"), token="a", retries=1)
    assert job["latestCreatedExecution"]["completionStatus"] == "EXECUTION_SUCCEEDED"
    (task,) = scratch.google.ask("GET", "run", f"{HERE}/jobs/{scratch.name}/executions/{scratch.name}-a/tasks")["tasks"]
    assert (task["retried"], task["lastAttemptResult"]["exitCode"]) == (1, 0)


def test_a_failed_execution_fails_its_job_until_another_token_runs_one_that_succeeds(scratch: Scratch) -> None:
    with pytest.raises(RefusedError, match="failed with exit code: 3 and message: The container exited with an error"):
        scratch.job(container("exit 3"), token="a")
    assert scratch.job(container("exit 0"), token="b")["terminalCondition"]["state"] == "CONDITION_SUCCEEDED"


def test_a_task_that_takes_too_long_is_stopped(scratch: Scratch) -> None:
    began = time.monotonic()
    with pytest.raises(RefusedError, match="The configured timeout was reached"):
        scratch.job(container(), token="a", template={"timeout": "1s"})
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ({"containers": [server(ports=[{"containerPort": 1}]), server(name="b", ports=[{"containerPort": 2}])]},
         "exactly one has to have a port, not 2"),
        ({"containers": [server(env=[{"name": "PORT", "value": "1"}])]}, "are reserved: PORT"),
        ({"containers": [server(volumeMounts=[{"name": "x", "mountPath": "/x"}])]}, "there is no volume x"),
        ({"containers": [server()], "serviceAccount": "nobody@slipway-tests.iam.gserviceaccount.com"},
         "Service account nobody@slipway-tests.iam.gserviceaccount.com does not exist"),
        ({"containers": [server()], "vpcAccess": {"networkInterfaces": [{"network": "nowhere"}]}},
         "VPC network nowhere not found"),
        ({"containers": [server()], "scalin": {}}, 'Unknown name "scalin" at \'template\': Cannot find field'),
    ],
)  # fmt: skip
def test_what_cloud_run_does_not_take_is_refused(scratch: Scratch, template, why) -> None:
    with pytest.raises(RefusedError, match=why):
        scratch.google.ask("POST", "run", f"{HERE}/services", {"template": template}, serviceId=scratch.name)
