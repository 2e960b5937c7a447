"""The sizes in which a platform has its own databases and caches: what a container asks for, one of them has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..model import Service
from ..support import Conflict
from . import amounts

GIB = 1024**3


@dataclass(frozen=True, slots=True)
class InstanceClass:
    """A size of instance.

    Attributes:
        name: `db.t4g.micro`.
        cores: vCPUs.
        memory: GiB.
    """

    name: str
    cores: float
    memory: float


def smallest(service: Service, classes: Sequence[InstanceClass]) -> InstanceClass | None:
    """The first that has at least what the container asks for; None: there is none."""
    asked = amounts.of(service)
    cores = asked.cpus or asked.reserved_cpus or 0.0
    memory = max(asked.memory or 0, asked.reserved_memory or 0)
    return next((each for each in classes if each.cores >= cores and each.memory * GIB >= memory), None)


def conflicts(service: Service, classes: Sequence[InstanceClass]) -> Iterator[Conflict]:
    """A container that asks for more than the largest instance has."""
    if smallest(service, classes) is None:
        most = classes[-1]
        what = f"it asks for more than {most.name} has: {most.cores:g} vCPU and {most.memory:g} GiB"
        yield Conflict(("services", service.name, "deploy", "resources"), what, "ask for less")
