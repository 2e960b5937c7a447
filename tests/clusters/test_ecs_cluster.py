"""The stack of an ECS cluster, under Pulumi mocks.

Not proved: that AWS takes the resources; `make test-aws` creates them on a stand-in.
"""

import json
from typing import Any

import pulumi
import pytest
from aws_answers import ACCOUNT, REGION, AwsOutputs

from components import EcsCluster, clusters
from components.access import EcsAccess, EntryBalancer
from components.clusters import ecs_access
from components.errors import SettingsError
from components.testing import Recorded, Recording, record

NETWORK = [
    "AwsNetwork edge-network",
    "DefaultSecurityGroup edge-network-default",
    "InternetGateway edge-network-internet",
    "Route edge-network-public-internet",
    "RouteTable edge-network-public",
    "RouteTableAssociation edge-network-public-eu-central-1a",
    "RouteTableAssociation edge-network-public-eu-central-1b",
    "Subnet edge-network-public-eu-central-1a",
    "Subnet edge-network-public-eu-central-1b",
    "Vpc edge-network",
    "VpcEndpoint edge-network-s3",
]
PRIVATE = [
    "RouteTable edge-network-private-eu-central-1a",
    "RouteTable edge-network-private-eu-central-1b",
    "RouteTableAssociation edge-network-private-eu-central-1a",
    "RouteTableAssociation edge-network-private-eu-central-1b",
    "Subnet edge-network-private-eu-central-1a",
    "Subnet edge-network-private-eu-central-1b",
]
ONE_NAT = [
    "Eip edge-network-nat-eu-central-1a",
    "NatGateway edge-network-nat-eu-central-1a",
    "Route edge-network-private-eu-central-1a-internet",
    "Route edge-network-private-eu-central-1b-internet",
]
CLUSTER = ["Cluster edge", "ClusterCapacityProviders edge", "EcsCluster edge", "LogGroup edge-logs", "aws edge-aws"]
BALANCER = [
    "Listener edge-http",
    "LoadBalancer edge",
    "SecurityGroup edge-balancer",
    "SecurityGroupEgressRule edge-balancer-to-network",
    "SecurityGroupIngressRule edge-http-from-0.0.0.0/0",
]
EXISTING = {"existing": {"vpc": "vpc-1", "subnets": {"a": "subnet-a", "b": "subnet-b"}}}
WITH_HTTPS = {"zone": {"existing": "example.com"}, "domains": ["example.com", "*.example.com", "api.shop.example.com"]}
ARN = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/1"


def made(*, preview: bool = False, protect: bool = False, stack: str = "edge", **new: Any) -> Recording:
    written = {"cluster": {"new": {"kind": "ecs", "region": REGION, **new}}, "protect": protect}
    return record(
        lambda: pulumi.export("access", clusters.create(stack, written)), outputs=AwsOutputs(), preview=preview
    )


def names(recorded: Recording) -> list[str]:
    return sorted(f"{each.type.rpartition(':')[2]} {each.name}" for each in recorded)


def test_the_least_that_there_is_is_a_cluster_in_a_network_of_its_own() -> None:
    assert names(made()) == sorted(CLUSTER + NETWORK + PRIVATE + ONE_NAT)


def test_in_a_network_that_is_there_nothing_but_the_cluster_is_made() -> None:
    recorded = made(network=EXISTING)
    assert names(recorded) == sorted(CLUSTER)
    assert recorded.outputs["access"]["subnets"] == {"a": "subnet-a", "b": "subnet-b"}


def test_the_default_network_is_looked_up_by_zone_and_its_tasks_have_public_addresses() -> None:
    recorded = made(network={"default": {}})
    access = recorded.outputs["access"]
    assert names(recorded) == sorted(CLUSTER)
    assert access["vpc"] == "vpc-default"
    assert access["subnets"] == access["publicSubnets"] == {"eu-central-1a": "subnet-1", "eu-central-1b": "subnet-2"}
    assert access["publicIp"] is True


def test_with_a_gateway_in_each_zone_none_depends_on_another_zone() -> None:
    recorded = made(network={"new": {"nat": "zone"}})
    routes = {each.name: each.inputs.get("natGatewayId") for each in recorded.of("Route")}
    assert routes == {
        "edge-network-public-internet": None,
        "edge-network-private-eu-central-1a-internet": "edge-network-nat-eu-central-1a-id",
        "edge-network-private-eu-central-1b-internet": "edge-network-nat-eu-central-1b-id",
    }


def test_without_a_way_out_tasks_are_in_public_subnets() -> None:
    recorded = made(network={"new": {"nat": "none"}})
    access = recorded.outputs["access"]
    assert names(recorded) == sorted(CLUSTER + NETWORK)
    assert access["subnets"] == access["publicSubnets"]
    assert access["publicIp"] is True


def test_endpoints_are_a_way_out_to_aws_alone() -> None:
    recorded = made(network={"new": {"nat": "none", "endpoints": True}}, executeCommand=True)
    services = {each.inputs["serviceName"]: each.inputs["vpcEndpointType"] for each in recorded.of("VpcEndpoint")}
    assert services == {
        "com.amazonaws.eu-central-1.s3": "Gateway",
        "com.amazonaws.eu-central-1.ecr.api": "Interface",
        "com.amazonaws.eu-central-1.ecr.dkr": "Interface",
        "com.amazonaws.eu-central-1.logs": "Interface",
        "com.amazonaws.eu-central-1.secretsmanager": "Interface",
        "com.amazonaws.eu-central-1.ssmmessages": "Interface",
    }
    assert recorded.of("NatGateway") == []
    assert reached(recorded) == {"sg-edgenetworkendpoints": {("10.0.0.0/16", 443)}}
    assert recorded.outputs["access"]["endpoints"] == "sg-edgenetworkendpoints"
    assert recorded.outputs["access"]["publicIp"] is False


def reached(recorded: Recording) -> dict[str, set[tuple[str, int]]]:
    """Security group -> from where it is reached, and on which port."""
    found: dict[str, set[tuple[str, int]]] = {}
    for rule in recorded.of("SecurityGroupIngressRule"):
        assert rule.inputs["fromPort"] == rule.inputs["toPort"]
        found.setdefault(rule.inputs["securityGroupId"], set()).add(
            (rule.inputs["cidrIpv4"], int(rule.inputs["toPort"]))
        )
    return found


def test_a_load_balancer_without_certificate_is_http_that_knows_no_application() -> None:
    recorded = made(ingress={}, network={"new": {"nat": "none"}})
    assert names(recorded) == sorted(CLUSTER + NETWORK + BALANCER)
    assert recorded.one("Listener", "edge-http").inputs["defaultActions"] == [
        {
            "type": "fixed-response",
            "fixedResponse": {
                "statusCode": "404",
                "contentType": "text/plain",
                "messageBody": "no such application\n",
            },
        }
    ]
    assert recorded.outputs["access"]["balancer"] == {
        "name": "edge.elb.example",
        "zone": "ZELB",
        "securityGroup": "sg-edgebalancer",
        "http": f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:edge-http",
        "internal": False,
    }


def test_the_world_reaches_two_ports_of_the_load_balancer_and_nothing_else() -> None:
    recorded = made(ingress=WITH_HTTPS)
    assert reached(recorded) == {"sg-edgebalancer": {("0.0.0.0/0", 80), ("0.0.0.0/0", 443)}}
    assert made(ingress={"certificate": ARN}, network={"new": {"endpoints": True}}).one(
        "DefaultSecurityGroup", "edge-network-default"
    ).inputs == {"vpcId": "vpc-edgenetwork", "tags": {"Name": "edge-network-default"}}


def test_who_reaches_the_load_balancer_can_be_chosen() -> None:
    recorded = made(ingress={"sources": ["203.0.113.0/24", "198.51.100.7/32"]})
    assert reached(recorded) == {"sg-edgebalancer": {("203.0.113.0/24", 80), ("198.51.100.7/32", 80)}}


def test_a_load_balancer_reaches_its_network_and_nothing_else() -> None:
    rule = made(ingress={}, network={"default": {}}).one("SecurityGroupEgressRule", "edge-balancer-to-network").inputs
    assert (rule["cidrIpv4"], rule["ipProtocol"]) == ("172.31.0.0/16", "tcp")


def test_with_a_certificate_http_leads_to_https() -> None:
    recorded = made(ingress={"certificate": ARN})
    https = recorded.one("Listener", "edge-https").inputs
    assert (https["certificateArn"], https["port"], https["protocol"]) == (ARN, 443, "HTTPS")
    assert https["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    assert https["defaultActions"][0]["type"] == "fixed-response"
    assert recorded.one("Listener", "edge-http").inputs["defaultActions"] == [
        {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"}}
    ]


def test_a_certificate_is_proved_by_a_record_for_each_domain_and_used_once_it_is_valid() -> None:
    recorded = made(ingress=WITH_HTTPS)
    certificate = recorded.one("Certificate", "edge-certificate").inputs
    assert certificate["domainName"] == "example.com"
    assert certificate["subjectAlternativeNames"] == ["*.example.com", "api.shop.example.com"]
    records = {each.inputs["name"]: each.inputs["records"] for each in recorded.of("Record")}
    assert records == {
        "_proof.example.com": ["example.com.acm.example"],
        "_proof.api.shop.example.com": ["api.shop.example.com.acm.example"],
    }
    assert {each.inputs["zoneId"] for each in recorded.of("Record")} == {"ZOLD"}
    validation = recorded.one("CertificateValidation", "edge-certificate")
    assert validation.urn in recorded.one("Listener", "edge-https").dependencies
    assert recorded.outputs["access"]["zone"] == "ZOLD"
    assert recorded.outputs["access"]["zoneName"] == "example.com"


def test_a_new_zone_is_a_resource() -> None:
    recorded = made(ingress={"zone": {"new": "example.com"}})
    assert recorded.one("Zone", "edge-zone").inputs["name"] == "example.com"
    assert recorded.outputs["access"]["zone"] == "ZNEW"


def test_an_internal_load_balancer_is_where_the_tasks_are() -> None:
    inputs = made(ingress={"internal": True}).one("LoadBalancer", "edge").inputs
    assert inputs["internal"] is True
    assert inputs["subnets"] == [f"edge-network-private-{REGION}{zone}-id" for zone in "ab"]


def test_a_new_key_encrypts_the_logs_and_serves_no_log_group_of_another_account() -> None:
    recorded = made(kmsKey="new", executeCommand=True, network=EXISTING)
    key = recorded.one("Key", "edge-key")
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:edge-key"
    assert key.inputs["enableKeyRotation"] is True
    assert recorded.one("LogGroup", "edge-logs").inputs["kmsKeyId"] == arn
    assert recorded.outputs["access"]["kmsKey"] == arn
    commands = recorded.one("Cluster", "edge").inputs["configuration"]["executeCommandConfiguration"]
    assert commands == {
        "logging": "OVERRIDE",
        "kmsKeyId": arn,
        "logConfiguration": {"cloudWatchLogGroupName": "edge-logs", "cloudWatchEncryptionEnabled": True},
    }
    service, account = statements(key)
    assert account["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert service["Principal"] == {"Service": f"logs.{REGION}.amazonaws.com"}
    assert service["Condition"] == {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:*"}
    }


def statements(key: Recorded) -> list[dict[str, Any]]:
    return sorted(json.loads(key.inputs["policy"])["Statement"], key=lambda each: each["Sid"], reverse=True)


def test_fargate_is_what_runs_tasks_and_spot_can_be_asked_for() -> None:
    providers = made(network=EXISTING).one("ClusterCapacityProviders", "edge").inputs
    assert providers["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert providers["defaultCapacityProviderStrategies"] == [{"capacityProvider": "FARGATE", "weight": 1, "base": 0}]


def test_insights_and_the_time_that_logs_are_kept_are_settings() -> None:
    recorded = made(insights="enhanced", logDays=90, network=EXISTING)
    assert recorded.one("Cluster", "edge").inputs["settings"] == [{"name": "containerInsights", "value": "enhanced"}]
    assert recorded.one("LogGroup", "edge-logs").inputs["retentionInDays"] == 90


def test_what_holds_state_is_protected_where_the_stack_says_so() -> None:
    recorded = made(ingress={"zone": {"new": "example.com"}}, kmsKey="new", protect=True)
    protected = {each.type.rpartition(":")[2] for each in recorded if each.options.get("protect")}
    assert protected == {"Cluster", "Key", "LoadBalancer", "LogGroup", "Vpc", "Zone"}
    assert recorded.one("LoadBalancer", "edge").inputs["enableDeletionProtection"] is True
    assert not any(each.options.get("protect") for each in made(ingress={}))


def test_every_resource_has_a_parent_the_explicit_provider_and_the_tags() -> None:
    recorded = made(ingress=WITH_HTTPS, kmsKey="new", network={"new": {"endpoints": True}}, tags={"team": "shop"})
    provider, component = recorded.one("aws", "edge-aws"), recorded.one("EcsCluster", "edge")
    network = recorded.one("AwsNetwork", "edge-network")
    children = [each for each in recorded if each.type.startswith("aws:")]
    assert {each.parent for each in children} == {component.urn, network.urn}
    assert {each.provider for each in children} == {f"{provider.urn}::edge-aws-id"}
    untagged = {each.type.rpartition(":")[2] for each in children if each.inputs.get("tags", {}).get("team") != "shop"}
    tagless = {"Alias", "CertificateValidation", "ClusterCapacityProviders", "Record", "Route", "RouteTableAssociation"}
    assert untagged == tagless


def test_a_preview_makes_the_same_resources() -> None:
    asked: Any = {"ingress": WITH_HTTPS, "kmsKey": "new", "network": {"new": {"endpoints": True}}}
    assert names(made(**asked, preview=True)) == names(made(**asked))


def test_an_application_reads_what_the_cluster_gives() -> None:
    recorded = made(ingress=WITH_HTTPS, kmsKey="new", executeCommand=True, tags={"team": "shop"}, profile="work")
    listener = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:edge"
    assert ecs_access.access({key: each for key, each in recorded.outputs["access"].items() if key != "kind"}) == (
        EcsAccess(
            cluster=f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/edge",
            region=REGION,
            account=ACCOUNT,
            profile="work",
            vpc="vpc-edgenetwork",
            subnets={zone: f"edge-network-private-{zone}-id" for zone in (f"{REGION}a", f"{REGION}b")},
            public_subnets={zone: f"edge-network-public-{zone}-id" for zone in (f"{REGION}a", f"{REGION}b")},
            balancer=EntryBalancer(
                name="edge.elb.example",
                zone="ZELB",
                security_group="sg-edgebalancer",
                http=f"{listener}-http",
                https=f"{listener}-https",
            ),
            certificate=f"arn:aws:acm:{REGION}:{ACCOUNT}:edge-certificate",
            zone="ZOLD",
            zone_name="example.com",
            log_group="edge-logs",
            execute_command=True,
            kms_key=f"arn:aws:kms:{REGION}:{ACCOUNT}:edge-key",
            tags={"team": "shop"},
        )
    )


def test_a_way_to_reach_aws_is_passed_on_to_the_applications() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/deploys"
    recorded = made(profile="work", role=role, network=EXISTING)
    provider = recorded.one("aws", "edge-aws").inputs
    assert (provider["profile"], provider["region"]) == ("work", REGION)
    assert role in provider["assumeRoles"]
    assert (recorded.outputs["access"]["profile"], recorded.outputs["access"]["role"]) == ("work", role)


def test_a_program_can_give_the_outputs_of_its_own_network() -> None:
    def program() -> None:
        subnets = {"a": pulumi.Output.from_input("subnet-a")}
        network = {"existing": {"vpc": pulumi.Output.from_input("vpc-1"), "subnets": subnets, "cidr": "10.1.0.0/16"}}
        pulumi.export("access", EcsCluster("edge", {"region": REGION, "network": network}).access)

    access = record(program, outputs=AwsOutputs()).outputs["access"]
    assert (access["vpc"], access["subnets"]) == ("vpc-1", {"a": "subnet-a"})


@pytest.mark.parametrize("name", ["a" * 25, "edge_1", "edge.1"])
def test_a_name_that_the_load_balancer_could_not_have_is_refused(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        made(stack=name, ingress={})
    fix = "take one of letters, digits and -, of at most 24 characters"
    assert str(caught.value) == f'{NEW}: "{name}" is no name for a load balancer; {fix}'
    assert made(stack=name).one("Cluster", name)


def test_what_decides_has_to_be_known() -> None:
    args: Any = {
        "region": pulumi.Output.from_input(REGION),
        "network": {"new": {"nat": pulumi.Output.from_input("one")}},
    }
    with pytest.raises(SettingsError) as caught:
        record(lambda: EcsCluster("edge", args))
    assert str(caught.value) == (
        "edge: region is an output, which is not known yet; give a plain value\n"
        "edge.network.new: nat is an output, which is not known yet; give a plain value"
    )


NEW = "slipway:cluster.new"


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ({"region": None}, f"{NEW}: no value for region; write one"),
        ({"region": "Frankfurt"}, f"{NEW}: region is 'Frankfurt', not a region; write one such as eu-central-1"),
        (
            {"regoin": "x"},
            f'{NEW}: unknown key "regoin"; did you mean "region"? (known: account, executeCommand, ingress, insights, '
            "kmsKey, logDays, network, profile, region, role, tags)",
        ),
        ({"kmsKey": "mine"}, f"{NEW}: kmsKey is 'mine', not a key; write its ARN, or new"),
        (
            {"logDays": 31},
            f"{NEW}: logDays is 31; write one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, "
            "1827, 2192, 2557, 2922, 3288, 3653",
        ),
        (
            {"network": {"old": {}}},
            f"{NEW}.network: it is {{'old': {{}}}}; write one of default: ..., existing: ..., new: ...",
        ),
        (
            {"network": {"new": {"cidr": "10.0.0.0/8", "zones": ["eu-central-1a", "eu-west-1b", "eu-central-1a"]}}},
            f"{NEW}.network.new: cidr is '10.0.0.0/8'; write a private range from /16 to /20 that begins where it "
            "should\n"
            f"{NEW}.network.new: zones has 'eu-west-1b', no availability zone of eu-central-1; write names such as "
            "eu-central-1a\n"
            f"{NEW}.network.new: zones is ['eu-central-1a', 'eu-west-1b', 'eu-central-1a'], with one zone twice; "
            "write each once",
        ),
        (
            {"network": {"new": {"nat": "two"}}},
            f'{NEW}.network.new: unknown nat "two"; (known: none, one, zone)',
        ),
        ({"network": {"existing": {"vpc": "vpc-1"}}}, f"{NEW}.network.existing: no value for subnets; write one"),
        (
            {"ingress": {}, "network": {"new": {"zones": ["eu-central-1b"]}}},
            f"{NEW}.ingress: a load balancer needs 2 zones; name two in network.new.zones",
        ),
        (
            {"ingress": {"domains": ["example.com"]}},
            f"{NEW}.ingress: domains without zone; name the hosted zone in which it is proved whose they are, or give "
            "certificate",
        ),
        (
            {"ingress": {"domains": ["example"], "certificate": "x", "zone": {"new": "a.b"}, "sources": ["here"]}},
            f"{NEW}.ingress: certificate is 'x', not an ARN of acm; write arn:aws:acm:...\n"
            f"{NEW}.ingress: domains is 'example', not a domain; write one such as shop.example.com or *.example.com\n"
            f"{NEW}.ingress: sources has 'here', no range of IPv4 addresses; write ranges such as 203.0.113.0/24\n"
            f"{NEW}.ingress.zone: new is 'a.b', not a domain; write one such as shop.example.com or *.example.com\n"
            f"{NEW}.ingress: certificate and domains exclude each other; remove one",
        ),
        (
            {"ingress": True},
            f"{NEW}.ingress: it is True, not a mapping; write accessLogs, certificate, domains, "
            "idleTimeout, internal, sources, tlsPolicy, zone",
        ),
    ],
)
def test_a_wrong_setting_is_refused_before_anything_is_made(new: Any, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        made(**new)
    assert str(caught.value) == message


def test_a_component_tells_what_is_wrong_with_its_arguments() -> None:
    args: Any = {"region": REGION, "log_days": 2, "network": {"existing": {}}}
    with pytest.raises(SettingsError) as caught:
        record(lambda: EcsCluster("edge", args))
    assert [str(each) for each in caught.value.problems][1:] == [
        "edge.network.existing: no value for vpc; write one",
        "edge.network.existing: no value for subnets; write one",
    ]
