"""Names of services in configs and in files of the project, which nobody rewrites: refused, each with its line.

A file is what its author wrote, in a language that is not known here; so an address in it is not put right.
"""

import posixpath
import re
from collections.abc import Iterator
from pathlib import PurePath

from ...errors import Problem
from ...model import App, FileObject, Service, Text
from .. import sharing
from ..files import granted
from ..project_files import ProjectFile
from . import addresses, internal_balancers, reach
from .addresses import Form, Named
from .given import Scope

SETTINGS = frozenset(
    [
        *("", ".cfg", ".cnf", ".conf", ".config", ".env", ".hcl", ".ini", ".j2", ".json", ".properties"),
        *(".template", ".tmpl", ".toml", ".tpl", ".vcl", ".xml", ".yaml", ".yml"),
    ]
)
"""Ends of a project's files that are settings; a program's own text, beside them, often has an address by default."""
COMPOSE = re.compile(r"(docker-)?compose[\w.-]*\.ya?ml")
"""Files that are read here, and not by what they are bound into."""
COMMENTS = ("#", "//", "--", ";", "*", "<!--")
"""What begins a line that says nothing to a program, in most languages."""
FIX = "read it from an environment variable, whose value is rewritten"


def problems(scope: Scope) -> Iterator[Problem]:
    """The first line of each file that calls a service by its name."""
    for key, content in scope.given.contents.configs.items():
        item = scope.app.configs[key]
        yield from _of_file(scope, content, _users(scope, key), *_place(scope.app, key, item))
    for name, files in scope.given.project.items():
        for file in files:
            if _is_settings(PurePath(file.path)):
                service = scope.app.services[name]
                where = scope.app.where(("services", name, "volumes", _mount(service, file)))
                yield from _of_file(scope, file.content, {name}, where, file.path)


def _is_settings(path: PurePath) -> bool:
    return path.suffix in SETTINGS and COMPOSE.fullmatch(path.name) is None


def _place(app: App, key: str, item: FileObject) -> tuple[str, str]:
    """Where a config is declared, and what its file is called."""
    if item.file is None:
        return app.where(("configs", key)), "it"
    path = PurePath(item.file)
    inside = bool(app.directory) and path.is_relative_to(app.directory)
    return app.where(("configs", key)), (path.relative_to(app.directory) if inside else path).as_posix()


def _of_file(scope: Scope, content: Text | bytes, users: set[str], where: str, called: str) -> Iterator[Problem]:
    text = _decoded(content)
    names = {name for name, service in reach.callees(scope).items() if {service} != users and name in text.lower()}
    for number, line in enumerate(text.splitlines(), 1) if names else ():
        found = [] if line.lstrip().startswith(COMMENTS) else addresses.named(line, names)
        for each in found:
            if each.form is not Form.HOST:
                callee = reach.callees(scope)[each.name]
                what = f'line {number} of {called} says "{_shown(line, each)}"'
                yield Problem(f"{what}, and services.{callee} has another address", where, _fix(scope, callee))
                return


def _fix(scope: Scope, callee: str) -> str:
    service = scope.app.services[callee]
    if internal_balancers.is_chosen(scope) and reach.is_served(scope, service):
        return f"write {internal_balancers.host(scope, service)}, its name in the network"
    return FIX


def _decoded(content: Text | bytes) -> str:
    """A file's text; "" where it is none."""
    if isinstance(content, bytes):
        text = content.decode(errors="replace")
        return "" if addresses.MASK in text else text
    return addresses.masked(content)


def _shown(line: str, each: Named) -> str:
    """The name with what is around it."""
    start = each.host[0] if each.scheme is None else each.scheme[0]
    return line[start : (each.port or each.host)[1]]


def _users(scope: Scope, key: str) -> set[str]:
    """The services and jobs that read a config."""
    return {
        owner.name
        for owner in (*scope.app.services.values(), *map(sharing.as_service, scope.app.jobs.values()))
        for container in (owner, *reach.steps(owner))
        for file in granted(container)
        if (file.kind, file.grant.source) == ("configs", key)
    }


def _mount(service: Service, file: ProjectFile) -> int:
    """Which of a service's mounts brings a file."""
    return next(
        index
        for index, mount in enumerate(service.volumes)
        if mount.type == "bind" and posixpath.join(file.path, "").startswith(posixpath.join(mount.target, ""))
    )
