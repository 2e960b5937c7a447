"""`render -o` on kubernetes: manifests for Argo CD, Flux or kubectl, the same objects that `pulumi up` creates.

What an API server says of them: tests/conformance/test_kubernetes_manifests.py. That Argo CD, Flux or the External
Secrets Operator do with them what their documentation says is not proved.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import projects
import pytest
import yaml

from components.commands import external_secrets, gitops, manifests
from components.errors import RejectedError
from components.model import Opaque, Parts
from components.targets.rows import Checksum, Json, Row
from components.testing import record

PRESS = Path(__file__).parents[1] / "cases" / "press"
SECRET = projects.SECRET
IMAGES = {
    "web": f"registry.example/press-web@{projects.DIGEST}",
    "migrate": f"registry.example/press-web@{projects.DIGEST}",
}
OPTIONS = {
    "namespace": "press-prod",
    "issuer": "letsencrypt",
    "ingressClass": "nginx",
    "storageClasses": {"ssd": "fast"},
}
REGISTRY = {"prefix": "registry.example", "username": "puller", "password": SECRET}
TOLD = (gitops.WAVE, gitops.ARGO_OPTIONS, gitops.FLUX_FORCE, gitops.FLUX_PRUNE)
CHECKSUMS = ("slipway.dev/files", "slipway.dev/secrets")


@pytest.fixture(autouse=True)
def _beside_conftest(folder: Path) -> None:
    (folder / "compose.yaml").unlink()


@pytest.fixture
def press(folder: Path) -> Path:
    """The case `press`, with a stack that chooses what can be chosen."""
    settings: dict[str, Any] = {"images": IMAGES, "kubernetes": OPTIONS, "registry": REGISTRY}
    secrets = {"DB_PASSWORD": SECRET}
    projects.write(folder, "kubernetes", compose=["press/compose.yaml"], secrets=secrets, **settings)
    shutil.copytree(PRESS, folder / "press")
    (folder / "press" / "signing.key").write_text(SECRET)
    return folder


def rendered(run, folder: Path, *words: str) -> dict[str, str]:
    done = run("render", "--stack", "kubernetes", "-o", "out", *words)
    assert done.code == 0, done.err
    return projects.read(folder / "out")


def objects(files: dict[str, str]) -> dict[tuple[str, str], dict[str, Any]]:
    """Every object by kind and name, in the order of `kustomization.yaml`."""
    listed = [yaml.safe_load(files[name]) for name in yaml.safe_load(files["kustomization.yaml"])["resources"]]
    return {(each["kind"], each["metadata"]["name"]): each for each in listed}


def row(kind: str, key: str, *, after: tuple[tuple[str, str], ...] = (), service: str = "", **more: Any) -> Row:
    args = {"metadata": {"name": key, "annotations": more.pop("annotations", {})}, **more.pop("body", {})}
    return Row(kind=kind, key=key, args=args, after=after, service=service, **more)


# --- the same objects -----------------------------------------------------------------------------------------------


def created(folder: Path) -> Iterator[dict[str, Any]]:
    """What the component asks Pulumi for, as manifests."""
    secrets = {"DB_PASSWORD": SECRET}
    given = {"images": IMAGES, "kubernetes": OPTIONS, "registry": REGISTRY, "secrets": secrets, "name_key": "key"}
    for each in record({"compose": ["press/compose.yaml"], "target": "kubernetes", **given}):
        if each.type.startswith("kubernetes:") and "metadata" in each.inputs:
            yield dict(each.inputs)


def compared(body: dict[str, Any]) -> dict[str, Any]:
    """An object without what is told to one of the two, and without checksums, whose key only a stack has."""
    metadata = {key: value for key, value in body["metadata"].items() if key != "annotations"}
    own = {
        key: value
        for key, value in body["metadata"].get("annotations", {}).items()
        if key not in TOLD and not key.startswith("pulumi.com/") and key != "slipway.dev/stack"
    }
    return {**_unhashed(body), "metadata": {**metadata, **({"annotations": own} if own else {})}}


def _unhashed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: "checksum" if key in CHECKSUMS else _unhashed(each) for key, each in value.items()}
    return [_unhashed(each) for each in value] if isinstance(value, list) else value


def test_the_objects_are_those_that_pulumi_creates_key_by_key(run, press: Path) -> None:
    here = {name: compared(body) for name, body in objects(rendered(run, press)).items()}
    there = {(body["kind"], body["metadata"]["name"]): compared(body) for body in created(press)}
    assert here == {name: body for name, body in there.items() if name[0] != "Secret"}
    assert {kind for kind, _ in here} > {"CronJob", "DaemonSet", "HorizontalPodAutoscaler", "Ingress", "StatefulSet"}


def test_the_secrets_are_those_that_pulumi_creates_with_the_same_keys(run, press: Path) -> None:
    files = rendered(run, press, "--secrets", "external", "--secret-store", "vault")
    here = {
        name: sorted(
            body["spec"]["target"].get("template", {}).get("data")
            or [each["secretKey"] for each in body["spec"]["data"]]
        )
        for (kind, name), body in objects(files).items()
        if kind == "ExternalSecret"
    }
    there = {
        body["metadata"]["name"]: sorted(body.get("stringData") or body["data"])
        for body in created(press)
        if body["kind"] == "Secret"
    }
    assert here == there


def test_no_file_has_a_secret_in_it(run, press: Path) -> None:
    for words in ((), ("--secrets", "external", "--secret-store", "vault")):
        assert [name for name, text in rendered(run, press, *words).items() if SECRET in text] == []


def test_the_case_becomes_what_its_golden_files_say(run, press: Path, request: pytest.FixtureRequest) -> None:
    files = rendered(run, press)
    golden = PRESS / "kubernetes"
    if request.config.getoption("--update-goldens"):
        shutil.rmtree(golden, ignore_errors=True)
        golden.mkdir()
        for name, text in files.items():
            (golden / name).write_text(text)
    assert files == projects.read(golden)


def test_a_file_per_object_is_listed_once(run, press: Path) -> None:
    files = rendered(run, press)
    listed = yaml.safe_load(files["kustomization.yaml"])["resources"]
    assert sorted(listed) == sorted(files.keys() - {"kustomization.yaml"})
    assert {"namespace-press-prod.yaml", "deployment-web.yaml", "ingress-web.yaml"} < set(listed)


def test_the_stack_of_another_place_gives_the_same_bytes(run, press: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = rendered(run, press)
    (press / "elsewhere").mkdir()
    for name in ("Pulumi.yaml", "stacks", "press"):
        (press / name).rename(press / "elsewhere" / name)
    monkeypatch.chdir(press / "elsewhere")
    assert rendered(run, press / "elsewhere") == first


# --- the cluster of another stack -----------------------------------------------------------------------------------


def test_a_cluster_of_another_stack_needs_what_that_stack_puts_out(run, folder: Path) -> None:
    projects.write(folder, "kubernetes", images=IMAGES, cluster={"stack": "prod"})
    done = run("render", "--stack", "kubernetes", "-o", "out")
    assert (done.code, done.err.splitlines()[-1]) == (
        2,
        "stack kubernetes: the cluster is another stack's, which is not read here; "
        "write --access FILE, made by `pulumi stack output access --json --stack prod`",
    )


def test_a_cluster_that_is_made_with_the_application_is_not_known_before(run, folder: Path) -> None:
    projects.write(folder, "kubernetes", images=IMAGES, cluster={"new": {"kind": "eks", "region": "eu-central-1"}})
    done = run("render", "--stack", "kubernetes", "-o", "out")
    assert (done.code, done.err.splitlines()[-1]) == (
        2,
        "stack kubernetes: the cluster is made with the application, and nothing is known of it before; "
        "give it a stack of its own, and write --access FILE",
    )


def test_what_that_stack_puts_out_counts_and_the_stack_wins(run, folder: Path) -> None:
    options = {"publish": "LoadBalancer"}
    projects.write(folder, "kubernetes", images=IMAGES, cluster={"stack": "prod"}, kubernetes=options)
    (folder / "access.json").write_text('{"kind": "kubernetes", "publish": "NodePort", "storageClass": "fast"}')
    found = objects(rendered(run, folder, "--access", "access.json"))
    assert found["Service", "web-published"]["spec"]["type"] == "LoadBalancer"
    claims = [body for (kind, _), body in found.items() if kind == "PersistentVolumeClaim"]
    assert [body["spec"]["storageClassName"] for body in claims] == ["fast"]


# --- secrets --------------------------------------------------------------------------------------------------------

URL = Parts(["redis://:", Opaque(None, "PASSWORD"), "@db/{{x}}"])
VAULT = external_secrets.Store(kind="ClusterSecretStore", name="vault", prefix="shop-")


def test_a_secret_that_is_left_out_is_listed_with_its_keys() -> None:
    body = {"type": "Opaque", "stringData": {"URL": URL, "KEY": Parts([Opaque(None, "KEY")])}}
    files = manifests.render([row("Secret", "web-environment", body=body)], None)
    assert files == {
        "kustomization.yaml": "# Written by `render`, which writes it anew.\n"
        "# These Secrets have to be in the namespace; <NAME> is a value of slipway:secrets, or a file:\n"
        "#   web-environment: URL = redis://:<PASSWORD>@db/{{x}}, KEY = <KEY>\n"
        "apiVersion: kustomize.config.k8s.io/v1beta1\n"
        "kind: Kustomization\n"
        "resources: []\n"
    }


def test_a_value_of_several_parts_is_a_template_of_the_operator() -> None:
    files = manifests.render([row("Secret", "web", body={"type": "Opaque", "stringData": {"URL": URL}})], VAULT)
    assert yaml.safe_load(files["externalsecret-web.yaml"])["spec"] == {
        "refreshInterval": "1h",
        "secretStoreRef": {"kind": "ClusterSecretStore", "name": "vault"},
        "target": {
            "name": "web",
            "creationPolicy": "Owner",
            "template": {
                "engineVersion": "v2",
                "type": "Opaque",
                "data": {"URL": 'redis://:{{ .PASSWORD }}@db/{{ "{{" }}x}}'},
            },
        },
        "data": [{"secretKey": "PASSWORD", "remoteRef": {"key": "shop-PASSWORD"}}],
    }


def test_a_value_that_is_one_secret_is_fetched_under_its_key() -> None:
    secret = row("Secret", "key", body={"type": "Opaque", "stringData": {"key": Parts([Opaque(None, "signing.key")])}})
    spec = yaml.safe_load(manifests.render([secret], VAULT)["externalsecret-key.yaml"])["spec"]
    assert (spec["data"], spec["target"]) == (
        [{"secretKey": "key", "remoteRef": {"key": "shop-signing.key"}}],
        {"name": "key", "creationPolicy": "Owner"},
    )


def test_a_registrys_password_is_put_into_its_json_by_the_operator() -> None:
    login = {"auths": {"registry.example": {"username": "u", "password": Parts([Opaque(None, "P")])}}}
    secret = row("Secret", "pull", body={"type": "kubernetes.io/dockerconfigjson", "stringData": {"x": Json(login)}})
    spec = yaml.safe_load(manifests.render([secret], VAULT)["externalsecret-pull.yaml"])["spec"]
    assert spec["target"]["template"]["data"] == {
        "x": '{"auths":{"registry.example":{"username":"u","password":{{ .P | toJson }}}}}'
    }


def test_a_secret_in_anything_else_is_refused_and_not_shown() -> None:
    config = row("ConfigMap", "page", body={"data": {"page": Parts(["x=", Opaque("geheim", "PASSWORD")])}})
    with pytest.raises(RejectedError) as raised:
        manifests.render([config], None)
    assert str(raised.value) == (
        "ConfigMap page would show x=<PASSWORD> in clear text; use a secret, or an environment variable, in its place"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--secrets", "external"], "--secrets external without --secret-store; write --secret-store NAME"),
        (["--secret-store", "vault"], "--secret-store without --secrets external; write both"),
        (
            ["--secrets", "external", "--secret-store", "Vault/x"],
            '--secret-store: "Vault" is no kind of a store; write one of ClusterSecretStore, SecretStore',
        ),
    ],
)
def test_half_of_what_external_secrets_need_is_refused(run, press: Path, words: list[str], message: str) -> None:
    done = run("render", "--stack", "kubernetes", "-o", "out", *words)
    assert (done.code, done.err.splitlines()[-1]) == (2, message)


# --- what Argo CD and Flux are told ---------------------------------------------------------------------------------


def test_a_checksum_changes_with_what_is_known_and_not_with_what_is_secret() -> None:
    def checksum(text: str, secret: str) -> str:
        return manifests.checksum(Checksum({"a": text, "b": Parts([Opaque(secret, "B")])}, None))

    assert checksum("x", "one") == checksum("x", "two")
    assert checksum("x", "one") != checksum("y", "one")


def test_without_a_job_to_wait_for_nobody_is_told_of_waves() -> None:
    rows = [row("Deployment", "db"), row("Deployment", "web", after=(("Deployment", "db"),))]
    assert gitops.waves(rows) == {("Deployment", "db"): 0, ("Deployment", "web"): 0}


def test_what_waits_for_a_job_comes_a_wave_later_with_all_that_belongs_to_it() -> None:
    claim = ("PersistentVolumeClaim", "data")
    rows = [
        row("PersistentVolumeClaim", "data"),
        row("Deployment", "db", service="db"),
        row("Job", "migrate", after=(("Deployment", "db"),), service="migrate"),
        row("HorizontalPodAutoscaler", "web", service="web"),
        row("Deployment", "web", after=(("Job", "migrate"), claim), service="web"),
        row("Deployment", "front", after=(("Deployment", "web"),), service="front"),
    ]
    assert gitops.waves(rows) == {
        claim: 1,
        ("Deployment", "db"): 0,
        ("Job", "migrate"): 0,
        ("HorizontalPodAutoscaler", "web"): 1,
        ("Deployment", "web"): 1,
        ("Deployment", "front"): 1,
    }


def test_a_claim_that_two_waves_use_comes_with_the_first() -> None:
    claim = ("PersistentVolumeClaim", "data")
    rows = [
        row("PersistentVolumeClaim", "data"),
        row("Job", "migrate", after=(claim,), service="migrate"),
        row("Deployment", "web", after=(("Job", "migrate"), claim), service="web"),
    ]
    assert gitops.waves(rows)[claim] == 0


def test_what_is_kept_is_not_pruned_and_pulumis_own_words_are_left_out() -> None:
    claim = row("PersistentVolumeClaim", "data", retain=True, annotations={"pulumi.com/skipAwait": "true", "a": "b"})
    assert gitops.annotations(claim, 0) == {
        "a": "b",
        "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
        "kustomize.toolkit.fluxcd.io/prune": "disabled",
    }


def test_a_job_is_replaced_in_its_wave() -> None:
    assert gitops.annotations(row("Job", "migrate"), 2) == {
        "argocd.argoproj.io/sync-wave": "2",
        "argocd.argoproj.io/sync-options": "Force=true",
        "kustomize.toolkit.fluxcd.io/force": "enabled",
    }
