"""Why a service's tasks do not run: what ECS says of them, and the last lines that they have printed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...access import EcsAccess
from . import client

EVENTS = 5
"""How many of a service's last events are shown."""
TASKS = 3
"""How many of the tasks that have ended are shown."""
LOG_LINES = 15
"""How many of a failed container's last lines are shown."""
Said = Mapping[str, Any]
"""An answer of AWS'."""


def of_service(access: EcsAccess, name: str) -> list[str]:
    """What is known of a service that did not come up; empty where AWS cannot be asked.

    Args:
        access: the cluster.
        name: of the service.
    """
    if not client.can_ask(access):
        return []
    try:
        return list(_of_service(client.Clients(access), access.cluster, name))
    except client.ERRORS:
        return []


def _of_service(asked: client.Clients, cluster: str, name: str) -> Iterator[str]:
    found = asked["ecs"].describe_services(cluster=cluster, services=[name])["services"]
    for service in found:
        yield from of_events(service.get("events", ()))
    listed = asked["ecs"].list_tasks(cluster=cluster, serviceName=name, desiredStatus="STOPPED")["taskArns"]
    tasks = asked["ecs"].describe_tasks(cluster=cluster, tasks=listed[:TASKS])["tasks"] if listed else []
    for task in tasks:
        yield from of_task(task)
    for task in tasks[:1]:
        yield from _printed(asked, task)


def of_events(events: Iterable[Said]) -> list[str]:
    """A service's last events, the latest last, each once."""
    return list(dict.fromkeys(str(event["message"]) for event in events))[:EVENTS][::-1]


def of_task(task: Said) -> Iterator[str]:
    """Why a task ended, and how each of its containers did."""
    short = str(task["taskArn"]).rpartition("/")[2]
    if task.get("stoppedReason"):
        yield f"task {short}: {task['stoppedReason']}"
    for container in task.get("containers", ()):
        if container.get("exitCode"):
            yield f"task {short}, container {container['name']} exited with code {container['exitCode']}"
        if container.get("reason"):
            yield f"task {short}, container {container['name']}: {container['reason']}"


def failed(task: Said) -> str | None:
    """The container of a task that is to blame: the first that failed, else the first that is not well."""
    for container in task.get("containers", ()):
        if container.get("exitCode"):
            return str(container["name"])
    unwell = (each["name"] for each in task.get("containers", ()) if each.get("healthStatus") == "UNHEALTHY")
    return next(unwell, None)


def _printed(asked: client.Clients, task: Said) -> Iterator[str]:
    blamed = failed(task)
    definition = asked["ecs"].describe_task_definition(taskDefinition=task["taskDefinitionArn"])["taskDefinition"]
    for container in definition["containerDefinitions"]:
        options = container.get("logConfiguration", {}).get("options", {})
        if blamed is None or container["name"] != blamed or "awslogs-group" not in options:
            continue
        stream = "/".join((options["awslogs-stream-prefix"], blamed, str(task["taskArn"]).rpartition("/")[2]))
        answer = asked["logs"].get_log_events(
            logGroupName=options["awslogs-group"], logStreamName=stream, limit=LOG_LINES, startFromHead=False
        )
        lines = [str(event["message"]) for event in answer["events"]]
        if lines:
            yield f"last {len(lines)} log lines of container {blamed}:"
            yield from (f"  {line}" for line in lines)
