"""What an application's resources are given, against the installed SDK's types and Google's own discovery documents.

Every kind is held to the rules of the tests' stand-in: the model of each call that would be made, and what Google's
pages say of Cloud Run in prose. Not proved: what neither says, such as that a machine type is in the region.
"""

import functools
import json
from collections.abc import Callable, Iterator
from typing import Any

import graphs
import pytest
from apps import app, service
from cloudrun_answers import EXISTING, PROJECT, REGION, Answers
from cloudrun_component import deployed

from components.model import (
    Autoscale,
    Dependency,
    FileGrant,
    FileObject,
    Ingress,
    Job,
    Mount,
    Opaque,
    Parts,
    Port,
    Schedule,
    ServiceExtension,
    Triggers,
    Volume,
    VolumeExtension,
)
from components.targets.cloudrun.kinds import CLASSES
from components.testing import Recorded
from standins.gcp.__main__ import package
from standins.gcp.kind import SDK
from standins.sdk import problems
from standins.traits import fill, violations

PASSWORD = Parts([Opaque("correct-horse-battery", name="PW")])
KEY = f"projects/{PROJECT}/locations/{REGION}/keyRings/main/cryptoKeys/main"
RICH = app(
    service(
        "web",
        depends_on={
            "api": Dependency(condition="service_healthy"),
            "migrate": Dependency(condition="service_completed_successfully"),
        },
        ports=(Port(target=8080, published="80"),),
        configs=(FileGrant(source="page", target="/etc/web/page"),),
        secrets=(FileGrant(source="pw"), FileGrant(source="token")),
        environment={"PASSWORD": PASSWORD, "API": "http://api:8080", "DB_HOST": "db", "CACHE_HOST": "cache"},
        volumes=(
            Mount(type="volume", source="data", target="/d"),
            Mount(type="volume", source="shared", target="/s"),
            Mount(type="tmpfs", target="/t"),
        ),
        x_slipway=ServiceExtension(
            ingress=Ingress(port=8080, host="shop.example.com", sticky=True),
            autoscale=Autoscale(min=1, max=3, cpu=70, requests=100),
        ),
    ),
    service("api", image="quay.io/shop/api:1", expose=("8080",)),
    service("worker"),
    service("sidecar", network_mode="service:web"),
    service("migrate", restart="no"),
    service(
        "db",
        image="postgres:16",
        environment={"POSTGRES_USER": "shop", "POSTGRES_PASSWORD": PASSWORD},
        x_slipway=ServiceExtension(managed="postgres"),
    ),
    service(
        "books",
        image="mysql:8.4",
        environment={"MYSQL_USER": "shop", "MYSQL_PASSWORD": PASSWORD, "MYSQL_DATABASE": "books"},
        volumes=(Mount(type="volume", source="books", target="/var/lib/mysql"),),
        x_slipway=ServiceExtension(managed="mysql"),
    ),
    service("cache", image="redis:7", x_slipway=ServiceExtension(managed="redis")),
    jobs={
        "nightly": Job(
            name="nightly",
            image="nightly:1",
            networks={"default": None},
            triggers=Triggers(schedule=(Schedule(cron="0 3 * * *"),)),
        )
    },
    volumes={"books": Volume(), "data": Volume(), "shared": Volume(x_slipway=VolumeExtension(storage_class="nfs"))},
    secrets={"pw": FileObject(environment="PW"), "token": FileObject(environment="PW")},
    configs={"page": FileObject(content="hello")},
    env={"PW": PASSWORD},
)


def rich(**more: Any) -> list[Recorded]:
    return deployed(RICH, outputs=Answers(), cluster={"existing": {**EXISTING, **more}})


APPLICATIONS: dict[str, Callable[[], list[Recorded]]] = {
    "by their own addresses": rich,
    "by balancers inside": lambda: rich(discovery="balancer", balancer="internal", egress="all"),
    "with a key, regions and a map": lambda: rich(
        kmsKey=KEY,
        replication=[REGION],
        certificateMap=f"projects/{PROJECT}/locations/global/certificateMaps/main",
        labels={"team": "shop"},
        deletionProtection=False,
    ),
    **{name: functools.partial(graphs.own, name, "cloudrun") for name in graphs.made("cloudrun")},
}


@functools.cache
def resources(application: str) -> list[Recorded]:
    return [each for each in APPLICATIONS[application]() if each.type.startswith("gcp:")]


@pytest.fixture(params=APPLICATIONS)
def recorded(request: pytest.FixtureRequest) -> list[Recorded]:
    return resources(request.param)


@functools.cache
def known() -> Any:
    """The kinds that the stand-in has: all that the target makes."""
    return package().resources


def wrong(each: Recorded) -> Iterator[tuple[str, str]]:
    """What Google's own models, and its pages, have against a resource."""
    kind = known()[each.type]
    filled = fill(kind.traits, graphs.whole(dict(each.inputs)))
    if kind.autonamed and filled.get(kind.name_input) is None:
        filled[kind.name_input] = f"{each.name}-1234567"
    yield from violations(kind.traits, filled)
    yield from kind.check(filled)


def test_every_kind_of_the_target_is_among_them() -> None:
    found = {each.type.rpartition(":")[2].lower() for name in APPLICATIONS for each in resources(name)}
    assert {kind for kind, name in CLASSES.items() if name.rpartition(".")[2].lower() not in found} == set()


def test_every_input_is_one_of_the_sdks(recorded: list[Recorded]) -> None:
    found = [
        (each.name, *problem)
        for each in recorded
        for problem in problems(SDK.schema(each.type), graphs.whole(dict(each.inputs)))
    ]
    assert found == []


def test_everything_is_what_googles_own_models_take(recorded: list[Recorded]) -> None:
    found = [(each.type.rpartition(":")[2], each.name, *problem) for each in recorded for problem in wrong(each)]
    assert found == []


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        ("ingress", "EVERYWHERE", ["ingress"]),
        ("scaling", {"minInstanceCount": "two"}, ["scaling.minInstanceCount"]),
        ("colour", "red", ["colour"]),
    ],
)
def test_a_wrong_word_would_be_seen(place: str, value: Any, expected: list[str]) -> None:
    (found,) = [each for each in resources("shop") if each.type == "gcp:cloudrunv2/service:Service"]
    broken = Recorded(type=found.type, name=found.name, urn="", inputs={**found.inputs, place: value})
    assert [path for path, _ in wrong(broken)] == expected


def test_no_secret_is_in_clear_in_anything_that_is_shown(recorded: list[Recorded]) -> None:
    shown = [each for each in recorded if "correct-horse-battery" in json.dumps(dict(each.inputs), default=str)]
    assert {(each.type.rpartition(":")[2], *sorted(each.secrets)) for each in shown} <= {
        ("DatabaseInstance", "rootPassword"),
        ("SecretVersion", "secretData"),
        ("User", "password"),
    }
