"""`--stack`: a verb sees what that stack sees, and nothing of its secrets."""

from pathlib import Path
from typing import Any

import pytest
import yaml

STACK = """\
encryptionsalt: v1:abc
config:
  pulumi:disable-default-providers: ["*"]
  slipway:target: docker
  slipway:compose: [app/compose.yaml]
  slipway:profiles: [full]
  slipway:name: named
  slipway:passEnv: [PASSED]
  slipway:env: {TAG: 2, LEVEL: yes, SEALED: {secure: v1:xyz}}
  slipway:secrets: {PASSWORD: {secure: v1:uvw}}
"""
APP = """\
services:
  web:
    image: web:${TAG}
    environment:
      LEVEL: ${LEVEL}
      URL: db://u:${PASSWORD}@db
      SEALED: ${SEALED}
      PASSED: ${PASSED:-unset}
      OTHER: ${OTHER:-unset}
      OWN: ${OWN:-unset}
      DOTENV: ${DOTENV}
  db: {image: db, profiles: [full]}
"""


@pytest.fixture
def stack(folder: Path) -> Path:
    (folder / "Pulumi.yaml").write_text("name: p\nruntime: python\nstackConfigDir: stacks\n")
    (folder / "stacks").mkdir()
    (folder / "app").mkdir()
    (folder / "app" / "compose.yaml").write_text(APP)
    (folder / "app" / ".env").write_text("TAG=1\nDOTENV=read\n")
    file = folder / "stacks" / "Pulumi.mine.yaml"
    file.write_text(STACK)
    return file


def resolved(run: Any, *argv: str) -> Any:
    done = run("config", "--stack", "mine", *argv)
    assert (done.code, done.err) == (0, "")
    return yaml.safe_load(done.out)


def test_files_variables_profiles_and_name_are_the_stack_s(run, stack: Path) -> None:
    app = resolved(run)
    assert (app["name"], sorted(app["services"])) == ("named", ["db", "web"])
    assert app["services"]["web"]["image"] == "web:2"
    assert app["services"]["web"]["environment"]["LEVEL"] == "yes"
    assert app["services"]["web"]["environment"]["DOTENV"] == "read"


def test_of_the_environment_only_the_passed_names_are_seen(run, stack: Path, monkeypatch) -> None:
    monkeypatch.setenv("PASSED", "p")
    monkeypatch.setenv("OTHER", "o")
    environment = resolved(run)["services"]["web"]["environment"]
    assert (environment["PASSED"], environment["OTHER"]) == ("p", "unset")


def test_what_is_secret_or_encrypted_is_not_shown(run, stack: Path) -> None:
    environment = resolved(run)["services"]["web"]["environment"]
    assert (environment["URL"], environment["SEALED"]) == ("[secret]", "[secret]")


def test_the_command_line_wins_over_the_stack(run, stack: Path, folder: Path) -> None:
    (folder / "other.yaml").write_text("services: {other: {image: '${OWN}'}}")
    app = resolved(run, "other.yaml", "--env", "OWN=own", "--name", "mine", "--profile", "none")
    assert (app["name"], app["services"]["other"]["image"]) == ("mine", "own")


def test_check_sees_the_stack_too(run, stack: Path) -> None:
    done = run("check", "--stack", "mine", "--target", "docker")
    assert (done.code, done.err) == (0, "")
    assert "services.web.environment.URL: on docker, `docker inspect` shows it" in done.out


def test_lists_and_mappings_may_be_written_as_json(run, stack: Path) -> None:
    stack.write_text('config:\n  slipway:compose: \'["app/compose.yaml"]\'\n  slipway:env: \'{"TAG": "3"}\'\n')
    assert (
        resolved(run, "--env", "PASSWORD=", "--env", "SEALED=", "--env", "LEVEL=")["services"]["web"]["image"]
        == "web:3"
    )


def test_an_unknown_stack_is_one_message(run, stack: Path) -> None:
    assert run("config", "--stack", "mien") == (2, "", 'unknown stack "mien": did you mean "mine"? (known: mine)\n')


def test_a_stack_without_files_is_one_message(run, stack: Path) -> None:
    stack.write_text("config: {slipway:target: docker}\n")
    message = "stacks/Pulumi.mine.yaml: no value for slipway:compose; write it, or name the files on the command line\n"
    assert run("config", "--stack", "mine") == (2, "", message)


def test_a_folder_without_a_project_is_one_message(run) -> None:
    message = "Pulumi.yaml: no such file; check the path, relative to the working directory\n"
    assert run("config", "--stack", "mine") == (2, "", message)


def test_what_belongs_into_the_stack_is_refused_beside_it(run, stack: Path) -> None:
    done = run("config", "--stack", "mine", "--env-file", "x.env", "--project-directory", ".")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "--env-file cannot go with --stack; write it into the stack's slipway:env\n"
        "--project-directory cannot go with --stack; write it into the stack's slipway:compose\n"
    )
