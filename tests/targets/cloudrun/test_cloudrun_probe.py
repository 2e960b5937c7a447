"""What is asked of Google before anything is created. Not proved: that Google answers so."""

from typing import Any

import pulumi
import pytest
import requests
from apps import app, service
from cloudrun_scopes import NETWORK, access
from google.auth.exceptions import DefaultCredentialsError, RefreshError
from google_api import Answers, refused

from components.access import CloudRunAccess
from components.model import (
    App,
    FileGrant,
    FileObject,
    Ingress,
    Mount,
    Port,
    Service,
    ServiceExtension,
    Volume,
)
from components.targets import asking
from components.targets.cloudrun import client, probe

PROJECT = "cloudresourcemanager v1/projects/shop-1"
REGION = "run v1/projects/shop-1/locations"
BATCH = "serviceusage v1/projects/123456789012/services:batchGet"
RUN = "run v2/projects/shop-1/locations/europe-west1"
SUBNETWORK = "compute projects/shop-1/regions/europe-west1/subnetworks/main"
NETWORK_ITSELF = f"compute {NETWORK}"
NAMES = "dns dns/v1/projects/shop-1/managedZones"
ZONE = "dns dns/v1/projects/shop-1/managedZones/example"
MAP = "certificatemanager v1/projects/shop-1/locations/global/certificateMaps/main"
SECRET = "secretmanager v1/projects/shop-1/secrets/pw"
OURS = {"slipway-application": "shop", "slipway-stack": "organization-project-stack"}
IN_NETWORK = {"networkUrl": f"https://www.googleapis.com/compute/v1/{NETWORK}"}
WELL: dict[str, Any] = {
    PROJECT: {"projectNumber": "123456789012", "lifecycleState": "ACTIVE"},
    REGION: {"locations": [{"locationId": "europe-west1"}, {"locationId": "europe-west4"}]},
    f"{RUN}/services": {"services": []},
    f"{RUN}/jobs": {},
    f"{RUN}/workerPools": {},
    SUBNETWORK: {
        "network": f"https://www.googleapis.com/compute/v1/{NETWORK}",
        "privateIpGoogleAccess": True,
    },
    NETWORK_ITSELF: {"peerings": [{"name": "servicenetworking-googleapis-com", "state": "ACTIVE"}]},
    NAMES: {"managedZones": [{"visibility": "private", "privateVisibilityConfig": {"networks": [IN_NETWORK]}}]},
    ZONE: {"dnsName": "example.com."},
    MAP: {"name": "main"},
    SECRET: {"name": "pw"},
    "storage b/uploads": {"name": "uploads"},
}
"""Where nothing is in the way; the bucket of the application is not there yet."""


def port() -> Port:
    return Port(target=80, published="80")


PLAIN = app(service("web", ports=(port(),)))
CALLING = app(
    service("web", ports=(port(),), environment={"API": "http://api:80"}),
    service("api", expose=("80",)),
)
ROUTED = app(service("web", x_slipway=ServiceExtension(ingress=Ingress(port=80, host="shop.example.com"))))
MAPPED = access(zone="example", zone_name="example.com", certificate_map=MAP.partition("v1/")[2])
EXTERNAL = app(
    service(
        "web",
        ports=(port(),),
        secrets=(FileGrant(source="pw"),),
        volumes=(Mount(type="volume", source="data", target="/srv/d"),),
    ),
    secrets={"pw": FileObject(external=True, name="pw")},
    volumes={"data": Volume(external=True, name="uploads")},
)
STORED = app(
    service("web", ports=(port(),), volumes=(Mount(type="volume", source="data", target="/srv/d"),)),
    volumes={"data": Volume()},
)


WITH_DATABASE = app(
    service("web", ports=(port(),), environment={"DB_HOST": "db"}),
    service(
        "db",
        image="postgres:17",
        environment={"POSTGRES_PASSWORD": "word"},
        x_slipway=ServiceExtension(managed="postgres"),
    ),
)


@pytest.fixture(autouse=True)
def a_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "this_stack", lambda: "organization/project/stack")


def found(
    monkeypatch: pytest.MonkeyPatch,
    application: App = PLAIN,
    reached: CloudRunAccess | None = None,
    answers: dict[str, Any] | None = None,
) -> list[str]:
    """What is in the way, without the place in the settings that each begins with."""
    monkeypatch.setattr(client, "Client", lambda _access: Answers({**WELL, **(answers or {})}))
    said = [str(each) for each in probe.probe(application, {}, reached or access())]
    assert all(each.startswith("slipway:cluster: ") for each in said)
    return [each.removeprefix("slipway:cluster: ") for each in said]


@pytest.mark.parametrize("application", [PLAIN, CALLING, ROUTED, EXTERNAL, STORED, WITH_DATABASE])
def test_where_nothing_is_in_the_way_nothing_is_said(monkeypatch, application: App) -> None:
    assert found(monkeypatch, application, MAPPED) == []


def test_a_project_that_is_not_known_yet_is_not_asked() -> None:
    assert probe.probe(PLAIN, {}, access(number=pulumi.Output.from_input("later"))) == []


def test_only_what_the_application_needs_is_asked_for(monkeypatch) -> None:
    answers = Answers(WELL)
    monkeypatch.setattr(client, "Client", lambda _access: answers)
    assert probe.probe(PLAIN, {}, MAPPED) == []
    assert answers.asked == [PROJECT, REGION, f"{RUN}/services"]


LOG_IN = "run `gcloud auth application-default login`"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (DefaultCredentialsError("none"), f"there are no Google Cloud credentials; {LOG_IN}"),
        (
            RefreshError("Reauthentication is needed.", {}),
            f"Google refuses the credentials (Reauthentication is needed); {LOG_IN}",
        ),
        (
            refused(401, "UNAUTHENTICATED", "Request had invalid credentials."),
            f"Google refuses the credentials (Request had invalid credentials); {LOG_IN}",
        ),
        (requests.ConnectTimeout("timed out"), "Google Cloud cannot be reached (timed out); check the network"),
        (
            refused(403, "PERMISSION_DENIED", "no"),
            'there is no project "shop-1" that the credentials let you see; '
            f"run `gcloud projects list`, or log in as another: {LOG_IN}",
        ),
        (
            {"projectNumber": "1", "lifecycleState": "ACTIVE"},
            'the number of the project "shop-1" is 1, not 123456789012; mend project or number',
        ),
        (
            {"projectNumber": "123456789012", "lifecycleState": "DELETE_REQUESTED"},
            'the project "shop-1" is about to be deleted; name another',
        ),
    ],
)
def test_who_is_not_let_in_is_told_what_to_do_and_no_more(monkeypatch, answer: Any, message: str) -> None:
    assert found(monkeypatch, answers={PROJECT: answer, REGION: {"locations": [{"locationId": "moon"}]}}) == [message]


def test_an_api_that_is_off_hides_nothing_else(monkeypatch) -> None:
    off = refused(403, "PERMISSION_DENIED", "it is off", "SERVICE_DISABLED")
    answers = {PROJECT: off, f"{RUN}/services": off, REGION: {"locations": [{"locationId": "europe-west2"}]}}
    assert found(monkeypatch, answers=answers) == [
        'Cloud Run is not in the region "europe-west1"; did you mean "europe-west2"? (known: europe-west2)'
    ]


def test_apis_that_are_off_are_told_where_the_stack_turns_none_on(monkeypatch) -> None:
    states = {"run": "ENABLED", "iam": "DISABLED", "secretmanager": "DISABLED"}
    listed = [
        {"name": f"projects/123456789012/services/{api}.googleapis.com", "state": state}
        for api, state in states.items()
    ]
    answers = {BATCH: {"services": listed}}
    assert found(monkeypatch, reached=access(enable_apis=False), answers=answers) == [
        'of the project "shop-1", these APIs are off: iam.googleapis.com, secretmanager.googleapis.com; '
        "run `gcloud services enable iam.googleapis.com secretmanager.googleapis.com --project shop-1`, "
        "or set enableApis to true"
    ]


@pytest.mark.parametrize(
    ("application", "answers", "messages"),
    [
        (
            CALLING,
            {SUBNETWORK: None},
            [
                'there is no subnetwork "main" in europe-west1; '
                "run `gcloud compute networks subnets list --project shop-1`"
            ],
        ),
        (
            CALLING,
            {SUBNETWORK: {"network": "projects/shop-1/global/networks/other", "privateIpGoogleAccess": False}},
            [
                'the subnetwork "main" is of the network "other"; mend network or subnetwork',
                'the subnetwork "main" has no Private Google Access, without which services do not reach each other; '
                "run `gcloud compute networks subnets update main --project shop-1 --region europe-west1 "
                "--enable-private-ip-google-access`",
            ],
        ),
        *(
            (
                CALLING,
                {NAMES: {"managedZones": zones}},
                [
                    'the network "main" has no private zone for run.app, without which calls between services come '
                    "from outside; make one, as docs/targets/cloudrun.md says, or set slipway:cloudrun.egress to all"
                ],
            )
            for zones in (
                [],
                [{"visibility": "public"}],
                [{"visibility": "private", "privateVisibilityConfig": {"networks": [{"networkUrl": "projects/a/b"}]}}],
            )
        ),
        (
            WITH_DATABASE,
            {NETWORK_ITSELF: None},
            ['there is no network "main"; run `gcloud compute networks list --project shop-1`'],
        ),
        *(
            (
                WITH_DATABASE,
                {NETWORK_ITSELF: peered},
                [
                    'the network "main" has no private services access, without which Cloud SQL has no address in it; '
                    "deploy the platform's stack with managed: true, or make it, as docs/targets/cloudrun.md says"
                ],
            )
            for peered in ({}, {"peerings": [{"name": "redis-peer-1"}]})
        ),
        (
            ROUTED,
            {ZONE: None, MAP: None},
            [
                'there is no managed zone "example"; run `gcloud dns managed-zones list --project shop-1`',
                'there is no certificate map "main"; run `gcloud certificate-manager maps list --project shop-1`',
            ],
        ),
        (
            ROUTED,
            {ZONE: {"dnsName": "example.org."}},
            ['the managed zone "example" is that of example.org, not of example.com; mend zone or zoneName'],
        ),
        (
            EXTERNAL,
            {SECRET: None, "storage b/uploads": None},
            [
                'there is no secret "pw"; make it, or take `external: true` out of the file',
                'there is no bucket "uploads"; run `gcloud storage buckets list --project shop-1`',
            ],
        ),
    ],
    ids=[
        "no subnetwork",
        "a wrong subnetwork",
        "no names",
        "public names",
        "others' names",
        "no network",
        "no way to databases",
        "a way to others",
        "no zone and no certificates",
        "another zone",
        "nothing external",
    ],
)
def test_what_is_named_and_not_there_is_told(
    monkeypatch, application: App, answers: dict[str, Any], messages: list[str]
) -> None:
    assert found(monkeypatch, application, MAPPED, answers) == messages


OTHER = {"slipway-application": "blog", "slipway-stack": "organization-project-blog"}


@pytest.mark.parametrize(
    ("labels", "owner"),
    [
        (OTHER, 'the application "blog" of the stack "organization-project-blog"'),
        ({**OURS, "slipway-stack": "elsewhere"}, 'the application "shop" of the stack "elsewhere"'),
        ({}, "something else"),
    ],
)
@pytest.mark.parametrize(
    ("made", "collection", "word"),
    [
        (service("web", ports=(port(),)), "services", "service"),
        (service("web"), "workerPools", "worker pool"),
        (service("web", restart="no"), "jobs", "job"),
    ],
)
def test_the_names_of_others_are_told(
    monkeypatch, made: Service, collection: str, word: str, labels: dict[str, str], owner: str
) -> None:
    there = {"name": f"projects/shop-1/locations/europe-west1/{collection}/shop-web", "labels": labels}
    assert found(monkeypatch, app(made), answers={f"{RUN}/{collection}": {collection: [there]}}) == [
        f'the {word} "shop-web" of the project is that of {owner}; name the application otherwise, by slipway:name'
    ]


def test_what_is_ours_is_no_conflict(monkeypatch) -> None:
    there = {"name": "projects/shop-1/locations/europe-west1/services/shop-web", "labels": OURS}
    assert found(monkeypatch, answers={f"{RUN}/services": {"services": [there, {"name": "x/y"}]}}) == []


def test_a_bucket_of_another_is_told(monkeypatch) -> None:
    assert found(monkeypatch, STORED, answers={"storage b/shop-1-shop-data": {"labels": OTHER}}) == [
        'the bucket "shop-1-shop-data" is that of the application "blog" of the stack "organization-project-blog"; '
        "name the application otherwise, by slipway:name"
    ]


def test_a_refusal_that_is_none_of_these_is_said_in_googles_words(monkeypatch) -> None:
    assert found(monkeypatch, answers={REGION: refused(429, "RESOURCE_EXHAUSTED", "Quota exceeded.")}) == [
        "Google says: Quota exceeded; check the settings"
    ]


@pytest.mark.parametrize("answer", [refused(403, "PERMISSION_DENIED"), requests.ConnectTimeout(), RefreshError("x")])
def test_who_may_not_look_is_not_stopped(monkeypatch, answer: Exception) -> None:
    answers = dict.fromkeys((REGION, SUBNETWORK, NAMES, f"{RUN}/services"), answer)
    assert found(monkeypatch, CALLING, answers=answers) == []


def test_it_is_given_up_after_five_seconds(monkeypatch) -> None:
    moments = iter([0.0, 4.9, *([5.0] * 20)])
    monkeypatch.setattr(asking.time, "monotonic", lambda: next(moments))
    answers = Answers({**WELL, BATCH: {"services": []}})
    monkeypatch.setattr(client, "Client", lambda _access: answers)
    assert probe.probe(CALLING, {}, access(enable_apis=False)) == []
    assert answers.asked == [PROJECT, BATCH]
