"""The cluster itself: what the suite of behaviours takes for granted."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deployments import CHECKOUT

from components.errors import InputError
from toolchain import daemons, kubernetes
from toolchain.kubernetes import Cluster
from toolchain.places import Places
from toolchain.table import KUBERNETES

pytestmark = [pytest.mark.engine, pytest.mark.kubernetes]

IMAGE = "busybox:1.37"
SECONDS = "--timeout=120s"


@pytest.fixture
def namespace(cluster: Cluster, request: pytest.FixtureRequest) -> Any:
    name = request.node.name.replace("_", "-")[:50].strip("-")
    cluster.kubectl("create", "namespace", name)
    # before it is there no pod is admitted, for that reason
    cluster.kubectl("--namespace", name, "wait", "--for=create", "serviceaccount/default", SECONDS)
    yield name
    cluster.kubectl("delete", "namespace", name, "--wait=false")


def deployment(name: str, script: str, **spec: Any) -> dict[str, Any]:
    labels = {"app": name}
    container = {"name": "main", "image": IMAGE, "command": ["sh", "-c", script], **spec.pop("container", {})}
    template = {
        "metadata": {"labels": labels},
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 1, **spec},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {"selector": {"matchLabels": labels}, "template": template},
    }


def apply(cluster: Cluster, namespace: str, *manifests: dict[str, Any]) -> None:
    items = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(manifests)})
    cluster.kubectl("--namespace", namespace, "apply", "--filename=-", stdin=items)


def test_a_pod_reaches_another_by_its_services_name(cluster: Cluster, namespace: str) -> None:
    ports = {"selector": {"app": "server"}, "ports": [{"port": 80, "targetPort": 8000}]}
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "server"}, "spec": ports}
    server = deployment("server", "while true; do echo hello | nc -l -p 8000; done")
    apply(cluster, namespace, service, server, deployment("client", "sleep 1000"))
    for name in ("server", "client"):
        cluster.kubectl("--namespace", namespace, "rollout", "status", f"deployment/{name}", SECONDS)
    ask = "until nc -w 2 server 80 < /dev/null; do sleep 0.3; done"
    said = cluster.kubectl("--namespace", namespace, "exec", "deployment/client", "--", "sh", "-c", ask)
    assert said.strip() == "hello"


def test_a_claim_gets_a_volume_that_outlives_its_pod(cluster: Cluster, namespace: str) -> None:
    request = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}}
    claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data"}, "spec": request}
    mounted = {"container": {"volumeMounts": [{"name": "data", "mountPath": "/data"}]}}
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    writer = deployment("writer", "date >> /data/starts; sleep 1000", volumes=volumes, **mounted)
    apply(cluster, namespace, claim, writer)
    cluster.kubectl("--namespace", namespace, "rollout", "status", "deployment/writer", SECONDS)
    cluster.kubectl("--namespace", namespace, "delete", "pod", "--selector=app=writer", "--grace-period=1", SECONDS)
    cluster.kubectl("--namespace", namespace, "rollout", "status", "deployment/writer", SECONDS)
    said = cluster.kubectl("--namespace", namespace, "exec", "deployment/writer", "--", "cat", "/data/starts")
    assert len(said.splitlines()) == 2


def test_the_logs_of_a_pod_can_be_read(cluster: Cluster, namespace: str) -> None:
    apply(cluster, namespace, deployment("speaker", "echo spoken; sleep 1000"))
    cluster.kubectl("--namespace", namespace, "rollout", "status", "deployment/speaker", SECONDS)
    end = time.monotonic() + 30
    while not (said := cluster.kubectl("--namespace", namespace, "logs", "deployment/speaker")):
        assert time.monotonic() < end
        time.sleep(0.2)
    assert said == "spoken\n"


def test_a_namespace_goes_with_all_that_is_in_it(cluster: Cluster, namespace: str) -> None:
    apply(cluster, namespace, deployment("sleeper", "sleep 1000"))
    cluster.kubectl("delete", "namespace", namespace, SECONDS)
    assert cluster.kubectl("get", "pods", "--all-namespaces", f"--field-selector=metadata.namespace={namespace}") == ""
    cluster.kubectl("create", "namespace", namespace)


def test_a_restricted_namespace_refuses_a_pod_that_runs_as_root(cluster: Cluster, namespace: str) -> None:
    cluster.kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted")
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "root"}}
    with pytest.raises(InputError, match='violates PodSecurity "restricted:latest"'):
        apply(cluster, namespace, {**pod, "spec": {"containers": [{"name": "main", "image": IMAGE}]}})


@pytest.fixture
def begun() -> Iterator[subprocess.Popen[bytes]]:
    """A start of another cluster, from the moment that its node's first process is there."""
    if not (Places.here().cache / f"kube-apiserver-{KUBERNETES}").is_dir():
        pytest.skip("set-up built none here: the cluster is the tester's own")
    with subprocess.Popen(
        [sys.executable, "-m", "toolchain.kubernetes"], cwd=CHECKOUT, stdin=subprocess.DEVNULL
    ) as made:
        end = time.monotonic() + 120
        while not node_of(made):
            assert made.poll() is None, "it ended by itself"
            assert time.monotonic() < end
            time.sleep(0.1)
        yield made
        made.kill()


def node_of(start: subprocess.Popen[bytes]) -> int:
    """The first process of the node; 0: there is none."""
    for path in Path(f"/proc/{start.pid}/task/{start.pid}/children").read_text().split():
        words = Path(f"/proc/{path}/cmdline").read_bytes()
        if b"/node.sh" in words and b"unshare" in words.split(b"\0")[0]:
            return int(path)
    return 0


def test_a_start_that_was_killed_is_cleared_by_the_next(begun: subprocess.Popen[bytes]) -> None:
    node = node_of(begun)
    begun.kill()
    begun.wait()
    assert daemons.started(node) is not None
    with kubernetes.cluster(Places.here()) as made:
        assert daemons.started(node) is None
        assert made.kubectl("get", "nodes", "--output=name") == "node/node-1\n"


def test_a_start_that_is_ended_takes_its_cluster_with_it(begun: subprocess.Popen[bytes]) -> None:
    node = node_of(begun)
    begun.terminate()
    assert begun.wait(timeout=60) == 130
    assert daemons.started(node) is None
