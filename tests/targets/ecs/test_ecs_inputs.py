"""What an application's resources are given, against the installed SDK's types and AWS' own service models.

The kinds that the tests' stand-in knows are held to its rules, which are the models' and IAM's grammar; of the others,
the call that makes them is held to botocore's model. Not proved: what no model says, such as that a version exists.
"""

import functools
import json
from collections.abc import Iterator
from typing import Any

import graphs
import pulumi
import pytest
from apps import app, service
from ecs_answers import BALANCED, Answers
from ecs_component import deployed

from components.model import (
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
from components.testing import Recorded
from standins.aws import model
from standins.aws.__main__ import package
from standins.sdk import Sdk, problems
from standins.traits import fill, violations
from standins.values import UNKNOWN, Properties

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


def whole(value: Any) -> Any:
    """Numbers as they were given; what an archive holds, another test says."""
    return {
        key: UNKNOWN if isinstance(each, pulumi.AssetArchive) else each for key, each in graphs.whole(value).items()
    }


def rich() -> list[Recorded]:
    return deployed(RICH, outputs=Answers(), cluster={"existing": BALANCED})


APPLICATIONS = {"every kind": rich, **{name: functools.partial(graphs.own, name, "ecs") for name in graphs.made("ecs")}}


@pytest.fixture(params=APPLICATIONS, scope="module")
def recorded(request: pytest.FixtureRequest) -> list[Recorded]:
    return [each for each in APPLICATIONS[request.param]() if each.type.startswith("aws:")]


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


def test_no_secret_is_in_clear_in_anything_that_is_shown(recorded: list[Recorded]) -> None:
    shown = [each for each in recorded if "correct-horse-battery" in json.dumps(dict(each.inputs), default=str)]
    assert {(each.type.rpartition(":")[2], *each.secrets) for each in shown} <= {
        ("Instance", "password"),
        ("ReplicationGroup", "authToken"),
        ("SecretVersion", "secretString"),
    }
