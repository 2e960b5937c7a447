"""The Docker Engine: where it is, and requests to its API.

Transports (sockets, TLS, ssh) are those of the PyPI client `docker`; paths and bodies are the Engine API's own.
"""

import os
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import docker
import requests
from docker.context import ContextAPI
from docker.errors import DockerException
from docker.tls import TLSConfig

from standins.docker.registries import Registries
from standins.docker.ssh import Gateway
from standins.resource import StandinError
from standins.values import Properties

DEFAULT_HOST: Final = "unix:///var/run/docker.sock"
_TIMEOUT_SECONDS: Final = 1200
"""The official plugin's limit of a create, update or delete: 20 minutes."""


class EngineError(StandinError):
    """The Engine refused a request.

    Attributes:
        status: the HTTP status code.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Engine:
    """One Docker Engine, connected to at the first request; may be used by several threads.

    Attributes:
        host: its address.
        registries: who may pull from where.
    """

    def __init__(self, settings: Properties) -> None:
        self.host = address(settings, os.environ)
        self.registries = Registries.read(settings.get("registryAuth") or [], os.environ)
        self._settings = settings
        self._lock = threading.Lock()
        self._client: docker.APIClient | None = None
        self._gateway: Gateway | None = None

    @property
    def client(self) -> docker.APIClient:
        """The connection.

        Raises:
            StandinError: the Engine does not answer.
        """
        with self._lock:
            if self._client is None:
                if self.host.startswith("ssh://") and self._gateway is None:
                    self._gateway = Gateway(self.host, self._settings.get("sshOpts") or ())
                self._client = self._connect()
            return self._client

    def version(self) -> tuple[int, ...]:
        """The version of the API that both sides speak, such as (1, 41)."""
        return tuple(int(part) for part in self.client.api_version.split("."))

    def get(self, path: str, **params: Any) -> Any:
        """The parsed body of a GET."""
        return self.request("GET", path, params=params).json()

    def post(self, path: str, body: Any = None, headers: Mapping[str, str] | None = None, **params: Any) -> Any:
        """The parsed body of a POST, None where it is empty."""
        response = self.request("POST", path, params=params, json=body, headers=headers)
        return response.json() if response.content else None

    def delete(self, path: str, **params: Any) -> None:
        """A DELETE; that the thing is gone already is no error."""
        try:
            self.request("DELETE", path, params=params)
        except EngineError as error:
            if error.status != requests.codes.not_found:
                raise

    def find(self, path: str) -> Any | None:
        """The parsed body of a GET, None where there is no such thing."""
        try:
            return self.get(path)
        except EngineError as error:
            if error.status == requests.codes.not_found:
                return None
            raise

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """One request.

        Args:
            method: the HTTP method.
            path: the path after the API's version, `/containers/json`.
            options: as `requests.Session.request` takes them; a parameter of None is left out.

        Raises:
            EngineError: the Engine refused; the message is the Engine's.
            StandinError: it does not answer.
        """
        client = self.client
        url = f"{client.base_url}/v{client.api_version}{path}"
        try:
            response = client.request(method, url, **{"timeout": _TIMEOUT_SECONDS, **options})
        except (requests.RequestException, DockerException, OSError) as error:
            raise self._unreachable(error) from error
        if not response.ok:
            raise EngineError(_message(response), response.status_code)
        return response

    def _connect(self) -> docker.APIClient:
        tls = _tls(self._settings)
        url = self._gateway.address if self._gateway else self.host
        try:
            return docker.APIClient(
                base_url=url.replace("tcp://", "https://", 1) if tls else url, version="auto", tls=tls or False
            )
        except (requests.RequestException, DockerException, OSError) as error:
            raise self._unreachable(error) from error

    def _unreachable(self, error: Exception) -> StandinError:
        reason = (self._gateway.complaint if self._gateway else "") or str(error) or type(error).__name__
        return StandinError(
            f"docker host {self.host}: does not answer ({reason}); start the Engine, or set docker:host"
        )


def address(settings: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    """Where the Engine is: the context, the host, each from the settings, then from the environment, else the default.

    Raises:
        StandinError: there is no such context.
    """
    name = settings.get("context") or environment.get("DOCKER_CONTEXT")
    if name:
        context = ContextAPI.get_context(name)
        if context is None or not context.Host:
            raise StandinError(f"docker:context: there is no Docker context {name!r}; see `docker context ls`")
        return str(context.Host)
    return str(settings.get("host") or environment.get("DOCKER_HOST") or DEFAULT_HOST)


def _tls(settings: Mapping[str, Any]) -> TLSConfig | None:
    folder = settings.get("certPath") or os.environ.get("DOCKER_CERT_PATH")
    if settings.get("certMaterial"):
        folder = _written(settings)
    if not folder:
        return None
    place = Path(folder).expanduser()
    ca = place / "ca.pem"
    pair = (str(place / "cert.pem"), str(place / "key.pem"))
    return TLSConfig(client_cert=pair, ca_cert=str(ca) if ca.exists() else None, verify=ca.exists())


def _written(settings: Mapping[str, Any]) -> str:
    """A private folder with the certificates as files: OpenSSL takes no others."""
    folder = Path(tempfile.mkdtemp(prefix="pulumi-docker-"))
    for name, setting in (("ca.pem", "caMaterial"), ("cert.pem", "certMaterial"), ("key.pem", "keyMaterial")):
        if settings.get(setting):
            (folder / name).write_text(settings[setting], encoding="utf-8")
            (folder / name).chmod(0o600)
    return str(folder)


def _message(response: requests.Response) -> str:
    try:
        return str(response.json()["message"]).strip()
    except (ValueError, KeyError, TypeError):
        return response.text.strip() or f"HTTP status {response.status_code}"
