"""The schema that programs in other languages see. Not proved: that each language's code generator likes it."""

import ast
import inspect
import json
import tomllib
import types
import typing
from pathlib import Path

import pulumi
import pytest

from components import provider

GOLDEN = Path(__file__).parent / "schema.json"
COMPONENTS = provider.components()


@pytest.fixture(scope="module")
def schema() -> dict:
    return json.loads(provider.Provider().schema)


def test_the_schema_is_the_golden_one(schema, request: pytest.FixtureRequest) -> None:
    text = json.dumps(schema, indent=2) + "\n"
    if request.config.getoption("--update-goldens"):
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()


def test_every_component_of_the_library_is_offered(schema) -> None:
    classes = [
        node.name
        for path in Path("components").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and "pulumi.ComponentResource" in map(ast.unparse, node.bases)
    ]
    assert sorted(schema["resources"]) == sorted(f"slipway:index:{name}" for name in classes)


def test_the_schema_has_the_version_of_the_package(schema) -> None:
    assert schema["version"] == tomllib.loads(Path("pyproject.toml").read_text())["project"]["version"]


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda each: each.__name__)
def test_a_component_is_made_from_name_args_and_opts(component) -> None:
    signature = inspect.signature(component.__init__)
    assert list(signature.parameters) == ["self", "name", "args", "opts"]
    assert signature.parameters["name"].annotation is str
    assert typing.is_typeddict(signature.parameters["args"].annotation)
    assert signature.parameters["opts"].annotation == pulumi.ResourceOptions | None


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda each: each.__name__)
def test_arguments_use_only_types_that_every_language_has(component) -> None:
    # The analyzer takes the first of several types in silence, so that it cannot be relied on here.
    hints = inspect.get_annotations(inspect.signature(component.__init__).parameters["args"].annotation)
    assert [name for name, hint in hints.items() if foreign(hint)] == []


def parts(hint) -> list:
    return [hint, *(part for argument in typing.get_args(hint) for part in parts(argument))]


def foreign(hint) -> bool:
    """Whether it has a literal, a tuple, or a union other than with None; `pulumi.Input` is one, and is none here."""
    unions = [part for part in parts(hint) if typing.get_origin(part) in (typing.Union, types.UnionType)]
    several = any(len([option for option in typing.get_args(union) if counts(option)]) > 1 for union in unions)
    return several or any(typing.get_origin(part) in (tuple, typing.Literal) or part is tuple for part in parts(hint))


def counts(option) -> bool:
    return option is not types.NoneType and "Awaitable" not in str(option) and "Output" not in str(option)


@pytest.mark.parametrize(
    ("hint", "verdict"),
    [
        (typing.NotRequired[dict[str, pulumi.Input[str]] | None], False),
        (pulumi.Input[str] | None, False),
        (typing.NotRequired[list[str | int]], True),
        (typing.Literal["a"] | None, True),
        (tuple[str, ...], True),
    ],
)
def test_the_rule_for_types_tells_right_from_wrong(hint, verdict: bool) -> None:
    assert foreign(hint) is verdict
