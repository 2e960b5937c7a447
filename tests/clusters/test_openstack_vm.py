"""The stack of one machine on OpenStack, under Pulumi mocks.

Not proved: that a cloud takes the resources, nor that a machine comes up: none was at hand.
"""

import ipaddress
from typing import Any

import pulumi
import pytest
import yaml
from openstack_answers import FIXED, FLOATING, HOST_KEY, OpenStackOutputs

from components import OpenStackVm, clusters
from components.access import DockerAccess
from components.clusters import existing
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
}
THERE = {"existing": {"network": "net-1", "subnet": "subnet-1"}}
MACHINE = ["Command vm-vm-engine", "Command vm-vm-ready", "Instance vm-vm", "Keypair vm-key", "Port vm-vm"]
GROUP = ["SecGroup vm-vm", "SecGroupRule vm-vm-out", "SecGroupRule vm-vm-tcp-22-from-192.0.2.0/24"]
PROVIDERS = ["OpenStackVm vm", "command vm-command", "openstack vm-openstack"]
NETWORK = ["Network vm-network", "Router vm-router", "RouterInterface vm-router", "Subnet vm-subnet"]
FLOAT = ["FloatingIp vm-vm", "FloatingIpAssociate vm-vm"]


def made(*, preview: bool = False, protect: bool = False, stack: str = "vm", **new: Any) -> Recording:
    asked = {key: value for key, value in {"kind": "openstack-vm", **NEW, **new}.items() if value is not None}
    written = {"cluster": {"new": asked}, "protect": protect}
    return record(
        lambda: pulumi.export("access", clusters.create(stack, written)), outputs=OpenStackOutputs(), preview=preview
    )


def names(recorded: list[Recorded]) -> list[str]:
    return sorted(f"{each.type.rpartition(':')[2]} {each.name}" for each in recorded)


@pytest.mark.parametrize("preview", [False, True])
def test_the_least_that_there_is_is_a_machine_in_a_network_with_a_way_out(preview: bool) -> None:
    assert names(made(preview=preview)) == sorted([*PROVIDERS, *MACHINE, *GROUP, *NETWORK, *FLOAT])


def test_in_a_network_that_is_there_a_machine_may_be_reached_by_its_own_address() -> None:
    recorded = made(network=THERE, external=None)
    assert names(recorded) == sorted([*PROVIDERS, *MACHINE, *GROUP])
    port = recorded.one("Port", "vm-vm").inputs
    assert (port["networkId"], port["fixedIps"]) == ("net-1", [{"subnetId": "subnet-1"}])
    assert recorded.outputs["access"]["host"] == f"ssh://slipway@{FIXED}"


def test_a_machine_is_what_the_stack_says_and_is_gone_before_its_successor_takes_its_address() -> None:
    instance = made(availabilityZone="az1", publicKey=KEY).one("Instance", "vm-vm")
    inputs = dict(instance.inputs)
    content = yaml.safe_load(inputs.pop("userData"))
    assert content["users"][0]["ssh_authorized_keys"] == [KEY]
    assert inputs == {
        "name": "vm-vm",
        "imageName": "debian-12",
        "flavorName": "m1.small",
        "keyPair": "vm",
        "availabilityZone": "az1",
        "networks": [{"port": "vm-vm-id"}],
        "stopBeforeDestroy": True,
    }
    assert instance.options == {"delete_before_replace": True}


def test_a_machine_may_start_from_a_volume_of_its_own() -> None:
    inputs = made(disk={"size": 20, "type": "ssd"}).one("Instance", "vm-vm").inputs
    assert "imageName" not in inputs
    assert inputs["blockDevices"] == [
        {
            "uuid": "debian-12-id",
            "sourceType": "image",
            "destinationType": "volume",
            "bootIndex": 0,
            "volumeSize": 20,
            "volumeType": "ssd",
            "deleteOnTermination": True,
        }
    ]


def test_the_volume_for_data_is_of_its_own_and_is_waited_for_by_the_machine() -> None:
    recorded = made(data={"size": 50}, availabilityZone="az1", protect=True)
    volume = recorded.one("Volume", "vm-vm-data")
    assert volume.inputs == {"size": 50, "availabilityZone": "az1"}
    assert volume.options["protect"] is True
    assert "slipway-data vm-vm-data-id vm-vm-data-id\n" in recorded.one("Instance", "vm-vm").inputs["userData"]
    attached = recorded.one("VolumeAttach", "vm-vm-data")
    assert attached.inputs == {"instanceId": "vm-vm-id", "volumeId": "vm-vm-data-id"}
    assert attached.urn in recorded.one("Command", "vm-vm-ready").dependencies


def test_a_machine_starts_when_its_way_out_is_there() -> None:
    recorded = made()
    way = recorded.one("RouterInterface", "vm-router").urn
    assert way in recorded.one("Instance", "vm-vm").dependencies
    assert way in recorded.one("FloatingIpAssociate", "vm-vm").dependencies
    assert recorded.one("Router", "vm-router").inputs["externalNetworkId"] == "public-id"


def test_a_new_network_has_the_addresses_and_the_name_servers_that_are_asked_for() -> None:
    inputs = made(network={"new": {"cidr": "10.30.0.0/24", "dns": ["192.0.2.53"]}}).one("Subnet", "vm-subnet").inputs
    assert inputs == {
        "networkId": "vm-network-id",
        "cidr": "10.30.0.0/24",
        "ipVersion": 4,
        "dnsNameservers": ["192.0.2.53"],
    }


# --- who reaches whom ------------------------------------------------------------------------------------------------


def reaches(recorded: Recording, source: str, port: int, protocol: str = "tcp") -> bool:
    """Whether the groups that the machine wears let a packet from an address in."""
    worn = recorded.one("Port", "vm-vm").inputs["securityGroupIds"]
    assert worn == ["vm-vm-id"]
    return any(
        rule.inputs["direction"] == "ingress"
        and rule.inputs["securityGroupId"] in worn
        and rule.inputs["protocol"] == protocol
        and rule.inputs["portRangeMin"] <= port <= rule.inputs["portRangeMax"]
        and ipaddress.ip_address(source) in ipaddress.ip_network(rule.inputs["remoteIpPrefix"])
        for rule in recorded.of("SecGroupRule")
    )


PUBLISHED = {"ports": ["80", "8000-8100", "53/udp"], "sources": ["198.51.100.0/24"]}


@pytest.mark.parametrize(
    ("source", "port", "protocol", "reached"),
    [
        ("192.0.2.9", 22, "tcp", True),
        ("198.51.100.9", 22, "tcp", False),
        ("10.20.0.99", 22, "tcp", False),
        ("192.0.2.9", 22, "udp", False),
        ("198.51.100.9", 80, "tcp", True),
        ("192.0.2.9", 80, "tcp", False),
        ("198.51.100.9", 8000, "tcp", True),
        ("198.51.100.9", 8100, "tcp", True),
        ("198.51.100.9", 8101, "tcp", False),
        ("198.51.100.9", 53, "udp", True),
        ("198.51.100.9", 53, "tcp", False),
        ("198.51.100.9", 2375, "tcp", False),
        ("192.0.2.9", 2376, "tcp", False),
    ],
)
def test_ssh_comes_from_where_it_may_and_what_is_published_from_where_it_may(
    source: str, port: int, protocol: str, reached: bool
) -> None:
    assert reaches(made(published=PUBLISHED), source, port, protocol) is reached


def test_what_is_published_is_reached_from_everywhere_unless_the_stack_says_otherwise() -> None:
    recorded = made(published={"ports": ["443"]})
    assert reaches(recorded, "198.51.100.9", 443)
    assert not reaches(recorded, "198.51.100.9", 80)


def test_nothing_is_published_unless_the_stack_says_so() -> None:
    assert {each.inputs["portRangeMin"] for each in made().of("SecGroupRule") if "protocol" in each.inputs} == {22}


def test_everything_goes_out_and_the_clouds_own_first_rules_are_gone() -> None:
    recorded = made()
    assert recorded.one("SecGroup", "vm-vm").inputs["deleteDefaultRules"] is True
    assert recorded.one("SecGroupRule", "vm-vm-out").inputs == {
        "securityGroupId": "vm-vm-id",
        "direction": "egress",
        "ethertype": "IPv4",
    }


def test_a_range_that_is_named_twice_is_one_rule() -> None:
    recorded = made(ssh={"sources": ["192.0.2.0/24"]}, published={"ports": ["22"], "sources": ["192.0.2.0/24"]})
    assert names(recorded.of("SecGroupRule")) == GROUP[1:]


# --- how it is reached -----------------------------------------------------------------------------------------------


def test_the_host_key_is_read_from_the_console_with_the_users_own_credentials() -> None:
    inputs = made(region="RegionOne").one("Command", "vm-vm-ready").inputs
    assert inputs["environment"] == {"OS_CLOUD": "home", "OS_REGION_NAME": "RegionOne", "SERVER": "vm-vm-id"}
    assert (inputs["triggers"], inputs["logging"]) == (["vm-vm-id"], "stderr")


def test_the_engine_is_asked_over_ssh_with_the_host_key_pinned_and_the_agents_key() -> None:
    command = made(publicKey=KEY).one("Command", "vm-vm-engine")
    assert command.inputs["connection"] == {
        "host": FLOATING,
        "user": "slipway",
        "hostKey": HOST_KEY,
        "dialErrorLimit": 30,
    }
    assert command.inputs["create"] == "docker version --format '{{.Server.Version}}'"


def test_a_key_that_nova_made_is_a_secret_everywhere() -> None:
    recorded = made()
    assert recorded.one("Command", "vm-vm-engine").inputs["connection"]["privateKey"] == "PEM"
    assert "connection" in recorded.one("Command", "vm-vm-engine").secrets
    assert [each.name for each in recorded if "PEM" in str(each.inputs)] == ["vm-vm-engine"]
    assert "PEM" not in recorded.one("Instance", "vm-vm").inputs["userData"]


def test_its_access_is_what_an_application_reads() -> None:
    access = dict(made().outputs["access"])
    assert access.pop("kind") == "docker"
    assert access["privateKey"] == "PEM"
    assert existing.READERS["docker"](access) == DockerAccess(
        host=f"ssh://slipway@{FLOATING}", host_key=HOST_KEY, published_at=FLOATING
    )


def test_with_a_key_of_the_users_own_no_private_key_is_anywhere() -> None:
    recorded = made(publicKey=KEY)
    assert "privateKey" not in recorded.outputs["access"]
    assert recorded.one("Keypair", "vm-key").inputs == {"name": "vm", "publicKey": KEY}


# --- the whole -------------------------------------------------------------------------------------------------------

EVERYTHING: dict[str, Any] = {
    "region": "RegionOne",
    "availabilityZone": "az1",
    "network": {"new": {"dns": ["192.0.2.53"]}},
    "published": PUBLISHED,
    "engine": {"docker": {"system": "debian"}},
    "mirrors": ["https://mirror.example.com"],
    "disk": {"size": 20},
    "data": {"size": 50, "type": "ssd"},
}


def whole(value: Any) -> Any:
    """Mocks see every number as a float."""
    if isinstance(value, dict):
        return {key: whole(each) for key, each in value.items()}
    if isinstance(value, list):
        return [whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def test_every_input_is_one_of_the_sdks() -> None:
    sdks = {"openstack": Sdk("pulumi_openstack"), "command": Sdk("pulumi_command")}
    recorded = [each for each in made(**EVERYTHING) if each.type.partition(":")[0] in sdks]
    wrong = [
        (each.name, *problem)
        for each in recorded
        for problem in problems(sdks[each.type.partition(":")[0]].schema(each.type), whole(each.inputs))
    ]
    assert len(recorded) > 15
    assert wrong == []


@pytest.mark.parametrize("preview", [False, True])
def test_nothing_is_an_orphan_and_nothing_uses_a_default_provider(preview: bool) -> None:
    recorded = made(**EVERYTHING, preview=preview)
    assert [each.name for each in recorded if not each.parent] == []
    for kind in ("openstack", "command"):
        (provider,) = [each.urn for each in recorded if each.type == f"pulumi:providers:{kind}"]
        own = [each for each in recorded if each.type.startswith(f"{kind}:")]
        assert {each.provider.rpartition("::")[0] for each in own} == {provider}
    assert recorded.one("openstack", "vm-openstack").inputs == {"cloud": "home", "region": "RegionOne"}


def test_the_component_is_useful_alone() -> None:
    def program() -> None:
        args: Any = {"cloud": "home", "image": "i", "flavor": "f", "external": "public", "ssh": NEW["ssh"]}
        pulumi.export("access", OpenStackVm("vm", args).access)

    assert record(program, outputs=OpenStackOutputs()).outputs["access"]["address"] == FLOATING


W = "slipway:cluster.new"


@pytest.mark.parametrize(
    ("new", "messages"),
    [
        (
            {"flavour": "x", "flavor": None, "publicKey": "abc"},
            [
                f'{W}: unknown key "flavour"; did you mean "flavor"? (known: availabilityZone, cloud, data, disk, '
                "engine, external, flavor, image, mirrors, network, publicKey, published, region, ssh)",
                f"{W}: no value for flavor; write one",
                f"{W}: publicKey is 'abc', not a public key; write one in OpenSSH's form",
            ],
        ),
        (
            {"external": None},
            [
                f"{W}: no value for external, and a new network needs a way out; "
                "write the name of the network that leads outside (`openstack network list --external`)"
            ],
        ),
        (
            {"ssh": {"sources": ["everywhere"]}},
            [f"{W}.ssh: sources has 'everywhere', no range of IPv4 addresses; write ranges such as 203.0.113.0/24"],
        ),
        (
            {"published": {"ports": ["80", "99999"]}, "data": {"size": 0}, "disk": {"type": "ssd"}},
            [
                f"{W}.data: size is 0; write a whole number from 1 to 65536",
                f"{W}.disk: no value for size; write one",
                f'{W}.published: ports has \'99999\', no port; write "80", "8000-8100" or "53/udp", in quotes',
            ],
        ),
        (
            {"network": {"new": {"cidr": "8.8.8.0/24", "dns": ["name"]}}},
            [
                f"{W}.network.new: cidr is '8.8.8.0/24'; write a private range from /12 to /28",
                f"{W}.network.new: dns has 'name', no IPv4 address; write addresses such as 192.0.2.53",
            ],
        ),
        (
            {"network": {"existing": {"network": "n"}}, "engine": {"snap": {}}},
            [
                f"{W}.engine: it is {{'snap': {{}}}}; write one of distribution: ..., docker: ..., mirror: ...",
                f"{W}.network.existing: no value for subnet; write one",
            ],
        ),
    ],
)
def test_what_is_wrong_is_told_at_once_before_anything_is_made(new: dict[str, Any], messages: list[str]) -> None:
    with pytest.raises(SettingsError) as raised:
        made(**new)
    assert str(raised.value).splitlines() == messages


def test_a_name_that_no_machine_can_have_is_told() -> None:
    with pytest.raises(SettingsError) as raised:
        made(stack="My_Stack")
    assert str(raised.value) == (
        f"{W}: the name is 'My_Stack', not a machine's name; take one of a-z, 0-9 and -, of at most 40 characters"
    )
