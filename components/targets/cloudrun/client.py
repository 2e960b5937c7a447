"""Google Cloud, asked read-only, as the provider would be: for the probe, and for what a failure's message says."""

import os
from collections.abc import Mapping
from typing import Any

import google.auth
import google.auth.impersonated_credentials
import google.auth.transport.requests
import google.oauth2.credentials
import requests
from google.auth.exceptions import GoogleAuthError

from ...access import CloudRunAccess

SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
TOKEN = "GOOGLE_OAUTH_ACCESS_TOKEN"  # noqa: S105 - the name of a variable
"""What the provider takes first, before Application Default Credentials
(https://registry.terraform.io/providers/hashicorp/google/latest/docs/guides/provider_reference#access_token-1)."""
OVERRIDE = "CLOUDSDK_API_ENDPOINT_OVERRIDES_"
"""Begins the variables by which the user's own gcloud is led elsewhere
(https://cloud.google.com/sdk/gcloud/reference/config/set#api_endpoint_overrides)."""
BASES: Mapping[str, str] = {
    "compute": "https://compute.googleapis.com/compute/v1/",
    "storage": "https://storage.googleapis.com/storage/v1/",
}
"""API -> what its paths begin with; of any other its host alone."""
UNAUTHORIZED, FORBIDDEN, MISSING = 401, 403, 404
"""Codes of HTTP."""
SECONDS = 3.0
"""How long a call may wait for an answer."""


class RefusedError(Exception):
    """An API answers that it does not do what it was asked for.

    Attributes:
        code: of HTTP.
        status: Google's word: `NOT_FOUND`, `PERMISSION_DENIED`
            (https://cloud.google.com/apis/design/errors#handling_errors).
        reason: of the first detail that has one: `SERVICE_DISABLED`; "": there is none.
    """

    def __init__(self, code: int, body: Any) -> None:
        """Read what was answered.

        Args:
            code: of HTTP.
            body: the answer as JSON; None: it was none.
        """
        error = body.get("error") if isinstance(body, Mapping) else None
        said: Mapping[str, Any] = error if isinstance(error, Mapping) else {}
        self.code = code
        self.status = str(said.get("status", ""))
        details = said.get("details")
        self.reason = next((str(each["reason"]) for each in details or () if "reason" in each), "")
        super().__init__(str(said.get("message") or f"HTTP {code}"))


ERRORS = (GoogleAuthError, requests.RequestException, RefusedError)
"""What a call raises that is not answered, or refused."""


class Client:
    """Google's APIs; who asks is found out when the first is asked."""

    def __init__(self, access: CloudRunAccess) -> None:
        """Nothing is asked yet.

        Args:
            access: the project, and as whom it is reached.
        """
        self._access = access
        self._made: Any = None

    def get(self, api: str, path: str, **query: Any) -> dict[str, Any]:
        """What is at a path of an API.

        Args:
            api: as its host begins: `run`, `secretmanager`.
            path: with the version, but on the APIs in `BASES`.
            query: parameters.

        Raises:
            GoogleAuthError: there are no credentials, or they are refused.
            RequestException: there is no answer.
            RefusedError: the API refuses.
        """
        return self._asked("GET", api, path, params=query)

    def post(self, api: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a question that is too long for an address; see `get`."""
        return self._asked("POST", api, path, json=dict(body))

    def _asked(self, verb: str, api: str, path: str, **more: Any) -> dict[str, Any]:
        answer = self._session().request(verb, base(api) + path, timeout=SECONDS, **more)
        try:
            body = answer.json()
        except requests.JSONDecodeError:
            body = None
        if not answer.ok or not isinstance(body, dict):
            raise RefusedError(answer.status_code, body)
        return body

    def _session(self) -> Any:
        if self._made is None:
            session: Any = google.auth.transport.requests.AuthorizedSession  # the library's class has no types
            self._made = session(credentials(self._access))
        return self._made


def base(api: str) -> str:
    """What the paths of an API begin with."""
    led = os.environ.get(f"{OVERRIDE}{api.upper()}")
    return f"{led.rstrip('/')}/" if led else BASES.get(api, f"https://{api}.googleapis.com/")


def credentials(access: CloudRunAccess) -> Any:
    """Who asks: as whom the user's own tools would, or the service account that the settings name.

    Raises:
        GoogleAuthError: there are none.
    """
    # the library's classes have no types
    of_token: Any = google.oauth2.credentials.Credentials
    of_another: Any = google.auth.impersonated_credentials.Credentials
    token = os.environ.get(TOKEN)
    found = of_token(token) if token else google.auth.default(scopes=SCOPES)[0]
    if access.impersonate is None:
        return found
    return of_another(source_credentials=found, target_principal=access.impersonate, target_scopes=list(SCOPES))


def can_ask(access: CloudRunAccess) -> bool:
    """Whether the project is known before the stack is deployed."""
    return isinstance(access.number, str)
