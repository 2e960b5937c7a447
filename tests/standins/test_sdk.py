"""The installed SDK as a schema: every resource of it can be read, and a misspelt property is caught."""

import pytest

from standins.sdk import Sdk, problems
from standins.values import UNKNOWN, Asset, Secret

DOCKER = Sdk("pulumi_docker")
CONTAINER = "docker:index/container:Container"


def found(inputs, token=CONTAINER):
    return list(problems(DOCKER.schema(token), inputs))


def test_the_version_is_the_installed_one():
    assert DOCKER.version() == "5.2.0"


@pytest.mark.parametrize("token", sorted(DOCKER.tokens()))
def test_every_resource_can_be_read(token):
    schema = DOCKER.schema(token)
    assert schema.inputs
    assert set(schema.inputs) - set(schema.outputs) <= {
        "build",
        "buildOnPreview",
        "skipPush",
        "imageName",
        "registry",
    } | set(schema.inputs)


def test_right_inputs_have_no_problem():
    assert not found(
        {
            "image": "x",
            "envs": ["A=1"],
            "ports": [{"internal": 80, "ip": "127.0.0.1"}],
            "healthcheck": {"tests": ["CMD", "true"], "retries": 3},
            "logOpts": {"max-size": "10m"},
            "tty": False,
            "__defaults": ["name"],
        }
    )


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, [("image", "is required")]),
        ({"image": None}, [("image", "is required")]),
        ({"image": 1}, [("image", "must be a string, not 1")]),
        ({"image": "x", "tty": "yes"}, [("tty", "must be true or false, not 'yes'")]),
        ({"image": "x", "memory": "64m"}, [("memory", "must be a whole number, not '64m'")]),
        ({"image": "x", "memory": True}, [("memory", "must be a whole number, not true")]),
        ({"image": "x", "memory": 1.5}, [("memory", "must be a whole number, not 1.5")]),
        ({"image": "x", "envs": "A=1"}, [("envs", "must be a list, not 'A=1'")]),
        ({"image": "x", "envs": [1]}, [("envs[0]", "must be a string, not 1")]),
        ({"image": "x", "logOpts": ["a"]}, [("logOpts", "must be a map, not a list")]),
        ({"image": "x", "logOpts": {"a": 1}}, [("logOpts.a", "must be a string, not 1")]),
        ({"image": "x", "ports": [80]}, [("ports[0]", "must be an object, not 80")]),
        ({"image": "x", "ports": [{}]}, [("ports[0].internal", "is required")]),
        ({"image": Asset({"path": "x"})}, [("image", "must be a string, not an asset")]),
        (
            {"image": "x", "tty": "a", "memory": "b"},
            [("tty", "must be true or false, not 'a'"), ("memory", "must be a whole number, not 'b'")],
        ),
    ],
)
def test_wrong_inputs_are_named_with_the_value(inputs, expected):
    assert found(inputs) == expected


def test_a_misspelt_property_is_refused_with_a_suggestion():
    ((path, wrong),) = found({"image": "x", "netwrksAdvanced": []})
    assert path == "netwrksAdvanced"
    assert wrong.startswith('no such property; did you mean "networksAdvanced"? (known: attach, ')


def test_a_misspelt_property_of_a_nested_object_is_refused():
    assert found({"image": "x", "ports": [{"internal": 80, "protcol": "udp"}]}) == [
        ("ports[0].protcol", 'no such property; did you mean "protocol"? (known: external, internal, ip, protocol)')
    ]


def test_a_property_that_the_engine_has_and_the_sdk_lacks_is_refused():
    ((path, wrong),) = found({"image": "x", "pidsLimit": 5})
    assert path == "pidsLimit"
    assert wrong.startswith("no such property; ")


def test_an_unknown_value_is_taken_as_right():
    assert not found({"image": UNKNOWN, "ports": [{"internal": UNKNOWN}]})


def test_a_secret_value_is_judged_without_its_wrapper():
    assert found({"image": Secret("x"), "envs": [Secret(1)]}) == [("envs[0]", "must be a string, not 1")]
