"""Facts about the official plugin of pulumi-aws 7, each kind with the source that they were read in.

They are not facts about the stand-in: it is held against them here, so that a program that works with one works with
the other. Read in `internal/service/` of hashicorp/terraform-provider-aws, which the official plugin wraps: what has
ForceNew there replaces a resource here, what has Computed there may be left out without a change, and a Default is one.

What this does not prove: that the official plugin behaves as its sources read; that the sources of the same day were
read (they are of 2023 to 2026); anything about properties that the stand-in lacks, which it refuses. `UNREAD` are kinds
whose facts are written down as known.
"""

import re

import pytest
from facts import Fact, changed

from standins.aws import kind
from standins.aws.__main__ import package

KINDS = {
    token.split(":")[1].split("/")[0] + "." + token.rsplit(":", 1)[-1]: it for token, it in package().resources.items()
}


NAMED = "name namePrefix"
"""Computed and ForceNew wherever a kind has both."""

FACTS = {
    "appautoscaling.Policy": Fact(
        "appautoscaling/policy.go",
        "name resourceId scalableDimension serviceNamespace",
        defaults={"policyType": "StepScaling"},
    ),
    "appautoscaling.Target": Fact(
        "appautoscaling/target.go", "resourceId scalableDimension serviceNamespace", "roleArn suspendedState"
    ),
    "cloudwatch.LogGroup": Fact("logs/group.go", f"{NAMED} logGroupClass", f"{NAMED} logGroupClass"),
    "ec2.DefaultSecurityGroup": Fact("ec2/vpc_default_security_group.go", "vpcId"),
    "ec2.Eip": Fact("ec2/ec2_eip.go", "domain", "domain"),
    "ec2.InternetGateway": Fact("ec2/vpc_internet_gateway.go"),
    "ec2.NatGateway": Fact(
        "ec2/vpc_nat_gateway.go",
        "allocationId connectivityType subnetId",
        defaults={"connectivityType": "public"},
    ),
    "ec2.Route": Fact("ec2/vpc_route.go", "destinationCidrBlock routeTableId"),
    "ec2.RouteTable": Fact("ec2/vpc_route_table.go", "vpcId"),
    "ec2.RouteTableAssociation": Fact("ec2/vpc_route_table_association.go", "subnetId"),
    "ec2.SecurityGroup": Fact(
        "ec2/vpc_security_group.go",
        f"{NAMED} description vpcId",
        f"{NAMED} vpcId",
        {"description": "Managed by Pulumi"},  # "Managed by Terraform" there
    ),
    "ec2.Subnet": Fact("ec2/vpc_subnet.go", "availabilityZone cidrBlock vpcId", "availabilityZone"),
    "ec2.Vpc": Fact(
        "ec2/vpc_.go",
        "cidrBlock",
        "cidrBlock enableDnsHostnames",
        {"enableDnsSupport": True, "instanceTenancy": "default"},
    ),
    "ec2.VpcEndpoint": Fact(
        "ec2/vpc_endpoint.go",
        "serviceName vpcEndpointType vpcId",
        "policy privateDnsEnabled routeTableIds securityGroupIds subnetIds",
        {"vpcEndpointType": "Gateway"},
    ),
    "ecr.LifecyclePolicy": Fact("ecr/lifecycle_policy.go", "policy repository"),
    "ecr.Repository": Fact(
        "ecr/repository.go; SuppressMissingOptionalConfigurationBlock comes to Computed",
        "encryptionConfigurations name",
        "encryptionConfigurations imageScanningConfiguration name",
        {"imageTagMutability": "MUTABLE"},
    ),
    "ecs.Cluster": Fact("ecs/cluster.go", "name", "name settings"),
    "ecs.ClusterCapacityProviders": Fact("ecs/cluster_capacity_providers.go", "clusterName"),
    "ecs.Service": Fact(
        "ecs/service.go",
        "cluster launchType name schedulingStrategy",
        "availabilityZoneRebalancing cluster launchType platformVersion triggers",
        {
            "deploymentMaximumPercent": 200,
            "deploymentMinimumHealthyPercent": 100,
            "schedulingStrategy": "REPLICA",
            "waitForSteadyState": False,
        },
    ),
    "ecs.TaskDefinition": Fact(
        "ecs/task_definition.go",
        "containerDefinitions cpu ephemeralStorage executionRoleArn family ipcMode memory networkMode pidMode "
        "requiresCompatibilities runtimePlatform taskRoleArn volumes",
        "networkMode",
    ),
    "efs.AccessPoint": Fact("efs/access_point.go", "fileSystemId posixUser rootDirectory", "rootDirectory"),
    "efs.BackupPolicy": Fact("efs/backup_policy.go", "fileSystemId"),
    "efs.FileSystem": Fact(
        "efs/file_system.go",
        "availabilityZoneName creationToken encrypted kmsKeyId performanceMode",
        "availabilityZoneName creationToken encrypted kmsKeyId performanceMode",
        {"throughputMode": "bursting"},
    ),
    "efs.FileSystemPolicy": Fact("efs/file_system_policy.go", "fileSystemId"),
    "efs.MountTarget": Fact("efs/mount_target.go", "fileSystemId ipAddress subnetId", "ipAddress securityGroups"),
    "iam.Role": Fact("iam/role.go", f"{NAMED} path", NAMED, {"maxSessionDuration": 3600, "path": "/"}),
    "iam.RolePolicy": Fact("iam/role_policy.go", f"{NAMED} role", NAMED),
    "iam.RolePolicyAttachment": Fact("iam/role_policy_attachment.go", "policyArn role"),
    "kms.Alias": Fact("kms/alias.go", "name"),
    "kms.Key": Fact("kms/key.go", computed="description policy"),
    "lambda.Function": Fact(
        "lambda/function.go",
        "name packageType",
        "architectures ephemeralStorage loggingConfig name",
        {"memorySize": 128, "packageType": "Zip", "timeout": 3},
    ),
    "lambda.Invocation": Fact(
        "lambda/invocation.go; input by customizeDiffInputChangeWithCreateOnlyScope",
        "functionName input qualifier triggers",
        defaults={"lifecycleScope": "CREATE_ONLY", "qualifier": "$LATEST", "terraformKey": "tf"},
    ),
    "lb.Listener": Fact("elbv2/listener.go", "loadBalancerArn", "protocol sslPolicy"),
    "lb.ListenerCertificate": Fact("elbv2/listener_certificate.go", "certificateArn listenerArn"),
    "lb.ListenerRule": Fact("elbv2/listener_rule.go", "listenerArn"),
    "lb.LoadBalancer": Fact(
        "elbv2/load_balancer.go",
        f"{NAMED} internal loadBalancerType",
        f"{NAMED} internal ipAddressType securityGroups subnets",
        {"loadBalancerType": "application"},
    ),
    "lb.TargetGroup": Fact(
        "elbv2/target_group.go",
        f"{NAMED} ipAddressType port protocol protocolVersion targetType vpcId",
        f"{NAMED} healthCheck ipAddressType protocolVersion stickiness",
        {"deregistrationDelay": 300, "targetType": "instance"},
    ),
    "scheduler.Schedule": Fact(
        "scheduler/schedule.go",
        f"{NAMED} groupName",
        f"{NAMED} groupName",
        {"scheduleExpressionTimezone": "UTC", "state": "ENABLED"},
    ),
    "secretsmanager.Secret": Fact("secretsmanager/secret.go", NAMED, NAMED, {"recoveryWindowInDays": 30}),
    "secretsmanager.SecretVersion": Fact(
        "secretsmanager/secret_version.go", "secretBinary secretId secretString", "versionStages"
    ),
    "servicediscovery.Instance": Fact("servicediscovery/instance.go", "instanceId serviceId"),
    "servicediscovery.PrivateDnsNamespace": Fact("servicediscovery/private_dns_namespace.go", "name vpc"),
    "servicediscovery.Service": Fact(
        "servicediscovery/service.go",
        "healthCheckCustomConfig name namespaceId type",
        "namespaceId type",
    ),
    "vpc.SecurityGroupEgressRule": Fact("ec2/vpc_security_group_egress_rule.go", "securityGroupId"),
    "vpc.SecurityGroupIngressRule": Fact("ec2/vpc_security_group_ingress_rule.go", "securityGroupId"),
}

UNREAD = {
    *("ec2.DefaultSecurityGroup", "ec2.InternetGateway", "ec2.Route", "ec2.RouteTable", "ec2.Subnet"),
    *("ecs.ClusterCapacityProviders", "efs.FileSystemPolicy", "iam.RolePolicyAttachment", "lb.ListenerRule"),
}

# what the stand-in does otherwise: it replaces more
ELSE_REPLACED = {
    # there the ID changes with an update, which Pulumi's protocol has no word for
    "ec2.RouteTableAssociation": {"routeTableId"},
}

INSIDE = [
    (
        "lb.TargetGroup",
        "healthCheck",
        {
            "enabled": True,
            "healthyThreshold": 3,
            "interval": 30,
            "port": "traffic-port",
            "protocol": "HTTP",
            "unhealthyThreshold": 3,
        },
        "elbv2/target_group.go",
    ),
    ("lb.TargetGroup", "stickiness", {"cookieDuration": 86400, "enabled": True}, "elbv2/target_group.go"),
    ("servicediscovery.Service", "dnsConfig", {"routingPolicy": "MULTIVALUE"}, "servicediscovery/service.go"),
]

OBJECTS = {
    "lb.TargetGroup.healthCheck": ({"interval": 10}, {"interval": 20}),
    "lb.TargetGroup.stickiness": ({"type": "lb_cookie"}, {"type": "source_ip"}),
    "servicediscovery.Service.dnsConfig": ({"dnsRecords": [{"ttl": 1}]}, {"dnsRecords": [{"ttl": 2}]}),
}
"""Inputs that hold an object with facts of its own -> one before, and one after, that are changed in place."""

CASES = [(of, name) for of, it in sorted(KINDS.items()) for name in sorted(it.traits)]


def test_every_kind_has_facts():
    assert set(FACTS) == set(KINDS)
    assert set(FACTS) >= UNREAD


@pytest.mark.parametrize(("of", "name"), CASES)
def test_a_change_replaces_what_it_replaces_there_and_nothing_else(aws_plugin, of, name):
    before, after = OBJECTS.get(f"{of}.{name}", ("a", "b"))
    told, replaced = changed(aws_plugin, KINDS[of], {name: before}, {name: after})
    fixed = {*FACTS[of].replaces.split(), *ELSE_REPLACED.get(of, ())}
    assert {path.partition(".")[0] for path in told} == {name}
    assert ({path.partition(".")[0] for path in replaced} == {name}) is (name in fixed), FACTS[of].source


@pytest.mark.parametrize(("of", "name"), CASES)
def test_what_is_taken_out_changes_unless_aws_decides_on_it(aws_plugin, of, name):
    before, _ = OBJECTS.get(f"{of}.{name}", ("a", "b"))
    told, _ = changed(aws_plugin, KINDS[of], {name: before}, {})
    assert (told == set()) is (name in FACTS[of].computed.split()), FACTS[of].source


@pytest.mark.parametrize("of", sorted(KINDS))
def test_the_defaults_are_the_official_ones(of):
    given = {name: trait.default for name, trait in KINDS[of].traits.items() if trait.default is not None}
    assert given == dict(FACTS[of].defaults), FACTS[of].source


@pytest.mark.parametrize(("of", "name", "inside", "source"), INSIDE)
def test_the_defaults_inside_an_object_are_the_official_ones(of, name, inside, source):
    fields = KINDS[of].traits[name].fields
    assert {key: trait.default for key, trait in fields.items() if trait.default is not None} == inside, source


@pytest.mark.parametrize(("name", "before", "after"), [("namespaceId", "a", "b"), ("routingPolicy", "A", "B")])
def test_a_name_in_cloud_map_is_made_anew_where_its_namespace_or_its_policy_changes(aws_plugin, name, before, after):
    """Read in servicediscovery/service.go. There the type of a record replaces too, which is in place here."""
    told, replaced = changed(
        aws_plugin, KINDS["servicediscovery.Service"], {"dnsConfig": {name: before}}, {"dnsConfig": {name: after}}
    )
    assert told == replaced == {f"dnsConfig.{name}"}


def test_order_is_no_change_of_a_set(aws_plugin):
    """TypeSet in the sources of each."""
    for of, name in (
        ("efs.MountTarget", "securityGroups"),
        ("ecs.TaskDefinition", "requiresCompatibilities"),
        ("lb.LoadBalancer", "subnets"),
        ("ec2.VpcEndpoint", "subnetIds"),
    ):
        told, _ = changed(aws_plugin, KINDS[of], {name: ["a", "b"]}, {name: ["b", "a"]})
        assert told == set(), of


def test_spaces_and_order_are_no_change_of_a_document(aws_plugin):
    """DiffSuppressFunc in iam/role.go, iam/role_policy.go, ecr/lifecycle_policy.go and ecs/task_definition.go."""
    for of, name in (
        ("iam.Role", "assumeRolePolicy"),
        ("iam.RolePolicy", "policy"),
        ("ecr.LifecyclePolicy", "policy"),
        ("ecs.TaskDefinition", "containerDefinitions"),
    ):
        told, _ = changed(aws_plugin, KINDS[of], {name: '{"a": 1, "b": 2}'}, {name: '{"b":2,"a":1}'})
        assert told == set(), of


def test_what_is_put_behind_a_prefix_has_the_official_length():
    """UniqueIDSuffixLength in `helper/id/id.go` of hashicorp/terraform-plugin-sdk: 18 digits, then 8 of a counter."""
    named = KINDS["iam.Role"].named({"namePrefix": "app-"})["name"]
    assert re.fullmatch(r"app-[0-9]{18}[0-9a-f]{8}", named)
    assert kind.UNIQUE == len(named) - len("app-") == 26


def test_two_names_of_one_prefix_are_two():
    role = KINDS["iam.Role"]
    assert role.named({"namePrefix": "app-"}) != role.named({"namePrefix": "app-"})


def test_a_name_goes_before_its_prefix():
    assert KINDS["iam.Role"].named({"namePrefix": "app-", "name": "own"})["name"] == "own"
