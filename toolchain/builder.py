"""The builder that the docker-build plugin uses: it has no `docker` driver, so an Engine alone is not enough."""

import json
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from . import cache, daemons, engine, registry, tools
from .places import Places
from .table import tool

NAME = "slipway"
HOST_NETWORK = "network.host"
"""What `build.network: host` needs of a builder."""


def ensure_container(places: Places) -> str:
    """Register a builder that runs in a container, from Docker Hub's `moby/buildkit`; made at the first build.

    It has the Engine's own network, so that it reaches a registry on that machine's loopback.
    """
    options = {"image": f"moby/buildkit:v{tool('buildkitd').version}", "network": "host"}
    _register(places, "docker-container", engine.host(), options, [f"--allow-insecure-entitlement={HOST_NETWORK}"])
    return "a container"


def ensure_daemon(places: Places) -> str:
    """Make a BuildKit daemon answer and register it as the builder.

    Returns:
        How it came.

    Raises:
        InputError: it cannot be built, or does not come up.
    """
    found = tools.obtain(tool("buildkitd"), places)
    address = f"unix://{places.shared_run / 'buildkitd.sock'}"
    _register(places, "remote", address)
    if answers(address):
        return "reused"
    config = places.shared_run / "buildkitd.toml"
    cache.write(config, _config(places, address))
    with cache.locked(places.shared_run / ".buildkitd.lock"):
        if not answers(address):
            command = [str(found.program), "--config", str(config)]
            daemons.start("buildkitd", command, lambda: answers(address), places)
    return "started"


def answers(address: str) -> bool:
    """Whether something listens on the socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2)
        try:
            probe.connect(urlsplit(address).path)
        except OSError:
            return False
    return True


def _config(places: Places, address: str) -> str:
    """Docker Hub's images are looked up in the local registry; RUN steps use the machine's network, for apt-get."""
    where = registry.address(places)
    return f"""\
root = {json.dumps(str(places.cache / "buildkit"))}
insecure-entitlements = [{json.dumps(HOST_NETWORK)}]
[grpc]
  address = [{json.dumps(address)}]
[worker.oci]
  enabled = true
  networkMode = "host"
[worker.containerd]
  enabled = false
[registry."docker.io"]
  mirrors = [{json.dumps(where)}]
[registry.{json.dumps(where)}]
  http = true
"""


def _register(
    places: Places, driver: str, endpoint: str, options: Mapping[str, str] | None = None, flags: Sequence[str] = ()
) -> None:
    """What `docker buildx create` would write, into the project's own BUILDX_CONFIG."""
    node: dict[str, Any] = {
        "Name": f"{NAME}0",
        "Endpoint": endpoint,
        "Platforms": None,
        "DriverOpts": dict(options or {}),
        "Flags": list(flags),
        "Files": None,
    }
    current = {"Key": "", "Name": NAME, "Global": True}
    cache.write(places.buildx / "current", json.dumps(current))
    instance: Path = places.buildx / "instances" / NAME
    cache.write(instance, json.dumps({"Name": NAME, "Driver": driver, "Nodes": [node], "Dynamic": False}))
