"""The names of services in a private domain. Whether they resolve is Cloud Map's affair, and tests/aws's."""

from typing import Any

from apps import app, service
from ecs_scopes import by_key, scope, tags

from components.model import App, Dependency, Network, ServiceNetwork
from components.support import Conflict
from components.targets.ecs import cloud_map
from components.targets.rows import Ref, Row


def rows(application: App, **reached: Any) -> dict[tuple[str, str], Row]:
    return by_key(cloud_map.rows(scope(application, reached=reached)))


def test_every_service_that_others_may_call_has_its_name_in_a_private_domain() -> None:
    found = rows(app(service("web"), service("redis")), domain="corp")
    assert list(found) == [("Namespace", "discovery"), ("DiscoveryService", "web"), ("DiscoveryService", "redis")]
    assert found["Namespace", "discovery"].args == {"name": "shop.corp", "vpc": "vpc-1", "tags": tags()}
    assert found["DiscoveryService", "redis"].args == {
        "name": "redis",
        "dns_config": {
            "namespace_id": Ref("Namespace", "discovery", "id"),
            "dns_records": [{"type": "A", "ttl": 10}],
            "routing_policy": "MULTIVALUE",
        },
        "health_check_custom_config": {"failure_threshold": 1},
        "force_destroy": True,
        "tags": tags("redis"),
    }


def test_a_service_alone_needs_no_domain() -> None:
    assert rows(app(service("web"))) == {}
    assert rows(app(service("web"), service("db", networks={"back": None}), networks=_two_networks())) == {}


def test_a_service_that_calls_itself_by_its_name_has_one() -> None:
    web = service("web", environment={"SELF": "http://web:8000"})
    assert list(rows(app(web))) == [("Namespace", "discovery"), ("DiscoveryService", "web")]


def test_an_alias_is_another_name_of_the_service() -> None:
    db = service("db", networks={"default": ServiceNetwork(aliases=("database",))})
    found = rows(app(service("web"), db))
    assert found["DiscoveryService", "database"].args["dns_config"] == {
        "namespace_id": Ref("Namespace", "discovery", "id"),
        "dns_records": [{"type": "CNAME", "ttl": 10}],
        "routing_policy": "WEIGHTED",
    }
    assert found["DiscoveryInstance", "database"].args == {
        "service_id": Ref("DiscoveryService", "database", "id"),
        "instance_id": "database",
        "attributes": {"AWS_INSTANCE_CNAME": "db.shop.internal"},
    }


def test_what_runs_to_its_end_or_is_in_anothers_tasks_has_no_name() -> None:
    web = service("web", depends_on={"migrate": Dependency(condition="service_completed_successfully")})
    beside = service("beside", networks={}, network_mode="service:web")
    found = rows(app(web, service("migrate"), beside))
    assert list(found) == [("Namespace", "discovery"), ("DiscoveryService", "web")]


def test_ecs_registers_the_tasks_where_the_name_is() -> None:
    web, db = service("web"), service("db")
    assert cloud_map.registry(scope(app(web, db)), db) == Ref("DiscoveryService", "db", "arn")
    assert cloud_map.registry(scope(app(web)), web) is None


def _two_networks() -> dict[str, Network]:
    return {"default": Network(), "back": Network()}


def test_an_underscore_is_in_a_name_as_the_file_has_it() -> None:
    web, db = service("web", environment={"DB": "my_db:5432"}), service("my_db")
    found = rows(app(web, db))
    assert found["DiscoveryService", "my_db"].args["name"] == "my_db"
    assert list(cloud_map.conflicts(app(web, db))) == []
    assert scope(app(web, db)).named_ports == {"my_db": (5432,)}


def test_a_name_with_a_dot_that_others_call_is_refused() -> None:
    web, db = service("web", environment={"DB": "my.db:5432"}), service("my.db")
    assert list(cloud_map.conflicts(app(web, db))) == [
        Conflict(
            ("services", "web", "environment", "DB"),
            '"my.db" is no name that DNS has; the service is "my-db" in the cluster',
            'rename the service, or give it the network alias "my-db" and write that',
        )
    ]
