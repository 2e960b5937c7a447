"""`render`: what a target would create, as text. That it is created: tests/targets and tests/conformance."""

import json
from pathlib import Path

import pytest
import yaml

from components.targets import TARGETS

SHOP = """\
name: shop
services:
  web:
    build: web
    environment: {URL: "redis://:${PASSWORD}@db"}
    depends_on: [db]
    secrets: [key]
    configs: [{source: page, target: /etc/page}]
  db:
    image: db:1
    hostname: ${HOST:-db}
secrets: {key: {file: none.txt}}
configs: {page: {content: hello}}
"""


@pytest.fixture
def shop(folder: Path) -> Path:
    (folder / "compose.yaml").write_text(SHOP)
    (folder / "stacks").mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nstackConfigDir: stacks\n")
    (folder / "stacks" / "Pulumi.mine.yaml").write_text(
        "config:\n  slipway:compose: [compose.yaml]\n  slipway:env: {HOST: mine}\n"
        "  slipway:secrets: {PASSWORD: {secure: v1:xxx}}\n"
    )
    return folder


def rows(run, *argv: str) -> dict[str, dict]:
    done = run("render", "--env", "PASSWORD=geheim", *argv)
    assert done.code == 0, done.err
    return {f"{row['kind']}.{row['key']}": row for row in yaml.safe_load(done.out)}


def test_the_rows_are_printed_in_the_order_of_their_creation(run, shop: Path) -> None:
    assert list(rows(run, "--target", "docker")) == [
        "network.default",
        "image.db",
        "container.db-1",
        "image.web",
        "container.web-1",
    ]


def test_a_row_says_what_it_refers_to_and_what_it_waits_for(run, shop: Path) -> None:
    web = rows(run, "--target", "docker")["container.web-1"]
    assert web["args"]["image"] == "${image.web.image_id}"
    assert (web["service"], web["after"]) == ("web", ["container.db-1"])


def test_an_image_that_is_to_be_built_has_no_digest_yet(run, shop: Path) -> None:
    assert rows(run, "--target", "docker")["image.web"]["args"] == {
        "name": "shop-web",
        "keep_locally": True,
        "triggers": {"digest": "[digest]"},
    }


def test_no_secret_is_read_or_printed(run, shop: Path) -> None:
    uploads = rows(run, "--target", "docker")["container.web-1"]["args"]["uploads"]
    assert [(upload["file"], upload["content"]) for upload in uploads] == [
        ("/run/secrets/key", "[secret]"),
        ("/etc/page", "hello"),
    ]


def test_with_a_stack_its_variables_are_seen_and_its_secrets_are_masked(run, shop: Path) -> None:
    done = run("render", "--stack", "mine", "--target", "docker")
    found = {f"{row['kind']}.{row['key']}": row["args"] for row in yaml.safe_load(done.out)}
    assert found["container.db-1"]["hostname"] == "mine"
    assert found["container.web-1"]["envs"] == ["URL=redis://:[secret]@db"]


def test_json_says_the_same(run, shop: Path) -> None:
    argv = ("render", "--stack", "mine", "--target", "docker")
    assert json.loads(run(*argv, "--format", "json").out) == yaml.safe_load(run(*argv).out)


@pytest.mark.parametrize("target", TARGETS)
def test_the_same_files_give_the_same_text(run, shop: Path, target: str) -> None:
    (shop / "compose.yaml").write_text(SHOP.replace("redis://", "http://"))  # all that cloudrun hands on
    argv = ("render", "--stack", "mine", "--target", target)
    first = run(*argv)
    assert (first.code, run(*argv).out) == (0, first.out)
    assert "geheim" not in first.out


def test_what_becomes_something_weaker_goes_to_standard_error(run, folder: Path) -> None:
    done = run("render", "--target", "docker")
    assert (done.code, done.err) == (
        0,
        "warning: compose.yaml:6:7 services.web.deploy.placement: on docker, everything runs on the one Engine\n",
    )


def test_what_the_target_refuses_is_not_printed(run, folder: Path) -> None:
    done = run("render", "--target", "docker", "--profile", "full")
    assert (done.code, done.out, done.err) == (
        1,
        "",
        "compose.yaml:11:5 services.db.pids_limit: not supported on docker (pulumi-docker 5.2 has no argument for "
        "it); use ulimits.nproc, or accept it with slipway:accept\n",
    )


def test_an_accepted_loss_is_rendered_without_it(run, folder: Path) -> None:
    found = rows(run, "--target", "docker", "--profile", "full", "--accept", "services.*.pids_limit")
    assert "container.db-1" in found


def test_what_needs_contents_is_refused_too(run, folder: Path) -> None:
    (folder / "empty.yaml").write_text("services: {web: {image: x, configs: [c]}}\nconfigs: {c: {content: ''}}\n")
    done = run("render", "empty.yaml", "--target", "docker")
    assert (done.code, "is empty" in done.err, "Traceback" in done.err) == (1, True, False)


def test_on_ecs_what_a_text_takes_from_another_row_is_shown_in_it(run, shop: Path) -> None:
    done = run("render", "--stack", "mine", "--target", "ecs")
    found = {f"{row['kind']}.{row['key']}": row for row in yaml.safe_load(done.out)}
    (web,) = (
        each
        for each in json.loads(found["TaskDefinition.web"]["args"]["container_definitions"])
        if each["name"] == "web"
    )
    assert web["secrets"] == [
        {
            "name": "URL",
            "valueFrom": "${Secret.web-environment.arn}:URL::${SecretVersion.web-environment.version_id}",
        }
    ]


def test_on_cloudrun_what_a_value_takes_from_another_row_is_shown_in_it(run, folder: Path) -> None:
    (folder / "cache.yaml").write_text(
        "name: shop\n"
        "services:\n"
        "  migrate: {image: x, environment: {CACHE: 'redis://cache:6379/0'}, restart: 'no'}\n"
        "  cache: {image: 'redis:7', x-slipway: {managed: redis}}\n"
    )
    done = run("render", "cache.yaml", "--target", "cloudrun")
    found = {f"{row['kind']}.{row['key']}": row["args"] for row in yaml.safe_load(done.out)}
    (container,) = found["Job.migrate"]["template"]["template"]["containers"]
    assert container["envs"] == [{"name": "CACHE", "value": "redis://${CacheInstance.cache.host}:6379/0"}]
    assert found["Job.migrate"]["run_execution_token"] == "[checksum]"
