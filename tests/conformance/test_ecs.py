"""What an application does on ECS beyond what every target must do, on the tests' own AWS.

It shows Slipway's half, and how ECS answers to it as AWS' pages tell; see `on_ecs.py` for what it does not prove.
"""

import re
import urllib.request
from typing import Any

import boto3
import pytest
from aws import start
from rolling import answers, application

pytestmark = [pytest.mark.engine, pytest.mark.targets("ecs")]

UNHEALTHY = {"test": ["CMD-SHELL", "exit 1"], "interval": "5s", "timeout": "2s", "retries": 1}


@pytest.mark.parametrize(
    ("keys", "reasons"),
    [
        ({"image": "127.0.0.1:1/not-there:1"}, ["CannotPullContainerError"]),
        ({"healthcheck": UNHEALTHY}, ["Task failed container health checks", "serving two"]),
        (
            {"command": ["sh", "-c", "echo no such table; exit 3"]},
            ["container web exited with code 3", "no such table"],
        ),
    ],
    ids=["an image that is not there", "never healthy", "it ends at once"],
)
def test_a_failed_update_is_rolled_back_and_fails_every_up_until_it_is_mended(deployment, keys, reasons) -> None:
    assert deployment.up(application(deployment, "one"))[0] == 0
    for _ in range(2):
        code, said = deployment.up(application(deployment, "two", **keys))
        assert code != 0
        assert re.search(r"web: its tasks run \S+-web:1, not \S+-web:2", said), said
        assert "Traceback" not in said
        assert set(answers(deployment)) == {"one"}
    assert not [reason for reason in reasons if reason not in said], said
    assert deployment.up(application(deployment, "three"))[0] == 0
    deployment.until(lambda: set(answers(deployment)) == {"three"})


def test_a_first_creation_that_never_gets_healthy_fails_and_the_next_up_converges(deployment) -> None:
    assert deployment.up(application(deployment, "one", healthcheck=UNHEALTHY))[0] != 0
    assert deployment.up(application(deployment, "two"))[0] == 0
    assert set(answers(deployment)) == {"two"}


def test_a_name_leads_to_the_services_that_share_a_network_and_no_further(deployment) -> None:
    services = {
        "front": deployment.service(networks=["edge"]),
        "middle": deployment.service(networks=["edge", "inner"], expose=["8000"]),
        "back": deployment.service(networks=["inner"], command=["probe", "serve", ":8000"], expose=["8000"],
                                   environment={"VERSION": "one"}),
    }  # fmt: skip
    assert deployment.up({"services": services, "networks": {"edge": {}, "inner": {}}})[0] == 0
    assert deployment.run("middle", "sh", "-c", "probe check http://back:8000/ && echo yes") == "yes"
    assert deployment.run("front", "sh", "-c", "probe check http://back:8000/ 2> /dev/null || echo no") == "no"


def test_companions_share_an_address_and_are_one_task(deployment) -> None:
    services = {
        "web": deployment.service(command=["probe", "serve", ":8000"], environment={"VERSION": "one"}),
        "beside": deployment.service(network_mode="service:web"),
    }
    assert deployment.up({"services": services})[0] == 0
    (task,) = deployment.tasks("web")
    names = {each["name"] for each in task["containers"]}
    assert {"web", "beside"} <= names
    assert not deployment.exists("beside")


def test_a_file_beside_those_of_the_image_hides_none_of_them(deployment) -> None:
    services = {"web": deployment.service(configs=[{"source": "page", "target": "/etc/apt/page"}])}
    assert deployment.up({"services": services, "configs": {"page": {"content": "hello"}}})[0] == 0
    assert (
        deployment.run("web", "sh", "-c", "cat /etc/apt/page; test -d /etc/apt/sources.list.d && echo kept")
        == "hellokept"
    )


def test_a_route_leads_through_the_clusters_load_balancer(deployment) -> None:
    elb = boto3.client("elbv2", region_name=start.REGION)
    existing = deployment.cluster.existing
    group = boto3.client("ec2", region_name=start.REGION).create_security_group(
        GroupName=f"{deployment.name}-entry", Description="entry", VpcId=existing["vpc"]
    )["GroupId"]
    (made,) = elb.create_load_balancer(
        Name=f"{deployment.name}-entry", Subnets=[*existing["subnets"].values()], SecurityGroups=[group]
    )["LoadBalancers"]
    nobody = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]
    (listener,) = elb.create_listener(
        LoadBalancerArn=made["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=nobody
    )["Listeners"]
    entry = {"name": made["DNSName"], "zone": "Z35SXDOTRQ7X7K", "securityGroup": group, "http": listener["ListenerArn"]}
    deployment.cluster = deployment.cluster._replace(existing={**existing, "balancer": entry})
    host = f"{deployment.name}.example.com"
    web: dict[str, Any] = deployment.service(
        command=["probe", "serve", ":8000"],
        environment={"VERSION": "one"},
        **{"x-slipway": {"ingress": {"port": 8000, "host": host, "tls": "off"}}},
    )
    assert deployment.up({"services": {"web": web}})[0] == 0
    asked = urllib.request.Request(f"http://{made['DNSName']}/", headers={"Host": host})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert answer.read() == b"one\n"
