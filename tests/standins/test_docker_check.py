"""What the docker stand-in refuses before anything is made, word by word; no Engine."""

import grpc
import pytest

from standins.values import UNKNOWN

CONTAINER = "docker:index/container:Container"
CONFIG = "docker:index/serviceConfig:ServiceConfig"

CASES = [
    (
        CONTAINER,
        {"restart": "sometimes"},
        "restart: 'sometimes' does not match ^(no|on-failure|always|unless-stopped)$",
    ),
    (CONTAINER, {"memory": -1}, "memory: -1 is lower than 0"),
    (CONTAINER, {"memorySwap": -2}, "memorySwap: -2 is lower than -1"),
    (CONTAINER, {"cpuSet": "a"}, r"cpuSet: 'a' does not match ^\d+([,-]\d+)*$"),
    (CONTAINER, {"command": ["a", ""]}, "command: values must not be empty"),
    (
        CONTAINER,
        {"healthcheck": {"tests": ["CMD", "true"], "interval": "5"}},
        "healthcheck.interval: '5' is not a duration such as 1m30s",
    ),
    (
        CONTAINER,
        {"healthcheck": {"tests": ["CMD", "true"], "timeout": "-5s"}},
        "healthcheck.timeout: '-5s' is negative",
    ),
    (
        CONTAINER,
        {"mounts": [{"type": "npipe", "target": "/a"}]},
        "mounts[0].type: 'npipe' does not match ^(bind|volume|tmpfs)$",
    ),
    (
        CONTAINER,
        {"uploads": [{"file": "/a", "content": ""}]},
        "uploads: [0] /a: one of content, contentBase64, source must be set, and not empty",
    ),
    (
        CONTAINER,
        {"uploads": [{"file": "/a", "content": "x", "source": "y"}]},
        "uploads: [0] /a: only one of content, contentBase64, source can be set, not content and source",
    ),
    (CONTAINER, {"uploads": [{"file": "/a", "contentBase64": "%"}]}, "uploads[0].contentBase64: is not base64"),
    (
        CONTAINER,
        {"uploads": [{"file": "/a", "content": "x", "permissions": "644"}]},
        "uploads[0].permissions: '644' does not match ^0[0-7]{3}$",
    ),
    (CONTAINER, {"volumes": [{"readOnly": True}]}, "volumes: [0]: wants one of containerPath and fromContainer"),
    (
        CONTAINER,
        {"gpus": "all", "deviceRequests": [{"deviceIds": ["a"]}]},
        "deviceRequests: conflicts with gpus",
    ),
    (CONFIG, {}, "data: exactly one of data and dataRaw must be set, not none"),
    (
        CONFIG,
        {"data": "eA==", "dataRaw": "x"},
        "data: exactly one of data and dataRaw must be set, not data and dataRaw",
    ),
    ("docker:index/secret:Secret", {"data": "%"}, "data: is not base64"),
    (
        "docker:index/volume:Volume",
        {"cluster": {"scope": "single"}},
        "cluster: the stand-in lacks it (cluster volumes want an Engine of 1.42 and a CSI driver);"
        " leave it out or use the official plugin",
    ),
    (
        "docker:index/remoteImage:RemoteImage",
        {"name": "a", "build": {"context": "."}},
        "build: the stand-in lacks it (images are built by the docker-build plugin);"
        " leave it out or use the official plugin",
    ),
]


@pytest.mark.parametrize(("token", "inputs", "message"), CASES)
def test_a_wrong_value_is_refused_in_these_words(docker_plugin, token, inputs, message):
    needed = {"image": "debian"} if token == CONTAINER else {}
    assert docker_plugin.failures(token, {**needed, **inputs}) == [message]


def test_all_that_is_wrong_is_told_at_once(docker_plugin):
    inputs = {"image": "debian", "memory": -1, "restart": "x", "uploads": [{"file": "/a"}]}
    assert len(docker_plugin.failures(CONTAINER, inputs)) == 3


def test_values_that_are_not_known_yet_pass(docker_plugin):
    inputs = {
        "image": UNKNOWN,
        "memory": UNKNOWN,
        "uploads": [{"file": "/a", "content": UNKNOWN}, UNKNOWN],
        "volumes": UNKNOWN,
    }
    assert docker_plugin.failures(CONTAINER, inputs) == []


def test_a_type_that_the_stand_in_lacks_is_refused(docker_plugin):
    with pytest.raises(grpc.RpcError) as caught:
        docker_plugin.failures("docker:index/tag:Tag", {})
    assert caught.value.details().startswith("docker:index/tag:Tag: the docker stand-in lacks it (it has ")


def test_no_change_in_the_order_of_a_set_replaces_a_container(docker_plugin):
    first = docker_plugin.check(CONTAINER, {"image": "a", "envs": ["A=1", "B=2"], "labels": LABELS})
    second = docker_plugin.check(CONTAINER, {"image": "a", "envs": ["B=2", "A=1"], "labels": LABELS[::-1]}, olds=first)
    assert not docker_plugin.diff(CONTAINER, first, second).diffs


def test_an_engine_that_does_not_answer_is_one_sentence(docker_plugin):
    docker_plugin.configure(host="unix:///nowhere/docker.sock")
    with pytest.raises(grpc.RpcError) as caught:
        docker_plugin.create("docker:index/volume:Volume", {"name": "a"})
    message = caught.value.details()
    assert message.startswith("docker host unix:///nowhere/docker.sock: does not answer (")
    assert message.endswith("); start the Engine, or set docker:host")


LABELS = [{"label": "a", "value": "1"}, {"label": "b", "value": "2"}]
