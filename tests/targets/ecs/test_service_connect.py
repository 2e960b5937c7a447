"""Service Connect beside DNS. What the proxy does is ECS's affair."""

from typing import Any

from apps import app, service
from ecs_scopes import scope

from components.model import Service
from components.targets.ecs import containers, service_connect, services
from components.targets.rows import Ref

NAMESPACE = {"enabled": True, "namespace": Ref("Namespace", "discovery", "arn")}


def found(web: Service, *others: Service, asked: bool = True) -> Any:
    given = scope(app(web, *others), reached={"service_connect": asked})
    [row] = services.rows(given, web)
    return row.args.get("service_connect_configuration")


def test_it_is_there_only_where_the_stack_asks_for_it_and_anybody_calls() -> None:
    web = service("web", expose=("80",))
    assert found(web, service("other"), asked=False) is None
    assert found(web) is None


def test_every_port_that_takes_tcp_is_an_endpoint_by_the_services_name() -> None:
    assert found(service("Web", expose=("80", "53/udp")), service("other")) == {
        **NAMESPACE,
        "services": [
            {
                "port_name": "tcp-80",
                "discovery_name": "web-80_",
                "client_alias": [{"port": 80, "dns_name": "web"}],
            }
        ],
    }


def test_a_service_without_a_known_port_calls_and_is_found_by_dns() -> None:
    assert found(service("worker"), service("other")) == NAMESPACE


def test_the_port_has_its_name_in_the_task_definition() -> None:
    web = service("web", expose=("80",))
    given = scope(app(web, service("other")), reached={"service_connect": True})
    [own, *_] = containers.of_task(given, web)
    assert own["portMappings"] == [
        {"containerPort": 80, "protocol": "tcp", "name": service_connect.port_name(80)},
    ]
