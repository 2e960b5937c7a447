"""What pulumi-gcp's resources take: `arguments.json`, kind -> its arguments in snake_case (see `patch.Shape`).

The file is read off the classes of pulumi-gcp 10.2.0, so that a patch can be checked where no Pulumi is loaded.
tests/targets/cloudrun/test_cloudrun_arguments.py holds it against the installed version, and writes it with
`pytest --update-goldens`.
"""

import functools
import json
from collections.abc import Mapping
from pathlib import Path

from ..patch import Patchable, Shape

NAMES = ("name", "mount_path", "container_port", "key")
"""How containers, variables, volumes, mounts and everything else are told apart."""


@functools.cache
def shapes() -> Mapping[str, Shape]:
    """Kind -> the arguments that it has."""
    found: Mapping[str, Shape] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return found


@functools.cache
def patchable() -> Patchable:
    """What `x-slipway.patch.cloudrun` can reach."""
    return Patchable(target="cloudrun", kinds={kind: kind for kind in shapes()}, shapes=shapes(), names=NAMES)
