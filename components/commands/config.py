"""The resolved application: files merged, variables in place, short forms written out, as `docker compose config`.

What is printed can be read again as a Compose file: a dollar is written `$$`. A value that holds a secret of a stack
is printed as `[secret]`.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

from .. import compose
from ..compose import canonical
from ..errors import Problem
from . import as_yaml, files

HELP = "print the resolved application"
_ORDER = ("name", "services", "jobs", "networks", "volumes", "secrets", "configs", "models")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    files.add(parser)
    parser.add_argument("--format", choices=["yaml", "json"], default="yaml", help="default: yaml")
    parser.add_argument(
        "--no-env-resolution", action="store_true", help="leave env_file as it is, instead of reading the files"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print it; what is suspicious goes to standard error.

    Raises:
        InputError: the files or the arguments are wrong.
    """
    at = files.named(arguments)
    warnings: list[Problem] = list(at.warnings)
    tree = compose.resolve(
        at.files,
        at.env,
        at.profiles,
        directory=at.directory,
        name=at.name,
        dotenv=at.dotenv,
        variables=not arguments.no_env_resolution,
        warnings=warnings,
    )
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    print(_text(ordered(canonical.plain(tree)), arguments.format).replace("$", "$$"), end="")
    return 0


def ordered(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The groups in the order of the reference, then the extensions; the keys below them in alphabetical order."""
    groups = [key for key in _ORDER if key in tree]
    return {key: _sorted(tree[key]) for key in (*groups, *sorted(tree.keys() - set(groups)))}


def _text(tree: dict[str, Any], form: str) -> str:
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n" if form == "json" else as_yaml.dump(tree)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value
