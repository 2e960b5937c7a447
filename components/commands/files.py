"""What the verbs that read Compose files have in common: their arguments, and how they read."""

import argparse
import os

from .. import compose
from ..compose import dotenv
from ..errors import InputError, Problem
from ..model import App, Text


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say which files are read, and with what."""
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="Compose files, merged in order; default: compose.yaml, as Compose does",
    )
    parser.add_argument("--profile", action="append", default=[], metavar="NAME", help="an active profile; repeatable")
    parser.add_argument(
        "--env-file",
        action="append",
        default=[],
        metavar="FILE",
        help="variables, one NAME=VALUE a line; they win over the .env beside the files; repeatable, the later wins",
    )
    parser.add_argument(
        "--env",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a variable; it wins over the process's environment, which wins over every file; repeatable",
    )
    parser.add_argument("--name", help="the application's name; default: the files' own, else their folder's")
    parser.add_argument("--project-directory", metavar="FOLDER", help="what relative paths begin at; default: FILE's")


def names(arguments: argparse.Namespace) -> list[str]:
    """The files that were named, else those that Compose would find in the working directory.

    Raises:
        ComposeError: there are none.
    """
    return list(arguments.files) or compose.find(".")


def variables(arguments: argparse.Namespace) -> dict[str, Text]:
    """`--env-file`, then the process's environment, as docker compose sees it, then `--env`; the later wins.

    Raises:
        InputError: an `--env` has no value, or a file is wrong.
    """
    problems = [
        Problem(f'--env "{entry}" has no value', fix="write NAME=VALUE") for entry in arguments.env if "=" not in entry
    ]
    if problems:
        raise InputError(problems)
    filed: dict[str, str] = {}
    for file in arguments.env_file:
        filed |= dotenv.parse_file(file, {**filed, **os.environ})
    named = dict(entry.split("=", 1) for entry in arguments.env)
    return {**filed, **os.environ, **named}


def load(arguments: argparse.Namespace) -> App:
    """The application that the arguments name."""
    return compose.load(
        names(arguments),
        variables(arguments),
        arguments.profile,
        directory=arguments.project_directory,
        name=arguments.name,
    )
