"""What cannot be deployed on a Swarm is one report, before anything is created where that can be known."""

import contextlib
from typing import Any

import docker
import pytest
from swarm_nodes import LOGIN

pytestmark = [pytest.mark.engine, pytest.mark.targets("swarm")]


def refused(deployment: Any, service: dict[str, Any], **more: Any) -> str:
    """What `up` says; nothing may be in the state but the program's own component."""
    code, said = deployment.up({"services": {"web": service}, **more})
    assert code != 0
    assert "Traceback" not in said
    assert not [each for each in deployment.resources() if each["type"].startswith("docker:")]
    return said


def test_a_manager_that_does_not_answer(deployment) -> None:
    deployment.host = f"unix://{deployment.folder}/nobody.sock"
    said = refused(deployment, deployment.service())
    assert f"docker engine {deployment.host}: it is not running; start Docker" in said


def test_a_node_that_is_no_manager_names_those_that_are(deployment) -> None:
    deployment.host = deployment.nodes.nodes[1].host
    said = refused(deployment, deployment.service())
    assert f"docker engine {deployment.host}: it is a worker of its Swarm, and only managers deploy" in said
    assert f"they are {deployment.nodes.manager.address}:2377" in said


def test_an_image_that_no_registry_has(deployment) -> None:
    image = f"{deployment.nodes.registry}/nothing:1"
    said = refused(deployment, deployment.service(image=image))
    assert f'compose.yaml:7:5 services.web.image: image "{image}" is in no registry' in said


def test_a_port_that_another_services_tasks_have(deployment) -> None:
    ports = docker.types.EndpointSpec(mode="dnsrr", ports={28080: (80, "tcp", "host")})
    name = f"{deployment.name}-other"
    other = deployment.manager.services.create(deployment.image, "sleep infinity", name=name, endpoint_spec=ports)
    try:
        said = refused(deployment, deployment.service(ports=["28080:80"]))
    finally:
        other.remove()
    assert f'services.web.ports[0]: port 28080 is taken by service "{name}"' in said


def test_a_constraint_that_no_node_fulfils_is_named(deployment) -> None:
    constraints = ["node.role == manager", "node.labels.disk == ssd"]
    said = refused(deployment, deployment.service(deploy={"placement": {"constraints": constraints}}))
    assert 'constraints[1]: no node fulfils "node.labels.disk == ssd"' in said


def test_a_network_of_another_stack(deployment) -> None:
    name = f"{deployment.name}-taken"
    labels = {"com.docker.stack.namespace": "other"}
    network = deployment.manager.networks.create(name, driver="overlay", labels=labels)
    try:
        said = refused(deployment, deployment.service(networks=["front"]), networks={"front": {"name": name}})
    finally:
        network.remove()
    assert f'networks.front: network "{name}" belongs to stack "other"' in said


def test_a_secret_that_is_too_large(deployment) -> None:
    (deployment.folder / "large").write_text("x" * 512_000)
    said = refused(deployment, deployment.service(secrets=["pw"]), secrets={"pw": {"file": "./large"}})
    assert "secrets.pw: it has 512000 bytes, and 511999 are the most; make it smaller" in said
    assert "xxx" not in said


def test_an_engine_in_no_swarm(deployment) -> None:
    """The worker leaves its Swarm for the time of the test."""
    node = deployment.nodes.nodes[-1]
    with contextlib.closing(node.client()) as client:
        client.swarm.leave()
        try:
            deployment.host = node.host
            said = refused(deployment, deployment.service())
        finally:
            token = deployment.manager.swarm.attrs["JoinTokens"]["Worker"]
            client.swarm.join([f"{deployment.nodes.manager.address}:2377"], token)
    assert f"docker engine {node.host}: it is in no Swarm; run `docker swarm init` there" in said


def test_credentials_of_a_registry_reach_the_nodes_and_not_the_state(deployment) -> None:
    user, password = LOGIN
    locked = deployment.nodes.locked_registry
    image = deployment.image.replace(deployment.nodes.registry, locked)
    where = {"placement": {"constraints": [f"node.hostname == {deployment.nodes.nodes[-1].name}"]}}
    deployment.config = {"slipway:registry": {"prefix": f"{locked}/apps", "username": user}}
    deployment.hidden = {"slipway:registry.password": password}
    code, said = deployment.up({"services": {"web": deployment.service(image=image, deploy=where)}})
    assert code == 0
    assert deployment.run("web", "echo", "here") == "here"
    assert password not in said + deployment.state() + deployment.shown("web")
