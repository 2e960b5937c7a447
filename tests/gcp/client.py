"""Google's APIs by themselves, without Slipway: for tests of the cloud itself, and for what others are checked by."""

import base64
import time
from collections.abc import Callable
from typing import Any

import requests
import requests.adapters

from .start import NUMBER, PROJECT, REGION, Cloud

HERE = f"projects/{PROJECT}/locations/{REGION}"
_SECONDS = 60.0
_LOOK_SECONDS = 0.1
_VERSIONS = {"run": "v2/", "dns": "dns/v1/", "compute": "", "storage": "", "logging": "v2/"}


def until(what: Callable[[], Any]) -> Any:
    """Wait until it is so."""
    end = time.monotonic() + _SECONDS
    while not (found := what()):
        assert time.monotonic() < end, f"it is not so after {_SECONDS:.0f} s"
        time.sleep(_LOOK_SECONDS)
    return found


class RefusedError(Exception):
    """An API said no.

    Attributes:
        code: of HTTP, or of the operation.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Google:
    """The APIs of a cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self._session = requests.Session()
        self._session.headers["Authorization"] = "Bearer test-token"

    def ask(self, verb: str, api: str, path: str, body: Any = None, **query: str) -> dict[str, Any]:
        """What a method answers; where that is an operation, what it ends with.

        Args:
            verb: of HTTP.
            api: gcloud's word for it.
            path: behind the version.
            body: of the request.
            query: its parameters.

        Raises:
            RefusedError: it was refused, or the operation failed.
        """
        found = self._ask(verb, api, path, body, query)
        while _is_running(found):
            time.sleep(_LOOK_SECONDS)
            found = self._ask("GET", api, _path(found), None, {})
        if found.get("error"):
            raise RefusedError(found["error"].get("code", 0), str(found["error"].get("message", found["error"])))
        return dict(found.get("response", found))

    def _ask(self, verb: str, api: str, path: str, body: Any, query: dict[str, str]) -> dict[str, Any]:
        url = f"{self.cloud.endpoint(api)}{_VERSIONS.get(api, 'v1/')}{path}"
        answer = self._session.request(verb, url, json=body, params=query)
        found: dict[str, Any] = answer.json()
        if not answer.ok:
            raise RefusedError(answer.status_code, found["error"]["message"])
        return found

    def find(self, api: str, path: str) -> dict[str, Any] | None:
        """A resource; None: there is none."""
        try:
            return self.ask("GET", api, path)
        except RefusedError as why:
            if why.code == 404:
                return None
            raise

    def enable(self, *apis: str) -> None:
        """Turn on APIs of the project."""
        services = [f"{each}.googleapis.com" for each in apis]
        self.ask("POST", "serviceusage", f"projects/{PROJECT}/services:batchEnable", {"serviceIds": services})

    def network(self, name: str) -> dict[str, str]:
        """Make a network whose subnet leads to Google privately; the keys of a stack's `existing` block for it."""
        network, region = f"projects/{PROJECT}/global/networks/{name}", f"projects/{PROJECT}/regions/{REGION}"
        self.ask(
            "POST", "compute", f"projects/{PROJECT}/global/networks", {"name": name, "autoCreateSubnetworks": False}
        )
        subnet = {"name": name, "network": network, "ipCidrRange": "10.0.0.0/20", "privateIpGoogleAccess": True}
        self.ask("POST", "compute", f"{region}/subnetworks", subnet)
        proxies = {"name": f"{name}-proxies", "purpose": "REGIONAL_MANAGED_PROXY", "role": "ACTIVE"}
        self.ask("POST", "compute", f"{region}/subnetworks", {**subnet, **proxies, "ipCidrRange": "10.0.16.0/23"})
        zone = {"name": name, "dnsName": "run.app.", "description": "", "visibility": "private",
                "privateVisibilityConfig": {"networks": [{"networkUrl": network}]}}  # fmt: skip
        self.ask("POST", "dns", f"projects/{PROJECT}/managedZones", zone)
        record = {
            "name": "*.run.app.",
            "type": "A",
            "ttl": 300,
            "rrdatas": [f"199.36.153.{each}" for each in range(8, 12)],
        }
        self.ask("POST", "dns", f"projects/{PROJECT}/managedZones/{name}/rrsets", record)
        return {"network": network, "subnetwork": f"{region}/subnetworks/{name}"}

    def account(self, name: str) -> str:
        """Make a service account; its e-mail."""
        return str(self.ask("POST", "iam", f"projects/{PROJECT}/serviceAccounts", {"accountId": name})["email"])

    def secret(self, name: str, content: str, *readers: str) -> str:
        """Make a secret with one version, or one more version; its number."""
        where = f"projects/{PROJECT}/secrets"
        if self.find("secretmanager", f"{where}/{name}") is None:
            self.ask("POST", "secretmanager", where, {"replication": {"automatic": {}}}, secretId=name)
        if readers:
            binding = {
                "role": "roles/secretmanager.secretAccessor",
                "members": [f"serviceAccount:{each}" for each in readers],
            }
            self.ask("POST", "secretmanager", f"{where}/{name}:setIamPolicy", {"policy": {"bindings": [binding]}})
        data = {"payload": {"data": base64.b64encode(content.encode()).decode()}}
        return str(self.ask("POST", "secretmanager", f"{where}/{name}:addVersion", data)["name"].rpartition("/")[2])

    def host(self, service: str) -> str:
        """Where a service answers."""
        return f"{service}-{NUMBER}.{REGION}.run.app"

    def fetch(self, host: str, path: str = "/", **form: str) -> requests.Response:
        """What a host of this cloud answers to someone on the internet."""
        url = f"https://{host}{path}"
        with requests.Session() as session:
            session.mount("https://", _ToFront(self.cloud))
            verify = str(self.cloud.authority)
            return session.request("POST" if form else "GET", url, data=form or None, verify=verify, timeout=30)


class _ToFront(requests.adapters.HTTPAdapter):
    """Leads every host to the front, without a name server."""

    def __init__(self, cloud: Cloud) -> None:
        self._front = cloud.front
        super().__init__()

    def send(self, request: Any, *args: Any, **keys: Any) -> requests.Response:
        asked = request.url
        host = asked.split("/")[2]
        request.url = asked.replace(f"//{host}", f"//{self._front}", 1)
        request.headers["Host"] = host
        self.poolmanager.connection_pool_kw.update(server_hostname=host, assert_hostname=host)
        found = super().send(request, *args, **keys)
        found.url = request.url = asked  # what a redirect is relative to
        return found


def _is_running(found: dict[str, Any]) -> bool:
    return found.get("done") is False or str(found.get("status")) in {"RUNNING", "PENDING"}


def _path(operation: dict[str, Any]) -> str:
    link = operation.get("selfLink", "")
    return link.partition("/compute/v1/")[2] if link else str(operation["name"])
