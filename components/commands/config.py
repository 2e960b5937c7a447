"""The resolved application: files merged, variables in place, short forms written out, as `docker compose config`."""

import argparse
import json
import sys

import yaml

from .. import compose
from ..errors import Problem
from . import files

HELP = "print the resolved application"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    files.add(parser)
    parser.add_argument("--format", choices=["yaml", "json"], default="yaml", help="default: yaml")


def run(arguments: argparse.Namespace) -> int:
    """Print it; keys sorted, like the reference."""
    warnings: list[Problem] = []
    tree = compose.resolve(
        files.names(arguments),
        files.variables(arguments),
        arguments.profile,
        directory=arguments.project_directory,
        name=arguments.name,
        warnings=warnings,
    )
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    # marked mappings and lists become plain ones: YAML writes what it has no type for in a form of its own
    plain = json.loads(json.dumps(tree, default=str))
    if arguments.format == "json":
        print(json.dumps(plain, indent=2, sort_keys=True, ensure_ascii=False))
    else:
        yaml.safe_dump(plain, sys.stdout, sort_keys=True, allow_unicode=True)
    return 0
