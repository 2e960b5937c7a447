"""A cluster in the stack of its one application, under Pulumi mocks. Not proved: that it runs (tests/conformance)."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest
from apps import HEALTHY, app, service
from aws_answers import ACCOUNT, REGION, AwsOutputs
from google_answers import PROJECT, GoogleOutputs
from openstack_answers import OpenStackOutputs

from components import clusters
from components.clusters.trial import Trial
from components.errors import RejectedError, SettingsError
from components.model import Dependency, Ingress, Mount, Port, ServiceExtension, Volume
from components.testing import UNKNOWN, Outputs, Recorded, Recording, record

ECS = {"kind": "ecs", "region": REGION, "account": ACCOUNT}
EKS = {"kind": "eks", "region": REGION}
CLOUDRUN = {"kind": "cloudrun", "project": PROJECT, "region": "europe-west1"}
GKE = {**CLOUDRUN, "kind": "gke"}
OPENSTACK = {"cloud": "home", "image": "debian-12", "flavor": "m1.small", "ssh": {"sources": ["192.0.2.0/24"]}}
MAGNUM = {"kind": "magnum", "cloud": "home", "template": {"existing": "k8s-1.35"}}
MACHINES = {"kind": "openstack-swarm", "external": "public", **OPENSTACK}
VM = {"kind": "openstack-vm", "external": "public", **OPENSTACK}
SWARM = {"kind": "swarm", "ingress": {"node": "node-1"}}
EXISTING = {"existing": {"vpc": "vpc-1", "subnets": {"a": "subnet-a"}, "publicSubnets": {"a": "subnet-b"}}}
PAIR = {"new": {"zones": [f"{REGION}a", f"{REGION}b"]}}
GROUPS = {"groups": {"main": {"instanceTypes": ["m7i.large"]}}}
GOOGLE_NETWORK = {
    "existing": {
        "network": f"projects/{PROJECT}/global/networks/there",
        "subnetwork": f"projects/{PROJECT}/regions/europe-west1/subnetworks/there",
    }
}
ANSWERS = {
    "cloudrun": GoogleOutputs,
    "gke": GoogleOutputs,
    "magnum": OpenStackOutputs,
    "openstack-swarm": OpenStackOutputs,
    "openstack-vm": OpenStackOutputs,
}
"""Kind -> what its cloud computes, where that is not AWS."""
SHAPES: list[dict[str, Any]] = [
    ECS,
    {**ECS, "profile": "work", "role": "arn:aws:iam::111122223333:role/deploy", "tags": {"team": "shop"}},
    {**ECS, "network": EXISTING, "kmsKey": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"},
    {**ECS, "network": {"new": {"nat": "none"}}},
    {**ECS, "network": {"new": {"nat": "none", "endpoints": True}}, "executeCommand": True, "kmsKey": "new"},
    {**ECS, "network": PAIR, "ingress": {}},
    {**ECS, "ingress": {"internal": True, "zone": {"new": "example.com"}}},
    {**ECS, "ingress": {"domains": ["example.com"], "zone": {"existing": "example.com"}}},
    {**ECS, "ingress": {"certificate": f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/1"}},
    EKS,
    {**EKS, "nodes": GROUPS},
    {**EKS, "network": EXISTING},
    CLOUDRUN,
    {**CLOUDRUN, "network": GOOGLE_NETWORK, "egress": "all", "labels": {"team": "shop"}, "impersonate": "a@b.c"},
    {**CLOUDRUN, "zone": {"new": "example.com"}, "kmsKey": "new", "repository": "images"},
    {**CLOUDRUN, "zone": {"existing": {"name": "example", "domain": "example.com"}}, "certificates": False},
    GKE,
    {**GKE, "nodes": {"pools": {"main": {"machineType": "e2-standard-4"}}}, "ingress": {}},
    MAGNUM,
    {**MAGNUM, "template": {"new": {"image": "ubuntu", "external": "public"}}, "groups": {"big": {"flavor": "l"}}},
    MACHINES,
    {**MACHINES, "managers": 3, "workers": 0, "publicKey": "ssh-rsa AAAA", "routingMesh": False},
    VM,
    {**VM, "external": None, "network": {"existing": {"network": "n", "subnet": "s"}}, "publicKey": "ssh-rsa AAAA"},
    SWARM,
    {**SWARM, "host": "tcp://manager:2376", "ca": "A", "cert": "B", "key": "C", "routingMesh": False},
]
"""Clusters of every kind, with all that decides what an application has to know of them."""
WEB = service(
    "web", ports=(Port(target=80, published="8080"),), depends_on={"db": Dependency(condition="service_healthy")}
)
DB = service("db", healthcheck=HEALTHY, expose=("9000",))


def answers(kind: str) -> Outputs:
    """What a kind's cloud computes."""
    return ANSWERS.get(kind, AwsOutputs)()


def deployed(new: Any, *services: Any, target: str = "", preview: bool = False, **more: Any) -> Recording:
    """An application and its cluster."""
    kind = new["kind"] if isinstance(new, Mapping) else ""
    fitting = target or clusters.KINDS[kind].target
    shop = more.pop("shop", None) or app(*(services or (WEB, DB)))
    args = {"app": shop, "target": fitting, "cluster": {"new": new}, "name_key": "k", **more}
    return record(args, outputs=answers(kind), preview=preview, stack="try")


def listed(recorded: list[Recorded]) -> list[str]:
    return sorted(f"{each.type.rpartition(':')[2]} {each.name}" for each in recorded)


def within(recorded: Recording, component: str) -> list[Recorded]:
    """What a component and the components in it are made of."""
    (root,) = (each.urn for each in recorded if each.type == f"slipway:index:{component}")
    inside = {root}
    for each in recorded * 3:  # a parent may be registered after its child was recorded
        if each.parent in inside:
            inside.add(each.urn)
    return [each for each in recorded if each.urn in inside - {root}]


def plain(value: Any) -> Any:
    """What an access says, with a word for each output."""
    if isinstance(value, pulumi.Output):
        return "(later)"
    return {key: plain(each) for key, each in value.items()} if isinstance(value, Mapping) else value


# --- what is known before --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("new", SHAPES, ids=lambda new: f"{new['kind']} {','.join(new)}")
def test_what_is_expected_of_a_cluster_is_what_it_becomes(new: dict[str, Any]) -> None:
    compared: list[Any] = []

    def program() -> None:
        described = {key: each for key, each in new.items() if key != "kind"}
        made = Trial(module=clusters._module(new["kind"]), name="shop-try", new=described)
        compared.extend((plain(made.expected()), plain(made.create(pulumi.ComponentResource("x:y:Z", "parent")))))

    record(program, outputs=answers(new["kind"]))
    assert compared[0] == compared[1]
    assert "(later)" in str(compared)


def test_every_kind_of_cluster_is_tried() -> None:
    assert {new["kind"] for new in SHAPES} == set(clusters.KINDS)


# --- both in one stack -----------------------------------------------------------------------------------------------

PARTS = [
    (ECS, "EcsCluster", "EcsTarget"),
    (EKS, "EksCluster", "KubernetesTarget"),
    (CLOUDRUN, "CloudRunPlatform", "CloudRunTarget"),
    (GKE, "GkeCluster", "KubernetesTarget"),
    (MAGNUM, "MagnumCluster", "KubernetesTarget"),
    (MACHINES, "OpenStackSwarm", "SwarmTarget"),
    (VM, "OpenStackVm", "DockerTarget"),
    (SWARM, "SwarmCluster", "SwarmTarget"),
]


def test_the_stack_has_the_cluster_and_the_application_and_no_more() -> None:
    recorded = deployed({**ECS, "network": EXISTING})
    assert listed(within(recorded, "EcsCluster")) == [
        "Cluster app-try",
        "ClusterCapacityProviders app-try",
        "LogGroup app-try-logs",
    ]
    assert listed(within(recorded, "EcsTarget")) == [
        "Listener app-published-8080",
        "LoadBalancer app-published",
        "PrivateDnsNamespace app-discovery",
        "Role app-db-execution",
        "Role app-web-execution",
        "RolePolicy app-db-execution",
        "RolePolicy app-web-execution",
        "SecurityGroup app-db",
        "SecurityGroup app-network-default",
        "SecurityGroup app-published",
        "SecurityGroup app-web",
        "SecurityGroupEgressRule app-db-to-world",
        "SecurityGroupEgressRule app-published-to-web-80",
        "SecurityGroupEgressRule app-web-to-world",
        "SecurityGroupIngressRule app-db-from-network-default-9000",
        "SecurityGroupIngressRule app-published-from-world-8080",
        "SecurityGroupIngressRule app-web-from-network-default-80",
        "SecurityGroupIngressRule app-web-from-published-80",
        "Service app-db",
        "Service app-db",
        "Service app-web",
        "Service app-web",
        "TargetGroup app-web-80-tcp",
        "TaskDefinition app-db",
        "TaskDefinition app-web",
    ]
    rest = {*listed(recorded)} - {*listed(within(recorded, "EcsCluster"))} - {*listed(within(recorded, "EcsTarget"))}
    assert sorted(rest) == ["Application app", "EcsCluster app-try", "EcsTarget app", "aws app-aws", "aws app-try-aws"]


@pytest.mark.parametrize("preview", [False, True])
@pytest.mark.parametrize(("new", "cluster", "target"), PARTS)
def test_everything_is_in_the_application_and_has_an_explicit_provider(
    new: dict[str, Any], cluster: str, target: str, preview: bool
) -> None:
    recorded = deployed(new, preview=preview)
    assert [each.name for each in recorded if "::pulumi:pulumi:Stack::" in each.parent] == ["app"]
    resources = [each for each in recorded if not each.type.startswith(("slipway:", "pulumi:"))]
    assert [each.name for each in resources if not each.provider] == []
    assert within(recorded, cluster)
    assert within(recorded, target)


@pytest.mark.parametrize("preview", [False, True])
def test_what_runs_comes_after_the_whole_cluster(preview: bool) -> None:
    recorded = deployed(ECS, preview=preview)
    whole = {each.urn for each in within(recorded, "EcsCluster") if not each.type.startswith("slipway:")}
    assert len(whole) > 20
    for each in recorded:
        if each.type == "aws:ecs/service:Service":
            assert whole <= set(each.dependencies), each.name


def test_the_objects_of_an_application_are_made_by_a_provider_that_comes_after_the_whole_cluster() -> None:
    recorded = deployed(EKS)
    whole = {each.urn for each in within(recorded, "EksCluster") if not each.type.startswith("slipway:")}
    provider = recorded.one("kubernetes", "app-kubernetes")
    assert whole <= set(provider.dependencies)
    assert "kubeconfig" in provider.secrets
    assert {each.provider.rpartition("::")[0] for each in recorded.of("Deployment")} == {provider.urn}


def test_the_containers_of_an_application_come_after_the_engine_of_its_machine_answers() -> None:
    recorded = deployed(VM, service("web", ports=(Port(target=80, published="8080"),)))
    provider = recorded.one("docker", "app-docker")
    assert recorded.one("Command", "app-try-vm-engine").urn in provider.dependencies
    assert provider.inputs["host"] == "ssh://slipway@203.0.113.7"
    assert "KnownHostsCommand=/bin/echo %H ssh-ed25519 AAAAC3Nza" in provider.inputs["sshOpts"]


def test_the_routes_of_an_application_come_after_the_entry_point_of_its_swarm() -> None:
    routed = service("web", x_slipway=ServiceExtension(ingress=Ingress(port=80)))
    recorded = deployed(SWARM, routed)
    assert listed(within(recorded, "SwarmCluster")) == ["Network app-try-ingress", "Service app-try-entry"]
    entry = recorded.one("Service", "app-try-entry")
    assert entry.urn in recorded.one("Service", "app-slipway-routes").dependencies


def test_in_a_preview_what_the_cluster_will_be_is_not_known_and_where_it_will_be_is() -> None:
    data = service("web", volumes=(Mount(type="volume", source="data", target="/d"),))
    recorded = deployed(ECS, shop=app(data, volumes={"data": Volume()}), preview=True)
    (running,) = (each for each in recorded.of("Service") if each.type == "aws:ecs/service:Service")
    assert running.inputs["cluster"] == UNKNOWN
    assert listed(recorded.of("MountTarget")) == [
        f"MountTarget app-volumes-{REGION}a",
        f"MountTarget app-volumes-{REGION}b",
    ]


def test_images_are_called_after_the_stack_where_the_cluster_has_no_name_yet() -> None:
    recorded = record(
        {
            "compose": ["examples/guestbook/compose.yaml"],
            "target": "ecs",
            "secrets": {"REDIS_PASSWORD": "geheim"},
            "managed": False,
            "cluster": {"new": ECS},
        },
        outputs=AwsOutputs(),
        stack="Try",
    )
    assert recorded.one("Repository", "app-guestbook-web").inputs["name"] == "try/guestbook-web"
    assert recorded.one("Image", "app-web").inputs["tags"] == [
        f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/try/guestbook-web"
    ]


def test_the_clusters_ways_are_chosen_over_as_for_any_cluster() -> None:
    recorded = deployed(ECS, service("web"), ecs={"capacity": "FARGATE_SPOT"})
    (running,) = (each for each in recorded.of("Service") if each.type == "aws:ecs/service:Service")
    assert running.inputs["capacityProviderStrategies"] == [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]


def test_both_are_protected_where_the_stack_says_so() -> None:
    data = service("web", volumes=(Mount(type="volume", source="data", target="/d"),))
    recorded = deployed({**ECS, "network": EXISTING}, shop=app(data, volumes={"data": Volume()}), protect=True)
    assert listed([each for each in recorded if each.options.get("protect")]) == [
        "AccessPoint app-data",
        "Cluster app-try",
        "FileSystem app-volumes",
        "LogGroup app-try-logs",
    ]


def test_an_account_that_is_named_is_the_only_one_that_its_provider_reaches() -> None:
    assert deployed(ECS).one("aws", "app-try-aws").inputs["allowedAccountIds"] == f'["{ACCOUNT}"]'


def test_a_trial_says_that_it_is_one() -> None:
    told: list[Any] = []

    def program() -> None:
        from components import Application  # noqa: PLC0415 - loads a target's SDK

        told.extend(Application("app", {"app": app(service("web")), "target": "ecs", "cluster": {"new": ECS}}).findings)

    record(program, outputs=AwsOutputs())
    assert told[-1] == (
        "slipway:cluster.new: this is a trial: the stack has the application's cluster too, and destroying the "
        "application destroys the cluster; for more than that, give it a stack of its own"
    )


# --- what is refused -------------------------------------------------------------------------------------------------

NEW = "slipway:cluster.new"


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    ("target", "new", "message"),
    [
        (
            "ecs",
            EKS,
            'stack try: on a cluster of the kind "eks" runs the target kubernetes, not ecs; write another target, or '
            "kind: ecs",
        ),
        (
            "docker",
            SWARM,
            'stack try: on a cluster of the kind "swarm" runs the target swarm, not docker; write another target, '
            "or kind: openstack-vm",
        ),
        (
            "ecs",
            {"kind": "ecs", "region": REGION, "network": {"default": {}}},
            f"{NEW}: no value for account; write its twelve digits, in quotes (`aws sts get-caller-identity`)\n"
            f"{NEW}: network.default is looked up when the cluster is made, and the application has to know its "
            "subnets before; write network.new or network.existing, or give the cluster a stack of its own",
        ),
        ("kubernetes", {**EKS, "region": "x"}, f"{NEW}: region is 'x', not a region; write one such as eu-central-1"),
        (
            "swarm",
            {"kind": "swarm"},
            f"{NEW}.ingress: no value for node; write the hostname of the node that the entry point is on "
            "(`docker node ls` lists them)",
        ),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_made(target: str, new: Any, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        deployed(new, target=target)
    assert str(caught.value) == message


@pytest.mark.usefixtures("quiet")
def test_an_application_that_its_cluster_cannot_serve_is_refused_before_the_cluster_is_made() -> None:
    with pytest.raises(RejectedError) as caught:
        deployed(ECS, service("web", x_slipway=ServiceExtension(ingress=Ingress(port=80))))
    assert str(caught.value) == (
        "services.web.x-slipway.ingress: this cluster has no load balancer that is known here; write "
        "slipway:cluster.new.ingress where the cluster is made, or publish a port"
    )
