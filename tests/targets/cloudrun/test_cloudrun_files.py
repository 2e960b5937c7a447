"""Files in containers of Cloud Run: what is mounted as it is, and what the init container and the seeds are told.

Not proved: that Cloud Run's volumes are shared, and that it waits for a startup probe; test_cloudrun_scripts.py runs
the scripts.
"""

import dataclasses
from typing import Any

import pytest
from apps import app, service
from cloudrun_scopes import by_key, scope

from components.access import Contents
from components.model import (
    App,
    BindOptions,
    Dependency,
    FileGrant,
    FileObject,
    Job,
    Mount,
    Opaque,
    Parts,
    Service,
    Volume,
)
from components.support import Conflict
from components.targets import sharing
from components.targets.cloudrun import accounts, containers, files, instances, scripts, secrets
from components.targets.cloudrun.render import RULES, problems
from components.targets.project_files import ProjectFile
from components.targets.rows import Base64, Ref

SECRET = Parts([Opaque("x", name="KEY")])
KEY = FileGrant(source="key")
PAGE = FileGrant(source="page", target="/etc/app/page", mode=0o440, uid="7", gid="8")
OBJECTS = {"secrets": {"key": FileObject(environment="KEY")}, "configs": {"page": FileObject(content="hello")}}
CONTENTS = Contents(secrets={"key": SECRET}, configs={"page": "hello"})
RUN_SECRETS, ETC_APP = files.volume("web", "/run/secrets"), files.volume("web", "/etc/app")
OF_KEY = {
    "secret": Ref("Secret", "key", "secret_id"),
    "items": [{"path": "key", "version": Ref("SecretVersion", "key", "version"), "mode": 0o444}],
}
IN_MEMORY = {"empty_dir": {"medium": "MEMORY"}}


def of_instance(application: App, name: str = "web", **given: Any) -> dict[str, dict[str, Any]]:
    reached = scope(application, **given)
    found = application.services.get(name) or sharing.as_service(application.jobs[name])
    return {each["name"]: each for each in containers.of_instance(reached, found)}


def volumes(application: App, name: str = "web", **given: Any) -> list[dict[str, Any]]:
    return instances.volumes_of(scope(application, **given), application.services[name])


def variables(container: dict[str, Any]) -> dict[str, Any]:
    return {each["name"]: each["value"] for each in container["envs"]}


def bind(target: str, source: str) -> Mount:
    return Mount(type="bind", source=source, target=target, read_only=True, bind=BindOptions())


def project(web: Service, **keys: Any) -> App:
    return App(name="shop", directory="/project", services={"web": web}, **keys)


# --- what is mounted as it is ----------------------------------------------------------------------------------------


def test_a_secret_alone_in_the_folder_of_secrets_is_mounted() -> None:
    web = service("web", secrets=(KEY,))
    found = of_instance(app(web, **OBJECTS), contents=CONTENTS)
    assert list(found) == ["web"]
    assert found["web"]["volume_mounts"] == [{"name": RUN_SECRETS, "mount_path": "/run/secrets"}]
    assert volumes(app(web, **OBJECTS), contents=CONTENTS) == [{"name": RUN_SECRETS, "secret": OF_KEY}]


def test_a_secret_that_is_there_already_is_mounted_by_its_name_as_it_is_now() -> None:
    there = {"secrets": {"key": FileObject(external=True, name="team-key")}}
    web = service("web", secrets=(dataclasses.replace(KEY, target="other", mode=0o400),))
    assert volumes(app(web, **there)) == [
        {
            "name": RUN_SECRETS,
            "secret": {"secret": "team-key", "items": [{"path": "other", "version": "latest", "mode": 0o400}]},
        }
    ]


@pytest.mark.parametrize(
    "grants",
    [
        pytest.param((KEY, dataclasses.replace(KEY, target="again")), id="two files"),
        pytest.param((dataclasses.replace(KEY, uid="1000"),), id="an owner"),
        pytest.param((dataclasses.replace(KEY, mode=0o600),), id="that may be written"),
        pytest.param((dataclasses.replace(KEY, target="/etc/app/key"),), id="a folder that the image may have"),
        pytest.param((dataclasses.replace(KEY, target="key.pem"),), id="a name with a dot"),
    ],
)
def test_what_cloud_run_cannot_mount_is_written(grants: tuple[FileGrant, ...]) -> None:
    found = of_instance(app(service("web", secrets=grants), **OBJECTS), contents=CONTENTS)
    assert found["web"]["depends_ons"] == ["slipway-init"]


# --- what is written -------------------------------------------------------------------------------------------------


def test_two_secrets_are_written_into_a_folder_that_no_image_has() -> None:
    web = service("web", secrets=(KEY, FileGrant(source="other", mode=0o400)))
    objects = {"secrets": {**OBJECTS["secrets"], "other": FileObject(environment="KEY")}}
    contents = Contents(secrets={"key": SECRET, "other": SECRET})
    found = of_instance(app(web, **objects), contents=contents)
    place = f"/slipway/{RUN_SECRETS}"
    assert list(found) == ["web", "slipway-init"]
    assert found["slipway-init"] == {
        "name": "slipway-init",
        "image": "docker.io/library/busybox:1.37",
        "commands": ["sh", "-c"],
        "args": [scripts.INIT],
        "envs": [
            {
                "name": "SLIPWAY_FILES",
                "value": f"SLIPWAY_FILE_1 base64 444 0:0 {place}/key\nSLIPWAY_FILE_2 base64 400 0:0 {place}/other",
            },
            {"name": "SLIPWAY_PORT", "value": "20202"},
        ],
        "resources": {"limits": {"cpu": "80m", "memory": "128Mi"}},
        "startup_probe": {
            "tcp_socket": {"port": 20202},
            "period_seconds": 1,
            "timeout_seconds": 1,
            "failure_threshold": 240,
        },
        "volume_mounts": [
            {"name": RUN_SECRETS, "mount_path": place},
            {"name": "slipway-secret-1", "mount_path": "/slipway/secrets/1"},
            {"name": "slipway-secret-2", "mount_path": "/slipway/secrets/2"},
        ],
    }
    assert volumes(app(web, **objects), contents=contents) == [
        {"name": RUN_SECRETS, **IN_MEMORY},
        *(
            {
                "name": f"slipway-secret-{number}",
                "secret": {
                    "secret": Ref("Secret", key, "secret_id"),
                    "items": [
                        {"path": "content", "version": Ref("SecretVersion", key, "version"), "mode": 0o444},
                    ],
                },
            }
            for number, key in ((1, "key"), (2, "other"))
        ),
    ]


def test_a_config_is_written_beside_what_the_image_has_in_its_folder() -> None:
    web = service("web", configs=(PAGE,))
    found = of_instance(app(web, **OBJECTS), contents=CONTENTS)
    place = f"/slipway/{ETC_APP}"
    assert list(found) == ["web", "slipway-init", "slipway-seed-web"]
    assert found["web"]["volume_mounts"] == [{"name": ETC_APP, "mount_path": "/etc/app"}]
    assert variables(found["slipway-init"]) == {
        "SLIPWAY_FILES": f"SLIPWAY_FILE_1 text 440 7:8 {place}/page",
        "SLIPWAY_SEEDS": "slipway-seed-web",
        "SLIPWAY_PORT": "20202",
        "SLIPWAY_FILE_1": "hello",
    }
    assert found["slipway-seed-web"] == {
        "name": "slipway-seed-web",
        "image": "web:1",
        "commands": ["sh", "-c"],
        "args": [scripts.SEED, "seed", f"/etc/app={place}"],
        "envs": [{"name": "SLIPWAY_SEED", "value": "slipway-seed-web"}],
        "resources": {"limits": {"cpu": "80m", "memory": "512Mi"}},
        "volume_mounts": [
            {"name": ETC_APP, "mount_path": place},
            {"name": "slipway-done", "mount_path": "/slipway/done"},
        ],
    }
    assert volumes(app(web, **OBJECTS), contents=CONTENTS) == [
        {"name": ETC_APP, **IN_MEMORY},
        {"name": "slipway-done", **IN_MEMORY},
    ]


def test_a_folder_of_the_project_takes_the_place_of_the_images() -> None:
    web = service("web", volumes=(bind("/srv/site", "/project/site"),))
    sent = (
        ProjectFile("a-1", "/srv/site/a", 0o444, b"a"),
        ProjectFile("b-2", "/srv/site/b/c", 0o555, b"\xff"),
    )
    found = of_instance(project(web), project={"web": sent})
    place = f"/slipway/{files.volume('web', '/srv/site')}"
    assert list(found) == ["web", "slipway-init"]
    assert variables(found["slipway-init"]) == {
        "SLIPWAY_FILES": f"SLIPWAY_FILE_1 text 444 0:0 {place}/a\nSLIPWAY_FILE_2 base64 555 0:0 {place}/b/c",
        "SLIPWAY_PORT": "20202",
        "SLIPWAY_FILE_1": "a",
        "SLIPWAY_FILE_2": "/w==",
    }


def test_in_a_job_what_prepares_ends_once_it_is_done() -> None:
    job = Job(name="report", image="report:1", configs=(PAGE,))
    found = of_instance(app(jobs={"report": job}, **OBJECTS), "report", contents=CONTENTS)
    assert [variables(found[name])["SLIPWAY_ONCE"] for name in ("slipway-init", "slipway-seed-report")] == ["1", "1"]


def test_in_a_run_to_completion_as_well() -> None:
    run = service("web", configs=(PAGE,))
    waiting = service("api", depends_on={"web": Dependency(condition="service_completed_successfully")})
    found = of_instance(app(run, waiting, **OBJECTS), contents=CONTENTS)
    assert variables(found["slipway-init"])["SLIPWAY_ONCE"] == "1"


def test_it_listens_where_no_container_of_the_instance_does() -> None:
    web = service("web", configs=(PAGE,), expose=("20202", "20203"))
    found = of_instance(app(web, **OBJECTS), contents=CONTENTS)
    assert found["slipway-init"]["startup_probe"]["tcp_socket"] == {"port": 20204}


def test_one_init_container_writes_the_files_of_all_containers_of_an_instance() -> None:
    beside = service("beside", configs=(PAGE,), network_mode="service:web", networks={})
    found = of_instance(app(service("web", configs=(PAGE,)), beside, **OBJECTS), contents=CONTENTS)
    assert list(found) == ["web", "beside", "slipway-init", "slipway-seed-web", "slipway-seed-beside"]
    assert variables(found["slipway-init"])["SLIPWAY_SEEDS"] == "slipway-seed-web slipway-seed-beside"
    assert found["beside"]["depends_ons"] == ["slipway-init"]


# --- what is too much to be shown ------------------------------------------------------------------------------------


def test_much_content_is_in_secret_manager() -> None:
    long = "x" * (files.INLINE_LIMIT + 1)
    web = service("web", configs=(PAGE,))
    reached = scope(app(web, **OBJECTS), contents=Contents(configs={"page": long}))
    [file] = files.of(reached, web)
    key = file.kept.key
    assert (file.content, file.kept) == (None, secrets.own(key))
    rows = by_key(files.rows(reached))
    assert rows[("SecretVersion", key)].args == {"secret": Ref("Secret", key, "id"), "secret_data": long}
    assert ("SecretAccess", f"web-{key}") in by_key(accounts.rows(reached, web))


def test_what_is_no_text_is_kept_as_it_is() -> None:
    web = service("web", volumes=(bind("/srv/site", "/project/site"),))
    binary = b"\xff" * (files.INLINE_LIMIT + 1)
    reached = scope(project(web), project={"web": (ProjectFile("a-1", "/srv/site/a", 0o444, binary),)})
    [version] = [row for row in files.rows(reached) if row.kind == "SecretVersion"]
    assert version.args["secret_data"] == Base64(binary, version.key, 65536)
    assert version.args["is_secret_data_base64"] is True


# --- what is refused -------------------------------------------------------------------------------------------------


def conflicts(application: App) -> list[Conflict]:
    return [each for rule in RULES for each in rule(application)]


def test_a_file_right_below_the_root_is_refused() -> None:
    assert conflicts(app(service("web", configs=(FileGrant(source="page"),)), **OBJECTS)) == [
        Conflict(
            ("services", "web", "configs", 0),
            '"/page" is right below the root, and Cloud Run mounts folders alone',
            "give it a target in a folder",
        )
    ]


def test_a_file_within_a_volume_is_refused() -> None:
    web = service("web", configs=(PAGE,), volumes=(Mount(type="volume", source="data", target="/etc/app"),))
    assert conflicts(app(web, volumes={"data": Volume()}, **OBJECTS)) == [
        Conflict(
            ("services", "web", "configs", 0),
            '"/etc/app/page" is in /etc/app, where a volume or a tmpfs is',
            "give it a target in a folder of its own",
        )
    ]


def test_a_file_of_a_job_is_refused_at_its_place() -> None:
    job = Job(name="report", image="report:1", configs=(FileGrant(source="page"),))
    assert [each.path for each in conflicts(app(jobs={"report": job}, **OBJECTS))] == [("jobs", "report", "configs", 0)]


def test_contents_that_are_too_large_are_refused() -> None:
    web = service("web", secrets=(KEY,), volumes=(bind("/srv/site", "/project/site"),))
    application = project(web, **OBJECTS)
    reached = scope(
        application,
        contents=Contents(secrets={"key": "x" * 65537}, configs={"page": b"\xff" * 65536}),
        project={"web": (ProjectFile("a-1", "/srv/site/a", 0o444, b"a" * 65537),)},
    )
    assert [str(each) for each in files.problems(reached)] == [
        "secrets.key: it has 65537 bytes, and 65536 are the most that Secret Manager keeps; put it into the image",
        "services.web.volumes: /srv/site/a has 65537 bytes, and 65536 are the most that Secret Manager keeps; "
        "put it into the image",
    ]


def test_contents_that_are_not_known_yet_are_no_problem() -> None:
    application = app(service("web", secrets=(KEY,)), **OBJECTS)
    assert problems(application, CONTENTS, scope(application).access) == []
