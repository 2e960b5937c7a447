"""`arguments.json` is what the installed pulumi-docker says; `--update-goldens` writes it."""

import json
from pathlib import Path

import pytest
from sdk_shapes import arguments

from components.targets.docker.arguments import CLASSES
from components.targets.docker.component import CLASSES as CREATED

FILE = Path("components/targets/docker/arguments.json")
NAMES = ("Network", "Volume", "RemoteImage", "Container", "Secret", "ServiceConfig", "Service")


def test_the_file_is_what_the_installed_classes_say(request: pytest.FixtureRequest) -> None:
    import pulumi_docker  # noqa: PLC0415 - takes a second

    said = {name: arguments(getattr(pulumi_docker, f"{name}Args")) for name in NAMES}
    if request.config.getoption("--update-goldens"):
        FILE.write_text(json.dumps(said, indent=1) + "\n")
    assert json.loads(FILE.read_text()) == said, "run pytest --update-goldens"


def test_a_patch_reaches_every_class_that_is_created() -> None:
    assert {kind: CREATED[kind].__name__ for kind in CREATED} == {kind: name for name, kind in CLASSES.items()}
