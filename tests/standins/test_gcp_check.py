"""What the gcp stand-in takes and refuses before anything is made, word by word, for each kind; no cloud.

What Cloud Run says in prose is in `test_gcp_run.py`. What this does not prove: that Google refuses nothing else; the
rules are its discovery documents, and the few beside them whose page is at the rule.
"""

import grpc
import pytest

from standins.gcp.__main__ import package
from standins.values import UNKNOWN

PROJECT = {"project": "demo"}
REGION = {"project": "demo", "region": "europe-west1"}
PLACE = {"project": "demo", "location": "europe-west1"}
NETWORK = "projects/demo/global/networks/main"
SERVICE = "projects/demo/global/backendServices/web"
MEMBER = {"role": "roles/viewer", "member": "serviceAccount:web@demo.iam.gserviceaccount.com"}
UNKNOWN_KIND = {"member": "web@demo.iam.gserviceaccount.com"}
NO_KIND = (
    'member: "web@demo.iam.gserviceaccount.com" does not begin with one of serviceAccount, user, group, domain, '
    "principal, principalSet, projectOwner, nor is it allUsers"
)
CONTAINERS = [{"name": "web", "image": "docker.io/library/nginx:1"}]

# kind -> inputs that are right, and with a change: what is said then
KINDS = {
    "artifactregistry/repository:Repository": (
        {**PLACE, "repositoryId": "images", "format": "DOCKER"},
        {"cleanupPolicies": [{"id": "old", "action": "THROW"}]},
        "cleanupPolicies.old.action: 'THROW' is not one of DELETE, KEEP",
    ),
    "artifactregistry/repositoryIamMember:RepositoryIamMember": (
        {**PLACE, **MEMBER, "repository": "images"},
        UNKNOWN_KIND,
        NO_KIND,
    ),
    "certificatemanager/certificate:Certificate": (
        {**PROJECT, "name": "main", "managed": {"domains": ["example.com"]}},
        {"selfManaged": {"pemCertificate": "x"}},
        "managed: there must be exactly one of managed, selfManaged",
    ),
    "certificatemanager/certificateMap:CertificateMap": (
        {**PROJECT, "name": "main"},
        {"name": "Main"},
        'name: "Main" does not match [a-z]([-a-z0-9]*[a-z0-9])?',
    ),
    "certificatemanager/certificateMapEntry:CertificateMapEntry": (
        {**PROJECT, "name": "main", "map": "main", "certificates": ["x"], "hostname": "example.com"},
        {"matcher": "PRIMARY"},
        "hostname: there must be exactly one of hostname, matcher",
    ),
    "certificatemanager/dnsAuthorization:DnsAuthorization": (
        {**PROJECT, "name": "main", "domain": "example.com"},
        {"type": "RECORD"},
        "type: 'RECORD' is not one of FIXED_RECORD, PER_PROJECT_RECORD",
    ),
    "cloudrunv2/job:Job": (
        {**PLACE, "name": "migrate", "template": {"template": {"containers": CONTAINERS}}},
        {"template": {"template": {"containers": CONTAINERS, "timeout": "5m"}}},
        "template.template.timeout: '5m' is no duration",
    ),
    "cloudrunv2/jobIamMember:JobIamMember": ({**PLACE, **MEMBER, "name": "migrate"}, UNKNOWN_KIND, NO_KIND),
    "cloudrunv2/service:Service": (
        {**PLACE, "name": "web", "template": {"containers": CONTAINERS}},
        {"ingress": "ALL"},
        "ingress: 'ALL' is not one of INGRESS_TRAFFIC_ALL, INGRESS_TRAFFIC_INTERNAL_ONLY, "
        "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER, INGRESS_TRAFFIC_NONE",
    ),
    "cloudrunv2/serviceIamMember:ServiceIamMember": ({**PLACE, **MEMBER, "name": "web"}, UNKNOWN_KIND, NO_KIND),
    "cloudrunv2/workerPool:WorkerPool": (
        {**PLACE, "name": "worker", "template": {"containers": CONTAINERS}},
        {"scaling": {"maxInstanceCount": 3}},
        "scaling.maxInstanceCount: no such member of GoogleCloudRunV2WorkerPoolScaling; "
        'did you mean "manualInstanceCount"? (known: manualInstanceCount)',
    ),
    "cloudscheduler/job:Job": (
        {**REGION, "name": "clean", "schedule": "0 3 * * *", "httpTarget": {"uri": "https://example.com/"}},
        {"schedule": "at three"},
        'schedule: "at three" is no schedule: five fields of crontab',
    ),
    "compute/address:Address": (
        {**REGION, "name": "shop"},
        {"addressType": "OWN"},
        "addressType: 'OWN' is not one of EXTERNAL, INTERNAL",
    ),
    "compute/backendService:BackendService": (
        {**PROJECT, "name": "web", "protocol": "HTTPS"},
        {"protocol": "FTP"},
        "protocol: 'FTP' is not one of GRPC, H2C, HTTP, HTTP2, HTTPS, SSL, TCP, UDP",
    ),
    "compute/forwardingRule:ForwardingRule": (
        {**REGION, "name": "shop", "target": "x"},
        {"ipProtocol": "HTTP"},
        "IPProtocol: 'HTTP' is not one of AH, ESP, ICMP, L3_DEFAULT, SCTP, TCP, UDP",
    ),
    "compute/globalAddress:GlobalAddress": (
        {**PROJECT, "name": "shop"},
        {"name": "-shop"},
        "name: '-shop' does not match [a-z](?:[-a-z0-9]{0,61}[a-z0-9])?",
    ),
    "compute/globalForwardingRule:GlobalForwardingRule": (
        {**PROJECT, "name": "shop", "target": "x", "portRange": "80"},
        {"networkTier": "GOLD"},
        "networkTier: 'GOLD' is not one of FIXED_STANDARD, PREMIUM, STANDARD, STANDARD_OVERRIDES_FIXED_STANDARD",
    ),
    "compute/managedSslCertificate:ManagedSslCertificate": (
        {**PROJECT, "name": "shop", "managed": {"domains": ["shop.example.com"]}},
        {"managed": {"domains": ["*.example.com"]}},
        'managed.domains: "*.example.com" has a wildcard, which such a certificate cannot have',
    ),
    "compute/network:Network": (
        {**PROJECT, "name": "main", "autoCreateSubnetworks": False},
        {"routingMode": "LOCAL"},
        "routingConfig.routingMode: 'LOCAL' is not one of GLOBAL, REGIONAL",
    ),
    "compute/regionBackendService:RegionBackendService": (
        {**REGION, "name": "web", "protocol": "HTTPS"},
        {"sessionAffinity": "STICKY"},
        "sessionAffinity: 'STICKY' is not one of CLIENT_IP, CLIENT_IP_NO_DESTINATION, CLIENT_IP_PORT_PROTO, "
        "CLIENT_IP_PROTO, GENERATED_COOKIE, HEADER_FIELD, HTTP_COOKIE, NONE, STRONG_COOKIE_AFFINITY",
    ),
    "compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup": (
        {**REGION, "name": "web", "cloudRun": {"service": "web"}},
        {"cloudRun": {"tag": "x"}},
        "cloudRun: has neither service nor urlMask",
    ),
    "compute/regionTargetHttpProxy:RegionTargetHttpProxy": (
        {**REGION, "name": "shop", "urlMap": "x"},
        {"name": "s" * 64},
        f"name: '{'s' * 59}... does not match [a-z](?:[-a-z0-9]{{0,61}}[a-z0-9])?",
    ),
    "compute/regionTargetHttpsProxy:RegionTargetHttpsProxy": (
        {**REGION, "name": "shop", "urlMap": "x", "sslCertificates": ["x"]},
        {"sslCertificates": []},
        "sslCertificates: is required, or another of certificateManagerCertificates, certificateMap, sslCertificates",
    ),
    "compute/regionUrlMap:RegionUrlMap": (
        {**REGION, "name": "shop", "defaultService": SERVICE},
        {"defaultUrlRedirect": {"httpsRedirect": True, "stripQuery": False}},
        "defaultService: has 2, and must have exactly one of defaultRouteAction, defaultService, defaultUrlRedirect",
    ),
    "compute/router:Router": (
        {**REGION, "name": "main", "network": NETWORK},
        {"bgp": {"asn": 64512, "advertiseMode": "ALL"}},
        "bgp.advertiseMode: 'ALL' is not one of CUSTOM, DEFAULT",
    ),
    "compute/subnetwork:Subnetwork": (
        {**REGION, "name": "main", "network": NETWORK, "ipCidrRange": "10.8.0.0/24"},
        {"stackType": "IPV5_ONLY"},
        "stackType: 'IPV5_ONLY' is not one of IPV4_IPV6, IPV4_ONLY, IPV6_ONLY",
    ),
    "compute/targetHttpProxy:TargetHttpProxy": (
        {**PROJECT, "name": "shop", "urlMap": "x"},
        {"urlMap": ["x"]},
        "urlMap: must be a string, not a list",
    ),
    "compute/targetHttpsProxy:TargetHttpsProxy": (
        {**PROJECT, "name": "shop", "urlMap": "x", "sslCertificates": ["x"]},
        {"certificateMap": "projects/demo/locations/global/certificateMaps/main"},
        'certificateMap: "projects/demo/locations/global/certificateMaps/main" does not begin with '
        "//certificatemanager.googleapis.com/",
    ),
    "compute/uRLMap:URLMap": (
        {**PROJECT, "name": "shop", "defaultService": SERVICE},
        {"hostRules": [{"hosts": ["example.com"], "pathMatcher": "none"}]},
        "hostRules[0].pathMatcher: 'none' is no path matcher of the map",
    ),
    "dns/managedZone:ManagedZone": (
        {**PROJECT, "name": "main", "dnsName": "example.com."},
        {"dnsName": "example.com"},
        'dnsName: "example.com" has no dot at its end',
    ),
    "dns/recordSet:RecordSet": (
        {**PROJECT, "managedZone": "main", "name": "shop.example.com.", "type": "A", "rrdatas": ["192.0.2.1"]},
        {"type": "ADDRESS"},
        'type: "ADDRESS" is not one of A, AAAA, CAA, CNAME, HTTPS, MX, NS, PTR, SOA, SPF, SRV, SVCB, TXT',
    ),
    "compute/routerNat:RouterNat": (
        {**REGION, "name": "main", "router": "main", "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES"},
        {"natIpAllocateOption": "SOME"},
        "nats[0].natIpAllocateOption: 'SOME' is not one of AUTO_ONLY, MANUAL_ONLY",
    ),
    "kms/cryptoKey:CryptoKey": (
        {"keyRing": "projects/demo/locations/europe-west1/keyRings/main", "name": "main"},
        {"rotationPeriod": "3600s"},
        "rotationPeriod: 3600s is less than a day, 86400s",
    ),
    "kms/cryptoKeyIAMMember:CryptoKeyIAMMember": (
        {**MEMBER, "cryptoKeyId": "projects/demo/locations/europe-west1/keyRings/main/cryptoKeys/main"},
        UNKNOWN_KIND,
        NO_KIND,
    ),
    "kms/keyRing:KeyRing": (
        {**PLACE, "name": "main"},
        {"name": "my keys"},
        'name: "my keys" does not match [a-zA-Z0-9_-]+',
    ),
    "projects/serviceIdentity:ServiceIdentity": (
        {**PROJECT, "service": "secretmanager.googleapis.com"},
        {"service": "a/b"},
        "parent: 'projects/demo/services/a/b' does not match ^[^/]+/[^/]+/services/[^/]+$",
    ),
    "projects/iAMMember:IAMMember": ({**PROJECT, **MEMBER}, UNKNOWN_KIND, NO_KIND),
    "projects/service:Service": (
        {**PROJECT, "service": "run.googleapis.com"},
        {"service": "run"},
        r'service: "run" does not match [a-z0-9-]+(\.[a-z0-9-]+)+',
    ),
    "redis/instance:Instance": (
        {**REGION, "name": "cache", "memorySizeGb": 1},
        {"memorySizeGb": 301},
        "memorySizeGb: 301 is not from 1 to 300",
    ),
    "secretmanager/secret:Secret": (
        {**PROJECT, "secretId": "db", "replication": {"auto": {}}},
        {"replication": {}},
        "replication: must have exactly one of auto, userManaged",
    ),
    "secretmanager/secretIamMember:SecretIamMember": ({**PROJECT, **MEMBER, "secretId": "db"}, UNKNOWN_KIND, NO_KIND),
    "secretmanager/secretVersion:SecretVersion": (
        {"secret": "projects/demo/secrets/db", "secretData": "x"},
        {"secretData": "x" * 65537},
        "secretData: 65537 bytes, and the most is 65536",
    ),
    "serviceaccount/account:Account": (
        {**PROJECT, "accountId": "shop-web"},
        {"accountId": "web"},
        'accountId: "web" does not match [a-z][-a-z0-9]{4,28}[a-z0-9]',
    ),
    "serviceaccount/iAMMember:IAMMember": (
        {**MEMBER, "serviceAccountId": "projects/demo/serviceAccounts/web@demo.iam.gserviceaccount.com"},
        UNKNOWN_KIND,
        NO_KIND,
    ),
    "servicenetworking/connection:Connection": (
        {"network": NETWORK, "service": "servicenetworking.googleapis.com", "reservedPeeringRanges": ["own"]},
        {"reservedPeeringRanges": "own"},
        "reservedPeeringRanges: must be a list, not 'own'",
    ),
    "sql/database:Database": (
        {**PROJECT, "instance": "main", "name": "shop"},
        {"charset": 8},
        "charset: must be a string, not 8",
    ),
    "sql/databaseInstance:DatabaseInstance": (
        {**REGION, "name": "main", "databaseVersion": "POSTGRES_16", "settings": {"tier": "db-f1-micro"}},
        {"settings": {"tier": "db-f1-micro", "availabilityType": "GLOBAL"}},
        "settings.availabilityType: 'GLOBAL' is not one of ZONAL, REGIONAL",
    ),
    "sql/user:User": (
        {**PROJECT, "instance": "main", "name": "app", "password": "x"},
        {"type": "ROBOT"},
        "type: 'ROBOT' is not one of BUILT_IN, CLOUD_IAM_USER, CLOUD_IAM_SERVICE_ACCOUNT, CLOUD_IAM_GROUP, "
        "CLOUD_IAM_GROUP_USER, CLOUD_IAM_GROUP_SERVICE_ACCOUNT, CLOUD_IAM_WORKFORCE_IDENTITY, ENTRAID_USER",
    ),
    "storage/bucket:Bucket": (
        {**PROJECT, "name": "demo-shop-data", "location": "europe-west1"},
        {"publicAccessPrevention": "on"},
        'publicAccessPrevention: "on" is not one of enforced, inherited',
    ),
    "storage/bucketIAMMember:BucketIAMMember": ({**MEMBER, "bucket": "demo-shop-data"}, UNKNOWN_KIND, NO_KIND),
}


def test_every_kind_is_here():
    assert {f"gcp:{name}" for name in KINDS} == set(package().resources)


@pytest.mark.parametrize("name", KINDS)
def test_what_is_right_is_taken(gcp_plugin, name):
    assert gcp_plugin.failures(f"gcp:{name}", KINDS[name][0]) == []


@pytest.mark.parametrize("name", KINDS)
def test_one_fault_is_refused_in_these_words(gcp_plugin, name):
    right, fault, message = KINDS[name]
    assert gcp_plugin.failures(f"gcp:{name}", {**right, **fault}) == [message]


FURTHER = [
    (
        "cloudrunv2/service:Service",
        {"template": {"containers": CONTAINERS, "revisions": "a"}},
        'template.revisions: no such property; did you mean "revision"?',
    ),
    (
        "cloudrunv2/service:Service",
        {"multiRegionSettings": {"regions": ["a"]}},
        "multiRegionSettings: the stand-in lacks it; leave it out or use the official plugin",
    ),
    (
        "cloudrunv2/service:Service",
        {"deletionPolicy": "KEEP"},
        "deletionPolicy: 'KEEP' is not one of ABANDON, DELETE, PREVENT",
    ),
    ("cloudrunv2/service:Service", {"name": "a" * 50}, f'name: "{"a" * 50}" has 50 characters, and the most is 49'),
    (
        "cloudrunv2/service:Service",
        {"location": "europe/west1"},
        "parent: 'projects/demo/locations/europe/west1' does not match ^projects/[^/]+/locations/[^/]+$",
    ),
    (
        "cloudscheduler/job:Job",
        {"timeZone": "Europe/Atlantis"},
        'timeZone: "Europe/Atlantis" is no time zone',
    ),
    (
        "cloudscheduler/job:Job",
        {"httpTarget": {"uri": "ftp://a"}},
        'httpTarget.uri: "ftp://a" does not begin with http:// or https://',
    ),
    (
        "cloudscheduler/job:Job",
        {"httpTarget": None},
        "httpTarget: there are 0 of appEngineHttpTarget, httpTarget, pubsubTarget, and there must be exactly one",
    ),
    (
        "compute/backendService:BackendService",
        {"backends": [{"group": "projects/demo/regions/europe-west1/networkEndpointGroups/web"}], "timeoutSec": 30},
        "timeoutSec: is not for a backend of serverless network endpoint groups",
    ),
    (
        "compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup",
        {"cloudRun": None},
        "cloudRun: is required where the type is SERVERLESS",
    ),
    (
        "compute/uRLMap:URLMap",
        {"pathMatchers": [{"name": "m", "defaultService": SERVICE}]},
        "pathMatchers: 'm' is used by no host rule",
    ),
    (
        "compute/uRLMap:URLMap",
        {
            "hostRules": [{"hosts": ["a", "a"], "pathMatcher": "m"}],
            "pathMatchers": [{"name": "m", "defaultService": SERVICE}],
        },
        'hostRules: "a" is there twice',
    ),
    (
        "compute/uRLMap:URLMap",
        {
            "hostRules": [{"hosts": ["a"], "pathMatcher": "m"}],
            "pathMatchers": [
                {"name": "m", "defaultService": SERVICE, "pathRules": [{"paths": ["/a*"], "service": SERVICE}]}
            ],
        },
        'pathMatchers[0].pathRules: "/a*" is no path: it begins with /, and * is only at its end, after /',
    ),
    ("dns/recordSet:RecordSet", {"rrdatas": None}, "rrdatas: is required"),
    (
        "dns/managedZone:ManagedZone",
        {"privateVisibilityConfig": {"networks": [{"networkUrl": NETWORK}]}},
        "privateVisibilityConfig: is for a private zone",
    ),
    (
        "secretmanager/secretVersion:SecretVersion",
        {"secretData": None},
        "secretData: is required",
    ),
    (
        "sql/databaseInstance:DatabaseInstance",
        {"settings": {"tier": "db-f1-micro", "ipConfiguration": {"ipv4Enabled": False}}},
        "settings.ipConfiguration: has neither a public address nor privateNetwork",
    ),
    (
        "sql/databaseInstance:DatabaseInstance",
        {"settings": {"tier": "db-f1-micro", "backupConfiguration": {"enabled": True, "binaryLogEnabled": True}}},
        "settings.backupConfiguration.binaryLogEnabled: is for MySQL",
    ),
    (
        "storage/bucket:Bucket",
        {"name": "my-google-data"},
        'name: "my-google-data" is a name of Google\'s own',
    ),
]


@pytest.mark.parametrize(("name", "fault", "message"), FURTHER, ids=[message for *_, message in FURTHER])
def test_what_a_rule_says_is_refused_in_these_words(gcp_plugin, name, fault, message):
    given = {key: value for key, value in {**KINDS[name][0], **fault}.items() if value is not None}
    (told,) = gcp_plugin.failures(f"gcp:{name}", given)
    assert told.startswith(message)


@pytest.mark.parametrize("name", KINDS)
def test_what_is_not_known_yet_is_taken(gcp_plugin, name):
    assert gcp_plugin.failures(f"gcp:{name}", dict.fromkeys(KINDS[name][0], UNKNOWN)) == []


@pytest.mark.parametrize("name", KINDS)
def test_a_project_that_is_the_providers_is_taken(gcp_plugin, name):
    given = {key: value for key, value in KINDS[name][0].items() if key != "project"}
    if name != "projects/iAMMember:IAMMember":
        assert gcp_plugin.failures(f"gcp:{name}", given) == []


def test_a_type_that_the_stand_in_lacks_is_refused(gcp_plugin):
    with pytest.raises(grpc.RpcError) as caught:
        gcp_plugin.failures("gcp:container/cluster:Cluster", {})
    assert caught.value.details().startswith("gcp:container/cluster:Cluster: the gcp stand-in lacks it (it has gcp:")
    assert caught.value.details().endswith("; use the official plugin")


def test_a_provider_without_a_token_is_refused(gcp_plugin, monkeypatch):
    monkeypatch.delenv("GOOGLE_OAUTH_ACCESS_TOKEN", raising=False)
    with pytest.raises(grpc.RpcError) as caught:
        gcp_plugin.configure(project="demo")
    assert caught.value.details() == "gcp: no credentials; set GOOGLE_OAUTH_ACCESS_TOKEN"


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("https://run.googleapis.com/", '"https://run.googleapis.com/" is not on this machine'),
        ("", "CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN is not set"),
    ],
)
def test_an_api_that_is_not_on_this_machine_is_refused(gcp_plugin, monkeypatch, url, where):
    monkeypatch.setenv("GOOGLE_OAUTH_ACCESS_TOKEN", "t")
    monkeypatch.setenv("CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN", url)
    gcp_plugin.configure(project="demo")
    with pytest.raises(grpc.RpcError) as caught:
        gcp_plugin.create("gcp:cloudrunv2/service:Service", KINDS["cloudrunv2/service:Service"][0])
    assert caught.value.details() == (
        f"gcp: {where}, and this is a stand-in for tests; use the official plugin for Google Cloud itself"
    )


@pytest.mark.parametrize("setting", ["credentials", "impersonateServiceAccount", "cloudRunV2CustomEndpoint"])
def test_a_setting_of_the_provider_that_would_lead_elsewhere_is_refused(setting):
    (told,) = package().check_settings({setting: "x", "project": "demo"})
    assert told == (setting, "the stand-in lacks it; leave it out or use the official plugin")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("cloudrunv2/service:Service", "name"),
        ("serviceaccount/account:Account", "accountId"),
        ("secretmanager/secret:Secret", "secretId"),
    ],
)
def test_a_name_is_made_of_the_logical_one_and_stays(gcp_plugin, name, key):
    given = {k: value for k, value in KINDS[name][0].items() if k != key}
    first = gcp_plugin.check(f"gcp:{name}", given, name="backend")
    assert len(first[key]) == len("backend-1234567")
    assert gcp_plugin.check(f"gcp:{name}", given, olds=first, name="backend")[key] == first[key]
