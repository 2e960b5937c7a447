"""What comes before the containers of a task, really run: as rendered, on the tests' own Fargate.

What it does not prove: that the real Fargate's containers share /etc/resolv.conf and /etc/hosts; docs/adr/0006 says who
relies on it.
"""

import dataclasses
from typing import Any

import pytest

from aws.tasks import IMAGE, Ecs
from components.access import Contents
from components.model import (
    App,
    BindOptions,
    Bytes,
    FileGrant,
    FileObject,
    Mount,
    Network,
    PreStart,
    Service,
    TmpfsOptions,
)
from components.targets.ecs import containers, tasks
from components.targets.ecs.given import UNKNOWN, Given, Scope
from components.targets.project_files import ProjectFile

pytestmark = [pytest.mark.engine, pytest.mark.aws]

SLEEP = ("sh", "-c", "exec sleep infinity")


def started(ecs: Ecs, *services: Service, project: Any = None, **keys: Any) -> str:
    """The task of the first service; its ARN."""
    app = App(name="shop", directory="/project", services={each.name: each for each in services}, **keys)
    contents = Contents(configs={name: item.content for name, item in app.configs.items() if item.content is not None})
    access = dataclasses.replace(UNKNOWN, log_group="/apps", init_image=IMAGE)
    given = Scope(app, {}, Given(access=access, contents=contents, project=project or {}))
    definitions = containers.of_task(given, services[0])
    for each in definitions:
        del each["logConfiguration"]
    arn = ecs.run(ecs.define(*definitions, volumes=tasks.volumes_of(given, services[0])))
    ecs.running(arn)
    return arn


def web(**keys: Any) -> Service:
    return Service(name="web", image=IMAGE, command=SLEEP, init=True, **keys)


def test_files_are_beside_what_the_image_has_with_owner_and_mode(ecs: Ecs) -> None:
    secret = ecs.of("secretsmanager").create_secret(Name=f"{ecs.name}-key", SecretString="one\n\ntwo")
    grants = (
        FileGrant(source="page", target="/etc/apt/page.conf", uid="1234", gid="5", mode=0o440),
        FileGrant(source="page", target="/srv/deep/page.conf"),
    )
    arn = started(
        ecs,
        web(configs=grants, secrets=(FileGrant(source="key"),)),
        configs={"page": FileObject(content="$HOME `id`\n")},
        secrets={"key": FileObject(external=True, name=secret["ARN"])},
    )
    assert ecs.inside(arn, "web", "cat /etc/apt/page.conf /srv/deep/page.conf") == "$HOME `id`\n$HOME `id`"
    assert ecs.inside(arn, "web", "stat -c '%u:%g %a' /etc/apt/page.conf /srv/deep/page.conf") == "1234:5 440\n0:0 444"
    assert "sources.list" in ecs.inside(arn, "web", "ls /etc/apt")
    assert ecs.inside(arn, "web", "cat /run/secrets/key; stat -c ' %a' /run/secrets/key") == "one\n\ntwo 444"
    assert ecs.inside(arn, "web", "touch /run/secrets/x 2>&1 || true").endswith("Read-only file system")
    assert ecs.inside(arn, "web", "env | grep -c SLIPWAY || true") == "0"


def test_a_folder_of_the_project_is_in_place_of_the_images(ecs: Ecs) -> None:
    bind = Mount(type="bind", source="/project/apt", target="/etc/apt", read_only=True, bind=BindOptions())
    sent = (
        ProjectFile("a-1", "/etc/apt/a", 0o444, b"text"),
        ProjectFile("b-2", "/etc/apt/bin/run", 0o555, b"\x00\xff"),
    )
    arn = started(ecs, web(volumes=(bind,)), project={"web": sent})
    assert ecs.inside(arn, "web", "cd /etc/apt; find . -type f | sort; stat -c %a bin/run; od -An -tx1 bin/run") == (
        "./a\n./bin/run\n555\n 00 ff"
    )


def test_names_are_looked_up_in_the_applications_domain(ecs: Ecs) -> None:
    caller = web(networks={"default": None}, dns_search=("corp.example",), extra_hosts={"old": ("192.0.2.9",)})
    other = Service(name="db", image=IMAGE, networks={"default": None})
    arn = started(ecs, caller, other, networks={"default": Network()})
    found = ecs.inside(arn, "web", "grep ^search /etc/resolv.conf; getent hosts old")
    assert found.startswith("search shop.internal corp.example")
    assert found.endswith("192.0.2.9       old")


def test_under_a_read_only_root_a_user_writes_where_the_file_gives_room(ecs: Ecs) -> None:
    room = (
        Mount(type="volume", target="/etc/apt"),
        Mount(type="tmpfs", target="/cache", tmpfs=TmpfsOptions(size=Bytes(1 << 20), mode=0o1770)),
    )
    arn = started(ecs, web(read_only=True, user="1234", tmpfs=("/tmp",), volumes=room))
    assert ecs.inside(arn, "web", "id -u; echo x > /tmp/x && cat /tmp/x; touch /x 2>&1 || true") == (
        "1234\nx\ntouch: cannot touch '/x': Read-only file system"
    )
    assert ecs.inside(arn, "web", "stat -fc %T /tmp /cache; stat -c %a /cache") == "tmpfs\ntmpfs\n1770"
    assert "sources.list" in ecs.inside(arn, "web", "ls /etc/apt")


def test_a_step_ends_before_the_service_starts_and_leaves_its_work_in_a_shared_folder(ecs: Ecs) -> None:
    grant = (FileGrant(source="page", target="/srv/page"),)
    step = PreStart(command=("sh", "-c", "cat /srv/page > /srv/copy"), configs=grant)
    arn = started(ecs, web(configs=grant, pre_start=(step,)), configs={"page": FileObject(content="hello")})
    assert ecs.inside(arn, "web", "cat /srv/copy") == "hello"
    assert ecs.exit_codes(arn)["web-pre-start-1"] == 0
