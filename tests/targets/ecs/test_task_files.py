"""Files of a task: what the init container is told, where containers see it, what is copied from images.

Not proved: that the script does what it is told; test_init_script.py runs it.
"""

import dataclasses
from typing import Any

import pytest
from apps import app, service
from ecs_scopes import by_key, scope

from components.access import Contents
from components.model import (
    App,
    BindOptions,
    FileGrant,
    FileObject,
    Mount,
    Opaque,
    Parts,
    PreStart,
    Service,
    Volume,
)
from components.targets.ecs import containers, files, mounts, secrets
from components.targets.ecs.render import RULES, problems
from components.targets.init_script import SCRIPT, SEED
from components.targets.project_files import ProjectFile

SECRET = Parts([Opaque("x", name="KEY")])
WEB = service(
    "web", secrets=(FileGrant(source="key"),), configs=(FileGrant(source="page", target="/etc/app/page", mode=0o440),)
)
OBJECTS = {"secrets": {"key": FileObject(environment="KEY")}, "configs": {"page": FileObject(content="hello")}}
CONTENTS = Contents(secrets={"key": SECRET}, configs={"page": "hello"})


def of_task(application: App, **given: Any) -> dict[str, dict[str, Any]]:
    reached = scope(application, **given)
    return {each["name"]: each for each in containers.of_task(reached, application.services["web"])}


def variables(container: dict[str, Any]) -> dict[str, Any]:
    return {each["name"]: each["value"] for each in container["environment"]}


def folder(name: str, path: str) -> str:
    return files.volume(name, path)


def point(volume: str, path: str, *, read_only: bool = False) -> dict[str, Any]:
    return {"sourceVolume": volume, "containerPath": path, "readOnly": read_only}


def bind(target: str, source: str) -> Mount:
    return Mount(type="bind", source=source, target=target, read_only=True, bind=BindOptions())


def project(web: Service, **keys: Any) -> App:
    return App(name="shop", directory="/project", services={"web": web}, **keys)


CONF = ProjectFile("a.conf-1234567", "/etc/conf.d/a.conf", 0o444, b"a")
DEEP = ProjectFile("run-7654321", "/etc/conf.d/bin/run", 0o555, b"\xff")
ALONE = ProjectFile("one-1111111", "/etc/nginx/one", 0o444, b"one")


def test_an_init_container_writes_secrets_and_configs_before_the_services_own_starts() -> None:
    found = of_task(app(WEB, **OBJECTS), contents=CONTENTS)
    assert list(found) == ["web", "slipway-init", "slipway-seed-web"]
    init = found["slipway-init"]
    assert found["web"]["dependsOn"] == [{"containerName": "slipway-init", "condition": "SUCCESS"}]
    assert init["dependsOn"] == [{"containerName": "slipway-seed-web", "condition": "SUCCESS"}]
    assert (init["image"], init["user"], init["essential"]) == (
        "public.ecr.aws/docker/library/busybox:1.37",
        "0",
        False,
    )
    assert (init["entryPoint"], init["command"]) == (["sh", "-c"], [SCRIPT])
    assert variables(init) == {
        "SLIPWAY_FILES": (
            f"SLIPWAY_FILE_1 text 444 0:0 /slipway/{folder('web', '/run/secrets')}/key\n"
            f"SLIPWAY_FILE_2 text 440 0:0 /slipway/{folder('web', '/etc/app')}/page"
        ),
        "SLIPWAY_FILE_2": "hello",
    }
    assert init["secrets"] == [{"name": "SLIPWAY_FILE_1", "valueFrom": secrets.own("key").value_from}]


def test_a_container_sees_a_volume_in_each_folder_and_its_image_fills_it_first() -> None:
    found = of_task(app(WEB, **OBJECTS), contents=CONTENTS)
    run, etc = folder("web", "/run/secrets"), folder("web", "/etc/app")
    assert found["web"]["mountPoints"] == [point(run, "/run/secrets", read_only=True), point(etc, "/etc/app")]
    assert found["slipway-init"]["mountPoints"] == [point(run, f"/slipway/{run}"), point(etc, f"/slipway/{etc}")]
    seed = found["slipway-seed-web"]
    assert (seed["image"], seed["user"]) == ("web:1", "0")
    assert seed["command"] == [SEED, "seed", f"/etc/app=/slipway/{etc}"]
    assert seed["mountPoints"] == [point(etc, f"/slipway/{etc}")]


def test_secrets_alone_need_nothing_of_the_image() -> None:
    found = of_task(app(service("web", secrets=(FileGrant(source="key"),)), **OBJECTS), contents=CONTENTS)
    assert list(found) == ["web", "slipway-init"]
    assert "dependsOn" not in found["slipway-init"]


def test_a_grant_says_owner_and_mode() -> None:
    grant = FileGrant(source="key", target="/etc/app/key", uid="1000", gid="101", mode=0o400)
    found = of_task(app(service("web", secrets=(grant,)), **OBJECTS), contents=CONTENTS)
    line = f"SLIPWAY_FILE_1 text 400 1000:101 /slipway/{folder('web', '/etc/app')}/key"
    assert variables(found["slipway-init"])["SLIPWAY_FILES"] == line


@pytest.mark.parametrize(("content", "encoded"), [(b"\xff", "/w=="), ("a\0b", "YQBi")])
def test_what_no_variable_can_hold_is_in_base64(content: str | bytes, encoded: str) -> None:
    shop = app(service("web", configs=WEB.configs), **OBJECTS)
    found = variables(of_task(shop, contents=Contents(configs={"page": content}))["slipway-init"])
    assert found["SLIPWAY_FILES"].startswith("SLIPWAY_FILE_1 base64 ")
    assert found["SLIPWAY_FILE_1"] == encoded


def test_a_secret_that_is_no_text_is_kept_in_base64_and_written_as_it_is() -> None:
    found = of_task(app(WEB, **OBJECTS), contents=Contents(secrets={"key": b"\xff"}, configs={"page": "x"}))
    assert variables(found["slipway-init"])["SLIPWAY_FILES"].startswith("SLIPWAY_FILE_1 base64 444 ")


def test_a_config_with_a_secret_in_it_is_a_secret() -> None:
    contents = Contents(secrets={"key": SECRET}, configs={"page": Parts(["a", Opaque("x")])})
    init = of_task(app(WEB, **OBJECTS), contents=contents)["slipway-init"]
    assert [each["valueFrom"] for each in init["secrets"]] == [
        secrets.own("key").value_from,
        secrets.own("page-config").value_from,
    ]
    assert "SLIPWAY_FILE_2" not in variables(init)


@pytest.mark.parametrize(
    ("name", "value_from"),
    [
        ("prod/key", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/key"),
        ("arn:aws:secretsmanager:us-east-1:1:secret:k-Ab12Cd", "arn:aws:secretsmanager:us-east-1:1:secret:k-Ab12Cd"),
    ],
)
def test_what_is_external_is_read_where_it_is(name: str, value_from: str) -> None:
    objects = {kind: {"page": FileObject(external=True, name=name)} for kind in ("secrets", "configs")}
    web = service("web", secrets=(FileGrant(source="page"),), configs=WEB.configs)
    init = of_task(app(web, **objects))["slipway-init"]
    assert [each["valueFrom"] for each in init["secrets"]] == [value_from, value_from]


def test_a_step_has_files_of_its_own_and_a_companion_too() -> None:
    step = PreStart(secrets=(FileGrant(source="key"),))
    proxy = service("proxy", network_mode="service:web", networks={}, secrets=(FileGrant(source="key"),))
    found = of_task(app(service("web", pre_start=(step,)), proxy, **OBJECTS), contents=CONTENTS)
    assert list(found) == ["web", "proxy", "web-pre-start-1", "slipway-init"]
    assert "mountPoints" not in found["web"]
    for name in ("web-pre-start-1", "proxy"):
        assert found[name]["dependsOn"] == [{"containerName": "slipway-init", "condition": "SUCCESS"}]
        assert found[name]["mountPoints"] == [point(folder(name, "/run/secrets"), "/run/secrets", read_only=True)]


def test_a_step_that_sees_what_its_service_sees_has_the_same_files_written_once() -> None:
    same = PreStart(command=("migrate",), secrets=WEB.secrets, configs=WEB.configs)
    found = of_task(app(dataclasses.replace(WEB, pre_start=(same,)), **OBJECTS), contents=CONTENTS)
    assert list(found) == ["web", "web-pre-start-1", "slipway-init", "slipway-seed-web"]
    assert found["web-pre-start-1"]["mountPoints"] == found["web"]["mountPoints"]
    assert variables(found["slipway-init"])["SLIPWAY_FILES"].count("\n") == 1


def test_a_step_of_another_image_has_what_its_own_image_has() -> None:
    other = PreStart(image="tool:1", secrets=WEB.secrets, configs=WEB.configs)
    found = of_task(app(dataclasses.replace(WEB, pre_start=(other,)), **OBJECTS), contents=CONTENTS)
    assert list(found)[3:] == ["slipway-seed-web-pre-start-1", "slipway-seed-web"]
    assert found["slipway-seed-web-pre-start-1"]["image"] == "tool:1"


# --- files of the project --------------------------------------------------------------------------------------------


def test_a_folder_of_the_project_replaces_the_images_and_a_file_does_not() -> None:
    web = service("web", volumes=(bind("/etc/conf.d", "/project/conf.d"), bind("/etc/nginx/one", "/project/one")))
    found = of_task(project(web), project={"web": (CONF, DEEP, ALONE)})
    whole, part = folder("web", "/etc/conf.d"), folder("web", "/etc/nginx")
    assert found["web"]["mountPoints"] == [point(whole, "/etc/conf.d", read_only=True), point(part, "/etc/nginx")]
    assert found["slipway-seed-web"]["command"] == [SEED, "seed", f"/etc/nginx=/slipway/{part}"]
    assert variables(found["slipway-init"]) == {
        "SLIPWAY_FILES": (
            f"SLIPWAY_FILE_1 text 444 0:0 /slipway/{whole}/a.conf\n"
            f"SLIPWAY_FILE_2 base64 555 0:0 /slipway/{whole}/bin/run\n"
            f"SLIPWAY_FILE_3 text 444 0:0 /slipway/{part}/one"
        ),
        "SLIPWAY_FILE_1": "a",
        "SLIPWAY_FILE_2": "/w==",
        "SLIPWAY_FILE_3": "one",
    }


def test_files_in_a_folder_within_another_are_in_one_volume() -> None:
    grants = (FileGrant(source="page", target="/etc/app/page"), FileGrant(source="page", target="/etc/app/sub/deep"))
    found = of_task(app(service("web", configs=grants), **OBJECTS), contents=CONTENTS)
    assert found["web"]["mountPoints"] == [point(folder("web", "/etc/app"), "/etc/app")]
    assert variables(found["slipway-init"])["SLIPWAY_FILES"].endswith(f"{folder('web', '/etc/app')}/sub/deep")


def test_what_is_much_is_in_secrets_manager_instead_of_the_task_definition() -> None:
    shop = app(service("web", configs=WEB.configs), **OBJECTS)
    contents = Contents(configs={"page": "x" * (files.INLINE_LIMIT + 1)})
    init = of_task(shop, contents=contents)["slipway-init"]
    [kept] = init["secrets"]
    assert list(variables(init)) == ["SLIPWAY_FILES"]
    rows = by_key(files.rows(scope(shop, contents=contents)))
    [(_, key), version] = rows
    assert version == ("SecretVersion", key)
    assert kept == {"name": "SLIPWAY_FILE_1", "valueFrom": secrets.own(key).value_from}
    assert rows[version].args["secret_string"] == contents.configs["page"]
    assert not list(files.rows(scope(shop, contents=CONTENTS)))


# --- rooms of a task's own -------------------------------------------------------------------------------------------

SCRATCH = Mount(type="volume", target="/scratch")


def test_a_volume_without_a_name_is_the_containers_own_disk() -> None:
    shop = app(service("web", volumes=(SCRATCH,)))
    assert list(of_task(shop)) == ["web"]
    assert mounts.ephemeral(scope(shop), shop.services["web"]) == []


def test_under_a_read_only_root_it_is_a_volume_of_the_task_that_its_image_fills() -> None:
    shop = app(service("web", read_only=True, volumes=(SCRATCH,)))
    found = of_task(shop)
    [volume] = mounts.ephemeral(scope(shop), shop.services["web"])
    assert found["web"]["mountPoints"] == [point(volume, "/scratch")]
    assert found["slipway-seed-web"]["command"] == [SEED, "seed", f"/scratch=/slipway/{volume}"]
    assert found["slipway-seed-web"]["mountPoints"] == [point(volume, f"/slipway/{volume}")]
    assert found["web"]["dependsOn"] == [{"containerName": "slipway-init", "condition": "SUCCESS"}]


# --- how names are looked up -----------------------------------------------------------------------------------------


def test_services_that_call_each_other_have_the_applications_domain_searched() -> None:
    web = service("web", dns_search=("corp.example",), dns_opt=("ndots:2",), extra_hosts={"old": ("10.1.1.1",)})
    init = of_task(app(web, service("db")))["slipway-init"]
    assert variables(init) == {
        "SLIPWAY_SEARCH": "shop.internal corp.example",
        "SLIPWAY_OPTIONS": "ndots:2",
        "SLIPWAY_HOSTS": "10.1.1.1 old",
    }
    assert "mountPoints" not in init


def test_a_service_that_is_alone_has_no_init_container() -> None:
    assert list(of_task(app(service("web")))) == ["web"]


# --- what is refused -------------------------------------------------------------------------------------------------


def refused(application: App) -> list[str]:
    return [f"{application.where(each.path)}: {each.what}; {each.fix}" for rule in RULES for each in rule(application)]


def test_a_file_right_below_the_root_is_refused_wherever_it_is_written() -> None:
    step = PreStart(secrets=(FileGrant(source="key", target="/key"),))
    assert refused(app(service("web", configs=(FileGrant(source="page"),), pre_start=(step,)), **OBJECTS)) == [
        'services.web.pre_start[0].secrets[0]: "/key" is right below the root, and Fargate mounts folders alone; '
        "give it a target in a folder",
        'services.web.configs[0]: "/page" is right below the root, and Fargate mounts folders alone; '
        "give it a target in a folder",
    ]


@pytest.mark.parametrize(
    "keys",
    [
        {"volumes": (Mount(type="volume", source="data", target="/etc/app/"),)},
        {"tmpfs": ("/etc/app:size=1m",)},
        {"read_only": True, "volumes": (Mount(type="volume", target="/etc/app"),)},
    ],
)
def test_a_file_in_a_folder_where_something_else_is_mounted_is_refused(keys: dict[str, Any]) -> None:
    shop = app(service("web", configs=WEB.configs, **keys), **OBJECTS, volumes={"data": Volume()})
    assert refused(shop) == [
        'services.web.configs[0]: "/etc/app/page" is in /etc/app, where a volume or a tmpfs is; '
        "give it a target in a folder of its own"
    ]


def test_what_is_too_large_for_a_secret_is_refused_with_its_size() -> None:
    reached = scope(app(WEB, **OBJECTS))
    found = problems(
        reached.app, Contents(configs={"page": "x" * 65537}, secrets={"key": b"x" * 49153}), reached.access
    )
    assert [str(each) for each in found] == [
        "secrets.key: it has 65540 bytes, and 65536 are the most that AWS keeps; "
        "put it into the image, or into a volume",
        "configs.page: it has 65537 bytes, and 65536 are the most that AWS keeps; "
        "put it into the image, or into a volume",
    ]


def test_a_file_of_the_project_that_is_too_large_is_refused() -> None:
    large = ProjectFile("a-1", "/etc/conf.d/a", 0o444, b"x" * 65537)
    reached = scope(project(service("web", networks={})), project={"web": (large,)})
    assert [str(each) for each in files.problems(reached)] == [
        "services.web.volumes: /etc/conf.d/a has 65537 bytes, and 65536 are the most that AWS keeps; "
        "put it into the image"
    ]
