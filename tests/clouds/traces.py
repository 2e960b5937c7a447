"""What a cloud makes in the Engine, found by its label: removed at its end, or at the next start after a kill.

The label's value is the cloud's owner: the process that started it, by its number and the time of its start.
"""

import contextlib
import os
import time
from collections.abc import Sequence
from typing import Any

import docker
from docker.models.containers import Container
from docker.models.networks import Network

from components.errors import InputError, Problem
from toolchain import daemons

_END_SECONDS = 10.0


def owner() -> str:
    """This process, as an owner."""
    return f"{os.getpid()}.{daemons.started(os.getpid())}"


def network(engine: docker.DockerClient, name: str, prefixes: Sequence[str], labels: dict[str, str], where: str) -> Any:
    """A network with addresses that no other has: the Engine refuses what overlaps. It gives containers the lower half.

    Args:
        engine: where it is made.
        name: what its own name begins with.
        prefixes: the first three numbers of the addresses to choose from.
        labels: of it; the first one is the cloud's.
        where: the place that messages begin with.

    Raises:
        InputError: all are taken.
    """
    for prefix in prefixes:
        pool = docker.types.IPAMPool(f"{prefix}.0/24", iprange=f"{prefix}.0/25", gateway=f"{prefix}.1")
        with contextlib.suppress(docker.errors.APIError):
            ipam = docker.types.IPAMConfig(pool_configs=[pool])
            made = f"{name}-{prefix.rpartition('.')[2]}"
            return engine.networks.create(made, ipam=ipam, labels=labels, check_duplicate=True)
    fix = f"end one; each is a test, or started by hand, and has Docker networks with the label {next(iter(labels))}"
    raise InputError(
        Problem(f"all of its {len(prefixes)} networks are taken by other clouds on this machine", where, fix)
    )


def gateway(made: Any) -> str:
    """This machine's address in a network."""
    made.reload()
    return str(made.attrs["IPAM"]["Config"][0]["Gateway"])


def clear_dead(engine: docker.DockerClient, label: str, where: str) -> None:
    """Remove what clouds left whose owner has ended."""
    for left in {_labels(each)[label] for each in _all(engine, label)}:
        pid, _, ticks = left.partition(".")
        if str(daemons.started(int(pid))) != ticks:
            clear(engine, label, left, where)


def clear(engine: docker.DockerClient, label: str, whose: str, where: str) -> None:
    """Remove all that a cloud made in the Engine, and what was pulled from its registry; a second time does no harm.

    Args:
        engine: where it is.
        label: of the cloud's kind; with `.registry` behind it, the label of a network with the registry's address.
        whose: the owner.
        where: the place that messages begin with.

    Raises:
        InputError: something stays.
    """
    chosen = f"{label}={whose}"
    end = time.monotonic() + _END_SECONDS
    registries = {_labels(each).get(f"{label}.registry", "") for each in _all(engine, chosen)} - {""}
    while found := _all(engine, chosen):
        for each in found:
            with contextlib.suppress(docker.errors.APIError):  # a volume in use, or what is on its way out already
                each.remove(**({} if isinstance(each, Network) else {"force": True}))
        if time.monotonic() > end:
            raise InputError(Problem(f"it left {', '.join(each.name for each in found)}", where))
    for image in engine.images.list():
        for name in [*image.attrs["RepoTags"], *image.attrs["RepoDigests"]]:
            if name.partition("/")[0] in registries:
                with contextlib.suppress(docker.errors.APIError):
                    engine.images.remove(name, force=True)


def _all(engine: docker.DockerClient, label: str) -> list[Any]:
    """Containers, then what they use."""
    chosen: dict[str, Any] = {"label": label}
    containers = engine.containers.list(all=True, filters=chosen, ignore_removed=True)
    return [*containers, *engine.volumes.list(filters=chosen), *engine.networks.list(filters=chosen)]


def _labels(thing: Any) -> dict[str, str]:
    if isinstance(thing, Container):
        return dict(thing.labels)
    return dict(thing.attrs["Labels"])
