"""Where a stack's file is. Needs nothing but Python: it is asked for before set-up."""

import re
from pathlib import Path

from components.errors import InputError, Problem, suggest

from .places import Places

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


def place(places: Places, name: str) -> Path:
    """Where a stack's file is, or would be.

    Raises:
        InputError: no stack can have that name.
    """
    if not _NAME.fullmatch(name):
        raise InputError(Problem(f'"{name}" is no name of a stack', fix="use letters, digits, -, _ and ."))
    return places.checkout / "stacks" / f"Pulumi.{name}.yaml"


def find(places: Places, name: str) -> Path:
    """A stack's file.

    Raises:
        InputError: there is none; the message has the likely one, and how to make one.
    """
    path = place(places, name)
    if not path.is_file():
        known = [each.name.removeprefix("Pulumi.").removesuffix(".yaml") for each in path.parent.glob("Pulumi.*.yaml")]
        fix = f"run `make new STACK={name} COMPOSE=<file>` to make it"
        raise InputError(Problem(f'there is no stack "{name}": {suggest(name, known)}', fix=fix))
    return path
