"""Placement constraints as swarmkit reads them, against nodes as the Engine's API describes them."""

from typing import Any

import pytest

from components.targets.swarm.probe import fulfils

NODE: dict[str, Any] = {
    "ID": "abc",
    "Spec": {"Role": "manager", "Availability": "active", "Labels": {"disk": "ssd", "empty": ""}},
    "Description": {
        "Hostname": "Node-1",
        "Platform": {"OS": "linux", "Architecture": "x86_64"},
        "Engine": {"Labels": {"provider": "own"}},
    },
    "Status": {"State": "ready"},
}


@pytest.mark.parametrize(
    "text",
    [
        "node.id == abc",
        "node.hostname == Node-1",
        "node.hostname==node-1",
        "node.hostname != node-2",
        "node.role == manager",
        "node.role != worker",
        "node.labels.disk == ssd",
        "node.labels.disk != hdd",
        "node.labels.none != anything",
        "engine.labels.provider == own",
        "node.platform.os == linux",
        "node.platform.arch == x86_64",
    ],
)
def test_it_is_fulfilled(text: str) -> None:
    assert fulfils(NODE, text)


@pytest.mark.parametrize(
    "text",
    [
        "node.id == abd",
        "node.hostname == node-2",
        "node.role == worker",
        "node.labels.disk == hdd",
        "node.labels.none == anything",
        "engine.labels.provider != own",
        "node.platform.os == windows",
    ],
)
def test_it_is_not_fulfilled(text: str) -> None:
    assert not fulfils(NODE, text)


@pytest.mark.parametrize("text", ["node.ip == 10.0.0.0/8", "nonsense"])
def test_what_is_not_understood_is_left_to_swarm(text: str) -> None:
    assert fulfils(NODE, text)
