"""Tasks on the tests' own cloud keep to their definitions, as far as later tests lean on it.

It runs no Slipway. What it does not prove is how the real Fargate behaves: what is written here is what AWS' pages say.
"""

import pytest

from aws.tasks import Ecs, container, until

pytestmark = [pytest.mark.engine, pytest.mark.aws]

HELLO = """exec perl -MIO::Socket::INET -e '
    my $server = IO::Socket::INET->new(Listen => 5, LocalPort => 8000, ReuseAddr => 1) or die;
    while (my $client = $server->accept) { print $client "hello"; close $client }'
"""
ASK = "exec 3<>/dev/tcp/127.0.0.1/8000 && cat <&3"


def test_containers_start_in_the_order_of_their_dependencies_and_share_an_address(ecs: Ecs) -> None:
    first = container("first", "sleep 1; echo 192.0.2.9 there >> /etc/hosts; exit 0", essential=False)
    wait = [{"containerName": "first", "condition": "SUCCESS"}]
    server = container("server", HELLO, dependsOn=wait)
    arn = ecs.run(ecs.define(container("client", dependsOn=wait), server, first))
    ecs.running(arn)
    assert ecs.exit_codes(arn) == {"client": None, "server": None, "first": 0}
    assert ecs.inside(arn, "client", "getent hosts there") == "192.0.2.9       there"
    assert ecs.inside(arn, "client", f"bash -c 'until {ASK}; do sleep 0.1; done' 2> /dev/null") == "hello"
    assert ecs.address(arn) in ecs.inside(arn, "client", "hostname -I").split()


def test_a_failed_dependency_stops_the_task_with_a_reason(ecs: Ecs) -> None:
    wait = [{"containerName": "first", "condition": "SUCCESS"}]
    arn = ecs.run(ecs.define(container("web", dependsOn=wait), container("first", "exit 3", essential=False)))
    stopped = ecs.stopped(arn)
    assert stopped["stoppedReason"] == "Task failed to start: dependency container first exited with code 3"
    assert stopped["stopCode"] == "TaskFailedToStart"
    assert ecs.exit_codes(arn) == {"web": None, "first": 3}


def test_the_exit_of_an_essential_container_stops_the_task_with_its_code(ecs: Ecs) -> None:
    arn = ecs.run(ecs.define(container("web", "sleep 1; exit 7"), container("beside", "exit 1", essential=False)))
    stopped = ecs.stopped(arn)
    assert stopped["stoppedReason"] == "Essential container in task exited"
    assert ecs.exit_codes(arn) == {"web": 7, "beside": 1}
    until(lambda: not ecs.containers(arn, "web"))


def test_a_container_is_run_as_its_definition_says(ecs: Ecs) -> None:
    given = container("web", readonlyRootFilesystem=True, user="1234:1234", workingDirectory="/var",
                      entryPoint=["sh", "-c"], command=["echo $0 $A > /data/said; exec sleep infinity", "zero"],
                      environment=[{"name": "A", "value": "b c"}],
                      ulimits=[{"name": "nofile", "softLimit": 512, "hardLimit": 1024}],
                      mountPoints=[{"sourceVolume": "data", "containerPath": "/data"}])  # fmt: skip
    prepare = container("prepare", "chmod 777 /data", essential=False,
                        mountPoints=[{"sourceVolume": "data", "containerPath": "/data"}])  # fmt: skip
    given["dependsOn"] = [{"containerName": "prepare", "condition": "SUCCESS"}]
    arn = ecs.run(ecs.define(given, prepare, volumes=[{"name": "data"}]))
    ecs.running(arn)
    assert ecs.inside(arn, "web", "id -u; pwd; ulimit -Sn; cat /data/said") == "1234\n/var\n512\nzero b c"
    assert ecs.inside(arn, "web", "touch /x 2>&1 || true") == "touch: cannot touch '/x': Read-only file system"


def test_a_parameter_of_the_network_is_that_of_all_containers_of_the_task(ecs: Ecs) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_SystemControl.html."""
    keep = {"namespace": "net.ipv4.tcp_keepalive_time", "value": "500"}
    queue = {"namespace": "fs.mqueue.msg_max", "value": "20"}
    web = container("web", systemControls=[keep, queue])
    beside = container("beside", dependsOn=[{"containerName": "web", "condition": "START"}])
    arn = ecs.run(ecs.define(web, beside))
    ecs.running(arn)
    told = "cat /proc/sys/net/ipv4/tcp_keepalive_time /proc/sys/fs/mqueue/msg_max"
    assert ecs.inside(arn, "web", told) == "500\n20"
    assert ecs.inside(arn, "beside", told) == "500\n10"


def test_an_empty_volume_hides_what_the_image_has_there_and_goes_with_the_task(ecs: Ecs) -> None:
    given = container("web", mountPoints=[{"sourceVolume": "data", "containerPath": "/etc/apt"}])
    arn = ecs.run(ecs.define(given, volumes=[{"name": "data"}]))
    ecs.running(arn)
    assert ecs.inside(arn, "web", "ls /etc/apt") == ""
    volumes = [each for each in ecs.engine.volumes.list() if arn.rsplit("/", 1)[-1] in each.name]
    assert len(volumes) == 1
    ecs.client.stop_task(cluster=ecs.name, task=arn)
    until(lambda: not [each for each in ecs.engine.volumes.list() if each.name == volumes[0].name])


def test_a_secret_is_read_by_key_and_version(ecs: Ecs) -> None:
    secrets = ecs.of("secretsmanager")
    made = secrets.create_secret(Name=ecs.name, SecretString='{"a": "one"}')
    secrets.put_secret_value(SecretId=made["ARN"], SecretString='{"a": "two"}')
    arn = made["ARN"]
    pinned = container("web", secrets=[{"name": "OLD", "valueFrom": f"{arn}:a::{made['VersionId']}"},
                                       {"name": "NEW", "valueFrom": f"{arn}:a::"},
                                       {"name": "ALL", "valueFrom": arn}])  # fmt: skip
    task = ecs.run(ecs.define(pinned))
    ecs.running(task)
    assert ecs.inside(task, "web", "echo $OLD $NEW $ALL") == 'one two {"a": "two"}'


def test_a_task_without_its_secret_does_not_start(ecs: Ecs) -> None:
    secret = ecs.of("secretsmanager").create_secret(Name=ecs.name, SecretString='{"a": "one"}')["ARN"]
    task = ecs.run(ecs.define(container("web", secrets=[{"name": "X", "valueFrom": f"{secret}:b::"}])))
    assert "retrieved secret did not contain json key b" in ecs.stopped(task)["stoppedReason"]


def test_what_fargate_refuses_does_not_start(ecs: Ecs) -> None:
    refused = container("web", linuxParameters={"capabilities": {"add": ["NET_ADMIN"]}, "sharedMemorySize": 64})
    reason = ecs.stopped(ecs.run(ecs.define(refused)))["stoppedReason"]
    assert "containerDefinitions[0].linuxParameters.sharedMemorySize: is not on Fargate" in reason
    assert "containerDefinitions[0].linuxParameters.capabilities.add: 'NET_ADMIN' is not one of SYS_PTRACE" in reason


def test_a_service_is_found_by_its_whole_name_alone_and_by_its_short_one_in_a_search_domain(ecs: Ecs) -> None:
    cloud_map = ecs.of("servicediscovery")
    domain = f"{ecs.name}.internal"
    operation = cloud_map.create_private_dns_namespace(Name=domain, Vpc="vpc-1")["OperationId"]
    namespace = cloud_map.get_operation(OperationId=operation)["Operation"]["Targets"]["NAMESPACE"]
    config = {"NamespaceId": namespace, "RoutingPolicy": "MULTIVALUE", "DnsRecords": [{"Type": "A", "TTL": 10}]}
    registry = cloud_map.create_service(Name="redis", DnsConfig=config)["Service"]
    alias = cloud_map.create_service(Name="cache", DnsConfig={**config, "DnsRecords": [{"Type": "CNAME", "TTL": 10}]})
    cloud_map.register_instance(ServiceId=alias["Service"]["Id"], InstanceId="redis",
                                Attributes={"AWS_INSTANCE_CNAME": f"redis.{domain}"})  # fmt: skip
    ecs.serve("redis", ecs.define(container("redis")), 2, serviceRegistries=[{"registryArn": registry["Arn"]}])
    ecs.rolled_out("redis")
    write = f"grep -v ^search /etc/resolv.conf > /tmp/rest; (echo search {domain}; cat /tmp/rest) > /etc/resolv.conf"
    search = container("first", write, essential=False)
    plain = ecs.run(ecs.define(container("web"), family=f"{ecs.name}-web"))
    wait = [{"containerName": "first", "condition": "SUCCESS"}]
    searching = ecs.run(ecs.define(container("web", dependsOn=wait), search, family=f"{ecs.name}-web"))
    ecs.running(plain)
    ecs.running(searching)
    wanted = sorted(ecs.address(arn) for arn in ecs.tasks("redis"))
    assert len(wanted) == 2
    for task, name in ((plain, f"redis.{domain}"), (searching, "redis"), (searching, "cache")):
        found = ecs.inside(task, "web", f"getent ahostsv4 {name} | cut -d' ' -f1 | sort -u").split()
        assert sorted(found) == wanted, name
    assert ecs.inside(plain, "web", "getent hosts redis || echo none") == "none"


def test_a_task_is_reached_as_its_security_groups_allow_and_no_further(ecs: Ecs) -> None:
    ec2 = ecs.of("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    server, caller, other = (
        ec2.create_security_group(GroupName=f"{ecs.name}-{name}", Description=name, VpcId=vpc)["GroupId"]
        for name in ("server", "caller", "other")
    )
    allowed = {"IpProtocol": "tcp", "FromPort": 8000, "ToPort": 8000, "UserIdGroupPairs": [{"GroupId": caller}]}
    ec2.authorize_security_group_ingress(GroupId=server, IpPermissions=[allowed])
    hello = ecs.run(ecs.define(container("server", HELLO)), groups=[server])
    ecs.running(hello)
    ask = ASK.replace("127.0.0.1", ecs.address(hello))
    definition = ecs.define(container("web"), family=f"{ecs.name}-web")
    inside, outside = (ecs.run(definition, groups=groups) for groups in ([caller, other], [other]))
    ecs.running(inside)
    ecs.running(outside)
    assert ecs.inside(inside, "web", f"bash -c 'until {ask}; do sleep 0.1; done' 2> /dev/null") == "hello"
    assert ecs.inside(outside, "web", f"timeout 1 bash -c '{ask}' || echo no") == "no"
    ec2.authorize_security_group_ingress(
        GroupId=server, IpPermissions=[{**allowed, "UserIdGroupPairs": [{"GroupId": other}]}]
    )
    assert ecs.inside(outside, "web", f"until timeout 1 bash -c '{ask}' 2> /dev/null; do :; done") == "hello"


CHECK = {"command": ["CMD-SHELL", "test -e /tmp/ok"], "interval": 5, "timeout": 2, "retries": 1}


def test_a_task_runs_once_it_is_healthy_and_is_replaced_when_it_is_not(ecs: Ecs) -> None:
    definition = ecs.define(container("web", "touch /tmp/ok; exec sleep infinity", healthCheck=CHECK))
    ecs.serve("web", definition)
    assert ecs.rolled_out("web")["rolloutState"] == "COMPLETED"
    (before,) = ecs.tasks("web")
    assert ecs.task(before)["healthStatus"] == "HEALTHY"
    ecs.inside(before, "web", "rm /tmp/ok")
    until(lambda: ecs.task(before)["lastStatus"] == "STOPPED")
    assert ecs.task(before)["stoppedReason"] == "Task failed container health checks"
    until(lambda: len(ecs.tasks("web")) == 1)


def test_a_bad_deployment_is_rolled_back_and_the_old_task_stays(ecs: Ecs) -> None:
    ecs.serve("web", ecs.define(container("web")))
    ecs.rolled_out("web")
    (before,) = ecs.tasks("web")
    bad = ecs.define(container("web", "echo no such table; exit 3"))
    ecs.client.update_service(cluster=ecs.name, service="web", taskDefinition=bad)
    until(lambda: [each for each in ecs.service("web")["deployments"] if each["rolloutState"] == "FAILED"])
    assert ecs.rolled_out("web")["taskDefinition"] != bad
    assert ecs.tasks("web") == [before]


def test_a_first_deployment_that_fails_is_told_and_ends(ecs: Ecs) -> None:
    ecs.serve("web", ecs.define(container("web", "exit 3")))
    assert ecs.rolled_out("web")["rolloutState"] == "FAILED"


def subnet(ecs: Ecs) -> str:
    """A subnet in a VPC of its own."""
    ec2 = ecs.of("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return str(ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"])


def test_a_shared_volume_outlives_its_task(ecs: Ecs) -> None:
    efs = ecs.of("efs")
    system = efs.create_file_system(CreationToken=ecs.name)["FileSystemId"]
    efs.create_mount_target(FileSystemId=system, SubnetId=subnet(ecs))
    made = {"OwnerUid": 7, "OwnerGid": 8, "Permissions": "0750"}
    point = efs.create_access_point(ClientToken="x", FileSystemId=system,
                                    RootDirectory={"Path": "/data", "CreationInfo": made})["AccessPointId"]  # fmt: skip
    authorized = {"transitEncryption": "ENABLED", "authorizationConfig": {"accessPointId": point}}
    volume = {"name": "data", "efsVolumeConfiguration": {"fileSystemId": system, **authorized}}
    mount = [{"sourceVolume": "data", "containerPath": "/data"}]
    definition = ecs.define(container("web", mountPoints=mount), volumes=[volume])
    first = ecs.run(definition)
    ecs.running(first)
    ecs.inside(first, "web", "echo kept > /data/file")
    ecs.client.stop_task(cluster=ecs.name, task=first)
    second = ecs.run(definition)
    ecs.running(second)
    assert ecs.inside(second, "web", "cat /data/file; stat -c '%u %g %a' /data") == "kept\n7 8 750"


def test_what_a_container_prints_is_in_its_log_group(ecs: Ecs) -> None:
    logs = ecs.of("logs")
    logs.create_log_group(logGroupName=ecs.name)
    options = {"awslogs-group": ecs.name, "awslogs-region": "us-east-1", "awslogs-stream-prefix": "app"}
    spoken = container("web", "echo spoken; exit 0", logConfiguration={"logDriver": "awslogs", "options": options})
    task = ecs.run(ecs.define(spoken))
    ecs.stopped(task)
    stream = f"app/web/{task.rsplit('/', 1)[-1]}"
    found = until(lambda: logs.get_log_events(logGroupName=ecs.name, logStreamName=stream)["events"])
    assert [each["message"] for each in found] == ["spoken"]
