"""What a stack on the target swarm leaves to this machine. The last test makes a Swarm of an Engine of its own."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conformance.swarm_nodes import Node, swarm

from components.errors import InputError
from toolchain import registry
from toolchain import swarm as own_swarm
from toolchain.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path, tmp_path / "cache")


def settings(places: Places, **existing: Any) -> dict[str, Any]:
    return own_swarm.settings(places, {"slipway:cluster": {"existing": existing}})


def test_images_go_to_the_local_registry_where_the_stack_names_none(places: Places) -> None:
    assert settings(places)["slipway:registry"] == {"prefix": f"{registry.address(places)}/slipway"}


def test_a_registry_that_the_stack_names_is_left_alone(places: Places) -> None:
    assert "slipway:registry" not in own_swarm.settings(places, {"slipway:registry": {"prefix": "there.example"}})


def test_a_kernel_without_ip_vs_has_no_routing_mesh(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_swarm, "_IP_VS", places.checkout / "none")
    found = settings(places, initialise=True)["slipway:cluster"]
    assert found == {"existing": {"initialise": True, "routingMesh": False}}


def test_so_has_the_swarm_of_a_trial(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_swarm, "_IP_VS", places.checkout / "none")
    new = {"kind": "swarm", "ingress": {"node": "a"}}
    found = own_swarm.settings(places, {"slipway:cluster": {"new": new}})["slipway:cluster"]
    assert found == {"new": {**new, "routingMesh": False}}


def test_what_the_stack_says_about_the_routing_mesh_holds(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_swarm, "_IP_VS", places.checkout / "none")
    assert "slipway:cluster" not in settings(places, routingMesh=True)


@pytest.fixture(scope="module")
def alone() -> Iterator[Node]:
    """An Engine that is in no Swarm."""
    with swarm(1) as nodes:
        with contextlib.closing(nodes.manager.client()) as client:
            client.swarm.leave(force=True)
        yield nodes.manager


@pytest.mark.engine
def test_an_engine_becomes_a_swarm_of_its_own_only_when_the_stack_asks_for_it_and_leaves_it_again(
    places: Places, alone: Node
) -> None:
    config: dict[str, Any] = {
        "slipway:registry": {"prefix": "there.example"},
        "slipway:cluster": {"existing": {"host": alone.host}},
    }
    with pytest.raises(InputError) as raised:
        own_swarm.ensure(places, config)
    assert str(raised.value) == (
        f"Docker Engine {alone.host}: it is in no Swarm; run `docker swarm init`, or write "
        "slipway:cluster.existing.initialise: true"
    )
    config["slipway:cluster"]["existing"]["initialise"] = True
    assert own_swarm.ensure(places, config) == "of one node"
    assert own_swarm.ensure(places, config) == "reused"
    with contextlib.closing(alone.client()) as client:
        service = client.services.create("none:1", name="other")
        assert own_swarm.leave(places, config) == ""
        service.remove()
        assert own_swarm.leave(places, config) == "the Swarm of one node left"
        assert client.info()["Swarm"]["LocalNodeState"] == "inactive"
    assert own_swarm.leave(places, config) == ""
