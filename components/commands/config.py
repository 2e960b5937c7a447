"""The resolved application: files merged, variables in place, short forms written out, as `docker compose config`.

What is printed can be read again as a Compose file: a dollar is written `$$`. A value that holds a secret of a stack
is printed as `[secret]`.
"""

import argparse
import json
import sys
from typing import Any

import yaml

from .. import compose
from ..compose import canonical, scalars
from ..errors import Problem
from . import files

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
    print(_text(canonical.plain(tree), arguments.format).replace("$", "$$"), end="")
    return 0


def _text(tree: dict[str, Any], form: str) -> str:
    """The groups in the order of the reference, then the extensions; the keys below them in alphabetical order."""
    groups = [key for key in _ORDER if key in tree]
    ordered = {key: _sorted(tree[key]) for key in (*groups, *sorted(tree.keys() - set(groups)))}
    if form == "json":
        return json.dumps(ordered, indent=2, ensure_ascii=False) + "\n"
    return yaml.dump(ordered, Dumper=_Dumper, sort_keys=False, allow_unicode=True)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


class _Dumper(yaml.CSafeDumper):
    """Writes what YAML 1.2 reads as it was: PyYAML itself knows 1.1 alone."""

    def ignore_aliases(self, _data: Any) -> bool:
        """No anchors: values that are equal are so by chance."""
        return True

    def text(self, value: str) -> yaml.Node:
        """A string; quoted where it would be read as a number or the like."""
        read_as_text = value != "" and scalars.plain(value) == value
        return self.represent_scalar("tag:yaml.org,2002:str", value, style=None if read_as_text else '"')


_Dumper.add_representer(str, _Dumper.text)
