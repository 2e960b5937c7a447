"""What a container may use, and what is reserved for it, wherever the file says so."""

from dataclasses import dataclass

from ..model import Container, Limits, Reservations, Resources, Service

PERIOD = 100_000
"""Microseconds: the kernel's own default of `cpu_period`."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """Processors and memory; None: the file does not say. No processors and -1 bytes are no limit.

    Attributes:
        cpus: cores at most.
        memory: bytes at most.
        reserved_cpus: cores at least.
        reserved_memory: bytes at least.
    """

    cpus: float | None = None
    memory: int | None = None
    reserved_cpus: float | None = None
    reserved_memory: int | None = None


def of(container: Container) -> Amounts:
    """What `deploy.resources` says, else the older keys of the container itself."""
    given = resources(container)
    limited, reserved = given.limits or Limits(), given.reservations or Reservations()
    return Amounts(
        cpus=next((each for each in (limited.cpus, container.cpus, _quota(container)) if each is not None), None),
        memory=container.mem_limit if limited.memory is None else limited.memory,
        reserved_cpus=reserved.cpus,
        reserved_memory=container.mem_reservation if reserved.memory is None else reserved.memory,
    )


def resources(container: Container) -> Resources:
    """A service's `deploy.resources`, or what it means without."""
    deploy = container.deploy if isinstance(container, Service) else None
    return (deploy.resources if deploy is not None else None) or Resources()


def _quota(container: Container) -> float | None:
    if container.cpu_quota is None or container.cpu_quota <= 0:
        return None
    return container.cpu_quota / (container.cpu_period or PERIOD)
