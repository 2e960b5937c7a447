"""An ECS cluster that is there: `slipway:cluster.existing`, and `slipway:ecs`, which wins."""

from typing import Any

import pulumi
import pytest

from components.access import EcsAccess, EntryBalancer
from components.clusters import ecs_access, existing
from components.errors import SettingsError

CLUSTER = "arn:aws:ecs:eu-central-1:123456789012:cluster/main"
LEAST: dict[str, Any] = {"cluster": CLUSTER, "vpc": "vpc-1", "subnets": ["subnet-1", "subnet-2"]}
LISTENER = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/main/1/2"
BALANCER = {"name": "main.elb.example", "zone": "Z1", "securityGroup": "sg-1", "http": LISTENER}


def refused(block: dict[str, Any]) -> str:
    with pytest.raises(SettingsError) as raised:
        ecs_access.access(block)
    return str(raised.value)


def refused_options(options: dict[str, Any]) -> str:
    with pytest.raises(SettingsError) as raised:
        ecs_access.chosen(ecs_access.access(LEAST), options)
    return str(raised.value)


def test_the_clusters_arn_says_where_it_is_and_a_list_of_subnets_has_keys() -> None:
    assert existing.READERS["ecs"](LEAST) == EcsAccess(
        cluster=CLUSTER,
        region="eu-central-1",
        account="123456789012",
        partition="aws",
        vpc="vpc-1",
        subnets={"subnet-1": "subnet-1", "subnet-2": "subnet-2"},
    )


def test_every_attribute_has_a_key() -> None:
    block = {
        **LEAST,
        "subnets": {"eu-central-1a": "subnet-1"},
        "publicSubnets": {"eu-central-1a": "subnet-2"},
        "publicIp": True,
        "endpoints": "sg-2",
        "balancer": {**BALANCER, "https": f"{LISTENER}s", "internal": True},
        "certificate": "arn:aws:acm:eu-central-1:123456789012:certificate/1",
        "zone": "Z2",
        "zoneName": "example.com",
        "domain": "corp.internal",
        "logGroup": "/main",
        "logDays": 90,
        "registry": "registry.example:5000",
        "publish": "internal",
        "capacity": "FARGATE_SPOT",
        "architecture": "ARM64",
        "initImage": "registry.example/busybox:1",
        "executeCommand": True,
        "serviceConnect": True,
        "backup": True,
        "kmsKey": "arn:aws:kms:eu-central-1:123456789012:key/1",
        "rulePriority": 2000,
        "deletionProtection": False,
        "profile": "work",
        "role": "arn:aws:iam::123456789012:role/deploy",
        "tags": {"team": "shop"},
    }
    assert ecs_access.access(block) == EcsAccess(
        cluster=CLUSTER,
        region="eu-central-1",
        account="123456789012",
        profile="work",
        role="arn:aws:iam::123456789012:role/deploy",
        vpc="vpc-1",
        subnets={"eu-central-1a": "subnet-1"},
        public_subnets={"eu-central-1a": "subnet-2"},
        public_ip=True,
        endpoints="sg-2",
        balancer=EntryBalancer(
            name="main.elb.example",
            zone="Z1",
            security_group="sg-1",
            http=LISTENER,
            https=f"{LISTENER}s",
            internal=True,
        ),
        certificate="arn:aws:acm:eu-central-1:123456789012:certificate/1",
        zone="Z2",
        zone_name="example.com",
        domain="corp.internal",
        log_group="/main",
        log_days=90,
        registry="registry.example:5000",
        publish="internal",
        capacity="FARGATE_SPOT",
        architecture="ARM64",
        init_image="registry.example/busybox:1",
        execute_command=True,
        service_connect=True,
        backup=True,
        kms_key="arn:aws:kms:eu-central-1:123456789012:key/1",
        rule_priority=2000,
        deletion_protection=False,
        tags={"team": "shop"},
    )
    told = {"account", "partition", "region"}
    assert {*block} | told == {*ecs_access.PLACE, *ecs_access.WAYS}


def test_there_is_no_cluster_that_is_everyones() -> None:
    assert refused({}) == (
        "no value for slipway:cluster, and ecs has no cluster that is everyone's; "
        "run `pulumi config set --path slipway:cluster.stack <name of the cluster's stack>`"
    )


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"cluster": "main"}, "cluster is 'main', not the ARN of an ECS cluster; run `aws ecs list-clusters`"),
        ({"vpc": "main"}, "vpc is 'main', not a VPC; write its ID"),
        ({"subnets": "subnet-1"}, "subnets is 'subnet-1', not a list of subnets; write IDs such as subnet-0a1b2c"),
        ({"subnets": []}, "subnets is [], not a list of subnets; write IDs such as subnet-0a1b2c"),
        ({"publish": "nlb"}, 'unknown publish "nlb"; (known: internal, none, public)'),
        ({"logDays": 31}, f"logDays is 31; write one of {', '.join(map(str, ecs_access.DAYS))}"),
        ({"capacity": "SPOT"}, 'unknown capacity "SPOT"; (known: FARGATE, FARGATE_SPOT)'),
        ({"kmsKey": "alias/main"}, "kmsKey is 'alias/main', not an ARN; write the whole ARN"),
        ({"rulePriority": 49_002}, "rulePriority is 49002; write a whole number from 1 to 49001"),
        ({"region": "us-east-1"}, "region is 'us-east-1', and that of the cluster is 'eu-central-1'; leave it out"),
    ],
)
def test_a_wrong_value_is_refused_with_the_way_out(block: dict[str, Any], message: str) -> None:
    assert refused({**LEAST, **block}) == f"slipway:cluster.existing: {message}"


def test_a_load_balancer_without_a_security_group_is_refused() -> None:
    assert refused({**LEAST, "balancer": {"name": "main", "zone": "Z1"}}) == (
        "slipway:cluster.existing.balancer: no value for securityGroup; write one"
    )


def test_everything_that_is_wrong_is_told_at_once() -> None:
    first, *others = refused({"vpc": 1, "clutser": CLUSTER}).splitlines()
    assert first.startswith('slipway:cluster.existing: unknown key "clutser"; did you mean "cluster"? (known: account,')
    assert others == [
        "slipway:cluster.existing: no value for cluster; write one",
        "slipway:cluster.existing: no value for subnets; write one",
        "slipway:cluster.existing: vpc is 1, not a VPC; write its ID",
    ]


def test_what_another_stack_puts_out_is_taken_and_its_numbers_are_whole() -> None:
    given = ecs_access.access({**LEAST, "balancer": BALANCER, "logDays": 30.0, "tags": None})
    assert (given.log_days, type(given.log_days), given.tags) == (30, int, {})
    assert given.balancer == EntryBalancer(name="main.elb.example", zone="Z1", security_group="sg-1", http=LISTENER)


def test_a_cluster_of_the_same_program_is_an_output_and_its_place_is_said_beside_it() -> None:
    made: pulumi.Output[str] = pulumi.Output.from_input(CLUSTER)
    block = {**LEAST, "cluster": made, "vpc": pulumi.Output.from_input("vpc-1")}
    assert refused(block).splitlines() == [
        "slipway:cluster.existing: no value for region; write one",
        "slipway:cluster.existing: no value for account; write one",
    ]
    given = ecs_access.access({**block, "region": "eu-central-1", "account": "123456789012"})
    assert given.cluster is made
    assert given.arn("ecs", "cluster/main") == CLUSTER


@pytest.mark.parametrize("key", ["publish", "capacity", "publicIp", "zoneName"])
def test_what_decides_has_to_be_known(key: str) -> None:
    assert refused({**LEAST, key: pulumi.Output.from_input("later")}) == (
        f"slipway:cluster.existing: {key} is an output, which is not known yet; give a plain value"
    )


# --- what a stack chooses --------------------------------------------------------------------------------------------


def test_what_a_stack_chooses_wins_and_the_rest_stays() -> None:
    given = ecs_access.access({**LEAST, "publish": "public", "logDays": 90})
    found = ecs_access.chosen(given, {"publish": "none", "publicSubnets": ["subnet-9"], "profile": None})
    assert (found.publish, found.log_days, found.public_subnets, found.profile) == (
        "none",
        90,
        {"subnet-9": "subnet-9"},
        None,
    )


def test_which_cluster_it_is_cannot_be_chosen_there() -> None:
    assert refused_options({"vpc": "vpc-2", "publish": "nlb"}).splitlines() == [
        "slipway:ecs: vpc says which cluster it is; write it below slipway:cluster.existing",
        'slipway:ecs: unknown publish "nlb"; (known: internal, none, public)',
    ]
