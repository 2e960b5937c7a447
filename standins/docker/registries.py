"""Who may pull: the provider's `registryAuth`, and the header that the Engine API takes."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from standins.resource import StandinError

DOCKER_HUB: Final = "registry-1.docker.io"
_HUB_KEYS: Final = (
    "https://index.docker.io/v1/",
    DOCKER_HUB,
    "index.docker.io",
    "docker.io",
    "registry.hub.docker.com",
)


@dataclass(frozen=True, slots=True)
class Registries:
    """Credentials by the registry's host name.

    Attributes:
        logins: host name -> (user, password).
    """

    logins: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, entries: Iterable[Mapping[str, Any]], environment: Mapping[str, str]) -> "Registries":
        """The logins of the provider's setting `registryAuth`.

        Raises:
            StandinError: a file that an entry names cannot be read, or does not know the registry.
        """
        return cls({_host(entry["address"]): _login(entry, environment) for entry in entries if entry.get("address")})

    def header(self, image: str) -> dict[str, str]:
        """The header that goes with a pull of this image."""
        host = registry(image)
        user, password = self.logins.get(host, ("", ""))
        auth = {"username": user, "password": password, "serveraddress": host} if user else {}
        return {"X-Registry-Auth": base64.urlsafe_b64encode(json.dumps(auth).encode()).decode()}


def registry(image: str) -> str:
    """The registry in an image's name: the part before the first slash where it looks like a host, else Docker Hub."""
    first, slash, _ = image.partition("/")
    return first if slash and (first == "localhost" or "." in first or ":" in first) else DOCKER_HUB


def _host(address: str) -> str:
    return address.split("://", 1)[-1].split("/", 1)[0]


def _login(entry: Mapping[str, Any], environment: Mapping[str, str]) -> tuple[str, str]:
    if entry.get("authDisabled"):
        return "username", "password"  # the Engine wants a login where the registry wants none
    user = entry.get("username") or environment.get("DOCKER_REGISTRY_USER")
    if user:
        return user, entry.get("password") or environment.get("DOCKER_REGISTRY_PASS", "")
    if entry.get("configFileContent"):
        return _from_file(entry["configFileContent"], _host(entry["address"]), "configFileContent")
    place = Path(entry.get("configFile") or environment.get("DOCKER_CONFIG") or "~/.docker/config.json").expanduser()
    path = place / "config.json" if place.is_dir() else place
    try:
        return _from_file(path.read_text(encoding="utf-8"), _host(entry["address"]), str(path))
    except OSError as error:
        raise StandinError(
            f"docker:registryAuth: cannot read {path} ({error.strerror}); give username and password"
        ) from error


def _from_file(text: str, host: str, where: str) -> tuple[str, str]:
    try:
        auths: Mapping[str, Any] = json.loads(text).get("auths", {})
    except (json.JSONDecodeError, AttributeError) as error:
        raise StandinError(f"docker:registryAuth: {where} is no Docker configuration in JSON") from error
    keys = (*_HUB_KEYS, host) if host in _HUB_KEYS else (host, f"https://{host}", f"http://{host}")
    for key in keys:
        if "auth" in auths.get(key, {}):
            user, _, password = base64.b64decode(auths[key]["auth"]).decode().partition(":")
            return user, password
    raise StandinError(f"docker:registryAuth: {where} has no login for {host}; run `docker login {host}`")
