"""`slipway:cluster.existing`: what is there already."""

from typing import Any

import pytest

from components.access import DockerAccess, SwarmAccess
from components.clusters import existing
from components.errors import SettingsError


def test_an_empty_block_is_the_engine_of_the_users_own_tools() -> None:
    assert existing.docker({}) == DockerAccess()
    assert existing.swarm({}) == SwarmAccess()


def test_a_manager_is_reached_like_an_engine() -> None:
    access = existing.swarm({"host": "ssh://ops@manager.example", "volumeNode": "node-1", "routingMesh": False})
    assert access == SwarmAccess(host="ssh://ops@manager.example", volume_node="node-1", routing_mesh=False)


def test_published_ports_answer_at_the_manager_unless_the_settings_know_better() -> None:
    host = {"host": "ssh://ops@manager.example"}
    assert existing.swarm(host).address == "manager.example"
    assert existing.swarm({**host, "address": "shop.example.com"}).address == "shop.example.com"
    assert existing.swarm({}).address == "localhost"


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"hots": "unix:///s"}, 'unknown key "hots"; did you mean "host"? (known: address, ca, cert, host, '),
        (
            {"host": "tcp://manager:2376"},
            'host "tcp://manager:2376" without TLS; give ca, cert and key, or use ssh:// ',
        ),
        ({"host": "http://manager"}, 'host "http://manager" has no known scheme; '),
        ({"routingMesh": "no"}, "routingMesh is 'no', not true or false; write one of these"),
        ({"volumeNode": 3}, "volumeNode is 3, not a string; write a node's hostname"),
        ({"address": 3}, "address is 3, not a string; write a name or an address"),
    ],
)
def test_a_wrong_block_is_told(block: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        existing.swarm(block)
    assert str(raised.value).startswith(f"slipway:cluster.existing: {message}")


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        existing.swarm({"host": "http://manager", "routingMesh": 1, "volumeNode": 2})
    assert len(raised.value.problems) == 3


def test_what_only_a_swarm_has_is_unknown_on_docker() -> None:
    with pytest.raises(SettingsError, match='unknown key "routingMesh"'):
        existing.docker({"routingMesh": False})
