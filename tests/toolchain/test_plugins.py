"""The docker plugin: the official one or its stand-in, and never one on the other's state."""

import json

import pytest

from standins import server
from toolchain import plugins, tools
from toolchain.table import tool

ROW = tool("pulumi-resource-docker")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def official(home):
    """As `pulumi plugin install resource docker 5.2.0` leaves it in the user's own folder."""
    program = home / ".pulumi" / "plugins" / "resource-docker-v5.2.0" / "pulumi-resource-docker"
    program.parent.mkdir(parents=True)
    program.write_text("")
    return program


def state(places, **outputs):
    path = places.state / ".pulumi/stacks/slipway/local.json"
    path.parent.mkdir(parents=True)
    resource = {"type": "docker:index/network:Network", "outputs": {"name": "n", **outputs}}
    path.write_text(json.dumps({"version": 3, "checkpoint": {"latest": {"resources": [resource]}}}))


def test_where_the_official_one_cannot_be_had_it_is_the_stand_in_of_this_checkout(places):
    assert plugins.ensure_docker(places) == "stand-in (standins/docker)"
    program = plugins.place(ROW, places)
    assert program == places.home / "plugins/resource-docker-v5.2.0/pulumi-resource-docker"
    assert plugins.is_stand_in(program)
    assert f'PYTHONPATH="{places.checkout}" exec "{places.python}" -m standins.docker' in program.read_text()


def test_the_users_own_plugin_of_that_version_is_linked_to(places, home):
    program = official(home)
    assert plugins.ensure_docker(places) == "the user's own"
    assert plugins.place(ROW, places).resolve() == program
    assert not plugins.is_stand_in(plugins.place(ROW, places))


def test_the_stand_in_does_not_take_over_state_of_the_official_plugin(places, refused):
    state(places)
    assert refused(plugins.ensure_docker, places) == (
        "stack local: its docker resources were written by the official plugin, and the stand-in would take their "
        "place; run `pulumi plugin install resource docker 5.2.0`, and set up again"
    )
    assert not plugins.place(ROW, places).exists()


def test_the_official_plugin_does_not_take_over_state_of_the_stand_in(places, home, refused):
    program = official(home)
    state(places, __standin="docker")
    assert refused(plugins.ensure_docker, places) == (
        "stack local: its docker resources were written by the stand-in, and the official plugin would take their "
        f"place; move {program} away, run `make down`, and move it back"
    )


@pytest.mark.parametrize("marked", [True, False])
def test_each_goes_on_with_its_own_state(places, home, marked):
    if not marked:
        official(home)
    state(places, **({"__standin": "docker"} if marked else {}))
    assert plugins.ensure_docker(places) == ("stand-in (standins/docker)" if marked else "the user's own")


def test_a_stack_without_docker_resources_hinders_nothing(places):
    path = places.state / ".pulumi/stacks/slipway/local.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"version": 3, "checkpoint": {"latest": None}}))
    assert plugins.ensure_docker(places) == "stand-in (standins/docker)"


def test_the_mark_is_the_stand_ins_own():
    assert plugins.MARK == server.MARK


def test_the_docker_build_plugin_is_linked_from_the_cache(places, monkeypatch):
    program = places.cache / "built"
    monkeypatch.setattr(tools, "obtain", lambda row, places: tools.Found(program, "reused"))
    assert plugins.ensure_docker_build(places) == "reused"
    link = places.home / "plugins/resource-docker-build-v0.0.22/pulumi-resource-docker-build"
    assert link.readlink() == program
