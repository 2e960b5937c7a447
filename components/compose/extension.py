"""The `x-slipway` block: what Compose has no word for, of a service and of a volume.

Its variables, merges, `extends` and `include` are those of any mapping. This is what the official schema does for
Compose's own keys: the types that values have by their path, then a JSON schema, then what one key alone cannot tell.
"""

import functools
import json
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

import jsonschema_rs

from ..errors import Problem
from ..model import Path
from . import schema
from .interpolate import boolean, integer, number
from .tree import Map, rewrite, table, where

BLOCK = "x-slipway"
_HERE = ("services", "volumes")
_ELSEWHERE = ("configs", "jobs", "models", "networks", "secrets")
_SERVICE = {
    "autoscale.cpu": number,
    "autoscale.max": integer,
    "autoscale.memory": number,
    "autoscale.min": integer,
    "autoscale.requests": number,
    "ingress.internal": boolean,
    "ingress.port": integer,
    "ingress.redirect_http": boolean,
    "ingress.sticky": boolean,
}
CASTS = table(
    {
        **{f"services.*.{BLOCK}.{path}": row for path, row in _SERVICE.items()},
        f"volumes.*.{BLOCK}.keep": boolean,
        f"volumes.*.{BLOCK}.shared": boolean,
    }
)
"""What a string becomes by its path: a variable is a string wherever it stands."""


@functools.cache
def blocks() -> Any:
    """The schema, parsed: `$defs` has one for a service's block and one for a volume's, by their groups' names."""
    file = FilePath(__file__).parent / "x-slipway.schema.json"
    return json.loads(file.read_text(encoding="utf-8"))


@functools.cache
def _validator(kind: str) -> Any:
    return jsonschema_rs.validator_for({**blocks(), "$ref": f"#/$defs/{kind}"})


def check(root: Map, problems: list[Problem]) -> None:
    """Check every block of a document, and give its values their types, in place.

    Args:
        root: the document, with its variables replaced.
        problems: what is wrong is added here.
    """
    problems += _misplaced(root)
    found = list(_blocks(root, _HERE))
    if not found:
        return
    rewrite(root, CASTS, problems)
    mistyped = {problem.where for problem in problems}
    for kind, name, block in found:
        path: Path = (kind, name, BLOCK)
        wrong = [
            problem
            for error in _validator(kind).iter_errors(block)
            for problem in schema.report(root, blocks(), error, path)
        ]
        problems += [problem for problem in wrong if problem.where not in mistyped]
        if not wrong and kind == "services":
            problems += _limits(root, path, block)


def _blocks(root: Map, kinds: tuple[str, ...]) -> Iterator[tuple[str, str, Any]]:
    for kind in kinds:
        group = root.get(kind)
        for name, element in group.items() if isinstance(group, Map) else ():
            if isinstance(element, Map) and BLOCK in element:
                yield kind, name, element[BLOCK]


def _limits(root: Map, path: Path, block: Any) -> Iterator[Problem]:
    scale = block.get("autoscale") or {}
    low, high = scale.get("min"), scale.get("max")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield Problem(f"min {low} is more than max {high}", where(root, (*path, "autoscale", "min")), "lower it")


def _misplaced(root: Map) -> Iterator[Problem]:
    places: list[Path] = [(BLOCK,)] if BLOCK in root else []
    places += [(kind, name, BLOCK) for kind, name, _ in _blocks(root, _ELSEWHERE)]
    for path in places:
        yield Problem("has no meaning here", where(root, path), "write it in a service or a volume")
