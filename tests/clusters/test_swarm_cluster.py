"""The Swarm's own stack, and an application's routes at its entry point, under Pulumi mocks.

Not proved: that Traefik takes the command line or the routes; `tests/conformance` does that.
"""

import json
from base64 import b64decode
from typing import Any, ClassVar

import pytest
from apps import app, service

from components import Application, clusters
from components.errors import RejectedError, SettingsError
from components.model import Ingress, Port, ServiceExtension
from components.testing import Outputs, Recorded, record

NEW = {"kind": "swarm", "ingress": {"node": "node-1"}}
ACCESS = {
    "kind": "swarm",
    "host": "ssh://root@manager",
    "routingMesh": False,
    "ingress": {
        "network": "n1",
        "volume": "edge-routes",
        "node": "node.hostname == node-1",
        "image": "traefik:v3.5",
        "http": 80,
        "https": 8443,
    },
}


class Stacks(Outputs):
    stacks: ClassVar = {"organization/project/edge": {"access": ACCESS}, "organization/project/empty": {}}


def cluster(new: Any) -> dict[str, Recorded]:
    recorded = record(lambda: clusters.create("edge", {"cluster": {"new": new}}))
    return {each.name: each for each in recorded}


def shop(**asked: Any) -> Any:
    web = service("web", ports=(Port(target=80),), x_slipway=ServiceExtension(ingress=Ingress(**asked)))
    return app(web, service("db"))


def deployed(*, stack: str = "edge", **asked: Any) -> dict[str, Recorded]:
    args: Any = {"app": shop(**asked), "target": "swarm", "cluster": {"stack": stack}}
    return {f"{each.type.rpartition(':')[2]} {each.name}": each for each in record(args, outputs=Stacks())}


def routes(**asked: Any) -> Any:
    config = deployed(**asked)["ServiceConfig app-slipway-routes"]
    return json.loads(b64decode(config.inputs["data"]))["http"]


def test_a_swarms_stack_is_a_network_and_an_entry_point() -> None:
    made = cluster(NEW)
    assert sorted(made) == ["edge", "edge-docker", "edge-entry", "edge-ingress"]
    spec = made["edge-entry"].inputs["taskSpec"]
    assert spec["placement"] == {"constraints": ["node.hostname == node-1"]}
    assert spec["networksAdvanceds"] == [{"id": "edge-ingress-id"}]
    assert spec["containerSpec"]["image"] == "traefik:v3.5"
    assert not any("docker.sock" in str(mount) for mount in spec["containerSpec"]["mounts"])


def test_the_entry_point_publishes_on_its_node_alone() -> None:
    ports = cluster({**NEW, "ingress": {"node": "a", "http": 8080}})["edge-entry"].inputs["endpointSpec"]["ports"]
    assert [(port["publishedPort"], port["publishMode"]) for port in ports] == [(8080, "host"), (443, "host")]


def test_a_given_certificate_is_a_secret_of_the_swarm() -> None:
    made = cluster({**NEW, "ingress": {"node": "a", "certificate": "C", "key": "K"}})
    assert "data" in made["edge-key"].secrets
    files = made["edge-entry"].inputs["taskSpec"]["containerSpec"]["secrets"]
    assert [file["fileName"] for file in files] == ["/run/secrets/certificate.pem", "/run/secrets/key.pem"]


@pytest.mark.parametrize(
    ("new", "message"),
    [
        (
            {"kind": "swarn"},
            'stack edge: slipway:cluster.new.kind is "swarn", which is no kind of cluster; did you mean "swarm"? '
            "(known: cloudrun, ecs, eks, gke, magnum, openstack-swarm, openstack-vm, swarm)",
        ),
        (
            {"kind": "swarm"},
            "slipway:cluster.new.ingress: no value for node; "
            "write the hostname of the node that the entry point is on (`docker node ls` lists them)",
        ),
        (
            {"kind": "swarm", "ingress": {"node": "a", "key": "K", "http": 0}},
            "slipway:cluster.new.ingress: certificate and key belong together, and one is missing; give both\n"
            "slipway:cluster.new.ingress: http is 0, not a port; write a number from 1 to 65535",
        ),
    ],
)
def test_a_wrong_cluster_is_refused(new: Any, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        cluster(new)
    assert str(caught.value) == message


def test_an_application_reads_the_clusters_stack() -> None:
    made = deployed()
    assert made["docker app-docker"].inputs["host"] == "ssh://root@manager"
    web = made["Service app-web"].inputs
    assert web["endpointSpec"]["mode"] == "dnsrr"
    assert web["taskSpec"]["networksAdvanceds"][-1] == {"id": "n1"}
    assert {"id": "n1"} not in made["Service app-db"].inputs["taskSpec"]["networksAdvanceds"]


@pytest.mark.parametrize(
    ("stack", "message"),
    [
        (
            "empty",
            'slipway:cluster.stack: stack "organization/project/empty" has no output "access"; '
            "deploy the cluster's stack first",
        ),
        ("", "slipway:cluster.stack: it is '', not a stack's name; write the name of a stack"),
    ],
)
def test_a_stack_without_a_cluster_is_refused(stack: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        deployed(stack=stack)
    assert str(caught.value) == message


def test_a_route_without_a_host_is_plain_http() -> None:
    assert routes(path="/shop")["routers"] == {
        "shop-web": {
            "entryPoints": ["web"],
            "middlewares": ["shop-retry"],
            "rule": "PathPrefix(`/shop`)",
            "service": "shop-web",
        }
    }
    assert routes()["services"] == {
        "shop-web": {"loadBalancer": {"passHostHeader": True, "servers": [{"url": "http://shop_web:80"}]}}
    }


def test_a_route_with_a_host_is_https_and_http_leads_there() -> None:
    found = routes(host="shop.example.com")
    assert found["routers"]["shop-web"]["rule"] == "Host(`shop.example.com`) && PathPrefix(`/`)"
    assert found["routers"]["shop-web"]["entryPoints"] == ["websecure"]
    assert found["routers"]["shop-web-http"]["middlewares"] == ["shop-https"]
    assert "shop-web-http" not in routes(host="shop.example.com", redirect_http=False)["routers"]


def test_the_keeper_of_routes_has_no_more_than_the_volume_and_the_routes() -> None:
    keeper = deployed()["Service app-slipway-routes"].inputs["taskSpec"]
    assert keeper["placement"] == {"constraints": ["node.hostname == node-1"]}
    assert "networksAdvanceds" not in keeper
    spec = keeper["containerSpec"]
    assert spec["mounts"] == [{"type": "volume", "source": "edge-routes", "target": "/routes"}]
    assert (spec["readOnly"], spec["capDrops"], spec["image"]) == (True, ["ALL"], "traefik:v3.5")


@pytest.mark.parametrize(
    ("asked", "url"),
    [
        ({}, "http://manager"),
        ({"host": "shop.example.com"}, "https://shop.example.com:8443"),
        ({"host": "shop.example.com", "tls": "off", "path": "/a/"}, "http://shop.example.com/a"),
        ({"tls": "auto"}, "https://manager:8443"),
    ],
)
def test_the_url_is_where_the_entry_point_answers(asked: dict[str, Any], url: str) -> None:
    args: Any = {"app": shop(**asked), "target": "swarm", "cluster": {"stack": "edge"}}
    found: list[str] = []

    def program() -> None:
        application = Application("app", args)
        application.urls["web"].apply(found.append)

    record(program, outputs=Stacks())
    assert found == [url]


def test_without_an_entry_point_a_route_is_refused() -> None:
    with pytest.raises(RejectedError) as caught:
        record({"app": shop(), "target": "swarm"})
    assert str(caught.value) == (
        "services.web.x-slipway.ingress: this Swarm has no entry point that is known here; "
        "deploy the Swarm's stack and name it with slipway:cluster.stack, or publish a port"
    )
