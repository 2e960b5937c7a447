"""The sample application, unchanged, on a cluster that a stack of its own made, on the tests' own AWS.

It shows that all of Slipway for AWS comes together: network, cluster, registry, images, tasks, names, files, load
balancer. See `on_ecs.py` for what of AWS it does not prove.
"""

import json
import time
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from aws import start
from program import SAMPLE, Program

pytestmark = [pytest.mark.engine, pytest.mark.aws]

NEW = {"kind": "ecs", "region": start.REGION, "network": {"new": {"nat": "none"}}, "ingress": {}}
SECONDS = 60.0


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir()
    return tmp_path / "state"


def application(backend: Path, name: str, cloud: start.Cloud, image: str, cluster: dict[str, Any]) -> Program:
    """The sample application on a cluster."""
    settings = {
        "slipway:target": "ecs",
        "slipway:compose": [str(SAMPLE)],
        "slipway:cluster": cluster,
        # this cloud has no Redis of its own: the container runs
        "slipway:managed": False,
        # the account's own registry has another address in this cloud
        "slipway:ecs": {"initImage": image, "registry": urllib.parse.urlsplit(cloud.endpoint).netloc},
        "slipway:env": {"TITLE": "Guests"},
    }
    made = Program(backend.parent / "application", backend, name, settings, "ecs")
    made.hide("slipway:secrets.REDIS_PASSWORD", "marker")
    made.hide("slipway:nameKey", "key")
    return made


@pytest.fixture
def sample(backend: Path, cloud: start.Cloud, ecs_image: str) -> Iterator[Program]:
    name = f"s{uuid.uuid4().hex[:8]}"
    cluster = Program(backend.parent / "cluster", backend, f"{name}-cluster", {"slipway:cluster": {"new": NEW}}, "ecs")
    cluster.up()
    made = application(backend, name, cloud, ecs_image, {"stack": cluster.name})
    yield made
    made.show("destroy", "--yes", "--skip-preview")
    cluster.show("destroy", "--yes", "--skip-preview")


def ask(url: str, form: dict[str, str] | None = None) -> str:
    content = None if form is None else urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(url, content, timeout=10) as answer:
        return str(answer.read().decode())


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < end
        time.sleep(0.2)


def entries(url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ask(f"{url}/api/entries"))["entries"]
    return found


def test_the_sample_answers_is_updated_keeps_its_entries_and_goes(sample: Program) -> None:
    sample.up()
    url = sample.urls()["web"].rstrip("/")
    assert "Say hello, leave a thought" in ask(url)  # of the config file
    assert json.loads(ask(f"{url}/api/entries"))["title"] == "Guests"  # of the environment
    ask(url, {"author": "me", "message": "kept"})
    until(lambda: bool(entries(url)))  # web, Redis with its password, and a worker have worked together
    assert "marker" not in sample.state()

    said = sample.up()
    assert not [word for word in ("updated", "created", "replaced", "deleted") if word in said], said

    sample.configure({"slipway:env": {"TITLE": "Visitors"}})
    sample.hide("slipway:secrets.REDIS_PASSWORD", "marker-two")
    sample.up()
    until(lambda: json.loads(ask(f"{url}/api/entries"))["title"] == "Visitors")
    assert [each["message"] for each in entries(url)] == ["kept"]

    sample.show("destroy", "--yes", "--skip-preview")
    assert left(sample) == []


def left(sample: Program) -> list[str]:
    """What of the application AWS still has, but for what is kept."""
    tagging = boto3.client("resourcegroupstaggingapi", region_name=start.REGION)
    chosen = [{"Key": "slipway:stack", "Values": [sample.name]}]
    found = [each["ResourceARN"] for each in tagging.get_resources(TagFilters=chosen)["ResourceTagMappingList"]]
    ecs = boto3.client("ecs", region_name=start.REGION)
    for cluster in ecs.list_clusters()["clusterArns"]:
        if sample.name in cluster:
            found += ecs.list_services(cluster=cluster)["serviceArns"] + ecs.list_tasks(cluster=cluster)["taskArns"]
    return [each for each in found if ":ecr:" not in each and ":elasticfilesystem:" not in each]


def test_a_trial_is_the_network_the_cluster_and_the_sample_in_one_stack(
    backend: Path, cloud: start.Cloud, ecs_image: str
) -> None:
    account = boto3.client("sts", region_name=start.REGION).get_caller_identity()["Account"]
    name = f"t{uuid.uuid4().hex[:8]}"
    tried = application(backend, name, cloud, ecs_image, {"new": {**NEW, "account": account}})
    # beside the other test: repositories are called after the application, and are the account's
    tried.configure({"slipway:name": name})
    tried.show("preview")
    assert "this is a trial" in tried.up()
    url = tried.urls()["web"].rstrip("/")
    ask(url, {"author": "me", "message": "tried"})
    until(lambda: bool(entries(url)))

    said = tried.up()
    assert not [word for word in ("updated", "created", "replaced", "deleted") if word in said], said

    tried.show("destroy", "--yes", "--skip-preview")
    assert left(tried) == []
    ecs = boto3.client("ecs", region_name=start.REGION)
    assert [each for each in ecs.list_clusters()["clusterArns"] if name in each] == []
