"""What a pod has, on a real cluster, from the manifests that `render -o` writes: read off what its containers print.

Beside tests/conformance/test_behaviours.py, which no other target shares: folders of the project, files of one reader,
steps before the start, sidecars, replicas with volumes of their own, jobs that are run by hand. Not proved: nodes with
several kernels or disks of a cloud; `runAsUser` needs no image of ours, so the image is busybox.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.__main__ import main
from toolchain.kubernetes import Cluster

pytestmark = [pytest.mark.engine, pytest.mark.kubernetes]

NAMESPACE = f"pods-of-shop-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
"""Each worker of the tests has the application for itself."""
SECONDS = "--timeout=180s"
IMAGE = "docker.io/library/busybox:1.37"
WRITES = "echo from a step > /data/step"
PRINTS = """
id -u
cat /run/secrets/key; echo
stat -c '%a %u:%g' -L /run/secrets/key
ls /etc/conf
cat /etc/conf/deep/b.txt
stat -c %a -L /etc/conf/run.sh
cat /data/step
touch /data/mine
touch /etc/no 2>/dev/null || echo read-only
printf '%s\\n' "$$WRITTEN" "$$1"
exec httpd -f -p 80 -h /etc/conf
"""
COMPOSE = {
    "name": "shop",
    "services": {
        "web": {
            "image": IMAGE,
            "command": ["sh", "-c", PRINTS, "name", "$$(WRITTEN)"],
            "environment": {"WRITTEN": "$$(PATH) $$$$"},
            "user": "1000:1000",
            "read_only": True,
            "init": True,
            "stop_grace_period": "1s",
            "ports": ["80"],
            "secrets": [{"source": "key", "uid": "1000", "gid": "1000", "mode": 0o400}],
            "volumes": ["./conf:/etc/conf:ro", "data:/data"],
            "pre_start": [{"command": ["sh", "-c", WRITES]}],
            "healthcheck": {"test": ["CMD", "wget", "-qO-", "http://localhost:80/a.txt"], "interval": "1s"},
            "depends_on": {"db": {"condition": "service_healthy"}, "quiet": {"condition": "service_started"}},
        },
        "beside": {
            "image": IMAGE,
            "network_mode": "service:web",
            "command": ["sh", "-c", "until wget -qO- http://127.0.0.1/a.txt; do sleep 1; done; sleep 10000"],
            "stop_grace_period": "1s",
        },
        "quiet": {"image": IMAGE, "command": ["sleep", "10000"], "stop_grace_period": "1s"},
        "db": {
            "image": IMAGE,
            "command": ["sh", "-c", "hostname > /v/name; exec httpd -f -p 5432 -h /v"],
            "scale": 2,
            "expose": ["5432"],
            "volumes": ["of_db:/v"],
            "healthcheck": {"test": ["CMD", "nc", "-z", "localhost", "5432"], "interval": "1s"},
            "stop_grace_period": "1s",
        },
    },
    "jobs": {"greet": {"image": IMAGE, "command": ["echo", "hello"], "triggers": {"manual": True}}},
    "volumes": {name: {"x-slipway": {"size": "1MiB"}} for name in ("data", "of_db")},
    "secrets": {"key": {"environment": "KEY"}},
}


@pytest.fixture(scope="module")
def deployed(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The application, applied as whoever deploys by another tool would; the secret is made by hand."""
    folder = tmp_path_factory.mktemp("shop")
    _project(folder / "conf")
    config = {
        "slipway:target": "kubernetes",
        "slipway:compose": ["compose.yaml"],
        "slipway:mode": "loose",
        "slipway:secrets": {"KEY": "opens"},
        "slipway:kubernetes": {"namespace": NAMESPACE},
    }
    (folder / "Pulumi.yaml").write_text("name: slipway\nruntime: python\n")
    (folder / "Pulumi.pods.yaml").write_text(json.dumps({"config": config}))
    (folder / "compose.yaml").write_text(json.dumps(COMPOSE))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["render", "--stack", "pods", "-o", "out"]) == 0
    try:
        cluster.kubectl("create", "namespace", NAMESPACE)
        cluster.kubectl("--namespace", NAMESPACE, "create", "secret", "generic", "key", "--from-literal=key=opens")
        cluster.kubectl("apply", "--server-side", "--force-conflicts", f"--kustomize={folder / 'out'}")
        for workload in ("statefulset/db", "deployment/web"):
            cluster.kubectl("--namespace", NAMESPACE, "rollout", "status", workload, SECONDS)
        yield
    finally:
        cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false")


def _project(folder: Path) -> None:
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text("first\n")
    (folder / "deep" / "b.txt").write_text("second\n")
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o755)


def logs(cluster: Cluster, *words: str) -> list[str]:
    return cluster.kubectl("--namespace", NAMESPACE, "logs", *words).splitlines()


@pytest.mark.usefixtures("deployed")
def test_a_process_has_what_its_file_says(cluster: Cluster) -> None:
    assert logs(cluster, "deployment/web", "--container=web") == [
        "1000",
        "opens",
        "440 0:1000",  # not for everybody, and yet for the process
        "a.txt",
        "deep",
        "run.sh",
        "second",
        "555",
        "from a step",
        "read-only",
        "$(PATH) $$",
        "$(WRITTEN)",
    ]


@pytest.mark.usefixtures("deployed")
def test_a_service_in_another_s_network_reaches_it_at_its_own_address(cluster: Cluster) -> None:
    assert logs(cluster, "deployment/web", "--container=beside") == ["first"]


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize("dependency", ["db", "quiet"])
def test_the_pod_waited_for_its_dependencies(cluster: Cluster, dependency: str) -> None:
    """It printed nothing else; how long it waited depends on the machine."""
    said = logs(cluster, "deployment/web", f"--container=wait-for-{dependency}")
    assert set(said) <= {f"waiting for {dependency}"}


@pytest.mark.usefixtures("deployed")
def test_each_replica_has_a_volume_of_its_own(cluster: Cluster) -> None:
    read = [
        cluster.kubectl("--namespace", NAMESPACE, "exec", pod, "--", "cat", "/v/name").strip()
        for pod in ("db-0", "db-1")
    ]
    assert read == ["db-0", "db-1"]


@pytest.mark.usefixtures("deployed")
def test_a_job_is_run_by_hand(cluster: Cluster) -> None:
    cluster.kubectl("--namespace", NAMESPACE, "create", "job", "greet-1", "--from=cronjob/greet")
    cluster.kubectl("--namespace", NAMESPACE, "wait", "job/greet-1", "--for=condition=complete", SECONDS)
    assert logs(cluster, "job/greet-1") == ["hello"]
