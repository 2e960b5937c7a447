"""Texts that hold JSON: the documents of policies. Pure."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from standins.traits import Trait
from standins.values import Value

_POLICY: Final = ("Version", "Id", "Statement")
_STATEMENT: Final = (
    *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"),
)
_ACTION: Final = re.compile(r"\*|[a-z0-9-]+:[A-Za-z0-9*?]+")
_SID: Final = re.compile(r"[A-Za-z0-9]*")


def alike(value: Value) -> Value:
    """What two documents are compared by: spaces and order say nothing."""
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def policy(*, resource: bool | None = True, principal: bool = False, computed: bool = False) -> Trait:
    """The trait of a policy: JSON in IAM's grammar.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html

    Args:
        resource: whether its statements say on what; None: they may.
        principal: whether they say who.
        computed: whether AWS has one of its own where the program says none.
    """

    def rule(value: Value) -> str:
        return "; ".join(_policy(value, resource=resource, principal=principal))

    return Trait(in_place=True, alike=alike, rule=rule, computed=computed)


def _policy(text: Value, *, resource: bool | None, principal: bool) -> Iterator[str]:
    try:
        found = json.loads(text)
    except (TypeError, ValueError):
        yield "is no JSON"
        return
    if not isinstance(found, dict):
        yield "is no JSON object"
        return
    for name in found:
        if name not in _POLICY:
            yield f"{name}: no such element of a policy"
    if found.get("Version") not in (None, "2012-10-17", "2008-10-17"):
        yield f"Version: {found['Version']!r} is not one of 2012-10-17, 2008-10-17"
    statements = found.get("Statement")
    for place, each in enumerate(statements if isinstance(statements, list) else [statements]):
        where = f"Statement[{place}]"
        if isinstance(each, dict):
            yield from _statement(each, where, resource=resource, principal=principal)
        else:
            yield f"{where}: is no object"


def _statement(found: Mapping[str, Any], where: str, *, resource: bool | None, principal: bool) -> Iterator[str]:
    for name in found:
        if name not in _STATEMENT:
            yield f"{where}.{name}: no such element of a statement"
    if found.get("Effect") not in ("Allow", "Deny"):
        yield f"{where}.Effect: {found.get('Effect')!r} is not one of Allow, Deny"
    if not _SID.fullmatch(str(found.get("Sid", ""))):
        yield f"{where}.Sid: {found['Sid']!r} has more than letters and digits"
    yield from _elements(found, where, resource=resource, principal=principal)
    for action in _texts(found.get("Action", found.get("NotAction"))):
        if not _ACTION.fullmatch(action):
            yield f"{where}.Action: {action!r} is no action"
    for each in _texts(found.get("Resource", found.get("NotResource"))):
        if each != "*" and not each.startswith("arn:"):
            yield f"{where}.Resource: {each!r} is no ARN"


def _elements(found: Mapping[str, Any], where: str, *, resource: bool | None, principal: bool) -> Iterator[str]:
    """Which of who, what and on what has to be there, and which cannot."""
    for name, is_wanted in (("Action", True), ("Resource", resource), ("Principal", principal)):
        if is_wanted and name not in found and f"Not{name}" not in found:
            yield f"{where}: has neither {name} nor Not{name}"
    if not principal and ("Principal" in found or "NotPrincipal" in found):
        yield f"{where}.Principal: a policy of an identity has none"
    if resource is False and ("Resource" in found or "NotResource" in found):
        yield f"{where}.Resource: a policy that says who may take a role has none"


def _texts(value: Any) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [str(each) for each in found if each is not None]
