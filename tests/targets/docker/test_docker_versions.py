"""What an Engine is too old for. Asked of a real one, the probe says so before anything is created."""

from typing import Any

import pytest
from apps import app, service

from components.access import DockerAccess, ImageReference
from components.model import App, Device, Healthcheck, Mount, Seconds, ServiceNetwork, Volume, VolumeOptions
from components.targets.docker import engine, versions


def found(application: App, api: str = "1.41") -> list[str]:
    return [str(problem) for problem in versions.problems(application, "20.10.24", api)]


NEWER: list[tuple[dict[str, Any], str, str, str]] = [
    (
        {"healthcheck": Healthcheck(test=("CMD", "x"), start_interval=Seconds(1))},
        "healthcheck.start_interval",
        "25.0",
        "1.44",
    ),
    ({"mac_address": "02:42:ac:11:00:01"}, "mac_address", "25.0", "1.44"),
    (
        {"networks": {"default": ServiceNetwork(mac_address="02:42:ac:11:00:01")}},
        "networks.default.mac_address",
        "25.0",
        "1.44",
    ),
    ({"networks": {"default": ServiceNetwork(gw_priority=1)}}, "networks.default.gw_priority", "28.0", "1.48"),
    (
        {"volumes": (Mount(type="volume", source="d", target="/d", volume=VolumeOptions(subpath="x")),)},
        "volumes[0].volume.subpath",
        "26.0",
        "1.45",
    ),
    (
        {"volumes": (Mount(type="volume", source="d", target="/d", volume=VolumeOptions(nocopy=True)),)},
        "volumes[0].volume.nocopy",
        "26.0",
        "1.45",
    ),
    ({"devices": (Device(source="nvidia.com/gpu=all"),)}, "devices[0]", "25.0", "1.44"),
]


@pytest.mark.parametrize(("keys", "path", "release", "api"), NEWER)
def test_a_key_that_an_older_engine_lacks_is_named_with_what_it_needs(
    keys: dict[str, Any], path: str, release: str, api: str
) -> None:
    application = app(service("web", **keys), volumes={"d": Volume()})
    assert found(application) == [
        f"services.web.{path}: needs Docker Engine {release} (API {api}), and this one is 20.10.24 (API 1.41); "
        "upgrade it, or remove the key"
    ]
    assert found(application, api) == []


def test_versions_are_compared_as_numbers() -> None:
    keys = {"networks": {"default": ServiceNetwork(gw_priority=1)}}
    assert found(app(service("web", **keys)), "1.100") == []


def test_what_every_engine_has_needs_nothing() -> None:
    mount = Mount(type="volume", source="d", target="/d", volume=VolumeOptions())
    web = service("web", devices=(Device(source="/dev/fuse"),), volumes=(mount,))
    assert found(app(web, volumes={"d": Volume()})) == []


@pytest.mark.engine
def test_the_probe_asks_the_engine_for_its_version() -> None:
    with engine.connect(DockerAccess()) as client:
        api = client.version()["ApiVersion"]
    application = app(service("web", networks={"default": ServiceNetwork(gw_priority=1)}))
    problems = engine.probe(application, {"web": ImageReference(name="web", digest="sha256:0")}, DockerAccess())
    too_old = versions._number(api) < (1, 48)
    assert [f"(API {api})" in problem.what for problem in problems] == ([True] if too_old else [])
