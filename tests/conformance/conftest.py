"""A stack of its own for each test, on each target that can run on this machine; removed at the end.

A test that asks for `deployment` runs once for every target; one marked `@pytest.mark.targets("swarm")` on those alone.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import probe_image
import pytest
import swarm_nodes
from aws import start
from on_cloudrun import OnCloudRun, Platform
from on_docker import OnDocker
from on_ecs import Cluster as EcsCluster
from on_ecs import OnEcs
from on_kubernetes import OnKubernetes, some_cluster
from on_swarm import OnSwarm
from on_target import OnTarget

from tests.gcp import start as google
from toolchain.kubernetes import Cluster

NODES = 3


def _on_docker(folder: Path, request: pytest.FixtureRequest) -> OnTarget:
    return OnDocker(folder, request.getfixturevalue("probe"))


def _on_swarm(folder: Path, request: pytest.FixtureRequest) -> OnTarget:
    return OnSwarm(folder, request.getfixturevalue("swarm_image"), request.getfixturevalue("nodes"))


def _on_kubernetes(folder: Path, request: pytest.FixtureRequest) -> OnTarget:
    cluster: Cluster = request.getfixturevalue("cluster")
    return OnKubernetes(folder, request.getfixturevalue("kubernetes_image"), cluster)


def _on_ecs(folder: Path, request: pytest.FixtureRequest) -> OnTarget:
    return OnEcs(folder, request.getfixturevalue("ecs_image"), request.getfixturevalue("ecs_cluster"))


def _on_cloudrun(folder: Path, request: pytest.FixtureRequest) -> OnTarget:
    return OnCloudRun(folder, request.getfixturevalue("google_image"), request.getfixturevalue("platform"))


TARGETS: dict[str, Any] = {
    "docker": _on_docker,
    "swarm": _on_swarm,
    "kubernetes": _on_kubernetes,
    "ecs": _on_ecs,
    "cloudrun": _on_cloudrun,
}
MARKS = {"kubernetes": [pytest.mark.kubernetes], "ecs": [pytest.mark.aws], "cloudrun": [pytest.mark.google]}
"""What is chosen, and left out, by a marker of its own."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "targets(*names): runs on these targets alone; default: on all")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "deployment" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("targets")
        names = marker.args if marker else TARGETS
        chosen = [pytest.param(name, marks=MARKS.get(name, ())) for name in names]
        metafunc.parametrize("deployment", chosen, indirect=True, scope="function")


@pytest.fixture
def deployment(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[OnTarget]:
    deployed = TARGETS[request.param](tmp_path, request)
    yield deployed
    deployed.remove()


@pytest.fixture(scope="session")
def probe() -> str:
    """The tests' image, in the Engine that the environment names."""
    return probe_image.build()


@pytest.fixture(scope="session")
def nodes() -> Iterator[swarm_nodes.Nodes]:
    """A Swarm of several Engines, for the whole session."""
    with swarm_nodes.swarm(NODES) as made:
        yield made


@pytest.fixture(scope="session")
def swarm_image(nodes: swarm_nodes.Nodes, probe: str) -> str:
    """The tests' image, in the registry of the Swarm."""
    return nodes.push(probe, "conformance")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A Kubernetes, for the whole session."""
    with some_cluster() as made:
        yield made


@pytest.fixture(scope="session")
def kubernetes_image(cluster: Cluster, probe: str) -> str:
    """The tests' image, in the registry that the cluster pulls from, by its digest."""
    return _pushed(probe, f"{cluster.registry}/slipway/conformance:{os.getpid()}")  # other workers push it too


@pytest.fixture(scope="session")
def cloud() -> Iterator[start.Cloud]:
    """An AWS, for the whole session."""
    with start.some_cloud() as made:
        yield made


@pytest.fixture(scope="session")
def ecs_cluster(cloud: start.Cloud) -> EcsCluster:
    """A cluster on it, of this worker's own."""
    return EcsCluster.make(cloud, f"tests-{os.getpid()}")


@pytest.fixture(scope="session")
def ecs_image(cloud: start.Cloud, probe: str) -> str:
    """The tests' image in ECR, by its digest."""
    repository = f"conformance-{os.getpid()}"
    boto3.client("ecr", region_name=start.REGION).create_repository(repositoryName=repository)
    return _pushed(probe, f"{cloud.registry}/{repository}:tests")


@pytest.fixture(scope="session")
def google_cloud() -> Iterator[google.Cloud]:
    """A Google Cloud, for the whole session."""
    with google.some_cloud() as made:
        yield made


@pytest.fixture(scope="session")
def platform(google_cloud: google.Cloud) -> Platform:
    """A network in it, of this worker's own."""
    return Platform.make(google_cloud, f"tests-{os.getpid()}")


@pytest.fixture(scope="session")
def google_image(google_cloud: google.Cloud, probe: str) -> str:
    """The tests' image in the cloud's registry, by its digest."""
    return _pushed(probe, f"{google_cloud.registry}/conformance-{os.getpid()}:tests")


def _pushed(image: str, name: str) -> str:
    """Push an image of the Engine's; its name by digest."""
    subprocess.run(["docker", "tag", image, name], check=True)
    said = subprocess.run(["docker", "push", name], check=True, capture_output=True, text=True).stdout
    subprocess.run(["docker", "rmi", name], check=True, capture_output=True)
    return f"{name.rpartition(':')[0]}@{said.partition('digest: ')[2].split()[0]}"


@pytest.fixture(scope="session", autouse=True)
def _needs_set_up() -> None:
    """These tests are run by `make test`, which sets up and sets the environment."""
    try:
        subprocess.run(["pulumi", "version"], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.fail(f"no pulumi on PATH ({os.environ['PATH']}); run `make test`")
