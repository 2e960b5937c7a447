"""What is asked of AWS before anything is created. Not proved: that AWS answers as its models say."""

from types import SimpleNamespace
from typing import Any

import pulumi
import pytest
from apps import app, service
from aws_api import Answers, Refused
from botocore.exceptions import ConnectTimeoutError, NoCredentialsError, ProfileNotFound
from ecs_scopes import BALANCER, CLUSTER, access

from components.access import EcsAccess
from components.model import App, FileGrant, FileObject, Ingress, Mount, ServiceExtension, Volume
from components.targets import asking
from components.targets.ecs import client, probe
from components.targets.ecs.given import Given
from components.targets.ecs.render import render

ZONE = {"Id": "/hostedzone/Z1", "Name": "example.com.", "CallerReference": "-"}
OURS = {"slipway:application": "shop", "slipway:stack": "organization/project/stack"}
SHOP = app(
    service("web", x_slipway=ServiceExtension(ingress=Ingress(port=80, host="shop.example.com"))),
)
PLAIN = app(service("web"))
EXTERNAL = app(
    service(
        "web",
        secrets=(FileGrant(source="pw"),),
        volumes=(Mount(type="volume", source="data", target="/d"),),
    ),
    secrets={"pw": FileObject(external=True, name="shop/pw")},
    volumes={"data": Volume(external=True, name="fs-12345678")},
)
WELL: dict[str, Any] = {
    "sts.GetCallerIdentity": {"Account": "123456789012"},
    "ecs.DescribeClusters": {"clusters": [{"clusterArn": CLUSTER, "status": "ACTIVE"}]},
    "ec2.DescribeVpcs": {"Vpcs": [{"VpcId": "vpc-1"}]},
    "ec2.DescribeSubnets": lambda asked: {
        "Subnets": [{"SubnetId": each, "VpcId": "vpc-1"} for each in asked["Filters"][0]["Values"]]
    },
    "ecs.DescribeServices": {"services": []},
    "elbv2.DescribeListeners": {"Listeners": []},
    "elbv2.DescribeRules": {"Rules": []},
    "elbv2.DescribeTags": {"TagDescriptions": []},
    "route53.GetHostedZone": {"HostedZone": ZONE},
    "acm.DescribeCertificate": {"Certificate": {"Status": "ISSUED"}},
    "secretsmanager.DescribeSecret": {},
    "efs.DescribeFileSystems": {"FileSystems": []},
    "service-quotas.GetServiceQuota": {"Quota": {"Value": 6.0}},
}
"""Where nothing is in the way."""


@pytest.fixture(autouse=True)
def a_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "this_stack", lambda: OURS["slipway:stack"])
    monkeypatch.setattr(asking, "SECONDS", 600.0)  # the machine may have much else to do


def found(
    monkeypatch: pytest.MonkeyPatch, application: App = PLAIN, reached: EcsAccess | None = None, **answers: Any
) -> list[str]:
    given = {
        name.replace("__", ".").replace("service_quotas", "service-quotas"): each for name, each in answers.items()
    }
    monkeypatch.setattr(client, "Clients", lambda _access: Answers({**WELL, **given}))
    return [str(each) for each in probe.probe(application, {}, reached or access())]


@pytest.mark.parametrize("application", [PLAIN, SHOP, EXTERNAL], ids=["plain", "routed", "external"])
def test_where_nothing_is_in_the_way_nothing_is_said(monkeypatch, application: App) -> None:
    assert found(monkeypatch, application, access(zone="Z1", zone_name="example.com")) == []


def test_a_cluster_that_is_not_known_yet_is_not_asked() -> None:
    assert probe.probe(PLAIN, {}, access(cluster=pulumi.Output.from_input("later"))) == []


def test_only_what_the_application_needs_is_asked_for(monkeypatch) -> None:
    answers = Answers(WELL)
    monkeypatch.setattr(client, "Clients", lambda _access: answers)
    assert probe.probe(PLAIN, {}, access()) == []
    assert answers.asked == [
        "sts.GetCallerIdentity",
        "ecs.DescribeClusters",
        "ec2.DescribeVpcs",
        "ec2.DescribeSubnets",
        "service-quotas.GetServiceQuota",
        "ecs.DescribeServices",
    ]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (NoCredentialsError(), "there are no AWS credentials; run `aws sso login`, or set AWS_PROFILE"),
        (
            ProfileNotFound(profile="work"),
            "The config profile (work) could not be found; run `aws configure list-profiles`",
        ),
        (
            Refused("ExpiredToken"),
            "AWS refuses the credentials (ExpiredToken); log in again, such as by `aws sso login`",
        ),
        (
            Refused("SignatureDoesNotMatch"),
            "AWS refuses the credentials (SignatureDoesNotMatch); check who you are at AWS",
        ),
        (
            ConnectTimeoutError(endpoint_url="https://sts.example"),
            'AWS cannot be reached (Connect timeout on endpoint URL: "https://sts.example"); '
            "check the region and the network",
        ),
        (
            {"Account": "999999999999"},
            "the credentials are those of account 999999999999, and the cluster is in 123456789012; "
            "take others, such as by AWS_PROFILE or slipway:ecs.profile",
        ),
    ],
)
def test_who_is_not_let_in_is_told_what_to_do_and_no_more(monkeypatch, answer: Any, message: str) -> None:
    assert found(monkeypatch, sts__GetCallerIdentity=answer) == [f"slipway:cluster: {message}"]


@pytest.mark.parametrize(
    ("application", "answers", "message"),
    [
        (
            PLAIN,
            {"ecs__DescribeClusters": {"clusters": [{"clusterArn": CLUSTER, "status": "INACTIVE"}]}},
            f'slipway:cluster: there is no cluster "{CLUSTER}"; run `aws ecs list-clusters`',
        ),
        (
            PLAIN,
            {"ec2__DescribeVpcs": {"Vpcs": []}},
            'slipway:cluster: there is no VPC "vpc-1" in eu-central-1; run `aws ec2 describe-vpcs`',
        ),
        (
            PLAIN,
            {
                "ec2__DescribeSubnets": {
                    "Subnets": [
                        {"SubnetId": "subnet-a", "VpcId": "vpc-1"},
                        {"SubnetId": "subnet-public-a", "VpcId": "vpc-1"},
                        {"SubnetId": "subnet-public-b", "VpcId": "vpc-1"},
                        {"SubnetId": "subnet-b", "VpcId": "vpc-2"},
                    ]
                }
            },
            'slipway:cluster: there is no subnet "subnet-b" in vpc-1; run `aws ec2 describe-subnets`',
        ),
        (
            PLAIN,
            {"service_quotas__GetServiceQuota": {"Quota": {"Value": 0.125}}},
            "slipway:cluster: the account's quota is 0.125 vCPU on FARGATE, and the application asks for 1; "
            "ask for less, or have the quota L-3032A538 raised",
        ),
        (
            SHOP,
            {"elbv2__DescribeListeners": lambda asked: Refused("ListenerNotFound") if "https" in str(asked) else {}},
            f'slipway:cluster.balancer: there is no listener "{BALANCER.https}"; deploy the cluster\'s stack again',
        ),
        (
            SHOP,
            {"route53__GetHostedZone": Refused("NoSuchHostedZone")},
            'slipway:cluster: there is no hosted zone "Z1"; run `aws route53 list-hosted-zones`',
        ),
        (
            SHOP,
            {"route53__GetHostedZone": {"HostedZone": {**ZONE, "Name": "example.org."}}},
            'slipway:cluster: the hosted zone "Z1" is that of example.org, not of example.com; mend zone or zoneName',
        ),
        (
            EXTERNAL,
            {"secretsmanager__DescribeSecret": Refused("ResourceNotFoundException")},
            'slipway:cluster: there is no secret "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/pw"; '
            "make it, or take `external: true` out of the file",
        ),
        (
            EXTERNAL,
            {"efs__DescribeFileSystems": Refused("FileSystemNotFound")},
            'slipway:cluster: there is no file system "fs-12345678"; run `aws efs describe-file-systems`',
        ),
        (
            PLAIN,
            {"ecs__DescribeClusters": Refused("ThrottlingException")},
            "slipway:cluster: AWS says: the message of ThrottlingException; check the settings",
        ),
    ],
)
def test_what_is_not_there_is_said_before_anything_is_created(
    monkeypatch, application: App, answers: dict[str, Any], message: str
) -> None:
    assert found(monkeypatch, application, access(zone="Z1", zone_name="example.com"), **answers) == [message]


def certificate(status: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1"
    entry = Ingress(port=80, host="shop.example.com", tls={"certificate": arn})
    return found(
        monkeypatch, app(service("web", x_slipway=ServiceExtension(ingress=entry))), acm__DescribeCertificate=status
    )


def test_a_certificate_that_is_not_there_is_told(monkeypatch) -> None:
    assert certificate(Refused("ResourceNotFoundException"), monkeypatch) == [
        'slipway:cluster: there is no certificate "arn:aws:acm:eu-central-1:123456789012:certificate/1"; '
        "run `aws acm list-certificates`"
    ]


def test_a_certificate_that_is_not_validated_is_told(monkeypatch) -> None:
    assert certificate({"Certificate": {"Status": "PENDING_VALIDATION"}}, monkeypatch) == [
        'slipway:cluster: the certificate "arn:aws:acm:eu-central-1:123456789012:certificate/1" is '
        "PENDING_VALIDATION, not ISSUED; have it validated"
    ]


@pytest.mark.parametrize("code", ["AccessDeniedException", "UnauthorizedOperation"])
def test_who_may_not_look_is_not_stopped(monkeypatch, code: str) -> None:
    refused = {name.replace(".", "__"): Refused(code) for name in WELL if not name.startswith("sts.")}
    assert found(monkeypatch, SHOP, **{name.replace("-", "_"): each for name, each in refused.items()}) == []


def test_everything_that_is_in_the_way_is_told_at_once(monkeypatch) -> None:
    answers = {"ecs__DescribeClusters": {"clusters": []}, "ec2__DescribeVpcs": {"Vpcs": []}}
    assert len(found(monkeypatch, **answers)) == 2


# --- what others have ------------------------------------------------------------------------------------------------


def taken(monkeypatch: pytest.MonkeyPatch, tags: dict[str, str], status: str = "ACTIVE") -> list[str]:
    named = {
        "serviceName": "shop-web",
        "status": status,
        "tags": [{"key": key, "value": value} for key, value in tags.items()],
    }
    return found(monkeypatch, ecs__DescribeServices={"services": [named]})


def test_a_service_of_the_name_that_another_stack_has_is_told(monkeypatch) -> None:
    assert taken(monkeypatch, {**OURS, "slipway:stack": "organization/project/other"}) == [
        'slipway:cluster: the service "shop-web" of the cluster is that of the application "shop" of the stack '
        '"organization/project/other"; name the application otherwise, by slipway:name'
    ]


def test_a_service_of_the_name_that_nobody_has_marked_is_told(monkeypatch) -> None:
    assert taken(monkeypatch, {}) == [
        'slipway:cluster: the service "shop-web" of the cluster is that of something else; '
        "name the application otherwise, by slipway:name"
    ]


def test_our_own_service_is_in_nobodys_way(monkeypatch) -> None:
    assert taken(monkeypatch, OURS) == []


def test_a_service_that_has_gone_is_in_nobodys_way(monkeypatch) -> None:
    assert taken(monkeypatch, {}, "INACTIVE") == []


def rule(priority: str, host: str, tags: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    conditions = [{"Field": "host-header", "Values": [host], "HostHeaderConfig": {"Values": [host]}}]
    there = {"RuleArn": "arn:rule", "Priority": priority, "Conditions": conditions}
    marked = [{"Key": key, "Value": value} for key, value in tags.items()]
    return found(
        monkeypatch,
        SHOP,
        access(rule_priority=1),
        elbv2__DescribeRules=lambda asked: {"Rules": [there] if "https" in asked["ListenerArn"] else []},
        elbv2__DescribeTags={"TagDescriptions": [{"ResourceArn": "arn:rule", "Tags": marked}]},
    )


def test_a_route_that_another_application_has_is_told(monkeypatch) -> None:
    assert rule("49999", "shop.example.com", {**OURS, "slipway:application": "store"}, monkeypatch) == [
        'slipway:cluster: the route shop.example.com is that of the application "store" of the stack '
        '"organization/project/stack"; choose another host or path'
    ]


def test_a_priority_that_another_application_has_is_told(monkeypatch) -> None:
    given = Given(access=access(rule_priority=1))
    number = next(
        row.args["priority"]
        for row in render(SHOP, {}, given)
        if row.kind == "ListenerRule" and row.args["listener_arn"] == BALANCER.https
    )
    assert rule(str(number), "store.example.com", {"Name": "store"}, monkeypatch) == [
        f"slipway:cluster: the listener's priority {number} is that of something else; "
        "set slipway:ecs.rulePriority to the first of another thousand"
    ]


def test_our_own_route_is_in_nobodys_way(monkeypatch) -> None:
    assert rule("49999", "shop.example.com", OURS, monkeypatch) == []


def test_a_route_to_another_host_is_in_nobodys_way(monkeypatch) -> None:
    assert rule("49999", "store.example.com", {}, monkeypatch) == []


def test_after_five_seconds_nothing_more_is_asked(monkeypatch) -> None:
    clock = iter([0.0, *(1000.0 for _ in range(50))])
    monkeypatch.setattr(asking, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    assert found(monkeypatch, ecs__DescribeClusters={"clusters": []}) == []
