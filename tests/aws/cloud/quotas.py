"""Service Quotas, which ministack lacks: what a new account has of Fargate, and no more.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
"""

import json
from typing import Any

from ministack.core.responses import error_response_json, json_response

TARGET = "ServiceQuotasV20190624"
"""Begins what a request names in X-Amz-Target."""
_FARGATE_CPUS = 6.0
"""vCPUs at a time, on demand and spot alike."""

Answer = tuple[int, dict[str, str], bytes]


async def handle(_method: str, _path: str, headers: dict[str, str], body: bytes, _query: dict[str, Any]) -> Answer:
    """Answer a request."""
    given = json.loads(body or b"{}")
    if not headers["x-amz-target"].endswith(".GetServiceQuota") or given["ServiceCode"] != "fargate":
        return error_response_json("NoSuchResourceException", f"{given} is not built here", 400)
    return json_response({"Quota": {**given, "Value": _FARGATE_CPUS, "Adjustable": True}})
