"""What the plugin does with a request to make a component, under mocks; the way there is in test_plugin_engine.py."""

from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest
from pulumi.errors import InputPropertiesError

from components.provider import Provider
from components.testing import Recording, record

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
def construct(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Recording]:
    """Make an application of `compose.yaml` from inputs that a function makes, and tell what was registered."""
    monkeypatch.chdir(tmp_path)
    Path("compose.yaml").write_text(COMPOSE)

    def run(inputs: Callable[[], dict]) -> Recording:
        given = {"target": "docker", "compose": ["compose.yaml"], "env": {"GREETING": "hello"}}
        return record(lambda: Provider().construct("shop", TOKEN, {**given, **inputs()}))

    return run


def test_a_secret_of_another_resource_stays_one_down_to_the_container(construct) -> None:
    recorded = construct(lambda: {"secrets": {"PASSWORD": pulumi.Output.secret("marker")}})
    container = recorded.one("Container", "shop-web-1")
    assert "uploads" in container.secrets
    assert container.inputs["uploads"][0]["content"] == "marker"


def test_an_output_in_the_environment_reaches_the_container(construct) -> None:
    recorded = construct(lambda: {"env": {"GREETING": pulumi.Output.from_input("later")}, "secrets": {"PASSWORD": "x"}})
    container = recorded.one("Container", "shop-web-1")
    assert "GREETING=later" in container.inputs["envs"]


def test_names_arrive_in_the_form_of_other_languages(construct, monkeypatch) -> None:
    monkeypatch.setenv("GREETING", "from the process")
    recorded = construct(lambda: {"env": {}, "secrets": {"PASSWORD": "x"}, "passEnv": ["GREETING"]})
    container = recorded.one("Container", "shop-web-1")
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


DOCUMENT = {
    "name": "inline",
    "services": {"web": {"image": "web:1", "scale": 2.0, "ports": [{"target": 80.0}], "secrets": ["password"]}},
    "secrets": {"password": {"environment": "PASSWORD"}},
}


def test_an_application_is_a_compose_document_whose_values_may_be_outputs(construct) -> None:
    def inputs() -> dict:
        document = {**DOCUMENT, "services": {"web": {**DOCUMENT["services"]["web"]}}}
        document["services"]["web"]["environment"] = {"DB": pulumi.Output.from_input("db.example.com")}
        return {"compose": None, "app": document, "secrets": {"PASSWORD": pulumi.Output.secret("marker")}}

    recorded = construct(inputs)
    containers = recorded.of("Container")
    assert [each.inputs["name"] for each in containers] == ["inline-web-1", "inline-web-2"]
    assert {tuple(each.inputs["envs"]) for each in containers} == {("DB=db.example.com",)}
    assert {each.inputs["uploads"][0]["content"] for each in containers} == {"marker"}
    assert {each.secrets for each in containers} == {frozenset({"uploads"})}


def test_a_mistake_in_a_document_is_said_by_its_place_in_it(construct) -> None:
    with pytest.raises(InputPropertiesError) as raised:
        construct(lambda: {"app": {"services": {"web": {"imagee": "web:1"}}}})
    assert raised.value.message.startswith('app services.web.imagee: unknown key "imagee"; did you mean "image"?')


def test_a_target_alone_takes_plain_data_too() -> None:
    inputs = {
        "app": DOCUMENT,
        "images": {"web": "registry.example.com/web@sha256:1"},
        "contents": {"secrets": {"password": "marker"}},
        "access": {"host": "unix:///run/other.sock"},
        "protect": True,
    }
    recorded = record(lambda: Provider().construct("shop", "slipway:index:DockerTarget", inputs))
    assert recorded.one("RemoteImage", "shop-web").inputs["name"] == "registry.example.com/web@sha256:1"
    assert recorded.one("Container", "shop-web-1").secrets == {"uploads"}


def test_plain_data_of_another_form_is_refused() -> None:
    def refused(**inputs: object) -> str:
        with pytest.raises(InputPropertiesError) as raised:
            record(lambda: Provider().construct("shop", "slipway:index:DockerTarget", inputs))
        return raised.value.message

    assert refused(app="compose.yaml") == "app: 'compose.yaml' is not a mapping; see docs/component-plugin.md"
    assert refused(app=DOCUMENT, contents={"secret": {}}).startswith("contents: has not the keys that it should have")
    assert refused(app=DOCUMENT, access={"hots": "x"}).startswith('slipway:cluster.existing: unknown key "hots"')


def test_arguments_of_a_build_have_the_names_of_other_languages() -> None:
    build = {"context": {"location": "."}, "tags": ["web"], "buildArgs": {"A": "1"}, "noCache": True}
    recorded = record(lambda: Provider().construct("web", "slipway:index:ImageBuild", {"build": build, "load": True}))
    image = recorded.one("Image", "web").inputs
    assert (image["buildArgs"], image["noCache"]) == ({"A": "1"}, True)
