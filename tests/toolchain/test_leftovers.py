"""Whose leftovers are looked for."""

import pytest

from toolchain import leftovers
from toolchain.pulumi import Cli


@pytest.fixture
def cli(tmp_path, monkeypatch):
    """The CLI on the stack `local`; the organization that it is asked for is the test's word."""
    for name in ("PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    def make(*, says="exit 1", **env):
        program = tmp_path / "pulumi"
        program.write_text(f"#!/bin/sh\n{says}\n")
        program.chmod(0o755)
        return Cli(tmp_path, "local", tmp_path / "config.yaml", {"PATH": f"{tmp_path}:/bin", **env})

    return make


def test_a_checkout_looks_for_its_own_things_alone(cli):
    here, there = (cli(PULUMI_BACKEND_URL=f"file:///{folder}/state") for folder in ("here", "there"))
    assert here.identity().startswith("organization/slipway/local@")
    assert here.identity() != there.identity()


def test_with_a_login_it_is_the_users_organization(cli):
    assert cli(says="echo acme").identity() == "acme/slipway/local"


def test_a_backend_without_organizations_has_one_word_for_all(cli):
    assert cli(PULUMI_BACKEND_URL="s3://bucket").identity() == "organization/slipway/local"


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """A stand-in of the Docker CLI, that lists what the test says and writes down what it is asked."""
    asked = tmp_path / "asked"
    program = tmp_path / "docker"
    program.write_text(
        f'#!/bin/sh\necho "$*" >> {asked}\ncase "$*" in\n'
        '*"service ls"*) echo abc ;;\n*"container ls"*) echo old; echo new ;;\n*"image rm"*) exit 1 ;;\nesac\n'
    )
    program.chmod(0o755)
    return lambda: asked.read_text().splitlines() if asked.exists() else []


def stack(tmp_path, target, host=None):
    env = {"PATH": f"{tmp_path}:/bin", "PULUMI_BACKEND_URL": "s3://bucket"}
    return Cli(tmp_path, "prod", tmp_path / "config.yaml", env, target, host)


def test_what_the_state_knows_is_kept(tmp_path, engine):
    removed = leftovers.remove_kind(stack(tmp_path, "docker"), "container", keep=frozenset({"new"}))
    assert removed == ["old"]
    assert engine() == [
        "container ls --all --no-trunc --quiet --filter label=slipway.stack=organization/slipway/prod",
        "container rm --force --volumes old",
    ]


def test_an_identity_that_is_listed_in_short_is_known(tmp_path, engine):
    assert leftovers.remove_kind(stack(tmp_path, "swarm"), "service", keep=frozenset({"abcdef"})) == []


def test_volumes_are_removed_only_when_asked(tmp_path, engine):
    assert leftovers.remove(stack(tmp_path, "docker"), ["web:latest"], volumes=False) == "2 containers removed"
    assert not any(line.startswith("volume") for line in engine())
    leftovers.remove(stack(tmp_path, "docker"), [], volumes=True)
    assert any(line.startswith("volume ls") for line in engine())


def test_a_stack_on_an_engine_elsewhere_is_looked_for_there(tmp_path, engine):
    leftovers.remove_kind(stack(tmp_path, "docker", "ssh://far"), "network", keep=frozenset())
    assert engine()[0].startswith("--host ssh://far network ls")


def test_a_target_without_an_engine_has_no_leftovers_there(tmp_path, engine):
    assert leftovers.remove(stack(tmp_path, "kubernetes"), [], volumes=True) == "none"
    assert engine() == []
