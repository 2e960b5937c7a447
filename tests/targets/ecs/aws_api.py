"""Answers of AWS in place of AWS: boto3's own clients, which ask nobody.

What is asked and what is answered is held against the models of AWS' services that botocore carries. Not proved: that
AWS answers so.
"""

from collections.abc import Mapping
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import BotoCoreError
from botocore.validate import ParamValidator


class Refused(Exception):  # noqa: N818 - the word of the answer
    """An answer that is an error: its code."""


class Answers:
    """In place of `client.Clients`.

    Attributes:
        asked: the operations, in order: `ecs.DescribeClusters`.
    """

    def __init__(self, answers: Mapping[str, Any]) -> None:
        """Every answer is known beforehand.

        Args:
            answers: operation -> an answer, an error, or a function from the parameters to one of these.
        """
        self.asked: list[str] = []
        self._answers = answers
        self._clients: dict[str, Any] = {}

    def __getitem__(self, service: str) -> Any:
        if service not in self._clients:
            made = boto3.client(service, "eu-central-1", aws_access_key_id="-", aws_secret_access_key="-")
            made.meta.events.register("before-parameter-build", self._remember)
            made.meta.events.register("before-call", lambda **given: self._answer(service, **given))
            self._clients[service] = made
        return self._clients[service]

    def _remember(self, params: Any, context: dict[str, Any], **_more: Any) -> None:
        context["given"] = params

    def _answer(self, service: str, model: Any, context: dict[str, Any], **_more: Any) -> Any:
        operation = f"{service}.{model.name}"
        self.asked.append(operation)
        found = self._answers[operation]
        answer = found(context["given"]) if callable(found) else found
        if isinstance(answer, BotoCoreError):
            raise answer
        if isinstance(answer, Refused):
            said = {"Code": str(answer), "Message": f"the message of {answer}"}
            return AWSResponse("", 400, {}, None), {"Error": said, "ResponseMetadata": {}}
        problems = ParamValidator().validate(answer, model.output_shape)
        assert not problems.has_errors(), problems.generate_report()
        return AWSResponse("", 200, {}, None), answer
