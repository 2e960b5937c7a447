"""What containers have said, as Cloud Logging tells it."""

import contextlib
import re
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import docker

from tests.gcp.cloud.calls import PROJECT, Call, RefusedError
from tests.gcp.cloud.place import Place
from tests.gcp.cloud.rest import Cloud, Methods

if TYPE_CHECKING:
    from .instance import Spec

_LINES = 500
_TERM = re.compile(r'\s*(?:AND\s+)?([\w.\-"/]+)\s*(=|:|>=|<=|>|<)\s*("(?:[^"\\]|\\.)*"|[^\s()]+)', re.IGNORECASE)


class Logs:
    """The entries of all containers that have ended, and of those that run."""

    def __init__(self, place: Place) -> None:
        """Know none."""
        self._place = place
        self._kept: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def keep(self, spec: "Spec", name: str, container: Any) -> None:
        """What a container has said, before it is removed."""
        found = list(_entries(spec, name, container))
        with self._lock:
            self._kept += found

    def all(self, running: list[tuple["Spec", str, Any]]) -> list[dict[str, Any]]:
        """All entries, oldest first."""
        found = list(self._kept)
        for spec, name, container in running:
            with contextlib.suppress(docker.errors.APIError):
                found += _entries(spec, name, container)
        return sorted(found, key=lambda each: str(each["timestamp"]))


def _entries(spec: "Spec", name: str, container: Any) -> Iterator[dict[str, Any]]:
    for out in ("stdout", "stderr"):
        said = container.logs(stdout=out == "stdout", stderr=out == "stderr", timestamps=True, tail=_LINES)
        for line in said.decode(errors="replace").splitlines():
            moment, _, text = line.partition(" ")
            yield {
                "logName": f"projects/{PROJECT}/logs/run.googleapis.com%2F{out}",
                "resource": {"type": spec.kind, "labels": {"project_id": PROJECT, **spec.whose}},
                "labels": {"container_name": name, "instanceId": spec.name, **spec.labels},
                "timestamp": moment,
                "severity": "DEFAULT",
                "textPayload": text,
            }


def _list(cloud: Cloud, call: Call) -> dict[str, Any]:
    wanted = list(_terms(call.body.get("filter", "")))
    found = [each for each in cloud.agent.entries() if all(_holds(each, *term) for term in wanted)]
    if call.body.get("orderBy", "") == "timestamp desc":
        found.reverse()
    return {"entries": found[: call.body.get("pageSize") or 50]}


def _terms(text: str) -> Any:
    """Comparisons that all have to hold; more of the language is not known here.

    https://cloud.google.com/logging/docs/view/logging-query-language
    """
    place = 0
    while text[place:].strip():
        match = _TERM.match(text, place)
        if match is None:
            raise RefusedError("INVALID_ARGUMENT", f"Unparseable filter: {text[place:]}")
        yield match[1], match[2], match[3].strip('"')
        place = match.end()


def _holds(entry: dict[str, Any], field: str, operator: str, wanted: str) -> bool:
    value: Any = entry
    for part in re.findall(r'"[^"]*"|[^.]+', field):
        value = value.get(part.strip('"')) if isinstance(value, dict) else None
    if field == "severity":
        return True  # no line has one of its own
    text = str(value or "")
    return {
        "=": text == wanted,
        ":": wanted in text,
        ">=": text >= wanted,
        "<=": text <= wanted,
        ">": text > wanted,
        "<": text < wanted,
    }[operator]


METHODS: Methods = {"logging.entries.list": _list}
