"""What the objects' manifests may hold: `arguments.json`, so that a patch is checked where no Pulumi is loaded.

The file is read off the input types of pulumi-kubernetes 4.34.2, which are made from the API of Kubernetes. A type has
a row of its own, `io.k8s.api.core.v1.PodSpec` is `core.v1.PodSpec`, because most kinds share most of them.
tests/targets/kubernetes/test_kubernetes_arguments.py holds it against the installed version, and writes it with
`pytest --update-goldens`.
"""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..patch import Shape
from .kinds import API_VERSIONS

NAMES = ("mountPath", "devicePath", "containerPort", "ip", "topologyKey", "name", "port")
"""How mounts, devices, ports, host aliases, spread constraints, and everything else are told apart: the API's own merge
keys (https://kubernetes.io/docs/reference/kubernetes-api/, "patch merge key"). The first that all items have counts."""

SCALARS = ("string", "integer", "number", "boolean")


@functools.cache
def shapes() -> Mapping[str, Shape]:
    """Kind -> what its manifest may hold beside `apiVersion` and `kind`; None: anything, as it is another's type."""
    types = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    made: dict[str, Shape] = {}
    return {kind: _shape(kind, types, made) if kind in types else None for kind in API_VERSIONS}


def _shape(written: Any, types: Mapping[str, Any], made: dict[str, Shape]) -> Shape:
    """A type's name replaced by what it holds, the same mapping wherever it is named."""
    if isinstance(written, list):
        return [_shape(written[0], types, made)]
    if isinstance(written, Mapping):
        return {key: _shape(inner, types, made) for key, inner in written.items()}
    if written is None or written in SCALARS:
        return written
    if written not in made:
        made[written] = {}
        made[written].update(_shape(types[written], types, made))
    return made[written]
