"""Load balancers, and what ministack lacks, on the tests' own cloud.

It runs no Slipway. Health checks of target groups, certificates and UDP are not part of the cloud.
"""

import urllib.request
from typing import Any

import pytest

from aws.tasks import Ecs, container, until

pytestmark = [pytest.mark.engine, pytest.mark.aws]

SERVER = """exec perl -MIO::Socket::INET -e '
    my $server = IO::Socket::INET->new(Listen => 50, LocalPort => 8000, ReuseAddr => 1) or die;
    while (my $client = $server->accept) {
        while (<$client>) { last if /^\\r?\\n$/ }
        print $client "HTTP/1.0 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello"; close $client }'
"""
SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]


def balancer(ecs: Ecs, kind: str, protocol: str) -> tuple[dict[str, Any], str]:
    """A load balancer, and a target group with the tasks of a service."""
    elb = ecs.of("elbv2")
    name = f"{ecs.name[:20]}-{kind[:3]}"
    (made,) = elb.create_load_balancer(Name=name, Type=kind, Subnets=SUBNETS)["LoadBalancers"]
    (group,) = elb.create_target_group(Name=name, Protocol=protocol, Port=8000, VpcId="vpc-1", TargetType="ip")[
        "TargetGroups"
    ]
    attached = [{"targetGroupArn": group["TargetGroupArn"], "containerName": "web", "containerPort": 8000}]
    ecs.serve("web", ecs.define(container("web", SERVER)), loadBalancers=attached)
    ecs.rolled_out("web")
    return made, group["TargetGroupArn"]


def read(url: str, **headers: str) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
        return bytes(answer.read())


def test_a_network_load_balancer_hands_connections_to_tasks(ecs: Ecs) -> None:
    made, group = balancer(ecs, "network", "TCP")
    forward = [{"Type": "forward", "TargetGroupArn": group}]
    listener = ecs.of("elbv2").create_listener(
        LoadBalancerArn=made["LoadBalancerArn"], Protocol="TCP", Port=8080, DefaultActions=forward
    )["Listeners"][0]
    assert read(f"http://{made['DNSName']}:8080/") == b"hello"
    ecs.of("elbv2").delete_listener(ListenerArn=listener["ListenerArn"])
    with pytest.raises(OSError, match="refused"):
        read(f"http://{made['DNSName']}:8080/")


def test_an_application_load_balancer_goes_by_the_host_of_its_rules(ecs: Ecs) -> None:
    made, group = balancer(ecs, "application", "HTTP")
    none = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404", "MessageBody": "nobody"}}]
    elb = ecs.of("elbv2")
    listener = elb.create_listener(
        LoadBalancerArn=made["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=none
    )["Listeners"][0]["ListenerArn"]
    host = f"{ecs.name}.example.com"
    elb.create_rule(
        ListenerArn=listener,
        Priority=1,
        Conditions=[{"Field": "host-header", "HostHeaderConfig": {"Values": [host]}}],
        Actions=[{"Type": "forward", "TargetGroupArn": group}],
    )
    url = f"http://{made['DNSName']}/"
    assert read(url, Host=host) == b"hello"
    with pytest.raises(OSError, match="404"):
        read(url)


def test_an_image_is_pushed_to_a_repository_and_run_by_its_digest(ecs: Ecs) -> None:
    uri = ecs.of("ecr").create_repository(repositoryName=ecs.name)["repository"]["repositoryUri"]
    image = ecs.engine.images.get(container("web")["image"])
    assert image.tag(uri, "one")
    said = list(ecs.engine.images.push(uri, "one", stream=True, decode=True))
    (digest,) = [each["aux"]["Digest"] for each in said if "aux" in each]
    ecs.engine.images.remove(f"{uri}:one")
    arn = ecs.run(ecs.define(container("web", image=f"{uri}@{digest}")))
    ecs.running(arn)
    (found,) = ecs.of("ecr").describe_images(repositoryName=ecs.name)["imageDetails"]
    assert (found["imageDigest"], found["imageTags"]) == (digest, ["one"])


def test_an_image_that_is_not_there_stops_the_task(ecs: Ecs) -> None:
    arn = ecs.run(ecs.define(container("web", image=f"{ecs.cloud.registry}/nobody:none")))
    assert ecs.stopped(arn)["stoppedReason"].startswith("CannotPullContainerError: ")


def test_what_scales_is_kept(ecs: Ecs) -> None:
    scaling = ecs.of("application-autoscaling")
    key = {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/{ecs.name}/web",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    scaling.register_scalable_target(**key, MinCapacity=1, MaxCapacity=4, Tags={"a": "b"})
    policy = {
        "TargetValue": 50.0,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
    }
    scaling.put_scaling_policy(
        **key, PolicyName="cpu", PolicyType="TargetTrackingScaling", TargetTrackingScalingPolicyConfiguration=policy
    )
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[key["ResourceId"]])[
        "ScalableTargets"
    ]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 4)
    (found,) = scaling.describe_scaling_policies(**key)["ScalingPolicies"]
    assert found["TargetTrackingScalingPolicyConfiguration"] == policy
    scaling.deregister_scalable_target(**key)
    assert scaling.describe_scaling_policies(**key)["ScalingPolicies"] == []


def test_a_service_scaled_to_none_has_no_task(ecs: Ecs) -> None:
    ecs.serve("web", ecs.define(container("web")), 2)
    ecs.rolled_out("web")
    ecs.client.update_service(cluster=ecs.name, service="web", desiredCount=0)
    until(lambda: ecs.tasks("web") == [])
