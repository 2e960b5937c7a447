"""A project of Google Cloud that is there: `slipway:cluster.existing`, and `slipway:cloudrun`, which wins."""

from typing import Any

import pulumi
import pytest

from components.access import CloudRunAccess
from components.clusters import cloudrun_access, existing
from components.errors import SettingsError, suggest

LEAST: dict[str, Any] = {"project": "shop-production", "number": "123456789012", "region": "europe-west1"}
NETWORK = "projects/shop-production/global/networks/main"
SUBNETWORK = "projects/shop-production/regions/europe-west1/subnetworks/main"
MAP = "projects/shop-production/locations/global/certificateMaps/main"
KEY = "projects/shop-production/locations/europe-west1/keyRings/main/cryptoKeys/main"

KEYS = (*cloudrun_access.PLACE, *cloudrun_access.WAYS)


def refused(block: dict[str, Any]) -> str:
    with pytest.raises(SettingsError) as raised:
        cloudrun_access.access(block)
    return str(raised.value)


def refused_options(options: dict[str, Any]) -> str:
    with pytest.raises(SettingsError) as raised:
        cloudrun_access.chosen(cloudrun_access.access(LEAST), options)
    return str(raised.value)


def test_a_project_its_number_and_a_region_are_enough() -> None:
    assert existing.READERS["cloudrun"](LEAST) == CloudRunAccess(
        project="shop-production", number="123456789012", region="europe-west1"
    )


@pytest.mark.parametrize("number", [123456789012, 123456789012.0])
def test_a_projects_number_may_be_written_as_a_number(number: float) -> None:
    assert cloudrun_access.access({**LEAST, "number": number}).number == "123456789012"


def test_every_attribute_has_a_key() -> None:
    block = {
        **LEAST,
        "impersonate": "deploy@shop-production.iam.gserviceaccount.com",
        "network": NETWORK,
        "subnetwork": SUBNETWORK,
        "egress": "all",
        "repository": "europe-west1-docker.pkg.dev/shop-production/images",
        "enableApis": False,
        "publish": "internal",
        "balancer": "internal",
        "certificateMap": MAP,
        "zone": "example",
        "zoneName": "example.com",
        "discovery": "balancer",
        "domain": "corp.internal",
        "nfs": "10.0.0.2:/share",
        "replication": ["europe-west1", "europe-west4"],
        "kmsKey": KEY,
        "initImage": "europe-west1-docker.pkg.dev/shop-production/images/busybox:1",
        "deletionProtection": False,
        "labels": {"team": "shop"},
    }
    assert cloudrun_access.access(block) == CloudRunAccess(
        project="shop-production",
        number="123456789012",
        region="europe-west1",
        impersonate="deploy@shop-production.iam.gserviceaccount.com",
        network=NETWORK,
        subnetwork=SUBNETWORK,
        egress="all",
        repository="europe-west1-docker.pkg.dev/shop-production/images",
        enable_apis=False,
        publish="internal",
        balancer="internal",
        certificate_map=MAP,
        zone="example",
        zone_name="example.com",
        discovery="balancer",
        domain="corp.internal",
        nfs="10.0.0.2:/share",
        replication=("europe-west1", "europe-west4"),
        kms_key=KEY,
        init_image="europe-west1-docker.pkg.dev/shop-production/images/busybox:1",
        deletion_protection=False,
        labels={"team": "shop"},
    )
    assert {*block} == {*KEYS}


def test_there_is_no_project_that_is_everyones() -> None:
    assert refused({}) == (
        "no value for slipway:cluster, and cloudrun has no project that is everyone's; "
        "run `pulumi config set --path slipway:cluster.stack <name of the platform's stack>`"
    )


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({**LEAST, "project": "Shop"}, "project is 'Shop', not a project's ID; run `gcloud projects list`"),
        (
            {**LEAST, "number": "shop"},
            "number is 'shop', not a project's number; "
            "run `gcloud projects describe <project> --format 'value(projectNumber)'`",
        ),
        ({**LEAST, "region": "europe"}, "region is 'europe', not a region; run `gcloud run regions list`"),
        (
            {**LEAST, "network": "main", "subnetwork": SUBNETWORK},
            "network is 'main', not a network; write projects/<project>/global/networks/<name>",
        ),
        (
            {**LEAST, "network": NETWORK, "subnetwork": "main"},
            "subnetwork is 'main', not a subnetwork; write projects/<project>/regions/<region>/subnetworks/<name>",
        ),
        ({**LEAST, "network": NETWORK}, "no value for subnetwork; write one: network alone leads nowhere"),
        ({**LEAST, "subnetwork": SUBNETWORK}, "no value for network; write one: subnetwork alone leads nowhere"),
        (
            {**LEAST, "publish": "pubic"},
            'unknown publish "pubic"; did you mean "public"? (known: internal, none, public)',
        ),
        (
            {**LEAST, "certificateMap": "main"},
            "certificateMap is 'main', not a certificate map; "
            "write projects/<project>/locations/global/certificateMaps/<name>",
        ),
        ({**LEAST, "replication": ["eu"]}, "replication is 'eu', not a region; write names such as europe-west1"),
        ({**LEAST, "nfs": "/share"}, "nfs is '/share', not an NFS share; write server:/path"),
        (
            {**LEAST, "repository": "images"},
            "repository is 'images', not a repository; write <region>-docker.pkg.dev/<project>/<repository>",
        ),
        ({**LEAST, "netwrok": NETWORK}, f'unknown key "netwrok"; {suggest("netwrok", KEYS)}'),
    ],
)
def test_a_wrong_block_is_told(block: dict[str, Any], message: str) -> None:
    assert refused(block) == f"slipway:cluster.existing: {message}"


def test_every_problem_is_told_at_once() -> None:
    assert refused({"region": "europe", "egress": "some"}).splitlines() == [
        "slipway:cluster.existing: no value for project; write one",
        "slipway:cluster.existing: no value for number; write one",
        "slipway:cluster.existing: region is 'europe', not a region; run `gcloud run regions list`",
        'slipway:cluster.existing: unknown egress "some"; (known: all, private)',
    ]


def test_what_the_stack_chooses_wins() -> None:
    given = cloudrun_access.access({**LEAST, "publish": "public", "labels": {"team": "shop"}})
    found = cloudrun_access.chosen(given, {"publish": "internal"})
    assert (found.publish, found.labels, found.project) == ("internal", {"team": "shop"}, "shop-production")


def test_what_says_which_project_it_is_cannot_be_chosen() -> None:
    assert refused_options({"project": "other-project", "publish": 1}).splitlines() == [
        "slipway:cloudrun: project says which cluster it is; write it below slipway:cluster.existing",
        'slipway:cloudrun: unknown publish "1"; (known: internal, none, public)',
    ]


def test_an_output_is_taken_where_nothing_is_decided_by_it() -> None:
    later = pulumi.Output.from_input("later")
    assert cloudrun_access.access({**LEAST, "number": later, "zone": later}).number is later


@pytest.mark.parametrize("key", ["project", "region", "repository", "publish"])
def test_an_output_is_refused_where_something_is_decided_by_it(key: str) -> None:
    assert refused({**LEAST, key: pulumi.Output.from_input("later")}) == (
        f"slipway:cluster.existing: {key} is an output, which is not known yet; give a plain value"
    )
