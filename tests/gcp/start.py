"""Start a Google Cloud, and end it with all that it made in the Engine.

What ends with the tests, or at the next start after a kill: the processes, and containers, networks, volumes and
images by their labels.
"""

import contextlib
import json
import os
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import docker

from tests.clouds import home, process, traces
from toolchain import apt, base_image
from toolchain.places import Places
from toolchain.shell import run

PROJECT, NUMBER, REGION = "slipway-tests", "123456789012", "europe-west1"
TOOLS = "slipway-gcp-tools:1"
"""What Memorystore runs, and an image for `slipway:cloudrun`'s `initImage`; its tag changes with the recipe below."""
_TOOLS = f"""
FROM {base_image.NAME}
RUN apt-get update && apt-get install --yes --no-install-recommends busybox redis-server \\
    && ln -s /bin/busybox /usr/local/bin/nc
"""
_NETWORK = "SLIPWAY_GCP_NETWORK"
_FRONT = "SLIPWAY_GCP_FRONT"
_FOLDER = "SLIPWAY_GCP_FOLDER"
_PORT = "SLIPWAY_GCP_PORT"
_REGISTRY = "SLIPWAY_GCP_REGISTRY"
_HOME = "PULUMI_HOME"
_APIS = (
    *("artifactregistry", "certificatemanager", "cloudresourcemanager", "cloudscheduler", "compute", "dns", "iam"),
    *("logging", "redis", "run", "secretmanager", "servicenetworking", "serviceusage", "sql", "storage"),
)
_TOKEN = "test-token"
_WHERE = "the Google Cloud of the tests"
_LABEL = "slipway.gcp"
_PLUGIN = "10.2.0"
_NETWORKS = [f"198.18.{number}" for number in range(208, 224)]
"""Out of 198.18.0.0/15, which is for tests of networks (RFC 2544): two for each cloud on this machine."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """A cloud that runs.

    Attributes:
        port: of its APIs, on loopback.
        network: the Docker network in which instances are.
        front: the address at which services answer.
        folder: with the certificate of who signs for them.
        registry: `address:port` of its image registry, which stands for Artifact Registry.
        home: the PULUMI_HOME with a plugin for it.
    """

    port: int
    network: str
    front: str
    folder: str
    registry: str
    home: str

    @classmethod
    def of(cls, env: Mapping[str, str]) -> "Cloud | None":
        """The one that the environment names."""
        if _NETWORK not in env:
            return None
        return cls(int(env[_PORT]), env[_NETWORK], env[_FRONT], env[_FOLDER], env[_REGISTRY], env[_HOME])

    @property
    def env(self) -> dict[str, str]:
        """What makes a user of Google Cloud take this one for it, and find no real one."""
        return {
            _PORT: str(self.port),
            _NETWORK: self.network,
            _FRONT: self.front,
            _FOLDER: self.folder,
            _REGISTRY: self.registry,
            _HOME: self.home,
            **{f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api.upper()}": self.endpoint(api) for api in _APIS},
            "CLOUDSDK_CONFIG": os.devnull,
            "GOOGLE_OAUTH_ACCESS_TOKEN": _TOKEN,
            "GOOGLE_APPLICATION_CREDENTIALS": os.devnull,
            "NO_GCE_CHECK": "true",
        }

    def endpoint(self, api: str) -> str:
        """What stands for the base URL of an API's discovery document."""
        return f"http://127.0.0.1:{self.port}/{api}/"

    @property
    def authority(self) -> Path:
        """The certificate of who signs for services."""
        return Path(self.folder) / "authority.pem"


@contextlib.contextmanager
def cloud(places: Places) -> Iterator[Cloud]:
    """Start a cloud; what a killed one left is removed first, what this one leaves is at the end.

    Raises:
        InputError: something that it needs is not to be had, or it does not come up; with the end of its log.
    """
    base_image.ensure(places)
    apt.install(["docker-registry"])
    engine = docker.from_env()
    traces.clear_dead(engine, _LABEL, _WHERE)
    owner = traces.owner()
    try:
        _make_tools(engine)
        registry = f"127.0.0.1:{process.free_port()}"
        labels = {_LABEL: owner, f"{_LABEL}.registry": registry}
        outside, inside = (traces.network(engine, "slipway-gcp", _NETWORKS, labels, _WHERE) for _ in range(2))
        with home.home(places, "gcp", _PLUGIN) as plugins, tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            front = traces.gateway(outside)
            made = Cloud(process.free_port(), outside.name, front, folder, registry, str(plugins))
            env = {
                "SLIPWAY_GCP_OWNER": owner,
                "SLIPWAY_GCP_INSIDE": inside.name,
                "SLIPWAY_GCP_INNER_GATEWAY": traces.gateway(inside),
                "SLIPWAY_GCP_PAUSE": base_image.NAME,
                "SLIPWAY_GCP_REDIS": TOOLS,
                "PYTHONPATH": str(places.checkout),
            }
            with _registry(registry, Path(folder), places), _apis(made, env, places):
                yield made
    finally:
        traces.clear(engine, _LABEL, owner, _WHERE)
        engine.close()


def _make_tools(engine: docker.DockerClient) -> None:
    if engine.images.list(TOOLS):
        return
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Dockerfile").write_text(_TOOLS)
        command = ["docker", "build", "--quiet", "--network", "host", "--tag", TOOLS, folder]
        run(command, env={"DOCKER_BUILDKIT": "0"})


@contextlib.contextmanager
def _registry(where: str, folder: Path, places: Places) -> Iterator[None]:
    config = folder / "registry.json"
    storage = {"filesystem": {"rootdirectory": str(folder / "registry")}}
    serves = {"version": 0.1, "log": {"level": "warn"}, "storage": storage, "http": {"addr": where}}
    config.write_text(json.dumps(serves))
    log = places.run / f"gcp-registry-{where.rpartition(':')[2]}.log"
    command = ["docker-registry", "serve", str(config)]
    with process.running(command, {}, log, lambda: _ask(f"http://{where}/v2/"), _WHERE):
        yield


@contextlib.contextmanager
def _apis(made: Cloud, env: Mapping[str, str], places: Places) -> Iterator[None]:
    log = places.run / f"gcp-{made.port}.log"
    command = [sys.executable, "-m", "tests.gcp.cloud"]
    with process.running(command, {**made.env, **env}, log, lambda: _ask(made.endpoint("run")), _WHERE):
        yield


def _ask(url: str) -> None:
    with contextlib.suppress(urllib.error.HTTPError):  # it answers
        urllib.request.urlopen(url, timeout=2).close()


@contextlib.contextmanager
def some_cloud() -> Iterator[Cloud]:
    """The cloud that the environment names, else one that ends with the tests; either way the environment names it."""
    there = Cloud.of(os.environ)
    if there:
        yield there
        return
    with cloud(Places.here()) as made, process.variables(made.env):
        yield made
