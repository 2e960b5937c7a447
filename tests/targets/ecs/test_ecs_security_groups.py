"""Who may talk to whom on ECS. That AWS holds every packet against these rules is AWS's affair."""

from typing import Any

import pytest
from apps import app, service
from ecs_scopes import by_key, scope, tags

from components.model import App, Dependency, Ingress, Job, Network, Port, ServiceExtension
from components.support import Conflict
from components.targets.ecs import security_groups
from components.targets.rows import Ref, Row

NETWORKS = {"front": Network(), "back": Network()}


def rows(application: App, **reached: Any) -> dict[tuple[str, str], Row]:
    return by_key(security_groups.rows(scope(application, reached=reached)))


def ingress(application: App, **reached: Any) -> dict[str, dict[str, Any]]:
    found = rows(application, **reached).items()
    return {
        key: {name: value for name, value in row.args.items() if name != "tags"}
        for (kind, key), row in found
        if kind == "IngressRule"
    }


def group(key: str) -> Ref:
    return Ref("SecurityGroup", key, "id")


def rule(to: str, caller: str, number: int, protocol: str = "tcp") -> dict[str, Any]:
    return {
        "security_group_id": group(to),
        "referenced_security_group_id": group(caller),
        "ip_protocol": protocol,
        "from_port": number,
        "to_port": number,
    }


def test_every_service_and_job_has_a_group_of_its_own() -> None:
    shop = app(service("web"), jobs={"clean": Job(name="clean", image="clean:1")})
    found = rows(shop)
    assert [key for kind, key in found if kind == "SecurityGroup"] == ["web", "clean"]
    assert found["SecurityGroup", "web"].args == {
        "description": "web of shop",
        "vpc_id": "vpc-1",
        "tags": tags("web"),
    }


def test_what_shares_a_network_wears_its_group_and_is_called_by_who_wears_it() -> None:
    web = service("web", networks={"front": None, "back": None})
    shop = app(web, service("db", expose=("5432",), networks={"back": None}), networks=NETWORKS)
    assert security_groups.of(scope(shop), web) == [group("web"), group("network-back")]
    assert ingress(shop)["db-from-network-back-5432"] == rule("db", "network-back", 5432)
    assert rows(shop)["SecurityGroup", "network-back"].args == {
        "description": "on the network back of shop",
        "vpc_id": "vpc-1",
        "tags": tags(),
    }


def test_labels_of_a_network_are_tags_of_its_group() -> None:
    shop = app(service("web"), service("db"), networks={"default": Network(labels={"zone": "inner"})})
    assert rows(shop)["SecurityGroup", "network-default"].args["tags"] == {"zone": "inner", **tags()}


def test_services_without_a_common_network_do_not_reach_each_other() -> None:
    one = service("one", expose=("80",), networks={"front": None})
    shop = app(one, service("two", expose=("80",), networks={"back": None}), networks=NETWORKS)
    assert ingress(shop) == {}


def test_a_service_of_which_no_port_is_known_is_called_at_all() -> None:
    found = ingress(app(service("web"), service("worker")))
    assert found["worker-from-network-default-all"] == {
        "security_group_id": group("worker"),
        "referenced_security_group_id": group("network-default"),
        "ip_protocol": "-1",
    }


def test_a_port_that_another_service_names_is_open_to_it() -> None:
    found = ingress(app(service("web", environment={"URL": "http://api:9000"}), service("api")))
    assert found["api-from-network-default-9000"] == rule("api", "network-default", 9000)


def test_udp_has_a_rule_of_its_own() -> None:
    found = ingress(app(service("web"), service("dns", expose=("53", "53/udp"))))
    assert found["dns-from-network-default-53-udp"] == rule("dns", "network-default", 53, "udp")
    assert found["dns-from-network-default-53"] == rule("dns", "network-default", 53)


def test_replicas_of_one_service_reach_each_other() -> None:
    found = ingress(app(service("node", expose=("7000",), scale=3)))
    assert list(found) == ["node-from-network-default-7000"]


def test_nobody_calls_what_runs_to_its_end() -> None:
    web = service("web", depends_on={"migrate": Dependency(condition="service_completed_successfully")})
    found = ingress(app(web, service("migrate", expose=("80",))))
    assert list(found) == ["web-from-network-default-all"]


def test_tasks_send_anything_anywhere() -> None:
    row = rows(app(service("web")))["EgressRule", "web-to-world"]
    assert row.args == {
        "security_group_id": group("web"),
        "cidr_ipv4": "0.0.0.0/0",
        "ip_protocol": "-1",
        "tags": tags("web"),
    }


def test_what_is_published_is_all_that_the_world_reaches_and_by_the_load_balancer_alone() -> None:
    shop = app(service("web", ports=(Port(target=8000, published="8080"),)), service("db", expose=("5432",)))
    found = rows(shop)
    from_all = {key: rule["from_port"] for key, rule in ingress(shop).items() if "cidr_ipv4" in rule}
    assert from_all == {"published-from-world-8080": 8080}
    assert ingress(shop)["web-from-published-8000"] == rule("web", "published", 8000)
    sent = found["EgressRule", "published-to-web-8000"].args
    assert (sent["security_group_id"], sent["referenced_security_group_id"]) == (group("published"), group("web"))


def test_nothing_is_open_where_the_stack_publishes_nothing() -> None:
    shop = app(service("web", ports=(Port(target=8000, published="8080"),)))
    assert ingress(shop, publish="none") == {}


def test_the_clusters_load_balancer_reaches_the_port_of_the_ingress() -> None:
    extension = ServiceExtension(ingress=Ingress(port=3000))
    assert ingress(app(service("web", x_slipway=extension))) == {
        "web-from-balancer-3000": {
            "security_group_id": group("web"),
            "referenced_security_group_id": "sg-balancer",
            "ip_protocol": "tcp",
            "from_port": 3000,
            "to_port": 3000,
        }
    }


def test_udp_is_checked_at_a_port_that_takes_tcp() -> None:
    found = ingress(app(service("dns", ports=(Port(target=53, protocol="udp"),), expose=("8053",))))
    assert found["dns-from-published-53-udp"] == rule("dns", "published", 53, "udp")
    assert found["dns-from-published-8053"] == rule("dns", "published", 8053)


def test_rules_grow_with_the_number_of_services_and_not_of_pairs() -> None:
    def count(services: int) -> int:
        return len(ingress(app(*(service(f"s{number}", expose=("80",)) for number in range(services)))))

    assert (count(10), count(100)) == (10, 100)


def test_what_tasks_need_before_they_start_are_the_rules_of_their_group() -> None:
    web = service("web", ports=(Port(target=8000),))
    assert security_groups.needs(scope(app(web, service("db"))), web) == (
        ("EgressRule", "web-to-world"),
        ("IngressRule", "web-from-network-default-8000"),
        ("IngressRule", "web-from-published-8000"),
    )


@pytest.mark.parametrize("name", ["published", "volumes", "network-default"])
def test_the_name_of_another_group_is_refused(name: str) -> None:
    what = f'"{name}" is the name of a security group that is not this service\'s'
    assert list(security_groups.conflicts(app(service(name)))) == [Conflict(("services", name), what, "rename it")]


@pytest.mark.parametrize("name", ["published", "volumes", "network-default"])
def test_a_managed_service_has_not_the_name_of_another_group_either(name: str) -> None:
    found = service(name, image="redis:7", x_slipway=ServiceExtension(managed="redis"))
    what = f'"{name}" is the name of a security group that is not this service\'s'
    assert list(security_groups.conflicts(app(found))) == [Conflict(("services", name), what, "rename it")]


def test_more_networks_than_a_task_has_groups_for_are_refused() -> None:
    keys = [f"n{number}" for number in range(5)]
    one, two = (service(name, networks=dict.fromkeys(keys)) for name in ("one", "two"))
    shop = app(one, two, networks={key: Network() for key in keys})
    what = "it is on 5 networks with others, and 4 are the most for a task"
    fix = "put services that call each other on one network"
    assert list(security_groups.conflicts(shop)) == [
        Conflict(("services", name, "networks"), what, fix) for name in ("one", "two")
    ]
