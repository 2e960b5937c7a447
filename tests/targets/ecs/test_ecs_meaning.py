"""What the resources of whole applications mean on AWS: who reaches whom, who reads what, what is kept and encrypted.

What is expected is read from the Compose files alone, by their own rules. Not proved: that AWS holds to it.
"""

import json
from collections.abc import Iterator
from typing import Any

import graphs
import pytest
from ecs_answers import ACCOUNT, identity

from components.model import App, Job, Service
from components.testing import Recorded

NAMES = graphs.made("ecs")
GROUP = "aws:ec2/securityGroup:SecurityGroup"
OWN = {"published": "the load balancer of published ports", "volumes": "the file system"}
"""Groups that belong to no service."""
CALLED = {
    "fleet": {"web": "80/tcp 443/tcp 53/udp", "agent": "all", "db": "all"},
    "guestbook": {"web": "8000/tcp", "worker": "all", "redis": "6379/tcp"},
    "guestbook-contained": {"web": "8000/tcp", "worker": "all", "redis": "all"},
    "market": {"web": "8000/tcp", "api": "8080/tcp", "db": "5432/tcp", "cache": "6379/tcp"},
    "press": {"web": "8000/tcp", "queue": "4222/tcp", "agent": "all", "db": "all"},
    "shop": {"web": "80/tcp 9000/tcp 9001/tcp", "db": "all"},
}
"""Application -> service -> the ports at which what shares a network with it calls it."""
PUBLISHED = {
    "fleet": "8080/tcp 8443/tcp 53/udp",
    "guestbook": "8080/tcp",
    "guestbook-contained": "8080/tcp",
    "market": "",
    "press": "8080/tcp",
    "shop": "8080/tcp",
}
"""Application -> what the world reaches. In `shop`, two ports are published on the loopback address alone."""
BALANCED = {"market": {"web": "8000/tcp", "api": "8080/tcp"}, "press": {"web": "8000/tcp"}}
"""Application -> service -> the port at which the cluster's load balancer calls it, for `x-slipway.ingress`."""


def application(name: str) -> App:
    return graphs.application(name, "ecs")


def of(name: str, kind: str) -> list[Recorded]:
    return [each for each in graphs.own(name, "ecs") if each.type == kind]


def key(each: Recorded) -> str:
    return each.name.removeprefix("app-")


def group(name: str) -> str:
    return identity(GROUP, f"app-{name}")


# --- the network -----------------------------------------------------------------------------------------------------


def wearers(name: str) -> dict[str, list[str]]:
    """Service or job -> the security groups of what runs it."""
    worn: dict[str, list[str]] = {}
    for each in of(name, "aws:ecs/service:Service"):
        worn[key(each)] = each.inputs["networkConfiguration"]["securityGroups"]
    for each in of(name, "aws:lambda/invocation:Invocation"):
        network = json.loads(each.inputs["input"])["networkConfiguration"]["awsvpcConfiguration"]
        worn[key(each)] = network["securityGroups"]
    for each in of(name, "aws:scheduler/schedule:Schedule"):
        worn[key(each)] = each.inputs["target"]["ecsParameters"]["networkConfiguration"]["securityGroups"]
    for each in of(name, "aws:rds/instance:Instance"):
        worn[key(each)] = each.inputs["vpcSecurityGroupIds"]
    for each in of(name, "aws:elasticache/replicationGroup:ReplicationGroup"):
        worn[key(each)] = each.inputs["securityGroupIds"]
    return worn


def port(rule: Recorded) -> str:
    if rule.inputs["ipProtocol"] == "-1":
        return "all"
    assert rule.inputs["fromPort"] == rule.inputs["toPort"]
    return f"{int(rule.inputs['fromPort'])}/{rule.inputs['ipProtocol']}"


def doors(name: str) -> Iterator[tuple[str, str, str]]:
    """Who is let in, to which group, at which port."""
    for rule in of(name, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"):
        caller = rule.inputs.get("referencedSecurityGroupId") or rule.inputs["cidrIpv4"]
        yield caller, rule.inputs["securityGroupId"], port(rule)


def reached(name: str) -> set[tuple[str, str, str]]:
    """Caller, called and port, between services and jobs."""
    worn, open_doors = wearers(name), list(doors(name))
    return {
        (caller, called, at)
        for caller, own in worn.items()
        for called, others in worn.items()
        for source, target, at in open_doors
        if caller != called and source in own and target in others
    }


def workloads(app: App) -> dict[str, Service | Job]:
    """What has a network of its own."""
    apart = {name: each for name, each in app.services.items() if each.network_mode is None}
    return {**apart, **app.jobs}


def is_managed(each: Service | Job) -> bool:
    """Whether AWS' own service takes its place, which calls nobody and reads no secret."""
    return isinstance(each, Service) and each.x_slipway is not None and each.x_slipway.managed is not None


def ends(app: App, name: str) -> bool:
    waited = {
        other
        for each in app.services.values()
        for other, asked in each.depends_on.items()
        if asked.condition == "service_completed_successfully"
    }
    return name in app.jobs or name in waited


@pytest.mark.parametrize("name", NAMES)
def test_a_service_is_called_by_what_shares_a_network_with_it_and_by_nothing_else(name: str) -> None:
    app = application(name)
    pairs = {
        (caller, called)
        for caller, one in workloads(app).items()
        for called, other in workloads(app).items()
        if caller != called
        and not is_managed(one)
        and not ends(app, called)
        and set(one.networks) & set(other.networks)
    }
    assert {(caller, called) for caller, called, _ in reached(name)} == pairs


@pytest.mark.parametrize("name", NAMES)
def test_it_is_called_at_the_ports_that_are_known_of_it(name: str) -> None:
    called = {service: {at for _, other, at in reached(name) if other == service} for service in CALLED[name]}
    assert called == {service: set(ports.split()) for service, ports in CALLED[name].items()}


@pytest.mark.parametrize("name", NAMES)
def test_the_world_reaches_what_is_published_by_its_load_balancer_alone(name: str) -> None:
    opened = {(target, at) for source, target, at in doors(name) if not source.startswith("sg-")}
    assert opened == {(group("published"), at) for at in PUBLISHED[name].split()}


@pytest.mark.parametrize("name", NAMES)
def test_the_clusters_load_balancer_reaches_what_has_an_ingress_and_at_that_port(name: str) -> None:
    opened = {(target, at) for source, target, at in doors(name) if source == "sg-balancer"}
    assert opened == {(group(service), at) for service, at in BALANCED.get(name, {}).items()}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_let_in_is_known_by_its_group(name: str) -> None:
    known = {*(group(each) for each in OWN), *(worn for each in wearers(name).values() for worn in each)}
    assert {source for source, _, _ in doors(name)} - known <= {"0.0.0.0/0", "sg-balancer"}
    assert {target for _, target, _ in doors(name)} <= known


@pytest.mark.parametrize("name", NAMES)
def test_the_file_system_is_reached_by_what_mounts_a_volume(name: str) -> None:
    app = application(name)
    mounts = {
        service
        for service, each in app.services.items()
        if not is_managed(each) and any(mount.type == "volume" and mount.source for mount in each.volumes)
    }
    opened = {source for source, target, at in doors(name) if target == group("volumes")}
    assert opened == {group(service) for service in mounts}


# --- roles -----------------------------------------------------------------------------------------------------------

NO_RESOURCE = {
    "ecr:GetAuthorizationToken": "it is the registry's own",
    "ecs:ListTasks": "tasks on Fargate are on no instance, which would be the resource",
}
"""Action -> why AWS knows no resource for it."""


OWN_ACCOUNT = {"lambda.amazonaws.com": "a role is passed to functions of its own account alone"}
"""Service that takes on roles -> why it needs no condition."""


def texts(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def statements(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name of the role -> each statement of what it may do."""
    for each in of(name, "aws:iam/rolePolicy:RolePolicy"):
        for statement in json.loads(each.inputs["policy"])["Statement"]:
            yield key(each), statement


def allowed(name: str, action: str) -> set[tuple[str, str]]:
    """Role and last part of the resource, of all who may do something."""
    return {
        (role, resource.rpartition(":")[2])
        for role, statement in statements(name)
        if action in texts(statement["Action"])
        for resource in texts(statement["Resource"])
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_star_stands_only_where_aws_knows_no_resource(name: str) -> None:
    found = {
        action for _, each in statements(name) if "*" in texts(each["Resource"]) for action in texts(each["Action"])
    }
    assert found <= set(NO_RESOURCE)


@pytest.mark.parametrize("name", NAMES)
def test_no_role_may_do_what_a_pattern_says_and_nothing_is_said_by_exception(name: str) -> None:
    assert [action for _, each in statements(name) for action in texts(each["Action"]) if "*" in action] == []
    assert [
        each for _, each in statements(name) if each["Effect"] != "Allow" or {"NotAction", "NotResource"} & each.keys()
    ] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_secret_is_read_by_what_starts_the_tasks_that_need_it_alone(name: str) -> None:
    app = application(name)
    needed = set()
    for service, each in workloads(app).items():
        if is_managed(each):
            continue
        needed |= {(f"{service}-execution", f"app-{grant.source}") for grant in each.secrets}
        if any(graphs.SECRET in str(value) for value in each.environment.values()):
            needed.add((f"{service}-execution", f"app-{service}-environment"))
    assert allowed(name, "secretsmanager:GetSecretValue") == needed


@pytest.mark.parametrize("name", NAMES)
def test_a_role_is_taken_on_by_one_service_of_aws_and_for_this_account_alone(name: str) -> None:
    for each in of(name, "aws:iam/role:Role"):
        (statement,) = json.loads(each.inputs["assumeRolePolicy"])["Statement"]
        service = statement["Principal"].pop("Service")
        assert (statement["Principal"], statement["Action"]) == ({}, "sts:AssumeRole"), each.name
        account = statement.get("Condition", {}).get("StringEquals", {}).get("aws:SourceAccount")
        assert account == (None if service in OWN_ACCOUNT else ACCOUNT), each.name


# --- what holds content ----------------------------------------------------------------------------------------------

ENCRYPTED = {
    "aws:efs/fileSystem:FileSystem": "encrypted",
    "aws:elasticache/replicationGroup:ReplicationGroup": "atRestEncryptionEnabled",
    "aws:rds/instance:Instance": "storageEncrypted",
}
KEPT = {
    "fleet": {"AccessPoint data", "AccessPoint uploads", "FileSystem volumes", "FileSystemPolicy volumes"},
    "guestbook": set(),  # a cache leaves a snapshot instead
    "guestbook-contained": {"AccessPoint entries", "FileSystem volumes", "FileSystemPolicy volumes"},
    "market": {"Instance db"},
    "press": {"AccessPoint data", "AccessPoint uploads", "FileSystem volumes", "FileSystemPolicy volumes"},
    "shop": {"AccessPoint data", "FileSystem volumes", "FileSystemPolicy volumes"},
}
"""Application -> what stays when its stack goes. The volume `journal` of `press` says that it need not."""


@pytest.mark.parametrize("name", NAMES)
def test_what_holds_content_is_encrypted(name: str) -> None:
    holders = [each for each in graphs.own(name, "ecs") if each.type in ENCRYPTED]
    assert [each.name for each in holders if each.inputs.get(ENCRYPTED[each.type]) is not True] == []


@pytest.mark.parametrize("name", NAMES)
def test_data_is_kept_when_the_stack_goes_and_nothing_else_is(name: str) -> None:
    kept = {
        f"{each.type.rpartition(':')[2]} {key(each)}"
        for each in graphs.own(name, "ecs")
        if each.options.get("retain_on_delete")
    }
    assert kept == KEPT[name]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_holds_content_has_a_public_address(name: str) -> None:
    databases = of(name, "aws:rds/instance:Instance")
    assert [each.name for each in databases if each.inputs["publiclyAccessible"] is not False] == []
