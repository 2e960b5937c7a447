"""How a tool gets here: the user's own, else the official download, else built from Go modules."""

import json
import platform
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from components.errors import InputError, Problem

from . import cache, download, golang
from .places import Places
from .shell import run
from .table import Module, Tool

_MACHINES = {"x86_64": "linux-amd64", "aarch64": "linux-arm64"}


@dataclass(frozen=True, slots=True)
class Found:
    """A tool that is there.

    Attributes:
        program: its path.
        how: for the step's line: on PATH, reused, downloaded, built from Go modules.
    """

    program: Path
    how: str


def obtain(tool: Tool, places: Places) -> Found:
    """Get a tool by the first way that works.

    Raises:
        InputError: no way works; every reason is told.
    """
    own = _on_path(tool, places)
    if own is not None:
        return Found(own, "on PATH")
    folder = places.cache / f"{tool.name}-{tool.version}"
    program = folder / tool.name
    if program.is_file():
        return Found(program, "reused")
    problems: list[Problem] = []
    archive = tool.official.get(_MACHINES.get(platform.machine(), ""))
    if archive is not None and archive.sha256:
        try:
            cache.install(folder, lambda fresh: _download(tool, fresh))
            return Found(program, "downloaded")
        except InputError as error:
            problems += error.problems
    if tool.module is not None:
        module = tool.module
        cache.install(folder, lambda fresh: _build(tool, module, places, fresh))
        return Found(program, "built from Go modules")
    fix = "write the published SHA-256 into toolchain/table.py where it can be downloaded"
    raise InputError(problems or Problem(f"{tool.name} {tool.version} cannot be had here", fix=fix))


def _on_path(tool: Tool, places: Places) -> Path | None:
    """The user's own program, where its version fits: the same major, and not older."""
    if not tool.on_path:
        return None
    program = shutil.which(tool.on_path[0])
    if program is None or Path(program).resolve().is_relative_to(places.cache):
        return None
    try:
        version = re.search(r"(\d+)\.(\d+)\.(\d+)", run(tool.on_path, seconds=30))
    except InputError:
        return None
    wanted = tuple(int(part) for part in tool.version.split("."))
    found = tuple(int(part) for part in version.groups()) if version else ()
    return Path(program) if found[:1] == wanted[:1] and found >= wanted else None


def _download(tool: Tool, folder: Path) -> None:
    archive = tool.official[_MACHINES[platform.machine()]]
    download.fetch(archive, folder)
    if archive.folder:
        inside = (folder / archive.folder).rename(folder / ".unpacked")  # one of its programs may have its name
        for program in inside.iterdir():
            program.rename(folder / program.name)
        inside.rmdir()


def _build(tool: Tool, module: Module, places: Places, folder: Path) -> None:
    go = golang.find(places)
    env = {"GOFLAGS": "-mod=readonly -trimpath -buildvcs=false", "CGO_ENABLED": "0", "GOTOOLCHAIN": "local"}
    flags = "-s -w"
    if module.stamp:
        version = tool.version if tool.plugin else f"v{tool.version}"
        flags += f" -X {module.stamp}={version}"
    fix = "see whether a Go module proxy answers (`go env GOPROXY`)"
    for package, name in ((module.package, tool.name), *((other, Path(other).name) for other in module.also)):
        command = [str(go), "build", "-ldflags", flags, "-o", str(folder / name), package]
        run(command, cwd=places.builds / module.build, env=env, fix=fix)
    for name, inside in module.beside:
        told = json.loads(run([str(go), "mod", "download", "-json", name], cwd=folder, env={"GOTOOLCHAIN": "local"}))
        copy = folder / Path(inside).name
        shutil.copyfile(Path(told["Dir"]) / inside, copy)
        copy.chmod(0o755)
