"""The stack of a Magnum cluster, under Pulumi mocks, and its inputs against the SDK's types.

Not proved: that a cloud takes the resources, nor that a cluster comes up: no Magnum was at hand.
"""

from typing import Any

import pulumi
import pytest
from openstack_answers import KUBECONFIG, OpenStackOutputs

from components import MagnumCluster, clusters
from components.access import KubernetesAccess
from components.clusters import existing
from components.errors import SettingsError
from components.testing import Recorded, Recording, record
from standins.sdk import Sdk, problems

NEW: dict[str, Any] = {"cloud": "home", "template": {"existing": "k8s-1.35"}}
LEAST = ["Cluster edge", "MagnumCluster edge", "openstack edge-openstack"]
TEMPLATE = {"new": {"image": "ubuntu-2404-kube", "external": "public"}}
EVERYTHING: dict[str, Any] = {
    "region": "RegionOne",
    "template": {
        "new": {
            **TEMPLATE["new"],
            "flavor": "m1.large",
            "masterFlavor": "m1.medium",
            "network": "net-1",
            "subnet": "subnet-1",
            "dns": "192.0.2.53",
            "networkDriver": "cilium",
            "masterBalancer": False,
            "labels": {"kube_tag": "v1.35.1"},
        }
    },
    "masters": 3,
    "nodes": 2,
    "flavor": "m1.large",
    "masterFlavor": "m1.medium",
    "floatingIps": False,
    "keyPair": "me",
    "labels": {"boot_volume_size": "40"},
    "groups": {"big": {"flavor": "m1.xlarge", "nodes": 2, "min": 1, "max": 4, "labels": {"boot_volume_size": "80"}}},
    "minutes": 90,
}


def made(*, preview: bool = False, protect: bool = False, stack: str = "edge", **new: Any) -> Recording:
    asked = {key: value for key, value in {"kind": "magnum", **NEW, **new}.items() if value is not None}
    written = {"cluster": {"new": asked}, "protect": protect}
    return record(
        lambda: pulumi.export("access", clusters.create(stack, written)), outputs=OpenStackOutputs(), preview=preview
    )


def names(recorded: list[Recorded]) -> list[str]:
    return sorted(f"{each.type.rpartition(':')[2]} {each.name}" for each in recorded)


@pytest.mark.parametrize("preview", [False, True])
def test_of_a_template_that_is_there_nothing_but_the_cluster_is_made(preview: bool) -> None:
    assert names(made(preview=preview)) == LEAST


def test_the_least_that_is_asked_for_is_one_master_and_one_node() -> None:
    assert made().one("Cluster", "edge").inputs == {
        "name": "edge",
        "clusterTemplateId": "k8s-1.35-id",
        "masterCount": 1,
        "nodeCount": 1,
        "floatingIpEnabled": True,
    }


def test_everything_that_can_be_said_of_a_cluster_reaches_magnum() -> None:
    recorded = made(**EVERYTHING)
    assert names(recorded) == sorted([*LEAST, "ClusterTemplate edge-template", "NodeGroup edge-group-big"])
    assert recorded.one("Cluster", "edge").inputs == {
        "name": "edge",
        "region": "RegionOne",
        "clusterTemplateId": "edge-template-id",
        "masterCount": 3,
        "nodeCount": 2,
        "flavor": "m1.large",
        "masterFlavor": "m1.medium",
        "floatingIpEnabled": False,
        "keypair": "me",
        "labels": {"boot_volume_size": "40"},
        "mergeLabels": True,
        "createTimeout": 90,
    }
    assert recorded.one("ClusterTemplate", "edge-template").inputs == {
        "coe": "kubernetes",
        "region": "RegionOne",
        "image": "ubuntu-2404-kube",
        "externalNetworkId": "public",
        "flavor": "m1.large",
        "masterFlavor": "m1.medium",
        "fixedNetwork": "net-1",
        "fixedSubnet": "subnet-1",
        "dnsNameserver": "192.0.2.53",
        "networkDriver": "cilium",
        "masterLbEnabled": False,
        "labels": {"kube_tag": "v1.35.1"},
    }
    assert recorded.one("NodeGroup", "edge-group-big").inputs == {
        "name": "big",
        "region": "RegionOne",
        "clusterId": "edge-id",
        "flavorId": "m1.xlarge",
        "nodeCount": 2,
        "minNodeCount": 1,
        "maxNodeCount": 4,
        "labels": {"boot_volume_size": "80"},
        "mergeLabels": True,
    }


def test_a_cluster_without_nodes_of_the_first_group_can_be_asked_for() -> None:
    assert made(nodes=0).one("Cluster", "edge").inputs["nodeCount"] == 0


def test_another_number_of_nodes_is_the_one_change_that_replaces_nothing() -> None:
    before, after = (made(**{**EVERYTHING, "nodes": count}).one("Cluster", "edge") for count in (2, 5))
    assert before.urn == after.urn
    changed = {key for key in after.inputs if after.inputs[key] != before.inputs.get(key)}
    assert changed == {"nodeCount"}


@pytest.mark.parametrize(
    ("allow", "protect", "kept"),
    [(None, False, True), (False, False, True), (True, False, None), (True, True, True)],
)
def test_what_would_replace_or_delete_the_cluster_is_refused_unless_it_is_allowed(
    allow: bool | None, protect: bool, kept: bool | None
) -> None:
    recorded = made(allowReplace=allow, protect=protect)
    assert recorded.one("Cluster", "edge").options.get("protect") is kept


def test_its_access_is_what_an_application_reads() -> None:
    access = dict(made().outputs["access"])
    assert access.pop("kind") == "kubernetes"
    assert existing.READERS["kubernetes"](access) == KubernetesAccess(
        kubeconfig=KUBECONFIG, identifier="edge-id", publish="LoadBalancer"
    )


def test_the_kubeconfig_is_a_secret() -> None:
    told: list[bool] = []

    async def look(output: pulumi.Output[str]) -> None:
        told.append(await output.is_secret())

    def program() -> None:
        made = MagnumCluster("edge", {"cloud": "home", "template": {"existing": "t"}})
        pulumi.export("done", pulumi.Output.from_input(look(made.kubeconfig)))

    record(program, outputs=OpenStackOutputs())
    assert told == [True]


def whole(value: Any) -> Any:
    """Mocks see every number as a float."""
    if isinstance(value, dict):
        return {key: whole(each) for key, each in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def test_every_input_is_one_of_the_sdks() -> None:
    sdk = Sdk("pulumi_openstack")
    recorded = [each for each in made(**EVERYTHING) if each.type.startswith("openstack:")]
    wrong = [
        (each.name, *problem)
        for each in recorded
        for problem in problems(sdk.schema(each.type), whole(dict(each.inputs)))
    ]
    assert len(recorded) == 3
    assert wrong == []


def test_nothing_is_an_orphan_and_nothing_uses_a_default_provider() -> None:
    recorded = made(**EVERYTHING)
    assert [each.name for each in recorded if not each.parent] == []
    provider = recorded.one("openstack", "edge-openstack")
    own = [each for each in recorded if each.type.startswith("openstack:")]
    assert {each.provider.rpartition("::")[0] for each in own} == {provider.urn}
    assert provider.inputs == {"cloud": "home", "region": "RegionOne"}


W = "slipway:cluster.new"


@pytest.mark.parametrize(
    ("new", "messages"),
    [
        (
            {"template": None, "masters": 2, "driver": "heat"},
            [
                f'{W}: unknown key "driver"; (known: allowReplace, cloud, flavor, floatingIps, groups, keyPair, '
                "labels, masterFlavor, masters, minutes, nodes, region, template)",
                f"{W}: no value for template; write one",
                f"{W}: masters is 2; write one of 1, 3, 5",
            ],
        ),
        (
            {"template": {"existing": {"name": "x"}}},
            [
                f"{W}.template: existing is {{'name': 'x'}}, not a string; "
                "write the name of a template (`openstack coe cluster template list`)"
            ],
        ),
        (
            {"template": {"new": {"image": "i", "networkDriver": "weave"}}},
            [
                f"{W}.template.new: no value for external; write one",
                f'{W}.template.new: unknown networkDriver "weave"; (known: calico, cilium, flannel)',
            ],
        ),
        (
            {"groups": {"default-worker": {"flavor": "m"}, "big": {"flavor": "m", "nodes": 5, "max": 3}, "x": {}}},
            [
                f'{W}.groups.default-worker: every cluster has a group "default-worker"; '
                "take another name, or write nodes",
                f"{W}.groups.big: nodes 5 is not from min 0 to max 3; write a number between the two",
                f"{W}.groups.x: no value for flavor; write one",
            ],
        ),
        ({"groups": []}, [f"{W}.groups: it names no group; write a name, and what it has"]),
    ],
)
def test_what_is_wrong_is_told_at_once_before_anything_is_made(new: dict[str, Any], messages: list[str]) -> None:
    with pytest.raises(SettingsError) as raised:
        made(**new)
    assert str(raised.value).splitlines() == messages
