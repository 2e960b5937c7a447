"""A local registry, where no other answers: BuildKit resolves `FROM` in a registry, not in the Engine's images."""

import http.client
import json
import socket
import urllib.error
import urllib.request
from pathlib import Path

from . import apt, cache, daemons, download
from .places import Places

HUB = "https://registry-1.docker.io/v2/"
_SECONDS = 5.0


def hub_answers() -> bool:
    """Whether Docker Hub can be reached from here."""
    try:
        with download.ask(HUB):
            return True
    except urllib.error.HTTPError as error:
        return error.code == http.client.UNAUTHORIZED  # it wants a token, so it is there
    except OSError:
        return False


def address(places: Places) -> str:
    """`127.0.0.1:<port>`: chosen once for this machine, so that every checkout finds the same registry."""
    file = places.shared_run / "registry.json"
    with cache.locked(places.shared_run / ".registry.lock"):
        if not file.is_file():
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                cache.write(file, json.dumps({"address": f"127.0.0.1:{probe.getsockname()[1]}"}))
        return str(json.loads(file.read_text())["address"])


def ensure(places: Places) -> str:
    """Make the local registry answer, on loopback alone.

    Returns:
        How it came.

    Raises:
        InputError: it cannot be installed, or does not come up.
    """
    where = address(places)
    if answers(where):
        return "reused"
    apt.install(["docker-registry"])
    config = places.shared_run / "registry.yml"
    cache.write(config, _config(where, places.cache / "registry"))
    with cache.locked(places.shared_run / ".registry.lock"):
        if not answers(where):
            daemons.start("registry", ["docker-registry", "serve", str(config)], lambda: answers(where), places)
    return "started"


def answers(where: str) -> bool:
    """Whether a registry answers at the address."""
    try:
        with urllib.request.urlopen(f"http://{where}/v2/", timeout=_SECONDS) as answer:
            return bool(answer.status == http.client.OK)
    except OSError:
        return False


def holds(where: str, repository: str, tag: str) -> bool:
    """Whether the registry at `where` has the image."""
    url = f"http://{where}/v2/{repository}/manifests/{tag}"
    wanted = {"Accept": "application/vnd.docker.distribution.manifest.v2+json"}
    request = urllib.request.Request(url, headers=wanted)
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS):  # noqa: S310 - loopback
            return True
    except OSError:
        return False


def _config(where: str, storage: Path) -> str:
    return json.dumps(
        {
            "version": 0.1,
            "log": {"level": "warn"},
            "storage": {"filesystem": {"rootdirectory": str(storage)}, "delete": {"enabled": True}},
            "http": {"addr": where},
        }
    )  # YAML is a superset of JSON
