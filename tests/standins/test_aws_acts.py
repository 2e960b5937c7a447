"""What the aws stand-in sends: each call to a cloud that only keeps it, held against AWS' own model of that call.

What this does not prove: what AWS answers. The tests of `make test-aws` have a cloud that does.
"""

import threading

import pytest

from standins.aws import ec2, ecs_service, elbv2, functions, iam, logs, model, scaling, security_groups
from standins.aws.cloud import CloudError
from standins.resource import Call, StandinError
from standins.traits import fill
from standins.values import Asset

ARN = "arn:aws:iam::123456789012:role/app"


class Kept:
    """A cloud that keeps what it is sent, and answers with what it is given.

    Attributes:
        sent: operation and members, in order.
    """

    region = "eu-central-1"

    def __init__(self, default_tags=None, **answers):
        self.default_tags = default_tags or {}
        self.answers = answers
        self.sent = []

    def send(self, service, operation, given):
        assert list(model.problems(model.operation(service, operation), given)) == []
        self.sent.append((operation, given))
        answer = self.answers.get(operation, {})
        if isinstance(answer, CloudError):
            raise answer
        return answer

    find = send

    @property
    def changes(self):
        """What was sent but for questions."""
        return [(name, given) for name, given in self.sent if not name.startswith(("Describe", "Get", "List"))]


def call(cloud):
    return Call("urn:pulumi:test::project::aws:kind::it", cloud, threading.Event())


def update(kind, identity, old, new, **answers):
    """What is sent where a kind's inputs change; `old` is without the defaults, as `new` is."""
    cloud = Kept(**answers)
    before, after = fill(kind.traits, old), fill(kind.traits, new)
    kind.update(call(cloud), identity, before, after)
    return cloud.changes


LOGS = {"DescribeLogGroups": {"logGroups": [{"logGroupName": "/app", "arn": "arn:aws:logs:a:1:log-group:/app:*"}]}}


def test_a_log_is_made_with_its_days_in_a_call_of_their_own():
    cloud = Kept({"team": "a"}, **LOGS)
    state = logs.LogGroup().create(call(cloud), {"name": "/app", "retentionInDays": 30, "tags": {"app": "shop"}})
    assert cloud.changes == [
        ("CreateLogGroup", {"logGroupName": "/app", "tags": {"team": "a", "app": "shop"}}),
        ("PutRetentionPolicy", {"logGroupName": "/app", "retentionInDays": 30}),
    ]
    assert state.outputs["tagsAll"] == {"team": "a", "app": "shop"}


def test_a_log_that_is_kept_for_ever_from_now_on_loses_its_days():
    sent = update(logs.LogGroup(), "/app", {"name": "/app", "retentionInDays": 30}, {"name": "/app"}, **LOGS)
    assert sent == [("DeleteRetentionPolicy", {"logGroupName": "/app"})]


def test_what_is_to_stay_is_not_removed():
    cloud = Kept()
    logs.LogGroup().delete(call(cloud), "/app", {"name": "/app", "skipDestroy": True})
    assert cloud.sent == []


def test_what_is_gone_already_is_removed():
    cloud = Kept(DeleteLogGroup=CloudError("gone", "ResourceNotFoundException"))
    logs.LogGroup().delete(call(cloud), "/app", {"name": "/app"})
    assert cloud.sent == [("DeleteLogGroup", {"logGroupName": "/app"})]


def test_what_aws_does_not_remove_is_an_error_in_its_words():
    cloud = Kept(DeleteRole=CloudError("DeleteRole: DeleteConflict: has policies", "DeleteConflict"))
    with pytest.raises(CloudError, match=r"^it: DeleteRole: DeleteConflict: has policies$"):
        iam.Role().delete(call(cloud), "app", {})


def test_each_of_a_keys_changes_is_a_call():
    old = {"description": "a", "policy": "{}", "enableKeyRotation": True, "deletionWindowInDays": 7, "arn": ARN}
    new = {"description": "b", "policy": '{"a": 1}', "deletionWindowInDays": 8, "arn": ARN}
    assert update(logs.Key(), "key-1", old, new, DescribeKey={"KeyMetadata": {"Arn": ARN, "KeyId": "key-1"}}) == [
        ("UpdateKeyDescription", {"KeyId": "key-1", "Description": "b"}),
        ("PutKeyPolicy", {"KeyId": "key-1", "Policy": '{"a": 1}'}),
        ("DisableKeyRotation", {"KeyId": "key-1"}),
    ]


def test_a_change_that_the_stand_in_knows_no_call_for_is_refused():
    with pytest.raises(
        StandinError, match=r"^it: the stand-in cannot change instanceTenancy; use the official plugin$"
    ):
        update(ec2.Vpc(), "vpc-1", {"instanceTenancy": "dedicated"}, {})


def test_what_aws_decided_on_is_not_sent_with_a_change_of_tags():
    old = {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24", "availabilityZone": "a", "tagsAll": {"a": "1", "b": "2"}}
    new = {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24", "tags": {"a": "3"}}
    assert update(ec2.Subnet(), "subnet-1", old, new, DescribeSubnets={"Subnets": [{"SubnetId": "subnet-1"}]}) == [
        ("DeleteTags", {"Resources": ["subnet-1"], "Tags": [{"Key": "b"}]}),
        ("CreateTags", {"Resources": ["subnet-1"], "Tags": [{"Key": "a", "Value": "3"}]}),
    ]


def test_a_target_group_has_the_providers_thresholds_and_not_aws_own():
    kind = elbv2.TargetGroup()
    given = fill(kind.traits, {"name": "web", "protocol": "HTTP", "healthCheck": {"path": "/"}})
    first, attributes = kind.requests(given)
    assert first.given["HealthyThresholdCount"] == first.given["UnhealthyThresholdCount"] == 3
    assert first.given["HealthCheckPort"] == "traffic-port"
    assert attributes.given["Attributes"] == [{"Key": "deregistration_delay.timeout_seconds", "Value": "300"}]


def test_each_set_of_a_load_balancer_is_changed_by_a_call_of_its_own():
    balancer = {"LoadBalancerArn": ARN, "State": {"Code": "active"}}
    old = {"subnets": ["a"], "securityGroups": ["sg-1"], "ipAddressType": "ipv4", "arn": ARN, "tagsAll": {}}
    new = {"subnets": ["b", "a"], "securityGroups": ["sg-2"], "ipAddressType": "dualstack"}
    assert update(elbv2.LoadBalancer(), ARN, old, new, DescribeLoadBalancers={"LoadBalancers": [balancer]}) == [
        ("SetIpAddressType", {"LoadBalancerArn": ARN, "IpAddressType": "dualstack"}),
        ("SetSecurityGroups", {"LoadBalancerArn": ARN, "SecurityGroups": ["sg-2"]}),
        ("SetSubnets", {"LoadBalancerArn": ARN, "Subnets": ["b", "a"]}),
    ]


def test_a_rule_for_another_kind_of_source_is_refused_as_ec2_cannot_change_it():
    old = {"securityGroupId": "sg-1", "ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"}
    new = {"securityGroupId": "sg-1", "ipProtocol": "-1", "referencedSecurityGroupId": "sg-2"}
    with pytest.raises(StandinError, match=r"^it: the stand-in cannot replace a rule for another kind of source"):
        update(security_groups.IngressRule(), "sgr-1", old, new)


def test_a_function_for_other_processors_is_its_code_anew():
    code = Asset({"assets": {"a.py": Asset({"text": "a"})}}, archive=True)
    old = {"name": "run", "role": ARN, "code": code, "architectures": ["x86_64"], "arn": ARN, "tagsAll": {}}
    answer = {"Configuration": {"FunctionName": "run", "FunctionArn": ARN, "LastUpdateStatus": "Successful"}}
    ((operation, given),) = update(
        functions.Function(), "run", old, {**old, "architectures": ["arm64"]}, GetFunction=answer
    )
    assert (operation, given["FunctionName"], given["Architectures"]) == ("UpdateFunctionCode", "run", ["arm64"])


def test_a_service_is_sent_what_changed_and_a_deployment_whole():
    old = {"name": "web", "cluster": "main", "desiredCount": 1, "taskDefinition": "web:1", "arn": ARN, "tagsAll": {}}
    new = {**old, "desiredCount": 2, "deploymentMaximumPercent": 150}
    answer = {"services": [{"serviceArn": ARN, "status": "ACTIVE"}]}
    ((operation, given),) = update(ecs_service.Service(), ARN, old, new, DescribeServices=answer)
    assert operation == "UpdateService"
    assert given == {
        "service": ARN,
        "cluster": "main",
        "desiredCount": 2,
        "deploymentConfiguration": {"maximumPercent": 150, "minimumHealthyPercent": 100},
    }


def test_a_service_whose_triggers_change_is_deployed_anew():
    old = {"name": "web", "cluster": "main", "triggers": {"a": "1"}, "arn": ARN, "tagsAll": {}}
    answer = {"services": [{"serviceArn": ARN, "status": "ACTIVE"}]}
    ((_, given),) = update(ecs_service.Service(), ARN, old, {**old, "triggers": {"a": "2"}}, DescribeServices=answer)
    assert given == {"service": ARN, "cluster": "main", "forceNewDeployment": True}


def test_a_role_is_given_only_what_changed():
    old = {"assumeRolePolicy": "{}", "description": "a", "tagsAll": {}}
    role = {"Role": {"Arn": ARN, "RoleId": "1", "RoleName": "app"}}
    assert update(iam.Role(), "app", old, {"assumeRolePolicy": '{"a": 1}', "description": "a"}, GetRole=role) == [
        ("UpdateAssumeRolePolicy", {"RoleName": "app", "PolicyDocument": '{"a": 1}'})
    ]


def test_a_service_is_imported_by_its_cluster_and_its_name_and_has_its_arn_for_an_id():
    arn = "arn:aws:ecs:eu-central-1:123456789012:service/main/web"
    cloud = Kept(DescribeServices={"services": [{"serviceArn": arn, "serviceName": "web", "status": "ACTIVE"}]})
    state = ecs_service.Service().read(call(cloud), "main/web", {})
    assert cloud.sent == [("DescribeServices", {"services": ["web"], "cluster": "main"})]
    assert state.id == arn


def test_a_service_is_not_imported_by_its_arn_as_it_is_not_there():
    arn = "arn:aws:ecs:eu-central-1:123456789012:service/main/web"
    with pytest.raises(StandinError, match="expecting 'cluster-name/service-name'"):
        ecs_service.Service().read(call(Kept()), arn, {})


SCHEDULE = {
    "name": "nightly",
    "scheduleExpression": "rate(1 day)",
    "flexibleTimeWindow": {"mode": "OFF"},
    "target": {"arn": ARN, "roleArn": ARN},
}


@pytest.mark.parametrize(("given", "identity"), [({}, "default/nightly"), ({"groupName": "shop"}, "shop/nightly")])
def test_a_schedule_is_known_by_its_group_and_its_name(given, identity):
    group = identity.partition("/")[0]
    schedule, inputs = scaling.Schedule(), {**SCHEDULE, **given}
    cloud = Kept(GetSchedule={"Name": "nightly", "GroupName": group})
    assert schedule.create(call(cloud), inputs).id == identity
    assert cloud.sent[-1] == ("GetSchedule", {"Name": "nightly", "GroupName": group})
    (sent,) = update(schedule, identity, inputs, {**inputs, "scheduleExpression": "rate(2 days)"}, **cloud.answers)
    assert (sent[0], sent[1]["Name"], sent[1]["GroupName"]) == ("UpdateSchedule", "nightly", group)
    schedule.delete(call(cloud), identity, inputs)
    assert cloud.changes[-1] == ("DeleteSchedule", {"Name": "nightly", "GroupName": group})


def test_a_schedule_is_not_known_by_its_name_alone():
    with pytest.raises(StandinError, match="its group and its name, like default/nightly"):
        scaling.Schedule().read(call(Kept()), "nightly", {})
