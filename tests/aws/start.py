"""Start a cloud, and end it with all that it made in the Engine.

What ends with the tests, or at the next start after a kill: the process, and containers, networks, volumes and images
by their labels.
"""

import contextlib
import hashlib
import os
import socket
import subprocess
import time
import urllib.request
import venv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
from docker.models.containers import Container
from docker.models.networks import Network

from components.errors import InputError, Problem
from toolchain import base_image, cache, daemons
from toolchain.places import Places
from toolchain.shell import run, tail

from . import home

ENDPOINT = "AWS_ENDPOINT_URL"
"""What boto3, and the plugin that stands in, take the cloud's address from."""
NETWORK = "SLIPWAY_CLOUD_NETWORK"
"""The Docker network in which tasks are."""
HOME = "PULUMI_HOME"
REGION = "us-east-1"
_WHERE = "the cloud of the tests"
_LABEL = "slipway.aws"
_REGISTRY = "slipway.aws.registry"
"""The label of a network with the address of its cloud's image registry, for what was pulled from there."""
_PACKAGES = Path(__file__).parent / "requirements.txt"
_NETWORKS = [f"198.18.{number}" for number in range(200, 208)]
"""Out of 198.18.0.0/15, which is for tests of networks (RFC 2544): one for each cloud on this machine."""
_READY_SECONDS = 60.0
_END_SECONDS = 10.0
_POLL_SECONDS = 0.1


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
    owner = f"{os.getpid()}.{daemons.started(os.getpid())}"
    for left in _owners(engine):
        if not _runs(left):
            _clear(engine, left)
    try:
        registry = f"127.0.0.1:{_free_port()}"
        network = _network(engine, {_LABEL: owner, _REGISTRY: registry})
        with home.home(places) as folder:
            made = Cloud(f"http://{registry}", network.name, str(folder))
            with _process(python, made, owner, _gateway(network), places):
                yield made
    finally:
        _clear(engine, owner)
        engine.close()


@contextlib.contextmanager
def _process(python: Path, made: Cloud, owner: str, gateway: str, places: Places) -> Iterator[None]:
    env = {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": made.registry.partition(":")[2],
        "IOT_MTLS_ENABLED": "0",  # it would open a port to the world
        "SFTP_ENABLED": "0",  # the same
        "MINISTACK_REGION": REGION,
        "SLIPWAY_CLOUD_OWNER": owner,
        "SLIPWAY_CLOUD_GATEWAY": gateway,
        "SLIPWAY_CLOUD_PAUSE": base_image.NAME,
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    places.run.mkdir(parents=True, exist_ok=True)
    log = places.run / f"aws-{env['GATEWAY_PORT']}.log"
    # it ends with us, however we end
    command = ["setpriv", "--pdeathsig", "KILL", str(python), "-m", "aws.cloud"]
    with log.open("w") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env={**os.environ, **made.env, **env}
        )
    try:
        _await(process, made.endpoint, log)
        yield
    finally:
        process.kill()
        process.wait()


def _await(process: subprocess.Popen[bytes], endpoint: str, log: Path) -> None:
    end = time.monotonic() + _READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=2):
            return
        time.sleep(_POLL_SECONDS)
    raise InputError(Problem(f"it does not answer{tail(log.read_text(errors='replace'))}", _WHERE))


def _digest() -> str:
    return hashlib.sha256(_PACKAGES.read_bytes()).hexdigest()[:12]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _network(engine: docker.DockerClient, labels: dict[str, str]) -> Any:
    """A part of the address range that no other network has: the Engine refuses what overlaps."""
    for prefix in _NETWORKS:
        pool = docker.types.IPAMPool(f"{prefix}.0/24", gateway=f"{prefix}.1")
        with contextlib.suppress(docker.errors.APIError):
            name = f"slipway-aws-{prefix.rpartition('.')[2]}"
            ipam = docker.types.IPAMConfig(pool_configs=[pool])
            return engine.networks.create(name, ipam=ipam, labels=labels, check_duplicate=True)
    fix = f"end one; each is a `python -m tests.aws`, or a test, that has a Docker network with the label {_LABEL}"
    raise InputError(Problem(f"{len(_NETWORKS)} clouds run on this machine already", _WHERE, fix))


def _gateway(network: Any) -> str:
    network.reload()
    return str(network.attrs["IPAM"]["Config"][0]["Gateway"])


def _owners(engine: docker.DockerClient) -> set[str]:
    return {_labels(each)[_LABEL] for each in _all(engine, _LABEL)}


def _runs(owner: str) -> bool:
    pid, _, ticks = owner.partition(".")
    return str(daemons.started(int(pid))) == ticks


def _clear(engine: docker.DockerClient, owner: str) -> None:
    """Remove all that a cloud made in the Engine, and what it pulled; a second time does no harm."""
    label = f"{_LABEL}={owner}"
    end = time.monotonic() + _END_SECONDS
    registries = {_labels(each).get(_REGISTRY, "") for each in _all(engine, label)} - {""}
    while found := _all(engine, label):
        for each in found:
            with contextlib.suppress(docker.errors.APIError):  # a volume in use, or what is on its way out already
                each.remove(**({} if isinstance(each, Network) else {"force": True}))
        if time.monotonic() > end:
            left = ", ".join(each.name for each in found)
            raise InputError(Problem(f"it left {left}", _WHERE))
    for image in engine.images.list():
        for name in [*image.attrs["RepoTags"], *image.attrs["RepoDigests"]]:
            if name.partition("/")[0] in registries:
                with contextlib.suppress(docker.errors.APIError):
                    engine.images.remove(name, force=True)


def _all(engine: docker.DockerClient, label: str) -> list[Any]:
    """Containers, then what they use."""
    chosen = {"label": label}
    containers = engine.containers.list(all=True, filters=chosen, ignore_removed=True)
    return [*containers, *engine.volumes.list(filters=chosen), *engine.networks.list(filters=chosen)]


def _labels(thing: Any) -> dict[str, str]:
    if isinstance(thing, Container):
        return dict(thing.labels)
    return dict(thing.attrs["Labels"])


@contextlib.contextmanager
def some_cloud() -> Iterator[Cloud]:
    """The cloud that the environment names, else one that ends with the tests; either way the environment names it."""
    there = Cloud.of(os.environ)
    if there:
        yield there
        return
    with cloud(Places.here()) as made:
        before = dict(os.environ)
        os.environ |= made.env
        try:
            yield made
        finally:
            os.environ.clear()
            os.environ |= before
