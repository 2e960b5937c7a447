"""`arguments.json` is what the installed pulumi-docker says; `--update-goldens` writes it."""

import collections.abc
import enum
import inspect
import json
import typing
from pathlib import Path
from typing import Any

import pytest

from components.targets.docker.arguments import CLASSES
from components.targets.docker.component import CLASSES as CREATED
from standins.sdk import _namespace, _unwrap

FILE = Path("components/targets/docker/arguments.json")
NAMES = ("Network", "Volume", "RemoteImage", "Container", "Secret", "ServiceConfig", "Service")
SCALARS = {str: "string", bool: "boolean", int: "integer", float: "number"}


def shape(hint: Any) -> Any:
    """A type of the SDK as a `patch.Shape`."""
    hint, _ = _unwrap(hint)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (list, collections.abc.Sequence):
        return [shape(args[0])]
    if origin in (dict, collections.abc.Mapping):
        return {"*": shape(args[1])}
    if hasattr(hint, "_pulumi_input_type"):
        return arguments(hint)
    if origin is typing.Union:  # an asset, an enum beside its values
        return next((shape(each) for each in args if each in SCALARS), None)
    if inspect.isclass(hint) and issubclass(hint, enum.Enum):
        return "string"
    return SCALARS.get(hint)


def arguments(cls: Any) -> dict[str, Any]:
    getters = {name: member.fget for name, member in vars(cls).items() if isinstance(member, property)}
    hints = {name: typing.get_type_hints(getter, _namespace(cls))["return"] for name, getter in getters.items()}
    return {name: shape(hint) for name, hint in sorted(hints.items())}


def test_the_file_is_what_the_installed_classes_say(request: pytest.FixtureRequest) -> None:
    import pulumi_docker  # noqa: PLC0415 - takes a second

    said = {name: arguments(getattr(pulumi_docker, f"{name}Args")) for name in NAMES}
    if request.config.getoption("--update-goldens"):
        FILE.write_text(json.dumps(said, indent=1) + "\n")
    assert json.loads(FILE.read_text()) == said, "run pytest --update-goldens"


def test_a_patch_reaches_every_class_that_is_created() -> None:
    assert {kind: CREATED[kind].__name__ for kind in CREATED} == {kind: name for name, kind in CLASSES.items()}
