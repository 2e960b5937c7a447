"""The client of one provider: Google's APIs on this machine over REST, with the project and region of its settings."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

import requests

from standins.gcp import model
from standins.near import refuse_far
from standins.resource import Call, StandinError
from standins.values import Properties, Value

ENDPOINT: Final = "CLOUDSDK_API_ENDPOINT_OVERRIDES_"
"""What names an API's endpoint, with the API's name after it
(https://cloud.google.com/sdk/gcloud/reference/topic/configurations, `api_endpoint_overrides`)."""
TOKEN: Final = "GOOGLE_OAUTH_ACCESS_TOKEN"  # noqa: S105 - the name of a variable
ATTRIBUTION: Final = {"goog-pulumi-provisioned": "true"}
"""The label that the official plugin puts on what it makes, unless its provider says otherwise."""
_NAMES: Final = {"sqladmin": "SQL"}
"""APIs that gcloud calls otherwise than their documents do."""
_LACKING: Final = ("credentials", "externalCredentials", "impersonateServiceAccount", "universeDomain", "requestReason")
_TIMEOUT_SECONDS: Final = 120
_GONE: Final = 404


class CloudError(StandinError):
    """A call failed.

    Attributes:
        code: HTTP's own.
    """

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(message)
        self.code = code

    @property
    def gone(self) -> bool:
        """Whether it says that there is no such thing."""
        return self.code == _GONE


@dataclass(frozen=True, slots=True)
class Request:
    """One call.

    Attributes:
        api: the document, `run.v2`.
        method: by its place in the document, `projects.locations.services.create`.
        places: the parameters, of the path and of the query.
        given: what goes in; None: nothing does.
    """

    api: str
    method: str
    places: Mapping[str, Value] = field(default_factory=dict)
    given: Properties | None = None

    def problems(self) -> Iterator[tuple[str, str]]:
        """What the model has against it: (path, what is wrong)."""
        found = model.method(self.api, self.method)
        yield from model.misplaced(found, self.places)
        if self.given is not None and found.request is not None:
            yield from model.problems(self.api, found.request, self.given)


def wrong(settings: Properties) -> Iterator[tuple[str, str]]:
    """What is wrong with a provider's settings, beyond their types: (setting, what is wrong)."""
    for name, value in settings.items():
        if value and (name in _LACKING or name.endswith("CustomEndpoint")):
            yield name, "the stand-in lacks it; leave it out or use the official plugin"


class Cloud:
    """What a provider's settings come to.

    Args:
        settings: of the provider, plain.

    Raises:
        StandinError: there is no token.
    """

    def __init__(self, settings: Properties) -> None:
        self.project: str | None = settings.get("project") or os.environ.get("GOOGLE_PROJECT")
        self.region: str | None = settings.get("region") or os.environ.get("GOOGLE_REGION")
        self.zone: str | None = settings.get("zone") or os.environ.get("GOOGLE_ZONE")
        self.token: str = settings.get("accessToken") or os.environ.get(TOKEN) or ""
        if not self.token:
            raise StandinError(f"gcp: no credentials; set {TOKEN}")
        attributed = settings.get("addPulumiAttributionLabel") is not False
        self.labels: Mapping[str, str] = settings.get("defaultLabels") or {}
        self.attribution: Mapping[str, str] = ATTRIBUTION if attributed else {}

    def send(self, request: Request) -> Properties:
        """The answer to a call.

        Raises:
            CloudError: it failed, as the API says it, in the official plugin's words.
            StandinError: the API's endpoint is not of this machine.
        """
        found = model.method(request.api, request.method)
        try:
            answer = requests.request(
                found.verb,
                f"{_root(request.api)}/{_path(found, request.places)}",
                params={name: _query(request.places[name]) for name in _in_query(found, request.places)},
                json=request.given,
                headers={"Authorization": f"Bearer {self.token}"},
                timeout=_TIMEOUT_SECONDS,
            )
        except requests.RequestException as error:
            raise CloudError(f"{request.method}: {error}") from error
        if answer.ok:
            return dict(answer.json()) if answer.content else {}
        raise CloudError(f"googleapi: Error {answer.status_code}: {_said(answer)}", answer.status_code)

    def find(self, request: Request) -> Properties | None:
        """The answer to a call, or None where it says that there is no such thing.

        Raises:
            CloudError: it failed for another reason.
        """
        try:
            return self.send(request)
        except CloudError as error:
            if error.gone:
                return None
            raise

    def wait(self, call: Call, request: Request, answer: Properties, activity: str, poll: float = 0.3) -> Properties:
        """What a call comes to: its answer, or that of the operation that it started, once that is over.

        Args:
            call: whose engine may ask to stop.
            request: that was sent.
            answer: to it.
            activity: what is waited for, in messages: `Creating Service`.
            poll: seconds between two looks.

        Raises:
            CloudError: the operation failed, in the official plugin's words.
            CancelledError: the engine asks to stop.
        """
        if not model.method(request.api, request.method).response.endswith("Operation"):
            return answer
        ways = _OPERATIONS.get(request.api.partition(".")[0], _named)
        while not _is_over(answer):
            call.sleep(poll)
            answer = self.send(ways(request, answer))
        failed = _failure(answer)
        if failed:
            raise CloudError(f"Error waiting for {activity}: {failed}")
        return dict(answer.get("response") or {})


def _named(request: Request, operation: Properties) -> Request:
    """Most operations have a name that says where they are (https://google.aip.dev/151)."""
    name = str(operation["name"])
    place = "projects.locations.operations.get" if name.startswith("projects/") else "operations.get"
    return Request(request.api, place, {"name": name})


def _of_compute(request: Request, operation: Properties) -> Request:
    places = {"project": request.places["project"], "operation": operation["name"]}
    if operation.get("region"):
        region = str(operation["region"]).rpartition("/")[2]
        return Request(request.api, "regionOperations.get", {**places, "region": region})
    return Request(request.api, "globalOperations.get", places)


def _of_sql(request: Request, operation: Properties) -> Request:
    return Request(
        request.api, "operations.get", {"project": request.places["project"], "operation": operation["name"]}
    )


_OPERATIONS: Final = {"compute": _of_compute, "sqladmin": _of_sql}
"""APIs whose operations are asked for in another way."""


def _is_over(operation: Properties) -> bool:
    return bool(operation.get("done")) or operation.get("status") == "DONE"


def _failure(operation: Properties) -> str:
    error: Mapping[str, Any] = operation.get("error") or {}
    if error.get("errors"):
        return "; ".join(str(each.get("message") or each.get("code")) for each in error["errors"])
    return f"Error code {error.get('code')}, message: {error.get('message')}" if error else ""


def _root(api: str) -> str:
    """Where an API is, in the place of its document's `baseUrl`."""
    name = api.partition(".")[0]
    setting = f"{ENDPOINT}{_NAMES.get(name, name.upper())}"
    url = os.environ.get(setting, "")
    refuse_far("gcp", "Google Cloud", url, setting)
    return url.rstrip("/")


def _path(found: model.Method, places: Mapping[str, Value]) -> str:
    path = found.path
    for name in found.parameters:
        path = path.replace(f"{{+{name}}}", quote(str(places.get(name)), safe="/:@"))
        path = path.replace(f"{{{name}}}", quote(str(places.get(name)), safe=""))
    return path


def _in_query(found: model.Method, places: Mapping[str, Value]) -> Iterator[str]:
    return (name for name, value in places.items() if found.parameters[name]["location"] == "query" and value)


def _query(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _said(answer: requests.Response) -> str:
    try:
        return str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return answer.text[:500]
