"""Compose files -> `model.App`: the phases, in their order.

A layer is the files of one project directory; every `include` is a layer of its own, loaded the same way.

    per document    read -> interpolate -> old_names -> schema, extension -> short_forms
    per layer       include -> extends -> merge -> schema of what was merged -> defaults -> paths
    the whole       normalise -> profiles -> check -> env_files -> bind

Each phase is a module of that name; its docstring says what it does and which chapter of the specification it follows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from ..errors import Problem
from ..model import App, Text
from . import bind, check, env_files, layer, normalise, profiles, project
from .project import Project, find
from .tree import Map

__all__ = ["find", "load", "resolve"]


def load(
    files: Sequence[str],
    env: Mapping[str, Text],
    profiles: Collection[str] = (),
    *,
    directory: str | None = None,
    name: str | None = None,
    dotenv: bool = True,
) -> App:
    """Load an application.

    Args:
        files: at least one path, relative to the working directory; later files are merged over earlier ones.
        env: the variables of interpolation. A value may hold secrets.
        profiles: the profiles that are active; `*` is all; none: those of the variable `COMPOSE_PROFILES`.
        directory: the project directory; default: that of the first file.
        name: the project's name; default: the variable `COMPOSE_PROJECT_NAME`, the files' `name:`, the directory's.
        dotenv: whether the project directory's `.env` is read too; `env` wins over it.

    Raises:
        ComposeError: all problems of the first phase that found any.
    """
    at = project.open_project(files, env, profiles, directory=directory, name=name, dotenv=dotenv)
    with at.masked():
        root = _resolved(at)
        problems: list[Problem] = []
        env_files.variables(root, at.env, problems, at.layer.warnings)
        layer.report(problems)
        app = bind.bind(at.ledger.reveal(root), at.directory, at.texts, problems)
        layer.report(problems)
    return replace(app, warnings=at.warnings)


def resolve(  # noqa: PLR0913 - the arguments of `load`, and two more
    files: Sequence[str],
    env: Mapping[str, Text],
    profiles: Collection[str] = (),
    *,
    directory: str | None = None,
    name: str | None = None,
    dotenv: bool = True,
    variables: bool = False,
    warnings: list[Problem] | None = None,
) -> Map:
    """The tree of an application: everything in its long form, from which `canonical.plain` makes what is printed.

    Args and Raises: as `load`. With `variables`, those of `env_file` are put under `environment`, and `env_file` is
    taken out. What would be `App.warnings` is added to `warnings`. A value that holds a secret is a `model.Parts`.
    """
    at = project.open_project(files, env, profiles, directory=directory, name=name, dotenv=dotenv)
    with at.masked():
        root = _resolved(at)
        if variables:
            problems: list[Problem] = []
            env_files.variables(root, at.env, problems, at.layer.warnings)
            layer.report(problems)
            env_files.discard(root)
    if warnings is not None:
        warnings += at.warnings
    result: Map = at.ledger.reveal(root)
    return result


def _resolved(at: Project) -> Map:
    root = layer.load(at.layer, at.documents)
    if not root:
        layer.report([Problem("is empty", at.layer.files[0], "describe at least one service under services:")])
    normalise.normalise(root, at.name, at.env)
    inactive = profiles.split(root, at.profiles)
    problems: list[Problem] = []
    check.check(root, inactive, problems)
    layer.report(problems)
    env_files.labels(root, problems, at.layer.warnings)
    layer.report(problems)
    return root
