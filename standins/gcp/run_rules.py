"""What Cloud Run says in prose of services, worker pools and jobs: on bodies of the API, values may be unknown. Pure.

Where no page is named, it is the description of the field in
https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services
"""

from collections.abc import Iterator
from typing import Final

from standins.gcp import run_containers, run_sizes
from standins.tables import known, part, parts
from standins.values import UNKNOWN, Properties, Value

MOST_CONCURRENCY: Final = 1000
"""https://cloud.google.com/run/docs/about-concurrency#maximum_concurrent_requests_per_instance"""
MOST_REQUEST_SECONDS: Final = 3600
"""https://cloud.google.com/run/docs/configuring/request-timeout"""
MOST_TASK_SECONDS: Final = 168 * 3600
"""https://cloud.google.com/run/docs/configuring/task-timeout"""
MOST_GPU_TASK_SECONDS: Final = 3600
"""https://cloud.google.com/run/docs/configuring/jobs/gpu"""
MOST_RETRIES: Final = 10
"""https://cloud.google.com/run/docs/configuring/max-retries"""
MOST_TOKEN: Final = 62
"""Characters of a job's name and its execution token together."""
_SPLIT: Final = 100
_RESERVED_LABELS: Final = (
    "run.googleapis.com",
    "cloud.googleapis.com",
    "serving.knative.dev",
    "autoscaling.knative.dev",
)


def service(body: Properties) -> Iterator[tuple[str, str]]:
    """What is wrong with a service."""
    template = part(body, "template")
    yield from _labels(body)
    yield from run_containers.problems(template, "template", run_containers.SERVICE)
    yield from run_sizes.problems(template, "template")
    yield from _scaling(part(template, "scaling"), "template.scaling")
    yield from _scaling(part(body, "scaling"), "scaling")
    yield from _concurrency(template)
    yield from _billing(template)
    yield from _seconds(template.get("timeout"), "template.timeout", MOST_REQUEST_SECONDS)
    yield from _split(body.get("traffic"), "traffic")


def worker_pool(body: Properties) -> Iterator[tuple[str, str]]:
    """What is wrong with a worker pool."""
    template = part(body, "template")
    yield from _labels(body)
    yield from run_containers.problems(template, "template", run_containers.WORKER_POOL)
    yield from run_sizes.problems(template, "template")
    yield from _whole_cpu(template, "template")
    count = part(body, "scaling").get("manualInstanceCount")
    if isinstance(count, int) and count < 0:
        yield "scaling.manualInstanceCount", f"{count} is below 0"
    yield from _split(body.get("instanceSplits"), "instanceSplits")


def job(body: Properties, name: Value = None) -> Iterator[tuple[str, str]]:
    """What is wrong with a job.

    Args:
        body: of it.
        name: its name; None: it is not known.
    """
    execution = part(body, "template")
    task = part(execution, "template")
    yield from _labels(body)
    yield from run_containers.problems(task, "template.template", run_containers.JOB)
    yield from run_sizes.problems(task, "template.template")
    yield from _whole_cpu(task, "template.template")
    most = MOST_GPU_TASK_SECONDS if task.get("nodeSelector") else MOST_TASK_SECONDS
    yield from _seconds(task.get("timeout"), "template.template.timeout", most)
    retries = task.get("maxRetries")
    if isinstance(retries, int) and not 0 <= retries <= MOST_RETRIES:
        yield "template.template.maxRetries", f"{retries} is not from 0 to {MOST_RETRIES}"
    tokens = [body.get(each) for each in ("runExecutionToken", "startExecutionToken") if body.get(each)]
    if len(tokens) > 1:
        yield "startExecutionToken", "conflicts with runExecutionToken"
    for token in tokens:
        if known(token) and known(name) and len(str(token)) + len(str(name)) > MOST_TOKEN:
            yield "runExecutionToken", f'"{token}" and the name "{name}" have more than {MOST_TOKEN} characters'


def _labels(body: Properties) -> Iterator[tuple[str, str]]:
    for name in part(body, "labels"):
        if name.partition("/")[0] in _RESERVED_LABELS:
            yield f"labels.{name}", "is in a namespace of Google's own"


def _scaling(scaling: Properties, path: str) -> Iterator[tuple[str, str]]:
    least, most = scaling.get("minInstanceCount"), scaling.get("maxInstanceCount")
    for name, value, bound in (("minInstanceCount", least, 0), ("maxInstanceCount", most, 1)):
        if isinstance(value, int) and value < bound and not (value == 0 and name == "maxInstanceCount"):
            yield f"{path}.{name}", f"{value} is below {bound}"
    if isinstance(least, int) and isinstance(most, int) and most and least > most:
        yield f"{path}.minInstanceCount", f"{least} is above maxInstanceCount, {most}"


def _concurrency(template: Properties) -> Iterator[tuple[str, str]]:
    path, asked = "template.maxInstanceRequestConcurrency", template.get("maxInstanceRequestConcurrency")
    if isinstance(asked, int) and not 0 <= asked <= MOST_CONCURRENCY:
        yield path, f"{asked} is not from 1 to {MOST_CONCURRENCY}"
    cpus = run_sizes.total_cpu(template)
    if cpus is None or cpus >= 1:
        return
    # https://cloud.google.com/run/docs/configuring/services/cpu#cpu-memory
    if isinstance(asked, int) and asked > 1:
        yield path, f"{asked} with {cpus:g} CPU; it must be 1 below 1 CPU"
    if any(not _idles(each) for each in parts(template, "containers")):
        yield "template.containers", f"{cpus:g} CPU wants cpuIdle true below 1 CPU (request-based billing)"
    if template.get("executionEnvironment") == "EXECUTION_ENVIRONMENT_GEN2":
        yield "template.executionEnvironment", f"{cpus:g} CPU wants the first generation below 1 CPU"


def _billing(template: Properties) -> Iterator[tuple[str, str]]:
    """https://cloud.google.com/run/docs/configuring/services/gpu#requirements: the CPU is always there."""
    if not template.get("nodeSelector"):
        return
    for place, each in enumerate(parts(template, "containers")):
        if part(each, "resources").get("cpuIdle") is True:
            yield f"template.containers[{place}].resources.cpuIdle", "must be false beside a GPU"


def _idles(container: Properties) -> bool:
    resources = container.get("resources")
    return not isinstance(resources, dict) or resources.get("cpuIdle") in (True, UNKNOWN)


def _whole_cpu(template: Properties, path: str) -> Iterator[tuple[str, str]]:
    cpus = run_sizes.total_cpu(template)
    if cpus is not None and 0 < cpus < 1:
        yield (
            f"{path}.containers",
            f"{cpus:g} CPU in all; below 1 CPU there are services with request-based billing only",
        )


def _seconds(value: Value, path: str, most: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and value.endswith("s") and value[:-1].isdecimal() and not 0 < int(value[:-1]) <= most:
        yield path, f"{value} is not from 1s to {most}s"


def _split(targets: Value, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(targets, list) or not targets:
        return
    percents: list[Value] = [each.get("percent", 0) if isinstance(each, dict) else None for each in targets]
    if all(isinstance(each, int) for each in percents) and sum(percents) != _SPLIT:
        yield path, f"its percents come to {sum(percents)}, not to {_SPLIT}"
