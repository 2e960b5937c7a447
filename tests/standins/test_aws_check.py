"""What the aws stand-in takes and refuses before anything is made, word by word, for each kind; no cloud.

What a container of a task may have is in `test_aws_containers.py`. What this does not prove: that AWS refuses nothing
else; the rules are botocore's models, and the few beside them whose page is at the rule.
"""

import json

import grpc
import pytest

from standins.aws.__main__ import package
from standins.values import UNKNOWN

ACCOUNT = "123456789012"


def arn(service, what):
    return f"arn:aws:{service}:eu-central-1:{ACCOUNT}:{what}"


ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
BALANCER = arn("elasticloadbalancing", "loadbalancer/app/main/1")
GROUP = arn("elasticloadbalancing", "targetgroup/web/1")
LISTENER = arn("elasticloadbalancing", "listener/app/main/1/2")
CERTIFICATE = arn("acm", "certificate/1")
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
MAY = {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}
ALL = {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": {"AWS": "*"}}


def document(statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


SCALED = {
    "resourceId": "service/main/web",
    "scalableDimension": "ecs:service:DesiredCount",
    "serviceNamespace": "ecs",
}
WHEN = {
    "flexibleTimeWindow": {"mode": "OFF"},
    "scheduleExpression": "rate(1 day)",
    "target": {"arn": arn("ecs", "cluster/main"), "roleArn": ROLE},
}
HTTP = {"name": "web", "port": 80, "protocol": "HTTP", "targetType": "ip", "vpcId": "vpc-1"}
RULE = {"securityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 80, "toPort": 80, "cidrIpv4": "0.0.0.0/0"}
FORWARD = [{"type": "forward", "targetGroupArn": GROUP}]
SHARE = {"policyType": "TargetTrackingScaling", "name": "cpu"}

# kind -> inputs that are right, and with a change: what is said then
KINDS = {
    "appautoscaling/policy:Policy": (
        {**SCALED, **SHARE, "targetTrackingScalingPolicyConfiguration": {"targetValue": 70}},
        {"policyType": "Tracking"},
        "PolicyType: 'Tracking' is not one of StepScaling, TargetTrackingScaling, PredictiveScaling",
    ),
    "appautoscaling/target:Target": (
        {**SCALED, "minCapacity": 1, "maxCapacity": 2},
        {"serviceNamespace": "efs"},
        "ServiceNamespace: 'efs' is not one of ecs, elasticmapreduce, ec2, appstream, dynamodb, rds, sagemaker, "
        "custom-resource, comprehend, lambda, cassandra, kafka, elasticache, neptune, workspaces",
    ),
    "cloudwatch/logGroup:LogGroup": (
        {"name": "/app"},
        {"retentionInDays": 2},
        "retentionInDays: 2 is not one of 0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, "
        "1827, 2192, 2557, 2922, 3288, 3653",
    ),
    "ec2/defaultSecurityGroup:DefaultSecurityGroup": (
        {"vpcId": "vpc-1"},
        {"ingress": [{"fromPort": 1, "toPort": 1, "protocol": "tcp"}]},
        "ingress: the stand-in takes rules away from the default group, and gives it none; leave it out",
    ),
    "ec2/eip:Eip": ({"domain": "vpc"}, {"domain": "classic"}, "Domain: 'classic' is not one of vpc, standard"),
    "ec2/internetGateway:InternetGateway": (
        {"vpcId": "vpc-1"},
        {"vpcId": ["vpc-1"]},
        "vpcId: must be a string, not a list",
    ),
    "ec2/natGateway:NatGateway": (
        {"allocationId": "eipalloc-1", "subnetId": "subnet-1"},
        {"connectivityType": "open"},
        "ConnectivityType: 'open' is not one of private, public",
    ),
    "ec2/route:Route": (
        {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"},
        {"transitGatewayId": "tgw-1"},
        "transitGatewayId: the stand-in lacks it; leave it out or use the official plugin",
    ),
    "ec2/routeTable:RouteTable": (
        {"vpcId": "vpc-1"},
        {"propagatingVgws": ["vgw-1"]},
        "propagatingVgws: the stand-in lacks it; leave it out or use the official plugin",
    ),
    "ec2/routeTableAssociation:RouteTableAssociation": (
        {"routeTableId": "rtb-1", "subnetId": "subnet-1"},
        {"gatewayId": "igw-1"},
        "gatewayId: the stand-in lacks it; leave it out or use the official plugin",
    ),
    "ec2/securityGroup:SecurityGroup": (
        {"vpcId": "vpc-1", "name": "web"},
        {"description": "it's"},
        'description: "it\'s" does not match [a-zA-Z0-9. _\\-:/()#,@\\[\\]+=&;{}!$*]*',
    ),
    "ec2/subnet:Subnet": (
        {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24"},
        {"ipv6Native": True},
        "ipv6Native: the stand-in lacks it; leave it out or use the official plugin",
    ),
    "ec2/vpc:Vpc": (
        {"cidrBlock": "10.0.0.0/16"},
        {"instanceTenancy": "own"},
        "InstanceTenancy: 'own' is not one of default, dedicated, host",
    ),
    "ec2/vpcEndpoint:VpcEndpoint": (
        {"vpcId": "vpc-1", "serviceName": "com.amazonaws.eu-central-1.s3"},
        {"vpcEndpointType": "Door"},
        "VpcEndpointType: 'Door' is not one of Interface, Gateway, GatewayLoadBalancer, Resource, ServiceNetwork, "
        "Tunnel",
    ),
    "ecr/lifecyclePolicy:LifecyclePolicy": (
        {"repository": "app", "policy": json.dumps({"rules": [{"rulePriority": 1, "description": "d" * 60}]})},
        {"policy": "{}"},
        "lifecyclePolicyText: 2 characters, and the least is 100",
    ),
    "ecr/repository:Repository": (
        {"name": "app"},
        {"imageTagMutability": "MAYBE"},
        "imageTagMutability: 'MAYBE' is not one of MUTABLE, IMMUTABLE, IMMUTABLE_WITH_EXCLUSION, "
        "MUTABLE_WITH_EXCLUSION",
    ),
    "ecs/cluster:Cluster": (
        {"name": "main"},
        {"settings": [{"name": "insights", "value": "enabled"}]},
        "settings[0].name: 'insights' is not one of containerInsights",
    ),
    "ecs/clusterCapacityProviders:ClusterCapacityProviders": (
        {"clusterName": "main", "capacityProviders": ["FARGATE"]},
        {"defaultCapacityProviderStrategies": [{"capacityProvider": "FARGATE", "weight": 1001}]},
        "defaultCapacityProviderStrategy[0].weight: 1001, and the most is 1000",
    ),
    "ecs/service:Service": (
        {"name": "web", "cluster": arn("ecs", "cluster/main"), "taskDefinition": "web:1", "desiredCount": 1},
        {"launchType": "MOON"},
        "launchType: 'MOON' is not one of EC2, FARGATE, EXTERNAL, MANAGED_INSTANCES",
    ),
    "ecs/taskDefinition:TaskDefinition": (
        {"family": "web", "containerDefinitions": '[{"name": "web", "image": "debian"}]'},
        {"containerDefinitions": "{"},
        "containerDefinitions: must be a list, not '{'",
    ),
    "efs/accessPoint:AccessPoint": (
        {"fileSystemId": "fs-0123456789abcdef0", "posixUser": {"uid": 0, "gid": 0}},
        {"posixUser": {"uid": -1, "gid": 0}},
        "PosixUser.Uid: -1, and the least is 0",
    ),
    "efs/backupPolicy:BackupPolicy": (
        {"fileSystemId": "fs-0123456789abcdef0", "backupPolicy": {"status": "ENABLED"}},
        {"backupPolicy": {"status": "ON"}},
        "BackupPolicy.Status: 'ON' is not one of ENABLED, ENABLING, DISABLED, DISABLING",
    ),
    "efs/fileSystem:FileSystem": (
        {"encrypted": True},
        {"performanceMode": "fast"},
        "PerformanceMode: 'fast' is not one of generalPurpose, maxIO",
    ),
    "efs/fileSystemPolicy:FileSystemPolicy": (
        {"fileSystemId": "fs-0123456789abcdef0", "policy": document({**ALL, "Action": "elasticfilesystem:*"})},
        {"policy": document({**ALL, "Principal": None, "Effect": "Perhaps"})},
        "policy: Statement[0].Effect: 'Perhaps' is not one of Allow, Deny",
    ),
    "efs/mountTarget:MountTarget": (
        {"fileSystemId": "fs-0123456789abcdef0", "subnetId": "subnet-01234567"},
        {"ipAddress": "10.0.0.a"},
        r"IpAddress: '10.0.0.a' does not match ^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}$",
    ),
    "iam/role:Role": (
        {"name": "app", "assumeRolePolicy": document(TRUST)},
        {"assumeRolePolicy": document({**TRUST, "Resource": "*"})},
        "assumeRolePolicy: Statement[0].Resource: a policy that says who may take a role has none",
    ),
    "iam/rolePolicy:RolePolicy": (
        {"name": "app", "role": "app", "policy": document(MAY)},
        {"policy": document({**MAY, "Resource": "bucket"})},
        "policy: Statement[0].Resource: 'bucket' is no ARN",
    ),
    "iam/rolePolicyAttachment:RolePolicyAttachment": (
        {"role": "app", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
        {"policyArn": "ReadOnly"},
        "PolicyArn: 8 characters, and the least is 20",
    ),
    "kms/alias:Alias": (
        {"name": "alias/app", "targetKeyId": "key-1"},
        {"name": "alias/a b"},
        "AliasName: 'alias/a b' does not match ^[a-zA-Z0-9:/_-]+$",
    ),
    "kms/key:Key": (
        {"description": "of app", "policy": document(ALL)},
        {"deletionWindowInDays": 6},
        "deletionWindowInDays: 6 is not one of 7 to 30",
    ),
    "lambda/invocation:Invocation": (
        {"functionName": "run", "input": "{}"},
        {"input": "{"},
        "input: is no JSON",
    ),
    "lb/listener:Listener": (
        {"loadBalancerArn": BALANCER, "port": 80, "protocol": "HTTP", "defaultActions": FORWARD},
        {"protocol": "HTTPS"},
        "certificateArn: is required with HTTPS",
    ),
    "lb/listenerCertificate:ListenerCertificate": (
        {"listenerArn": LISTENER, "certificateArn": CERTIFICATE},
        {"certificateArn": 1},
        "certificateArn: must be a string, not 1",
    ),
    "lb/listenerRule:ListenerRule": (
        {
            "listenerArn": LISTENER,
            "actions": FORWARD,
            "priority": 1,
            "conditions": [{"pathPattern": {"values": ["/"]}}],
        },
        {"priority": 50001},
        "Priority: 50001, and the most is 50000",
    ),
    "lb/loadBalancer:LoadBalancer": (
        {"name": "main", "subnets": ["subnet-1", "subnet-2"]},
        {"name": "internal-main"},
        'name: "internal-main" does not match (?!internal-)[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?',
    ),
    "lb/targetGroup:TargetGroup": (
        {**HTTP, "healthCheck": {"path": "/"}},
        {"healthCheck": {"path": "/", "healthyThreshold": 1}},
        "HealthyThresholdCount: 1, and the least is 2",
    ),
    "scheduler/schedule:Schedule": (
        {**WHEN, "name": "daily"},
        {"flexibleTimeWindow": {"mode": "SOMETIMES"}},
        "FlexibleTimeWindow.Mode: 'SOMETIMES' is not one of OFF, FLEXIBLE",
    ),
    "secretsmanager/secret:Secret": (
        {"name": "app/password"},
        {"recoveryWindowInDays": 6},
        "recoveryWindowInDays: 6 is not one of 0, 7 to 30",
    ),
    "secretsmanager/secretVersion:SecretVersion": (
        {"secretId": "app/password", "secretString": "x"},
        {"secretString": "x" * 65537},
        "SecretString: 65537 characters, and the most is 65536",
    ),
    "servicediscovery/instance:Instance": (
        {"serviceId": "srv-1", "instanceId": "db", "attributes": {"AWS_INSTANCE_CNAME": "db.example.com"}},
        {"instanceId": "a b"},
        "InstanceId: 'a b' does not match ^[0-9a-zA-Z_/:.@-]+$",
    ),
    "servicediscovery/privateDnsNamespace:PrivateDnsNamespace": (
        {"name": "app.internal", "vpc": "vpc-1"},
        {"description": "d" * 1025},
        "Description: 1025 characters, and the most is 1024",
    ),
    "servicediscovery/service:Service": (
        {"name": "web", "dnsConfig": {"namespaceId": "ns-1", "dnsRecords": [{"type": "A", "ttl": 10}]}},
        {"dnsConfig": {"namespaceId": "ns-1", "dnsRecords": [{"type": "MX", "ttl": 10}]}},
        "DnsConfig.DnsRecords[0].Type: 'MX' is not one of SRV, A, AAAA, CNAME",
    ),
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule": (
        RULE,
        {"ipProtocol": "-1"},
        "fromPort: all protocols have no ports; leave fromPort and toPort out",
    ),
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
        RULE,
        {"referencedSecurityGroupId": "sg-2"},
        "referencedSecurityGroupId: exactly one of cidrIpv4, cidrIpv6, prefixListId, referencedSecurityGroupId is "
        "wanted",
    ),
}

FURTHER = [
    ("iam/role:Role", {"namePrefix": "a" * 39}, f'namePrefix: "{"a" * 39}" has 39 characters, and the most is 38'),
    (
        "lb/targetGroup:TargetGroup",
        {"name": None, "namePrefix": "applica"},
        'namePrefix: "applica" has 7 characters, and the most is 6',
    ),
    (
        "ec2/securityGroup:SecurityGroup",
        {"name": "sg-web"},
        r'name: "sg-web" does not match (?!sg-)[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]*',
    ),
    ("lb/listenerRule:ListenerRule", {"conditions": []}, "conditions: a rule has one at least"),
    ("iam/rolePolicy:RolePolicy", {"policy": "{"}, "policy: is no JSON"),
    (
        "iam/rolePolicy:RolePolicy",
        {"policy": document({**MAY, "Principal": "*"})},
        "policy: Statement[0].Principal: a policy of an identity has none",
    ),
    (
        "iam/rolePolicy:RolePolicy",
        {"policy": document({"Effect": "Allow", "Action": "logs:*"})},
        "policy: Statement[0]: has neither Resource nor NotResource",
    ),
    (
        "iam/role:Role",
        {"assumeRolePolicy": document({**TRUST, "Action": "take it"})},
        "assumeRolePolicy: Statement[0].Action: 'take it' is no action",
    ),
    (
        "lambda/invocation:Invocation",
        {"lifecycleScope": "CRUD"},
        "lifecycleScope: the stand-in has CREATE_ONLY alone; use the official plugin",
    ),
    (
        "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {"toPort": 79},
        "fromPort: 80 to 79 is no range of ports",
    ),
    (
        "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {"toPort": None},
        "fromPort: tcp wants fromPort and toPort",
    ),
]


def test_every_kind_that_needs_no_archive_is_here():
    assert {f"aws:{name}" for name in KINDS} == set(package().resources) - {"aws:lambda/function:Function"}


@pytest.mark.parametrize("name", KINDS)
def test_what_is_right_is_taken(aws_plugin, name):
    assert aws_plugin.failures(f"aws:{name}", KINDS[name][0]) == []


@pytest.mark.parametrize("name", KINDS)
def test_one_fault_is_refused_in_these_words(aws_plugin, name):
    right, fault, message = KINDS[name]
    assert aws_plugin.failures(f"aws:{name}", {**right, **fault}) == [message]


@pytest.mark.parametrize(("name", "fault", "message"), FURTHER, ids=[message for *_, message in FURTHER])
def test_what_a_rule_says_is_refused_in_these_words(aws_plugin, name, fault, message):
    given = {key: value for key, value in {**KINDS[name][0], **fault}.items() if value is not None}
    assert aws_plugin.failures(f"aws:{name}", given) == [message]


@pytest.mark.parametrize("name", KINDS)
def test_what_is_not_known_yet_is_taken(aws_plugin, name):
    unknown = dict.fromkeys(KINDS[name][0], UNKNOWN)
    assert aws_plugin.failures(f"aws:{name}", unknown) == []


def test_a_type_that_the_stand_in_lacks_is_refused(aws_plugin):
    with pytest.raises(grpc.RpcError) as caught:
        aws_plugin.failures("aws:rds/instance:Instance", {})
    assert caught.value.details().startswith("aws:rds/instance:Instance: the aws stand-in lacks it (it has aws:")
    assert caught.value.details().endswith("; use the official plugin")


def test_a_cloud_that_is_not_on_this_machine_is_refused(aws_plugin, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://ecs.eu-central-1.amazonaws.com")
    with pytest.raises(grpc.RpcError) as caught:
        aws_plugin.configure(region="eu-central-1")
    assert caught.value.details() == (
        'aws: "https://ecs.eu-central-1.amazonaws.com" is not on this machine, and this is a stand-in for tests;'
        " use the official plugin for AWS itself"
    )


def test_a_name_is_made_of_the_logical_one_and_stays(aws_plugin):
    token = "aws:ecs/cluster:Cluster"
    first = aws_plugin.check(token, {}, name="main")
    assert len(first["name"]) == len("main-1234567")
    assert first["name"].startswith("main-")
    assert aws_plugin.check(token, {}, olds=first, name="main")["name"] == first["name"]


def test_no_name_is_made_where_there_is_a_prefix(aws_plugin):
    assert "name" not in aws_plugin.check("aws:secretsmanager/secret:Secret", {"namePrefix": "app-"})
