"""Who may talk to whom, by the policies' meaning: `admits` reads them as a network plugin does.

That a cluster enforces them is not proved here: that is its network plugin's affair.
"""

from typing import Any

import pytest
from apps import app, service
from scopes import scope

from components.model import App, Ingress, Network, Port, ServiceExtension
from components.support import Conflict
from components.targets.kubernetes import policies
from components.targets.kubernetes.policies import network_labels
from components.targets.rows import Row

FRONT, BACK = {"front": None}, {"back": None}
NETWORKS = {"front": Network(), "back": Network(internal=True)}


def rows(application: App, **access: Any) -> dict[str, Row]:
    return {row.key: row for row in policies.rows(scope(application, access=access))}


def labels(application: App, name: str) -> dict[str, str]:
    """Of a service's pods, as far as a policy looks at them."""
    each = application.services[name]
    return {**scope(application).selector(name), **network_labels(each, application)}


def holds(selector: dict[str, Any] | None, given: dict[str, str]) -> bool:
    return selector is not None and selector.get("matchLabels", {}).items() <= given.items()


def admits(application: App, direction: str, name: str, other: dict[str, str] | None, port: int) -> bool:
    """Whether the policies let a pod of a service receive (`ingress`) or send (`egress`).

    Args:
        application: it.
        direction: of the packet, seen from the service.
        name: of the service.
        other: labels of the pod on the other side; None: it is outside.
        port: that is asked.
    """
    kind = direction.capitalize()
    specs = [row.args["spec"] for row in rows(application).values()]
    about = [
        each for each in specs if kind in each["policyTypes"] and holds(each["podSelector"], labels(application, name))
    ]
    if not about:
        return True
    rules = [rule for each in about for rule in each.get(direction, [])]
    side = "from" if direction == "ingress" else "to"
    return any(
        ("ports" not in rule or port in [each["port"] for each in rule["ports"]])
        and (
            side not in rule
            or (other is not None and any(holds(peer.get("podSelector"), other) for peer in rule[side]))
        )
        for rule in rules
    )


def reaches(application: App, name: str, other: str, port: int = 9000) -> bool:
    sent = admits(application, "egress", name, labels(application, other), port)
    return sent and admits(application, "ingress", other, labels(application, name), port)


def two_tiers(**web: Any) -> App:
    return app(
        service("web", networks={**FRONT, **BACK}, **web),
        service("proxy", networks=FRONT),
        service("db", networks=BACK),
        networks=NETWORKS,
    )


@pytest.mark.parametrize(
    ("name", "other", "may"),
    [
        ("proxy", "web", True),
        ("web", "proxy", True),
        ("web", "db", True),
        ("db", "web", True),
        ("proxy", "db", False),
        ("db", "proxy", False),
    ],
)
def test_services_reach_each_other_where_they_share_a_network(name: str, other: str, may: bool) -> None:
    shop = two_tiers()
    assert reaches(shop, name, other) is may
    assert policies.share_network(shop.services[name], shop.services[other]) is may


@pytest.mark.parametrize(("name", "may"), [("proxy", True), ("web", True), ("db", False)])
def test_only_what_has_no_network_but_internal_ones_cannot_get_out(name: str, may: bool) -> None:
    assert admits(two_tiers(), "egress", name, None, 443) is may


def test_a_service_without_a_way_out_asks_for_names_all_the_same() -> None:
    egress = rows(two_tiers())["shop-network-back"].args["spec"]["egress"]
    assert egress[1] == {
        "to": [{"namespaceSelector": {}}, {"ipBlock": {"cidr": "169.254.20.10/32"}}],
        "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
    }


def test_nothing_is_said_of_what_pods_send_where_every_network_has_a_way_out() -> None:
    for row in rows(app(service("web"))).values():
        assert row.args["spec"]["policyTypes"] == ["Ingress"]


def test_an_internal_network_that_nobody_is_on_changes_nothing() -> None:
    shop = app(service("web", networks=FRONT), networks=NETWORKS)
    assert list(rows(shop)) == ["shop-deny", "shop-network-front"]
    assert admits(shop, "egress", "web", None, 443)


def test_only_what_is_published_is_open_to_everyone() -> None:
    shop = two_tiers(ports=(Port(target=8000, published="8080"),), expose=("9000",))
    open_to_all = {port: admits(shop, "ingress", "web", None, port) for port in (8000, 8080, 9000)}
    assert open_to_all == {8000: True, 8080: False, 9000: False}


def test_a_port_of_the_hosts_loopback_is_open_to_nobody_from_outside() -> None:
    shop = two_tiers(ports=(Port(target=8000, published="8080", host_ip="127.0.0.1"),))
    assert not admits(shop, "ingress", "web", None, 8000)


def test_the_port_of_an_ingress_is_open_to_its_controller() -> None:
    shop = two_tiers(expose=("9000",), x_slipway=ServiceExtension(ingress=Ingress()))
    assert admits(shop, "ingress", "web", None, 9000)


def test_a_policy_of_what_is_published_names_protocol_and_port() -> None:
    web = service("web", ports=(Port(target=53, protocol="udp"), Port(target=53), Port(target=53, published="5353")))
    assert rows(app(web))["shop-web-published"].args["spec"] == {
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "shop"}},
        "ingress": [{"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]}],
        "policyTypes": ["Ingress"],
    }


def test_a_service_without_a_network_neither_sends_nor_receives() -> None:
    shop = app(service("web"), service("batch", network_mode="none", networks={}))
    assert not reaches(shop, "web", "batch")
    assert not admits(shop, "egress", "batch", None, 443)


def test_a_network_of_the_application_is_not_shared_with_others() -> None:
    assert rows(app(service("web")))["shop-network-default"].args["spec"]["ingress"] == [
        {
            "from": [
                {
                    "podSelector": {
                        "matchLabels": {
                            "slipway.dev/network.default": "true",
                            "app.kubernetes.io/instance": "shop",
                        }
                    }
                }
            ]
        }
    ]


@pytest.mark.parametrize("network", [Network(name="proxy_net", external=True), Network(name="proxy_net")])
def test_a_network_with_a_name_of_its_own_is_that_of_every_application_on_it(network: Network) -> None:
    shop = app(service("web", networks={"edge": None}), networks={"edge": network})
    assert network_labels(shop.services["web"], shop) == {"slipway.dev/network.proxy_net": "true"}
    assert rows(shop)["shop-network-edge"].args["spec"]["ingress"] == [
        {"from": [{"podSelector": {"matchLabels": {"slipway.dev/network.proxy_net": "true"}}, "namespaceSelector": {}}]}
    ]


def test_a_name_that_compose_gives_by_itself_is_the_networks_key() -> None:
    shop = app(service("web"), networks={"default": Network(name="shop_default")})
    assert network_labels(shop.services["web"], shop) == {"slipway.dev/network.default": "true"}


def test_a_networks_labels_are_annotations_of_its_policy() -> None:
    shop = app(service("web"), networks={"default": Network(labels={"team": "shop"})})
    assert rows(shop)["shop-network-default"].args["metadata"]["annotations"] == {"team": "shop"}


def test_there_are_no_policies_where_the_stack_does_without() -> None:
    assert rows(two_tiers(), network_policies=False) == {}


def test_a_network_whose_name_no_label_holds_is_refused() -> None:
    name = "n" * 56
    shop = app(service("web", networks={name: None}), networks={name: Network(), "n" * 55: Network()})
    assert list(policies.conflicts(shop)) == [
        Conflict(
            ("networks", name),
            f'"{name}" has 56 characters, and 55 are the most in the label of its members',
            "shorten it",
        )
    ]
