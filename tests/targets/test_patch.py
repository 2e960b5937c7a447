"""`x-slipway.patch`: what it merges into, and what it refuses."""

from typing import Any

import pytest
from apps import app, service

from components.access import ImageReference
from components.errors import RejectedError
from components.model import App, FileGrant, FileObject, Mount, Network, Opaque, Parts, ServiceExtension, Volume
from components.support import findings
from components.targets import TARGETS, offline, support_table
from components.targets.patch import merged
from components.targets.rows import Row

NAMES = ("name", "label")


@pytest.mark.parametrize(
    ("value", "change", "expected"),
    [
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"c": 3}}, {"a": {"b": 1, "c": 3}}),
        ({"a": 1, "b": 2}, {"a": None}, {"b": 2}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": "x"}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({}, {"a": {"b": None, "c": 1}}, {"a": {"c": 1}}),
        (
            {"a": [{"label": "x", "value": "1"}, {"label": "y", "value": "2"}]},
            {"a": [{"label": "y", "value": "3"}, {"label": "z", "value": "4"}]},
            {"a": [{"label": "x", "value": "1"}, {"label": "y", "value": "3"}, {"label": "z", "value": "4"}]},
        ),
        ({"a": [{"other": 1}]}, {"a": [{"other": 2}]}, {"a": [{"other": 2}]}),
    ],
)
def test_a_change_is_merged(value: Any, change: Any, expected: Any) -> None:
    before = repr(value)
    assert merged(value, change, NAMES) == expected
    assert repr(value) == before


def test_a_value_that_holds_a_secret_is_put_in_as_it_is() -> None:
    secret = Parts(["x", Opaque("geheim")])
    assert merged({}, {"a": secret}, NAMES) == {"a": secret}


def patched(patch: Any, **keys: Any) -> App:
    extension = ServiceExtension(patch={"docker": patch})
    return app(
        service("web", x_slipway=extension, **keys),
        service("db"),
        networks={"default": Network(), "other": Network()},
        volumes={"data": Volume(), "more": Volume()},
        secrets={"s": FileObject(environment="S")},
        env={"S": "x"},
    )


def rows(application: App) -> dict[str, Row]:
    from components import contents  # noqa: PLC0415 - beside its only use

    images = {name: ImageReference(name=name) for name in application.services}
    found = offline("docker", application, images, contents.read(application))
    return {f"{row.kind}.{row.key}": row for row in found}


def test_every_replica_is_patched_and_no_other_service() -> None:
    found = rows(patched({"Container": {"stop_timeout": 9}}, scale=2))
    assert [found[f"container.{key}"].args.get("stop_timeout") for key in ("web-1", "web-2", "db-1")] == [9, 9, None]


def test_a_network_and_a_volume_are_patched_where_the_service_uses_them() -> None:
    mount = Mount(type="volume", source="data", target="/d")
    found = rows(patched({"Network": {"internal": True}, "Volume": {"driver": "x"}}, volumes=(mount,)))
    assert {key: row.args.get("internal") for key, row in found.items() if row.kind == "network"} == {
        "network.default": True,
        "network.other": None,
    }
    assert {key: row.args.get("driver") for key, row in found.items() if row.kind == "volume"} == {
        "volume.data": "x",
        "volume.more": None,
    }


def test_labels_are_merged_by_name() -> None:
    plain = rows(patched({}))["container.web-1"].args["labels"]
    found = rows(patched({"Container": {"labels": [{"label": "mine", "value": "1"}]}}))["container.web-1"].args[
        "labels"
    ]
    names = [each["label"] for each in found]
    assert names == [*(each["label"] for each in plain), "mine"]


def test_what_brings_files_into_a_read_only_root_is_not_patched() -> None:
    found = rows(patched({"Container": {"user": "7"}}, read_only=True, secrets=(FileGrant(source="s"),)))
    users = {
        key: row.args.get("user") for key, row in found.items() if row.kind == "container" and row.service == "web"
    }
    assert sorted(filter(None, users.values())) == ["7"]
    assert users["container.web-1"] == "7"


def test_a_patch_changes_the_config_hash() -> None:
    def config_hash(patch: Any) -> str:
        labels = rows(patched(patch))["container.web-1"].args["labels"]
        return next(each["value"] for each in labels if each["label"] == "com.docker.compose.config-hash")

    assert config_hash({}) != config_hash({"Container": {"user": "7"}})


def test_what_comes_from_a_variable_gets_the_type_that_the_argument_has() -> None:
    args = rows(patched({"Container": {"stop_timeout": "9", "privileged": "true", "hostname": "9"}}))
    found = args["container.web-1"].args
    assert (found["stop_timeout"], found["privileged"], found["hostname"]) == (9, True, "9")


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        (
            {"Contaner": {}},
            'Contaner: there is no kind "Contaner" on docker; did you mean "Container"? (known: Container, Network, '
            "RemoteImage, Volume)",
        ),
        (
            {"Volume": {"drivr": "x"}},
            'Volume.drivr: there is no "drivr"; did you mean "driver"? (known: cluster, driver, driver_opts, labels, '
            "name)",
        ),
        (
            {"Container": {"healthcheck": {"test": "x"}}},
            'Container.healthcheck.test: there is no "test"; did you mean "tests"? (known: interval, retries, '
            "start_interval, start_period, tests, timeout)",
        ),
        (
            {"Container": {"ports": [{"internal": 80, "host": 1}]}},
            'Container.ports[0].host: there is no "host"; (known: external, internal, ip, protocol)',
        ),
        ({"Container": {"ports": 80}}, "Container.ports: 80 is not a list; write a list"),
        ({"Container": {"healthcheck": []}}, "Container.healthcheck: a list is not a mapping; write a mapping"),
        ({"Container": {"memory": "64m"}}, 'Container.memory: "64m" is not a whole number; write a whole number'),
        ({"Container": {"memory": True}}, "Container.memory: true is not a whole number; write a whole number"),
        ({"Container": {"tty": 1}}, "Container.tty: 1 is not true or false; write true or false"),
    ],
)
def test_what_the_resource_does_not_have_is_refused_in_every_mode(patch: Any, message: str) -> None:
    (finding,) = findings(patched(patch), support_table("docker"), "docker", mode="loose")
    assert (f"{finding.message}; {finding.fix}", finding.refused) == (
        f"services.web.x-slipway.patch.docker.{message}",
        True,
    )


def test_a_kind_that_the_service_has_not_is_refused() -> None:
    with pytest.raises(RejectedError) as raised:
        rows(patched({"Volume": {"driver": "x"}}))
    assert str(raised.value) == (
        "services.web.x-slipway.patch.docker.Volume: the service has no Volume of the application; remove it"
    )


@pytest.mark.parametrize("target", TARGETS)
def test_the_patch_of_another_target_is_harmless(target: str) -> None:
    another = next(each for each in TARGETS if each != target)
    other = app(
        service(
            "web",
            image="web@sha256:" + "0" * 64,
            x_slipway=ServiceExtension(patch={another: {"Anything": {"at": {"all": 1}}}}),
        )
    )
    assert findings(other, support_table(target), target) == ()
