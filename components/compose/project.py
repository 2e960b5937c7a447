"""What is known before the first phase: which files, which directory, which variables, which name."""

import contextlib
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..errors import ComposeError, Problem
from ..model import Text
from . import layer, paths, reports
from .dotenv import parse_file
from .layer import Layer
from .opaque import Ledger
from .read import Document
from .template import substitute
from .tree import Invalid, where

_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_OVERRIDES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_PROJECT_NAME = "COMPOSE_PROJECT_NAME"
_PROFILES = "COMPOSE_PROFILES"


@dataclass(frozen=True)
class Project:
    """An application before its files are understood.

    Attributes:
        name: the project's name.
        profiles: the active profiles.
        env: its variables, opaque values hidden.
        texts: the same as they were given.
        ledger: what the hidden values are.
        layer: the main files.
        documents: what they hold.
    """

    name: str
    profiles: tuple[str, ...]
    env: Mapping[str, str]
    texts: Mapping[str, Text]
    ledger: Ledger
    layer: Layer
    documents: list[Document]

    @property
    def directory(self) -> str:
        """The project directory, absolute."""
        return self.layer.directory

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What was suspicious so far, as a report has it."""
        return tuple(_readable(self.layer.warnings, self.ledger))

    @contextlib.contextmanager
    def masked(self) -> Iterator[None]:
        """Let no problem that is raised inside show an opaque value."""
        with _masked(self.ledger):
            yield


def find(directory: str) -> list[str]:
    """The files that Compose takes when none is named: the first of its names, and the override beside it.

    Args:
        directory: where it looks first; then in the directories above.

    Raises:
        ComposeError: there is none.
    """
    at = directory
    while (main := _first(at, _NAMES)) is None and os.path.abspath(at) != os.path.abspath(_above(at)):  # noqa: PTH100 - keeps links as named
        at = _above(at)
    if main is None:
        fix = f"write {_NAMES[0]}, or name the files"
        raise ComposeError(Problem(f"no Compose file in {directory}", fix=fix))
    override = _first(at, _OVERRIDES)
    return [main] if override is None else [main, override]


def _above(directory: str) -> str:
    return os.path.normpath(os.path.join(directory, ".."))  # noqa: PTH118 - strings in, strings out


def _first(directory: str, names: Sequence[str]) -> str | None:
    candidates = (os.path.normpath(os.path.join(directory, name)) for name in names)  # noqa: PTH118 - strings in, strings out
    return next((path for path in candidates if os.path.isfile(path)), None)  # noqa: PTH113 - the same


def open_project(
    files: Sequence[str],
    env: Mapping[str, Text],
    profiles: Collection[str],
    *,
    directory: str | None,
    name: str | None,
    dotenv: bool,
) -> Project:
    """Read the main files and settle what the phases need; arguments and errors as `load`."""
    if not files:
        raise ComposeError(Problem("no Compose file is named", fix="name at least one"))
    root = os.path.abspath(directory or os.path.dirname(files[0]) or ".")  # noqa: PTH100, PTH120 - keeps links as named
    ledger = Ledger()
    warnings: list[Problem] = []
    hidden = ledger.hide_all(env)
    with _masked(ledger):
        if dotenv:
            hidden = {**beside(root, hidden, warnings), **hidden}
        documents = layer.documents(files)
        named = _name(documents, root, hidden, name)
        hidden[_PROJECT_NAME] = named
    active = tuple(profiles) or tuple(filter(None, map(str.strip, hidden.get(_PROFILES, "").split(","))))
    texts = {key: ledger.show(value) for key, value in hidden.items()}
    main = Layer(tuple(files), root, hidden, warnings=warnings)
    return Project(named, active, hidden, texts, ledger, main, documents)


@contextlib.contextmanager
def _masked(ledger: Ledger) -> Iterator[None]:
    try:
        yield
    except ComposeError as error:
        raise ComposeError(_readable(error.problems, ledger)) from None


def _readable(problems: Iterable[Problem], ledger: Ledger) -> list[Problem]:
    return reports.ordered(reports.readable(ledger.masked(problem)) for problem in problems)


def beside(directory: str, env: Mapping[str, str], warnings: list[Problem]) -> dict[str, str]:
    """The variables of a directory's `.env`; none where there is no such file."""
    file = os.path.join(directory, ".env")  # noqa: PTH118 - strings in, strings out
    return parse_file(paths.shown(file), env, warnings) if os.path.isfile(file) else {}  # noqa: PTH113 - the same


def _name(documents: list[Document], directory: str, env: Mapping[str, str], name: str | None) -> str:
    given = name or env.get(_PROJECT_NAME)
    if given:
        if _NAME.fullmatch(given) is None:
            fix = "use lower-case letters, digits, - and _, and begin with a letter or digit"
            raise ComposeError(Problem(f'"{given}" is not a project name', fix=fix))
        return given
    written = _written(documents, env) or os.path.basename(directory)  # noqa: PTH119 - strings in, strings out
    normal = "".join(re.findall(r"[a-z0-9_-]", written.lower())).lstrip("_-")
    if not normal:
        fix = "write name: in the file, with a letter or digit"
        raise ComposeError(Problem(f'"{written}" makes no project name', fix=fix))
    return normal


def _written(documents: list[Document], env: Mapping[str, str]) -> str:
    found = ""
    for document in documents:
        written = document.root.get("name")
        if isinstance(written, str) and written:
            try:
                found = substitute(written, env)
            except Invalid as invalid:
                problem = Problem(invalid.what, where(document.root, ("name",)), invalid.fix)
                raise ComposeError(problem) from None
    return found
