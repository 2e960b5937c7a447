"""Fargate's agent: it runs the containers of a task in the Engine, in their order, until the task stops.

A task has a container that holds its network, of a Docker network that stands for the VPC: so it has an address of its
own, and its containers share that, /etc/resolv.conf and /etc/hosts, as on Fargate. A task counts as RUNNING, for the
service scheduler and for Cloud Map, once its essential containers run and are healthy. AWS counts it as that earlier,
and keeps it out of a deployment's healthy tasks until then.

What a task on AWS has and one here has not: the metadata and credentials endpoints, the policies of its roles, the
sizes of its CPU and memory as a limit of the whole, a kernel of its own, and the order in which containers stop.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import docker
from ministack.core.responses import request_scope
from ministack.services import ecs

from . import credentials, definitions, volumes
from .definitions import NotStartedError
from .place import Place
from .security_groups import Guard, Wearer

_LOG = logging.getLogger("fargate")
_LOOK_SECONDS = 0.2
_ENGINE_SECONDS = 300
_ORDER = "Deployment capacity limit"
"""Why ministack stops a task whose successor has to wait until it has ended."""
GROUPS = "_security_groups"
"""The key of ministack's record of a task with the IDs of its security groups."""
_LABELS = {"task": "com.amazonaws.ecs.task-arn", "container": "com.amazonaws.ecs.container-name"}


class Agent:
    """The agent of all tasks.

    Attributes:
        place: of this cloud.
        engine: where containers run.
        guard: keeps the security groups of tasks.
    """

    def __init__(self, place: Place) -> None:
        """Connect to the Engine."""
        self.place = place
        self.engine = docker.from_env(timeout=_ENGINE_SECONDS)
        self.guard = Guard(place)
        self._tasks: dict[str, _Task] = {}

    def run(
        self, record: dict[str, Any], definition: dict[str, Any], overrides: list[dict[str, Any]], _: Any, *scope: str
    ) -> None:
        """Start a task and stay with it until it has stopped; ministack calls it in a thread of its own.

        Args:
            record: ministack's, of the task.
            definition: of the task.
            overrides: of containers.
            scope: account and region.
        """
        task = _Task(self, record, definition, overrides)
        self._tasks[record["taskArn"]] = task
        with request_scope(*scope):
            try:
                task.stay()
            except NotStartedError as why:
                task.give_up(str(why))
            except docker.errors.DockerException as why:
                task.give_up(f"CannotStartContainerError: {why}")
            except Exception as why:  # noqa: BLE001 - ministack waits for every task's end, whatever we did wrong
                _LOG.exception("task %s", record["taskArn"])
                task.give_up(f"the agent of these tests failed: {why!r}")

    def stop(self, record: dict[str, Any], *_: Any) -> None:
        """End a task's containers, and remove what goes with it."""
        task = self._tasks.pop(record["taskArn"], None)
        if task is None:
            return
        ending = threading.Thread(target=task.end)
        ending.start()
        if record.get("stoppedReason") == _ORDER:
            ending.join()


class _Task:
    """One task.

    Attributes:
        record: ministack's.
        containers: those that were started, by name.
        held: what holds its network; None: there is none yet.
    """

    def __init__(
        self, agent: Agent, record: dict[str, Any], definition: Mapping[str, Any], overrides: list[dict[str, Any]]
    ) -> None:
        self.agent, self.engine, self.place = agent, agent.engine, agent.place
        self.record, self.definition, self.overrides = record, definition, overrides
        self.arn = record["taskArn"]
        self.id = self.arn.rsplit("/", 1)[-1]
        self.given = {each["name"]: each for each in definition["containerDefinitions"]}
        self.containers: dict[str, Any] = {}
        self.names: dict[str, str] = {}
        self.held: Any = None
        self.lock = threading.Lock()

    def stay(self) -> None:
        """Start what is due, look at what runs, until the task stops."""
        found = list(definitions.problems(self.definition))
        if found:
            raise NotStartedError(f"ClientException: {'; '.join(found)}")
        ecs._mark_task_pending(self.arn, self.record)
        ecs._mark_task_activating(self.arn, self.record)
        self.names = volumes.names(self.definition, self.id, self.engine, self.place)
        self._hold()
        while self._is_wanted():
            states = self._look()
            if self._stops(states):
                return
            due = [each for name, each in self.given.items() if name not in states and definitions.is_due(each, states)]
            for each in due:
                self._start(each)
            if not due:
                self._tell(states)
                time.sleep(_LOOK_SECONDS)

    def give_up(self, why: str) -> None:
        """Stop the task before it has run."""
        ecs._mark_task_stopped(self.arn, self.record, why, "TaskFailedToStart")
        self.agent.stop(self.record)

    def end(self) -> None:
        """Stop all containers at once, as long as each may take; remove them, and the task's volumes."""
        with self.lock:
            stopping = [threading.Thread(target=self._end, args=each) for each in self.containers.items()]
        for each in stopping:
            each.start()
        for each in stopping:
            each.join()
        self.agent.guard.remove(self.id)
        if self.held is not None:
            _without_fail(lambda: self.held.remove(force=True))
        for volume in self.engine.volumes.list(filters={"label": f"{volumes.TASK}={self.id}"}):
            _without_fail(volume.remove)

    # --- its containers ---

    def _hold(self) -> None:
        self.held = self.engine.containers.run(
            self.place.pause,
            ["sleep", "infinity"],
            detach=True,
            init=True,
            name=f"{self.place.prefix}-{self.id}",
            network=self.place.network,
            dns=[self.place.gateway],
            dns_search=[f"{ecs.get_region()}.compute.internal"],
            labels={**self.place.labels, _LABELS["task"]: self.arn},
        )
        ecs._record_task_ip(self.record, self.held, self.place.network)
        groups = tuple(self.record.get(GROUPS) or ())
        wearer = Wearer(self.held.attrs["State"]["Pid"], ecs._task_ip(self.record), groups)
        self.agent.guard.add(self.id, wearer)

    def _start(self, given: Mapping[str, Any]) -> None:
        name = given["name"]
        override = next((each for each in self.overrides if each["name"] == name), {})
        changed = {key: override[key] for key in ("command", "cpu", "memory") if key in override}
        environment = credentials.environment(given) | {
            each["name"]: each["value"] for each in override.get("environment", ())
        }
        self._pull(given)
        options = definitions.options({**given, **changed}, environment)
        options["labels"] = {
            **(given.get("dockerLabels") or {}),
            **self.place.labels,
            _LABELS["task"]: self.arn,
            _LABELS["container"]: name,
        }
        made = self.engine.containers.create(
            given["image"],
            name=f"{self.place.prefix}-{self.id}-{name}",
            network_mode=f"container:{self.held.id}",
            mounts=volumes.mounts(given, self.names),
            **options,
        )
        with self.lock:
            self.containers[name] = made
            wanted = self._is_wanted()
        if not wanted:
            self._end(name, made)
            return
        made.start()
        ecs._start_awslogs_forwarder(made, given, self.id)
        self._note(name, lastStatus="RUNNING", runtimeId=made.id)

    def _pull(self, given: Mapping[str, Any]) -> None:
        image = given["image"]
        try:
            self.engine.images.get(image)
        except docker.errors.ImageNotFound:
            _LOG.info("pull %s", image)
        else:
            return
        try:
            self.engine.images.pull(image, auth_config=credentials.registry(given))
        except docker.errors.APIError as error:
            raise NotStartedError(f"CannotPullContainerError: {error.explanation}") from None

    def _end(self, name: str, container: Any) -> None:
        _without_fail(lambda: container.stop(timeout=definitions.stop_seconds(self.given[name])))
        _without_fail(lambda: container.remove(force=True, v=True))

    # --- what is told of it ---

    def _is_wanted(self) -> bool:
        return ecs._task_is_active(self.arn, self.record)

    def _look(self) -> dict[str, dict[str, Any]]:
        """The states of all containers that were started."""
        found = {}
        for name, container in self.containers.items():
            try:
                container.reload()
            except docker.errors.NotFound:
                state = {"Status": "exited", "ExitCode": 137}  # removed behind our back
            else:
                state = container.attrs["State"]
            found[name] = state
            if state["Status"] == "exited":
                self._note(name, lastStatus="STOPPED", exitCode=state["ExitCode"])
            else:
                self._note(name, healthStatus=_HEALTH[definitions.health(state)])
        return found

    def _stops(self, states: Mapping[str, Mapping[str, Any]]) -> bool:
        essential = [name for name, each in self.given.items() if each.get("essential", True) and name in states]
        ended = [name for name in essential if states[name]["Status"] == "exited"]
        if ended:
            self._stopped("Essential container in task exited", "EssentialContainerExited")
            return True
        if any(definitions.health(states[name]) == "unhealthy" for name in essential):
            self.record["healthStatus"] = "UNHEALTHY"
            if self._stopped("Task failed container health checks", "ServiceSchedulerInitiated"):
                ecs._record_service_task_failure(self.record)
            return True
        return False

    def _stopped(self, why: str, code: str) -> bool:
        done = bool(ecs._mark_task_stopped(self.arn, self.record, why, code))
        self.agent.stop(self.record)
        return done

    def _tell(self, states: Mapping[str, Mapping[str, Any]]) -> None:
        """Mark the task as running, once all that is essential in it is."""
        essential = [name for name, each in self.given.items() if each.get("essential", True)]
        if self.record["lastStatus"] == "RUNNING" or not all(name in states for name in essential):
            return
        found = {definitions.health(states[name]) for name in essential}
        if found <= {"healthy", "none"}:
            self.record["healthStatus"] = "HEALTHY" if "healthy" in found else "UNKNOWN"
            ecs._mark_task_running(self.arn, self.record)
            self._complete()

    def _complete(self) -> None:
        """Let ministack look whether the deployment is complete."""
        cluster, group = self.arn.split("/")[1], self.record.get("group", "")
        if group.startswith("service:"):
            ecs._schedule_service_deployment_completion(
                cluster,
                f"{cluster}/{group.partition(':')[2]}",
                ecs.get_account_id(),
                ecs.get_region(),
                healthy_task=self.record,
            )

    def _note(self, name: str, **keys: Any) -> None:
        for each in self.record["containers"]:
            if each["name"] == name:
                each.update(keys)


_HEALTH = {"healthy": "HEALTHY", "unhealthy": "UNHEALTHY", "starting": "UNKNOWN", "none": "UNKNOWN"}


def _without_fail(what: Callable[[], Any]) -> None:
    """What is to be removed may be gone, or on its way."""
    try:
        what()
    except docker.errors.APIError as error:
        _LOG.info("%s", error)
