"""The clients of one provider: a cloud on this machine by boto3, with the region and the tags of its settings."""

import os
import threading
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from standins.near import refuse_far
from standins.resource import StandinError
from standins.values import Properties

_CONFIG: Final = Config(retries={"mode": "standard", "max_attempts": 3}, connect_timeout=5, read_timeout=900)
_GONE: Final = ("NotFound", "NotFoundException", "NotFoundFault", "NoSuchEntity", "NoSuchHostedZone", "NotFoundError")
"""How the code of an error ends that says: there is no such thing."""
_LACKING: Final = ("assumeRoleWithWebIdentity", "ignoreTags", "httpProxy", "httpsProxy", "customCaBundle")


class CloudError(StandinError):
    """A call failed.

    Attributes:
        code: the API's own code, `ServiceNotFoundException`.
    """

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code

    @property
    def gone(self) -> bool:
        """Whether it says that there is no such thing."""
        return self.code.endswith(_GONE) or self.code == "ServiceNotActiveException"


def wrong(settings: Properties) -> Iterator[tuple[str, str]]:
    """What is wrong with a provider's settings, beyond their types: (setting, what is wrong)."""
    for name in _LACKING:
        if settings.get(name):
            yield name, "the stand-in lacks it; leave it out or use the official plugin"


class Cloud:
    """What a provider's settings come to.

    Args:
        settings: of the provider, plain.

    Raises:
        StandinError: the cloud is not on this machine, there is no region, or its account is none that is allowed.
    """

    def __init__(self, settings: Properties) -> None:
        self._endpoints: Mapping[str, str] = {
            service: url for entry in settings.get("endpoints") or () for service, url in entry.items()
        }
        for url in {os.environ.get("AWS_ENDPOINT_URL", ""), *self._endpoints.values()}:
            refuse_far("aws", "AWS", url, "AWS_ENDPOINT_URL")
        self.region: str = settings.get("region") or os.environ.get("AWS_REGION") or ""
        if not self.region:
            raise StandinError("aws: no region; set it on the provider, or AWS_REGION")
        self.default_tags: Mapping[str, str] = (settings.get("defaultTags") or {}).get("tags") or {}
        self._session = boto3.Session(
            profile_name=settings.get("profile"),
            aws_access_key_id=settings.get("accessKey"),
            aws_secret_access_key=settings.get("secretKey"),
            aws_session_token=settings.get("token"),
            region_name=self.region,
        )
        self._lock = threading.Lock()
        self._clients: dict[str, Any] = {}
        for role in settings.get("assumeRoles") or ():
            self._assume(role)
        self._refuse_account(settings.get("allowedAccountIds"))

    def client(self, service: str) -> Any:
        """The client of a service, by botocore's name of it."""
        with self._lock:  # making a client is not safe in several threads, calling one is
            if service not in self._clients:
                self._clients[service] = self._session.client(
                    service, endpoint_url=self._endpoints.get(service), config=_CONFIG
                )
            return self._clients[service]

    def send(self, service: str, operation: str, given: Properties) -> Properties:
        """The answer to a call, by the API's name of it.

        Raises:
            CloudError: it failed, as the API says it.
        """
        try:
            return dict(self.client(service)._make_api_call(operation, given))  # noqa: SLF001 - takes the API's name
        except ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
            raise CloudError(f"{operation}: {code}: {message}", code) from error
        except (BotoCoreError, WaiterError) as error:
            raise CloudError(f"{operation}: {error}") from error

    def find(self, service: str, operation: str, given: Properties) -> Properties | None:
        """The answer to a call, or None where it says that there is no such thing.

        Raises:
            CloudError: it failed for another reason.
        """
        try:
            return self.send(service, operation, given)
        except CloudError as error:
            if error.gone:
                return None
            raise

    def _refuse_account(self, allowed: Collection[str] | None) -> None:
        """In the official provider's words (internal/conns/config.go of terraform-provider-aws)."""
        if not allowed:
            return
        account = self.send("sts", "GetCallerIdentity", {})["Account"]
        if account not in allowed:
            raise StandinError(f"aws: AWS account ID not allowed: {account}")

    def _assume(self, role: Mapping[str, Any]) -> None:
        given = {"RoleArn": role["roleArn"], "RoleSessionName": role.get("sessionName") or "slipway"}
        held = self.send("sts", "AssumeRole", given)["Credentials"]
        self._session = boto3.Session(
            aws_access_key_id=held["AccessKeyId"],
            aws_secret_access_key=held["SecretAccessKey"],
            aws_session_token=held["SessionToken"],
            region_name=self.region,
        )
        self._clients.clear()
