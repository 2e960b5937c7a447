"""AWS, asked read-only, as the provider would be: for the probe, and for what the message of a failure says."""

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from ...access import EcsAccess

ERRORS = (BotoCoreError, ClientError)
"""What a call raises that is not answered, or refused."""
SECONDS = 3
"""How long a call may wait for an answer."""
SESSION = "slipway"


class Clients:
    """A client for each of AWS' services, made when it is first asked for."""

    def __init__(self, access: EcsAccess) -> None:
        """Nothing is asked yet.

        Args:
            access: the cluster, and as whom it is reached.
        """
        self._access = access
        self._session: Any = None
        self._made: dict[str, Any] = {}

    def __getitem__(self, service: str) -> Any:
        """The client of a service, by its name in boto3.

        Raises:
            BotoCoreError: there are no credentials, or no such profile.
            ClientError: the role cannot be taken on.
        """
        if service not in self._made:
            self._made[service] = self._own().client(service, config=CONFIG)
        return self._made[service]

    def _own(self) -> Any:
        if self._session is None:
            access = self._access
            session = boto3.Session(profile_name=access.profile, region_name=access.region)
            self._session = session if access.role is None else _taken_on(session, access)
        return self._session


CONFIG = Config(connect_timeout=SECONDS, read_timeout=SECONDS, retries={"total_max_attempts": 2})


def _taken_on(session: Any, access: EcsAccess) -> Any:
    """The session of a role."""
    answer = session.client("sts", config=CONFIG).assume_role(RoleArn=access.role, RoleSessionName=SESSION)
    given = answer["Credentials"]
    return boto3.Session(
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
        region_name=access.region,
    )


def can_ask(access: EcsAccess) -> bool:
    """Whether the cluster is known before the stack is deployed."""
    return isinstance(access.cluster, str)
