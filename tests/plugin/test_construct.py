"""What the plugin does with a request to make a component, under mocks; the way there is in test_plugin_engine.py."""

from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest
from pulumi.errors import InputPropertiesError

from components.provider import Provider
from components.testing import Recorded, record

TOKEN = "slipway:index:Application"
COMPOSE = """\
name: shop
services:
  web:
    image: debian:bookworm-slim
    environment: {GREETING: "${GREETING}"}
    secrets: [password]
secrets:
  password: {environment: PASSWORD}
"""


@pytest.fixture
def construct(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Recorded]]:
    """Make an application of `compose.yaml` from inputs that a function makes, and tell what was registered."""
    monkeypatch.chdir(tmp_path)
    Path("compose.yaml").write_text(COMPOSE)

    def run(inputs: Callable[[], dict]) -> list[Recorded]:
        given = {"target": "docker", "compose": ["compose.yaml"], "env": {"GREETING": "hello"}}
        return record(lambda: Provider().construct("shop", TOKEN, {**given, **inputs()}))

    return run


def test_a_secret_of_another_resource_stays_one_down_to_the_container(construct) -> None:
    recorded = construct(lambda: {"secrets": {"PASSWORD": pulumi.Output.secret("marker")}})
    container = next(each for each in recorded if each.name == "shop-web-1")
    assert "uploads" in container.secrets
    assert container.inputs["uploads"][0]["content"] == "marker"


def test_an_output_in_the_environment_reaches_the_container(construct) -> None:
    recorded = construct(lambda: {"env": {"GREETING": pulumi.Output.from_input("later")}, "secrets": {"PASSWORD": "x"}})
    container = next(each for each in recorded if each.name == "shop-web-1")
    assert "GREETING=later" in container.inputs["envs"]


def test_names_arrive_in_the_form_of_other_languages(construct, monkeypatch) -> None:
    monkeypatch.setenv("GREETING", "from the process")
    recorded = construct(lambda: {"env": {}, "secrets": {"PASSWORD": "x"}, "passEnv": ["GREETING"]})
    container = next(each for each in recorded if each.name == "shop-web-1")
    assert "GREETING=from the process" in container.inputs["envs"]


def test_what_a_user_can_mend_is_a_message_that_names_no_property(construct) -> None:
    with pytest.raises(InputPropertiesError) as raised:
        construct(lambda: {"target": "dokker"})
    message = 'unknown target "dokker": did you mean "docker"? (known: cloudrun, docker, ecs, kubernetes, swarm)'
    # an error that names a property makes the engine print its value, and all others, secrets among them
    assert (raised.value.message, raised.value.errors) == (message, [])


def test_an_output_where_the_component_has_to_decide_is_refused_by_name(construct) -> None:
    with pytest.raises(InputPropertiesError) as raised:
        construct(
            lambda: {
                "secrets": pulumi.Output.secret({"PASSWORD": "marker"}),
                "target": pulumi.Output.from_input("docker"),
            }
        )
    fix = "give a plain value; the values of a plain mapping may be outputs"
    assert raised.value.message.splitlines() == [
        f"shop.target: is an output, which is not known yet; {fix}",
        f"shop.secrets: is an output, which is not known yet; {fix}",
    ]
