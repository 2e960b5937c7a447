"""What pulumi-aws's resources take: `arguments.json`, kind -> its arguments in snake_case (see `patch.Shape`).

The file is read off the classes of pulumi-aws 7.51.1, and what is JSON to these off AWS's own model: `$containers` has
the container definitions as `RegisterTaskDefinition` takes them. So a patch can be checked where no Pulumi is loaded.
tests/targets/ecs/test_ecs_arguments.py holds it against the installed versions, and writes it with
`pytest --update-goldens`.
"""

import functools
import json
from collections.abc import Mapping
from pathlib import Path

from ..patch import Patchable, Shape

NAMES = ("name", "containerName", "containerPort", "containerPath", "namespace", "key")
"""How containers, dependencies, ports, mounts, system controls and everything else are told apart."""
CONTAINERS = "$containers"
"""The shape of `container_definitions`."""


@functools.cache
def shapes() -> Mapping[str, Shape]:
    """Kind -> the arguments that it has."""
    found: dict[str, Shape] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    definitions = found.pop(CONTAINERS)
    found["TaskDefinition"] = {**found["TaskDefinition"], "container_definitions": definitions}
    return found


@functools.cache
def patchable() -> Patchable:
    """What `x-slipway.patch.ecs` can reach."""
    kinds = {kind: kind for kind in shapes()}
    return Patchable(target="ecs", kinds=kinds, shapes=shapes(), names=NAMES)
