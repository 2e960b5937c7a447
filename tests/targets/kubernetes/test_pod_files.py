"""Secrets, configs and files of the project: their objects, where a container sees them, what rolls the pods.

Not proved: that a kubelet puts them there; tests/conformance does it for real.
"""

import hashlib
from typing import Any

import pytest
from apps import app, service
from scopes import scope

from components.access import Contents
from components.model import App, BindOptions, FileGrant, FileObject, Mount, Opaque, Parts, PreStart, Service
from components.targets.kubernetes import files
from components.targets.project_files import ProjectFile
from components.targets.rows import Base64, Checksum, Row

SECRET = Parts([Opaque("x", name="KEY")])
WEB = service(
    "web", secrets=(FileGrant(source="key"),), configs=(FileGrant(source="page", target="/etc/page", mode=0o440),)
)
OBJECTS = {"secrets": {"key": FileObject(environment="KEY")}, "configs": {"page": FileObject(content="hello")}}
CONTENTS = Contents(secrets={"key": SECRET}, configs={"page": "hello"})


def rows(application: App, **given: Any) -> dict[tuple[str, str], Row]:
    return {(row.kind, row.key): row for row in files.rows(scope(application, **given))}


def bind(target: str, source: str) -> Mount:
    return Mount(type="bind", source=source, target=target, read_only=True, bind=BindOptions())


def project(web: Service) -> App:
    return App(name="shop", directory="/project", services={"web": web})


CONF = ProjectFile("a.conf-1234567", "/etc/conf.d/a.conf", 0o444, b"a")
DEEP = ProjectFile("run-7654321", "/etc/conf.d/bin/run", 0o555, b"\xff")
ALONE = ProjectFile("one-1111111", "/etc/one", 0o444, b"one")


def test_a_secret_and_a_config_are_an_object_each() -> None:
    found = rows(app(WEB, **OBJECTS), contents=CONTENTS)
    assert list(found) == [("Secret", "key"), ("ConfigMap", "page")]
    secret, config = found.values()
    assert (secret.args["type"], secret.args["stringData"]) == ("Opaque", {"key": SECRET})
    assert config.args["data"] == {"page": "hello"}
    assert (secret.service, config.service) == ("", "")


def test_what_is_not_text_is_encoded() -> None:
    contents = Contents(secrets={"key": b"\xff"}, configs={"page": b"\xfe"})
    secret, config = rows(app(WEB, **OBJECTS), contents=contents).values()
    assert secret.args["data"] == {"key": Base64(b"\xff", "secrets.key", files.LIMIT)}
    assert config.args["binaryData"] == {"page": Base64(b"\xfe", "configs.page", files.LIMIT)}


def test_a_config_with_a_secret_in_it_is_a_secret() -> None:
    contents = Contents(secrets={"key": SECRET}, configs={"page": Parts(["a", Opaque("x")])})
    shop = app(WEB, **OBJECTS)
    assert list(rows(shop, contents=contents)) == [("Secret", "key"), ("Secret", "page-config")]
    [volume] = files.volumes(scope(shop, contents=contents), WEB)
    assert [source["secret"]["name"] for source in volume["projected"]["sources"]] == ["key", "page-config"]


@pytest.mark.parametrize(
    ("name", "physical"), [(None, "db-password"), ("shop_db_password", "db-password"), ("other.name", "other-name")]
)
def test_an_object_is_named_as_the_file_says_but_for_the_loader_s_own_name(name: str | None, physical: str) -> None:
    shop = app(WEB, secrets={"db_password": FileObject(name=name, environment="KEY")})
    [row] = rows(shop, contents=Contents(secrets={"db_password": SECRET})).values()
    assert (row.key, row.args["stringData"]) == (physical, {"db_password": SECRET})


def test_labels_become_annotations_where_they_can() -> None:
    labels = {"team": "a", "not a name": "b"}
    shop = app(WEB, configs={"page": FileObject(content="hello", labels=labels)})
    [row] = rows(shop, contents=Contents(configs={"page": "hello"})).values()
    assert row.args["metadata"]["annotations"] == {"team": "a"}


def test_what_is_external_is_used_by_its_own_name_and_not_made() -> None:
    web = service("web", secrets=(FileGrant(source="key"),))
    shop = app(web, secrets={"key": FileObject(external=True, name="prod.key")})
    assert rows(shop) == {}
    assert files.keys(scope(shop), web) == []
    [volume] = files.volumes(scope(shop), web)
    assert volume["projected"]["sources"] == [
        {"secret": {"name": "prod.key", "items": [{"key": "prod.key", "path": "secrets/key-444", "mode": 0o444}]}}
    ]


def test_a_container_sees_its_files_where_compose_puts_them() -> None:
    shop = scope(app(WEB, **OBJECTS), contents=CONTENTS)
    assert files.mounts(shop, WEB, WEB) == [
        {"name": "files", "mountPath": "/run/secrets/key", "subPath": "secrets/key-444", "readOnly": True},
        {"name": "files", "mountPath": "/etc/page", "subPath": "configs/page-440", "readOnly": True},
    ]
    assert files.volumes(shop, WEB) == [
        {
            "name": "files",
            "projected": {
                "sources": [
                    {"secret": {"name": "key", "items": [{"key": "key", "path": "secrets/key-444", "mode": 0o444}]}},
                    {
                        "configMap": {
                            "name": "page",
                            "items": [{"key": "page", "path": "configs/page-440", "mode": 0o440}],
                        }
                    },
                ]
            },
        }
    ]


def test_all_containers_of_a_pod_have_one_volume_and_each_sees_its_own() -> None:
    step = PreStart(secrets=(FileGrant(source="key"),))
    web = service("web", pre_start=(step,))
    beside = service("beside", network_mode="service:web", configs=(FileGrant(source="page"),))
    shop = scope(app(web, beside, **OBJECTS), contents=CONTENTS)
    [volume] = files.volumes(shop, web)
    assert [list(source) for source in volume["projected"]["sources"]] == [["secret"], ["configMap"]]
    assert files.mounts(shop, web, web) == []
    assert [mount["mountPath"] for mount in files.mounts(shop, web, step)] == ["/run/secrets/key"]
    assert [mount["mountPath"] for mount in files.mounts(shop, beside, beside)] == ["/page"]
    assert files.keys(shop, web) == [("Secret", "key"), ("ConfigMap", "page")]


def test_a_folder_of_the_project_hides_what_the_image_has_there() -> None:
    web = service("web", volumes=(bind("/etc/conf.d", "/project/conf.d"), bind("/etc/one", "/project/one")))
    shop = scope(project(web), project={"web": (CONF, DEEP, ALONE)})
    assert files.mounts(shop, web, web) == [
        {"name": "files", "mountPath": "/etc/conf.d", "subPath": "project/web/etc-conf-d", "readOnly": True},
        {"name": "files", "mountPath": "/etc/one", "subPath": "project/web/etc-one", "readOnly": True},
    ]
    [volume] = files.volumes(shop, web)
    assert volume["projected"]["sources"] == [
        {
            "configMap": {
                "name": "web-project",
                "items": [
                    {"key": "a.conf-1234567", "path": "project/web/etc-conf-d/a.conf", "mode": 0o444},
                    {"key": "run-7654321", "path": "project/web/etc-conf-d/bin/run", "mode": 0o555},
                    {"key": "one-1111111", "path": "project/web/etc-one", "mode": 0o444},
                ],
            }
        }
    ]


def test_the_project_s_files_are_an_object_of_their_service() -> None:
    web = service("web", volumes=(bind("/etc/conf.d", "/project/conf.d"),))
    [row] = rows(project(web), project={"web": (CONF, DEEP), "db": ()}).values()
    assert (row.kind, row.key, row.service) == ("ConfigMap", "web-project", "web")
    assert row.args["data"] == {"a.conf-1234567": "a"}
    assert row.args["binaryData"] == {"run-7654321": Base64(b"\xff", "/etc/conf.d/bin/run", files.LIMIT)}


def test_a_folder_without_files_is_not_mounted() -> None:
    web = service("web", volumes=(bind("/etc/conf.d", "/project/conf.d"),))
    shop = scope(project(web), project={"web": ()})
    assert (files.mounts(shop, web, web), files.volumes(shop, web)) == ([], [])


def checksums(web: Service, *others: Service, **given: Any) -> dict[str, Any]:
    return files.checksums(scope(app(web, *others, **OBJECTS), contents=CONTENTS, **given), web)


def test_a_checksum_tells_what_is_plain_and_another_what_is_secret() -> None:
    found = checksums(WEB, name_key="k")
    assert found == {
        "slipway.dev/files": hashlib.sha256(b"configs.page:5:hello").hexdigest(),
        "slipway.dev/secrets": Checksum({"secrets.key": SECRET}, "k"),
    }


def test_secret_variables_roll_the_pods_too() -> None:
    web = service("web", environment={"KEY": SECRET})
    assert checksums(web, name_key="k") == {"slipway.dev/secrets": Checksum({"web.environment.KEY": SECRET}, "k")}


def test_without_a_key_nothing_is_told_of_a_secret() -> None:
    assert list(checksums(WEB)) == ["slipway.dev/files"]


def test_a_binary_secret_is_told_by_the_secret_checksum() -> None:
    web = service("web", secrets=(FileGrant(source="key"),))
    given = scope(app(web, **OBJECTS), contents=Contents(secrets={"key": b"\xff"}), name_key="k")
    assert files.checksums(given, web) == {"slipway.dev/secrets": Checksum({"secrets.key": b"\xff"}, "k")}


def test_a_companion_s_files_roll_the_pods_that_it_is_in() -> None:
    beside = service("beside", network_mode="service:web", configs=(FileGrant(source="page"),))
    assert list(checksums(service("web"), beside)) == ["slipway.dev/files"]


def test_without_files_there_is_no_checksum() -> None:
    assert checksums(service("web"), name_key="k") == {}


def test_what_no_object_takes_is_refused_before() -> None:
    large = "x" * (files.LIMIT + 1)
    contents = Contents(secrets={"key": SECRET}, configs={"page": large})
    assert [str(problem) for problem in files.problems(app(WEB, **OBJECTS), contents)] == [
        "configs.page: it has 1048577 bytes, and Kubernetes takes 1048576 at most; make it smaller, or use a volume"
    ]


def test_the_project_s_files_of_a_service_are_one_object() -> None:
    half = ProjectFile("a-1", "/a", 0o444, b"x" * 600_000)
    other = ProjectFile("b-1", "/b", 0o444, b"x" * 600_000)
    found = files.project_problems(app(WEB), {"web": (half, other), "db": (half,)})
    assert [str(problem) for problem in found] == [
        "services.web.volumes: the project's files have 1200000 bytes together, and Kubernetes takes 1048576 at most; "
        "put them into the image"
    ]
