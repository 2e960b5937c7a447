"""What a name resolves to inside the VPC: what Cloud Map and Route 53 have, and nothing else."""

import random
from collections.abc import Iterator
from typing import Any

from ministack.services import ecs, route53, servicediscovery

_MOST = 8
"""Addresses in a multivalue answer (https://docs.aws.amazon.com/cloud-map/latest/dg/services-route53.html)."""


def resolve(name: str) -> tuple[list[str], list[str]] | None:
    """The answer for a name.

    Returns:
        The CNAMEs on the way, and the addresses at its end; None: there is no such name.
    """
    aliases: list[str] = []
    for _ in range(5):  # a chain of aliases has an end
        found = _lookup(name.lower().rstrip("."))
        if found is None:
            return (aliases, []) if aliases else None
        alias, addresses = found
        if alias is None:
            return aliases, random.sample(addresses, min(_MOST, len(addresses)))
        aliases.append(name := alias)
    return aliases, []


def _lookup(name: str) -> tuple[str | None, list[str]] | None:
    for service in list(servicediscovery._services._data.values()):
        if _full_name(service) == name:
            return _of_service(service)
    for records in list(route53._records._data.values()):
        for record in records:
            if record["Name"].lower().rstrip(".") == name and record["Type"] in {"A", "CNAME"}:
                values = [each["Value"] if isinstance(each, dict) else each for each in record["ResourceRecords"]]
                return (values[0], []) if record["Type"] == "CNAME" else (None, values)
    return None


def _full_name(service: dict[str, Any]) -> str:
    for namespace in list(servicediscovery._namespaces._data.values()):
        if namespace["Id"] == service["NamespaceId"] and namespace["Type"] == "DNS_PRIVATE":
            return f"{service['Name']}.{namespace['Name']}".lower()
    return ""


def _of_service(service: dict[str, Any]) -> tuple[str | None, list[str]]:
    instances = [found for (*_, key), each in list(servicediscovery._instances._data.items())
                 if key == service["Id"] for found in each.values()]  # fmt: skip
    given = [each["Attributes"] for each in instances]
    aliases = [each["AWS_INSTANCE_CNAME"] for each in given if "AWS_INSTANCE_CNAME" in each]
    if aliases:
        return aliases[0], []
    addresses = [each["AWS_INSTANCE_IPV4"] for each in given if "AWS_INSTANCE_IPV4" in each]
    return None, [*addresses, *_tasks(service["Arn"])]


def _tasks(registry: str) -> Iterator[str]:
    """The addresses of the running tasks of the ECS services that register there."""
    groups = {
        (each["clusterArn"], f"service:{each['serviceName']}")
        for each in list(ecs._services._data.values())
        for registered in each.get("serviceRegistries") or ()
        if registered["registryArn"] == registry
    }
    for task in list(ecs._tasks._data.values()):
        address = ecs._task_ip(task)
        if address and task["lastStatus"] == "RUNNING" and (task["clusterArn"], task["group"]) in groups:
            yield address
