"""Names of services in configs and files of the project, which Cloud Run would not know."""

from typing import Any

import pytest
from apps import app, service
from cloudrun_scopes import scope

from components.access import Contents
from components.errors import Problem
from components.model import App, FileGrant, FileObject, Mount, Opaque, Parts, Service, Text
from components.targets.cloudrun import in_files
from components.targets.project_files import ProjectFile

FIX = "read it from an environment variable, whose value is rewritten"
API = service("api", expose=("8080",))
NGINX = FileObject(file="/shop/conf/nginx.conf")


def shop(*services: Service, item: FileObject = NGINX) -> App:
    web = service("web", configs=(FileGrant(source="proxy"),))
    return app(*(services or (web, API)), configs={"proxy": item}, directory="/shop")


def of_config(text: Text | bytes, *services: Service, **keys: Any) -> list[Problem]:
    return list(in_files.problems(scope(shop(*services, **keys), contents=Contents(configs={"proxy": text}))))


def of_file(content: bytes, path: str = "/etc/nginx/nginx.conf") -> list[Problem]:
    mounts = (
        Mount(type="bind", source="/shop/data", target="/data"),
        Mount(type="bind", source="/shop/conf", target="/etc/nginx"),
    )
    web = service("web", volumes=mounts)
    project = {"web": (ProjectFile(key="nginx", path=path, mode=0o444, content=content),)}
    return list(in_files.problems(scope(app(web, API), project=project)))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("proxy_pass http://api:8080/;", "http://api:8080"),
        ("server api:8080;", "api:8080"),
        ("upstream: grpc://api", "api"),
        ("proxy_pass http://API:8080/;", "http://API:8080"),
    ],
)
def test_a_name_in_a_config_is_refused_with_its_line(line: str, said: str) -> None:
    what = f'line 3 of conf/nginx.conf says "{said}", and services.api has another address'
    assert of_config(f"location / {{\n\n{line}\n}}") == [Problem(what, "configs.proxy", FIX)]


def test_the_first_line_of_each_file_is_told() -> None:
    assert len(of_config("http://api:8080\nhttp://api:8080\n")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "proxy_pass http://example.com;",
        "# proxy_pass http://api:8080;",
        "  // http://api:8080",
        "api",
        "host = api",
        b"\x00 http://api:8080",
        Parts(["http://", Opaque("api:8080", "URL")]),
    ],
)
def test_what_calls_no_service_is_not_refused(text: Text | bytes) -> None:
    assert of_config(text) == []


def test_a_config_written_in_the_file_itself_is_told_by_its_place() -> None:
    what = 'line 1 of it says "http://api:8080", and services.api has another address'
    assert of_config("http://api:8080", item=FileObject(content="http://api:8080")) == [
        Problem(what, "configs.proxy", FIX)
    ]


def test_a_config_elsewhere_is_told_by_its_whole_path() -> None:
    [problem] = of_config("http://api:8080", item=FileObject(file="/etc/proxy.conf"))
    assert problem.what.startswith("line 1 of /etc/proxy.conf says")


def test_what_only_the_service_itself_reads_is_no_call() -> None:
    api = service("api", expose=("8080",), configs=(FileGrant(source="proxy"),))
    assert of_config("http://api:8080", api) == []
    assert len(of_config("http://api:8080", api, service("web", configs=(FileGrant(source="proxy"),)))) == 1


def test_a_name_in_a_file_of_the_project_is_refused_with_its_mount_and_line() -> None:
    what = 'line 2 of /etc/nginx/nginx.conf says "http://api:8080", and services.api has another address'
    assert of_file(b"events {}\nproxy_pass http://api:8080;\n") == [Problem(what, "services.web.volumes[1]", FIX)]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/etc/nginx/Caddyfile", 1),
        ("/etc/nginx/app.yaml", 1),
        ("/etc/nginx/compose.yaml", 0),
        ("/etc/nginx/docker-compose.override.yml", 0),
        ("/etc/nginx/README.md", 0),
        ("/etc/nginx/main.py", 0),
    ],
)
def test_only_settings_are_looked_into(path: str, expected: int) -> None:
    assert len(of_file(b"http://api:8080", path)) == expected
