"""A client of Google's APIs that is told what to answer. Nothing here is held to Google's models; a real test is."""

from collections.abc import Mapping
from typing import Any

from components.targets.cloudrun import client


def refused(code: int, status: str = "", message: str = "", reason: str = "") -> client.RefusedError:
    """A refusal as Google words it."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}] if reason else []
    return client.RefusedError(code, {"error": {"status": status, "message": message, "details": details}})


class Answers:
    """Answers by API and path; what is not there, is not found.

    Attributes:
        asked: every API and path, in order.
        given: the parameters or the body of each.
    """

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._answers = answers
        self.asked: list[str] = []
        self.given: list[Any] = []

    def get(self, api: str, path: str, **query: Any) -> Any:
        """What is at a path."""
        return self._answer(f"{api} {path}", query)

    def post(self, api: str, path: str, body: Any) -> Any:
        """The answer to a question."""
        return self._answer(f"{api} {path}", body)

    def _answer(self, asked: str, given: Any) -> Any:
        self.asked.append(asked)
        self.given.append(given)
        answer = self._answers.get(asked)
        if answer is None:
            raise refused(404, "NOT_FOUND", f"{asked} not found")
        if isinstance(answer, Exception):
            raise answer
        return answer
