"""What pulumi-docker's resources take: `arguments.json`, class name -> its arguments in snake_case (see `patch.Shape`).

The file is read off the classes of pulumi-docker 5.2.0, so that a patch can be checked where no Pulumi is loaded.
tests/targets/docker/test_docker_arguments.py holds it against the installed version, and writes it with
`pytest --update-goldens`.
"""

import functools
import json
from collections.abc import Mapping
from pathlib import Path

from ..patch import Patchable, Shape

CLASSES: Mapping[str, str] = {
    "Network": "network",
    "Volume": "volume",
    "RemoteImage": "image",
    "Container": "container",
}
"""How a kind is written in a patch, which is the class that creates it -> the kind of its rows."""

NAMES = ("name", "label", "file", "container_path", "target", "host", "path", "host_path")
"""How ulimits, labels, uploads, volumes, mounts, hosts, device limits and devices are told apart."""


@functools.cache
def shapes() -> Mapping[str, Shape]:
    """Class name -> the arguments that it has; Swarm's classes are among them."""
    found: Mapping[str, Shape] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return found


@functools.cache
def patchable() -> Patchable:
    """What `x-slipway.patch.docker` can reach."""
    return Patchable(target="docker", kinds=CLASSES, shapes=shapes(), names=NAMES)
