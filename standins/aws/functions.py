"""Functions and their invocations: after `function.go` and `invocation.go` in terraform-provider-aws' `lambda`."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from standins.aws.kind import Act, Kind, Look, Request
from standins.resource import Call, StandinError, State
from standins.tables import inputs, longest
from standins.traits import Rule, Trait
from standins.values import UNKNOWN, Asset, Properties, Value

_CODE: Final = frozenset({"architectures", "code"})
"""Inputs that go with the code."""


class Function(Kind):
    """`lambda_.Function`, of an archive of texts."""

    token = "aws:lambda/function:Function"  # noqa: S105 - a type token
    service = "lambda"
    creates = "CreateFunction"
    identity = "FunctionName"
    look = Look("GetFunction", "FunctionName", "Configuration")
    removes = Act("DeleteFunction", "FunctionName")
    updates = Act("UpdateFunctionConfiguration", "FunctionName")
    spelled: ClassVar = {"name": "FunctionName"}
    apart = frozenset({"code", "publish", "skipDestroy"})
    traits = inputs(
        in_place="architectures code description environment ephemeralStorage handler loggingConfig memorySize publish "
        "role runtime skipDestroy tags timeout",
        replaces="name packageType",
        computed="architectures ephemeralStorage loggingConfig",
        name=Trait(computed=True, rule=longest(64, r"[a-zA-Z0-9_-]+")),
        memorySize=Trait(default=128, in_place=True),
        packageType=Trait(default="Zip"),
        timeout=Trait(default=3, in_place=True),
    )
    outputs: ClassVar = {"arn": "FunctionArn", "name": "FunctionName", "version": "Version"}

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """See `Kind`."""
        for request in super().requests(inputs):
            yield Request(request.service, request.operation, {**request.given, "Code": {"ZipFile": _zip(inputs)}})

    def settle(self, call: Call, identity: str, inputs: Properties, answer: Properties) -> None:  # noqa: ARG002
        """See `Kind`."""
        self.until(call, identity, inputs, "State", "Active", None)

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:
        """See `Kind`."""
        if changed & _CODE:
            given = {"FunctionName": identity, "ZipFile": _zip(inputs)}
            for_what = {"Architectures": inputs["architectures"]} if inputs.get("architectures") else {}
            self._sent(call, Request("lambda", "UpdateFunctionCode", {**given, **for_what}))
            self.until(call, identity, inputs, "LastUpdateStatus", "Successful", None)
        if changed - _CODE:
            super().change(call, identity, old, inputs, changed)
            self.until(call, identity, inputs, "LastUpdateStatus", "Successful", None)


def _zip(inputs: Properties) -> Any:
    """The code as a zip that is the same each time."""
    code = inputs.get("code")
    if code is UNKNOWN:
        return code
    files = _files(code)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), text)
    return packed.getvalue()


def _files(code: Any) -> Mapping[str, str]:
    """The texts of an archive, by their names.

    Raises:
        StandinError: it is another kind of archive.
    """
    parts = code.fields.get("assets") if isinstance(code, Asset) else None
    if not isinstance(parts, Mapping):
        raise StandinError("code: the stand-in takes an archive of texts; use the official plugin for others")
    found = {}
    for name, each in parts.items():
        fields = each.fields if isinstance(each, Asset) else each
        found[name] = str(fields["text"])
    return found


def _json(value: Value) -> str:
    try:
        json.loads(value)
    except (TypeError, ValueError):
        return "is no JSON"
    return ""


def _only(word: str) -> Rule:
    """The rule of an input of which the stand-in knows one value."""

    def rule(value: Value) -> str:
        return "" if value == word else f"the stand-in has {word} alone; use the official plugin"

    return rule


class Invocation(Kind):
    """`lambda_.Invocation`: the function is called when it is made, and again where the input or a trigger changes."""

    token = "aws:lambda/invocation:Invocation"  # noqa: S105 - a type token
    service = "lambda"
    autonamed = False
    creates = "Invoke"
    apart = frozenset({"input", "lifecycleScope", "terraformKey", "triggers"})
    traits = inputs(
        replaces="functionName qualifier triggers",
        functionName=Trait(),
        input=Trait(rule=_json),
        lifecycleScope=Trait(default="CREATE_ONLY", in_place=True, rule=_only("CREATE_ONLY")),
        qualifier=Trait(default="$LATEST"),
        terraformKey=Trait(default="tf", in_place=True, rule=_only("tf")),
    )

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """See `Kind`."""
        asked = inputs.get("input")
        payload = asked if asked is UNKNOWN else str(asked).encode()
        given = {"FunctionName": inputs.get("functionName"), "InvocationType": "RequestResponse", "Payload": payload}
        yield Request("lambda", self.creates, {**given, "Qualifier": inputs.get("qualifier")})

    def create(self, call: Call, inputs: Properties) -> State:
        """See `Resource`."""
        answer = self._sent(call, next(self.requests(inputs)))
        result = answer["Payload"].read().decode()
        if answer.get("FunctionError"):
            raise StandinError(f"{call.name}: the function failed: {result}")
        json.loads(result)
        payload = hashlib.md5(str(inputs["input"]).encode(), usedforsecurity=False).hexdigest()
        return State(f"{inputs['functionName']},{inputs['qualifier']},{payload}", {**inputs, "result": result})

    def read(self, call: Call, identity: str, known: Properties) -> State | None:  # noqa: ARG002
        """What was answered."""
        return State(identity, dict(known))

    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """There is nothing to remove."""
