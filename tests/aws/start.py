"""Start a cloud, and end it with all that it made in the Engine.

What ends with the tests, or at the next start after a kill: the process, and containers, networks, volumes and images
by their labels.
"""

import contextlib
import hashlib
import os
import urllib.request
import venv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import docker

from tests.clouds import home, process, traces
from toolchain import base_image, cache
from toolchain.places import Places
from toolchain.shell import run

ENDPOINT = "AWS_ENDPOINT_URL"
"""What boto3, and the plugin that stands in, take the cloud's address from."""
NETWORK = "SLIPWAY_CLOUD_NETWORK"
"""The Docker network in which tasks are."""
HOME = "PULUMI_HOME"
REGION = "us-east-1"
_WHERE = "the cloud of the tests"
_LABEL = "slipway.aws"
_PLUGIN = "7.51.1"
_PACKAGES = Path(__file__).parent / "requirements.txt"
_NETWORKS = [f"198.18.{number}" for number in range(200, 208)]
"""Out of 198.18.0.0/15, which is for tests of networks (RFC 2544): one for each cloud on this machine."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """A cloud that runs.

    Attributes:
        endpoint: of its API.
        network: the Docker network in which tasks are.
        home: the PULUMI_HOME with a plugin for it.
    """

    endpoint: str
    network: str
    home: str

    @classmethod
    def of(cls, env: Mapping[str, str]) -> "Cloud | None":
        """The one that the environment names."""
        return cls(env[ENDPOINT], env[NETWORK], env[HOME]) if NETWORK in env else None

    @property
    def env(self) -> dict[str, str]:
        """What makes a user of AWS take this cloud for it, and find no real one."""
        return {
            ENDPOINT: self.endpoint,
            NETWORK: self.network,
            HOME: self.home,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    @property
    def registry(self) -> str:
        """`address:port` of its image registry, which is ECR's."""
        return self.endpoint.partition("://")[2]


def ensure(places: Places) -> Path:
    """The interpreter of the environment that the cloud runs in; made where it is missing.

    Raises:
        InputError: a package is not to be had.
    """
    folder = places.cache / f"cloud-{_digest()}"

    def fill(fresh: Path) -> None:
        venv.create(fresh, with_pip=True)
        pip = [str(fresh / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        run([*pip, "--requirement", str(_PACKAGES)])

    cache.install(folder, fill)
    return folder / "bin" / "python"


@contextlib.contextmanager
def cloud(places: Places) -> Iterator[Cloud]:
    """Start a cloud; what a killed one left is removed first, what this one leaves is at the end.

    Raises:
        InputError: something that it needs is not to be had, or it does not come up; with the end of its log.
    """
    python = ensure(places)
    base_image.ensure(places)
    engine = docker.from_env()
    owner = traces.owner()
    traces.clear_dead(engine, _LABEL, _WHERE)
    try:
        registry = f"127.0.0.1:{process.free_port()}"
        labels = {_LABEL: owner, f"{_LABEL}.registry": registry}
        network = traces.network(engine, "slipway-aws", _NETWORKS, labels, _WHERE)
        with home.home(places, "aws", _PLUGIN) as folder:
            made = Cloud(f"http://{registry}", network.name, str(folder))
            with _process(python, made, owner, traces.gateway(network), places):
                yield made
    finally:
        traces.clear(engine, _LABEL, owner, _WHERE)
        engine.close()


@contextlib.contextmanager
def _process(python: Path, made: Cloud, owner: str, gateway: str, places: Places) -> Iterator[None]:
    tests = Path(__file__).parents[1]
    env = {
        **made.env,
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": made.registry.partition(":")[2],
        "IOT_MTLS_ENABLED": "0",  # it would open a port to the world
        "SFTP_ENABLED": "0",  # the same
        "MINISTACK_REGION": REGION,
        "SLIPWAY_CLOUD_OWNER": owner,
        "SLIPWAY_CLOUD_GATEWAY": gateway,
        "SLIPWAY_CLOUD_PAUSE": base_image.NAME,
        "PYTHONPATH": f"{tests.parent}:{tests}",
    }
    log = places.run / f"aws-{env['GATEWAY_PORT']}.log"

    def ask() -> None:
        urllib.request.urlopen(f"{made.endpoint}/_ministack/health", timeout=2).close()

    with process.running([str(python), "-m", "aws.cloud"], env, log, ask, _WHERE):
        yield


def _digest() -> str:
    return hashlib.sha256(_PACKAGES.read_bytes()).hexdigest()[:12]


@contextlib.contextmanager
def some_cloud() -> Iterator[Cloud]:
    """The cloud that the environment names, else one that ends with the tests; either way the environment names it."""
    there = Cloud.of(os.environ)
    if there:
        yield there
        return
    with cloud(Places.here()) as made, process.variables(made.env):
        yield made
