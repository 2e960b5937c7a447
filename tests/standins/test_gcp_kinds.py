"""Every kind of the gcp stand-in on the tests' own Google Cloud: made, read, changed, removed.

What this does not prove: that Google behaves as that cloud does, which answers by Google's models. Services, worker
pools and jobs are in the suite of behaviours; keys of Cloud KMS, the identities of APIs, and an address and a proxy
with TLS that are of a region are not run.
"""

from collections.abc import Iterator

import pytest

from standins.gcp.__main__ import package
from tests.gcp import start

pytestmark = [pytest.mark.engine, pytest.mark.google]

PROJECT = {"project": start.PROJECT}
PLACE = {**PROJECT, "location": start.REGION}
REGION = {**PROJECT, "region": start.REGION}
APIS = (
    *("artifactregistry", "certificatemanager", "cloudscheduler", "compute", "dns", "iam", "redis", "run"),
    *("secretmanager", "servicenetworking", "sqladmin"),
)
NETWORK = f"projects/{start.PROJECT}/global/networks/kinds"
BALANCER = f"projects/{start.PROJECT}/global"
INSIDE = f"projects/{start.PROJECT}/regions/{start.REGION}"
ACCOUNT = f"kinds-web@{start.PROJECT}.iam.gserviceaccount.com"
MEMBER = {"member": f"serviceAccount:{ACCOUNT}"}
DOMAIN = "kinds.example.com"

# kind, inputs, and what is changed in place afterwards; in the order in which they need each other
KINDS = (
    *(("projects/service:Service", {**PROJECT, "service": f"{api}.googleapis.com"}, {}) for api in APIS),
    ("serviceaccount/account:Account", {**PROJECT, "accountId": "kinds-web"}, {"displayName": "web"}),
    (
        "serviceaccount/iAMMember:IAMMember",
        {
            **MEMBER,
            "serviceAccountId": f"projects/{start.PROJECT}/serviceAccounts/{ACCOUNT}",
            "role": "roles/iam.serviceAccountUser",
        },
        {},
    ),
    (
        "secretmanager/secret:Secret",
        {**PROJECT, "secretId": "kinds", "replication": {"auto": {}}},
        {"labels": {"a": "b"}},
    ),
    (
        "secretmanager/secretVersion:SecretVersion",
        {"secret": f"projects/{start.PROJECT}/secrets/kinds", "secretData": "x", "enabled": True},
        {},
    ),
    (
        "secretmanager/secretIamMember:SecretIamMember",
        {**PROJECT, **MEMBER, "secretId": "kinds", "role": "roles/secretmanager.secretAccessor"},
        {},
    ),
    (
        "artifactregistry/repository:Repository",
        {**PLACE, "repositoryId": "kinds", "format": "DOCKER", "cleanupPolicies": [{"id": "old", "action": "DELETE"}]},
        {"description": "images"},
    ),
    (
        "artifactregistry/repositoryIamMember:RepositoryIamMember",
        {**PLACE, **MEMBER, "repository": "kinds", "role": "roles/artifactregistry.reader"},
        {},
    ),
    (
        "storage/bucket:Bucket",
        {**PROJECT, "name": f"{start.PROJECT}-kinds", "location": start.REGION, "uniformBucketLevelAccess": True},
        {"labels": {"a": "b"}, "publicAccessPrevention": "enforced"},
    ),
    (
        "storage/bucketIAMMember:BucketIAMMember",
        {**MEMBER, "bucket": f"{start.PROJECT}-kinds", "role": "roles/storage.objectUser"},
        {},
    ),
    (
        "compute/network:Network",
        {**PROJECT, "name": "kinds", "autoCreateSubnetworks": False},
        {"routingMode": "GLOBAL"},
    ),
    (
        "compute/subnetwork:Subnetwork",
        {**REGION, "name": "kinds", "network": NETWORK, "ipCidrRange": "10.9.0.0/24"},
        {"privateIpGoogleAccess": True},
    ),
    (
        "compute/subnetwork:Subnetwork",
        {
            **REGION,
            "name": "kinds-proxies",
            "network": NETWORK,
            "ipCidrRange": "10.9.1.0/24",
            "purpose": "REGIONAL_MANAGED_PROXY",
            "role": "ACTIVE",
        },
        {},
    ),
    (
        "compute/globalAddress:GlobalAddress",
        {
            **PROJECT,
            "name": "kinds-services",
            "addressType": "INTERNAL",
            "purpose": "VPC_PEERING",
            "prefixLength": 20,
            "network": NETWORK,
        },
        {},
    ),
    (
        "servicenetworking/connection:Connection",
        {
            "network": NETWORK,
            "service": "servicenetworking.googleapis.com",
            "reservedPeeringRanges": ["kinds-services"],
        },
        {},
    ),
    ("compute/router:Router", {**REGION, "name": "kinds", "network": NETWORK}, {"description": "out"}),
    (
        "compute/routerNat:RouterNat",
        {
            **REGION,
            "name": "kinds",
            "router": "kinds",
            "natIpAllocateOption": "AUTO_ONLY",
            "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES",
        },
        {"minPortsPerVm": 128},
    ),
    (
        "dns/managedZone:ManagedZone",
        {**PROJECT, "name": "kinds", "dnsName": f"{DOMAIN}."},
        {"description": "names", "labels": {"a": "b"}},
    ),
    (
        "dns/recordSet:RecordSet",
        {
            **PROJECT,
            "managedZone": "kinds",
            "name": f"a.{DOMAIN}.",
            "type": "A",
            "ttl": 60,
            "rrdatas": ["192.0.2.1", "192.0.2.2"],
        },
        {"ttl": 300},
    ),
    (
        "compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup",
        {**REGION, "name": "kinds", "cloudRun": {"service": "kinds-web"}},
        {},
    ),
    (
        "compute/backendService:BackendService",
        {
            **PROJECT,
            "name": "kinds",
            "protocol": "HTTPS",
            "backends": [{"group": f"{INSIDE}/networkEndpointGroups/kinds"}],
        },
        {"sessionAffinity": "GENERATED_COOKIE"},
    ),
    (
        "compute/uRLMap:URLMap",
        {**PROJECT, "name": "kinds", "defaultService": f"{BALANCER}/backendServices/kinds"},
        {
            "hostRules": [{"hosts": [DOMAIN], "pathMatcher": "web"}],
            "pathMatchers": [{"name": "web", "defaultService": f"{BALANCER}/backendServices/kinds"}],
        },
    ),
    (
        "compute/managedSslCertificate:ManagedSslCertificate",
        {**PROJECT, "name": "kinds", "managed": {"domains": [DOMAIN]}},
        {},
    ),
    (
        "compute/targetHttpProxy:TargetHttpProxy",
        {**PROJECT, "name": "kinds", "urlMap": f"{BALANCER}/urlMaps/kinds"},
        {},
    ),
    (
        "compute/targetHttpsProxy:TargetHttpsProxy",
        {
            **PROJECT,
            "name": "kinds",
            "urlMap": f"{BALANCER}/urlMaps/kinds",
            "sslCertificates": [f"{BALANCER}/sslCertificates/kinds"],
        },
        {},
    ),
    ("compute/globalAddress:GlobalAddress", {**PROJECT, "name": "kinds"}, {"labels": {"a": "b"}}),
    (
        "compute/globalForwardingRule:GlobalForwardingRule",
        {
            **PROJECT,
            "name": "kinds",
            "ipAddress": f"{BALANCER}/addresses/kinds",
            "portRange": "443",
            "target": f"{BALANCER}/targetHttpsProxies/kinds",
        },
        {"labels": {"a": "b"}},
    ),
    (
        "compute/regionBackendService:RegionBackendService",
        {
            **REGION,
            "name": "kinds",
            "protocol": "HTTPS",
            "loadBalancingScheme": "INTERNAL_MANAGED",
            "backends": [{"group": f"{INSIDE}/networkEndpointGroups/kinds"}],
        },
        {"description": "inside"},
    ),
    (
        "compute/regionUrlMap:RegionUrlMap",
        {**REGION, "name": "kinds", "defaultService": f"{INSIDE}/backendServices/kinds"},
        {"description": "inside"},
    ),
    (
        "compute/regionTargetHttpProxy:RegionTargetHttpProxy",
        {**REGION, "name": "kinds", "urlMap": f"{INSIDE}/urlMaps/kinds"},
        {},
    ),
    (
        "compute/forwardingRule:ForwardingRule",
        {
            **REGION,
            "name": "kinds",
            "loadBalancingScheme": "INTERNAL_MANAGED",
            "portRange": "80",
            "target": f"{INSIDE}/targetHttpProxies/kinds",
            "network": NETWORK,
            "subnetwork": f"{INSIDE}/subnetworks/kinds",
        },
        {"labels": {"a": "b"}},
    ),
    (
        "certificatemanager/dnsAuthorization:DnsAuthorization",
        {**PROJECT, "name": "kinds", "domain": DOMAIN},
        {"description": "proof"},
    ),
    (
        "certificatemanager/certificate:Certificate",
        {
            **PROJECT,
            "name": "kinds",
            "managed": {
                "domains": [DOMAIN],
                "dnsAuthorizations": [f"projects/{start.PROJECT}/locations/global/dnsAuthorizations/kinds"],
            },
        },
        {"description": "the zone's"},
    ),
    ("certificatemanager/certificateMap:CertificateMap", {**PROJECT, "name": "kinds"}, {"description": "hosts"}),
    (
        "certificatemanager/certificateMapEntry:CertificateMapEntry",
        {
            **PROJECT,
            "name": "kinds",
            "map": "kinds",
            "hostname": DOMAIN,
            "certificates": [f"projects/{start.PROJECT}/locations/global/certificates/kinds"],
        },
        {"description": "one host"},
    ),
    (
        "cloudscheduler/job:Job",
        {
            **REGION,
            "name": "kinds",
            "schedule": "0 3 * * *",
            "httpTarget": {"uri": "https://example.com/", "httpMethod": "POST"},
        },
        {"schedule": "0 4 * * *", "paused": True},
    ),
    (
        "sql/databaseInstance:DatabaseInstance",
        {
            **REGION,
            "name": "kinds",
            "databaseVersion": "POSTGRES_16",
            "deletionProtection": False,
            "settings": {"tier": "db-f1-micro", "ipConfiguration": {"ipv4Enabled": False, "privateNetwork": NETWORK}},
        },
        {"rootPassword": "x"},
    ),
    ("sql/database:Database", {**PROJECT, "instance": "kinds", "name": "shop"}, {}),
    ("sql/user:User", {**PROJECT, "instance": "kinds", "name": "app", "password": "x"}, {"password": "y"}),
)


@pytest.fixture(scope="module")
def cloud() -> Iterator[start.Cloud]:
    with start.some_cloud() as made:
        yield made


@pytest.fixture
def plugin(serving, cloud):
    with serving(package()) as served:
        served.configure(project=start.PROJECT, region=start.REGION)
        yield served


def test_every_kind_is_made_read_as_it_was_asked_for_changed_and_removed(plugin):
    made = []
    try:
        for kind, given, change in KINDS:
            token = f"gcp:{kind}"
            inputs = plugin.check(token, given)
            identity, outputs = plugin.create(token, inputs)
            made.append((token, identity, outputs))
            assert plugin.read(token, identity, outputs, inputs)[2] == inputs, kind
            if change:
                new = plugin.check(token, {**given, **change}, olds=inputs)
                told = plugin.diff(token, inputs, new, olds=outputs)
                assert ({path.partition(".")[0] for path in told.diffs}, list(told.replaces)) == (set(change), []), kind
                outputs = plugin.update(token, identity, outputs, new)
                made[-1] = (token, identity, outputs)
                assert plugin.read(token, identity, outputs, new)[2] == new, kind
    finally:
        for token, identity, outputs in reversed(made):
            plugin.delete(token, identity, outputs)
    for token, identity, outputs in made:
        if token != "gcp:projects/service:Service":  # it stays on
            assert plugin.read(token, identity, outputs, {})[0] == "", token
