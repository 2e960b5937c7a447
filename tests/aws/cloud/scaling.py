"""Application Auto Scaling, which ministack lacks: it keeps what it is told, and scales nothing.

https://docs.aws.amazon.com/autoscaling/application/APIReference/Welcome.html
"""

import json
import time
from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json, get_account_id, get_region, json_response

TARGET = "AnyScaleFrontendService"
"""Begins what a request names in X-Amz-Target."""
_KEYS = ("ServiceNamespace", "ResourceId", "ScalableDimension")

_targets: dict[tuple[str, ...], dict[str, Any]] = {}
_policies: dict[tuple[str, ...], dict[str, Any]] = {}
_tags: dict[str, dict[str, str]] = {}

Answer = tuple[int, dict[str, str], bytes]
Action = Callable[[dict[str, Any]], Answer]


async def handle(_method: str, _path: str, headers: dict[str, str], body: bytes, _query: dict[str, Any]) -> Answer:
    """Answer a request."""
    action = headers["x-amz-target"].rpartition(".")[2]
    if action not in _ACTIONS:
        return error_response_json("ValidationException", f"{action} is not built here", 400)
    return _ACTIONS[action](json.loads(body or b"{}"))


def _key(given: dict[str, Any]) -> tuple[str, ...]:
    return tuple(given[key] for key in _KEYS)


def _arn(kind: str, name: str) -> str:
    return f"arn:aws:application-autoscaling:{get_region()}:{get_account_id()}:{kind}/{name}"


def _register(given: dict[str, Any]) -> Answer:
    key = _key(given)
    made = {"CreationTime": time.time(), "RoleARN": f"arn:aws:iam::{get_account_id()}:role/aws-service-role/ecs"}
    made["ScalableTargetARN"] = _arn("scalable-target", f"{abs(hash(key)):x}")
    _tags[made["ScalableTargetARN"]] = given.pop("Tags", {})
    _targets[key] = {**made, **_targets.get(key, {}), **given}
    return json_response({"ScalableTargetARN": _targets[key]["ScalableTargetARN"]})


def _deregister(given: dict[str, Any]) -> Answer:
    if _targets.pop(_key(given), None) is None:
        return error_response_json("ObjectNotFoundException", f"No scalable target found for {_key(given)}", 400)
    for key in [each for each in _policies if each[:3] == _key(given)]:
        del _policies[key]
    return json_response({})


def _put_policy(given: dict[str, Any]) -> Answer:
    if _key(given) not in _targets:
        return error_response_json("ObjectNotFoundException", f"No scalable target registered for {_key(given)}", 400)
    key = (*_key(given), given["PolicyName"])
    made = {"PolicyARN": _arn("scaling-policy", given["PolicyName"]), "CreationTime": time.time(), "Alarms": []}
    _policies[key] = {**made, **given}
    return json_response({"PolicyARN": made["PolicyARN"], "Alarms": []})


def _delete_policy(given: dict[str, Any]) -> Answer:
    if _policies.pop((*_key(given), given["PolicyName"]), None) is None:
        return error_response_json("ObjectNotFoundException", f"No scaling policy {given['PolicyName']}", 400)
    return json_response({})


def _describe(rows: dict[tuple[str, ...], dict[str, Any]], field: str, plural: str) -> Action:
    def answer(given: dict[str, Any]) -> Answer:
        wanted = {key: given[key] for key in ("ServiceNamespace", "ResourceId", "ScalableDimension") if key in given}
        chosen = given.get("ResourceIds") or given.get("PolicyNames")
        found = [
            row
            for row in rows.values()
            if all(row[key] == value for key, value in wanted.items()) and (not chosen or row[field] in chosen)
        ]
        return json_response({plural: found})

    return answer


def _tag(given: dict[str, Any]) -> Answer:
    _tags.setdefault(given["ResourceARN"], {}).update(given["Tags"])
    return json_response({})


def _untag(given: dict[str, Any]) -> Answer:
    for key in given["TagKeys"]:
        _tags.get(given["ResourceARN"], {}).pop(key, None)
    return json_response({})


_ACTIONS: dict[str, Action] = {
    "RegisterScalableTarget": _register,
    "DeregisterScalableTarget": _deregister,
    "DescribeScalableTargets": _describe(_targets, "ResourceId", "ScalableTargets"),
    "PutScalingPolicy": _put_policy,
    "DeleteScalingPolicy": _delete_policy,
    "DescribeScalingPolicies": _describe(_policies, "PolicyName", "ScalingPolicies"),
    "TagResource": _tag,
    "UntagResource": _untag,
    "ListTagsForResource": lambda given: json_response({"Tags": _tags.get(given["ResourceARN"], {})}),
}
