"""The source of the function that runs a task to its end, which AWS has no resource for.

Lambda runs it, with boto3 at hand and nothing else of Slipway. A run that is under way already is waited for, not
started twice: a function lives 15 minutes at most, and the next `up` goes on where it left off.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

Event = Mapping[str, Any]
"""What the function is invoked with: `cluster`, `taskDefinition` and `logGroup`, as their ARNs and name;
`networkConfiguration` and `count` of tasks, as RunTask takes them; `container` that decides, and the `logPrefix` of
its log streams; `tries` after a first that has failed; whether to `wait` for the end."""
Result = dict[str, Any]
"""`exitCode`, `reason` and, of a run that has failed, the last lines of `logs`."""

POLL = 3.0
"""Seconds between two looks."""
MARGIN = 20.0
"""Seconds before the function's own end at which it gives up, to say so."""
PERMITTED_AFTER = 20
"""Looks after which a permission that has just been given counts as refused."""
AT_ONCE, LISTED = 10, 100
"""Tasks that one call starts, and tasks that one call describes."""
NOT_RUN = 125
"""The exit code of a container that could not be run, as `docker run` has it."""
LOG_LINES = 20


def handler(event: Event, context: Any) -> Result:
    """Run tasks to their end.

    Args:
        event: see `Event`.
        context: Lambda's.

    Returns:
        See `Result`.

    Raises:
        TimeoutError: they are still running.
        RuntimeError: they could not be started.
    """
    import boto3  # noqa: PLC0415 - Lambda has it; nothing else that imports this module needs it

    def left() -> float:
        return float(context.get_remaining_time_in_millis()) / 1000 - MARGIN

    return Run(event, boto3.client("ecs"), boto3.client("logs"), left).result()


class Run:
    """The tasks of one trigger."""

    def __init__(
        self,
        event: Event,
        ecs: Any,
        logs: Any,
        left: Callable[[], float],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Nothing is started yet.

        Args:
            event: see `Event`.
            ecs: client of ECS.
            logs: client of CloudWatch Logs.
            left: how many seconds there are left.
            sleep: waits for so many seconds.
        """
        self._event = event
        self._ecs = ecs
        self._logs = logs
        self._left = left
        self._sleep = sleep
        trigger = hashlib.sha256(event["taskDefinition"].encode()).hexdigest()[:24]
        self._started_by = f"slipway-{trigger}"

    def result(self) -> Result:
        """Start the tasks, or find them running; wait for their end; try again as often as is allowed."""
        left = int(self._event["tries"])
        while True:
            arns = self._running() or self._start()
            if not self._event["wait"]:
                return {"exitCode": 0, "reason": "started, and not waited for", "logs": []}
            tasks = self._ended(arns)
            failed = next((task for task in tasks if self._code(task)), None)
            if failed is None:
                return {"exitCode": 0, "reason": "", "logs": []}
            if not left:
                return {"exitCode": self._code(failed), "reason": self._reason(failed), "logs": self._tail(failed)}
            left -= 1

    def _running(self) -> list[str]:
        found = self._ecs.list_tasks(cluster=self._event["cluster"], startedBy=self._started_by)
        return list(found["taskArns"])

    def _start(self) -> list[str]:
        arns: list[str] = []
        missing = int(self._event["count"])
        while missing > 0:
            answer = self._run_task(min(missing, AT_ONCE))
            if answer["failures"]:
                reasons = ", ".join(str(each.get("reason")) for each in answer["failures"])
                raise RuntimeError(f"{self._event['container']}: no task was started: {reasons}")
            arns += (task["taskArn"] for task in answer["tasks"])
            missing -= AT_ONCE
        return arns

    def _run_task(self, count: int) -> Any:
        """Start some; a permission that has just been given does not hold everywhere at once."""
        looks = PERMITTED_AFTER
        while True:
            try:
                return self._ecs.run_task(
                    cluster=self._event["cluster"],
                    taskDefinition=self._event["taskDefinition"],
                    networkConfiguration=self._event["networkConfiguration"],
                    launchType="FARGATE",
                    count=count,
                    startedBy=self._started_by,
                    propagateTags="TASK_DEFINITION",
                    enableECSManagedTags=True,
                )
            except self._ecs.exceptions.AccessDeniedException:
                looks -= 1
                if not looks:
                    raise
            self._sleep(POLL)

    def _ended(self, arns: list[str]) -> list[Any]:
        while True:
            tasks = [task for some in _batches(arns) for task in self._described(some)]
            if all(task["lastStatus"] == "STOPPED" for task in tasks):
                return tasks
            if self._left() < POLL:
                name = self._event["container"]
                raise TimeoutError(f"{name}: it is still running; run `pulumi up` again to go on waiting")
            self._sleep(POLL)

    def _described(self, arns: list[str]) -> Iterable[Any]:
        answer = self._ecs.describe_tasks(cluster=self._event["cluster"], tasks=arns)
        return list(answer["tasks"])

    def _container(self, task: Any) -> Any:
        named = (each for each in task["containers"] if each["name"] == self._event["container"])
        return next(named, {})

    def _code(self, task: Any) -> int:
        return int(self._container(task).get("exitCode", NOT_RUN))

    def _reason(self, task: Any) -> str:
        return str(self._container(task).get("reason") or task.get("stoppedReason") or "")

    def _tail(self, task: Any) -> list[str]:
        stream = f"{self._event['logPrefix']}/{self._event['container']}/{task['taskArn'].rpartition('/')[2]}"
        try:
            found = self._logs.get_log_events(
                logGroupName=self._event["logGroup"], logStreamName=stream, limit=LOG_LINES, startFromHead=False
            )
        except self._logs.exceptions.ResourceNotFoundException:
            return []  # it has printed nothing
        return [str(each["message"]) for each in found["events"]]


def _batches(arns: list[str]) -> Iterator[list[str]]:
    return (arns[start : start + LISTED] for start in range(0, len(arns), LISTED))
