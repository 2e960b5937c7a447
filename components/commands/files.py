"""What the verbs that read Compose files have in common: their arguments, and how they read."""

import argparse
import os
from pathlib import Path

from .. import compose
from ..errors import InputError, Problem
from ..model import App, Text


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say which files are read, and with what."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="Compose files, merged in order; default: by convention"
    )
    parser.add_argument("--profile", action="append", default=[], metavar="NAME", help="an active profile; repeatable")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE", help="a variable; repeatable")
    parser.add_argument("--name", help="the application's name; default: the files' own")


def names(arguments: argparse.Namespace) -> list[str]:
    """The files that were named, else those that Compose would find in the working directory.

    Raises:
        InputError: there are none.
    """
    found = list(arguments.files) or [str(path) for path in compose.find(str(Path.cwd()))]
    if not found:
        raise InputError(Problem("no Compose file here", "", "name one, or go to the folder of compose.yaml"))
    return found


def variables(arguments: argparse.Namespace) -> dict[str, Text]:
    """The process's environment, as docker compose sees it, and what `--env` adds.

    Raises:
        InputError: an `--env` has no value.
    """
    given: dict[str, Text] = dict(os.environ)
    for entry in arguments.env:
        name, equals, value = entry.partition("=")
        if not equals:
            raise InputError(Problem(f'--env "{entry}" has no value', "", "write NAME=VALUE"))
        given[name] = value
    return given


def load(arguments: argparse.Namespace) -> App:
    """The application that the arguments name."""
    return compose.load(names(arguments), variables(arguments), arguments.profile, name=arguments.name)
