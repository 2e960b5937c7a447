"""Phase 5, extends: a service that builds on another, of the same document or of another file.

Source: https://github.com/compose-spec/compose-spec/blob/main/05-services.md#extends.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..errors import ComposeError, Problem, suggest
from . import merge, paths
from .read import Document
from .tree import Map, copy, where

MAX_DEPTH = 100
"""How many services a service may build on, one on the other."""

MAX_COPIED = 50_000_000
"""How many characters all that is copied from bases may come to: ten thousand services with a base of five thousand."""

Open = Callable[[str], Document]


@dataclass(frozen=True)
class _Step:
    """One service on the way to its base; its file, kind and name say which."""

    file: str
    kind: str
    name: str
    document: Document = field(compare=False)
    directory: str = field(compare=False)

    def __str__(self) -> str:
        return f"{self.name} in {self.file}"


class Extender:
    """Resolves `extends` for the documents of one layer.

    Args:
        directory: what the paths of `file:` in the layer's own documents are relative to.
        read: reads a file that is extended; each file is read once.
    """

    def __init__(self, directory: str, read: Open) -> None:
        self._directory = directory
        self._read = read
        self._files: dict[str, Document] = {}
        self._problems: list[Problem] = []
        self._circular: set[_Step] = set()
        self._left = MAX_COPIED

    def apply(self, document: Document) -> None:
        """Replace every service that extends another by the merged one.

        Raises:
            ComposeError: a base or its file is missing, or services extend each other in a circle.
        """
        self._problems = []
        for kind in ("services", "jobs"):
            for name in document.root.get(kind) or ():
                self._service(_Step(document.file, kind, name, document, self._directory), ())
        if self._problems:
            raise ComposeError(self._problems)

    def _service(self, step: _Step, trail: tuple[_Step, ...]) -> Map | None:
        services = step.document.root[step.kind]
        service = services[step.name]
        if not isinstance(service, Map) or service.get("extends") is None:
            return service if isinstance(service, Map) else None
        at = where(step.document.root, (step.kind, step.name, "extends"))
        if step in self._circular:
            return None
        if len(trail) == MAX_DEPTH:
            self._circular.update(trail)
            self._problems.append(Problem(f"extends more than {MAX_DEPTH} others", at, "take some of them out"))
            return None
        if step in trail:
            circle = trail[trail.index(step) :]
            self._circular.update(circle)
            steps = " -> ".join(str(one) for one in (*circle, step))
            self._problems.append(Problem(f"extends itself: {steps}", at, "take one extends: out"))
            return None
        base = self._base(step, service["extends"], at)
        resolved = self._service(base, (*trail, step)) if base is not None else None
        if resolved is None or not self._affordable(resolved, at):
            return None
        service.pop("extends", None)
        source = Map()
        source[step.kind] = Map.of({step.name: copy(resolved)})
        merge.clear(source, step.document.cleared)
        merged = merge.merge(source[step.kind][step.name], service, self._problems, (step.kind, step.name))
        services[step.name] = merged
        return merged

    def _affordable(self, base: Map, at: str) -> bool:
        """Whether a base may be copied once more: a large one that many extend would fill the memory."""
        if self._left >= 0:
            self._left -= len(json.dumps(base))
            if self._left < 0:
                what = f"services extend others to more than {MAX_COPIED} characters"
                self._problems.append(Problem(what, at, "extend smaller ones"))
        return self._left >= 0

    def _base(self, step: _Step, extends: Any, at: str) -> _Step | None:
        name, document, directory = extends.get("service"), step.document, step.directory
        if name is None:
            self._problems.append(Problem("service is missing", at, "add service:"))
            return None
        if "file" in extends:
            if reason := paths.unread(extends["file"]):
                self._problems.append(Problem(reason, at, "copy the file into the project"))
                return None
            file = paths.absolute(extends["file"], step.directory)
            if not os.path.isfile(file):  # noqa: PTH113 - strings in, strings out
                self._problems.append(Problem(f'no such file "{paths.shown(file)}"', at, "correct the path"))
                return None
            document, directory = self._open(file), os.path.dirname(file)  # noqa: PTH120 - the same
        known = document.root.get(step.kind) or {}
        if name not in known:
            what = f'"{name}" is not a service of {document.file}'
            self._problems.append(Problem(what, at, suggest(name, known)))
            return None
        return _Step(document.file, step.kind, name, document, directory)

    def _open(self, file: str) -> Document:
        if file not in self._files:
            self._files[file] = self._read(file)
        return self._files[file]
