"""Resource plugins in the project's own PULUMI_HOME."""

from pathlib import Path

from components.errors import InputError, Problem

from . import cache, tools
from .places import Places
from .table import Tool, tool

STAND_IN = "# stand-in"
"""Marks the script that starts a stand-in instead of the official plugin."""


def place(row: Tool, places: Places) -> Path:
    """Where Pulumi looks for a plugin: https://www.pulumi.com/docs/iac/concepts/plugins/."""
    return places.home / "plugins" / f"resource-{row.plugin}-v{row.version}" / f"pulumi-resource-{row.plugin}"


def ensure_docker_build(places: Places) -> str:
    """Put the docker-build plugin into place."""
    row = tool("pulumi-resource-docker-build")
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
        _refuse_switch(path, places, stand_in=True)
        cache.write(path, _script(places), 0o755)
        return "stand-in (standins/docker)"
    _refuse_switch(path, places, stand_in=False)
    cache.link(path, found.program)
    return found.how


def _obtain(row: Tool, places: Places) -> tools.Found:
    """The user's own plugin of that very version, which is only linked to, else the ways of every tool."""
    program = Path.home() / ".pulumi" / "plugins" / place(row, places).parent.name / row.name
    return tools.Found(program, "the user's own") if program.is_file() else tools.obtain(row, places)


def is_stand_in(path: Path) -> bool:
    """Whether a plugin's program is a stand-in's script."""
    return path.is_file() and not path.is_symlink() and STAND_IN in path.read_text(errors="replace")[:200]


def _refuse_switch(path: Path, places: Places, *, stand_in: bool) -> None:
    """The two kinds must not read each other's state: a stand-in's resources are marked, and not the official form."""
    stacks = list(places.state.glob(".pulumi/stacks/**/*.json"))
    if not path.exists() or not stacks or is_stand_in(path) == stand_in:
        return
    was, comes = ("stand-in", "official plugin") if not stand_in else ("official plugin", "stand-in")
    fix = "run `make down` before set-up, or put the plugin back that was there"
    raise InputError(Problem(f"the state was written by the {was}, and the {comes} cannot read it", str(path), fix))


def _script(places: Places) -> str:
    return f"""\
#!/bin/sh
{STAND_IN}: not Pulumi's own docker plugin; see standins/docker/README.md
PYTHONPATH="{places.checkout}" exec "{places.python}" -m standins.docker "$@"
"""
