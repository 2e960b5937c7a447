"""`render -o` on docker and swarm: files that docker compose and `docker stack` take, and what is refused on the way.

That the Engine or a Swarm then runs what these files say is not proved here; the tools themselves read them.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import projects
import pytest
import yaml

from components.commands import compose_file
from components.commands.files import Named
from components.model import Opaque, Parts

COMPOSE = shutil.which("docker-compose", path=str(Path(sys.executable).parent)) or "docker-compose"
CASES = Path(__file__).parents[1] / "cases"
SECRETS = {"PASSWORD": "x", "DB_PASSWORD": "x", "REDIS_PASSWORD": "x"}


@pytest.fixture(autouse=True)
def _beside_conftest(folder: Path) -> None:
    (folder / "compose.yaml").unlink()


def built(folder: Path) -> str:
    return projects.images(folder, web="registry.example/web@", migrate="registry.example/web@", db="db:1")


def tool(*words: str, **env: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, **env})
    assert done.returncode == 0, done.stderr
    return done.stdout


# --- what is refused --------------------------------------------------------------------------------------------------


def test_without_a_stack_no_folder_is_written(run, folder: Path) -> None:
    (folder / "compose.yaml").write_text("services: {web: {image: x}}")
    done = run("render", "--target", "docker", "-o", "out")
    assert (done.code, done.err) == (
        2,
        "-o without --stack; write --stack NAME: its settings decide what is written\n",
    )
    assert not (folder / "out").exists()


def test_on_ecs_where_no_other_tool_takes_files_none_are_written(run, folder: Path) -> None:
    (folder / "compose.yaml").write_text("services: {web: {image: x}}")
    done = run("render", "--target", "ecs", "-o", "out")
    assert (done.code, done.err.splitlines()[-1]) == (
        2,
        "-o is for docker, kubernetes, swarm, whose objects other tools apply, and this is ecs; "
        "leave -o out: what would be created is printed",
    )
    assert not (folder / "out").exists()


def test_a_format_is_for_what_is_printed(run, folder: Path) -> None:
    projects.write(folder, "docker")
    done = run("render", "--stack", "docker", "-o", "out", "--format", "json")
    assert (done.code, done.err.splitlines()[-1]) == (
        2,
        "--format is for what is printed, and -o writes files; leave one of both out",
    )


def test_what_means_nothing_without_a_folder_is_refused(run, folder: Path) -> None:
    projects.write(folder, "docker")
    done = run("render", "--stack", "docker", "--images", "x", "--secret-store", "y")
    assert (done.code, done.err.splitlines()[-1]) == (2, "--images, --secret-store without -o; write -o DIR")


@pytest.mark.parametrize("target", ["swarm", "kubernetes"])
def test_images_that_are_built_here_and_have_no_digest_are_one_error(run, folder: Path, target: str) -> None:
    projects.write(folder, target)
    done = run("render", "--stack", target, "-o", "out")
    assert (done.code, done.err.splitlines()[-1]) == (
        2,
        f"stack {target}: no digest of what is built here (web, migrate); "
        "write --images FILE, made by `pulumi stack output images --json`",
    )
    assert not (folder / "out").exists()


def test_an_image_for_what_is_no_service_is_refused(run, folder: Path) -> None:
    projects.write(folder, "docker")
    done = run("render", "--stack", "docker", "-o", "out", "--images", projects.images(folder, wbe="x@"))
    assert done.code == 2
    assert done.err.splitlines()[-1] == (
        f'{folder}/images.json: "wbe" is no service; did you mean "web"? (known: db, migrate, web)'
    )


@pytest.mark.parametrize("text", ["[]", "{", '{"web": 1}'])
def test_a_file_of_images_that_is_something_else_is_refused(run, folder: Path, text: str) -> None:
    projects.write(folder, "docker")
    (folder / "i.json").write_text(text)
    done = run("render", "--stack", "docker", "-o", "out", "--images", "i.json")
    assert (done.code, done.err.splitlines()[-1]) == (
        2,
        "i.json: it is not a JSON object of service to image; make it by `pulumi stack output images --json`",
    )


def test_external_secrets_are_for_kubernetes(run, folder: Path) -> None:
    projects.write(folder, "swarm")
    done = run("render", "--stack", "swarm", "-o", "out", "--secrets", "external")
    assert done.err.splitlines()[-1] == "--secrets external is for kubernetes, and this is swarm; leave it out"


# --- docker -----------------------------------------------------------------------------------------------------------


def test_a_compose_file_has_no_secret_but_the_name_of_its_variable(run, folder: Path) -> None:
    projects.write(folder, "docker")
    assert run("render", "--stack", "docker", "-o", "out").code == 0
    text = (folder / "out" / "compose.yaml").read_text()
    assert projects.SECRET not in text
    assert yaml.safe_load(text)["services"]["web"]["environment"] == {
        "LEVEL": "info",
        "PRICE": "5$$",
        "URL": "redis://:${PASSWORD:?has to be set: it is secret, and no part of this file}@db",
    }


def test_paths_of_the_project_are_relative_to_the_folder(run, folder: Path) -> None:
    projects.write(folder, "docker")
    run("render", "--stack", "docker", "-o", "deploy/prod")
    text = (folder / "deploy" / "prod" / "compose.yaml").read_text()
    tree = yaml.safe_load(text)
    assert str(folder) not in text
    assert tree["services"]["web"]["build"]["context"] == "../../app/web"
    assert tree["services"]["web"]["volumes"][0]["source"] == "../../app/site"
    assert tree["secrets"]["key"]["file"] == "../../app/keys/key"


def test_an_image_that_is_given_by_digest_is_not_built(run, folder: Path) -> None:
    projects.write(folder, "docker")
    run("render", "--stack", "docker", "-o", "out", "--images", built(folder))
    services = yaml.safe_load((folder / "out" / "compose.yaml").read_text())["services"]
    assert "build" not in services["web"]
    assert services["web"]["image"] == f"registry.example/web@{projects.DIGEST}"
    assert services["db"]["image"] == "db:1"


@pytest.mark.parametrize("name", ["shop", "fleet"])
def test_the_reference_reads_a_written_case_as_it_reads_the_case(folder: Path, name: str) -> None:
    shutil.copytree(CASES / name, folder / "app")
    (folder / "app" / "out").mkdir()
    env = {key: Parts([Opaque(None, key)]) for key in SECRETS}
    files = compose_file.render(Named(files=("app/compose.yaml",), env=env, dotenv=True), {}, "app/out")
    (folder / "app" / "out" / "compose.yaml").write_text(files["compose.yaml"])
    again, there = (
        json.loads(tool(COMPOSE, "--file", f"{place}/compose.yaml", "config", "--format", "json", **SECRETS))
        for place in ("app/out", "app")
    )
    assert again == there


# --- swarm ------------------------------------------------------------------------------------------------------------


def swarm(run, folder: Path) -> dict[str, str]:
    projects.write(folder, "swarm", cluster={"existing": {"routingMesh": False, "volumeNode": "node-1"}})
    done = run("render", "--stack", "swarm", "-o", "out", "--images", built(folder))
    assert done.code == 0, done.err
    return projects.read(folder / "out")


def test_a_stack_file_has_no_secret_but_the_name_of_its_variable(run, folder: Path) -> None:
    files = swarm(run, folder)
    assert not any(projects.SECRET in text for text in files.values())
    web = yaml.safe_load(files["stack.yaml"])["services"]["web"]
    assert web["environment"] == {
        "LEVEL": "info",
        "PRICE": "5$$",
        "URL": "redis://:${PASSWORD:?has to be set: it is secret, and no part of this file}@db",
    }
    assert web["secrets"] == [{"source": "key", "target": "/run/keys/key", "mode": 0o400}]
    assert yaml.safe_load(files["stack.yaml"])["secrets"] == {
        "key": {"external": True, "name": "shop_key"},
        "password": {"external": True, "name": "shop_password"},
    }


def test_a_stack_file_says_what_the_stack_chose_of_its_swarm(run, folder: Path) -> None:
    services = yaml.safe_load(swarm(run, folder)["stack.yaml"])["services"]
    assert services["web"]["deploy"]["endpoint_mode"] == "dnsrr"
    assert services["web"]["ports"] == [{"target": 80, "protocol": "tcp", "mode": "host", "published": 8080}]
    assert services["db"]["deploy"]["placement"] == {"constraints": ["node.hostname == node-1"]}


def test_a_config_is_a_file_whose_name_changes_with_its_content(run, folder: Path) -> None:
    files = swarm(run, folder)
    page = yaml.safe_load(files["stack.yaml"])["configs"]["page"]
    assert (page, files["config-page"]) == (
        {"name": "shop_page-c3f9c8c2", "file": "./config-page"},
        "one\ntwo\n",
    )


def test_a_run_to_completion_is_a_job_and_the_order_that_is_lost_is_said(run, folder: Path) -> None:
    projects.write(folder, "swarm")
    done = run("render", "--stack", "swarm", "-o", "out", "--images", built(folder))
    job = yaml.safe_load((folder / "out" / "stack.yaml").read_text())["services"]["migrate"]
    assert job["deploy"] == {
        "replicas": 1,
        "mode": "replicated-job",
        "restart_policy": {"condition": "none"},
    }
    assert done.err.splitlines()[-2:] == [
        "warning: a stack file does not say services.web.depends_on: it starts together with the rest",
        "warning: a stack file does not say services.migrate.depends_on: it starts together with the rest",
    ]


def test_a_stack_file_with_routes_is_refused(run, folder: Path) -> None:
    projects.write(folder, "swarm")
    with (folder / "app" / "compose.yaml").open("a") as file:
        file.write("x-unused: 1\n")
    text = (
        (folder / "app" / "compose.yaml").read_text().replace("    ports:", "    x-slipway: {ingress: {}}\n    ports:")
    )
    (folder / "app" / "compose.yaml").write_text(text)
    done = run("render", "--stack", "swarm", "-o", "out", "--images", built(folder))
    assert (done.code, done.err.splitlines()[-1]) == (
        1,
        "stack swarm: a stack file has no routes of an entry point (web); publish a port, or use `pulumi up`",
    )


def test_a_config_with_a_secret_in_it_is_refused(run, folder: Path) -> None:
    projects.write(folder, "swarm")
    file = folder / "app" / "compose.yaml"
    file.write_text(file.read_text().replace("one\\ntwo\\n", "password=${PASSWORD}"))
    done = run("render", "--stack", "swarm", "-o", "out", "--images", built(folder))
    assert (done.code, done.err.splitlines()[-1]) == (
        1,
        "app/compose.yaml:27:11 configs.page: it has a secret in it, and would be in clear text; make it a secret",
    )


@pytest.mark.skipif(shutil.which("docker") is None, reason="there is no Docker CLI")
def test_the_docker_cli_reads_the_stack_file(run, folder: Path) -> None:
    swarm(run, folder)
    text = tool("docker", "stack", "config", "--compose-file", "out/stack.yaml", PASSWORD="x")
    assert yaml.safe_load(text)["services"]["web"]["environment"]["URL"] == "redis://:x@db"


@pytest.mark.skipif(shutil.which("docker") is None, reason="there is no Docker CLI")
def test_the_docker_cli_reads_the_case_with_all_that_a_swarm_has_a_word_for(run, folder: Path) -> None:
    projects.write(folder, "swarm", compose=["fleet/compose.yaml"])
    shutil.copytree(CASES / "fleet", folder / "fleet")
    assert run("render", "--stack", "swarm", "-o", "out").code == 0
    found = yaml.safe_load(tool("docker", "stack", "config", "--compose-file", "out/stack.yaml"))
    assert sorted(found["services"]) == ["agent", "db", "migrate", "web"]
    assert found["services"]["web"]["deploy"]["rollback_config"]["order"] == "start-first"


@pytest.mark.parametrize("target", ["docker", "swarm"])
def test_the_same_project_elsewhere_gives_the_same_bytes(run, folder: Path, target: str, monkeypatch) -> None:
    found = []
    for place in ("one", "two"):
        (folder / place).mkdir()
        monkeypatch.chdir(folder / place)
        projects.write(folder / place, target)
        assert run("render", "--stack", target, "-o", "out", "--images", built(folder / place)).code == 0
        found.append(projects.read(folder / place / "out"))
    assert found[0] == found[1]
