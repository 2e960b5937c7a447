"""`arguments.json` is what the installed pulumi-kubernetes says; `--update-goldens` writes it."""

import collections.abc
import importlib
import inspect
import json
import typing
from pathlib import Path
from typing import Any

import pytest
from apps import app, service

from components.model import ServiceExtension
from components.targets.kubernetes import arguments
from components.targets.kubernetes.kinds import API_VERSIONS
from components.targets.kubernetes.render import patchable
from components.targets.patch import conflicts
from standins.sdk import _namespace, _unwrap

FILE = Path("components/targets/kubernetes/arguments.json")
SCALARS = {str: "string", bool: "boolean", int: "integer", float: "number"}
CUSTOM = ("ExternalSecret", "HTTPRoute")


def shape(hint: Any, types: dict[str, Any]) -> Any:
    """A type of the SDK as a `patch.Shape`, a class by its name; what the class holds is put into `types`."""
    hint, _ = _unwrap(hint)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (list, collections.abc.Sequence):
        return [shape(args[0], types)]
    if origin in (dict, collections.abc.Mapping):
        return {"*": shape(args[1], types)}
    if hasattr(hint, "_pulumi_input_type"):
        name = f"{hint.__module__.split('.', 1)[1].removesuffix('._inputs')}.{hint.__name__.removesuffix('Args')}"
        if name not in types:
            types[name] = {}
            types[name] = held(hint, types)
        return name
    if origin is typing.Literal:
        return "string"
    if origin is typing.Union:  # a number or a percentage
        return next((None for each in args if each in SCALARS), None)
    return SCALARS.get(hint) if inspect.isclass(hint) else None


def held(cls: Any, types: dict[str, Any]) -> dict[str, Any]:
    """The API's names of what a class holds, and their shapes."""
    getters = {name: member.fget for name, member in vars(cls).items() if isinstance(member, property)}
    hints = {
        getattr(getter, "_pulumi_name", name): typing.get_type_hints(getter, _namespace(cls))["return"]
        for name, getter in getters.items()
    }
    return {name: shape(hint, types) for name, hint in sorted(hints.items())}


def test_the_file_is_what_the_installed_classes_say(request: pytest.FixtureRequest) -> None:
    said: dict[str, Any] = {}
    for kind, version in API_VERSIONS.items():
        if kind in CUSTOM:
            continue
        group, _, number = version.rpartition("/")
        module = importlib.import_module(f"pulumi_kubernetes.{(group or 'core').partition('.')[0]}.{number}")
        said[kind] = held(getattr(module, f"{kind}InitArgs"), said)
        said[kind] = {key: inner for key, inner in said[kind].items() if key not in ("apiVersion", "kind", "status")}
    if request.config.getoption("--update-goldens"):
        FILE.write_text(json.dumps(dict(sorted(said.items())), indent=1) + "\n")
    assert json.loads(FILE.read_text()) == said, "run pytest --update-goldens"


def test_every_kind_has_its_shape_but_those_of_others() -> None:
    assert {kind for kind, shape in arguments.shapes().items() if shape is None} == set(CUSTOM)


def patched(change: dict[str, Any]) -> list[tuple[str, str]]:
    web = service("web", x_slipway=ServiceExtension(patch={"kubernetes": change}))
    return [(found.what, found.fix) for found in conflicts(app(web), patchable())]


def test_a_patch_reaches_deep_into_a_pod() -> None:
    spec = {"spec": {"template": {"spec": {"nodeSelector": {"disk": "ssd"}, "containers": [{"tty": True}]}}}}
    assert patched({"Deployment": spec}) == []


def test_a_patch_of_what_no_pod_has_is_a_conflict() -> None:
    ((what, fix),) = patched({"Deployment": {"spec": {"template": {"spec": {"nodeSelectors": {}}}}}})
    assert what == 'there is no "nodeSelectors"'
    assert fix.startswith('did you mean "nodeSelector"? (known: activeDeadlineSeconds, affinity, ')
