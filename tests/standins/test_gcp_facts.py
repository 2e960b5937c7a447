"""Facts about the official plugin of pulumi-gcp 10, each kind with the source that they were read in.

They are not facts about the stand-in: it is held against them here, so that a program that works with one works with
the other. Read in GoogleCloudPlatform/magic-modules, which the provider is generated from that the official plugin
wraps: `mmv1/products/` (.yaml) and `mmv1/third_party/terraform/services/` (.go). What is `immutable` or has ForceNew
there replaces a resource here, what is `default_from_api` or Computed may be left out without a change.

What this does not prove: that the official plugin behaves as its sources read; that the sources of the same day were
read (they are of August 2026); anything about properties that the stand-in lacks, which it refuses.
"""

import pytest
from facts import Fact, changed

from standins.gcp.__main__ import package
from standins.gcp.members import Member

KINDS = {
    token.split(":")[1].split("/")[0] + "." + token.rsplit(":", 1)[-1]: it
    for token, it in package().resources.items()
    if not isinstance(it, Member)
}
MEMBERS = {token: it for token, it in package().resources.items() if isinstance(it, Member)}

FACTS = {
    "artifactregistry.Repository": Fact(
        "artifactregistry/Repository.yaml",
        "format kmsKeyName location mode project remoteRepositoryConfig repositoryId",
        "location project vulnerabilityScanningConfig",
        {"mode": "STANDARD_REPOSITORY"},
    ),
    "certificatemanager.Certificate": Fact(
        "certificatemanager/Certificate.yaml",
        "location managed name project scope",
        "name project",
        {"location": "global", "scope": "DEFAULT"},
    ),
    "certificatemanager.CertificateMap": Fact("certificatemanager/CertificateMap.yaml", "name project", "name project"),
    "certificatemanager.CertificateMapEntry": Fact(
        "certificatemanager/CertificateMapEntry.yaml", "hostname map matcher name project", "name project"
    ),
    "certificatemanager.DnsAuthorization": Fact(
        "certificatemanager/DnsAuthorization.yaml",
        "domain location name project type",
        "name project type",
        {"location": "global"},
    ),
    "cloudrunv2.Job": Fact(
        "cloudrunv2/Job.yaml", "location name project", "launchStage name project", {"deletionProtection": True}
    ),
    "cloudrunv2.Service": Fact(
        "cloudrunv2/Service.yaml",
        "location name project",
        "ingress launchStage name project scaling traffics",
        {"deletionProtection": True},
    ),
    "cloudrunv2.WorkerPool": Fact(
        "cloudrunv2/WorkerPool.yaml",
        "location name project",
        "instanceSplits launchStage name project scaling",
        {"deletionProtection": True},
    ),
    "cloudscheduler.Job": Fact(
        "cloudscheduler/Job.yaml",
        "name project region",
        "name paused project region",
        {"timeZone": "Etc/UTC", "attemptDeadline": "180s"},
    ),
    "compute.Address": Fact(
        "compute/Address.yaml",
        "address addressType description ipVersion name network networkTier prefixLength project purpose region "
        "subnetwork",
        "address name networkTier prefixLength project purpose region subnetwork",
        {"addressType": "EXTERNAL"},
    ),
    "compute.BackendService": Fact(
        "compute/BackendService.yaml",
        "name project",
        "cdnPolicy logConfig name portName project protocol sessionAffinity timeoutSec",
        {"connectionDrainingTimeoutSec": 300, "loadBalancingScheme": "EXTERNAL_MANAGED"},
    ),
    "compute.ForwardingRule": Fact(
        "compute/ForwardingRule.yaml",
        "allPorts backendService description ipAddress ipProtocol ipVersion loadBalancingScheme name network "
        "networkTier portRange ports project region sourceIpRanges subnetwork",
        "ipAddress ipProtocol ipVersion name network networkTier portRange project region subnetwork",
        {"loadBalancingScheme": "EXTERNAL"},
    ),
    "compute.GlobalAddress": Fact(
        "compute/GlobalAddress.yaml",
        "address addressType description ipVersion name network prefixLength project purpose",
        "address name prefixLength project",
        {"addressType": "EXTERNAL"},
    ),
    "compute.GlobalForwardingRule": Fact(
        "compute/GlobalForwardingRule.yaml",
        "description ipAddress ipProtocol ipVersion name network networkTier portRange project sourceIpRanges "
        "subnetwork",
        "ipAddress ipProtocol name network networkTier project subnetwork",
        {"loadBalancingScheme": "EXTERNAL_MANAGED"},
    ),
    "compute.ManagedSslCertificate": Fact(
        "compute/ManagedSslCertificate.yaml",
        "description managed name project type",
        "name project",
        {"type": "MANAGED"},
    ),
    "compute.Network": Fact(
        "compute/Network.yaml",
        "autoCreateSubnetworks description internalIpv6Range name project",
        "internalIpv6Range mtu name project routingMode",
        {"autoCreateSubnetworks": True, "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL"},
    ),
    "compute.RegionBackendService": Fact(
        "compute/RegionBackendService.yaml",
        "loadBalancingScheme name network project region",
        "cdnPolicy iap logConfig name portName project protocol region sessionAffinity timeoutSec",
        {"connectionDrainingTimeoutSec": 300, "loadBalancingScheme": "INTERNAL"},
    ),
    "compute.RegionNetworkEndpointGroup": Fact(
        "compute/RegionNetworkEndpointGroup.yaml",
        "appEngine cloudFunction cloudRun description name network networkEndpointType project pscData "
        "pscTargetService region subnetwork",
        "name network project pscData",
        {"networkEndpointType": "SERVERLESS"},
    ),
    "compute.RegionTargetHttpProxy": Fact(
        "compute/RegionTargetHttpProxy.yaml",
        "description httpKeepAliveTimeoutSec name project region",
        "name project region",
    ),
    "compute.RegionTargetHttpsProxy": Fact(
        "compute/RegionTargetHttpsProxy.yaml",
        "description httpKeepAliveTimeoutSec name project region",
        "name project region",
    ),
    "compute.RegionUrlMap": Fact("compute/RegionUrlMap.yaml", "name project region", "name project region"),
    "compute.RouterNat": Fact(
        "compute/RouterNat.yaml",
        "endpointTypes initialNatIps name project region router type",
        "autoNetworkTier drainNatIps enableDynamicPortAllocation enableEndpointIndependentMapping endpointTypes "
        "minPortsPerVm name natIps project region",
        {
            "icmpIdleTimeoutSec": 30,
            "tcpEstablishedIdleTimeoutSec": 1200,
            "tcpTimeWaitTimeoutSec": 120,
            "tcpTransitoryIdleTimeoutSec": 30,
            "type": "PUBLIC",
            "udpIdleTimeoutSec": 30,
        },
    ),
    "compute.Router": Fact("compute/Router.yaml", "name network project region", "name project region"),
    "compute.Subnetwork": Fact(
        "compute/Subnetwork.yaml",
        "description name network project region",
        "ipCidrRange name privateIpGoogleAccess privateIpv6GoogleAccess project purpose region secondaryIpRanges "
        "stackType",
    ),
    "compute.TargetHttpProxy": Fact(
        "compute/TargetHttpProxy.yaml",
        "description httpKeepAliveTimeoutSec name project proxyBind",
        "name project proxyBind",
    ),
    "compute.TargetHttpsProxy": Fact(
        "compute/TargetHttpsProxy.yaml",
        "description httpKeepAliveTimeoutSec name project proxyBind tlsEarlyData",
        "name project proxyBind tlsEarlyData",
        {"quicOverride": "NONE"},
    ),
    "compute.URLMap": Fact("compute/UrlMap.yaml", "name project", "name project"),
    "dns.ManagedZone": Fact(
        "dns/ManagedZone.yaml",
        "dnsName name project visibility",
        "cloudLoggingConfig dnssecConfig name project",
        # "Managed by Terraform" there
        {"description": "Managed by Pulumi", "visibility": "public", "forceDestroy": False},
    ),
    "dns.RecordSet": Fact("dns/resource_dns_record_set.go", "managedZone name project", "project"),
    "kms.CryptoKey": Fact(
        "kms/CryptoKey.yaml",
        "cryptoKeyBackend destroyScheduledDuration importOnly keyRing name purpose",
        "cryptoKeyBackend destroyScheduledDuration importOnly name versionTemplate",
        {"purpose": "ENCRYPT_DECRYPT"},
    ),
    "kms.KeyRing": Fact("kms/KeyRing.yaml", "location name project", "name project"),
    "projects.ServiceIdentity": Fact(
        "resourcemanager/resource_project_service_identity.go", "project service", "project"
    ),
    "projects.Service": Fact("resourcemanager/resource_google_project_service.go", "project service", "project"),
    "redis.Instance": Fact(
        "redis/Instance.yaml",
        "alternativeLocationId authorizedNetwork connectMode customerManagedKey locationId name project region "
        "reservedIpRange tier transitEncryptionMode",
        "alternativeLocationId authorizedNetwork locationId maintenanceVersion name persistenceConfig project "
        "readReplicasMode redisVersion region replicaCount reservedIpRange secondaryIpRange",
        {
            "authEnabled": False,
            "connectMode": "DIRECT_PEERING",
            "tier": "BASIC",
            "transitEncryptionMode": "DISABLED",
        },
    ),
    "secretmanager.Secret": Fact(
        "secretmanager/Secret.yaml",
        "project replication secretId",
        "expireTime project secretId",
        {"deletionProtection": False},
    ),
    "secretmanager.SecretVersion": Fact(
        "secretmanager/SecretVersion.yaml",
        "isSecretDataBase64 project secret secretData",
        "project",
        {"enabled": True},
    ),
    "serviceaccount.Account": Fact(
        "resourcemanager/resource_google_service_account.go",
        "accountId project",
        "accountId project",
        {"disabled": False},
    ),
    "servicenetworking.Connection": Fact(
        "servicenetworking/resource_service_networking_connection.go", "network service"
    ),
    "sql.Database": Fact("sql/Database.yaml", "instance name project", "charset collation name project"),
    "sql.DatabaseInstance": Fact(
        "sql/resource_sql_database_instance.go",
        "encryptionKeyName masterInstanceName name project region",
        "encryptionKeyName maintenanceVersion name project region settings",
        {"deletionProtection": True},
    ),
    "sql.User": Fact("sql/resource_sql_user.go", "host instance name project type", "host name project"),
    "storage.Bucket": Fact(
        "storage/resource_storage_bucket.go",
        "customPlacementConfig hierarchicalNamespace location name project",
        "name project publicAccessPrevention rpo softDeletePolicy uniformBucketLevelAccess versioning website",
        {"forceDestroy": False, "storageClass": "STANDARD"},
    ),
}

# what the stand-in does otherwise: it replaces more
ELSE_REPLACED = {
    # there the ID changes with an update, which Pulumi's protocol has no word for
    "dns.RecordSet": {"type"},
}

INSIDE = [
    (
        "sql.DatabaseInstance",
        "settings",
        {
            "activationPolicy": "ALWAYS",
            "availabilityType": "ZONAL",
            "diskAutoresize": True,
            "pricingPlan": "PER_USE",
        },
    ),
]

OBJECTS = {
    "sql.DatabaseInstance.settings": ({"tier": "a"}, {"tier": "b"}),
    **{
        f"cloudrunv2.{kind}.template": ({"annotations": {"a": "1"}}, {"annotations": {"a": "2"}})
        for kind in ("Job", "Service", "WorkerPool")
    },
}
"""Inputs that hold an object with facts of its own -> one before, and one after, that are changed in place."""

CASES = [(of, name) for of, it in sorted(KINDS.items()) for name in sorted(it.traits)]


def test_every_kind_has_facts():
    assert set(FACTS) == set(KINDS)


@pytest.mark.parametrize(("of", "name"), CASES)
def test_a_change_replaces_what_it_replaces_there_and_nothing_else(gcp_plugin, of, name):
    before, after = OBJECTS.get(f"{of}.{name}", ("a", "b"))
    told, replaced = changed(gcp_plugin, KINDS[of], {name: before}, {name: after})
    assert {path.partition(".")[0] for path in told} == {name}
    fixed = {*FACTS[of].replaces.split(), *ELSE_REPLACED.get(of, ())}
    assert ({path.partition(".")[0] for path in replaced} == {name}) is (name in fixed), FACTS[of].source


@pytest.mark.parametrize(("of", "name"), CASES)
def test_what_is_taken_out_changes_unless_google_decides_on_it(gcp_plugin, of, name):
    before, _ = OBJECTS.get(f"{of}.{name}", ("a", "b"))
    told, _ = changed(gcp_plugin, KINDS[of], {name: before}, {})
    assert (told == set()) is (name in FACTS[of].computed.split()), FACTS[of].source


@pytest.mark.parametrize("of", sorted(KINDS))
def test_the_defaults_are_the_official_ones(of):
    given = {name: trait.default for name, trait in KINDS[of].traits.items() if trait.default is not None}
    assert given == dict(FACTS[of].defaults), FACTS[of].source


@pytest.mark.parametrize(("of", "name", "inside"), INSIDE)
def test_the_defaults_inside_an_object_are_the_official_ones(of, name, inside):
    fields = KINDS[of].traits[name].fields
    assert {key: trait.default for key, trait in fields.items() if trait.default is not None} == inside


def test_a_task_is_tried_three_times_more_unless_the_program_says_otherwise():
    """`max_retries` has a default_value in cloudrunv2/Job.yaml, and no other default is sent inside a template."""
    task = KINDS["cloudrunv2.Job"].traits["template"].fields["template"].fields
    assert {name: trait.default for name, trait in task.items() if trait.default is not None} == {"maxRetries": 3}


@pytest.mark.parametrize("token", MEMBERS)
def test_a_member_changes_by_another_one(token):
    """`resource_iam_member.go` in `tpgiamresource`: all of it has ForceNew."""
    assert [name for name, trait in MEMBERS[token].traits.items() if trait.in_place] == []


@pytest.mark.parametrize(
    ("of", "container", "replaces"),
    [("Service", "dependsOns", False), ("WorkerPool", "dependsOns", True), ("WorkerPool", "args", False)],
)
def test_the_order_of_a_worker_pools_containers_is_not_changed_in_place(gcp_plugin, of, container, replaces):
    """`dependsOn` is immutable in cloudrunv2/WorkerPool.yaml, and in no other kind."""
    before, after = ({"template": {"containers": [{container: [each]}]}} for each in ("a", "b"))
    told, replaced = changed(gcp_plugin, KINDS[f"cloudrunv2.{of}"], before, after)
    assert (told, bool(replaced)) == ({"template.containers"}, replaces)


def test_the_order_of_variables_is_no_change(gcp_plugin):
    """`env` is_set in cloudrunv2/*.yaml."""
    variables = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    before, after = ({"template": {"containers": [{"envs": given}]}} for given in (variables, [*reversed(variables)]))
    assert changed(gcp_plugin, KINDS["cloudrunv2.Service"], before, after) == (set(), set())


def test_the_order_of_containers_and_of_arguments_is_a_change(gcp_plugin):
    for before, after in (
        ([{"name": "a"}, {"name": "b"}], [{"name": "b"}, {"name": "a"}]),
        ([{"args": ["a", "b"]}], [{"args": ["b", "a"]}]),
    ):
        told, _ = changed(
            gcp_plugin,
            KINDS["cloudrunv2.Service"],
            {"template": {"containers": before}},
            {"template": {"containers": after}},
        )
        assert told == {"template.containers"}


@pytest.mark.parametrize("part", ["ports", "resources", "startupProbe"])
def test_what_google_filled_into_a_container_may_be_taken_out(gcp_plugin, part):
    """`default_from_api` in cloudrunv2/Service.yaml."""
    before, after = (
        {"template": {"containers": [given]}} for given in ({"image": "x", part: {"a": "b"}}, {"image": "x"})
    )
    assert changed(gcp_plugin, KINDS["cloudrunv2.Service"], before, after) == (set(), set())


@pytest.mark.parametrize(
    ("of", "name", "one", "other"),
    [
        ("compute.GlobalForwardingRule", "portRange", "80", "80-80"),
        ("compute.GlobalForwardingRule", "ipProtocol", "tcp", "TCP"),
        ("storage.Bucket", "location", "europe-west1", "EUROPE-WEST1"),
        ("artifactregistry.Repository", "format", "docker", "DOCKER"),
    ],
)
def test_two_spellings_of_one_thing_are_no_change(gcp_plugin, of, name, one, other):
    """Their diff_suppress_func, and the bucket's StateFunc."""
    assert changed(gcp_plugin, KINDS[of], {name: one}, {name: other}) == (set(), set())
