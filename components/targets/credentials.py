"""What a managed service is called with: the same variables that the container's image reads.

https://hub.docker.com/_/postgres, https://hub.docker.com/_/mysql, https://hub.docker.com/_/mariadb: a variable, or
the same name with `_FILE` and the path of a secret's file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..access import Contents
from ..model import Service, Text
from . import files
from .managed import MARIADB, MYSQL, POSTGRES
from .rows import Extract

FILE = "_FILE"
WITHOUT_NEWLINES = r"(?s)\A(.*?)\n*\Z"
"""A file's text as the images take it: without the newlines at its end."""
Place = tuple[str, files.GrantedFile | None]
"""The variable that says a value; and where it names a file, that file."""


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables of one user, each by the names that an image knows it by.

    Attributes:
        user: names the user.
        password: is the user's.
        database: names the one that is made.
        default: the user where no variable says; None: then this is not the user that is meant.
    """

    user: Sequence[str]
    password: Sequence[str]
    database: Sequence[str]
    default: str | None = None


_MYSQL = ("MYSQL_DATABASE",)
_MARIADB = ("MARIADB_DATABASE", "MYSQL_DATABASE")
KNOWN: Mapping[str, Sequence[Variables]] = {
    POSTGRES: (Variables(("POSTGRES_USER",), ("POSTGRES_PASSWORD",), ("POSTGRES_DB",), "postgres"),),
    MYSQL: (
        Variables(("MYSQL_USER",), ("MYSQL_PASSWORD",), _MYSQL),
        Variables((), ("MYSQL_ROOT_PASSWORD",), _MYSQL, "root"),
    ),
    MARIADB: (
        Variables(("MARIADB_USER", "MYSQL_USER"), ("MARIADB_PASSWORD", "MYSQL_PASSWORD"), _MARIADB),
        Variables((), ("MARIADB_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD"), _MARIADB, "root"),
    ),
}
"""Engine -> its users, the one that is taken first. A platform makes one: an application's own before the root."""


def of(service: Service, engine: str) -> Variables:
    """The user that is meant: the first that the environment names, else the one that needs no name."""
    users = KNOWN[engine]
    return next((each for each in users if place(service, each.user) is not None), users[-1])


def place(service: Service, names: Sequence[str]) -> Place | None:
    """Where a value is: the first of the names, or of these with `_FILE`, that is set; None: nowhere."""
    granted = {each.path: each for each in files.granted(service)}
    for name in names:
        if service.environment.get(name):
            return name, None
        path = service.environment.get(f"{name}{FILE}")
        if isinstance(path, str) and path in granted:
            return name, granted[path]
    return None


def written(service: Service, names: Sequence[str]) -> Text | None:
    """What the environment says itself; None: nothing, or where a file is."""
    found = place(service, names)
    return None if found is None or found[1] is not None else service.environment[found[0]]


def value(contents: Contents, service: Service, names: Sequence[str]) -> Any:
    """A value, as an argument; None: there is none."""
    found = place(service, names)
    if found is None:
        return None
    name, file = found
    if file is None:
        return service.environment[name]
    return Extract(file.content(contents), WITHOUT_NEWLINES)


def of_secret(contents: Contents, service: Service) -> Any:
    """The content of the one secret that a service is granted, which is its password where no variable names one.

    None: it is granted none, or several.
    """
    found = sole_secret(service)
    return None if found is None else Extract(found.content(contents), WITHOUT_NEWLINES)


def sole_secret(service: Service) -> files.GrantedFile | None:
    """The one secret that a service is granted; None: none, or several."""
    found = [each for each in files.granted(service) if each.kind == "secrets"]
    return found[0] if len(found) == 1 else None


def kept(contents: Contents, service: Service, engine: str) -> dict[str, Any]:
    """What is kept as a secret: every variable of the user that is meant, under its own name."""
    user = of(service, engine)
    return dict(_kept(contents, service, (user.user, user.password, user.database)))


def _kept(contents: Contents, service: Service, groups: Sequence[Sequence[str]]) -> Iterator[tuple[str, Any]]:
    for names in groups:
        found = place(service, names)
        if found is not None:
            yield found[0], value(contents, service, names)
