"""What others have on the same cluster: its services' names, its listeners' priorities and hosts. Read-only."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...access import EcsAccess
from ...errors import Problem
from ..rows import Row
from . import client
from .places import listeners

WHERE = "slipway:cluster"
DESCRIBED = 10
"""Services that one call describes."""
TAGGED = 20
"""Rules whose tags one call reads."""
APPLICATION, STACK = "slipway:application", "slipway:stack"


@dataclass(frozen=True, slots=True)
class Ours:
    """Whose a resource has to be.

    Attributes:
        application: its name.
        stack: the identity of the Pulumi stack.
    """

    application: str
    stack: str

    def other(self, tags: Mapping[str, str]) -> str:
        """Whose else a resource is, in words; "" where it is ours."""
        if (tags.get(APPLICATION), tags.get(STACK)) == (self.application, self.stack):
            return ""
        owner = tags.get(APPLICATION)
        return f'the application "{owner}" of the stack "{tags.get(STACK, "")}"' if owner else "something else"


Compare = Callable[[client.Clients, EcsAccess, Sequence[Row], Ours], Iterator[Problem]]
"""Asks one of AWS' services who has what the rows of an application would have."""


def _services(asked: client.Clients, access: EcsAccess, rows: Sequence[Row], ours: Ours) -> Iterator[Problem]:
    names = [str(row.args["name"]) for row in rows if row.kind == "Service"]
    for some in _batches(names, DESCRIBED):
        answer = asked["ecs"].describe_services(cluster=access.cluster, services=some, include=["TAGS"])
        for each in answer["services"]:
            tags = {tag["key"]: tag["value"] for tag in each.get("tags", ())}
            if each["status"] == "ACTIVE" and (owner := ours.other(tags)):
                what = f'the service "{each["serviceName"]}" of the cluster is that of {owner}'
                yield Problem(what, WHERE, "name the application otherwise, by slipway:name")


def _rules(asked: client.Clients, _access: EcsAccess, rows: Sequence[Row], ours: Ours) -> Iterator[Problem]:
    for listener in listeners(rows):
        wanted = [row for row in rows if row.kind == "ListenerRule" and row.args["listener_arn"] == listener]
        numbers = {str(row.args["priority"]) for row in wanted}
        asks = {repr(_asked(row)) for row in wanted}
        pages = asked["elbv2"].get_paginator("describe_rules").paginate(ListenerArn=listener)
        there = {rule["RuleArn"]: rule for page in pages for rule in page["Rules"]}
        near = [arn for arn, rule in there.items() if rule["Priority"] in numbers or repr(_asks(rule)) in asks]
        for arn, tags in _tags(asked, near):
            owner = ours.other(tags)
            if owner:
                yield _taken(there[arn], owner, numbers)


def _taken(rule: Mapping[str, Any], owner: str, numbers: Iterable[str]) -> Problem:
    if rule["Priority"] in numbers:
        what = f"the listener's priority {rule['Priority']} is that of {owner}"
        return Problem(what, WHERE, "set slipway:ecs.rulePriority to the first of another thousand")
    hosts, paths = _asks(rule)
    return Problem(f"the route {', '.join((*hosts, *paths))} is that of {owner}", WHERE, "choose another host or path")


def _tags(asked: client.Clients, arns: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    for some in _batches(arns, TAGGED):
        for each in asked["elbv2"].describe_tags(ResourceArns=some)["TagDescriptions"]:
            yield each["ResourceArn"], {tag["Key"]: tag["Value"] for tag in each["Tags"]}


def _asked(row: Row) -> tuple[list[str], list[str]]:
    """Hosts and paths of a rule that would be made."""
    found: dict[str, list[str]] = {key: [] for key in ("host_header", "path_pattern")}
    for condition in row.args["conditions"]:
        for key, values in condition.items():
            found[key] = sorted(values["values"])
    return found["host_header"], found["path_pattern"]


def _asks(rule: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The same of a rule that is there."""
    found = {each["Field"]: sorted(each.get("Values", ())) for each in rule["Conditions"]}
    return found.get("host-header", []), found.get("path-pattern", [])


def _batches(values: Sequence[str], size: int) -> Iterator[list[str]]:
    return (list(values[start : start + size]) for start in range(0, len(values), size))


CHECKS: tuple[Compare, ...] = (_services, _rules)
