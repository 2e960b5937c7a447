"""Resource plugins in the project's own PULUMI_HOME."""

import json
from pathlib import Path

from components.errors import InputError, Problem

from . import cache, tools
from .places import Places
from .table import Tool, tool

STAND_IN = "# stand-in"
"""Marks the script that starts a stand-in instead of the official plugin."""
MARK = "__standin"
"""The output that a stand-in writes into every resource; see standins/server.py."""


def place(row: Tool, places: Places) -> Path:
    """Where Pulumi looks for a plugin: https://www.pulumi.com/docs/iac/concepts/plugins/."""
    return places.home / "plugins" / f"resource-{row.plugin}-v{row.version}" / f"pulumi-resource-{row.plugin}"


def ensure_docker_build(places: Places) -> str:
    """Put the docker-build plugin into place."""
    row = tool("pulumi-resource-docker-build")
    found = _obtain(row, places)
    cache.link(place(row, places), found.program)
    return found.how


def ensure_kubernetes(places: Places) -> str:
    """Put the kubernetes plugin into place: what is built here is an older one, which stands in for the official."""
    row = tool("pulumi-resource-kubernetes")
    found = _obtain(row, places)
    cache.link(place(row, places), found.program)
    return found.how


def ensure_docker(places: Places) -> str:
    """Put the docker plugin into place: the official one where it can be downloaded, else the stand-in.

    Returns:
        How it came.

    Raises:
        InputError: the state was written by the other kind of plugin.
    """
    row = tool("pulumi-resource-docker")
    path = place(row, places)
    try:
        found = _obtain(row, places)
    except InputError:
        refuse_switch(
            places, stand_in=True, fix=f"run `pulumi plugin install resource docker {row.version}`, and set up again"
        )
        cache.write(path, _script(places), 0o755)
        return "stand-in (standins/docker)"
    refuse_switch(places, stand_in=False, fix=f"move {found.program} away, run `make down`, and move it back")
    cache.link(path, found.program)
    return found.how


def _obtain(row: Tool, places: Places) -> tools.Found:
    """The user's own plugin of that very version, which is only linked to, else the ways of every tool."""
    program = Path.home() / ".pulumi" / "plugins" / place(row, places).parent.name / row.name
    return tools.Found(program, "the user's own") if program.is_file() else tools.obtain(row, places)


def is_stand_in(path: Path) -> bool:
    """Whether a plugin's program is a stand-in's script."""
    return path.is_file() and not path.is_symlink() and STAND_IN in path.read_text(errors="replace")[:200]


def refuse_switch(places: Places, *, stand_in: bool, fix: str) -> None:
    """A stand-in and the official plugin must not go on with each other's state; a stand-in marks what it writes.

    Args:
        places: of this checkout; its own file backend is looked at.
        stand_in: which of the two is about to be put into place.
        fix: how the other one is had again, which is what can take its things down.

    Raises:
        InputError: the other kind wrote a resource that a stack still has.
    """
    for path in sorted(places.state.glob(".pulumi/stacks/*/*.json")):
        latest = json.loads(path.read_text())["checkpoint"].get("latest") or {}
        written = [each for each in latest.get("resources") or () if str(each["type"]).startswith("docker:")]
        if any((MARK in (each.get("outputs") or {})) != stand_in for each in written):
            was, comes = ("official plugin", "stand-in") if stand_in else ("stand-in", "official plugin")
            what = f"its docker resources were written by the {was}, and the {comes} would take their place"
            raise InputError(Problem(what, f"stack {path.stem}", fix))


def _script(places: Places) -> str:
    return f"""\
#!/bin/sh
{STAND_IN}: not Pulumi's own docker plugin; see standins/README.md
PYTHONPATH="{places.checkout}" exec "{places.python}" -m standins.docker "$@"
"""
