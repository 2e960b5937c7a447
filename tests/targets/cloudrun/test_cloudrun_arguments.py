"""`arguments.json` is what the installed pulumi-gcp says; `--update-goldens` writes it."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from sdk_shapes import arguments

from components.targets.cloudrun.arguments import patchable
from components.targets.cloudrun.kinds import CLASSES

FILE = Path("components/targets/cloudrun/arguments.json")


def class_arguments(path: str) -> dict[str, Any]:
    module, name = path.rsplit(".", 1)
    return arguments(getattr(importlib.import_module(f"pulumi_gcp.{module}"), f"{name}Args"))


def test_the_file_is_what_the_installed_version_says(request: pytest.FixtureRequest) -> None:
    said = {kind: class_arguments(path) for kind, path in CLASSES.items()}
    if request.config.getoption("--update-goldens"):
        FILE.write_text(json.dumps(said, indent=1) + "\n")
    assert json.loads(FILE.read_text()) == said, "run pytest --update-goldens"


def test_a_patch_reaches_every_kind_and_the_containers_within_a_template() -> None:
    assert set(patchable().kinds) == set(CLASSES)
    template = patchable().shapes["Service"]["template"]
    assert template["containers"][0]["resources"]["cpu_idle"] == "boolean"
