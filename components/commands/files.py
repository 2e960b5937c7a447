"""What the verbs that read Compose files have in common: their arguments, and how they read.

As with docker compose, the process's environment is seen, and its variables `COMPOSE_FILE`, `COMPOSE_PATH_SEPARATOR`,
`COMPOSE_ENV_FILES`, `COMPOSE_DISABLE_ENV_FILE`, `COMPOSE_PROFILES` and `COMPOSE_PROJECT_NAME` count; all but the ones
about files of variables may stand in such a file. With `--stack`, only what that stack sees is seen.
"""

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import compose
from ..compose import dotenv, project
from ..errors import InputError, Problem
from ..model import App, Text
from . import stacks


@dataclass(frozen=True, kw_only=True)
class Named:
    """What the arguments name.

    Attributes:
        files: at least one.
        env: the variables, those of every file of variables among them.
        profiles: the active ones; none: those that `env` names.
        directory: the project's; None: that of the first file.
        name: the application's; None: what the files or their folder say.
        dotenv: whether the `.env` beside the files is read still.
        warnings: what is suspicious in files of variables.
    """

    files: tuple[str, ...]
    env: Mapping[str, Text]
    profiles: tuple[str, ...] = ()
    directory: str | None = None
    name: str | None = None
    dotenv: bool = False
    warnings: tuple[Problem, ...] = ()


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say which files are read, and with what."""
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="Compose files, merged in order; default: COMPOSE_FILE, else compose.yaml, as Compose does",
    )
    parser.add_argument("--profile", action="append", default=[], metavar="NAME", help="an active profile; repeatable")
    parser.add_argument(
        "--env-file",
        action="append",
        default=[],
        metavar="FILE",
        help="variables, one NAME=VALUE a line, instead of the .env beside the files; repeatable, the later wins",
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
    parser.add_argument(
        "--stack",
        metavar="NAME",
        help="see what this stack sees: its files, variables and profiles, and of the environment only slipway:passEnv",
    )


def load(arguments: argparse.Namespace) -> App:
    """The application that the arguments name."""
    at = named(arguments)
    return compose.load(at.files, at.env, at.profiles, directory=at.directory, name=at.name, dotenv=at.dotenv)


def named(arguments: argparse.Namespace) -> Named:
    """What the arguments name.

    Raises:
        InputError: an `--env` has no value, an argument cannot go with `--stack`, or a file of variables is wrong.
        ComposeError: there are no files.
    """
    problems = [
        Problem(f'--env "{entry}" has no value', fix="write NAME=VALUE") for entry in arguments.env if "=" not in entry
    ]
    if arguments.stack is not None:
        problems += [
            Problem(f"--{key.replace('_', '-')} cannot go with --stack", fix=f"write it into the stack's {setting}")
            for key, setting in (("env_file", "slipway:env"), ("project_directory", "slipway:compose"))
            if getattr(arguments, key)
        ]
    if problems:
        raise InputError(problems)
    own = dict(entry.split("=", 1) for entry in arguments.env)
    return _of_shell(arguments, own) if arguments.stack is None else _of_stack(arguments, own)


def _of_stack(arguments: argparse.Namespace, own: Mapping[str, str]) -> Named:
    stack = stacks.read(arguments.stack)
    passed = {name: os.environ[name] for name in stack.pass_env if name in os.environ}
    return Named(
        files=tuple(arguments.files) or stack.compose,
        env={**passed, **stack.env, **own},
        profiles=tuple(arguments.profile) or stack.profiles,
        name=arguments.name or stack.name,
        dotenv=True,
    )


def _of_shell(arguments: argparse.Namespace, own: Mapping[str, str]) -> Named:
    env = {"PWD": os.getcwd(), **os.environ, **own}  # noqa: PTH109 - strings in, strings out
    warnings: list[Problem] = []
    files: tuple[str, ...] = tuple(arguments.files)
    directory = arguments.project_directory
    start = directory or (os.path.dirname(files[0]) if files else "") or "."  # noqa: PTH120 - strings in, strings out
    variables = arguments.env_file or list(filter(None, env.get("COMPOSE_ENV_FILES", "").split(",")))
    beside = not variables and env.get("COMPOSE_DISABLE_ENV_FILE", "").lower() not in ("1", "t", "true")
    filed: dict[str, str] = project.beside(start, env, warnings) if beside else {}
    for file in variables:
        filed |= dotenv.parse_file(file, {**filed, **env}, warnings)
    seen: dict[str, Any] = {**filed, **env}
    if not files and "COMPOSE_FILE" in seen:
        files = tuple(seen["COMPOSE_FILE"].split(seen.get("COMPOSE_PATH_SEPARATOR") or os.pathsep))
    return Named(
        files=files or tuple(compose.find(start)),
        env=seen,
        profiles=tuple(arguments.profile),
        directory=directory,
        name=arguments.name,
        dotenv=beside,
        warnings=tuple(warnings),
    )
