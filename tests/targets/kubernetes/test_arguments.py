"""`arguments.json` is what the installed pulumi-kubernetes says; `--update-goldens` writes it."""

import collections.abc
import enum
import inspect
import json
import typing
from pathlib import Path
from typing import Any

import pytest

from components.targets.kubernetes import arguments
from components.targets.kubernetes.kinds import API_VERSIONS
from standins.sdk import _namespace, _unwrap

FILE = Path("components/targets/kubernetes/arguments.json")
SCALARS = {str: "string", bool: "boolean", int: "integer", float: "number"}
LEFT_OUT = {"api_version", "kind", "status"}


def name_of(cls: type) -> str:
    """`core.v1.PodSpec`, of `pulumi_kubernetes.core.v1._inputs.PodSpecArgs`."""
    _, group, version = cls.__module__.split(".")[:3]
    return f"{group}.{version}.{cls.__name__.removesuffix('Args')}"


def shape(hint: Any, types: dict[str, Any]) -> Any:
    """A type of the SDK as a `patch.Shape`; a class is a name in `types`."""
    hint, _ = _unwrap(hint)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (list, collections.abc.Sequence):
        return [shape(args[0], types)]
    if origin in (dict, collections.abc.Mapping):
        return {"*": shape(args[1], types)}
    if hasattr(hint, "_pulumi_input_type"):
        if name_of(hint) not in types:
            types[name_of(hint)] = {}
            types[name_of(hint)] = fields(hint, types)
        return f"#{name_of(hint)}"
    if origin is typing.Union:  # an integer or a string: a port, an amount
        return None
    if inspect.isclass(hint) and issubclass(hint, enum.Enum):
        return "string"
    return SCALARS.get(hint)


def fields(cls: Any, types: dict[str, Any]) -> dict[str, Any]:
    """API name -> shape."""
    from pulumi._types import input_type_py_to_pulumi_names  # noqa: PLC0415 - what the SDK itself goes by

    names = input_type_py_to_pulumi_names(cls)
    getters = {name: member.fget for name, member in vars(cls).items() if isinstance(member, property)}
    hints = {name: typing.get_type_hints(getter, _namespace(cls))["return"] for name, getter in getters.items()}
    return {names[name]: shape(hint, types) for name, hint in sorted(hints.items()) if name not in LEFT_OUT}


def said() -> dict[str, Any]:
    """What the installed classes say."""
    import importlib  # noqa: PLC0415 - with the SDK, which takes a second

    types: dict[str, Any] = {}
    kinds: dict[str, Any] = {}
    for kind, api in API_VERSIONS.items():
        if kind in arguments.CUSTOM:
            continue
        group, _, version = api.rpartition("/")
        module = importlib.import_module(f"pulumi_kubernetes.{group.partition('.')[0] or 'core'}.{version}")
        kinds[kind] = fields(getattr(module, kind).__init__.__globals__[f"{kind}InitArgs"], types)
    return {**kinds, **dict(sorted(types.items()))}


def test_the_file_is_what_the_installed_classes_say(request: pytest.FixtureRequest) -> None:
    found = said()
    if request.config.getoption("--update-goldens"):
        FILE.write_text(json.dumps(found, indent=1) + "\n")
    assert json.loads(FILE.read_text()) == found, "run pytest --update-goldens"


def test_a_patch_reaches_the_deepest_field_of_a_pod() -> None:
    pod = arguments.shapes()["Deployment"]["spec"]["template"]["spec"]
    action = pod["containers"][0]["livenessProbe"]["httpGet"]
    assert (pod["nodeSelector"], action["path"], action["port"]) == ({"*": "string"}, "string", None)


def test_every_kind_has_a_shape() -> None:
    assert set(arguments.shapes()) == set(API_VERSIONS)
