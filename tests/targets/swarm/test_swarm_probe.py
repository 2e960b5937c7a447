"""The probe and the reasons of a failure, on a Swarm of two Engines of its own: what is told before it is made."""

import contextlib
import dataclasses
import time
from collections.abc import Iterator
from typing import Any

import docker
import pytest
from apps import app, service
from conformance.swarm_nodes import Nodes, swarm

from components.access import ImageReference, SwarmAccess
from components.errors import InputError
from components.model import App, Deploy, FileGrant, FileObject, Mount, Network, Placement, Port, Volume
from components.targets.swarm.engine import identities, reasons
from components.targets.swarm.probe import probe

pytestmark = pytest.mark.engine
LABEL = {"com.docker.stack.namespace": "other"}


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    """Two nodes; another stack has a network, a service and port 8080."""
    with swarm(2) as made, contextlib.closing(made.manager.client()) as client:
        client.networks.create("taken", driver="overlay", labels=LABEL)
        client.networks.create("unlabelled", driver="overlay")
        ports = docker.types.EndpointSpec(mode="dnsrr", ports={8080: (80, "tcp", "host")})
        client.services.create("none:1", name="other_web", labels=LABEL, endpoint_spec=ports)
        client.services.create("none:1", name="shop_worker", labels={"com.docker.stack.namespace": "shop"})
        yield made


@pytest.fixture
def access(nodes: Nodes) -> SwarmAccess:
    return SwarmAccess(host=nodes.manager.host)


def told(application: App, access: SwarmAccess, *, image: str = "none@sha256:" + "0" * 64) -> list[str]:
    """Problems of an application whose images are known: no registry is asked."""
    images = {name: ImageReference(name=image, digest="sha256:0") for name in application.services}
    return [str(problem) for problem in probe(application, images, access)]


def placed(*constraints: str, **keys: Any) -> App:
    return app(service("web", deploy=Deploy(placement=Placement(constraints=constraints)), **keys))


def test_an_application_that_fits_is_fine(access: SwarmAccess) -> None:
    assert told(placed("node.role == worker", "node.hostname != node-1"), access) == []


def test_a_port_of_another_stacks_service_is_taken(access: SwarmAccess) -> None:
    assert told(app(service("web", ports=(Port(target=80, published="8080"),))), access) == [
        'services.web.ports[0]: port 8080 is taken by service "other_web"; stop it, or publish another port'
    ]


def test_a_network_of_another_stack_is_not_ours(access: SwarmAccess) -> None:
    assert told(app(service("web"), networks={"default": Network(name="taken")}), access) == [
        'networks.default: network "taken" belongs to stack "other"; choose another name, or write external: true'
    ]


def test_a_network_of_nobody_is_not_ours_either(access: SwarmAccess) -> None:
    assert told(app(service("web"), networks={"default": Network(name="unlabelled")}), access) == [
        'networks.default: network "unlabelled" belongs to something else; choose another name, or write external: true'
    ]


def test_a_service_that_docker_stack_deploy_has_made_is_not_taken_over(access: SwarmAccess) -> None:
    assert told(app(service("worker")), access) == [
        'services.worker: service "shop_worker" is there already; remove it with `docker stack rm shop`, or choose '
        "another slipway:name"
    ]


def test_the_constraint_that_no_node_fulfils_is_named(access: SwarmAccess) -> None:
    assert told(placed("node.role == worker", "node.labels.disk == ssd"), access) == [
        'services.web.deploy.placement.constraints[1]: no node fulfils "node.labels.disk == ssd"; change it, or label '
        "a node with `docker node update --label-add`"
    ]


def test_constraints_that_exclude_each_other_are_named_together(access: SwarmAccess) -> None:
    assert told(placed("node.hostname == node-1", "node.role == worker"), access) == [
        "services.web.deploy.placement.constraints: no node fulfils all of node.hostname == node-1, node.role == "
        "worker; change them"
    ]


DATA = {"volumes": (Mount(type="volume", source="data", target="/data"),)}
STORED = app(service("db", **DATA), volumes={"data": Volume()})


def test_a_volume_without_a_node_is_told_where_there_are_several(access: SwarmAccess) -> None:
    (problem,) = told(STORED, access)
    assert problem.startswith("services.db.volumes: its volumes stay on one node, and its tasks may run on node-")
    assert problem.endswith("set slipway:cluster.existing.volumeNode to one of them, or write a placement constraint")


def test_a_volume_has_a_node_by_the_settings_or_by_the_file(access: SwarmAccess) -> None:
    assert told(STORED, dataclasses.replace(access, volume_node="node-2")) == []
    pinned = Deploy(placement=Placement(constraints=("node.hostname == node-1",)))
    assert told(app(service("db", deploy=pinned, **DATA), volumes={"data": Volume()}), access) == []


def test_a_node_for_volumes_that_there_is_not_is_told(access: SwarmAccess) -> None:
    assert told(STORED, dataclasses.replace(access, volume_node="node-9")) == [
        'services.db.volumes: no node fulfils "node.hostname == node-9", which slipway:cluster.existing.volumeNode '
        "asks for; change it"
    ]


def test_more_tasks_than_nodes_for_a_port_in_host_mode_are_told(access: SwarmAccess) -> None:
    crowd = app(service("web", scale=3, ports=(Port(target=80, published="81", mode="host"),)))
    assert told(crowd, access) == [
        "services.web.ports: 3 tasks want port 81 of a node, and 2 nodes can run them; run fewer replicas, or more "
        "nodes"
    ]


def test_every_problem_is_told_at_once(access: SwarmAccess) -> None:
    wrong = app(
        service("web", scale=3, ports=(Port(target=80, published="8080", mode="host"),)),
        service("db", **DATA),
        volumes={"data": Volume()},
        networks={"default": Network(name="taken")},
    )
    assert len(told(wrong, access)) == 4


def test_an_image_that_no_registry_has_is_told(nodes: Nodes, access: SwarmAccess) -> None:
    wanted = f"{nodes.registry}/nothing:1"
    problems = probe(app(service("web", image=wanted)), {"web": ImageReference(name=wanted)}, access)
    assert [str(problem) for problem in problems] == [
        f'services.web.image: image "{wanted}" is in no registry; push it to a registry that every node reaches, or '
        "check the name and the tag"
    ]


def test_a_registry_that_cannot_be_asked_tells_nothing(access: SwarmAccess) -> None:
    unknown = "registry.invalid/web:1"
    assert probe(app(service("web", image=unknown)), {"web": ImageReference(name=unknown)}, access) == []


def test_a_worker_is_no_manager(nodes: Nodes) -> None:
    host = nodes.nodes[1].host
    assert told(app(service("web")), SwarmAccess(host=host)) == [
        f"docker engine {host}: it is a worker of its Swarm, and only managers deploy; name a manager with "
        f"slipway:cluster.existing.host (they are {nodes.manager.address}:2377)"
    ]


def test_an_engine_that_does_not_run_is_told() -> None:
    (problem,) = told(app(service("web")), SwarmAccess(host="unix:///nothing/there"))
    assert problem.startswith("docker engine unix:///nothing/there: it is not running; ")


def test_what_is_external_is_looked_up_by_its_name(nodes: Nodes, access: SwarmAccess) -> None:
    shop = app(
        service("web", secrets=(FileGrant(source="key"),)),
        networks={"default": Network(external=True, name="taken")},
        secrets={"key": FileObject(external=True, name="the-key")},
    )
    with pytest.raises(InputError) as raised:
        identities(shop, access)
    assert str(raised.value) == 'secrets.key: the Swarm has no secret "the-key"; make it: docker secret create the-key'
    with contextlib.closing(nodes.manager.client()) as client:
        made = client.secrets.create(name="the-key", data=b"x")
        network = client.networks.get("taken")
    found = identities(shop, access)
    assert (found.secrets, found.networks["taken"]) == ({**found.secrets, "the-key": made.id}, network.id)


def test_a_task_that_cannot_be_placed_says_why(nodes: Nodes, access: SwarmAccess) -> None:
    with contextlib.closing(nodes.manager.client()) as client:
        client.services.create("none:1", name="nowhere", constraints=["node.labels.disk == ssd"])
    assert eventually("nowhere", access) == [
        "task 1 waits: no suitable node (scheduling constraints not satisfied on 2 nodes)"
    ]


def test_a_task_whose_image_is_missing_says_so(nodes: Nodes, access: SwarmAccess) -> None:
    with contextlib.closing(nodes.manager.client()) as client:
        client.services.create(f"{nodes.registry}/nothing:1", name="imageless")
    (line,) = eventually("imageless", access)
    assert line.startswith("task 1 on node node-")
    assert line.endswith(f"rejected: No such image: {nodes.registry}/nothing:1")


def eventually(name: str, access: SwarmAccess) -> list[str]:
    """What is known about a service's failure, once something is."""
    for _ in range(100):
        lines = reasons(name, access)
        if lines:
            return lines
        time.sleep(0.2)
    return []
