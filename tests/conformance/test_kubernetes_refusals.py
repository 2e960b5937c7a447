"""What cannot be deployed on a Kubernetes is one report, before anything is created where that can be known."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.errors import InputError
from toolchain.kubernetes import Cluster

pytestmark = [pytest.mark.engine, pytest.mark.targets("kubernetes")]


def refused(deployment: Any, service: dict[str, Any], **more: Any) -> str:
    """What `up` says; nothing may be in the state but the program's own component."""
    code, said = deployment.up({"services": {"web": service}, **more})
    assert code != 0
    assert "Traceback" not in said
    assert not [each for each in deployment.resources() if each["type"].startswith("kubernetes:")]
    return said


def elsewhere(deployment: Any, **changed: Any) -> None:
    """Let the stack reach the cluster by a kubeconfig that says something else."""
    config = json.loads(deployment.cluster.kubectl("config", "view", "--raw", "--output=json"))
    for kind, values in changed.items():
        (entry,) = config[f"{kind}s"]
        entry[kind] = values(entry[kind])
    path: Path = deployment.folder / "kubeconfig"
    path.write_text(json.dumps(config))
    deployment.cluster = Cluster(path, deployment.cluster.address, deployment.cluster.registry)


@contextlib.contextmanager
def namespace(deployment: Any, *manifests: dict[str, Any], **labels: str) -> Iterator[None]:
    """The application's namespace, made by somebody else; the stack makes none."""
    deployment.config = {"slipway:kubernetes": {"createNamespace": False}}
    metadata = {"name": deployment.name, "labels": labels}
    made = [{"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}, *manifests]
    for manifest in made:
        manifest["metadata"].setdefault("namespace", deployment.name)
    deployment.cluster.kubectl("create", "--filename=-", stdin="\n---\n".join(map(json.dumps, made)))
    yield
    deployment.remove()


def test_a_cluster_that_does_not_answer(deployment) -> None:
    elsewhere(deployment, cluster=lambda cluster: {**cluster, "server": "https://127.0.0.1:1"})
    said = refused(deployment, deployment.service())
    assert "kubernetes https://127.0.0.1:1 (context slipway): nothing answers there; start the cluster" in said


def test_a_context_that_the_kubeconfig_does_not_have_names_those_that_it_has(deployment) -> None:
    deployment.existing = {"context": "slipwy"}
    said = refused(deployment, deployment.service())
    assert 'the kubeconfig has no context "slipwy"; did you mean "slipway"? (known: slipway)' in said


def test_a_user_who_may_do_nothing_is_told_which_verb_on_which_resource(deployment) -> None:
    token = deployment.cluster.kubectl("create", "token", "default", "--namespace=default").strip()
    elsewhere(deployment, user=lambda _: {"token": token})
    said = refused(deployment, deployment.service())
    assert f'create, delete, get, patch deployments.apps in namespace "{deployment.name}"' in said
    assert token not in said


def test_a_storage_class_that_is_not_there_names_those_that_are(deployment) -> None:
    deployment.config = {"slipway:kubernetes": {"storageClass": "local-pth"}}
    said = refused(deployment, deployment.service(volumes=["data:/data"]), volumes={"data": {}})
    assert 'there is no StorageClass "local-pth"' in said
    assert 'did you mean "local-path"?' in said


def test_an_ingress_class_that_is_not_there(deployment) -> None:
    deployment.config = {"slipway:kubernetes": {"ingressClass": "nginx"}}
    ingress = {"x-slipway": {"ingress": {"host": "shop.example.com", "port": 80}}}
    assert 'there is no IngressClass "nginx"' in refused(deployment, deployment.service(**ingress))


def test_a_namespace_that_is_not_there(deployment) -> None:
    deployment.config = {"slipway:kubernetes": {"createNamespace": False}}
    said = refused(deployment, deployment.service())
    assert f'there is no namespace "{deployment.name}"; run `kubectl create namespace {deployment.name}`' in said


def test_a_namespace_of_somebody_else(deployment) -> None:
    with namespace(deployment):
        deployment.config = {}
        said = refused(deployment, deployment.service())
    assert f'the namespace "{deployment.name}" was made by something else' in said


def test_a_namespace_that_enforces_a_stricter_standard_than_the_application_keeps(deployment) -> None:
    with namespace(deployment, **{"pod-security.kubernetes.io/enforce": "restricted"}):
        said = refused(deployment, deployment.service())
    assert f'the namespace "{deployment.name}" enforces the Pod Security Standard restricted' in said


def test_a_quota_that_is_too_small_for_the_application(deployment) -> None:
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "few"}, "spec": {"hard": {"pods": "0"}}}
    with namespace(deployment, quota):
        said = refused(deployment, deployment.service())
    assert 'the quota "few" allows 0 pods, and the application asks for 1' in said


def test_an_admission_that_refuses_is_told_with_its_reason(deployment) -> None:
    """A policy of the cluster's own, which nobody can know before it is asked."""
    name = f"{deployment.name}-no-sleepers"
    rule = {"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["deployments"]}
    selector = {"matchLabels": {"kubernetes.io/metadata.name": deployment.name}}
    spec = {
        "matchConstraints": {"resourceRules": [rule], "namespaceSelector": selector},
        "validations": [{"expression": "false", "message": "nobody sleeps here"}],
    }
    kind = "ValidatingAdmissionPolicy"
    api = {"apiVersion": "admissionregistration.k8s.io/v1", "metadata": {"name": name}}
    bound = {"policyName": name, "validationActions": ["Deny"]}
    policy = [{**api, "kind": kind, "spec": spec}, {**api, "kind": f"{kind}Binding", "spec": bound}]
    text = "\n---\n".join(map(json.dumps, policy))
    deployment.cluster.kubectl("create", "--filename=-", stdin=text)
    try:
        with namespace(deployment):
            deployment.until(lambda: denied(deployment))
            code, said = deployment.up({"services": {"web": deployment.service()}})
    finally:
        deployment.cluster.kubectl("delete", "--filename=-", stdin=text)
    assert code != 0
    assert "nobody sleeps here" in said
    assert "Traceback" not in said


def denied(deployment: Any) -> bool:
    """Whether the API server has taken up the policy."""
    try:
        deployment.kubectl("create", "deployment", "asked", "--image=busybox:1.37", "--dry-run=server")
    except InputError as error:
        return "nobody sleeps here" in str(error)
    return False
