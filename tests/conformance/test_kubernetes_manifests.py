"""What `render -o` writes, held against a real API server: every manifest of every case, and every pod of theirs.

A dry run of a workload does not ask whether its pods would be admitted, so each template is tried as a pod too, in the
namespace as it was rendered: `restricted` unless the case asks for more. Nothing is started. ExternalSecret and
HTTPRoute, whose definitions are not Kubernetes' own, are not tried.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.__main__ import main
from components.errors import InputError
from toolchain.kubernetes import Cluster

pytestmark = [pytest.mark.engine, pytest.mark.kubernetes]

ROOT = Path(__file__).parents[2]
CASES = {
    "fleet": "tests/cases/fleet",
    "guestbook": "examples/guestbook",
    "press": "tests/cases/press",
    "shop": "tests/cases/shop",
}
MORE = ("fleet",)
"""Cases that ask for more than `restricted` has, and are refused there."""
TRIED = [(name, "baseline") for name in CASES] + [(name, "restricted") for name in CASES if name not in MORE]
STRICT = ("--dry-run=server", "--validate=strict")
DIGEST = "sha256:" + "1" * 64


@pytest.fixture
def written(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of one case's manifests; its namespace is `dry-` and the case."""
    name, security = request.param
    shutil.copytree(ROOT / CASES[name], tmp_path / "app")
    for file in ("signing.key", "config/token.txt"):
        (tmp_path / "app" / file).parent.mkdir(exist_ok=True)
        (tmp_path / "app" / file).write_text("x")
    built = [
        key
        for key, service in yaml.safe_load((tmp_path / "app" / "compose.yaml").read_text())["services"].items()
        if "build" in service
    ]
    config = {
        "slipway:target": "kubernetes",
        "slipway:compose": ["app/compose.yaml"],
        "slipway:mode": "loose",
        "slipway:secrets": dict.fromkeys(("DB_PASSWORD", "PASSWORD", "REDIS_PASSWORD"), "x"),
        "slipway:images": {key: f"registry.example/{key}@{DIGEST}" for key in built},
        "slipway:kubernetes": {"namespace": f"dry-{name}-{security}", "security": security},
    }
    (tmp_path / "Pulumi.yaml").write_text("name: slipway\nruntime: python\n")
    (tmp_path / "Pulumi.dry.yaml").write_text(json.dumps({"config": config}))
    monkeypatch.chdir(tmp_path)
    assert main(["render", "--stack", "dry", "-o", "out"]) == 0
    return tmp_path / "out"


def pods(folder: Path) -> Iterator[dict[str, Any]]:
    """A pod of every template."""
    for file in sorted(folder.glob("*.yaml")):
        body = yaml.safe_load(file.read_text())
        spec = body.get("spec", {})
        template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
        if template is not None:
            metadata = {**template["metadata"], "name": f"{body['kind'].lower()}-{body['metadata']['name']}"}
            # those of a StatefulSet are made for each pod
            claims = [each["metadata"]["name"] for each in spec.get("volumeClaimTemplates", ())]
            volumes = [{"name": name, "persistentVolumeClaim": {"claimName": name}} for name in claims]
            volumes += template["spec"].get("volumes", [])
            yield {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": metadata,
                "spec": {**template["spec"], "volumes": volumes},
            }


@pytest.mark.parametrize("written", TRIED, indirect=True, ids="-".join)
def test_a_real_cluster_takes_every_manifest_and_admits_every_pod(cluster: Cluster, written: Path) -> None:
    (namespace,) = written.glob("namespace-*.yaml")
    name = yaml.safe_load(namespace.read_text())["metadata"]["name"]
    cluster.kubectl("apply", f"--filename={namespace}", "--validate=strict")
    try:
        said = cluster.kubectl("apply", f"--kustomize={written}", *STRICT)
        listed = yaml.safe_load((written / "kustomization.yaml").read_text())["resources"]
        assert len(said.splitlines()) == len(listed)
        # an account is looked for when a pod is tried
        (account,) = written.glob("serviceaccount-*.yaml")
        cluster.kubectl("apply", f"--filename={account}")
        for pod in pods(written):
            cluster.kubectl("--namespace", name, "create", "--filename=-", *STRICT, stdin=json.dumps(pod))
    finally:
        cluster.kubectl("delete", "namespace", name, "--wait=false")


@pytest.mark.parametrize("written", [("press", "restricted")], indirect=True, ids="-".join)
def test_a_manifest_with_a_word_too_many_is_refused(cluster: Cluster, written: Path) -> None:
    """The dry run above is one that can fail."""
    (namespace,) = written.glob("namespace-*.yaml")
    body = yaml.safe_load(namespace.read_text())
    body["metadata"]["colour"] = "blue"
    with pytest.raises(InputError, match=r'unknown field "metadata\.colour"'):
        cluster.kubectl("apply", "--filename=-", *STRICT, stdin=json.dumps(body))


@pytest.mark.parametrize("written", [("press", "restricted")], indirect=True, ids="-".join)
def test_the_case_that_asks_for_nothing_more_is_restricted(written: Path) -> None:
    (namespace,) = written.glob("namespace-*.yaml")
    labels = yaml.safe_load(namespace.read_text())["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


def test_what_was_written_runs_once_the_secret_that_was_left_out_is_there(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = {"image": "busybox:1.37", "command": ["sleep", "1000"], "secrets": ["key"]}
    secrets = {"key": {"environment": "KEY"}}
    (tmp_path / "compose.yaml").write_text(json.dumps({"services": {"reader": service}, "secrets": secrets}))
    config = {
        "slipway:target": "kubernetes",
        "slipway:compose": ["compose.yaml"],
        "slipway:secrets": {"KEY": "x"},
        "slipway:kubernetes": {"namespace": "written"},
    }
    (tmp_path / "Pulumi.yaml").write_text("name: slipway\nruntime: python\n")
    (tmp_path / "Pulumi.dry.yaml").write_text(json.dumps({"config": config}))
    monkeypatch.chdir(tmp_path)
    assert main(["render", "--stack", "dry", "-o", "out"]) == 0
    inside = ("--namespace", "written")
    try:
        cluster.kubectl("apply", "--kustomize=out")
        cluster.kubectl(*inside, "create", "secret", "generic", "key", "--from-literal=key=opened")
        cluster.kubectl(*inside, "rollout", "status", "deployment/reader", "--timeout=120s")
        assert cluster.kubectl(*inside, "exec", "deployment/reader", "--", "cat", "/run/secrets/key") == "opened"
        assert cluster.kubectl("diff", "--kustomize=out") == ""
    finally:
        cluster.kubectl("delete", "namespace", "written", "--ignore-not-found", "--wait=false")
