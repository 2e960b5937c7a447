"""`arguments.json` is what the installed pulumi-aws and botocore say; `--update-goldens` writes it."""

import importlib
import json
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.model import Shape
from sdk_shapes import arguments

from components.targets.ecs.arguments import CONTAINERS, patchable
from components.targets.ecs.kinds import CLASSES

FILE = Path("components/targets/ecs/arguments.json")
SCALARS = {"string": "string", "boolean": "boolean", "integer": "integer", "long": "integer", "double": "number"}


def class_arguments(path: str) -> dict[str, Any]:
    module, name = path.rsplit(".", 1)
    return arguments(getattr(importlib.import_module(f"pulumi_aws.{module}"), f"{name}Args"))


def api_shape(shape: Shape) -> Any:
    if shape.type_name == "structure":
        return {name: api_shape(member) for name, member in sorted(shape.members.items())}
    if shape.type_name == "list":
        return [api_shape(shape.member)]
    return {"*": api_shape(shape.value)} if shape.type_name == "map" else SCALARS[shape.type_name]


def test_the_file_is_what_the_installed_versions_say(request: pytest.FixtureRequest) -> None:
    said = {kind: class_arguments(path) for kind, path in CLASSES.items()}
    model = botocore.session.get_session().get_service_model("ecs")
    said[CONTAINERS] = api_shape(model.shape_for("ContainerDefinitions"))
    if request.config.getoption("--update-goldens"):
        FILE.write_text(json.dumps(said, indent=1) + "\n")
    assert json.loads(FILE.read_text()) == said, "run pytest --update-goldens"


def test_a_patch_reaches_every_kind_and_the_containers_within_a_task() -> None:
    assert set(patchable().kinds) == set(CLASSES)
    assert patchable().shapes["TaskDefinition"]["container_definitions"][0]["essential"] == "boolean"
