"""A call of an API, and how it is refused."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PROJECT, NUMBER = "slipway-tests", "123456789012"
"""The one project that there is."""

_CODES = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ABORTED": 409,
    "ALREADY_EXISTS": 409,
    "UNIMPLEMENTED": 501,
}
"""https://cloud.google.com/apis/design/errors#http_mapping."""
GRPC_CODES = {
    "INVALID_ARGUMENT": 3,
    "NOT_FOUND": 5,
    "ALREADY_EXISTS": 6,
    "PERMISSION_DENIED": 7,
    "FAILED_PRECONDITION": 9,
    "ABORTED": 10,
}
"""What an operation's error says in place of them."""


class RefusedError(Exception):
    """An API refuses; the message is Google's.

    Attributes:
        status: one of `_CODES`.
        details: of the error.
    """

    def __init__(self, status: str, message: str, *details: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.status = status
        self.details = list(details)

    @property
    def code(self) -> int:
        """Of HTTP."""
        return _CODES[self.status]

    @property
    def answer(self) -> dict[str, Any]:
        """What the caller is told."""
        error = {"code": self.code, "message": str(self), "status": self.status}
        return {"error": {**error, **({"details": self.details} if self.details else {})}}


@dataclass(frozen=True, slots=True)
class Call:
    """A request that is one of an API's methods.

    Attributes:
        api: as in `documents.APIS`.
        method: its ID, such as `run.projects.locations.services.create`.
        path: of the request, from where the project's part begins: for most methods a resource's name, or its
            parent's and the word for what is in it.
        groups: the parts of the path that the method has names for.
        query: its parameters.
        body: what was sent, without what only Google writes.
        response: the schema of the answer; "": nothing.
    """

    api: str
    method: str
    path: str
    groups: Mapping[str, str]
    query: Mapping[str, str]
    body: dict[str, Any]
    response: str

    def with_body(self, body: dict[str, Any]) -> "Call":
        """The same with another body."""
        return dataclasses.replace(self, body=body)

    @property
    def name(self) -> str:
        """The path without the verb behind a colon."""
        return self.path.partition(":")[0]

    @property
    def verb(self) -> str:
        """The last word of the method's ID."""
        return self.method.rpartition(".")[2]

    @property
    def location(self) -> str:
        """`projects/<project>/locations/<location>`, or of the project alone."""
        found = re.match(r"projects/[^/]+(/locations/[^/]+)?", self.path)
        return found[0] if found else f"projects/{PROJECT}"

    @property
    def project(self) -> str | None:
        """The project that it is about; None: it names none."""
        found = re.match(r"projects/([^/:]+)", self.path)
        return found[1] if found else self.query.get("project")


def named(text: str) -> str:
    """A resource's name with the project's ID where it has the number."""
    return re.sub(f"^projects/{NUMBER}(?=/|$)", f"projects/{PROJECT}", text)
