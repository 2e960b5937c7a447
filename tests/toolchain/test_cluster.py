"""Which cluster `make up` takes on the target kubernetes. Not proved here: that the cluster which it makes comes up."""

import json
from pathlib import Path
from typing import Any

import pytest
from targets.kubernetes.api_server import serve

from components.errors import InputError
from toolchain import cluster, registry
from toolchain.places import Places


@pytest.fixture(autouse=True)
def no_kubeconfig(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def config(**existing: Any) -> dict[str, Any]:
    return {"slipway:target": "kubernetes", "slipway:cluster": {"existing": existing}}


def kubeconfig(server: str) -> str:
    return json.dumps(
        {
            "current-context": "a",
            "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
            "clusters": [{"name": "a", "cluster": {"server": server}}],
        }
    )


def test_a_machine_without_a_kubeconfig_makes_a_cluster_only_where_the_stack_asks_for_it() -> None:
    assert cluster.is_own(config(initialise=True)) is True
    assert cluster.is_own(config()) is False


def test_the_cluster_of_the_users_own_kubectl_is_taken_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(kubeconfig("https://there.example"))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    assert cluster.is_own(config(initialise=True)) is False


def test_a_kubeconfig_that_the_stack_names_is_taken_first() -> None:
    assert cluster.is_own(config(initialise=True, kubeconfig=kubeconfig("https://there.example"))) is False


def test_a_cluster_that_its_stack_makes_is_not_the_one_of_the_users_own_kubectl(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(kubeconfig("https://127.0.0.1:6443"))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    written = {"slipway:target": "kubernetes", "slipway:cluster": {"new": {"kind": "eks", "region": "eu-central-1"}}}
    assert (cluster.is_trial(written), cluster.is_own(written), cluster.is_local(written)) == (True, False, False)


@pytest.mark.parametrize(
    ("written", "local"),
    [
        (config(initialise=True), True),
        (config(kubeconfig=kubeconfig("https://127.0.0.1:6443")), True),
        (config(kubeconfig=kubeconfig("https://there.example")), False),
        (config(kubeconfig={"secure": "v1:x"}), False),
        (config(), False),
        ({"slipway:target": "docker"}, False),
    ],
)
def test_a_cluster_is_on_this_machine_where_it_is_its_own_or_on_loopback(written: dict[str, Any], local: bool) -> None:
    assert cluster.is_local(written) is local


def test_a_stack_on_the_machines_own_cluster_is_told_where_it_is_and_what_tells_it_from_another(tmp_path: Path) -> None:
    places = Places(tmp_path, tmp_path / "cache")
    assert cluster.settings(places, config(initialise=True)) == {
        "slipway:cluster": {
            "existing": {
                "initialise": True,
                "kubeconfig": str(tmp_path / ".slipway/run/kubernetes.kubeconfig"),
                "identifier": "the cluster of this machine's own",
            }
        },
        "slipway:registry": {"prefix": f"{registry.address(places)}/slipway"},
    }


def test_a_registry_that_the_stack_names_is_left_alone(tmp_path: Path) -> None:
    written = {**config(initialise=True), "slipway:registry": {"prefix": "there.example"}}
    assert "slipway:registry" not in cluster.settings(Places(tmp_path, tmp_path), written)


def test_volumes_that_a_stack_left_are_removed_with_their_namespace_and_nobody_elses_are() -> None:
    def item(name: str, stack: str) -> dict[str, Any]:
        return {"metadata": {"name": name, "namespace": "shop", "annotations": {"slipway.dev/stack": stack}}}

    there = {
        "/api/v1/persistentvolumeclaims": {"items": [item("mine", "a/b/c"), item("other", "a/b/d")]},
        "/api/v1/namespaces": {"items": [item("shop", "a/b/c"), {"metadata": {"name": "default"}}]},
    }
    with serve(there) as server:
        assert cluster.remove_kept(config(kubeconfig=server.access.kubeconfig), "a/b/c") == 1
    assert [each for each in server.asked if each.startswith("DELETE")] == [
        "DELETE /api/v1/namespaces/shop/persistentvolumeclaims/mine",
        "DELETE /api/v1/namespaces/shop",
    ]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (config(kubeconfig={"secure": "v1:x"}), "cluster: its kubeconfig cannot be read here, and its volumes are "),
        (config(kubeconfig=kubeconfig("http://127.0.0.1:1")), "kubernetes http://127.0.0.1:1 (context a): nothing "),
    ],
)
def test_volumes_that_cannot_be_removed_from_here_are_told(written: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as raised:
        cluster.remove_kept(written, "a/b/c")
    assert str(raised.value).startswith(message)


def test_a_machine_on_which_no_cluster_runs_has_none_to_end(tmp_path: Path) -> None:
    assert cluster.leave(Places(tmp_path, tmp_path)) == ""
