"""The files of a cluster of this machine's own. That a cluster comes up with them is tests/conformance's to prove."""

import json
import tomllib
from pathlib import Path

import pytest

from toolchain import kubernetes_files, kubernetes_node, kubernetes_objects
from toolchain.kubernetes_files import Layout

PROGRAMS = (
    "etcd",
    "containerd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "kube-proxy",
    "coredns",
    "local-path-provisioner",
)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    programs = {name: f"/programs/{name}" for name in PROGRAMS}
    return Layout(
        folder=tmp_path,
        address="198.18.120.10",
        registry="198.18.120.1:5000",
        pushed_as="127.0.0.1:40000",
        programs=programs,
    )


def test_every_program_runs_on_the_node(layout: Layout) -> None:
    assert set(kubernetes_node.commands(layout)) == set(layout.programs)


def test_the_node_pulls_everything_from_the_one_registry(layout: Layout) -> None:
    hosts = {name: tomllib.loads(text)["server"] for name, text in kubernetes_files.hosts(layout).items()}
    one = "http://198.18.120.1:5000"
    assert hosts == {"docker.io": one, "127.0.0.1:40000": one, "198.18.120.1:5000": one}


def test_the_same_layout_gives_the_same_files(layout: Layout) -> None:
    for texts in (kubernetes_files.files, kubernetes_objects.files, kubernetes_node.script):
        assert texts(layout) == texts(layout)


def test_nothing_that_runs_is_told_a_token_on_its_command_line(layout: Layout) -> None:
    assert not any("--token=" in command for command in kubernetes_node.commands(layout).values())


def test_nobody_asks_the_api_server_or_the_kubelet_without_a_name(layout: Layout) -> None:
    kubelet = json.loads(kubernetes_files.kubelet(layout))
    assert "--anonymous-auth=false" in kubernetes_node.commands(layout)["kube-apiserver"]
    assert kubelet["authentication"]["anonymous"] == {"enabled": False}


def test_a_kubeconfig_names_its_cluster_and_its_user(layout: Layout) -> None:
    read = json.loads(kubernetes_files.kubeconfig(layout, "Q0E=", "marker"))
    assert read["clusters"][0]["cluster"]["server"] == "https://198.18.120.10:6443"
    assert read["users"][0]["user"] == {"token": "marker"}
