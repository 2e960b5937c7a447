"""The mocks kit: run an application without an engine, and look at every resource that it would register.

    recorded = record({"compose": ["compose.yaml"], "target": "docker"})
    assert recorded.one("Container", "app-web-1").inputs["image"] == "sha256:0"

`docs/testing.md` has more. Mocks prove what Pulumi is asked for. They do not prove that a provider takes it, or that
anything runs.
"""

import functools
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pulumi
from pulumi.runtime import mocks

from .errors import suggest

Program = Callable[[], Any]
UNKNOWN = pulumi.output.UNKNOWN
"""What stands in inputs, in a preview, for what a provider computes."""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One registered resource.

    Attributes:
        type: its token, `docker:index/container:Container`.
        name: logical.
        inputs: as the provider would get them, in camelCase; secrets are unwrapped, what is not known yet is `UNKNOWN`.
        secrets: names of the inputs that hold a secret.
        parent: URN; empty for the stack itself.
        provider: `urn::id` of an explicit provider; empty for a component, or where a default one would be used.
        dependencies: URNs, sorted.
        options: `protect`, `delete_before_replace`, `retain_on_delete`, where set.
    """

    type: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    secrets: frozenset[str] = frozenset()
    parent: str = ""
    provider: str = ""
    dependencies: tuple[str, ...] = ()
    options: Mapping[str, bool] = field(default_factory=dict)


class Recording(list[Recorded]):
    """The resources of a program, in the order of their registration.

    Attributes:
        outputs: what the program exported, secrets unwrapped; without what is not known in a preview.
    """

    def __init__(self, resources: Iterable[Recorded] = (), outputs: Mapping[str, Any] | None = None) -> None:
        super().__init__(resources)
        self.outputs: dict[str, Any] = dict(outputs or {})

    def of(self, kind: str) -> list[Recorded]:
        """The resources of a kind, the last word of their type: `Container`."""
        return [each for each in self if each.type.rpartition(":")[2] == kind]

    def one(self, kind: str, name: str) -> Recorded:
        """The resource of a kind with a name.

        Raises:
            LookupError: there is none; the message lists those of the kind.
        """
        found = self.of(kind)
        for each in found:
            if each.name == name:
                return each
        raise LookupError(f'no {kind} "{name}": {suggest(name, (each.name for each in found))}')


_GET_SERVICE = "aws:ecs/getService:getService"
_GET_RUN = re.compile(r"gcp:cloudrunv2/get(Service|Job|WorkerPool):\w+")
_READ_STACK = "pulumi:pulumi:readStackOutputs"
_AWS = "arn:aws:{service}:us-east-1:123456789012:{name}"


class Outputs(mocks.Mocks):
    """Answers for what a provider would compute. A subclass may answer otherwise.

    Attributes:
        computed: type -> outputs that are added to the inputs.
        functions: token -> what a provider's function answers. An ECS service runs what it was asked to run, and what
            Cloud Run runs is ready.
        stacks: `organization/project/stack` -> the outputs of another stack, such as a cluster's.
    """

    computed: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "docker:index/remoteImage:RemoteImage": {"imageId": "sha256:0", "repoDigest": "name@sha256:0"},
        "docker:index/container:Container": {"exitCode": 0, "containerLogs": ""},
        "aws:lambda/invocation:Invocation": {"result": '{"exitCode": 0, "reason": "", "logs": []}'},
        "aws:lb/targetGroup:TargetGroup": {"arnSuffix": "targetgroup/group/0"},
        "aws:lb/loadBalancer:LoadBalancer": {"dnsName": "balancer.example", "zoneId": "Z0"},
        "aws:secretsmanager/secretVersion:SecretVersion": {"versionId": "version-0"},
        "gcp:compute/globalAddress:GlobalAddress": {"address": "203.0.113.1"},
        "gcp:redis/instance:Instance": {"host": "10.0.0.3", "port": 6379, "authString": "word"},
        "gcp:secretmanager/secretVersion:SecretVersion": {"version": "1"},
        "gcp:sql/databaseInstance:DatabaseInstance": {"privateIpAddress": "10.0.0.4"},
        "docker-build:index:Image": {"digest": "sha256:0", "ref": "name@sha256:0", "contextHash": "0"},
    }

    functions: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "aws:ecr/getAuthorizationToken:getAuthorizationToken": {"userName": "AWS", "password": "token"},
        "gcp:organizations/getClientConfig:getClientConfig": {"accessToken": "token"},
        "gcp:organizations/getProject:getProject": {"number": "123456789012"},
    }
    stacks: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    def __init__(self) -> None:
        """Nothing is made yet."""
        self._running: dict[str, Any] = {}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """A made-up ID, the inputs as outputs, and what is computed."""
        given: dict[str, Any] = {"name": args.name, **args.inputs}
        if args.typ.startswith("aws:"):
            given = {"arn": _AWS.format(service=args.typ.split(":")[1].partition("/")[0], name=args.name), **given}
        if args.typ == "gcp:serviceaccount/account:Account":
            email = f"{given['accountId']}@{given['project']}.iam.gserviceaccount.com"
            given = {"email": email, "member": f"serviceAccount:{email}", **given}
        if args.typ == "aws:ecs/service:Service":
            self._running[given["name"]] = given["taskDefinition"]
        return f"{args.name}-id", {**given, **self.computed.get(args.typ, {})}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """The outputs of another stack, and of the functions that are known; no other answers anything."""
        if args.token == _GET_SERVICE:
            return {"taskDefinition": self._running.get(args.args["serviceName"])}, []
        if _GET_RUN.fullmatch(args.token):
            return {"latestCreatedRevision": "1", "latestReadyRevision": "1", "terminalConditions": []}, []
        if args.token != _READ_STACK:
            return dict(self.functions.get(args.token, {})), []
        return {"name": args.args["name"], "outputs": dict(self.stacks.get(args.args["name"], {}))}, []


class _Previewed(mocks.Mocks):
    """What is known in a preview: what was given, but nothing that a provider computes."""

    def __init__(self, answers: mocks.Mocks) -> None:
        self.answers = answers

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        return None, {"name": args.name, **args.inputs}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        return self.answers.call(args)


class _Monitor(mocks.MockMonitor):
    def __init__(self, outputs: mocks.Mocks) -> None:
        super().__init__(outputs)
        self.recorded: list[Recorded] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the name of the gRPC method
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]  # Pulumi's own mocks have no types
        if request.type != "pulumi:pulumi:Stack":
            raw = pulumi.runtime.rpc.deserialize_properties(request.object, keep_unknowns=True)
            flags = {
                "protect": request.protect,
                "delete_before_replace": request.deleteBeforeReplace,
                "retain_on_delete": request.retainOnDelete,
            }
            self.recorded.append(
                Recorded(
                    type=request.type,
                    name=request.name,
                    urn=response.urn,
                    inputs={key: _unwrapped(value) for key, value in raw.items()},
                    secrets=frozenset(key for key, value in raw.items() if _holds_secret(value)),
                    parent=request.parent,
                    provider=request.provider or next(iter(request.providers.values()), ""),
                    dependencies=tuple(sorted(request.dependencies)),
                    options={name: True for name, value in flags.items() if value},
                )
            )
        return response


def record(
    program: Program | Mapping[str, Any],
    *,
    outputs: mocks.Mocks | None = None,
    config: Mapping[str, str] | None = None,
    preview: bool = False,
    project: str = "project",
    stack: str = "stack",
) -> Recording:
    """Run a program under mocks.

    Args:
        program: a function that makes resources, or the arguments of an `Application` (which is called `app` then).
        outputs: what a provider would compute; default: `Outputs()`.
        config: the stack's config, full key (`shop:size`) to text; default: none.
        preview: whether it is a preview: what a provider computes is then unknown.
        project: the Pulumi project's name.
        stack: the stack's name.

    Returns:
        The resources in the order of their registration, and what was exported.

    Raises:
        SlipwayError: as the program does.
    """
    given = outputs or Outputs()
    answers = _Previewed(given) if preview else given
    monitor = _Monitor(answers)
    os.environ.setdefault("PULUMI_ERROR_OUTPUT_STRING", "1")
    # what a backend without organizations calls its only one
    organization = "organization"
    mocks.set_mocks(answers, project=project, stack=stack, preview=preview, monitor=monitor, organization=organization)
    pulumi.runtime.set_all_config(dict(config or {}))
    exported: dict[str, Any] = {}
    run = program if callable(program) else _application(program)
    pulumi.runtime.test(lambda: _exporting(run, exported))()  # type: ignore[no-untyped-call]  # the same
    return Recording(monitor.recorded, exported)


def _exporting(program: Program, exported: dict[str, Any]) -> None:
    """Run a program, and collect what it exports as far as it is known."""
    root: Any = pulumi.runtime.get_root_resource()
    root.outputs.clear()  # one stack serves all programs of a process
    program()
    for name, value in root.outputs.items():
        pulumi.Output.from_input(value).apply(functools.partial(exported.__setitem__, name))


def _application(args: Mapping[str, Any]) -> Program:
    def run() -> None:
        from .application import Application  # noqa: PLC0415 - loads a target's SDK

        Application("app", dict(args))  # type: ignore[arg-type]  # checked by the settings

    return run


def _unwrapped(value: Any) -> Any:
    if isinstance(value, pulumi.output.Unknown):
        return UNKNOWN
    if pulumi.runtime.rpc.is_rpc_secret(value):
        return _unwrapped(pulumi.runtime.rpc.unwrap_rpc_secret(value))
    if isinstance(value, Mapping):
        return {key: _unwrapped(element) for key, element in value.items()}
    if isinstance(value, list):
        return [_unwrapped(element) for element in value]
    return value


def _holds_secret(value: Any) -> bool:
    if pulumi.runtime.rpc.is_rpc_secret(value):
        return True
    elements = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return any(_holds_secret(element) for element in elements)
