"""Services and worker pools of Cloud Run: after `mmv1/products/cloudrunv2/*.yaml` of magic-modules."""

from collections.abc import Iterable
from typing import ClassVar, Final

from standins.gcp import run_rules
from standins.gcp.kind import Kind
from standins.tables import inputs, longest
from standins.traits import Trait
from standins.values import Properties

NAME: Final = r"[a-z]([-a-z0-9]*[a-z0-9])?"
LONGEST: Final = 49
"""Characters of a name (https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services/create)."""
_PLACE: Final = "projects/{project}/locations/{location}"
_IN_PLACE: Final = Trait(in_place=True)
_FILLED: Final = Trait(in_place=True, computed=True)
CONTAINERS: Final = Trait(
    in_place=True,
    fields={
        "envs": Trait(in_place=True, unordered=True),
        "ports": _FILLED,
        "resources": _FILLED,
        "startupProbe": _FILLED,
    },
)
TEMPLATE: Final = Trait(
    in_place=True,
    fields={
        "containers": CONTAINERS,
        "maxInstanceRequestConcurrency": _FILLED,
        "scaling": _FILLED,
        "serviceAccount": _FILLED,
        "timeout": _FILLED,
    },
)
_READY: Final = {
    "conditions": "conditions",
    "createTime": "createTime",
    "creator": "creator",
    "etag": "etag",
    "generation": "generation",
    "lastModifier": "lastModifier",
    "latestCreatedRevision": "latestCreatedRevision",
    "latestReadyRevision": "latestReadyRevision",
    "launchStage": "launchStage",
    "observedGeneration": "observedGeneration",
    "reconciling": "reconciling || `false`",
    "terminalConditions": "[terminalCondition]",
    "uid": "uid",
    "updateTime": "updateTime",
}


class Service(Kind):
    """`cloudrunv2.Service`: ready before it counts as made or changed; one that is not stays in the state."""

    token = "gcp:cloudrunv2/service:Service"  # noqa: S105 - a type token
    api = "run.v2"
    collection = "projects.locations.services"
    identity = f"{_PLACE}/services/{{name}}"
    places: ClassVar = {"parent": _PLACE, "name": "{id}", "serviceId": "{name}"}
    apart = frozenset({"location", "name"})
    stays = True
    labelled = "labels"
    traits = inputs(
        in_place="annotations binaryAuthorization client clientVersion customAudiences defaultUriDisabled description "
        "iapEnabled ingress invokerIamDisabled labels launchStage scaling traffics",
        replaces="location project",
        computed="ingress launchStage project scaling traffics",
        name=Trait(computed=True, rule=longest(LONGEST, NAME)),
        template=TEMPLATE,
        deletionProtection=Trait(default=True, in_place=True),
    )
    outputs: ClassVar = {
        **_READY,
        "ingress": "ingress",
        "trafficStatuses": "trafficStatuses",
        "uri": "uri",
        "urls": "urls",
    }

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        yield from run_rules.service(self.content(self.creates, inputs))


class WorkerPool(Kind):
    """`cloudrunv2.WorkerPool`: instances that take no requests."""

    token = "gcp:cloudrunv2/workerPool:WorkerPool"  # noqa: S105 - a type token
    api = "run.v2"
    collection = "projects.locations.workerPools"
    identity = f"{_PLACE}/workerPools/{{name}}"
    places: ClassVar = {"parent": _PLACE, "name": "{id}", "workerPoolId": "{name}"}
    apart = frozenset({"location", "name"})
    stays = True
    labelled = "labels"
    traits = inputs(
        in_place="annotations binaryAuthorization client clientVersion description instanceSplits labels launchStage "
        "scaling",
        replaces="location project",
        computed="instanceSplits launchStage project scaling",
        name=Trait(computed=True, rule=longest(LONGEST, NAME)),
        template=Trait(
            in_place=True,
            fields={
                "containers": Trait(in_place=True, fields={**CONTAINERS.fields, "dependsOns": Trait()}),
                "serviceAccount": _FILLED,
            },
        ),
        deletionProtection=Trait(default=True, in_place=True),
    )
    outputs: ClassVar = {**_READY, "instanceSplitStatuses": "instanceSplitStatuses"}

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        yield from run_rules.worker_pool(self.content(self.creates, inputs))


class Job(Kind):
    """`cloudrunv2.Job`: with `runExecutionToken` it counts as made once that execution has succeeded."""

    token = "gcp:cloudrunv2/job:Job"  # noqa: S105 - a type token
    api = "run.v2"
    collection = "projects.locations.jobs"
    identity = f"{_PLACE}/jobs/{{name}}"
    places: ClassVar = {"parent": _PLACE, "name": "{id}", "jobId": "{name}"}
    apart = frozenset({"location", "name"})
    stays = True
    labelled = "labels"
    traits = inputs(
        in_place="annotations binaryAuthorization client clientVersion labels launchStage runExecutionToken "
        "startExecutionToken",
        replaces="location project",
        computed="launchStage project",
        name=Trait(computed=True, rule=longest(LONGEST, NAME)),
        template=Trait(
            in_place=True,
            fields={
                "parallelism": _FILLED,
                "taskCount": _FILLED,
                "template": Trait(
                    in_place=True,
                    fields={
                        "containers": CONTAINERS,
                        "executionEnvironment": _FILLED,
                        "maxRetries": Trait(default=3, in_place=True),
                        "serviceAccount": _FILLED,
                        "timeout": _FILLED,
                    },
                ),
            },
        ),
        deletionProtection=Trait(default=True, in_place=True),
    )
    outputs: ClassVar = {
        **{name: path for name, path in _READY.items() if not name.startswith("latest")},
        "executionCount": "executionCount",
        "latestCreatedExecutions": "[latestCreatedExecution]",
    }

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        yield from run_rules.job(self.content(self.creates, inputs), inputs.get("name"))
