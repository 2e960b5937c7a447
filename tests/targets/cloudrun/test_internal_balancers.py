"""Load balancers inside the network, by which services call each other where the stack wants it.

That they answer, no test here proves: there is no project.
"""

from typing import Any

import pytest
from apps import app, service
from cloudrun_scopes import NETWORK, PROJECT, REGION, SUBNETWORK, access, by_key, scope

from components.access import Contents
from components.errors import Problem
from components.model import App, FileGrant, FileObject, Ingress, ServiceExtension
from components.targets.cloudrun import balancer, in_files, internal_balancers, references
from components.targets.cloudrun.given import Scope
from components.targets.rows import Ref, Row

API = service("api", expose=("8080",))


def chosen(application: App, **given: Any) -> Scope:
    return scope(application, reached={"discovery": "balancer", "domain": "internal"}, **given)


def calling(text: str, key: str = "URL") -> App:
    return app(service("web", environment={key: text}), API)


def rows(application: App) -> dict[tuple[str, str], Row]:
    return by_key(internal_balancers.rows(chosen(application)))


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("URL", "http://api:8080/x", "http://api.shop.internal:8080/x"),
        ("URL", "https://api:8080/x", "http://api.shop.internal:8080/x"),
        ("URL", "wss://api:8080", "ws://api.shop.internal:8080"),
        ("URL", "api:8080", "api.shop.internal:8080"),
        ("URL", "grpc://api:8080", "grpc://api.shop.internal:8080"),
        ("API_HOST", "api", "api.shop.internal"),
    ],
)
def test_a_name_in_any_form_is_that_of_the_load_balancer(key: str, text: str, expected: str) -> None:
    shop = calling(text, key)
    web = shop.services["web"]
    assert references.rewritten(chosen(shop), web, web).environment[key] == expected


def test_a_service_that_is_called_has_a_load_balancer_and_a_name_in_the_network() -> None:
    found = rows(calling("http://api:8080"))
    assert list(found) == [
        ("Zone", "inside"),
        ("NetworkEndpointGroup", "api"),
        ("InternalBackend", "api"),
        ("InternalMap", "api"),
        ("InternalProxy", "api"),
        ("InternalForwarding", "api"),
        ("Record", "inside-api"),
    ]
    place = {"project": PROJECT, "region": REGION, "name": "shop-api"}
    assert found["InternalBackend", "api"].args == {
        **place,
        "load_balancing_scheme": "INTERNAL_MANAGED",
        "protocol": "HTTP",
        "backends": [
            {
                "group": Ref("NetworkEndpointGroup", "api", "id"),
                "balancing_mode": "UTILIZATION",
                "capacity_scaler": 1.0,
            }
        ],
    }
    assert found["InternalMap", "api"].args == {**place, "default_service": Ref("InternalBackend", "api", "id")}
    assert found["InternalProxy", "api"].args == {**place, "url_map": Ref("InternalMap", "api", "id")}
    assert found["InternalForwarding", "api"].args == {
        **place,
        "load_balancing_scheme": "INTERNAL_MANAGED",
        "ip_protocol": "TCP",
        "port_range": "8080",
        "target": Ref("InternalProxy", "api", "id"),
        "network": NETWORK,
        "subnetwork": SUBNETWORK,
    }
    assert found["Record", "inside-api"].args == {
        "project": PROJECT,
        "managed_zone": Ref("Zone", "inside", "name"),
        "name": "api.shop.internal.",
        "type": "A",
        "ttl": 60,
        "rrdatas": [Ref("InternalForwarding", "api", "ip_address")],
    }


def test_names_are_known_in_the_network_alone() -> None:
    args = rows(calling("http://api:8080"))["Zone", "inside"].args
    assert (args["dns_name"], args["visibility"]) == ("shop.internal.", "private")
    assert args["private_visibility_config"] == {"networks": [{"network_url": NETWORK}]}


def test_a_service_with_a_host_shares_what_stands_for_it() -> None:
    entry = ServiceExtension(ingress=Ingress(host="api.example.com"))
    api = service("api", expose=("8080",), x_slipway=entry)
    given = chosen(app(service("web", environment={"URL": "http://api:8080"}), api))
    groups = [*balancer.rows(given), *internal_balancers.rows(given)]
    assert [row.key for row in groups if row.kind == "NetworkEndpointGroup"] == ["api"]


def test_there_is_none_where_nothing_is_called_or_the_stack_wants_urls() -> None:
    assert rows(app(service("web", expose=("80",), environment={"OWN": "http://web/"}), API)) == {}
    assert list(internal_balancers.rows(scope(calling("http://api:8080")))) == []


def test_a_name_in_a_file_may_be_that_of_the_load_balancer() -> None:
    web = service("web", configs=(FileGrant(source="proxy"),))
    shop = app(web, API, configs={"proxy": FileObject(file="/nginx.conf")})
    contents = Contents(configs={"proxy": "proxy_pass http://api:8080;"})
    [problem] = in_files.problems(chosen(shop, contents=contents))
    assert problem.fix == "write api.shop.internal, its name in the network"
    written = Contents(configs={"proxy": "proxy_pass http://api.shop.internal:8080;"})
    assert list(in_files.problems(chosen(shop, contents=written))) == []


def test_names_without_a_network_are_told() -> None:
    what = "slipway:cloudrun.discovery is balancer, and no network is known in which names could be"
    shop = calling("http://api:8080")
    assert list(internal_balancers.problems(shop, access(discovery="balancer", network=None))) == [
        Problem(what, "name", "write slipway:cluster.existing.network")
    ]
    assert list(internal_balancers.problems(shop, access(discovery="balancer"))) == []
