"""The stack of a Swarm of machines on OpenStack, under Pulumi mocks; its scripts run against a stand-in for `docker`.

Not proved: that a cloud takes the resources, that machines come up, nor that they become a Swarm: no cloud was at hand.
"""

import ipaddress
import json
import subprocess
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from openstack_answers import FIXED, FLOATING, HOST_KEY, OpenStackOutputs

from components import clusters
from components.access import SwarmAccess
from components.clusters import existing
from components.clusters.openstack import membership
from components.errors import SettingsError
from components.testing import Recorded, Recording, record
from standins.sdk import Sdk, problems

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample you@example"
NEW: dict[str, Any] = {
    "cloud": "home",
    "image": "debian-12",
    "flavor": "m1.small",
    "external": "public",
    "ssh": {"sources": ["192.0.2.0/24"]},
    "published": {"ports": ["8080"]},
    "publicKey": KEY,
}


def made(*, preview: bool = False, protect: bool = False, stack: str = "s", **new: Any) -> Recording:
    asked = {key: value for key, value in {"kind": "openstack-swarm", **NEW, **new}.items() if value is not None}
    written = {"cluster": {"new": asked}, "protect": protect}
    return record(
        lambda: pulumi.export("access", clusters.create(stack, written)), outputs=OpenStackOutputs(), preview=preview
    )


def names(recorded: list[Recorded]) -> list[str]:
    return sorted(f"{each.type.rpartition(':')[2]} {each.name}" for each in recorded)


def machine(key: str) -> list[str]:
    return [f"Command s-{key}-engine", f"Command s-{key}-ready", f"Instance s-{key}", f"Port s-{key}"]


def floating(key: str) -> list[str]:
    return [f"FloatingIp s-{key}", f"FloatingIpAssociate s-{key}"]


def member(key: str) -> list[str]:
    return [f"Command s-{key}-join", f"Command s-{key}-member"]


SHARED = [
    "Command s-swarm",
    "Keypair s-key",
    "Network s-network",
    "OpenStackSwarm s",
    "Router s-router",
    "RouterInterface s-router",
    "SecGroup s-managers",
    "SecGroup s-nodes",
    "SecGroupRule s-managers-join",
    "SecGroupRule s-managers-out",
    "SecGroupRule s-managers-tcp-22-from-192.0.2.0/24",
    "SecGroupRule s-nodes-esp",
    "SecGroupRule s-nodes-out",
    "SecGroupRule s-nodes-ssh",
    "SecGroupRule s-nodes-tcp-7946",
    "SecGroupRule s-nodes-tcp-8080-from-0.0.0.0/0",
    "SecGroupRule s-nodes-udp-4789",
    "SecGroupRule s-nodes-udp-7946",
    "ServerGroup s-managers",
    "Subnet s-subnet",
    "command s-command",
    "openstack s-openstack",
]


@pytest.mark.parametrize("preview", [False, True])
def test_the_least_that_there_is_is_a_manager_and_a_worker(preview: bool) -> None:
    first, second = [*machine("manager-1"), *floating("manager-1")], [*machine("worker-1"), *member("worker-1")]
    assert names(made(preview=preview)) == sorted([*SHARED, *first, *second, "Command s-token-worker"])


def test_three_managers_have_addresses_of_their_own_and_join_by_a_token_of_their_own() -> None:
    recorded = made(managers=3, workers=0)
    parts = [part for number in (1, 2, 3) for key in [f"manager-{number}"] for part in (*machine(key), *floating(key))]
    others = [*member("manager-2"), *member("manager-3"), "Command s-token-manager"]
    assert names(recorded) == sorted([*SHARED, *parts, *others])


def test_a_worker_more_changes_nothing_of_what_is_there() -> None:
    before = {each.urn: each for each in made(workers=2)}
    after = {each.urn: each for each in made(workers=3)}
    assert sorted(urn.rpartition("::")[2] for urn in after.keys() - before.keys()) == [
        "s-worker-3",
        "s-worker-3",
        "s-worker-3-engine",
        "s-worker-3-join",
        "s-worker-3-member",
        "s-worker-3-ready",
    ]
    assert before.keys() <= after.keys()
    assert [each for urn, each in before.items() if after[urn].inputs != each.inputs] == []


def test_managers_are_apart_from_each_other_and_of_a_size_of_their_own() -> None:
    recorded = made(managers=3, managerFlavor="m1.medium")
    assert recorded.one("ServerGroup", "s-managers").inputs["policies"] == "soft-anti-affinity"
    for number in (1, 2, 3):
        inputs = recorded.one("Instance", f"s-manager-{number}").inputs
        assert (inputs["schedulerHints"], inputs["flavorName"]) == ([{"group": "s-managers-id"}], "m1.medium")
    worker = recorded.one("Instance", "s-worker-1").inputs
    assert ("schedulerHints" in worker, worker["flavorName"]) == (False, "m1.small")


def test_no_machine_has_a_token_in_its_user_data_and_every_engine_may_be_in_a_swarm() -> None:
    for each in made(managers=3).of("Instance"):
        content = yaml.safe_load(each.inputs["userData"])
        daemon = next(file["content"] for file in content["write_files"] if file["path"] == "/etc/docker/daemon.json")
        assert json.loads(daemon)["live-restore"] is False
        assert "join" not in each.inputs["userData"]
        assert content["hostname"] == each.name


def test_the_volume_for_data_is_of_the_machine_on_which_tasks_with_volumes_run() -> None:
    recorded = made(workers=2, data={"size": 20})
    assert names(recorded.of("Volume")) == ["Volume s-worker-1-data"]
    assert recorded.outputs["access"]["volumeNode"] == "s-worker-1"
    assert names(made(workers=0, data={"size": 20}).of("Volume")) == ["Volume s-manager-1-data"]


# --- who reaches whom ------------------------------------------------------------------------------------------------

MANAGER, WORKER, WORLD, OFFICE = "manager", "worker", "198.51.100.9", "192.0.2.9"
WORN = {MANAGER: ["s-nodes-id", "s-managers-id"], WORKER: ["s-nodes-id"]}


def reaches(recorded: Recording, source: str, target: str, port: int | None, protocol: str) -> bool:
    """Whether a packet is let in that comes from a machine of a role, or from an address outside."""
    assert recorded.one("Port", f"s-{target}-1").inputs["securityGroupIds"] == WORN[target]

    def lets(rule: dict[str, Any]) -> bool:
        if rule["direction"] != "ingress" or rule["securityGroupId"] not in WORN[target]:
            return False
        if rule["protocol"] != protocol:
            return False
        if port is not None and not rule["portRangeMin"] <= port <= rule["portRangeMax"]:
            return False
        if source in WORN:
            return rule.get("remoteGroupId") in WORN[source]
        prefix = rule.get("remoteIpPrefix")
        return prefix is not None and ipaddress.ip_address(source) in ipaddress.ip_network(prefix)

    return any(lets(dict(rule.inputs)) for rule in recorded.of("SecGroupRule"))


@pytest.mark.parametrize(
    ("source", "target", "port", "protocol", "reached"),
    [
        (WORKER, MANAGER, 2377, "tcp", True),
        (MANAGER, MANAGER, 2377, "tcp", True),
        (MANAGER, WORKER, 2377, "tcp", False),
        (OFFICE, MANAGER, 2377, "tcp", False),
        (WORKER, WORKER, 7946, "tcp", True),
        (WORKER, MANAGER, 7946, "udp", True),
        (WORLD, WORKER, 7946, "tcp", False),
        (MANAGER, WORKER, 4789, "udp", True),
        (WORLD, WORKER, 4789, "udp", False),
        (WORKER, WORKER, None, "esp", True),
        (WORLD, WORKER, None, "esp", False),
        (OFFICE, MANAGER, 22, "tcp", True),
        (WORLD, MANAGER, 22, "tcp", False),
        (OFFICE, WORKER, 22, "tcp", False),
        (MANAGER, WORKER, 22, "tcp", True),
        (WORKER, MANAGER, 22, "tcp", False),
        (WORLD, WORKER, 8080, "tcp", True),
        (WORLD, MANAGER, 8080, "tcp", True),
        (WORLD, MANAGER, 2375, "tcp", False),
    ],
)
def test_what_is_of_the_swarm_stays_inside_it(
    source: str, target: str, port: int | None, protocol: str, reached: bool
) -> None:
    assert reaches(made(), source, target, port, protocol) is reached


def test_without_floating_ips_ssh_comes_to_every_machine_from_where_it_may() -> None:
    recorded = made(external=None, network={"existing": {"network": "n", "subnet": "s"}})
    assert reaches(recorded, OFFICE, WORKER, 22, "tcp")
    assert "proxy" not in recorded.one("Command", "s-worker-1-join").inputs["connection"]


# --- how machines join, and leave ------------------------------------------------------------------------------------


def test_the_first_manager_begins_the_swarm_at_its_own_address() -> None:
    command = made().one("Command", "s-swarm")
    assert command.inputs["create"] == (
        "[ \"$(docker info --format '{{.Swarm.LocalNodeState}}')\" = active ] || "
        f"docker swarm init --advertise-addr {FIXED} >/dev/null"
    )
    assert command.inputs["connection"]["host"] == FLOATING


def test_a_worker_is_reached_through_the_first_manager_with_both_host_keys_pinned() -> None:
    connection = made().one("Command", "s-worker-1-join").inputs["connection"]
    assert (connection["host"], connection["hostKey"]) == (FIXED, HOST_KEY)
    assert (connection["proxy"]["host"], connection["proxy"]["hostKey"]) == (FLOATING, HOST_KEY)


def test_a_token_is_a_secret_on_standard_input_and_nowhere_else() -> None:
    recorded = made()
    asked = recorded.one("Command", "s-token-worker")
    assert (asked.inputs["create"], asked.inputs["logging"]) == ("docker swarm join-token -q worker", "none")
    joins = recorded.one("Command", "s-worker-1-join")
    assert "stdin" in joins.secrets
    assert [name for name, value in joins.inputs.items() if value == joins.inputs["stdin"]] == ["stdin"]


def test_a_machine_is_drained_by_a_manager_before_anything_of_it_goes() -> None:
    recorded = made(workers=2)
    member = recorded.one("Command", "s-worker-2-member")
    assert member.inputs["connection"]["host"] == FLOATING
    assert member.inputs["delete"].startswith("node=s-worker-2\n")
    assert "docker node update --availability drain" in member.inputs["delete"]
    assert recorded.one("Command", "s-worker-2-join").urn in member.dependencies
    others = [each for each in recorded if "worker-2" not in each.name]
    assert [each.name for each in others if member.urn in each.dependencies] == []


def before(recorded: Recording, urn: str) -> set[str]:
    """All that a resource waits for."""
    direct = {each.urn: set(each.dependencies) for each in recorded}
    found, left = set(), {urn}
    while left:
        found |= left
        left = {other for each in left for other in direct.get(each, ())} - found
    return found - {urn}


def test_machines_come_up_side_by_side() -> None:
    recorded = made(managers=3, workers=3)
    machines = {each.urn for each in recorded.of("Instance")}
    assert len(machines) == 6
    assert [each.name for each in recorded.of("Instance") if before(recorded, each.urn) & machines] == []
    joins = recorded.one("Command", "s-worker-1-join").urn
    assert len(before(recorded, joins) & machines) == 2


DOCKER = """#!/bin/sh
echo "docker $*" >>"$CALLS"
case "$1 $2" in
  "info --format") cat "$STATE" ;;
  "node ps") [ -s "$TASKS" ] && cat "$TASKS" && : >"$TASKS" ;;
esac
exit 0
"""


@pytest.fixture
def docker(tmp_path: Path) -> Any:
    """Runs a script with stand-ins on the path; gives the calls of `docker`."""
    (tmp_path / "docker").write_text(DOCKER)
    (tmp_path / "sleep").write_text("#!/bin/sh\n")
    for name in ("docker", "sleep"):
        (tmp_path / name).chmod(0o755)

    def run(script: str, *, state: str = "inactive", tasks: str = "", stdin: str = "") -> list[str]:
        for name, content in (("state", state), ("tasks", tasks), ("calls", "")):
            (tmp_path / name).write_text(content)
        places = {name.upper(): str(tmp_path / name) for name in ("state", "tasks", "calls")}
        environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", **places}
        subprocess.run(["sh", "-c", script], env=environment, input=stdin, text=True, check=True, timeout=30)
        return (tmp_path / "calls").read_text().splitlines()

    return run


def test_a_machine_joins_with_the_token_that_it_is_given(docker: Any) -> None:
    calls = docker(f"set -- 10.20.0.10\n{membership.JOIN}", stdin="SWMTKN-1-x")
    assert calls[-1] == "docker swarm join --token SWMTKN-1-x 10.20.0.10:2377"


def test_a_machine_that_is_in_the_swarm_stays_as_it_is(docker: Any) -> None:
    calls = docker(f"set -- 10.20.0.10\n{membership.JOIN}", state="active", stdin="SWMTKN-1-x")
    assert calls == ["docker info --format {{.Swarm.LocalNodeState}}"]


def test_a_machine_goes_when_its_tasks_have_moved(docker: Any) -> None:
    assert docker(f"node=s-worker-2\n{membership.GO}", tasks="task-1\n") == [
        "docker node inspect s-worker-2",
        "docker node update --availability drain s-worker-2",
        "docker node ps s-worker-2 --filter desired-state=running -q",
        "docker node ps s-worker-2 --filter desired-state=running -q",
        "docker node demote s-worker-2",
        "docker node rm --force s-worker-2",
    ]


# --- the whole -------------------------------------------------------------------------------------------------------


def test_its_access_is_what_an_application_reads() -> None:
    access = dict(made(publicKey=None, routingMesh=False).outputs["access"])
    assert access.pop("kind") == "swarm"
    assert access["privateKey"] == "PEM"
    assert existing.READERS["swarm"](access) == SwarmAccess(
        host=f"ssh://slipway@{FLOATING}",
        host_key=HOST_KEY,
        published_at=FLOATING,
        routing_mesh=False,
        volume_node="s-worker-1",
    )


def whole(value: Any) -> Any:
    """Mocks see every number as a float."""
    if isinstance(value, dict):
        return {key: whole(each) for key, each in value.items()}
    if isinstance(value, list):
        return [whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def test_every_input_is_one_of_the_sdks() -> None:
    sdks = {"openstack": Sdk("pulumi_openstack"), "command": Sdk("pulumi_command")}
    recorded = made(managers=3, workers=2, data={"size": 20}, disk={"size": 20}, publicKey=None)
    own = [each for each in recorded if each.type.partition(":")[0] in sdks]
    wrong = [
        (each.name, *problem)
        for each in own
        for problem in problems(sdks[each.type.partition(":")[0]].schema(each.type), whole(dict(each.inputs)))
    ]
    assert len(own) > 50
    assert wrong == []


@pytest.mark.parametrize("preview", [False, True])
def test_nothing_is_an_orphan_and_nothing_uses_a_default_provider(preview: bool) -> None:
    recorded = made(managers=3, data={"size": 20}, preview=preview)
    assert [each.name for each in recorded if not each.parent] == []
    for kind in ("openstack", "command"):
        (provider,) = [each.urn for each in recorded if each.type == f"pulumi:providers:{kind}"]
        own = [each for each in recorded if each.type.startswith(f"{kind}:")]
        assert {each.provider.rpartition("::")[0] for each in own} == {provider}


def test_what_is_wrong_is_told_at_once_before_anything_is_made() -> None:
    with pytest.raises(SettingsError) as raised:
        made(managers=2, workers=-1, worker=3)
    assert str(raised.value).splitlines() == [
        'slipway:cluster.new: unknown key "worker"; did you mean "workers"? (known: availabilityZone, cloud, data, '
        "disk, engine, external, flavor, image, managerFlavor, managers, mirrors, network, publicKey, published, "
        "region, routingMesh, ssh, workers)",
        "slipway:cluster.new: managers is 2; write one of 1, 3, 5",
        "slipway:cluster.new: workers is -1; write a whole number from 0 to 200",
    ]
