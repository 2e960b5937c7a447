"""Phase 12, env_files: the variables of `env_file` and the labels of `label_file` under those that a service names.

Source: https://github.com/compose-spec/compose-spec/blob/main/05-services.md#env_file. Later files win over earlier
ones, `environment` wins over all. Values may refer to the application's variables and to the service's own.
"""

import os
from collections.abc import Iterator, Mapping

from ..errors import ComposeError, Problem, suggest
from ..model import Path
from . import dotenv
from .paths import shown
from .tree import Map, where

_FORMATS = (".env", "raw")


def labels(root: Map, problems: list[Problem], warnings: list[Problem]) -> None:
    """Add the labels of `label_file`, in place.

    Args:
        root: the whole application, with absolute paths.
        problems: what is wrong is added here.
        warnings: variables that are not set are added here.
    """
    files = _Files(root, problems, warnings)
    for service, path in _workloads(root):
        files.labels(service, path)


def variables(root: Map, env: Mapping[str, str], problems: list[Problem], warnings: list[Problem]) -> None:
    """Add the variables of `env_file`, in place.

    Args:
        root: the whole application, with absolute paths.
        env: the application's variables.
        problems: what is wrong is added here.
        warnings: variables that are not set are added here.
    """
    files = _Files(root, problems, warnings)
    for service, path in _workloads(root):
        files.variables(service, path, env)


def discard(root: Map) -> None:
    """Take `env_file` out, in place: its variables are under `environment`."""
    for service, _ in _workloads(root):
        service.pop("env_file", None)


def _workloads(root: Map) -> Iterator[tuple[Map, Path]]:
    for kind in ("services", "jobs"):
        for name, service in (root.get(kind) or {}).items():
            yield service, (kind, name)


class _Files:
    def __init__(self, root: Map, problems: list[Problem], warnings: list[Problem]) -> None:
        self.root = root
        self.problems = problems
        self.warnings = warnings

    def variables(self, service: Map, path: Path, env: Mapping[str, str]) -> None:
        own = {key: value for key, value in (service.get("environment") or {}).items() if value is not None}
        variables: dict[str, str] = {}
        for index, entry in enumerate(service.get("env_file") or ()):
            at = (*path, "env_file", index)
            form = entry.get("format", ".env")
            if form not in _FORMATS:
                problem = f'"{form}" is not a format of a file of variables'
                self.problems.append(Problem(problem, where(self.root, (*at, "format")), suggest(form, _FORMATS)))
                continue
            if self.exists(entry["path"], at, required=entry.get("required", True)):
                variables |= self.read(entry["path"], form, {**own, **env}, variables)
        self.under(service, "environment", "env_file", variables)

    def labels(self, service: Map, path: Path) -> None:
        labels: dict[str, str] = {}
        for index, file in enumerate(service.get("label_file") or ()):
            if self.exists(file, (*path, "label_file", index), required=True):
                labels |= self.read(file, ".env", labels, {})
        self.under(service, "labels", "label_file", labels)

    def exists(self, file: str, at: Path, *, required: bool) -> bool:
        if os.path.exists(file):  # noqa: PTH110 - strings in, strings out
            return True
        if required:
            fix = "correct the path, or write required: false" if "env_file" in at else "correct the path"
            self.problems.append(Problem(f'no such file "{shown(file)}"', where(self.root, at), fix))
        return False

    def read(self, file: str, form: str, env: Mapping[str, str], earlier: Mapping[str, str]) -> dict[str, str]:
        try:
            if form == "raw":
                return dotenv.parse_raw_file(shown(file), env)
            return dotenv.parse_file(shown(file), env, self.warnings, earlier)
        except ComposeError as error:
            self.problems += error.problems
            return {}

    def under(self, service: Map, key: str, source: str, values: Mapping[str, str]) -> None:
        """Put values under those that the service names itself."""
        if not values:
            return
        named = service.get(key) or Map()
        result = Map()
        mark = service.marks.get(source)
        for name, value in values.items():
            result.put(name, value, mark)
        for name, value in named.items():
            result.put(name, value, named.marks.get(name))
        service[key] = result
