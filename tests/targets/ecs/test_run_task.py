"""The function that runs a task to its end, as plain Python against a cluster that is made up. For real: tests/aws."""

from collections.abc import Iterable
from typing import Any

import pytest

from components.targets.ecs import run_task
from components.targets.ecs.run_task import Run

EVENT = {
    "cluster": "arn:aws:ecs:eu-central-1:123456789012:cluster/main",
    "taskDefinition": "arn:aws:ecs:eu-central-1:123456789012:task-definition/shop-migrate:7",
    "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-a"]}},
    "count": 1,
    "container": "migrate",
    "logGroup": "/slipway/shop",
    "logPrefix": "shop",
    "tries": 0,
    "wait": True,
}


class RefusedError(Exception):
    pass


class MissingError(Exception):
    pass


class Cluster:
    """Tasks that end, one after the other, with the codes that are given.

    Attributes:
        codes: of the tasks, in the order of their start; None: it never runs.
        looks: how often a task is still running when it is looked at.
        refusals: how many starts are refused at first.
        running: tasks that are there before.
        started: what every start was asked for.
    """

    class exceptions:  # noqa: N801 - as boto3 calls it
        AccessDeniedException = RefusedError

    def __init__(self, codes: Iterable[int | None], looks: int = 0, refusals: int = 0, failures: Any = ()) -> None:
        self.codes = iter(codes)
        self.looks = looks
        self.refusals = refusals
        self.failures = list(failures)
        self.running: list[str] = []
        self.started: list[dict[str, Any]] = []
        self.ended: dict[str, int | None] = {}

    def list_tasks(self, **asked: Any) -> Any:
        assert asked == {"cluster": EVENT["cluster"], "startedBy": asked["startedBy"]}
        return {"taskArns": list(self.running)}

    def run_task(self, **asked: Any) -> Any:
        if self.refusals:
            self.refusals -= 1
            raise RefusedError
        first = sum(each["count"] for each in self.started)
        self.started.append(asked)
        arns = [f"arn:task/main/{first + number}" for number in range(asked["count"])]
        return {"tasks": [{"taskArn": arn} for arn in arns], "failures": self.failures}

    def describe_tasks(self, cluster: str, tasks: list[str]) -> Any:
        assert cluster == EVENT["cluster"]
        if self.looks:
            self.looks -= 1
            return {"tasks": [{"taskArn": arn, "lastStatus": "RUNNING", "containers": []} for arn in tasks]}
        return {"tasks": [self._stopped(arn) for arn in tasks]}

    def _stopped(self, arn: str) -> Any:
        if arn not in self.ended:
            self.ended[arn] = next(self.codes)
        code = self.ended[arn]
        container = {"name": "migrate"} | ({} if code is None else {"exitCode": code})
        return {
            "taskArn": arn,
            "lastStatus": "STOPPED",
            "stoppedReason": "Essential container in task exited",
            "containers": [{"name": "slipway-init", "exitCode": 0}, container],
        }


class Logs:
    class exceptions:  # noqa: N801 - as boto3 calls it
        ResourceNotFoundException = MissingError

    def __init__(self, lines: Iterable[str] | None = ("first", "last")) -> None:
        self.lines = lines
        self.asked: dict[str, Any] = {}

    def get_log_events(self, **asked: Any) -> Any:
        self.asked = asked
        if self.lines is None:
            raise MissingError
        return {"events": [{"message": line} for line in self.lines]}


def run(cluster: Cluster, logs: Logs | None = None, left: float = 900, **keys: Any) -> run_task.Result:
    waited: list[float] = []
    return Run({**EVENT, **keys}, cluster, logs or Logs(), lambda: left - sum(waited), waited.append).result()


def test_a_task_is_started_as_the_event_says() -> None:
    cluster = Cluster([0])
    assert run(cluster) == {"exitCode": 0, "reason": "", "logs": []}
    [asked] = cluster.started
    assert asked == {
        "cluster": EVENT["cluster"],
        "taskDefinition": EVENT["taskDefinition"],
        "networkConfiguration": EVENT["networkConfiguration"],
        "launchType": "FARGATE",
        "count": 1,
        "startedBy": asked["startedBy"],
        "propagateTags": "TASK_DEFINITION",
        "enableECSManagedTags": True,
    }


def test_what_has_started_a_task_is_told_by_the_task_definition_in_few_characters() -> None:
    one, other = Cluster([0]), Cluster([0])
    run(one)
    run(other, taskDefinition="arn:aws:ecs:eu-central-1:123456789012:task-definition/shop-migrate:8")
    marks = [cluster.started[0]["startedBy"] for cluster in (one, other)]
    assert marks[0] != marks[1]
    assert all(len(mark) <= 36 for mark in marks)


def test_a_task_is_waited_for_until_it_has_ended() -> None:
    assert run(Cluster([0], looks=5))["exitCode"] == 0


def test_a_failed_task_tells_its_code_and_its_last_lines() -> None:
    logs = Logs()
    assert run(Cluster([3]), logs) == {
        "exitCode": 3,
        "reason": "Essential container in task exited",
        "logs": ["first", "last"],
    }
    assert logs.asked == {
        "logGroupName": "/slipway/shop",
        "logStreamName": "shop/migrate/0",
        "limit": 20,
        "startFromHead": False,
    }


def test_a_task_that_has_printed_nothing_has_no_lines() -> None:
    assert run(Cluster([3]), Logs(None))["logs"] == []


def test_a_container_that_could_not_be_run_has_failed() -> None:
    assert run(Cluster([None]))["exitCode"] == 125


def test_a_task_that_runs_already_is_waited_for_and_none_is_started() -> None:
    cluster = Cluster([0])
    cluster.running = ["arn:task/main/earlier"]
    assert run(cluster)["exitCode"] == 0
    assert cluster.started == []


def test_a_failed_task_is_tried_again_as_often_as_is_allowed() -> None:
    cluster = Cluster([1, 1, 0])
    assert run(cluster, tries=2)["exitCode"] == 0
    assert len(cluster.started) == 3
    assert run(Cluster([1, 2]), tries=1)["exitCode"] == 2


def test_of_several_tasks_one_that_fails_decides() -> None:
    assert run(Cluster([0, 4, 0]), count=3)["exitCode"] == 4


def test_ten_tasks_are_started_at_once() -> None:
    cluster = Cluster([0] * 23)
    assert run(cluster, count=23)["exitCode"] == 0
    assert [asked["count"] for asked in cluster.started] == [10, 10, 3]


def test_what_nothing_waits_for_is_started_and_left() -> None:
    cluster = Cluster([])
    assert run(cluster, wait=False) == {"exitCode": 0, "reason": "started, and not waited for", "logs": []}
    assert len(cluster.started) == 1


def test_a_permission_that_has_just_been_given_is_waited_for() -> None:
    assert run(Cluster([0], refusals=19))["exitCode"] == 0
    with pytest.raises(RefusedError):
        run(Cluster([0], refusals=20))


def test_a_start_that_fails_is_told() -> None:
    with pytest.raises(RuntimeError, match=r"^migrate: no task was started: Capacity is unavailable at this time$"):
        run(Cluster([], failures=[{"reason": "Capacity is unavailable at this time"}]))


def test_a_task_that_takes_too_long_is_told_before_the_function_ends() -> None:
    expected = "^migrate: it is still running; run `pulumi up` again to go on waiting$"
    with pytest.raises(TimeoutError, match=expected):
        run(Cluster([0], looks=5), left=10)
