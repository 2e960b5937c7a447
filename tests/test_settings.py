"""The stack's config: what is refused, and in which words. Not proved: the CLI's own checks of types."""

import asyncio
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from components.access import Registry
from components.errors import SettingsError
from components.model import Opaque, Parts
from components.settings import KEYS, Settings, from_mapping
from toolchain.settings_page import page


def refused(**written: Any) -> str:
    with pytest.raises(SettingsError) as raised:
        from_mapping({"target": "docker", **written}, "stack mine")
    return str(raised.value)


def test_a_stack_without_a_target_is_told_how_to_choose_one() -> None:
    with pytest.raises(SettingsError) as raised:
        from_mapping({}, "stack mine")
    assert str(raised.value) == "stack mine: no value for slipway:target; run `pulumi config set slipway:target docker`"


def test_an_unknown_key_is_refused_with_a_suggestion() -> None:
    assert refused(profile=["a"]).startswith(
        'stack mine: unknown key "slipway:profile"; did you mean "profiles"? (known:'
    )


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            {"compose": "compose.yaml"},
            "stack mine: slipway:compose is 'compose.yaml', not a list of strings; "
            "run `pulumi config set --path 'slipway:compose[0]' <value>`",
        ),
        (
            {"mode": "strikt"},
            'stack mine: unknown slipway:mode "strikt"; did you mean "strict"? (known: loose, strict, warn)',
        ),
        (
            {"cluster": {"exists": {}}},
            'stack mine: unknown form "exists" of slipway:cluster; '
            'did you mean "existing"? (known: existing, new, stack)',
        ),
        ({"cluster": {}}, "stack mine: slipway:cluster has 0 forms; write one of existing, new, stack"),
        ({"env": {"A": {"b": "c"}}}, "stack mine: slipway:env.A is not a single value; write a string"),
        (
            {"secrets": "geheim"},
            "stack mine: slipway:secrets is a single value, not a mapping of names to values; "
            "run `pulumi config set --path slipway:secrets.<name> <value>`",
        ),
        (
            {"registry": "registry.example.com"},
            "stack mine: slipway:registry is a single value, not a mapping of names to values; "
            "run `pulumi config set --path slipway:registry.<name> <value>`",
        ),
        (
            {"registry": {"username": "ann", "password": "geheim"}},
            "stack mine: no value for slipway:registry.prefix; "
            "run `pulumi config set --path slipway:registry.prefix registry.example.com/team`",
        ),
        (
            {"registry": {"prefix": "r.example", "user": "ann"}},
            'stack mine: unknown key "user" of slipway:registry; '
            'did you mean "username"? (known: password, prefix, username)',
        ),
        (
            {"registry": {"prefix": "r.example", "username": "ann"}},
            "stack mine: slipway:registry has a username and no password; "
            "run `pulumi config set --secret --path slipway:registry.password`",
        ),
        (
            {"registry": {"prefix": "r.example", "password": "geheim"}},
            "stack mine: slipway:registry has a password and no username; "
            "run `pulumi config set --path slipway:registry.username`",
        ),
        (
            {"registry": {"prefix": "r.example", "username": 1, "password": 4711}},
            "stack mine: slipway:registry.username is not a string; write a string\n"
            "stack mine: slipway:registry.password is not a string; write a string",
        ),
        (
            {"platform": "amd64"},
            "stack mine: slipway:platform is 'amd64', not a platform; write os/architecture, such as linux/amd64",
        ),
        ({"protect": "yes"}, "stack mine: slipway:protect is 'yes', not true or false; write one of these"),
    ],
)
def test_a_wrong_value_is_refused_with_the_way_out(written: dict[str, Any], message: str) -> None:
    assert refused(**written) == message


@pytest.mark.parametrize(
    "prefix",
    ["https://r.example/team", "team", "team/shop", "r.example/Team", "r.example/team/", "r.example/web:1", "", 5000],
)
def test_a_prefix_that_names_no_registry_is_refused(prefix: Any) -> None:
    assert refused(registry={"prefix": prefix}) == (
        f"stack mine: slipway:registry.prefix is {prefix!r}, not a registry; write host/path in lower case "
        "without scheme and tag, such as registry.example.com/team or docker.io/team"
    )


@pytest.mark.parametrize(
    "prefix", ["docker.io/team", "r.example", "r.example:5000/a/b_c", "localhost/x", "localhost:5000", "[::1]:5000/x"]
)
def test_a_prefix_is_a_registry_with_or_without_a_path(prefix: str) -> None:
    settings = from_mapping({"target": "docker", "registry": {"prefix": prefix}}, "stack mine")
    assert settings.registry == Registry(prefix=prefix)


def test_an_empty_registry_is_none() -> None:
    assert from_mapping({"target": "docker", "registry": {}}, "stack mine").registry is None


def test_a_registrys_password_is_a_secret_and_never_shown() -> None:
    written = {"prefix": "r.example/team", "username": "ann", "password": "geheim"}
    settings = from_mapping({"target": "docker", "registry": written}, "stack mine")
    assert settings.registry is not None
    assert (settings.registry.host, settings.registry.username) == ("r.example", "ann")
    assert "geheim" not in repr(settings)
    assert asyncio.get_event_loop().run_until_complete(settings.registry.password.is_secret())


def test_every_problem_is_reported_at_once() -> None:
    assert len(refused(profile=[], mode="x", protect=1).splitlines()) == 3


def test_every_secret_is_one_opaque_secret_part() -> None:
    settings = from_mapping({"target": "docker", "secrets": {"PW": "geheim"}}, "stack mine")
    text = settings.secrets["PW"]
    assert isinstance(text, Parts)
    assert text.secret
    assert "geheim" not in f"{text} {text!r} {settings!r}"


def test_an_output_in_env_is_carried_without_being_a_secret() -> None:
    settings = from_mapping({"target": "docker", "env": {"URL": pulumi.Output.from_input("x")}}, "stack mine")
    text = settings.env["URL"]
    assert isinstance(text, Parts)
    assert not text.secret


def test_plain_values_are_written_as_compose_writes_them() -> None:
    settings = from_mapping({"target": "docker", "env": {"A": True, "B": 1}}, "stack mine")
    assert settings.env == {"A": "true", "B": "1"}


def test_secrets_win_over_env_and_env_over_what_is_passed(monkeypatch) -> None:
    monkeypatch.setenv("A", "process")
    monkeypatch.setenv("B", "process")
    monkeypatch.setenv("OTHER", "unseen")
    settings = Settings(
        target="docker",
        pass_env=("A", "B", "MISSING"),
        env={"B": "env", "C": "env"},
        secrets={"C": Parts([Opaque("s")])},
    )
    assert {name: str(value) for name, value in settings.variables().items()} == {
        "A": "process",
        "B": "env",
        "C": "<opaque>",
    }


def test_every_setting_is_declared_in_the_project_file() -> None:
    declared = yaml.safe_load(Path("Pulumi.yaml").read_text())["config"]
    assert {f"slipway:{key}" for key in KEYS} == set(declared)
    assert all(entry["type"] and entry["description"] for entry in declared.values())


def test_the_page_of_settings_is_fresh() -> None:
    assert Path("docs/settings.md").read_text() == page()
