"""What an application's resources are given, against the installed SDK's types and AWS' own service models.

The kinds that the tests' stand-in knows are held to its rules, which are the models' and IAM's grammar; of the others,
the call that makes them is held to botocore's model. Not proved: what no model says, such as that a version exists.
"""

import functools
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
from apps import app, service
from ecs_component import EXISTING, deployed
from ecs_scopes import LISTENER

from components.model import (
    App,
    Autoscale,
    Dependency,
    FileGrant,
    FileObject,
    Ingress,
    Job,
    Mount,
    Opaque,
    Parts,
    Port,
    Schedule,
    ServiceExtension,
    Triggers,
    Volume,
)
from components.testing import Outputs, Recorded, Recording, record
from standins.aws import model
from standins.aws.__main__ import package
from standins.sdk import Sdk, problems
from standins.traits import fill, violations
from standins.values import UNKNOWN, Properties

ACCOUNT = "123456789012"
PASSWORD = Parts([Opaque("correct-horse-battery", name="PW")])
CALLS: dict[str, tuple[str, str, dict[str, str], tuple[str, ...]]] = {
    "aws:appautoscaling/policy:Policy": (
        "application-autoscaling",
        "PutScalingPolicy",
        {
            "targetTrackingScalingPolicyConfiguration": "TargetTrackingScalingPolicyConfiguration",
            "name": "PolicyName",
        },
        (),
    ),
    "aws:appautoscaling/target:Target": ("application-autoscaling", "RegisterScalableTarget", {}, ()),
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        "elasticache",
        "CreateReplicationGroup",
        {
            "description": "ReplicationGroupDescription",
            "nodeType": "CacheNodeType",
            "subnetGroupName": "CacheSubnetGroupName",
            "multiAzEnabled": "MultiAZEnabled",
        },
        ("applyImmediately", "finalSnapshotIdentifier"),
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": (
        "elasticache",
        "CreateCacheSubnetGroup",
        {"description": "CacheSubnetGroupDescription", "name": "CacheSubnetGroupName"},
        (),
    ),
    "aws:rds/instance:Instance": (
        "rds",
        "CreateDBInstance",
        {
            "identifierPrefix": "DBInstanceIdentifier",
            "instanceClass": "DBInstanceClass",
            "username": "MasterUsername",
            "password": "MasterUserPassword",
            "parameterGroupName": "DBParameterGroupName",
        },
        ("applyImmediately", "skipFinalSnapshot", "finalSnapshotIdentifier"),
    ),
    "aws:rds/parameterGroup:ParameterGroup": (
        "rds",
        "CreateDBParameterGroup",
        {"namePrefix": "DBParameterGroupName", "family": "DBParameterGroupFamily"},
        ("parameters",),
    ),
    "aws:rds/subnetGroup:SubnetGroup": (
        "rds",
        "CreateDBSubnetGroup",
        {"description": "DBSubnetGroupDescription", "name": "DBSubnetGroupName"},
        (),
    ),
    "aws:scheduler/schedule:Schedule": ("scheduler", "CreateSchedule", {}, ()),
}
"""Type -> service, the call that makes it, members that have another name there, inputs that are in other calls."""
RICH = app(
    service(
        "web",
        depends_on={
            "db": Dependency(condition="service_healthy"),
            "migrate": Dependency(condition="service_completed_successfully"),
        },
        ports=(Port(target=80, published="8080"), Port(target=53, published="53", protocol="udp")),
        configs=(FileGrant(source="page", target="/etc/page"),),
        secrets=(FileGrant(source="pw"),),
        environment={"PASSWORD": PASSWORD, "PLAIN": "1"},
        volumes=(Mount(type="volume", source="data", target="/d"),),
        x_slipway=ServiceExtension(
            ingress=Ingress(port=80, host="shop.example.com", sticky=True),
            autoscale=Autoscale(min=1, max=3, cpu=70, requests=100),
        ),
    ),
    service("migrate", restart="no"),
    service(
        "db",
        image="postgres:16",
        environment={"POSTGRES_PASSWORD": PASSWORD},
        x_slipway=ServiceExtension(managed="postgres"),
    ),
    service("cache", image="redis:7", x_slipway=ServiceExtension(managed="redis")),
    jobs={
        "nightly": Job(
            name="nightly",
            image="nightly:1",
            networks={"default": None},
            triggers=Triggers(schedule=(Schedule(cron="0 3 * * *"),)),
        )
    },
    volumes={"data": Volume()},
    secrets={"pw": FileObject(environment="PW")},
    configs={"page": FileObject(content="hello")},
    env={"PW": PASSWORD},
)
UNNAMED = {"aws:lb/listener:Listener", "aws:route53/record:Record"}
"""Types whose name is no input of the call."""
CLUSTER = {
    **EXISTING,
    "subnets": ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
    "publicSubnets": ["subnet-0a1b2c3d4e5f60720", "subnet-0a1b2c3d4e5f60721"],
}
BALANCED = {
    **CLUSTER,
    "balancer": {
        "name": "main-1.eu-central-1.elb.amazonaws.com",
        "zone": "Z215JYRZR1TBD5",
        "securityGroup": "sg-balancer",
        "http": f"{LISTENER}http",
        "https": f"{LISTENER}https",
    },
}


IDENTITIES = {
    "aws:ec2/securityGroup:SecurityGroup": "sg",
    "aws:efs/accessPoint:AccessPoint": "fsap",
    "aws:efs/fileSystem:FileSystem": "fs",
}
"""Type -> how its IDs begin."""


def identity(token: str, name: str) -> str:
    """An ID in AWS' own form."""
    begin = IDENTITIES.get(token)
    return f"{name}-id" if begin is None else f"{begin}-{hashlib.sha256(name.encode()).hexdigest()[:17]}"


class Answers(Outputs):
    """IDs and ARNs in AWS' own form."""

    def new_resource(self, args: Any) -> tuple[str | None, dict[str, Any]]:
        """What the class above says, with what AWS fills in."""
        _, outputs = super().new_resource(args)
        filled = {"arnSuffix": "app/main/1", "address": "db.example.com", "primaryEndpointAddress": "cache.example.com"}
        if args.typ == "aws:iam/role:Role":
            filled["arn"] = f"arn:aws:iam::{ACCOUNT}:role/{args.name}"
        return identity(args.typ, args.name), {**outputs, **filled}


def whole(value: Any) -> Any:
    """Mocks see every number as a float; what an archive holds, another test says."""
    if isinstance(value, dict):
        return {key: whole(each) for key, each in value.items()}
    if isinstance(value, list):
        return [whole(each) for each in value]
    if isinstance(value, pulumi.AssetArchive):
        return UNKNOWN
    return int(value) if isinstance(value, float) and value.is_integer() else value


def guestbook() -> Recording:
    file = str(Path("examples/guestbook/compose.yaml").resolve())
    secrets = {"REDIS_PASSWORD": "geheim"}
    return record(
        {"compose": [file], "target": "ecs", "secrets": secrets, "cluster": {"existing": CLUSTER}}, outputs=Answers()
    )


def rich(application: App = RICH) -> Recording:
    return deployed(application, outputs=Answers(), cluster={"existing": BALANCED})


@pytest.fixture(params=[rich, guestbook], ids=["every kind", "guestbook"], scope="module")
def recorded(request: pytest.FixtureRequest) -> list[Recorded]:
    return [each for each in request.param() if each.type.startswith("aws:")]


@functools.cache
def known() -> Any:
    """The kinds that the stand-in has."""
    return package().resources


def named(each: Recorded, inputs: Properties) -> Properties:
    """Inputs with the name that Pulumi makes where the program gives none."""
    is_named = "name" in Sdk("pulumi_aws").schema(each.type).inputs and not inputs.get("namePrefix")
    return {"name": f"{each.name}-1234567", **inputs} if is_named and each.type not in UNNAMED else inputs


def network(inputs: Properties) -> Properties:
    """A schedule's inputs with the network a level deeper, where the API has it."""
    target = inputs["target"]
    given = target["ecsParameters"]["networkConfiguration"]
    inside = {**given, "assignPublicIp": "ENABLED" if given["assignPublicIp"] else "DISABLED"}
    ecs = {**target["ecsParameters"], "networkConfiguration": {"awsvpcConfiguration": inside}}
    return {**inputs, "target": {**target, "ecsParameters": ecs}}


def wrong(each: Recorded) -> Iterator[tuple[str, str]]:
    """What AWS' own models have against a resource."""
    inputs = whole(each.inputs)
    if each.type in known():
        kind = known()[each.type]
        filled = named(each, fill(kind.traits, inputs))
        yield from violations(kind.traits, filled)
        yield from kind.check(filled)
    elif each.type in CALLS:
        called, operation, spelled, apart = CALLS[each.type]
        shape = model.operation(called, operation)
        if each.type == "aws:scheduler/schedule:Schedule":
            inputs = network(inputs)
        given = {key: value for key, value in named(each, inputs).items() if key not in (*apart, "tags")}
        yield from model.problems(shape, model.body(shape, given, spelled))
    else:
        yield "", "no model is known"


def test_every_input_is_one_of_the_sdks(recorded: list[Recorded]) -> None:
    sdk = Sdk("pulumi_aws")
    found = [
        (each.name, *problem) for each in recorded for problem in problems(sdk.schema(each.type), whole(each.inputs))
    ]
    assert found == []


def test_everything_is_what_awss_own_models_take(recorded: list[Recorded]) -> None:
    found = [(each.type.rpartition(":")[2], each.name, *problem) for each in recorded for problem in wrong(each)]
    assert found == []


def test_a_wrong_word_would_be_seen() -> None:
    given = {
        "engine": "postgres",
        "instanceClass": "db.t4g.micro",
        "identifierPrefix": "shop-",
        "allocatedStorage": "much",
    }
    row = Recorded(type="aws:rds/instance:Instance", name="db", urn="", inputs=given)
    assert [path for path, _ in wrong(row)] == ["AllocatedStorage"]


# --- what it means ---------------------------------------------------------------------------------------------------

NO_RESOURCE = {
    "ecr:GetAuthorizationToken": "it is the registry's own",
    "ecs:ListTasks": "tasks on Fargate are on no instance, which would be the resource",
}
"""Action -> why AWS knows no resource for it."""


def statements(recorded: list[Recorded]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name of the policy -> each of its statements."""
    for each in recorded:
        if each.type == "aws:iam/rolePolicy:RolePolicy":
            for statement in json.loads(each.inputs["policy"])["Statement"]:
                yield each.name, statement


def texts(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def test_a_star_stands_only_where_aws_knows_no_resource(recorded: list[Recorded]) -> None:
    found = {
        action
        for _, statement in statements(recorded)
        if "*" in texts(statement["Resource"])
        for action in texts(statement["Action"])
    }
    assert found <= set(NO_RESOURCE)


def test_no_policy_allows_an_action_by_a_pattern(recorded: list[Recorded]) -> None:
    assert [action for _, each in statements(recorded) for action in texts(each["Action"]) if "*" in action] == []


def test_a_secret_is_read_by_what_starts_the_tasks_that_need_it_alone() -> None:
    recorded = [each for each in rich() if each.type.startswith("aws:")]
    readers = {
        (name, resource.rpartition(":")[2])
        for name, statement in statements(recorded)
        if "secretsmanager:GetSecretValue" in texts(statement["Action"])
        for resource in texts(statement["Resource"])
    }
    assert readers == {("app-web-execution", "app-pw"), ("app-web-execution", "app-web-environment")}


def test_the_world_reaches_what_is_published_and_nothing_else(recorded: list[Recorded]) -> None:
    ingress = [each for each in recorded if each.type.endswith(":SecurityGroupIngressRule")]
    opened = {
        (each.inputs["securityGroupId"], int(each.inputs["fromPort"]), each.inputs["ipProtocol"])
        for each in ingress
        if "cidrIpv4" in each.inputs or "cidrIpv6" in each.inputs
    }
    published = {
        (
            identity("aws:ec2/securityGroup:SecurityGroup", "app-published"),
            int(each.inputs["port"]),
            each.inputs["protocol"].lower(),
        )
        for each in recorded
        if each.type == "aws:lb/listener:Listener"
    }
    assert opened == published


def test_what_holds_content_is_encrypted(recorded: list[Recorded]) -> None:
    said = {
        "aws:efs/fileSystem:FileSystem": "encrypted",
        "aws:elasticache/replicationGroup:ReplicationGroup": "atRestEncryptionEnabled",
        "aws:rds/instance:Instance": "storageEncrypted",
    }
    assert [each.name for each in recorded if each.type in said and each.inputs.get(said[each.type]) is not True] == []


def test_data_is_kept_when_the_stack_goes_and_nothing_else_is(recorded: list[Recorded]) -> None:
    kept = {each.type.rpartition(":")[2] for each in recorded if each.options.get("retain_on_delete")}
    assert kept - {"AccessPoint", "FileSystem", "FileSystemPolicy", "Instance"} == set()
    assert "AccessPoint" in kept


def test_no_secret_is_in_clear_in_anything_that_is_shown(recorded: list[Recorded]) -> None:
    shown = [each for each in recorded if "correct-horse-battery" in json.dumps(dict(each.inputs), default=str)]
    assert {(each.type.rpartition(":")[2], *each.secrets) for each in shown} <= {
        ("Instance", "password"),
        ("SecretVersion", "secretString"),
    }
