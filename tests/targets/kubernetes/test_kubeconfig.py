"""Which cluster a kubeconfig means. Not proved: that kubectl and the plugin read the same from it."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from components.access import KubernetesAccess
from components.errors import InputError
from components.targets.kubernetes import kubeconfig


def config(*names: str, current: str | None = None, **cluster: Any) -> dict[str, Any]:
    """A kubeconfig with a context, a cluster and a user under each name."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": current,
        "contexts": [{"name": each, "context": {"cluster": each, "user": each}} for each in names],
        "clusters": [
            {"name": each, "cluster": {"server": f"https://{each}.example:6443", **cluster}} for each in names
        ],
        "users": [{"name": each, "user": {"token": f"secret-{each}"}} for each in names],
    }


def written(folder: Path, name: str, content: Any) -> str:
    path = folder / name
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return str(path)


def refused(access: KubernetesAccess) -> str:
    with pytest.raises(InputError) as raised:
        kubeconfig.read(access)
    return str(raised.value)


def test_the_current_context_is_taken_and_nothing_else_of_the_file() -> None:
    text = yaml.safe_dump(config("shop", "other", current="shop"))
    found = kubeconfig.read(KubernetesAccess(kubeconfig=text))
    assert found is not None
    assert (found.context, found.server, found.host) == ("shop", "https://shop.example:6443", "shop.example")
    assert json.loads(found.text) == config("shop", current="shop")


def test_the_context_that_is_named_wins_over_the_current_one(tmp_path: Path) -> None:
    path = written(tmp_path, "config", config("shop", "other", current="shop"))
    found = kubeconfig.read(KubernetesAccess(kubeconfig=path, context="other"))
    assert found is not None
    assert (found.context, found.host) == ("other", "other.example")


def test_files_that_a_kubeconfig_names_are_found_from_its_own_folder(tmp_path: Path) -> None:
    path = written(tmp_path, "config", config("shop", current="shop", **{"certificate-authority": "ca.pem"}))
    found = kubeconfig.read(KubernetesAccess(kubeconfig=path))
    assert found is not None
    assert found.content["clusters"][0]["cluster"]["certificate-authority"] == str(tmp_path / "ca.pem")


def test_without_a_kubeconfig_kubectls_own_files_are_read_and_the_first_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = written(tmp_path, "first", config("shop", current="shop"))
    second = written(tmp_path, "second", config("other", "shop", current="other", insecure=True))
    monkeypatch.setenv("KUBECONFIG", f"{first}:{tmp_path / 'missing'}:{second}")
    found = kubeconfig.read(KubernetesAccess())
    assert found is not None
    assert (found.context, found.content["clusters"][0]["cluster"]) == ("shop", {"server": "https://shop.example:6443"})
    found = kubeconfig.read(KubernetesAccess(context="other"))
    assert found is not None
    assert found.host == "other.example"


def test_a_machine_without_a_kubeconfig_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "missing"))
    assert kubeconfig.read(KubernetesAccess()) is None


def test_content_that_is_an_output_is_not_looked_into() -> None:
    assert kubeconfig.read(KubernetesAccess(kubeconfig=pulumi.Output.secret("x"))) is None


def test_a_wrong_context_is_told_with_those_that_there_are() -> None:
    text = json.dumps(config("shop", "other", current="shop"))
    assert refused(KubernetesAccess(kubeconfig=text, context="shp")) == (
        'slipway:cluster.existing.context: the kubeconfig has no context "shp"; did you mean "shop"? '
        "(known: other, shop)"
    )


def test_a_kubeconfig_without_a_current_context_is_told() -> None:
    text = json.dumps(config("shop", "other"))
    assert refused(KubernetesAccess(kubeconfig=text)) == (
        "slipway:cluster.existing.context: the kubeconfig has no current context; write one (known: other, shop)"
    )


def test_a_context_without_its_cluster_is_told() -> None:
    broken = {**config("shop", current="shop"), "clusters": []}
    assert refused(KubernetesAccess(kubeconfig=json.dumps(broken))) == (
        'slipway:cluster.existing.context: context "shop" names the cluster "shop", of which the kubeconfig has no '
        "server; choose another one, or mend the kubeconfig"
    )


def test_a_path_where_no_file_is_is_told(tmp_path: Path) -> None:
    path = tmp_path / "missing"
    assert refused(KubernetesAccess(kubeconfig=str(path))) == (
        f'slipway:cluster.existing.kubeconfig: "{path}" cannot be read (No such file or directory); '
        "write the path of a kubeconfig, or its content as a secret"
    )


@pytest.mark.parametrize(
    "text", ["token: secret-1\n- x", "- secret-1\n", "contexts: secret-1\n", "users: [{name: a, user: secret-1}]\n"]
)
def test_what_is_no_kubeconfig_is_told_without_a_word_of_it(text: str) -> None:
    assert refused(KubernetesAccess(kubeconfig=text)) == (
        "slipway:cluster.existing.kubeconfig: it is no kubeconfig; write what `kubectl config view --raw` prints"
    )


def test_credentials_are_in_no_representation() -> None:
    found = kubeconfig.read(KubernetesAccess(kubeconfig=json.dumps(config("shop", current="shop"))))
    assert "secret-shop" not in repr(found)
