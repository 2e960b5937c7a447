"""Where a stack's target is, as far as its file says: what rendering needs of it, and no more."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem
from .stacks import Stack


def block(stack: Stack, where: str, file: str | None) -> Mapping[str, Any]:
    """What a stack's `slipway:cluster` says of its cluster.

    Args:
        stack: the stack.
        where: what messages begin with: `stack kubernetes`.
        file: what another stack puts out as `access`, where the cluster is that stack's.

    Raises:
        InputError: it is another stack's, or made with the application, and the file is missing or something else.
    """
    if "existing" in stack.cluster or not stack.cluster:
        return stack.cluster.get("existing") or {}
    if file is None and "new" in stack.cluster:
        what = "the cluster is made with the application, and nothing is known of it before"
        raise InputError(Problem(what, where, "give it a stack of its own, and write --access FILE"))
    if file is None:
        name = stack.cluster.get("stack", "NAME")
        fix = f"write --access FILE, made by `pulumi stack output access --json --stack {name}`"
        raise InputError(Problem("the cluster is another stack's, which is not read here", where, fix))
    try:
        found = json.loads(Path(file).read_bytes())
    except OSError as error:
        raise InputError(Problem(f'cannot read "{file}" ({error.strerror})', "--access", "check the path")) from None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise InputError(Problem("it is not a JSON object", file, "make it by `pulumi stack output access --json`"))
    return {key: value for key, value in found.items() if key != "kind" and value is not None}
