"""The stack of a platform for Cloud Run, under Pulumi mocks.

Not proved: that Google takes the resources; `make test-google` creates some on a stand-in.
"""

from typing import Any

import pulumi
import pytest
from google_answers import NUMBER, PROJECT, REGION, GoogleOutputs

from components import CloudRunPlatform, clusters
from components.access import CloudRunAccess
from components.clusters import cloudrun_access
from components.errors import SettingsError
from components.testing import Recorded, Recording, record

APIS = (
    *("artifactregistry", "certificatemanager", "cloudresourcemanager", "cloudscheduler", "compute", "dns", "iam"),
    *("redis", "run", "secretmanager", "servicenetworking", "sqladmin", "storage"),
)
PLATFORM = ["CloudRunPlatform edge", "gcp edge-gcp", *(f"Service edge-api-{api}" for api in APIS)]
NETWORK = ["Network edge-network", "Subnetwork edge-subnet"]
RUN_NAMES = ["ManagedZone edge-run", "RecordSet edge-run-all", "RecordSet edge-run-apex"]
MANAGED = ["Connection edge-services", "GlobalAddress edge-services"]
CERTIFICATES = [
    "Certificate edge-zone",
    "CertificateMap edge-zone",
    "CertificateMapEntry edge-apex",
    "CertificateMapEntry edge-hosts",
    "DnsAuthorization edge-zone",
    "RecordSet edge-authorization",
]
NETWORK_ID = "projects/shop-1/global/networks/there"
SUBNETWORK_ID = "projects/shop-1/regions/europe-west1/subnetworks/there"
EXISTING = {"existing": {"network": NETWORK_ID, "subnetwork": SUBNETWORK_ID}}
ZONE = {"existing": {"name": "example", "domain": "example.com"}}


def made(*, preview: bool = False, protect: bool = False, stack: str = "edge", **new: Any) -> Recording:
    asked = {"kind": "cloudrun", "project": PROJECT, "region": REGION, **new}
    written = {"cluster": {"new": asked}, "protect": protect}
    return record(
        lambda: pulumi.export("access", clusters.create(stack, written)), outputs=GoogleOutputs(), preview=preview
    )


def names(recorded: list[Recorded]) -> list[str]:
    return sorted(f"{each.type.rpartition(':')[2]} {each.name}" for each in recorded)


def inputs(recorded: Recording, kind: str, name: str) -> dict[str, Any]:
    (found,) = [each for each in recorded if each.type.endswith(f":{kind}") and each.name == name]
    return dict(found.inputs)


@pytest.mark.parametrize("preview", [False, True])
def test_the_least_that_there_is_is_a_network_in_which_cloud_run_and_databases_are_known(preview: bool) -> None:
    assert names(made(preview=preview)) == sorted([*PLATFORM, *NETWORK, *RUN_NAMES, *MANAGED])


def test_in_a_network_that_is_there_nothing_is_made_unless_it_is_asked_for() -> None:
    assert names(made(network=EXISTING)) == sorted(PLATFORM)
    asked = made(network=EXISTING, runNames=True, managed=True)
    assert names(asked) == sorted([*PLATFORM, *RUN_NAMES, *MANAGED])
    assert inputs(asked, "ManagedZone", "edge-run")["privateVisibilityConfig"] == {
        "networks": [{"networkUrl": NETWORK_ID}]
    }


def test_the_subnet_reaches_google_without_public_addresses_and_the_network_has_no_other_subnets() -> None:
    recorded = made()
    assert inputs(recorded, "Network", "edge-network") == {
        "project": PROJECT,
        "autoCreateSubnetworks": False,
        "routingMode": "REGIONAL",
    }
    assert inputs(recorded, "Subnetwork", "edge-subnet") == {
        "project": PROJECT,
        "region": REGION,
        "network": "projects/shop-1/global/networks/edge-network",
        "ipCidrRange": "10.8.0.0/20",
        "privateIpGoogleAccess": True,
    }


def test_the_names_of_cloud_run_lead_to_google_within_the_network() -> None:
    recorded = made()
    record_set = inputs(recorded, "RecordSet", "edge-run-all")
    assert (record_set["name"], record_set["type"]) == ("*.run.app.", "A")
    assert record_set["rrdatas"] == ["199.36.153.8", "199.36.153.9", "199.36.153.10", "199.36.153.11"]
    assert inputs(recorded, "ManagedZone", "edge-run")["visibility"] == "private"


def test_a_way_to_the_world_proxies_and_flow_logs_are_made_where_they_are_asked_for() -> None:
    recorded = made(network={"new": {"nat": True, "proxies": "10.9.0.0/23", "flowLogs": True}})
    more = ["Router edge-nat", "RouterNat edge-nat", "Subnetwork edge-proxies"]
    assert names(recorded) == sorted([*PLATFORM, *NETWORK, *RUN_NAMES, *MANAGED, *more])
    assert inputs(recorded, "Subnetwork", "edge-proxies")["purpose"] == "REGIONAL_MANAGED_PROXY"
    assert "logConfig" in inputs(recorded, "Subnetwork", "edge-subnet")


def test_a_zone_brings_a_certificate_for_its_domain_and_the_hosts_below_it() -> None:
    recorded = made(zone={"new": "example.com"})
    assert set(names(recorded)) - set(names(made())) == {"ManagedZone edge-zone", *CERTIFICATES}
    assert inputs(recorded, "Certificate", "edge-zone")["managed"]["domains"] == ["example.com", "*.example.com"]
    proof = inputs(recorded, "RecordSet", "edge-authorization")
    assert (proof["name"], proof["rrdatas"]) == (
        "_acme-challenge.example.com.",
        ["proof.authorize.certificatemanager.goog."],
    )
    access = recorded.outputs["access"]
    assert (access["zoneName"], access["certificateMap"]) == (
        "example.com",
        "projects/shop-1/locations/global/certificateMaps/edge-zone",
    )


def test_a_zone_that_is_there_is_not_made_and_certificates_can_be_left_out() -> None:
    assert names(made(zone=ZONE, certificates=False)) == names(made())
    assert set(names(made(zone=ZONE))) - set(names(made())) == set(CERTIFICATES)


def test_one_repository_for_all_applications_has_a_cleanup_and_the_key() -> None:
    recorded = made(repository="images", kmsKey="projects/p/locations/l/keyRings/r/cryptoKeys/k")
    found = inputs(recorded, "Repository", "edge-images")
    assert (found["repositoryId"], found["kmsKeyName"]) == ("images", "projects/p/locations/l/keyRings/r/cryptoKeys/k")
    assert [policy["action"] for policy in found["cleanupPolicies"]] == ["KEEP", "DELETE"]
    assert recorded.outputs["access"]["repository"] == "europe-west1-docker.pkg.dev/shop-1/images"


def test_a_new_key_is_used_by_the_accounts_of_the_services_that_keep_something_and_by_nobody_else() -> None:
    recorded = made(kmsKey="new")
    grants = {
        (each.inputs["role"], each.inputs["member"]) for each in recorded if each.type.endswith("CryptoKeyIAMMember")
    }
    agents = ("artifactregistry", "redis", "run", "secretmanager", "sqladmin")
    role = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
    assert grants == {
        (role, "serviceAccount:gs"),
        *((role, f"serviceAccount:agent@{api}.googleapis.com") for api in agents),
    }
    assert inputs(recorded, "CryptoKey", "edge-key")["rotationPeriod"] == "7776000s"
    assert "Service edge-api-cloudkms" in names(recorded)
    assert recorded.outputs["access"]["kmsKey"].endswith("/cryptoKeys/edge-key")


def test_nothing_is_open_to_the_world() -> None:
    recorded = made(network={"new": {"nat": True}}, zone={"new": "example.com"}, repository="images", kmsKey="new")
    assert [each.name for each in recorded if "Firewall" in each.type] == []
    assert "allUsers" not in str([dict(each.inputs) for each in recorded])


def test_nothing_is_an_orphan_and_nothing_uses_a_default_provider() -> None:
    recorded = made(zone={"new": "example.com"}, repository="images", kmsKey="new")
    assert [each.name for each in recorded if not each.parent] == []
    (provider,) = [each.urn for each in recorded if each.type == "pulumi:providers:gcp"]
    own: list[Recorded] = [each for each in recorded if each.type.startswith("gcp:")]
    assert {each.provider.rpartition("::")[0] for each in own} == {provider}


def test_what_holds_state_is_protected_where_the_stack_says_so() -> None:
    recorded = made(protect=True, zone={"new": "example.com"}, repository="images", kmsKey="new")
    assert sorted(
        f"{each.type.rpartition(':')[2]} {each.name}" for each in recorded if each.options.get("protect")
    ) == [
        "Connection edge-services",
        "CryptoKey edge-key",
        "GlobalAddress edge-services",
        "ManagedZone edge-zone",
        "Network edge-network",
        "Repository edge-images",
        "Subnetwork edge-subnet",
    ]


def test_its_access_is_what_an_application_reads() -> None:
    recorded = made(zone=ZONE, repository="images", replication=[REGION], labels={"team": "shop"}, egress="all")
    access = dict(recorded.outputs["access"])
    assert access.pop("kind") == "cloudrun"
    assert cloudrun_access.access(access) == CloudRunAccess(
        project=PROJECT,
        number=NUMBER,
        region=REGION,
        network="projects/shop-1/global/networks/edge-network",
        subnetwork="projects/shop-1/regions/europe-west1/subnetworks/edge-subnet",
        egress="all",
        enable_apis=False,
        repository="europe-west1-docker.pkg.dev/shop-1/images",
        certificate_map="projects/shop-1/locations/global/certificateMaps/edge-zone",
        zone="example",
        zone_name="example.com",
        replication=(REGION,),
        labels={"team": "shop"},
    )


def test_the_component_is_useful_alone() -> None:
    def program() -> None:
        pulumi.export("access", CloudRunPlatform("edge", {"project": PROJECT, "region": REGION}).access)

    assert record(program, outputs=GoogleOutputs()).outputs["access"]["number"] == NUMBER


@pytest.mark.parametrize(
    ("new", "messages"),
    [
        (
            {"region": "europe", "project": "S", "egress": "some", "zones": {}},
            [
                'slipway:cluster.new: unknown key "zones"; did you mean "zone"? (known: certificates, egress, '
                "impersonate, kmsKey, labels, managed, network, project, region, replication, repository, runNames, "
                "zone)",
                'slipway:cluster.new: unknown egress "some"; (known: all, private)',
                "slipway:cluster.new: project is 'S', not a project's ID; run `gcloud projects list`",
                "slipway:cluster.new: region is 'europe', not a region; write one such as europe-west1",
            ],
        ),
        (
            {"network": {"default": {}}},
            ["slipway:cluster.new.network: it is {'default': {}}; write one of existing: ..., new: ..."],
        ),
        (
            {"network": {"existing": {"network": NETWORK_ID}}},
            ["slipway:cluster.new.network.existing: no value for subnetwork; write one"],
        ),
        (
            {"network": {"new": {"cidr": "8.8.8.0/24", "proxies": "10.9.0.0/30"}}},
            [
                "slipway:cluster.new.network.new: cidr is '8.8.8.0/24'; write a private range from /12 to /26",
                "slipway:cluster.new.network.new: proxies is '10.9.0.0/30'; write a private range from /12 to /26",
            ],
        ),
        (
            {"network": {"new": {"proxies": "10.8.1.0/24"}}},
            ["slipway:cluster.new.network.new: proxies 10.8.1.0/24 is within cidr 10.8.0.0/20; take another range"],
        ),
        (
            {"zone": {"new": "example"}, "repository": "Images"},
            [
                "slipway:cluster.new: repository is 'Images', not a repository's ID; write one of a-z, 0-9 and -, of "
                "at most 63 characters",
                "slipway:cluster.new.zone: new is 'example', not a domain; write one such as example.com",
            ],
        ),
        (
            {"certificates": True},
            ["slipway:cluster.new: certificates without zone; name the zone of the domain that they are for"],
        ),
    ],
)
def test_what_is_wrong_is_told_at_once_before_anything_is_made(new: dict[str, Any], messages: list[str]) -> None:
    with pytest.raises(SettingsError) as raised:
        made(**new)
    assert str(raised.value).splitlines() == messages


def test_a_name_that_google_does_not_take_is_refused() -> None:
    with pytest.raises(SettingsError) as raised:
        made(stack="Edge_1")
    assert str(raised.value) == (
        "slipway:cluster.new: the name is 'Edge_1', not a name on Google Cloud; "
        "take one of a-z, 0-9 and -, of at most 24 characters"
    )
