"""What a container gets from Secrets Manager: exactly the version and the key that its definition names."""

import json
from collections.abc import Mapping
from typing import Any

from ministack.services import secretsmanager

from .definitions import NotStartedError

_ARN_FIELDS = 7


def environment(container: Mapping[str, Any]) -> dict[str, str]:
    """All variables of a container.

    Raises:
        NotStartedError: a secret is not there, as the agent of Fargate tells it.
    """
    plain = {each["name"]: each["value"] for each in container.get("environment") or ()}
    return plain | {each["name"]: value(each["valueFrom"]) for each in container.get("secrets") or ()}


def value(reference: str) -> str:
    """The value of `arn[:key[:stage[:version]]]`
    (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html).

    Raises:
        NotStartedError: there is no such secret, version or key; a task with it does not start.
    """
    parts = reference.split(":")
    arn, rest = ":".join(parts[:_ARN_FIELDS]), [*parts[_ARN_FIELDS:], "", "", ""]
    key, stage, version = rest[:3]
    found = secretsmanager.resolve_secret_string(arn, stage or "AWSCURRENT", version or None)
    if found is None:
        raise _missing(reference, "ResourceNotFoundException: Secrets Manager can't find the specified secret value")
    if not key:
        return str(found)
    try:
        return str(json.loads(found)[key])
    except (ValueError, KeyError, TypeError):
        raise _missing(reference, f"retrieved secret did not contain json key {key}") from None


def registry(container: Mapping[str, Any]) -> dict[str, str] | None:
    """What a private registry is asked with; None: nothing."""
    given = container.get("repositoryCredentials")
    if not given:
        return None
    found = json.loads(value(given["credentialsParameter"]))
    return {"username": found["username"], "password": found["password"]}


def _missing(reference: str, why: str) -> NotStartedError:
    what = "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed"
    return NotStartedError(f"{what}: unable to retrieve secret from asm: {reference}: {why}")
