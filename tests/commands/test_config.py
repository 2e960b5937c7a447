"""`config`: the resolved application. That it is what the reference prints is tests/compose's to prove."""

import json
from pathlib import Path

import yaml


def image(done) -> str:
    assert done.code == 0, done.err
    return yaml.safe_load(done.out)["services"]["web"]["image"]


def test_the_resolved_application_is_printed(run) -> None:
    done = run("config")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("name: shop\nservices:\n  web:\n    deploy:\n")


def test_json_says_the_same(run) -> None:
    assert json.loads(run("config", "--format", "json").out) == yaml.safe_load(run("config").out)


def test_a_name_on_the_command_line_wins(run) -> None:
    assert yaml.safe_load(run("config", "--name", "mine").out)["name"] == "mine"


def test_a_service_of_an_inactive_profile_is_left_out(run) -> None:
    assert list(yaml.safe_load(run("config").out)["services"]) == ["web"]
    assert list(yaml.safe_load(run("config", "--profile", "full").out)["services"]) == ["db", "web"]


def test_the_default_holds_where_no_variable_is_set(run) -> None:
    assert image(run("config")) == "web:1"


def test_an_env_file_wins_over_the_dotenv_beside_the_files(run, folder: Path) -> None:
    (folder / ".env").write_text("TAG=dotenv")
    assert image(run("config")) == "web:dotenv"
    (folder / "more.env").write_text("TAG=more")
    assert image(run("config", "--env-file", "more.env")) == "web:more"


def test_the_later_env_file_wins_and_sees_the_earlier(run, folder: Path) -> None:
    (folder / "a.env").write_text("A=one\nTAG=a")
    (folder / "b.env").write_text("TAG=${A}-two")
    assert image(run("config", "--env-file", "a.env", "--env-file", "b.env")) == "web:one-two"


def test_the_environment_wins_over_an_env_file(run, folder: Path, monkeypatch) -> None:
    (folder / "more.env").write_text("TAG=more")
    monkeypatch.setenv("TAG", "environment")
    assert image(run("config", "--env-file", "more.env")) == "web:environment"


def test_a_variable_on_the_command_line_wins_over_all(run, monkeypatch) -> None:
    monkeypatch.setenv("TAG", "environment")
    assert image(run("config", "--env", "TAG=a=b")) == "web:a=b"


def test_relative_paths_begin_at_the_project_directory(run, folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "bind.yaml").write_text("services: {web: {image: i, volumes: ['./x:/x']}}")
    resolved = yaml.safe_load(run("config", "deep/bind.yaml", "--project-directory", ".").out)
    assert resolved["services"]["web"]["volumes"][0]["source"] == str(folder / "x")


def test_a_wrong_file_is_one_report_with_every_problem(run, folder: Path) -> None:
    (folder / "wrong.yaml").write_text("services:\n  web: {image: i, prots: [1], hostnam: x}\n")
    done = run("config", "wrong.yaml")
    assert (done.code, done.out, done.err.count("wrong.yaml:2:"), "Traceback" in done.err) == (2, "", 2, False)


def test_a_variable_that_is_not_set_is_a_warning_beside_the_output(run, folder: Path) -> None:
    (folder / "unset.yaml").write_text("services: {web: {image: 'web:1$GONE'}}")
    done = run("config", "unset.yaml")
    assert image(done) == "web:1"
    assert done.err == (
        "warning: unset.yaml:1:18 services.web.image: variable GONE is not set and stands for nothing; "
        "give it a value in .env, slipway:env or slipway:secrets, or write ${GONE:-}\n"
    )
